#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;

namespace {

Bench& type(Bench& bench, const std::string& line) {
  return bench.commands({"configure terminal", line});
}

}  // namespace

TEST_CASE("routes come and go without a word, and the counter follows") {
  Bench bench;
  type(bench, "route inside 10.10.0.0 255.255.0.0 10.0.0.254").command("show route summary");
  REQUIRE(bench.output() ==
          "IP routing table maximum-paths is 8\n"
          "Route Source    Networks\n"
          "static          2\n");
  type(bench, "no route inside 10.10.0.0 255.255.0.0 10.0.0.254").expect_nothing();
  type(bench, "no route inside 10.10.0.0 255.255.0.0 10.0.0.254").expect_nothing();
  REQUIRE(bench.output() == "ERROR: No matching route to delete\n");
}

TEST_CASE("a counter that has lost routes does not go below zero, and says so") {
  Bench bench;
  type(bench, "route inside 10.10.0.0 255.255.0.0 10.0.0.254");
  bench.world("route-counter", {{"route-counter", "1"}});
  type(bench, "no route inside 10.10.0.0 255.255.0.0 10.0.0.254").expect_nothing();
  type(bench, "no route outside 0.0.0.0 0.0.0.0 203.0.113.254")
      .expect(408001, "IP route counter negative")
      .expect_nothing();
}

TEST_CASE("counting anew puts the counter right") {
  Bench bench;
  bench.world("route-counter", {{"route-counter", "9"}}).command("clear ip route");
  type(bench, "no route outside 0.0.0.0 0.0.0.0 203.0.113.254").expect_nothing();
}

TEST_CASE("the same route again is not counted twice") {
  Bench bench;
  type(bench, "route outside 0.0.0.0 0.0.0.0 203.0.113.254 5")
      .command("show route summary | include static");
  REQUIRE(bench.output() == "static          1\n");
}
