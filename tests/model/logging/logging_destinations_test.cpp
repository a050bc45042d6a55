// What `logging trap`, buffered, class, list and rate-limit do together, through the console.
#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

constexpr const char* kAdded = "Shun added: 198.51.100.7 0.0.0.0 0 0";

Bench bench_with(const std::string& lines) {
  return Bench(std::string(asaemu::test::kBenchConfig) + lines);
}

Bench& configure(Bench& bench, const std::string& line) {
  return bench.commands({"configure terminal", line});
}

std::string shown(Bench& bench, const std::string& what) {
  bench.command(what);
  return bench.output();
}

bool shows(Bench& bench, const std::string& line) {
  return shown(bench, "show logging").find(line) != std::string::npos;
}

}  // namespace

TEST_CASE("the buffer holds lines without PRI, and show logging prints them last") {
  Bench bench = bench_with("logging buffered warnings\nlogging timestamp\n");
  bench.command("shun 198.51.100.7").command("clear shun");
  const std::string text = shown(bench, "show logging");
  CHECK(text.find("    Buffer logging: level warnings, 2 messages logged\n") != std::string::npos);
  CHECK(
      text.ends_with("Nov 20 2026 08:00:00: %ASA-4-401002: Shun added: 198.51.100.7 0.0.0.0 0 0\n"
                     "Nov 20 2026 08:00:00: %ASA-4-401001: Shuns cleared\n"));
  bench.command("clear logging buffer");
  CHECK_FALSE(shows(bench, "%ASA-"));
}

TEST_CASE("the buffer fills although no host takes the message") {
  Bench bench = bench_with("logging trap errors\nlogging buffered informational\n");
  bench.command("shun 198.51.100.7").expect_nothing();
  CHECK(shows(bench, "%ASA-4-401002"));
}

TEST_CASE("console and monitor count what they would show") {
  Bench bench = bench_with("logging console warnings\nlogging monitor errors\n");
  bench.command("shun 198.51.100.7");
  CHECK(shows(bench, "    Console logging: level warnings, 1 messages logged\n"));
  CHECK(shows(bench, "    Monitor logging: level errors, 0 messages logged\n"));
}

TEST_CASE("hosts get what is on the list that trap names") {
  Bench bench = bench_with("logging list shuns message 401002\nlogging trap shuns\n");
  bench.command("shun 198.51.100.7").expect(401002, kAdded);
  bench.command("clear shun").expect_nothing();
  CHECK(shows(bench, "    Trap logging: list shuns, facility 20, 1 messages logged\n"));
}

TEST_CASE("a class with a level of its own is cut where other messages pass") {
  Bench bench = bench_with("logging class ips trap errors\n");
  bench.command("shun 198.51.100.7").expect_nothing();
  configure(bench, "no logging class ips trap");
  bench.command("clear shun").expect(401001, "Shuns cleared");
}

TEST_CASE("a configured rate limit cuts and counts what is above it") {
  Bench bench = bench_with("logging rate-limit 1 10 message 401001\n");
  bench.command("clear shun").expect(401001, "Shuns cleared");
  bench.advance(10s - 1ns).command("clear shun").expect_nothing();
  CHECK(bench.device().account().rate_limited == 1);
  bench.advance(1ns).command("clear shun").expect(401001, "Shuns cleared");
  CHECK(shown(bench, "show running-config logging rate-limit") ==
        "logging rate-limit 1 10 message 401001\n");
  configure(bench, "no logging rate-limit 1 10 message 401001");
  bench.command("clear shun").expect(401001, "Shuns cleared");
}

TEST_CASE("a level that a command gave a message decides which level's limit it shares") {
  Bench bench =
      bench_with("logging rate-limit 1 10 level errors\nlogging message 401001 level 3\n");
  bench.command("clear shun").expect_line("<163>%ASA-3-401001: Shuns cleared");
  bench.command("clear shun").expect_nothing();
  bench.command("shun 198.51.100.7").expect(401002, kAdded);
}

TEST_CASE("logging commands that make no sense are refused") {
  Bench bench;
  const auto answer = [&](const std::string& line) {
    configure(bench, line);
    return bench.output();
  };
  CHECK(answer("logging trap nolist") == "ERROR: nolist is neither a level nor a logging list\n");
  CHECK(answer("logging list warn1 level 4") ==
        "ERROR: A list name must not begin like the name of a level\n");
  CHECK(answer("logging list mine message 12345") ==
        "ERROR: 12345 is no message ID and no range of them\n");
  CHECK(answer("logging list mine message 401004-401002") ==
        "ERROR: 401004-401002 is no message ID and no range of them\n");
  CHECK(answer("logging class ipsec trap 4") == "ERROR: Unknown message class ipsec\n");
  CHECK(answer("no logging list mine") == "ERROR: There is no list mine\n");
}

TEST_CASE("show logging queue has the limit, and zero stands for the longest queue") {
  Bench bench;
  CHECK(shown(bench, "show logging queue") ==
        "        Logging Queue length limit : 512 msg(s)\n"
        "        0 msg(s) discarded due to queue overflow\n"
        "        0 msg(s) discarded due to memory allocation failure\n"
        "        Current 0 msg on queue, 0 msgs most on queue\n");
  configure(bench, "logging queue 0");
  CHECK(shown(bench, "show logging queue").find("limit : 8192 msg(s)") != std::string::npos);
  configure(bench, "no logging queue");
  CHECK(shown(bench, "show logging queue").find("limit : 512 msg(s)") != std::string::npos);
}
