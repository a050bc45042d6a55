#include "emulator/scenario/schema.hpp"

#include "emulator/yaml/embedded.hpp"
#include "model/contract/registry.hpp"
#include "test_paths.hpp"
#include "tests/emulator/scenario/scenario_files.hpp"
#include "tests/emulator/scenario/schema_validator.hpp"

using namespace asaemu;
using test::Json;

namespace {

const test::SchemaValidator& validator() {
  static const test::SchemaValidator instance(Json::parse(scenario_schema(test::catalogue())));
  return instance;
}

std::string violation(std::string_view name, std::string_view text) {
  Faults faults;
  const auto document = Document::load_text(name, text, faults);
  INFO(faults.to_string());
  REQUIRE(document.has_value());
  return validator().violation(test::json_of(document->root()));
}

/// A step as the schema sees it.
std::string step(std::string_view text) {
  return violation("t.yaml", "timeline:\n  - " + std::string(text) + "\n");
}

}  // namespace

TEST_CASE("the schema accepts every shipped scenario and part") {
  REQUIRE_FALSE(embedded_scenarios().empty());
  for (const EmbeddedFile& file : embedded_scenarios()) {
    INFO(file.name);
    CHECK(violation(file.name, file.text) == std::string());
  }
}

TEST_CASE("the schema sees what is wrong in bad scenarios, where a schema can") {
  const std::filesystem::path folder = ASAEMU_SOURCE_DIR "/tests/scenarios/bad";
  for (const char* name :
       {"keys", "top", "texts", "shapes", "vars", "includes", "devices", "collectors", "steps",
        "schedule", "rates", "groups", "cli", "packet", "generators", "world", "emit", "list"}) {
    INFO(name);
    const auto path = folder / (std::string(name) + ".yaml");
    CHECK_FALSE(violation(name, test::read_file(path)).empty());
  }
}

TEST_CASE("the schema leaves to the check what only the check can know") {
  const std::filesystem::path folder = ASAEMU_SOURCE_DIR "/tests/scenarios/bad";
  for (const char* name : {"endless", "expansion", "cycle", "depth", "probe_config", "probe_steps",
                           "many_devices", "no_devices", "no_vars"}) {
    INFO(name);
    CHECK(violation(name, test::read_file(folder / (std::string(name) + ".yaml"))).empty());
  }
}

TEST_CASE("the schema knows every declared name") {
  const std::string schema = scenario_schema(test::catalogue());
  for (const WorldEvent& event : registry().world_events()) {
    CHECK(schema.find('"' + std::string(event.name) + '"') != std::string::npos);
  }
  for (const PacketFieldDef& def : registry().packet_fields()) {
    CHECK(schema.find('"' + std::string(def.field.name) + '"') != std::string::npos);
  }
  for (const OptionDef& option : registry().options()) {
    CHECK(schema.find('"' + std::string(option.field.name) + '"') != std::string::npos);
  }
  for (std::size_t i = 0; i < test::catalogue().size(); ++i) {
    CHECK(schema.find('"' + std::string(test::catalogue().at(i).name()) + '"') !=
          std::string::npos);
  }
}

TEST_CASE("a step in the schema does one thing") {
  CHECK(step("{cli: show shun}").empty());
  CHECK(step("{steps: [{cli: show shun}]}").empty());
  CHECK(step("{at: 1s}") == "/timeline/0: fits 0 of oneOf");
  CHECK(step("{cli: show shun, world: {link: gi0/0, state: up}}") ==
        "/timeline/0: fits 2 of oneOf");
  CHECK(step("{cli: a, rate: {poisson: 1/s}, every: 1s}") == "/timeline/0: has what it must not");
}

TEST_CASE("durations, rates and numbers in the schema have their forms") {
  for (const char* good : {"1s", "9m30s", "1.5h", "0s", "'${when}'", "'{n}s'"}) {
    INFO(good);
    CHECK(step(fmt::format("{{at: {}, cli: a}}", good)).empty());
  }
  for (const char* bad : {"-1s", "1", "s", "1 s", "1x", "[1s]"}) {
    INFO(bad);
    CHECK_FALSE(step(fmt::format("{{at: {}, cli: a}}", bad)).empty());
  }
  CHECK(step("{rate: {poisson: 2.5/m}, cli: a}").empty());
  CHECK_FALSE(step("{rate: {poisson: 2.5}, cli: a}").empty());
  CHECK_FALSE(step("{rate: {poisson: 1/s, constant: 1/s}, cli: a}").empty());
  CHECK_FALSE(step("{every: 1s, count: 0, cli: a}").empty());
}

