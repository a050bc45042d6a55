#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;

namespace {

std::string config() {
  return std::string(asaemu::test::kBenchConfig) + "user-identity enable\n";
}

Bench& log_on(Bench& bench, const char* user, const char* address) {
  return bench.world("user-logon", {{"user-logon", user}, {"address", address}});
}

}  // namespace

TEST_CASE("a logon tells who sits at an address, a logoff that nobody does") {
  Bench bench(config());
  log_on(bench, "CORP\\jdoe", "10.0.0.20").command("show user-identity user-of-ip 10.0.0.20");
  REQUIRE(bench.output() == "CORP\\jdoe (Login)\n");
  bench.world("user-logoff", {{"user-logoff", "10.0.0.20"}})
      .command("show user-identity user-of-ip 10.0.0.20");
  REQUIRE(bench.output() == "ERROR: No user mapping found for 10.0.0.20\n");
}

TEST_CASE("the last logon at an address counts, and a user may sit at several") {
  Bench bench(config());
  log_on(bench, "CORP\\jdoe", "10.0.0.20");
  log_on(bench, "CORP\\asmith", "10.0.0.20");
  log_on(bench, "CORP\\asmith", "10.0.0.21").command("show user-identity user active list");
  REQUIRE(bench.output() == "Total active users: 1\tTotal IP addresses: 2\n  CORP\\asmith\n");
  bench.command("clear user-identity user-database").command("show user-identity user active");
  REQUIRE(bench.output() == "Total active users: 0\tTotal IP addresses: 0\n");
}

TEST_CASE("without the identity firewall no user is known") {
  Bench bench;
  log_on(bench, "CORP\\jdoe", "10.0.0.20").command("show user-identity user active");
  REQUIRE(bench.output() == "Total active users: 0\tTotal IP addresses: 0\n");
  bench.commands({"configure terminal", "user-identity enable"});
  log_on(bench, "CORP\\jdoe", "10.0.0.20");
  bench.commands({"configure terminal", "no user-identity enable"});
  bench.command("show user-identity user active");
  REQUIRE(bench.output() == "Total active users: 0\tTotal IP addresses: 0\n");
}

TEST_CASE("users are known at 64000 addresses, not at one more, and are lost at reload") {
  Bench bench(config(), {{"boot-time", asaemu::SimDuration(std::chrono::minutes(2))}});
  const auto first = asaemu::IpAddress::v4(0x0A010000);
  for (std::uint64_t i = 0; i <= 64000; ++i) {
    log_on(bench, "CORP\\jdoe", asaemu::to_string(first.plus(i)).c_str());
  }
  bench.command("show user-identity user active");
  REQUIRE(bench.output() == "Total active users: 1\tTotal IP addresses: 64000\n");
  bench.command("show user-identity user-of-ip 10.1.249.255");
  REQUIRE(bench.output() == "CORP\\jdoe (Login)\n");
  bench.command("show user-identity user-of-ip 10.1.250.0");
  REQUIRE(bench.output() == "ERROR: No user mapping found for 10.1.250.0\n");
  bench.command("reload noconfirm").advance(std::chrono::minutes(2));
  bench.command("show user-identity user active");
  REQUIRE(bench.output() == "Total active users: 0\tTotal IP addresses: 0\n");
}
