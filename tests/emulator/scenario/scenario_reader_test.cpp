#include "emulator/scenario/device_reader.hpp"
#include "emulator/scenario/timeline_reader.hpp"
#include "emulator/scenario/values.hpp"
#include "tests/emulator/scenario/scenario_files.hpp"

#include <fmt/format.h>

#include <set>

using namespace asaemu;
using namespace std::chrono_literals;
using test::plan_of;
using test::ScenarioFiles;

namespace {

const std::string kWhole = R"(name: whole
summary: Everything that a scenario can say.
seed: 7
start: 2026-11-20T08:00:00Z
duration: 10m
vars: {scanner: 198.51.100.7}
devices:
  - name: fw-edge
    platform: ASA5505
    release: 9.8(2)32
    config: |
      hostname edge
      banner {net} ${scanner} $${scanner}
    options: {boot-time: 90s, shun-limit: 5}
  - name: fw-{08..11}
    config: hostname {name}-{n}-{n/10}-{n%10}
collectors:
  10.0.0.50: udp://127.0.0.1:5514
  2001:db8::1: "null:"
timeline:
  - {at: 30s, cli: "shun ${scanner}", step: contain, attack: T1046.001}
)";

const Step& only(const Plan& plan) {
  REQUIRE(plan.steps.size() == 1);
  return plan.steps.front();
}

const PacketStimulus& packet_of(const Step& step) {
  return std::get<PacketStimulus>(step.stimulus);
}
const CliStimulus& cli_of(const Step& step) {
  return std::get<CliStimulus>(step.stimulus);
}

/// The value of a packet's constant field.
FieldValue constant(const Step& step, std::string_view name) {
  for (const auto& field : packet_of(step).fields) {
    if (field.field->field.name != name) continue;
    REQUIRE(field.generator.is_constant());
    return field.generator.examples().front();
  }
  FAIL("no field " << name);
  return {};
}

Plan whole() {
  const ScenarioFiles files;
  files.write("t.yaml", kWhole);
  return files.plan("t.yaml");
}

}  // namespace

TEST_CASE("a plan has what stands at the top of its scenario") {
  const Plan plan = whole();
  CHECK(plan.name == "whole");
  CHECK(plan.summary == "Everything that a scenario can say.");
  CHECK(plan.seed == 7);
  CHECK(plan.start == parse_calendar("2026-11-20T08:00:00Z"));
  CHECK(plan.duration == SimDuration(10min));
  REQUIRE(plan.collectors.size() == 2);
  CHECK(plan.collectors[0].first == IpAddress::parse("10.0.0.50"));
  CHECK(to_string(plan.collectors[0].second) == "udp://127.0.0.1:5514");
  CHECK(plan.collectors[1].second.kind == Destination::Kind::kNull);
}

TEST_CASE("what is left out has its default") {
  const Plan plan = plan_of("- {cli: show shun}\n");
  CHECK(plan.seed == 1);
  CHECK(plan.start == std::nullopt);
  CHECK(plan.devices[0].platform->name == "ASA5525");
  CHECK(plan.devices[0].release == Release::parse("9.20"));
  CHECK(plan.devices[0].config.empty());
  CHECK(plan.devices[0].options.get<SimDuration>("boot-time") == SimDuration(3min));
  CHECK(only(plan).schedule.kind == Schedule::Kind::kOnce);
  CHECK(only(plan).schedule.at == SimDuration(0));
}

TEST_CASE("a device has its platform, release and options") {
  const Plan plan = whole();
  const DeviceSpec& edge = plan.devices.at(0);
  CHECK(edge.name == "fw-edge");
  CHECK(edge.platform->name == "ASA5505");
  CHECK(edge.release == Release::parse("9.8(2)32"));
  CHECK(edge.seed == 7);
  CHECK(edge.options.get<SimDuration>("boot-time") == SimDuration(90s));
  CHECK(edge.options.get<std::uint64_t>("shun-limit") == 5);
  CHECK(edge.options.get<std::string>("line-protocol-order") == "physical-first");
}

TEST_CASE("a configuration keeps braces that are not ours and a dollar sign that is doubled") {
  CHECK(whole().devices[0].config == "hostname edge\nbanner {net} 198.51.100.7 ${scanner}\n");
}

