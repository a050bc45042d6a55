// `asaemu packet-tracer`, run as a user runs it.
#include "tests/emulator/scenario/scenario_files.hpp"

using namespace asaemu;
using Catch::Matchers::Contains;
using test::Outcome;
using test::run_asaemu;
using test::ScenarioFiles;

namespace {

const std::string kScanner =
    "{in: outside, proto: tcp, src: 198.51.100.7, dst: 10.0.0.24, sport: 40000, dport: 22}";

}  // namespace

TEST_CASE("packet-tracer shows what a scenario's device does with a packet at a time",
          "[program]") {
  const Outcome before =
      run_asaemu({"packet-tracer", "quickstart", "--packet", kScanner, "--at", "3s"});
  INFO(before.err);
  CHECK(before.exit_code == 0);
  CHECK(before.out.starts_with("fw-edge at 3s\n\nPhase: 1\nType: ROUTE-LOOKUP\n"));
  CHECK_THAT(before.out, !Contains("Drop-reason: (shunned)"));
  const Outcome after =
      run_asaemu({"packet-tracer", "quickstart", "--packet", kScanner, "--at", "5s"});
  CHECK(after.exit_code == 0);
  CHECK_THAT(after.out, Contains("Type: SHUN\nSubtype: \nResult: DROP\n"));
  CHECK_THAT(after.out,
             Contains("  %ASA-4-401004: Shunned packet: 198.51.100.7 ==> 10.0.0.24 on interface "
                      "outside\n"));
  CHECK_THAT(after.out, Contains("Action: drop\nDrop-reason: (shunned) Packet shunned\n"));
}

TEST_CASE("packet-tracer without a time shows the end of the scenario", "[program]") {
  const ScenarioFiles files;
  files.write("a.yaml",
              "name: a\nsummary: s\ndevices:\n  - name: fw\n    config: |\n"
              "      interface GigabitEthernet0/0\n       nameif outside\n       security-level 0\n"
              "       ip address 203.0.113.1 255.255.255.0\n"
              "      route outside 0.0.0.0 0.0.0.0 203.0.113.254 1\n"
              "timeline:\n  - {at: 1m, cli: shun 198.51.100.7}\n");
  const Outcome outcome = run_asaemu({"packet-tracer", files.path("a.yaml"), "--packet", kScanner});
  INFO(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("fw at 1m\n"));
  CHECK_THAT(outcome.out, Contains("Drop-reason: (shunned) Packet shunned\n"));
}

TEST_CASE("packet-tracer says what is wrong with its input", "[program]") {
  const auto complaint = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "packet-tracer");
    const Outcome outcome = run_asaemu(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK_THAT(complaint({"quickstart", "--packet", "{in: outside, proto: tcp}"}),
             Contains("--packet:1:1: ") && Contains("src"));
  CHECK_THAT(complaint({"quickstart", "--packet",
                        "{in: nowhere, proto: udp, src: 10.0.0.1, dst: 10.0.0.2}"}),
             Contains("--packet: fw-edge has no interface 'nowhere'; it has "));
  CHECK_THAT(complaint({"quickstart", "--packet", kScanner, "--at", "soon"}),
             Contains("--at: 'soon' is no duration"));
  CHECK_THAT(complaint({"quickstart", "--packet", kScanner, "--device", "fw-egde"}),
             Contains("--device: there is no device 'fw-egde'; did you mean 'fw-edge'?"));
  CHECK_THAT(complaint({"fleet-flood", "--packet", kScanner}),
             Contains("devices; name one of them"));
  CHECK_THAT(complaint({"no-such-scenario", "--packet", kScanner}), Contains("no-such-scenario"));
}