TEST_CASE("the schema knows every shape of a load") {
  for (const char* good :
       {"ramp: {from: 0, to: 5/s, over: 1m}", "step: {from: 1/s, by: 1/s, every: 1m, to: 9/s}",
        "burst: {base: 0/s, peak: 5/s, every: 1m, for: 1s}, arrivals: poisson",
        "sine: {mean: 2/s, amplitude: 1/s, period: 1h}, per: run", "diurnal: 5/s",
        "diurnal: {mean: 5/s, spikes: off}", "hawkes: {mean: 5/s, branching: 0.5, decay: 1s}",
        "trace: rates.csv", "trace: {file: rates.csv, scale: 2}",
        "volume: {per-day: 2.5GB, line: 200, shape: diurnal}"}) {
    INFO(good);
    CHECK(step(fmt::format("{{rate: {{{}}}, cli: a}}", good)) == std::string());
  }
  for (const char* bad :
       {"ramp: {from: 0, to: 5/s}", "ramp: 5/s", "sine: {mean: 1/s}", "burst: {base: 0/s}",
        "diurnal: {spikes: off}", "hawkes: 5/s", "volume: 5GB", "volume: {per-day: 5}",
        "constant: 1/s, arrivals: sometimes", "constant: 1/s, per: fleet", "arrivals: even"}) {
    INFO(bad);
    CHECK_FALSE(step(fmt::format("{{rate: {{{}}}, cli: a}}", bad)).empty());
  }
  CHECK(step("{rate: {poisson: 1/s}, mix: [{weight: 2, cli: a}, {cli: b}]}").empty());
  CHECK_FALSE(step("{rate: {poisson: 1/s}, mix: [{weight: 0, cli: a}]}").empty());
  CHECK_FALSE(step("{rate: {poisson: 1/s}, mix: [{weight: 1}]}").empty());
  CHECK_FALSE(step("{rate: {poisson: 1/s}, mix: []}").empty());
}

TEST_CASE("packets in the schema have typed fields and generators") {
  const auto packet = [](std::string_view field) {
    return step(fmt::format(
        "{{packet: {{in: outside, proto: tcp, src: 10.0.0.1, dst: 10.0.0.2{}}}}}", field));
  };
  CHECK(packet("").empty());
  CHECK(packet(", sport: 65535, dport: {range: [0, 65535]}").empty());
  CHECK(packet(", sport: {list: {22: 5, 23: 0.5}}, dport: {sequence: [1, 2, 3]}").empty());
  CHECK(packet(", sport: '{n}', flags: syn+ack").empty());
  CHECK_FALSE(packet(", sport: 65536").empty());
  CHECK_FALSE(packet(", sport: {pool: 10.0.0.0/8}").empty());
  CHECK_FALSE(packet(", sport: {list: [1], range: [1, 2]}").empty());
  CHECK_FALSE(packet(", colour: red").empty());
  CHECK(packet(", smac: {range: [0016.a421.9400, 0016.a421.94ff]}").empty());
  CHECK(step("{packet: {in: inside, arp: request, src: 10.0.0.1, dst: 10.0.0.2}}").empty());
  CHECK_FALSE(step("{packet: {in: inside, arp: ask, src: 10.0.0.1, dst: 10.0.0.2}}").empty());
  CHECK_FALSE(step("{packet: {in: inside, src: 10.0.0.1, dst: 10.0.0.2}}").empty());
  CHECK_FALSE(step("{packet: {in: outside, proto: tcp, src: 10.0.0.1}}").empty());
  CHECK_FALSE(step("{packet: {in: outside, proto: tcp, src: 10.0.0.300, dst: 10.0.0.1}}").empty());
  CHECK(step("{packet: {in: o, proto: 6, src: '2001:db8::1', dst: {pool: '2001:db8::/64'}}}")
            .empty());
}

TEST_CASE("the schema is the same text every time") {
  CHECK(scenario_schema(test::catalogue()) == scenario_schema(test::catalogue()));
}
