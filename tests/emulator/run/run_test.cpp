// Whole runs, by several workers and as several processes.
#include "emulator/run/run.hpp"

#include "emulator/run/load.hpp"
#include "emulator/run/report.hpp"
#include "test_paths.hpp"
#include "tests/emulator/scenario/scenario_files.hpp"

#include <fmt/format.h>

#include <map>
#include <sstream>

using namespace asaemu;

namespace {

/// Six devices whose packets, operators and timers all log.
const std::string kFleet = R"(name: t
summary: A test.
seed: 3
start: 2026-11-20T08:00:00Z
devices:
  - name: fw-{1..6}
    config: |
      interface GigabitEthernet0/0
       nameif outside
       ip address 203.0.113.1 255.255.255.0
      interface GigabitEthernet0/1
       nameif inside
       ip address 10.0.0.1 255.255.255.0
      route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
      logging enable
      logging timestamp
      logging device-id hostname
      logging trap informational
      logging host inside 10.0.0.50
timeline:
  - {at: 0s, cli: shun 198.51.100.7}
  - at: 1s
    for: 20s
    rate: {poisson: 20/s}
    packet: {in: outside, proto: tcp, src: 198.51.100.7, dst: {pool: 10.0.0.0/24}, sport: 1, dport: 22, flags: syn}
  - at: 2s
    rate: {hawkes: {mean: 5/s, branching: 0.5, decay: 1s}}
    count: 40
    packet: {in: outside, proto: udp, src: 198.51.100.7, dst: {pool: 10.0.0.0/24}, sport: 1, dport: 53}
  - {at: 5s, device: fw-3, world: {link: GigabitEthernet0/0, state: down}}
  - {at: 8s, device: fw-3, world: {link: GigabitEthernet0/0, state: up}}
)";

/// The lines of each device, by its name in them.
using Lines = std::map<std::string, std::vector<std::string>>;

void add_lines(const std::string& text, Lines& lines) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto at = line.find(" fw-");
    REQUIRE(at != std::string::npos);
    lines[line.substr(at + 1, 4)].push_back(line);
  }
}

RunOptions options_to(const std::string& file) {
  RunOptions options;
  options.speed.is_max = true;
  options.quiet = true;
  std::string complaint;
  options.to = Destination::parse("file:" + file, complaint);
  return options;
}

RunResult run_to_end(const Plan& plan, const RunOptions& options) {
  Run run(plan, test::catalogue(), options);
  REQUIRE(run.open().empty());
  return run.execute();
}

}  // namespace

TEST_CASE("each device's lines are the same for any number of workers") {
  const test::ScenarioFiles files;
  files.write("t.yaml", kFleet);
  const Plan plan = files.plan("t.yaml");
  RunOptions options = options_to(files.path("out.log"));
  const RunResult one = run_to_end(plan, options);
  REQUIRE(one.threads == 1);
  Lines expected;
  add_lines(test::read_file(files.path("out.log")), expected);
  REQUIRE(expected.size() == 6);
  REQUIRE(expected["fw-1"].size() > 300);
  for (const std::uint32_t threads : {2U, 4U, 50U}) {
    INFO(threads);
    options.threads = threads;
    const RunResult result = run_to_end(plan, options);
    REQUIRE(result.threads == std::min(threads, 6U));
    Lines lines;
    add_lines(test::read_file(files.path("out.log")), lines);
    REQUIRE(lines == expected);
    REQUIRE(result.message_counts == one.message_counts);
    REQUIRE(result.simulated == one.simulated);
    REQUIRE(result.stimuli.executed == one.stimuli.executed);
    REQUIRE(result.destinations.size() == 1);
    REQUIRE(result.destinations[0].lines_sent == one.destinations[0].lines_sent);
    for (std::size_t i = 0; i < 6; ++i) REQUIRE(result.devices[i].first == plan.devices[i].name);
  }
}

TEST_CASE("a fleet that nobody sees the order of does what it does in order") {
  const test::ScenarioFiles files;
  std::string text = kFleet;
  text.replace(text.find("fw-{1..6}"), 9, "fw-{1..80}");
  files.write("t.yaml", text);
  const Plan plan = files.plan("t.yaml");
  RunOptions options = options_to(files.path("out.log"));
  const RunResult ordered = run_to_end(plan, options);
  options.to->kind = Destination::Kind::kNull;
  for (const std::uint32_t threads : {1U, 2U}) {
    options.threads = threads;
    const RunResult result = run_to_end(plan, options);
    REQUIRE(result.threads == threads);
    REQUIRE(result.message_counts == ordered.message_counts);
    REQUIRE(result.simulated == ordered.simulated);
    REQUIRE(result.stimuli.executed == ordered.stimuli.executed);
    REQUIRE(result.destinations[0].lines_sent == ordered.destinations[0].lines_sent);
    REQUIRE(result.destinations[0].bytes_sent == ordered.destinations[0].bytes_sent);
    REQUIRE(check_accounts(result).empty());
  }
}

TEST_CASE("the shards together are the whole") {
  const test::ScenarioFiles files;
  files.write("t.yaml", kFleet);
  const Plan plan = files.plan("t.yaml");
  run_to_end(plan, options_to(files.path("out.log")));
  Lines expected;
  add_lines(test::read_file(files.path("out.log")), expected);
  for (const std::uint32_t count : {2U, 4U, 7U}) {
    Lines lines;
    for (std::uint32_t index = 1; index <= count; ++index) {
      RunOptions options = options_to(files.path("out.log"));
      options.shard = {index, count};
      options.threads = 2;
      // A shard without a device does not touch the file.
      test::write_file(files.path("out.log"), "");
      run_to_end(plan, options);
      add_lines(test::read_file(files.path("out.log")), lines);
    }
    INFO(count);
    REQUIRE(lines == expected);
  }
}