TEST_CASE("a range of names makes a device each, padded as its first number") {
  const Plan plan = whole();
  REQUIRE(plan.devices.size() == 5);
  CHECK(plan.devices[1].name == "fw-08");
  CHECK(plan.devices[1].config == "hostname fw-08-8-0-8");
  CHECK(plan.devices[4].name == "fw-11");
  CHECK(plan.devices[4].config == "hostname fw-11-11-1-1");
  CHECK(plan.devices[4].index == 4);
  REQUIRE(plan.entries.size() == 2);
  CHECK(plan.entries[1].first == 1);
  CHECK(plan.entries[1].count == 4);
  CHECK(plan.entries[1].first_number == 8);
}

TEST_CASE("as many devices as there may be are cheap") {
  const ScenarioFiles files;
  files.write(
      "t.yaml",
      "name: t\nsummary: s\ndevices: [{name: 'fw-{1..100000}', config: 'hostname x{n}'}]\n");
  const Plan plan = files.plan("t.yaml");
  CHECK(plan.devices.size() == kDevicesMax);
  CHECK(plan.devices.back().config == "hostname x100000");
}

TEST_CASE("a step knows its place, label and technique") {
  const ScenarioFiles files;
  files.write("t.yaml", kWhole);
  const Step step = only(files.plan("t.yaml"));
  CHECK(step.position == Position{files.path("t.yaml"), 21, 5});
  CHECK(step.label == "contain");
  CHECK(step.attack == "T1046.001");
  CHECK(cli_of(step).lines == std::vector<std::string>{"shun 198.51.100.7"});
  CHECK(step.devices == std::vector<std::uint32_t>{0, 1, 2, 3, 4});
}

TEST_CASE("every kind of schedule is read") {
  const Plan plan = plan_of(
      "- {at: 1s, every: 2s, count: 3, cli: a}\n"
      "- {at: 1s, for: 5s, every: {interval: 2s, jitter: 500ms}, cli: a}\n"
      "- {at: 1s, until: 5s, rate: {constant: 90/m}, cli: a}\n"
      "- {at: 1s, rate: {poisson: 0.5/s}, cli: a}\n");
  REQUIRE(plan.steps.size() == 4);
  const Schedule& every = plan.steps[0].schedule;
  CHECK(every.kind == Schedule::Kind::kEvery);
  CHECK(every.at == SimDuration(1s));
  CHECK(every.interval == SimDuration(2s));
  CHECK(every.jitter == SimDuration(0));
  CHECK(every.count == 3);
  CHECK(every.until == kLatest);
  CHECK(plan.steps[1].schedule.until == SimDuration(6s));
  CHECK(plan.steps[1].schedule.jitter == SimDuration(500ms));
  CHECK(plan.steps[2].schedule.kind == Schedule::Kind::kConstant);
  CHECK(plan.steps[2].schedule.per_second == Approx(1.5));
  CHECK(plan.steps[2].schedule.until == SimDuration(5s));
  CHECK(plan.steps[3].schedule.kind == Schedule::Kind::kPoisson);
  CHECK(plan.steps[3].schedule.per_second == Approx(0.5));
}

TEST_CASE("the highest rate and the longest time are allowed") {
  const Plan plan = plan_of(
      "- {rate: {constant: 10000000/s}, cli: a}\n- {every: 100ns, cli: a}\n- {at: 36525d, cli: "
      "a}\n");
  CHECK(plan.steps[0].schedule.per_second == Approx(kRateMax));
  CHECK(plan.steps[2].schedule.at == kLatest);
}

TEST_CASE("cli takes a line, a block or a list without comments and blank lines") {
  const Plan plan = plan_of(
      "- cli: show shun\n"
      "- cli: |\n    configure terminal\n    ! a comment\n\n    interface gi0/0\n     shutdown\n"
      "- cli: [enable, show shun]\n");
  using Lines = std::vector<std::string>;
  CHECK(cli_of(plan.steps[0]).lines == Lines{"show shun"});
  CHECK(cli_of(plan.steps[1]).lines == Lines{"configure terminal", "interface gi0/0", " shutdown"});
  CHECK(cli_of(plan.steps[2]).lines == Lines{"enable", "show shun"});
}

