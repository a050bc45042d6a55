#include "tests/emulator/scenario/scenario_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace asaemu;
using test::ScenarioFiles;

namespace {

constexpr std::string_view kConfig = R"(      interface GigabitEthernet0/0
       nameif outside
       ip address 203.0.113.1 255.255.255.0
      route outside 0.0.0.0 0.0.0.0 203.0.113.254
      logging enable
      logging trap informational
      logging host outside 203.0.113.5
)";

struct Checked {
  std::string faults;
  std::vector<std::string> notes;
};

/// Checks a scenario that reads without faults.
Checked check(const std::string& scenario, const PlanOverrides& overrides = {}) {
  const ScenarioFiles files;
  files.write("t.yaml", scenario);
  const Plan plan = files.plan("t.yaml", overrides);
  Faults faults;
  Checked checked;
  check_on_devices(plan, test::catalogue(), faults, checked.notes);
  checked.faults = files.relative(faults.to_string());
  for (auto& note : checked.notes) note = files.relative(note);
  return checked;
}

/// One device with kConfig and more configuration (indented by six), and a timeline if it is not
/// empty.
std::string scenario(std::string_view config, std::string_view timeline) {
  return fmt::format(
      "name: t\nsummary: s\nduration: 10m\ndevices:\n  - name: fw\n    config: "
      "|\n{}{}{}{}",
      kConfig, config, timeline.empty() ? "" : "timeline:\n", timeline);
}

}  // namespace

TEST_CASE("a scenario that the device understands has neither faults nor notes") {
  const Checked checked = check(scenario("", "- {cli: shun 198.51.100.7}\n"));
  CHECK(checked.faults.empty());
  CHECK(checked.notes.empty());
}

TEST_CASE("configuration lines that are not modelled are listed, ten of them") {
  std::string lines;
  for (int i = 1; i <= 12; ++i) lines += fmt::format("      aaa thing {}\n", i);
  const Checked checked = check(scenario(lines, ""));
  CHECK(checked.faults.empty());
  REQUIRE(checked.notes.size() == 1);
  CHECK(checked.notes[0].starts_with(
      "fw: 12 configuration lines are not modelled: 'aaa thing 1' (line 8), "));
  CHECK(checked.notes[0].ends_with("'aaa thing 10' (line 17), and 2 more"));
}

TEST_CASE("a known command about an unknown interface is listed first") {
  const Checked checked =
      check(scenario("      aaa thing\n      logging host insde 10.0.0.5\n", ""));
  REQUIRE(checked.notes.size() == 1);
  CHECK(checked.notes[0] ==
        "fw: 2 configuration lines are not modelled: 'logging host insde 10.0.0.5' (line 9, no "
        "interface has this name), 'aaa thing' (line 8)");
}

TEST_CASE("a device that would send nothing is noted with what it lacks") {
  const Checked none = check("name: t\nsummary: s\ndevices: [{name: 'fw-{1..3}'}]\n");
  REQUIRE(none.notes.size() == 1);
  CHECK(none.notes[0] ==
        "fw-1 (and 2 more): no message will be sent; the configuration lacks 'logging enable', "
        "'logging trap LEVEL', 'logging host INTERFACE ADDRESS'");
  const Checked late = check(scenario("      no logging enable\n",
                                      "- {at: 1s, cli: [configure terminal, logging enable]}\n"));
  CHECK(late.notes.empty());
}

TEST_CASE("commands are typed in the order of time, with the timers between them") {
  // The port is up two seconds after `no shutdown`, and only then a shun finds its interface.
  const Checked checked =
      check(scenario("",
                     "- {at: 20s, cli: show interface inside}\n"
                     "- {at: 10s, cli: [conf t, interface gi0/1, nameif inside]}\n"));
  CHECK(checked.faults.empty());
}

TEST_CASE("a refused command is a note, said once however often it is repeated") {
  const Checked checked =
      check(scenario("", "- repeat: {count: 3, every: 1s}\n  steps: [{cli: no shun 192.0.2.1}]\n"));
  CHECK(checked.faults.empty());
  REQUIRE(checked.notes.size() == 1);
  CHECK(
      checked.notes[0] ==
      "fw: t.yaml:16:11: 'no shun 192.0.2.1' may be refused: ERROR: Shun 192.0.2.1 does not exist");
}

TEST_CASE("a command to a device that boots is a note") {
  const Checked checked = check(scenario(
      "", "- {at: 1s, cli: reload}\n- {at: 2m, cli: show shun}\n- {at: 4m, cli: show shun}\n"));
  CHECK(checked.faults.empty());
  REQUIRE(checked.notes.size() == 1);
  CHECK(checked.notes[0] ==
        "fw: t.yaml:16:3: 'show shun' gets no answer, the device is off or boots");
}

TEST_CASE("a command is checked on one device of each entry") {
  const Checked checked = check(
      "name: t\nsummary: s\ndevices: [{name: 'fw-{1..500}'}, {name: core}]\ntimeline:\n"
      "  - {device: fw-7, cli: shwo shun}\n"
      "  - {cli: 'shwo shun {n}'}\n");
  CHECK(checked.faults.starts_with("t.yaml:5:5: fw-1: 'shwo shun' is no command"));
  CHECK(checked.faults.find("t.yaml:6:5: core: 'shwo shun 1' is no command") != std::string::npos);
  CHECK(checked.faults.find("t.yaml:6:5: fw-1: 'shwo shun 1' is no command") != std::string::npos);
  CHECK(std::count(checked.faults.begin(), checked.faults.end(), '\n') == 3);
}

