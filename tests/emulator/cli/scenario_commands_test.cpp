// The commands about scenarios, run as a user runs them.
#include "tests/emulator/scenario/scenario_files.hpp"
#include "tests/emulator/scenario/schema_validator.hpp"

using namespace asaemu;
using test::Json;
using test::Outcome;
using test::run_asaemu;
using test::ScenarioFiles;

TEST_CASE("check says a line for each good scenario and exits 0", "[program]") {
  const Outcome outcome = run_asaemu({"check", "quickstart", "shunned-scanner"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("quickstart: ok, 1 device, "));
  CHECK(outcome.out.find("\nshunned-scanner: ok, 1 device, ") != std::string::npos);
  CHECK(outcome.err.empty());
}

TEST_CASE("check says all that is wrong with all scenarios and exits 2", "[program]") {
  const ScenarioFiles files;
  files.write("a.yaml",
              "name: a\nsummary: s\ndevices: [{name: fw}]\ntimeline: [{at: -1s, cli: x}]\n");
  files.write("b.yaml", "name: b\nsummary: s\ndevices: [{nam: fw}]\n");
  const Outcome outcome =
      run_asaemu({"check", files.path("b.yaml"), "quickstart", files.path("a.yaml")});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.starts_with("quickstart: ok, 1 device, "));
  CHECK(files.relative(outcome.err) ==
        "a.yaml:4:17: at is '-1s'; a duration cannot be negative\n"
        "b.yaml:3:12: unknown key 'nam'; did you mean 'name'?\n");
}

TEST_CASE("check shows notes on standard error and still exits 0", "[program]") {
  const ScenarioFiles files;
  files.write("a.yaml", "name: a\nsummary: s\ndevices: [{name: fw}]\n");
  const Outcome outcome = run_asaemu({"check", files.path("a.yaml")});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "a: ok, 1 device, 0 steps\n");
  CHECK(outcome.err.starts_with("a: fw: no message will be sent; "));
}

TEST_CASE("check without a scenario is a mistake", "[program]") {
  CHECK(run_asaemu({"check"}).exit_code == 2);
}

TEST_CASE("scenarios lists a line each, the name first, or prints one", "[program]") {
  const Outcome list = run_asaemu({"scenarios"});
  CHECK(list.exit_code == 0);
  CHECK(list.out.find("quickstart  ") != std::string::npos);
  CHECK(list.out.find("\nshunned-scanner  ") != std::string::npos);
  CHECK(list.out.find("parts/") == std::string::npos);

  const Outcome printed = run_asaemu({"scenarios", "quickstart"});
  CHECK(printed.exit_code == 0);
  const ScenarioFiles files;
  files.write("mine.yaml", printed.out);
  CHECK(
      run_asaemu({"check", files.path("mine.yaml")}).out.starts_with("quickstart: ok, 1 device, "));

  const Outcome none = run_asaemu({"scenarios", "quikstart"});
  CHECK(none.exit_code == 2);
  CHECK(none.err.find("did you mean 'quickstart'?") != std::string::npos);
}

TEST_CASE("stimuli lists commands, packet fields, world events and options", "[program]") {
  const Outcome text = run_asaemu({"stimuli"});
  CHECK(text.exit_code == 0);
  for (const char* part : {"clear shun", "Remove all shuns [shun]", "sport",
                           "link: A port's carrier", "boot-time", "in mode config-if"}) {
    INFO(part);
    CHECK(text.out.find(part) != std::string::npos);
  }
  const Json json = Json::parse(run_asaemu({"stimuli", "--json"}).out);
  CHECK(json["commands"].size() == registry().grammar().commands().size());
  CHECK(json["packet_fields"].size() == registry().packet_fields().size());
  CHECK(json["device_options"].size() == registry().options().size());
  const auto& events = json["world_events"];
  const auto link = std::find_if(events.begin(), events.end(),
                                 [](const Json& event) { return event["name"] == "link"; });
  REQUIRE(link != events.end());
  CHECK((*link)["subsystem"] == "interfaces");
  CHECK((*link)["parameters"][0]["names"] == "interface");
  CHECK((*link)["parameters"][1]["type"]["one_of"] == Json{"up", "down"});
}

TEST_CASE("schema prints a JSON Schema", "[program]") {
  const Outcome outcome = run_asaemu({"schema"});
  CHECK(outcome.exit_code == 0);
  CHECK(Json::parse(outcome.out)["$schema"] == "http://json-schema.org/draft-07/schema#");
}
