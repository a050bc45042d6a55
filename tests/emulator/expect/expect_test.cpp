// Expectations that hold and that do not, each on the same small run.
#include "emulator/run/run.hpp"
#include "tests/emulator/scenario/scenario_files.hpp"

#include <fmt/format.h>

using namespace asaemu;
using namespace asaemu::test;

namespace {

/// Two firewalls; a shun at 1 s and 10 s, five packets from 2 s to 6 s, one a second, and one more
/// at 15 s on the first alone.
const std::string kScenario = R"(name: t
summary: A test.
start: 2026-11-20T08:00:00Z
duration: 20s
devices:
  - name: fw-{1..2}
    config: |
      interface GigabitEthernet0/0
       nameif outside
       ip address 203.0.113.1 255.255.255.0
      interface GigabitEthernet0/1
       nameif inside
       ip address 10.0.0.1 255.255.255.0
      route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
      logging enable
      logging trap informational
      logging host inside 10.0.0.50
timeline:
  - {step: contain, at: 1s, cli: shun 198.51.100.7}
  - {step: contain, at: 10s, cli: shun 198.51.100.8}
  - step: scan
    at: 2s
    every: 1s
    count: 5
    packet: {in: outside, proto: tcp, src: 198.51.100.7, dst: 10.0.0.9, sport: 4711, dport: 22, flags: syn}
  - step: late
    device: fw-1
    at: 15s
    packet: {in: outside, proto: tcp, src: 198.51.100.8, dst: 10.0.0.9, sport: 4711, dport: 22, flags: syn}
expect:
)";

std::vector<UnmetExpectation> judge(const std::string& expectations,
                                    const PlanOverrides& overrides = {}) {
  const ScenarioFiles files;
  files.write("t.yaml", kScenario + expectations);
  const Plan plan = files.plan("t.yaml", overrides);
  RunOptions options;
  options.speed.is_max = true;
  options.quiet = true;
  options.threads = 1;  // One thread sees which message is one too many.
  options.to = Destination{};
  options.to->kind = Destination::Kind::kNull;
  Run run(plan, catalogue(), options);
  REQUIRE(run.open().empty());
  return run.execute().observed.unmet;
}

/// What is said about one expectation; empty if it holds.
std::string unmet(const std::string& expectation, const PlanOverrides& overrides = {}) {
  const auto found = judge("  - " + expectation + "\n", overrides);
  REQUIRE(found.size() <= 1);
  return found.empty() ? std::string() : found.front().what;
}

/// What is wrong with an entry of `expect:`.
std::string fault(const std::string& expectation) {
  const ScenarioFiles files;
  files.write("t.yaml", kScenario + "  - " + expectation + "\n");
  return files.faults("t.yaml");
}

bool holds(const std::string& expectation) {
  const auto said = unmet(expectation);
  UNSCOPED_INFO(said);
  return said.empty();
}