TEST_CASE("steps after the end are noted, and not tried") {
  PlanOverrides overrides;
  overrides.duration = std::chrono::seconds(10);
  const Checked checked = check(scenario("",
                                         "- {at: 9999ms, cli: show shun}\n- {at: 10s, cli: "
                                         "nonsense}\n- {at: 11s, cli: nonsense}\n"),
                                overrides);
  CHECK(checked.faults.empty());
  REQUIRE(checked.notes.size() == 1);
  CHECK(checked.notes[0] == "2 steps never happen, the run ends at 10s: t.yaml:16:3, t.yaml:17:3");
}

TEST_CASE("a collector that no device logs to is noted") {
  const Checked checked =
      check(scenario("", "") + "collectors: {203.0.113.5: 'null:', 203.0.113.6: 'null:'}\n");
  REQUIRE(checked.notes.size() == 1);
  CHECK(checked.notes[0] == "collector 203.0.113.6: no device has it as a logging host");
}

TEST_CASE("a secure host whose lines leave in the clear is noted") {
  const auto noted = [](std::string_view host, const std::string& collector) {
    return check(scenario("      no logging host outside 203.0.113.5\n" + std::string(host), "") +
                 "collectors: {203.0.113.5: '" + collector + "'}\n")
        .notes;
  };
  constexpr std::string_view kSecure = "      logging host outside 203.0.113.5 tcp/6514 secure\n";
  const auto plain = noted(kSecure, "tcp://127.0.0.1:1470");
  REQUIRE(plain.size() == 1);
  CHECK(
      plain[0] ==
      "logging host 203.0.113.5 is secure, but tcp://127.0.0.1:1470 is not TLS: its lines leave in "
      "the clear");
  CHECK(noted(kSecure, "udp://127.0.0.1:514").size() == 1);
  CHECK(noted(kSecure, "tls://127.0.0.1:6514").empty());
  CHECK(noted(kSecure, "file:lines").empty());
  CHECK(noted("      logging host outside 203.0.113.5 tcp/6514\n", "tcp://127.0.0.1:1470").empty());
}

TEST_CASE("a destination for all lines takes the place of what the scenario says") {
  const ScenarioFiles files;
  files.write("t.yaml", scenario("      logging host outside 203.0.113.6 tcp/6514 secure\n", "") +
                            "collectors: {203.0.113.6: 'tcp://127.0.0.1:1470'}\n");
  const Plan plan = files.plan("t.yaml");
  const auto notes_with = [&](std::string_view to) {
    std::string complaint;
    Faults faults;
    std::vector<std::string> notes;
    check_on_devices(plan, test::catalogue(), faults, notes, Destination::parse(to, complaint));
    return notes;
  };
  CHECK(notes_with("tls://127.0.0.1:6514").empty());
  CHECK(notes_with("null:").empty());
  REQUIRE(notes_with("udp://127.0.0.1:514").size() == 1);
  CHECK(notes_with("udp://127.0.0.1:514")[0].starts_with(
      "logging host 203.0.113.6 is secure, but udp://127.0.0.1:514 is not TLS"));
}

TEST_CASE("a refused line is noted although accepted ones beside it are accounted for") {
  const Checked checked = check(scenario(
      "",
      "- {cli: [configure terminal, interface GigabitEthernet0/1, nameif outside, shutdown]}\n"));
  CHECK(checked.faults.empty());
  REQUIRE(checked.notes.size() == 1);
  CHECK(checked.notes[0].find("'nameif outside' may be refused: ERROR: Name") != std::string::npos);
}

TEST_CASE("a line whose mode was refused is told why it is no command") {
  const Checked checked = check(
      scenario("", "- {cli: [configure terminal, interface GigabitEthernet0/99, shutdown]}\n"));
  CHECK(checked.faults.find("'shutdown' is no command") != std::string::npos);
  CHECK(checked.faults.find("'interface GigabitEthernet0/99' before it was refused: ERROR: "
                            "GigabitEthernet0/99 does not exist") != std::string::npos);
}

TEST_CASE("what a pasted configuration has and nothing models is a note and no fault") {
  const Checked checked = check(scenario(
      R"(      object network WEB
       host 10.0.0.80
      access-list in extended permit icmp any any echo-reply
      access-list in extended permit tcp any object WEB eq https
      access-list in extended permit tcp any host 10.0.0.80 eq www log warnings interval 600
      access-list objects extended permit ip object-group A object-group B
      access-group in in interface outside
      access-group objects out interface outside
      timeout sip-provisional-media 0:02:00 uauth 0:05:00 absolute
      timeout igp stale-route 0:01:10
      policy-map type inspect dns preset_dns_map
       parameters
        message-length maximum 512
        no tcp-inspection
      class-map inspection_default
       match default-inspection-traffic
      policy-map global_policy
       class inspection_default
        inspect dns preset_dns_map 
        inspect icmp error 
        inspect ip-options 
        inspect gopher
      service-policy global_policy global
)",
      ""));
  CHECK(checked.faults.empty());
  REQUIRE(checked.notes.size() == 1);
  CHECK(checked.notes[0].find("7 configuration lines are not modelled") != std::string::npos);
  for (const char* line : {"object network WEB", "host 10.0.0.80", "echo-reply", "object WEB",
                           "object-group A", "no tcp-inspection", "inspect gopher"}) {
    INFO(line);
    CHECK(checked.notes[0].find(line) != std::string::npos);
  }
  CHECK(checked.notes[0].find("no interface has this name") == std::string::npos);
}
