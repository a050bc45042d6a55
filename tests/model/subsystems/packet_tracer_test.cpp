#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;
using asaemu::test::Bench;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

std::string with_policy() {
  return std::string(asaemu::test::kBenchConfig) +
         "access-list out extended permit tcp any host 10.0.0.80 eq www\n"
         "access-group out in interface outside\n"
         "ip audit name info info action alarm\n"
         "ip audit name attack attack action alarm drop\n"
         "ip audit interface outside info\n"
         "ip audit interface outside attack\n";
}

/// Everything that can be asked about a device's state.
std::string state_of(Bench& bench) {
  std::string all;
  for (const auto* line :
       {"show conn", "show conn count", "show shun", "show shun statistics", "show ip audit count",
        "show access-list", "show interface", "show logging", "show arp", "show local-host"}) {
    bench.command(line);
    all += bench.output();
  }
  return all;
}

}  // namespace

TEST_CASE("packet-tracer shows each stage of a packet that passes") {
  Bench bench;
  bench.command("packet-tracer input inside tcp 10.0.0.5 40000 198.51.100.7 443");
  const std::string answer = bench.output();
  CHECK_THAT(answer, Contains("\nPhase: 1\nType: ROUTE-LOOKUP\nSubtype: Resolve Egress Interface\n"
                              "Result: ALLOW\nConfig:\nAdditional Information:\n"
                              "found egress ifc outside for 198.51.100.7\n"));
  CHECK_THAT(answer, Contains("Type: SHUN\nSubtype: \nResult: ALLOW\n"));
  CHECK_THAT(answer, Contains("New flow created with id 1, packet dispatched to next module\n"));
  CHECK_THAT(answer, Contains("\nResult:\ninput-interface: inside\ninput-status: up\n"
                              "input-line-status: up\noutput-interface: outside\n"
                              "output-status: up\noutput-line-status: up\nAction: allow\n"));
  CHECK_THAT(answer, !Contains("DROP"));
}

TEST_CASE("packet-tracer names the stage and the reason of a drop and what would be logged") {
  Bench bench(with_policy());
  bench.command("packet-tracer input outside tcp 198.51.100.7 40000 10.0.0.80 22");
  CHECK_THAT(bench.output(), Contains("Type: FLOW-CREATION\nSubtype: \nResult: DROP\n"));
  CHECK_THAT(bench.output(),
             Contains("Action: drop\nDrop-reason: (acl-drop) Flow is denied by configured rule\n"));
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.command("packet-tracer input outside tcp 198.51.100.7 40000 10.0.0.80 80 detailed");
  CHECK_THAT(bench.output(),
             Contains("Type: SHUN\nSubtype: \nResult: DROP\nConfig:\nAdditional Information:\n"
                      " shun: drop\n"
                      "  %ASA-4-401004: Shunned packet: 198.51.100.7 ==> 10.0.0.80 on interface "
                      "outside\n"));
  CHECK_THAT(bench.output(), Contains("Drop-reason: (shunned) Packet shunned\n"));
  CHECK_THAT(bench.output(), !Contains("FLOW-CREATION"));
  bench.command("packet-tracer input inside rawip 10.0.0.5 47 2001:db8::1");
  CHECK_THAT(bench.output(), Contains("Drop-reason: "));
  bench.expect_nothing();
}

TEST_CASE("packet-tracer finds the flow that a packet belongs to") {
  Bench bench;
  bench.packet("inside", {{"proto", "udp"},
                          {"src", "10.0.0.5"},
                          {"dst", "198.51.100.7"},
                          {"sport", "500"},
                          {"dport", "53"}});
  bench.command("packet-tracer input outside udp 198.51.100.7 53 10.0.0.5 500");
  CHECK_THAT(bench.output(), Contains("Found flow with id 1, using existing flow\n"));
  CHECK_THAT(bench.output(), Contains("Action: allow\n"));
  bench.command("packet-tracer input outside icmp 198.51.100.7 8 0 10.0.0.5");
  CHECK_THAT(bench.output(), Contains("Action: drop\n"));
  bench.command("packet-tracer input inside icmp 10.0.0.5 8 0 1 198.51.100.7");
  CHECK_THAT(bench.output(), Contains("Action: allow\n"));
}

TEST_CASE("packet-tracer changes nothing that a command can show") {
  Bench bench(with_policy());
  bench.command("shun 198.51.100.9").expect(401002, "Shun added: 198.51.100.9 0.0.0.0 0 0");
  bench.packet("outside", "198.51.100.9", "10.0.0.80")
      .expect(401004, "Shunned packet: 198.51.100.9 ==> 10.0.0.80 on interface outside");
  bench.packet("inside", "10.0.0.5", "198.51.100.7");
  const std::string before = state_of(bench);
  for (int i = 0; i < 3; ++i) {
    bench.command("packet-tracer input outside tcp 198.51.100.9 40000 10.0.0.80 80 detailed");
    bench.command("packet-tracer input outside tcp 198.51.100.10 40000 10.0.0.80 80 detailed");
    bench.command("packet-tracer input outside icmp 198.51.100.10 8 0 10.0.0.80 detailed");
    bench.command("packet-tracer input inside udp 10.0.0.5 40000 198.51.100.7 53");
    bench.command("packet-tracer input dmz udp 172.16.30.5 40000 198.51.100.7 53");
  }
  bench.expect_nothing();
  CHECK(state_of(bench) == before);
}

TEST_CASE("a trace leaves timers and numbers as they were") {
  // The real connection after a trace has the number and the idle timeout of a first one.
  Bench bench;
  const auto sequence = bench.device().next_sequence();
  bench.command("packet-tracer input inside udp 10.0.0.5 40000 198.51.100.7 53");
  CHECK(bench.device().next_sequence() == sequence + 1);
  CHECK(bench.device().tables().connections.size() == 0);
  bench.packet("inside", {{"proto", "udp"},
                          {"src", "10.0.0.5"},
                          {"dst", "198.51.100.7"},
                          {"sport", "40000"},
                          {"dport", "53"}});
  REQUIRE(bench.device().tables().connections.size() == 1);
  const Connection& connection = *bench.device().tables().connections.all().begin();
  CHECK(connection.id == ConnectionId{1});
  bench.advance(119s);
  // A trace through the connection does not refresh it; its entry stands where it stood.
  bench.command("packet-tracer input outside udp 198.51.100.7 53 10.0.0.5 40000");
  CHECK(&*bench.device().tables().connections.all().begin() == &connection);
  CHECK(bench.device().tables().connections.size() == 1);
  bench.advance(1s);
  CHECK(bench.device().tables().connections.size() == 0);
}

TEST_CASE("every subsystem but logging can stand in for itself in a trace") {
  Bench bench;
  for (std::size_t i = 0; i < registry().types().size(); ++i) {
    INFO(registry().types()[i].name);
    if (i != logging_subsystem()) CHECK(registry().types()[i].can_copy);
  }
}
