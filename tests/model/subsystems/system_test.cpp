#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;
using test::Bench;

namespace {

const std::string kShun = "Shun added: 198.51.100.7 0.0.0.0 0 0";

std::string clock_of(Bench& bench) {
  bench.command("show clock");
  return bench.output();
}

}  // namespace

TEST_CASE("the clock can be set with the month or the day first") {
  Bench bench;
  bench.command("clock set 21:05:09 1 march 2027");
  CHECK(clock_of(bench) == "21:05:09.000 UTC Mon Mar 1 2027\n");
  bench.command("clock set 8:00:00 Jul 15 2026").advance(1500ms);
  CHECK(clock_of(bench) == "08:00:01.500 UTC Wed Jul 15 2026\n");
}

TEST_CASE("a time or date that does not exist is refused") {
  Bench bench;
  const std::string before = clock_of(bench);
  for (const char* line : {"clock set 24:00:00 1 mar 2027", "clock set 8:00:00 30 feb 2027",
                           "clock set 8:00:00 1 marc2 2027", "clock set noon 1 mar 2027"}) {
    bench.command(line);
    CHECK(bench.output() == "ERROR: Invalid time or date\n");
  }
  CHECK(clock_of(bench) == before);
}

TEST_CASE("the world moves the clock ahead and back, and messages show it") {
  Bench bench(std::string(test::kBenchConfig) + "logging timestamp\n");
  bench.command("clock set 08:00:00 1 mar 2027");
  bench.world("clock", {{"clock", "ahead"}, {"by", "1:30:00"}});
  bench.command("shun 198.51.100.7");
  bench.expect_line("<164>Mar 01 2027 09:30:00: %ASA-4-401002: " + kShun);
  bench.world("clock", {{"clock", "back"}, {"by", "24:00:00"}}).command("clear shun");
  bench.expect_line("<164>Feb 28 2027 09:30:00: %ASA-4-401001: Shuns cleared");
}

TEST_CASE("a clock that was set is kept over a reload") {
  Bench bench;
  bench.command("clock set 08:00:00 1 mar 2027").command("reload").advance(3min);
  CHECK(clock_of(bench) == "08:03:00.000 UTC Mon Mar 1 2027\n");
}

TEST_CASE("a device without power takes nothing until it has booted again") {
  Bench bench;
  bench.world("power", {{"power", "off"}}).advance(1h);
  CHECK_FALSE(bench.device().is_booted());
  bench.command("shun 198.51.100.7").expect_nothing();
  bench.world("power", {{"power", "on"}}).advance(3min - 1ns);
  CHECK_FALSE(bench.device().is_booted());
  bench.advance(1ns);
  CHECK(bench.device().is_booted());
  bench.command("shun 198.51.100.7").expect(401002, kShun);
}

TEST_CASE("power that comes to a running device changes nothing") {
  Bench bench;
  bench.command("shun 198.51.100.7").expect(401002, kShun);
  bench.world("power", {{"power", "on"}}).advance(1h);
  bench.command("show shun");
  CHECK(bench.output() == "shun (outside) 198.51.100.7 0.0.0.0 0 0 0\n");
}

TEST_CASE("power cut in the middle of a boot ends the boot") {
  Bench bench;
  bench.command("reload").advance(1min);
  bench.world("power", {{"power", "off"}}).advance(1h);
  CHECK_FALSE(bench.device().is_booted());
  bench.world("power", {{"power", "on"}}).advance(3min);
  CHECK(bench.device().is_booted());
}

TEST_CASE("timers set before a reload do not run while the device boots") {
  Bench bench;
  bench.commands({"configure terminal", "interface GigabitEthernet0/0", "shutdown"});
  bench.expect(411004, "Interface GigabitEthernet0/0, changed state to administratively down");
  bench.expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down");
  bench.expect(411002, "Line protocol on Interface outside, changed state to down");
  bench.commands({"configure terminal", "interface GigabitEthernet0/0", "no shutdown"});
  bench.expect(411003, "Interface GigabitEthernet0/0, changed state to administratively up");
  bench.command("reload").advance(10s).expect_nothing();
}

TEST_CASE("the clock shows its zone, and is set in it") {
  Bench bench;
  bench.commands({"conf t", "clock timezone CET 1",
                  "clock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 3:00"});
  CHECK(clock_of(bench) == "09:00:00.000 CET Fri Nov 20 2026\n");
  bench.command("clock set 12:00:00 1 jul 2027");
  CHECK(clock_of(bench) == "12:00:00.000 CEST Thu Jul 1 2027\n");
  bench.commands({"conf t", "no clock summer-time"});
  CHECK(clock_of(bench) == "11:00:00.000 CET Thu Jul 1 2027\n");
  bench.commands({"conf t", "clock timezone NST -3 30"});
  CHECK(clock_of(bench) == "06:30:00.000 NST Thu Jul 1 2027\n");
  bench.commands({"conf t", "no clock timezone"});
  CHECK(clock_of(bench) == "10:00:00.000 UTC Thu Jul 1 2027\n");
}

TEST_CASE("summer time without days goes by those of North America") {
  Bench bench;
  bench.commands({"conf t", "clock timezone EST -5", "clock summer-time EDT recurring", "end",
                  "clock set 1:59:59 14 mar 2027"});
  CHECK(clock_of(bench) == "01:59:59.000 EST Sun Mar 14 2027\n");
  bench.advance(1s);
  CHECK(clock_of(bench) == "03:00:00.000 EDT Sun Mar 14 2027\n");
}

TEST_CASE("summer time by dates ends when it says") {
  Bench bench;
  bench.commands({"conf t", "clock summer-time DST date 1 may 2027 2:00 sep 1 2027 2:00 30", "end",
                  "clock set 1:29:59 1 sep 2027"});
  CHECK(clock_of(bench) == "01:29:59.000 DST Wed Sep 1 2027\n");
  bench.advance(30min);
  CHECK(clock_of(bench) == "01:59:59.000 DST Wed Sep 1 2027\n");
  bench.advance(1s);
  CHECK(clock_of(bench) == "01:30:00.000 UTC Wed Sep 1 2027\n");
}

TEST_CASE("zones and days that do not exist are refused") {
  Bench bench;
  const auto answer = [&](const std::string& line) {
    bench.commands({"conf t", line});
    return bench.output();
  };
  CHECK(answer("clock timezone X 15") == "ERROR: Invalid offset from UTC\n");
  CHECK(answer("clock timezone X 14").empty());
  const std::string recurring = "clock summer-time X recurring ";
  CHECK(answer(recurring + "5 Sun Mar 2:00 last Sun Oct 3:00") ==
        "ERROR: Invalid week, weekday, month or time\n");
  CHECK(answer(recurring + "4 Sun Mar 2:00 last Sun Oct 25:00") ==
        "ERROR: Invalid week, weekday, month or time\n");
  CHECK(answer("clock summer-time X date 2 may 2027 2:00 1 may 2027 2:00") ==
        "ERROR: Invalid time or date\n");
}