TEST_CASE("a packet's fields stand in the order of their declaration, each with its generator") {
  const Plan plan = plan_of(
      "- packet: {sport: {range: [1024, 65535]}, dport: 22, in: outside, flags: "
      "syn+ack, proto: tcp,\n"
      "           dst: {pool: 10.0.0.0/24}, src: 198.51.100.7, length: {list: {60: 1, "
      "1500: 2.5}}}\n");
  const Step& step = only(plan);
  const PacketStimulus& packet = packet_of(step);
  CHECK(packet.in == "outside");
  std::vector<std::string_view> names;
  for (const auto& field : packet.fields) names.push_back(field.field->field.name);
  CHECK(names ==
        std::vector<std::string_view>{"proto", "src", "dst", "sport", "dport", "flags", "length"});
  CHECK(constant(step, "src") == FieldValue{IpAddress::parse("198.51.100.7").value()});
  CHECK(constant(step, "dport") == FieldValue{Port{22}});
  CHECK(constant(step, "flags") == FieldValue{std::string("syn+ack")});
  CHECK(packet.fields[3].generator.examples() == std::vector<FieldValue>{Port{1024}, Port{65535}});
}

TEST_CASE("a sequence of two numbers is a range, of anything else a list") {
  const Plan plan = plan_of(
      "- packet: {in: outside, proto: tcp, src: {sequence: [10.0.0.1, 10.0.0.9]}, dst: 10.0.0.1,\n"
      "           sport: {sequence: [1024, 1030]}, dport: {sequence: [22, 23, 80]}}\n");
  const auto& fields = packet_of(only(plan)).fields;
  RandomStream random;
  FieldValue scratch;
  CHECK(fields[1].generator.next(random, 1, scratch) ==
        FieldValue{IpAddress::parse("10.0.0.9").value()});
  CHECK(fields[3].generator.next(random, 1, scratch) == FieldValue{Port{1025}});
  CHECK(fields[4].generator.next(random, 2, scratch) == FieldValue{Port{80}});
}

TEST_CASE("a world event has its parameters, and an abbreviated interface its whole name") {
  const auto world =
      std::get<WorldStimulus>(only(plan_of("- world: {link: gi0/1, state: down}\n")).stimulus);
  CHECK(world.event->name == "link");
  CHECK(world.arguments.get<std::string>("link") == "GigabitEthernet0/1");
  CHECK(world.arguments.get<std::string>("state") == "down");
}

TEST_CASE("an emitted message has all its fields") {
  const Plan plan = plan_of(
      "- emit: {message: shunned_packet, fields: {interface: outside, source: {pool: 10.0.0.0/8}, "
      "destination: 10.0.0.1}}\n"
      "- emit: {message: shuns_cleared}\n");
  const auto& emit = std::get<EmitStimulus>(plan.steps[0].stimulus);
  CHECK(emit.type->name() == "shunned_packet");
  REQUIRE(emit.fields.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(emit.fields[i].field == i);
  CHECK(std::get<EmitStimulus>(plan.steps[1].stimulus).fields.empty());
}

TEST_CASE("device selects by name, glob and list") {
  const ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\ndevices: [{name: 'fw-{1..3}'}, {name: core}]\ntimeline:\n"
              "  - {device: core, cli: a}\n"
              "  - {device: fw-*, cli: a}\n"
              "  - {device: [core, 'fw-?', fw-2], cli: a}\n");
  const Plan plan = files.plan("t.yaml");
  using Indexes = std::vector<std::uint32_t>;
  CHECK(plan.steps[0].devices == Indexes{3});
  CHECK(plan.steps[1].devices == Indexes{0, 1, 2});
  CHECK(plan.steps[2].devices == Indexes{0, 1, 2, 3});
}

TEST_CASE("a step that names its device becomes one step for each of its devices") {
  const ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\nduration: 1m\nvars: {net: '10.9.{n}'}\n"
              "devices: [{name: core}, {name: 'fw-{10..12}'}]\ntimeline:\n"
              "  - {at: '{n}s', device: fw-*, cli: 'shun ${net}.1'}\n"
              "  - packet: {in: '{name}', proto: tcp, src: '10.0.0.{n%10}', dst: 10.0.0.1}\n"
              "    device: fw-11\n");
  const Plan plan = files.plan("t.yaml");
  REQUIRE(plan.steps.size() == 4);
  for (std::uint32_t i = 0; i < 3; ++i) {
    CHECK(plan.steps[i].devices == std::vector<std::uint32_t>{i + 1});
    CHECK(plan.steps[i].schedule.at == SimDuration(std::chrono::seconds(10 + i)));
    CHECK(cli_of(plan.steps[i]).lines.front() == fmt::format("shun 10.9.{}.1", 10 + i));
  }
  CHECK(packet_of(plan.steps[3]).in == "fw-11");
  CHECK(constant(plan.steps[3], "src") == FieldValue{IpAddress::parse("10.0.0.1").value()});
}

