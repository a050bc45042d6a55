#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;

namespace {

Bench& signal(Bench& bench, const char* event, const char* process) {
  return bench.world("process-signal", {{"process-signal", event}, {"process", process}});
}

Bench& write(Bench& bench, const char* client, const char* destination) {
  return bench.world(
      "route-attribute",
      {{"route-attribute", "metric"}, {"client", client}, {"destination", destination}});
}

}  // namespace

TEST_CASE("a process ignores events beyond those it knows, and says so") {
  Bench bench;
  signal(bench, "12", "route_process").expect_nothing();
  signal(bench, "13", "route_process").expect(417001, "Unexpected event received: 13");
  signal(bench, "0", "route_process").expect(417001, "Unexpected event received: 0");
  bench.expect_nothing();
}

TEST_CASE("only the owner of a route may write its attributes") {
  Bench bench;
  write(bench, "static", "198.51.100.7").expect_nothing();
  write(bench, "ospf", "198.51.100.7")
      .expect(417004, "Filter violation error: conn 4 (ospf:metric) in rib_update");
  write(bench, "connected", "10.0.0.9").expect_nothing();
  write(bench, "static", "10.0.0.9")
      .expect(417004, "Filter violation error: conn 2 (static:metric) in rib_update");
  bench.expect_nothing();
}

TEST_CASE("requests for memory are told of when they exceed what is free") {
  Bench bench(asaemu::test::kBenchConfig,
              {{"memory-mb", std::uint64_t{100}}, {"memory-used-percent", std::uint64_t{0}}});
  bench.world("memory-leak", {{"memory-leak", "102144"}});  // 256 KB are left
  signal(bench, "1", "ssh_init").expect_nothing();
  bench.world("memory-leak", {{"memory-leak", "1"}});
  signal(bench, "1", "ssh_init")
      .expect(417006, "No memory for session buffer in ssh_session_start (warning)");
  signal(bench, "1", "arp_timer").expect_nothing();
  bench.command("show memory");
  REQUIRE(bench.output() ==
          "Free memory:              261120 bytes (0%)\n"
          "Used memory:           104596480 bytes (100%)\n"
          "-------------     ------------------\n"
          "Total memory:          104857600 bytes (100%)\n");
}

TEST_CASE("a boot gives leaked memory back") {
  Bench bench;
  bench.world("memory-leak", {{"memory-leak", "8388608"}});
  signal(bench, "1", "arp_timer").expect(417006, "No memory for ARP entry in arp_add (warning)");
  bench.command("reload").advance(std::chrono::minutes(4));
  signal(bench, "1", "arp_timer").expect_nothing();
}

TEST_CASE("show processes counts the events that were handled") {
  Bench bench;
  signal(bench, "1", "snmp");
  bench.command("show processes | include snmp");
  REQUIRE(bench.output() == "         1 snmp\n");
}