bool says(const std::string& text, const std::string& part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("counts hold at their number and not one before or after it") {
  CHECK(holds("{id: 401004, exactly: 11}"));
  CHECK(unmet("{id: 401004, exactly: 10}") ==
        "expected 401004 exactly 10 times; it came 11 times; number 11 came at 15s on fw-1 by step "
        "late (line 26): %ASA-4-401004: Shunned packet: 198.51.100.8 ==> 10.0.0.9 on interface "
        "outside");
  CHECK(unmet("{id: 401004, exactly: 12}") == "expected 401004 exactly 12 times; it came 11 times");
  CHECK(holds("{name: shunned_packet, at_least: 11}"));
  CHECK_FALSE(holds("{name: shunned_packet, at_least: 12}"));
  CHECK(holds("{name: shunned_packet, at_most: 11}"));
  CHECK_FALSE(holds("{name: shunned_packet, at_most: 10}"));
  CHECK(holds("{id: 401002}"));
  CHECK(unmet("{id: 401003}") == "expected 401003 at least once; it never came");
}

TEST_CASE("absence is broken by one message") {
  CHECK(holds("{id: 401003, never: true}"));
  CHECK(says(unmet("{id: 401002, never: true}"), "it came 4 times; number 1 came at 1s on fw-1"));
}

TEST_CASE("an expectation may be about a device or a time or a step or a severity") {
  CHECK(holds("{id: 401004, device: fw-1, exactly: 6}"));
  CHECK(holds("{id: 401004, device: fw-2, exactly: 5}"));
  CHECK(holds("{id: 401004, device: fw-*, exactly: 11}"));
  CHECK(holds("{id: 401004, from: 2s, until: 6s, exactly: 8}"));
  CHECK(holds("{id: 401004, from: 2001ms, until: 6001ms, exactly: 8}"));
  CHECK(holds("{step: late, exactly: 1}"));
  CHECK(holds("{id: 401004, step: scan, exactly: 10}"));
  CHECK(holds("{id: 401004, severity: 4, exactly: 11}"));
  CHECK_FALSE(holds("{id: 401004, severity: 5}"));
  CHECK(holds("{id: [401002, 401004], exactly: 15}"));
}

TEST_CASE("fields must have the values that are asked for") {
  CHECK(holds("{id: 401004, fields: {source: 198.51.100.7, interface: outside}, exactly: 10}"));
  CHECK(holds("{id: 401004, fields: {source: [198.51.100.7, 198.51.100.8]}, exactly: 11}"));
  CHECK(holds("{id: 401002, fields: {source_port: 0}, exactly: 4}"));
  const auto found = judge("  - {id: 401004, fields: {source: 198.51.100.9}}\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].what == "expected 401004 with source 198.51.100.9 at least once; it never came");
  CHECK(found[0].nearest ==
        "at 2s on fw-1 by step scan (line 21): %ASA-4-401004: Shunned packet: 198.51.100.7 ==> "
        "10.0.0.9 on interface outside");
  CHECK(found[0].position.line == 31);
}

TEST_CASE("at most so many come in any time on a device") {
  CHECK(holds("{id: 401004, per: 1s, at_most: 1}"));
  CHECK(says(unmet("{id: 401004, per: 1001ms, at_most: 1}"), "number 2 within 1s came at 3s"));
  CHECK(holds("{id: 401004, per: 4s, at_most: 4}"));
  CHECK_FALSE(holds("{id: 401004, per: 5s, at_most: 4}"));
}

TEST_CASE("something must follow each time within its time") {
  CHECK(holds("{id: 401004, after: scan, within: 0s}"));
  CHECK(holds("{name: shunned_packet, after: shun_added, within: 5s, device: fw-1}"));
  CHECK(says(unmet("{name: shunned_packet, after: shun_added, within: 4999ms, device: fw-1}"),
             "it came 5s after, at 15s on fw-1"));
  CHECK(says(unmet("{id: 401004, after: contain, within: 5s}"),
             "nothing followed what happened at 10s on fw-2 in time"));
  CHECK(
      says(unmet("{id: 401004, after: contain}"), "nothing followed what happened at 10s on fw-2"));
  // The run ends before the time is over.
  CHECK(holds("{id: 401004, after: contain, within: 11s}"));
}

TEST_CASE("something must not follow within a time") {
  CHECK(holds("{id: 401004, after: 401002, within: 999ms, never: true}"));
  CHECK(says(unmet("{id: 401004, after: 401002, within: 1s, never: true}"), "it came 1s after"));
}

TEST_CASE("messages come in an order on each device") {
  CHECK(holds("{order: [401002, 401004]}"));
  CHECK(says(unmet("{order: [401004, 401002]}"), "number 2 of the order came when number 1 was"));
  CHECK(says(unmet("{order: [401002, 401004, 401003]}"), "number 3 of the order never came"));
  CHECK(says(unmet("{order: [401003, 401001]}"), "it never came"));
}

TEST_CASE("neighbours keep their distance") {
  CHECK(holds("{id: 401004, step: scan, gap: {at_least: 1s, at_most: 1s}}"));
  CHECK(says(unmet("{id: 401004, step: scan, gap: {at_least: 1001ms}}"), "one came 1s after"));
  CHECK(says(unmet("{id: 401004, gap: {at_most: 8999ms}}"), "one came 9s after"));
  CHECK(holds("{id: 401004, gap: {at_most: 9s}}"));
}

TEST_CASE("a run that is cut short is not asked for what might still have come") {
  const PlanOverrides shorter{.seed = {}, .duration = std::chrono::seconds(4), .variables = {}};
  CHECK(unmet("{id: 401004, exactly: 11}", shorter).empty());
  CHECK(unmet("{order: [401002, 401003]}", shorter).empty());
  CHECK_FALSE(unmet("{id: 401004, at_most: 3}", shorter).empty());
}

TEST_CASE("mistakes in expectations are told with what would be right") {
  CHECK(says(fault("{at_least: 1}"), "t.yaml:31:5: the expectation names no message"));
  CHECK(says(fault("{id: 499999}"), "there is no message 499999"));
  CHECK(says(fault("{name: shuned_packet}"), "did you mean 'shunned_packet'?"));
  CHECK(says(fault("{step: scann}"), "no step is labelled 'scann'; did you mean 'scan'?"));
  CHECK(says(fault("{id: 401004, fields: {sorce: 192.0.2.1}}"), "did you mean 'source'?"));
  CHECK(says(fault("{id: 401004, fields: {source: here}}"), "is no IP address"));
  CHECK(says(fault("{step: scan, fields: {source: 192.0.2.1}}"), "say id or name too"));
  CHECK(says(fault("{id: 401004, per: 1s}"), "per goes with at_most alone"));
  CHECK(says(fault("{id: 401004, per: 1s, at_most: 0}"), "from 1 to 100000"));
  CHECK(says(fault("{id: 401004, within: 1s}"), "within needs after"));
  CHECK(says(fault("{id: 401004, after: nothing}"), "no step is labelled 'nothing', and no"));
  CHECK(says(fault("{id: 401004, after: scan, exactly: 1}"), "counts stand in an entry of"));
  CHECK(says(fault("{id: 401004, after: scan, never: true}"), "needs within"));
  CHECK(says(fault("{id: 401004, at_least: 2, at_most: 1}"), "at_least is more than at_most"));
  CHECK(says(fault("{id: 401004, exactly: 2, at_most: 1}"), "exactly stands without"));
  CHECK(says(fault("{id: 401004, never: false}"), "never can only be true"));
  CHECK(says(fault("{id: 401004, from: 2s, until: 2s}"), "until is not later than from"));
  CHECK(says(fault("{id: 401004, device: fw-9}"), "fw-9"));
  CHECK(says(fault("{order: [401004]}"), "a list of two or more messages"));
  CHECK(says(fault("{order: [401004, 401002], at_least: 1}"), "order stands with device"));
  CHECK(says(fault("{id: 401004, gap: {}}"), "gap needs at_least or at_most"));
  CHECK(says(fault("{id: 401004, atleast: 1}"), "unknown key 'atleast'"));
}

TEST_CASE("an expectation that does not hold is exit code 1 with its place and the nearest message",
          "[program]") {
  const ScenarioFiles files;
  files.write("t.yaml", kScenario + "  - {id: 401004, fields: {source: 198.51.100.9}}\n");
  const auto outcome =
      run_asaemu({"run", files.path("t.yaml"), "--speed", "max", "--to", "null:", "--quiet"});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.err.starts_with(files.path("t.yaml") + ":31:5: expected 401004 with source"));
  CHECK(outcome.err.find("nearest: at 2s on fw-1") != std::string::npos);
}

TEST_CASE("tags are words") {
  const ScenarioFiles files;
  files.write("t.yaml", "tags: [vpn, false-positive]\n" + kScenario + "  - {id: 401004}\n");
  CHECK(files.plan("t.yaml").tags == std::vector<std::string>{"vpn", "false-positive"});
  files.write("t.yaml", "tags: [Vpn, a, a]\n" + kScenario + "  - {id: 401004}\n");
  CHECK(says(files.faults("t.yaml"), "'Vpn' is no tag"));
  CHECK(says(files.faults("t.yaml"), "tag 'a' is given twice"));
  files.write("t.yaml", "tags: vpn\n" + kScenario + "  - {id: 401004}\n");
  CHECK(says(files.faults("t.yaml"), "tags must be a list of words"));
}