TEST_CASE("a single device's number is 1") {
  CHECK(cli_of(only(plan_of("- cli: 'show shun 10.0.0.{n} {name}'\n"))).lines.front() ==
        "show shun 10.0.0.1 fw");
}

TEST_CASE("steps made for each device share a constant rate's interval as one step's devices do") {
  const ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\nduration: 1m\ndevices: [{name: 'fw-{1..4}'}]\ntimeline:\n"
              "  - {at: 1s, rate: {constant: 1/s}, cli: 'shun 10.0.0.{n}'}\n");
  const Plan plan = files.plan("t.yaml");
  REQUIRE(plan.steps.size() == 4);
  for (int i = 0; i < 4; ++i) {
    CHECK(plan.steps[static_cast<std::size_t>(i)].schedule.at ==
          SimDuration(1s) + i * SimDuration(250ms));
  }
}

TEST_CASE("a group's steps are counted from the group, once for each round") {
  const Plan plan = plan_of(
      "- at: 10s\n"
      "  repeat: {count: 2, every: 1m}\n"
      "  step: round\n"
      "  attack: T1046\n"
      "  steps:\n"
      "    - {at: 1s, every: 1s, until: 5s, cli: a}\n"
      "    - at: 20s\n"
      "      repeat: {count: 2, every: 1s}\n"
      "      steps: [{at: 500ms, step: own, cli: b}]\n");
  REQUIRE(plan.steps.size() == 6);
  CHECK(plan.steps[0].schedule.at == SimDuration(11s));
  CHECK(plan.steps[0].schedule.until == SimDuration(15s));
  CHECK(plan.steps[0].label == "round");
  CHECK(plan.steps[0].attack == "T1046");
  CHECK(plan.steps[1].schedule.at == SimDuration(30500ms));
  CHECK(plan.steps[1].label == "own");
  CHECK(plan.steps[1].attack == "T1046");
  CHECK(plan.steps[2].schedule.at == SimDuration(31500ms));
  CHECK(plan.steps[3].schedule.at == SimDuration(71s));
  CHECK(plan.steps[5].schedule.at == SimDuration(91500ms));
}

TEST_CASE("a group's device is that of its steps, unless they name their own") {
  const ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\ndevices: [{name: a}, {name: b}]\ntimeline:\n"
              "  - {device: b, steps: [{cli: x}, {device: a, cli: x}]}\n");
  const Plan plan = files.plan("t.yaml");
  CHECK(plan.steps[0].devices == std::vector<std::uint32_t>{1});
  CHECK(plan.steps[1].devices == std::vector<std::uint32_t>{0});
}

TEST_CASE("a timeline expands to as many steps as there may be, nested as deep as they may") {
  const Plan plan = plan_of(
      "- repeat: {count: 10, every: 1s}\n  steps:\n"
      "    - repeat: {count: 10, every: 1s}\n      steps:\n"
      "        - repeat: {count: 10, every: 1s}\n          steps:\n"
      "            - repeat: {count: 100, every: 1s}\n              steps: [{cli: a}]\n");
  CHECK(plan.steps.size() == kStepsMax);
}

TEST_CASE("a collector is a destination, or a mapping of one and its options") {
  const ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\nvars: {n: 2}\ndevices: [{name: fw}]\n"
              "collectors:\n"
              "  10.0.0.5: tcp://127.0.0.1:1470?channels=1\n"
              "  10.0.0.6: {to: 'tls://logs.example:6514', channels: '${n}', framing: octet,\n"
              "             ca: a.pem, cert: b.pem, key: c.pem, name: siem.example, tls: '1.3'}\n"
              "  10.0.0.7: {to: 'udp://127.0.0.1:514', offload: off}\n");
  const Plan plan = files.plan("t.yaml");
  REQUIRE(plan.collectors.size() == 3);
  CHECK(to_string(plan.collectors[0].second) == "tcp://127.0.0.1:1470?channels=1");
  CHECK(to_string(plan.collectors[1].second) ==
        "tls://logs.example:6514?channels=2&framing=octet&ca=a.pem&cert=b.pem&key=c.pem&"
        "name=siem.example&tls=1.3");
  CHECK(to_string(plan.collectors[2].second) == "udp://127.0.0.1:514?offload=off");
}

