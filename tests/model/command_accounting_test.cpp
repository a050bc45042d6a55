// 111008 to 111010: what operators typed.
#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::test::Bench;

namespace {

Bench bench_that_accounts() {
  return Bench(std::string(asaemu::test::kBenchConfig) +
               "logging message 111008\nlogging message 111009\nlogging message 111010\n");
}

Bench& expect_accounted(Bench& bench, const std::string& command) {
  return bench.expect(111008, fmt::format("User 'enable_15' executed the '{}' command.", command))
      .expect(111010, fmt::format("User 'enable_15', running 'CLI' from IP 0.0.0.0, executed '{}'",
                                  command));
}

}  // namespace

TEST_CASE("a command is logged behind what it caused, a show command at level 7") {
  Bench bench = bench_that_accounts();
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  expect_accounted(bench, "shun 198.51.100.7").expect_nothing();
  bench.command("show shun")
      .expect_line("<167>%ASA-7-111009: User 'enable_15' executed cmd: show shun")
      .expect_nothing();
}

TEST_CASE("commands are logged in full, whatever was typed of them") {
  Bench bench = bench_that_accounts();
  bench.commands({"conf t", "int gi0/1", "no shut"});
  expect_accounted(bench, "configure terminal");
  expect_accounted(bench, "interface GigabitEthernet0/1");
  expect_accounted(bench, "no shutdown").expect_nothing();
  bench.command("sh logg q").expect(111009, "User 'enable_15' executed cmd: show logging queue");
}

TEST_CASE("nothing is logged of a command that failed or was none") {
  Bench bench = bench_that_accounts();
  bench.command("shun");
  bench.command("no such command");
  bench.commands({"conf t", "logging trap nolist"});
  expect_accounted(bench, "configure terminal").expect_nothing();
}

TEST_CASE("the startup configuration is no command") {
  Bench bench = bench_that_accounts();
  bench.expect_nothing();
}

TEST_CASE("passwords, keys and tokens are not logged") {
  Bench bench = bench_that_accounts();
  bench.commands({"conf t", "logging ftp-server 10.0.0.9 /logs logger Collect0r"});
  expect_accounted(bench, "configure terminal");
  expect_accounted(bench, "logging ftp-server 10.0.0.9 /logs logger *").expect_nothing();
  bench.commands({"conf t", "vpdn username dialer password S3cret"});
  expect_accounted(bench, "configure terminal");
  expect_accounted(bench, "vpdn username dialer password *").expect_nothing();
  bench.commands({"conf t", "key chain OSPF", "key 1", "key-string 0 one two"});
  expect_accounted(bench, "configure terminal");
  expect_accounted(bench, "key chain OSPF");
  expect_accounted(bench, "key 1");
  expect_accounted(bench, "key-string 0 *").expect_nothing();
}
