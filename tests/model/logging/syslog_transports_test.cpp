// What the device makes of what transports know of its syslog servers, and of its role in a pair.
#include "tests/model/logging/syslog_bench.hpp"

using asaemu::CollectorStatus;
using namespace asaemu::test;
using namespace std::chrono_literals;

TEST_CASE("a lost server is told of its return by the first channel that stands") {
  using State = CollectorStatus::State;
  Bench bench = bench_with("logging permit-hostdown\nlogging trap errors\n");
  bench.commands({"conf t", "logging message 414004 level 3"});
  bench.collector("10.0.0.51", status(State::kUp, 4));
  bench.collector("10.0.0.51", status(State::kDown, 0, CollectorStatus::Cause::kClosed), false);
  expect_loss(bench, "permitted").expect_nothing();
  bench.collector("10.0.0.51", status(State::kUp, 1))
      .expect_line(
          "<163>%ASA-3-414004: TCP Syslog Server inside:10.0.0.51/1470 - Connection restored")
      .expect(414003, fmt::format(fmt::runtime(kNotResponding), "permitted"));
  constexpr const char* kConnected =
      "TCP Syslog Server inside:10.0.0.51/1470 connected, New connections are permitted based on "
      "logging permit-hostdown policy";
  bench.expect(414005, kConnected);
  expect_emblem(bench, std::string("%ASA-sys-3-414005: ") + kConnected, 163).expect_nothing();
  // The other three are no news to it.
  bench.collector("10.0.0.51", status(State::kUp, 3)).expect_nothing();
  bench.collector("10.0.0.51", status(State::kUp, 4)).expect_nothing();
}

TEST_CASE("a server whose transport is known to have lost it is lost when it is configured again") {
  using State = CollectorStatus::State;
  Bench bench = bench_with();
  bench.collector("10.0.0.51", status(State::kDown, 0, CollectorStatus::Cause::kRefused), false);
  expect_loss(bench, "denied").expect_nothing();
  bench.commands({"conf t", "no logging host inside 10.0.0.51"});
  CHECK(passes(bench));
  expect_emblem(bench,
                "%ASA-sys-6-414009: TCP syslog server connection removed. New connections allowed.",
                166);
  bench.commands({"conf t", "logging host inside 10.0.0.51 tcp/1470"});
  expect_loss(bench, "denied").expect_nothing();
  CHECK_FALSE(passes(bench));
  bench.command("reload").advance(180s);
  expect_loss(bench, "denied").expect_nothing();
  check_accounts(bench);
}

TEST_CASE("a server that is not connected yet is shown so since it was configured") {
  using State = CollectorStatus::State;
  Bench bench = bench_with();
  bench.advance(5s);
  bench.collector("10.0.0.51", status(State::kConnecting, 0), false);
  CHECK(shown(bench, "show logging")
            .find("10.0.0.51 tcp/1470 Not connected since Fri, 20 Nov 2026 "
                  "08:00:00 UTC\n") != std::string::npos);
  bench.collector("10.0.0.51", status(State::kUp, 4));
  CHECK(shown(bench, "show logging").find("10.0.0.51 tcp/1470  Connected\n") != std::string::npos);
}

TEST_CASE("lines that connections took in parts are counted where show logging has them") {
  Bench bench = bench_with("logging host inside 10.0.0.52 6/1471\n");
  auto up = status(CollectorStatus::State::kUp, 4);
  up.partial_writes = 3;
  bench.collector("10.0.0.51", up);
  up.partial_writes = 4;
  bench.collector("10.0.0.52", up);
  CHECK(shown(bench, "show logging").find("PARTIAL_REWRITE_CNT: 7\n") != std::string::npos);
}

TEST_CASE("at the end what waits goes to servers that take it and to no others") {
  using State = CollectorStatus::State;
  Bench bench = bench_with("logging host inside 10.0.0.52 6/1471\nlogging trap errors\n");
  bench.commands({"conf t", "logging message 401001 level 3"});
  const auto drain = [&bench] {
    const auto left = bench.device().drain_lines(bench.now());
    bench.advance(0s);
    return left;
  };
  CHECK(drain() == 0);
  bench.collector("10.0.0.51", status(State::kUp, 4), false);
  happen(bench, "blocked", "10.0.0.52");
  bench.command("clear shun").command("clear shun");
  bench.expect_line("<163>:%ASA-ips-3-401001: Shuns cleared")
      .expect_line("<163>:%ASA-ips-3-401001: Shuns cleared")
      .expect_nothing();
  // The one takes nothing yet, and nobody waits for the other.
  CHECK(drain() == 2);
  bench.expect_nothing();
  auto& to = bench.device().account().destinations;
  const auto sent = [&](std::string_view name) {
    for (const auto& one : to) {
      if (one.name == name) return one.sent;
    }
    return ~std::uint64_t{0};
  };
  CHECK(sent("inside 10.0.0.51 tcp/1470") == 0);
  bench.collector("10.0.0.51", status(State::kUp, 4));
  bench.expect_line("<163>%ASA-3-401001: Shuns cleared")
      .expect_line("<163>%ASA-3-401001: Shuns cleared");
  bench.collector("10.0.0.51", status(State::kDown, 0, CollectorStatus::Cause::kReset), false);
  CHECK(drain() == 0);
  check_accounts(bench);
}

TEST_CASE("a standby unit has no TCP servers and finds out about them when it is active") {
  Bench bench = bench_with("logging standby\n");
  bench.world("failover-role", {{"failover-role", "standby"}});
  bench.command("clear shun");
  expect_emblem(bench, "%ASA-ips-4-401001: Shuns cleared", 164).expect_nothing();
  happen(bench, "refused").expect_nothing();
  CHECK(passes(bench));
  bench.world("failover-role", {{"failover-role", "active"}});
  expect_loss(bench, "denied").expect_nothing();
  CHECK_FALSE(passes(bench));
  bench.world("failover-role", {{"failover-role", "standby"}}).expect_nothing();
  CHECK(passes(bench));
  happen(bench, "up").advance(10s).expect_nothing();
  bench.world("failover-role", {{"failover-role", "active"}}).expect_nothing();
  CHECK(passes(bench));
  bench.command("clear shun").expect_line(std::string("<164>") + kCleared);
  expect_emblem(bench, "%ASA-ips-4-401001: Shuns cleared", 164).expect_nothing();
  check_accounts(bench);
}

TEST_CASE("what waited for a TCP server is dropped when the unit becomes standby") {
  Bench bench = bench_with("logging trap errors\nlogging message 401001 level 3\n");
  happen(bench, "blocked");
  bench.command("clear shun").expect_line("<163>:%ASA-ips-3-401001: Shuns cleared");
  CHECK(shown(bench, "show logging queue").find("Current 1 msg") != std::string::npos);
  bench.world("failover-role", {{"failover-role", "standby"}});
  CHECK(shown(bench, "show logging queue").find("Current 0 msg") != std::string::npos);
  check_accounts(bench);
}