TEST_CASE("included files come first, and the including one has the last word") {
  const ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\nincludes: [parts/a.yaml, parts/b.yaml]\nvars: {who: main}\n"
              "devices: [{name: fw-t}]\ncollectors: {10.0.0.5: 'null:'}\n"
              "timeline: [{cli: 'from t ${who} ${a} ${b}'}]\n");
  files.write("parts/a.yaml",
              "includes: [deeper/c.yaml]\nvars: {who: a, a: 1}\ndevices: [{name: fw-a}]\n"
              "collectors: {10.0.0.5: 'stdout:', 10.0.0.6: 'stdout:'}\n"
              "timeline: [{cli: 'from a ${who}'}]\n");
  files.write("parts/b.yaml", "includes: [deeper/c.yaml]\nvars: {who: b, b: 2}\nname: b\n");
  files.write("parts/deeper/c.yaml",
              "devices: [{name: fw-c, config-file: c.cfg}]\ntimeline: [{cli: from c}]\n");
  files.write("parts/deeper/c.cfg", "hostname c\r\n");
  const Plan plan = files.plan("t.yaml");
  CHECK(plan.name == "t");
  REQUIRE(plan.devices.size() == 3);
  CHECK(plan.devices[0].name == "fw-c");
  CHECK(plan.devices[0].config == "hostname c\r\n");
  CHECK(plan.devices[1].name == "fw-a");
  CHECK(plan.devices[2].name == "fw-t");
  REQUIRE(plan.steps.size() == 3);
  CHECK(cli_of(plan.steps[0]).lines.front() == "from c");
  CHECK(cli_of(plan.steps[1]).lines.front() == "from a main");
  CHECK(cli_of(plan.steps[2]).lines.front() == "from t main 1 2");
  REQUIRE(plan.collectors.size() == 2);
  CHECK(plan.collectors[0].second.kind == Destination::Kind::kNull);
}

TEST_CASE("a shipped part is included by its name") {
  const ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\nincludes: [parts/edge]\nvars: {trap: warnings}\n"
              "timeline: [{cli: show shun}]\n");
  const Plan plan = files.plan("t.yaml");
  REQUIRE(plan.devices.size() == 1);
  CHECK(plan.devices[0].config.find("logging trap warnings\n") != std::string::npos);
  Faults faults;
  std::vector<std::string> notes;
  check_on_devices(plan, test::catalogue(), faults, notes);
  CHECK(faults.to_string().empty());
  CHECK(notes == std::vector<std::string>{});
}

TEST_CASE("includes may nest eight deep") {
  const ScenarioFiles files;
  for (int depth = 0; depth < 8; ++depth) {
    const std::string top = depth == 0 ? "name: t\nsummary: s\n" : "";
    files.write(fmt::format("{}.yaml", depth),
                fmt::format("{}includes: [{}.yaml]\n", top, depth + 1));
  }
  files.write("8.yaml", "devices: [{name: deep}]\n");
  CHECK(files.plan("0.yaml").devices.front().name == "deep");
}

TEST_CASE("the command line has the last word over seed, duration and variables") {
  PlanOverrides overrides;
  overrides.seed = 99;
  overrides.duration = SimDuration(5s);
  overrides.variables = {{"scanner", "192.0.2.9"}};
  const ScenarioFiles files;
  files.write("t.yaml", kWhole);
  const Plan plan = files.plan("t.yaml", overrides);
  CHECK(plan.seed == 99);
  CHECK(plan.devices[0].seed == 99);
  CHECK(plan.duration == SimDuration(5s));
  CHECK(cli_of(only(plan)).lines.front() == "shun 192.0.2.9");
}

TEST_CASE("setting a variable that is not declared is a mistake of the command line") {
  const ScenarioFiles files;
  files.write("t.yaml", kWhole);
  CHECK(files.faults("t.yaml", {.seed = {}, .duration = {}, .variables = {{"scaner", "x"}}}) ==
        "--set: the scenario has no variable 'scaner'; did you mean 'scanner'?\n");
}

TEST_CASE("a duration on the command line ends what else never would") {
  const ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\ndevices: [{name: fw}]\ntimeline: [{every: 1s, cli: a}]\n");
  CHECK_FALSE(files.faults("t.yaml").empty());
  CHECK(files.faults("t.yaml", {.seed = {}, .duration = SimDuration(5s), .variables = {}}).empty());
}

TEST_CASE("the same mistake in every round of a group is said once") {
  const ScenarioFiles files;
  files.write("t.yaml",
              test::with_timeline("- {repeat: {count: 100000, every: 1s}, steps: [{cli: ''}]}\n"));
  CHECK(files.faults("t.yaml") == "t.yaml:6:54: cli is empty\n");
}