TEST_CASE("a device of a run without a duration ends ten seconds after the last step") {
  const test::ScenarioFiles files;
  // A licence's timers, days away, are not waited for.
  files.write("t.yaml", kFleet);
  const Plan plan = files.plan("t.yaml");
  const RunResult result = run_to_end(plan, options_to(files.path("out.log")));
  REQUIRE(result.simulated < std::chrono::minutes(5));
  REQUIRE_FALSE(result.interrupted);
  REQUIRE(result.stimuli.missed == 0);
}

TEST_CASE("a scaled run does the stimuli it was asked for") {
  const test::ScenarioFiles files;
  files.write("t.yaml", kFleet);
  PlanOverrides overrides;
  Plan plan = files.plan("t.yaml");
  plan.duration = std::chrono::seconds(21);
  REQUIRE(scale_load(plan, 600, *plan.start).empty());
  const RunResult result = run_to_end(plan, options_to(files.path("out.log")));
  // 20 s of 600 a second, the Hawkes step's 240 and six operators' lines; a random number.
  REQUIRE(static_cast<double>(result.stimuli.executed) == Approx(12'248).epsilon(0.05));
}

TEST_CASE("workers that share standard output or a file write whole lines") {
  const test::ScenarioFiles files;
  files.write("t.yaml", kFleet);
  PlanOverrides overrides;
  overrides.duration = std::chrono::seconds(30);
  const Plan plan = files.plan("t.yaml", overrides);
  RunOptions options = options_to(files.path("out.log"));
  options.threads = 6;
  const RunResult result = run_to_end(plan, options);
  const std::string text = test::read_file(files.path("out.log"));
  std::istringstream in(text);
  std::uint64_t lines = 0;
  for (std::string line; std::getline(in, line); ++lines) REQUIRE(line.starts_with("<16"));
  REQUIRE(lines == result.destinations[0].lines_sent);
  REQUIRE(text.size() == result.destinations[0].bytes_sent);
}

TEST_CASE("devices have variables and addresses of their own") {
  const test::ScenarioFiles files;
  files.write("t.yaml", R"(name: t
summary: A test.
duration: 10s
devices:
  - name: fw-{3..6}
    vars: {site: [oslo, rome], uplink: {range: [192.0.2.7, 192.0.2.9]}, vlan: {range: [5, 6]}, zone: eu}
    source: "127.0.{n}.1"
    config: |
      hostname {name}-{site}
      interface GigabitEthernet0/0
       nameif outside
       ip address {uplink} 255.255.255.0
  - name: other
timeline:
  - {at: 1s, device: "fw-*", cli: "shun 10.{vlan}.0.1"}
  - {at: 1s, device: other, cli: "show {zone"}
)");
  const Plan plan = files.plan("t.yaml");
  REQUIRE(plan.devices[0].config.find("hostname fw-3-oslo\n") != std::string::npos);
  REQUIRE(plan.devices[1].config.find("hostname fw-4-rome\n") != std::string::npos);
  REQUIRE(plan.devices[2].config.find("hostname fw-5-oslo\n") != std::string::npos);
  REQUIRE(plan.devices[0].config.find("192.0.2.7") != std::string::npos);
  REQUIRE(plan.devices[2].config.find("192.0.2.9") != std::string::npos);
  REQUIRE(plan.devices[3].config.find("192.0.2.7") != std::string::npos);
  REQUIRE(plan.sources.size() == 4);
  REQUIRE(to_string(plan.sources[3]) == "127.0.6.1");
  REQUIRE(std::get<CliStimulus>(plan.steps[1].stimulus).lines[0] == "shun 10.6.0.1");
  REQUIRE(std::get<CliStimulus>(plan.steps[2].stimulus).lines[0] == "shun 10.5.0.1");
}

TEST_CASE("a variable that a step's device does not have is a mistake") {
  const test::ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: A test.\nduration: 10s\ndevices:\n"
              "  - {name: fw, vars: {site: oslo, n: 1, '1x': 2, deep: {a: b}}, source: nowhere}\n"
              "  - name: other\ntimeline:\n  - {cli: 'banner {site}'}\n");
  REQUIRE(
      files.faults("t.yaml") ==
      "t.yaml:5:35: 'n' cannot name a device's variable; letters, '_' and '-' can, except n and "
      "name\n"
      "t.yaml:5:41: '1x' cannot name a device's variable; letters, '_' and '-' can, except n and "
      "name\n"
      "t.yaml:5:56: variable 'deep' must be a value, a list of values, or {range: [low, high]}\n"
      "t.yaml:5:73: source of fw is 'nowhere'; an address is 192.0.2.1 or 2001:db8::1\n"
      "t.yaml:8:11: device other has no variable 'site'; its entry under devices declares none "
      "of this name\n");
}

TEST_CASE("each device of a fleet sends from its own address") {
  const test::ScenarioFiles files;
  std::string fleet = kFleet;
  fleet.insert(fleet.find("    config: |"), "    source: \"127.0.0.10{n}\"\n");
  files.write("t.yaml", fleet);
  const Plan plan = files.plan("t.yaml");
  RunOptions options = options_to("");
  options.to = Destination{};
  options.to->kind = Destination::Kind::kUdp;
  options.to->peer = {"127.0.0.1", test::free_port()};
  options.threads = 2;
  const RunResult result = run_to_end(plan, options);
  // One to the reader of the report, six sockets underneath; nobody listens, and all is counted.
  REQUIRE(result.destinations.size() == 1);
  for (const auto& [name, account] : result.devices) {
    for (const auto& destination : account.destinations) {
      REQUIRE(destination.offered == destination.sent + destination.dropped_error);
      REQUIRE(destination.offered > 300);
    }
  }
}
