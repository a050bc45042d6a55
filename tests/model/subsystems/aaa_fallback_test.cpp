#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

const std::string kServers = std::string(asaemu::test::kBenchConfig) +
                             "aaa-server RADIUS protocol radius\n"
                             "aaa-server RADIUS (inside) host 10.0.0.20 key\n"
                             "aaa-server RADIUS (inside) host 10.0.0.21 key\n";
const std::string kConfig = kServers +
                            "aaa authentication ssh console RADIUS LOCAL\n"
                            "aaa authorization command RADIUS LOCAL\n";

const char* const kFallback =
    "Attempting AAA Fallback method LOCAL for Authentication request for user jdoe : Auth-server "
    "group RADIUS unreachable";

void silence(Bench& bench, const char* state = "silent") {
  for (const char* server : {"10.0.0.20", "10.0.0.21"}) {
    bench.world("aaa-server", {{"aaa-server", server}, {"state", state}});
  }
}

Bench& login(Bench& bench) {
  return bench.world("admin-login", {{"admin-login", "jdoe"}, {"service", "ssh"}});
}

}  // namespace

TEST_CASE("a server that answers leaves no trace in the log") {
  Bench bench(kConfig);
  login(bench).advance(10min).expect_nothing();
}

TEST_CASE("the first login waits three tries of ten seconds at each server") {
  Bench bench(kConfig);
  silence(bench);
  login(bench).advance(60s - 1ns).expect_nothing();
  bench.advance(1ns).expect(409023, kFallback).expect_nothing();
}

TEST_CASE("for ten minutes after the group was lost the fallback is immediate") {
  Bench bench(kConfig);
  silence(bench);
  login(bench).advance(60s).expect(409023, kFallback);
  login(bench).expect(409023, kFallback);
  bench.world("admin-command", {{"admin-command", "jdoe"}})
      .expect(409023,
              "Attempting AAA Fallback method LOCAL for Authorization request for user jdoe : "
              "Auth-server group RADIUS unreachable");
  bench.advance(10min - 1ns);
  login(bench).expect(409023, kFallback);
  bench.advance(1ns);
  login(bench).expect_nothing().advance(60s).expect(409023, kFallback).expect_nothing();
}

TEST_CASE("servers that are back are not asked before the dead time is over") {
  Bench bench(kConfig);
  silence(bench);
  login(bench).advance(60s).expect(409023, kFallback);
  silence(bench, "answering");
  login(bench).expect(409023, kFallback);
  bench.advance(10min);
  login(bench).advance(5min).expect_nothing();
}

TEST_CASE("the second server takes over when the first has failed") {
  Bench bench(kConfig);
  bench.world("aaa-server", {{"aaa-server", "10.0.0.20"}, {"state", "silent"}});
  login(bench).advance(5min).expect_nothing().command("show aaa-server RADIUS");
  REQUIRE(bench.output() ==
          "Server Group:    RADIUS\n"
          "Server Protocol: radius\n"
          "Server Address:  10.0.0.20\n"
          "Server status:   FAILED, Server disabled at 08:00:30 UTC Fri Nov 20 2026\n"
          "Number of pending requests              0\n"
          "Number of authentication requests       3\n"
          "Number of authorization requests        0\n"
          "Number of accepts                       0\n"
          "Number of timeouts                      3\n"
          "\n"
          "Server Group:    RADIUS\n"
          "Server Protocol: radius\n"
          "Server Address:  10.0.0.21\n"
          "Server status:   ACTIVE, Last transaction at 08:00:30 UTC Fri Nov 20 2026\n"
          "Number of pending requests              0\n"
          "Number of authentication requests       1\n"
          "Number of authorization requests        0\n"
          "Number of accepts                       1\n"
          "Number of timeouts                      0\n"
          "\n");
}

TEST_CASE("attempts, timeout and dead time are configurable") {
  Bench bench(std::string(asaemu::test::kBenchConfig) +
              "aaa-server RADIUS protocol radius\n"
              " max-failed-attempts 1\n"
              " reactivation-mode depletion deadtime 1\n"
              "aaa-server RADIUS (inside) host 10.0.0.20 key\n"
              " timeout 4\n"
              "aaa authentication ssh console RADIUS LOCAL\n");
  silence(bench);
  login(bench).advance(4s - 1ns).expect_nothing().advance(1ns).expect(409023, kFallback);
  bench.advance(1min);
  login(bench).expect_nothing().advance(4s).expect(409023, kFallback);
}

TEST_CASE("timed reactivation asks a failed server again after half a minute") {
  Bench bench(std::string(asaemu::test::kBenchConfig) +
              "aaa-server RADIUS protocol radius\n"
              " max-failed-attempts 1\n"
              " reactivation-mode timed\n"
              "aaa-server RADIUS (inside) host 10.0.0.20 key\n"
              "aaa authentication ssh console RADIUS LOCAL\n");
  silence(bench);
  login(bench).advance(10s).expect(409023, kFallback);
  bench.advance(30s - 1ns);
  login(bench).expect(409023, kFallback);
  bench.advance(1ns);
  login(bench).expect_nothing().advance(10s).expect(409023, kFallback);
}

TEST_CASE("without LOCAL there is no fallback, and without a method no request") {
  Bench bench(kServers + "aaa authentication ssh console RADIUS\n");
  silence(bench);
  login(bench).advance(10min).expect_nothing();
  bench.world("admin-login", {{"admin-login", "jdoe"}, {"service", "telnet"}})
      .world("admin-command", {{"admin-command", "jdoe"}})
      .advance(10min)
      .expect_nothing();
}

TEST_CASE("a reload forgets failures but not that the servers are silent") {
  Bench bench(kConfig);
  silence(bench);
  login(bench).advance(60s).expect(409023, kFallback);
  bench.command("reload").advance(3min);
  login(bench).expect_nothing().advance(60s).expect(409023, kFallback);
}

TEST_CASE("an authentication line needs its server group") {
  Bench bench;
  bench.commands({"configure terminal", "aaa authentication ssh console NOBODY LOCAL"});
  REQUIRE(bench.output() == "ERROR: aaa-server group NOBODY does not exist\n");
}

TEST_CASE("an authentication line that is refused leaves the one before it") {
  Bench bench(kConfig);
  bench.commands({"configure terminal", "aaa authentication ssh console NOBODY LOCAL"});
  silence(bench);
  login(bench).advance(60s).expect(409023, kFallback);
}

TEST_CASE("a server that is taken out of its group is asked no more") {
  Bench bench(kConfig);
  silence(bench);
  bench.commands({"configure terminal", "no aaa-server RADIUS (inside) host 10.0.0.21"});
  login(bench).advance(30s - 1ns).expect_nothing();
  bench.advance(1ns).expect(409023, kFallback);
  bench.commands({"configure terminal", "no aaa-server RADIUS (inside) host 10.0.0.21"});
  CHECK(bench.output() == "ERROR: server 10.0.0.21 is not in aaa-server group RADIUS\n");
  bench.commands({"configure terminal", "no aaa-server RADIUS protocol radius"});
  CHECK(bench.output().empty());
}
