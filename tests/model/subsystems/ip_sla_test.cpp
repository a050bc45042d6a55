#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

const std::string kConfig = std::string(asaemu::test::kBenchConfig) +
                            "sla monitor 10\n"
                            " type echo protocol ipIcmpEcho 203.0.113.254 interface outside\n"
                            " frequency 30\n"
                            "sla monitor schedule 10 life forever start-time now\n";

Bench& type(Bench& bench, const std::string& line) {
  return bench.commands({"configure terminal", line});
}

void turn_clock(Bench& bench, const char* way) {
  bench.world("clock", {{"clock", way}, {"by", "240000:00:00"}});
}

}  // namespace

TEST_CASE("a probe that runs is shown with its numbers") {
  Bench bench(kConfig);
  bench.advance(65s).expect_nothing().command("show sla monitor operational-state 10");
  REQUIRE(bench.output() ==
          "Entry number: 10\n"
          "Number of operations attempted: 3\n"
          "Number of operations skipped: 0\n"
          "Operational state of entry: Active\n"
          "Connection loss occurred: FALSE\n"
          "Timeout occurred: FALSE\n"
          "Over thresholds occurred: FALSE\n"
          "Latest RTT (milliseconds): 20\n"
          "Latest operation start time: 08:01:00 UTC Fri Nov 20 2026\n"
          "Latest operation return code: OK\n\n");
}

TEST_CASE("show sla monitor configuration prints what was configured") {
  Bench bench(kConfig);
  bench.command("show sla monitor configuration 10");
  REQUIRE(bench.output() ==
          "SA Agent, Infrastructure Engine-II\n"
          "Entry number: 10\n"
          "Owner: \n"
          "Tag: \n"
          "Type of operation to perform: echo\n"
          "Target address: 203.0.113.254\n"
          "Interface: outside\n"
          "Number of packets: 1\n"
          "Request size (ARR data portion): 28\n"
          "Operation timeout (milliseconds): 5000\n"
          "Type Of Service parameters: 0x0\n"
          "Verify data: No\n"
          "Operation frequency (seconds): 30\n"
          "Next Scheduled Start Time: Start Time already passed\n"
          "Group Scheduled : FALSE\n"
          "Life (seconds): Forever\n"
          "Entry Ageout (seconds): never\n"
          "Recurring (Starting Everyday): FALSE\n"
          "Status of entry (SNMP RowStatus): Active\n"
          "Enhanced History:\n\n");
}

TEST_CASE("an operation whose probe is under way is destroyed once") {
  Bench bench(kConfig);
  bench.world("sla-target", {{"sla-target", "203.0.113.254"}, {"state", "silent"}}).advance(61s);
  type(bench, "no sla monitor 10").expect_nothing();
  bench.advance(2s);
  type(bench, "no sla monitor 10")
      .expect(422004, "IP SLA Monitor 10: Duplicate event received. Event number 3")
      .expect_nothing();
  type(bench, "sla monitor 10");
  REQUIRE(bench.output() ==
          "ERROR: Entry already running and cannot be modified\n"
          "       Only can delete (no) and start over\n");
  bench.advance(2s);
  type(bench, "no sla monitor 10").expect_nothing();
  REQUIRE(bench.output() == "ERROR: Entry 10 is not configured\n");
}

TEST_CASE("an operation between two probes goes at once") {
  Bench bench(kConfig);
  bench.advance(61s);
  type(bench, "no sla monitor 10").expect_nothing();
  type(bench, "no sla monitor 10").expect_nothing();
  REQUIRE(bench.output() == "ERROR: Entry 10 is not configured\n");
}

TEST_CASE("probes wait for a clock that was set, and are told of together at boot") {
  Bench bench(kConfig);
  turn_clock(bench, "back");
  bench.command("reload").advance(4min);
  bench.expect(422005, "IP SLA Monitor Probe(s) could not be scheduled because clock is not set.")
      .expect_nothing();
  type(bench, "sla monitor schedule 10 life forever start-time now")
      .expect(422005, "IP SLA Monitor Probe(s) could not be scheduled because clock is not set.");
  turn_clock(bench, "ahead");
  bench.expect_nothing().command("show sla monitor operational-state 10 | include state of");
  REQUIRE(bench.output() == "Operational state of entry: Active\n");
}

TEST_CASE("a start time that has passed, or does not exist, is refused") {
  Bench bench(kConfig);
  type(bench, "sla monitor schedule 10 start-time 07:59:59")
      .expect(422006, "IP SLA Monitor Probe 10: start time has already passed");
  type(bench, "sla monitor schedule 10 start-time 12:00:00 Feb 30")
      .expect(422006, "IP SLA Monitor Probe 10: start time is invalid");
  type(bench, "sla monitor schedule 10 start-time 08:00:00").expect_nothing();
}

TEST_CASE("a clock that is set past a start time passes it by") {
  Bench bench(kConfig);
  type(bench, "sla monitor schedule 10 start-time 10:30:00 Nov 20").expect_nothing();
  bench.world("clock", {{"clock", "ahead"}, {"by", "1:00:00"}}).expect_nothing();
  bench.world("clock", {{"clock", "ahead"}, {"by", "2:00:00"}})
      .expect(422006, "IP SLA Monitor Probe 10: start time has already passed")
      .world("clock", {{"clock", "ahead"}, {"by", "1:00:00"}})
      .expect_nothing();
}

TEST_CASE("an operation lives as long as its schedule says") {
  Bench bench(kConfig);
  type(bench, "sla monitor schedule 10 life 60 start-time after 0:01:00");
  const auto state = [&] {
    bench.command("show sla monitor operational-state 10 | include state of");
    return bench.output();
  };
  bench.advance(60s - 1ns);
  REQUIRE(state() == "Operational state of entry: Inactive\n");
  bench.advance(1ns);
  REQUIRE(state() == "Operational state of entry: Active\n");
  bench.advance(60s - 1ns);
  REQUIRE(state() == "Operational state of entry: Active\n");
  bench.advance(1ns);
  REQUIRE(state() == "Operational state of entry: Inactive\n");
}
