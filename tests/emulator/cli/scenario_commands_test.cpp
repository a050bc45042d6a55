// The commands about scenarios, run as a user runs them.
#include "tests/emulator/scenario/scenario_files.hpp"
#include "tests/emulator/scenario/schema_validator.hpp"

#include <cstdio>
#include <sys/wait.h>

using namespace asaemu;
using test::Json;
using test::ScenarioFiles;

namespace {

struct Outcome {
  int code = -1;
  std::string output;
  std::string errors;
};

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs `asaemu` with these arguments in the files' directory.
Outcome run(const ScenarioFiles& files, const std::string& arguments) {
  const std::string command = fmt::format("cd '{}' && '{}' {} > out.txt 2> err.txt",
                                          files.path("."), ASAEMU_PROGRAM, arguments);
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own program
  return {WEXITSTATUS(status), read_all(files.path("out.txt")), read_all(files.path("err.txt"))};
}

}  // namespace

TEST_CASE("check says a line for each good scenario and exits 0") {
  const Outcome outcome = run(ScenarioFiles(), "check quickstart shunned-scanner");
  CHECK(outcome.code == 0);
  CHECK(outcome.output ==
        "quickstart: ok, 1 device, 7 steps\nshunned-scanner: ok, 1 device, 9 steps\n");
  CHECK(outcome.errors.empty());
}

TEST_CASE("check says all that is wrong with all scenarios and exits 2") {
  const ScenarioFiles files;
  files.write("a.yaml",
              "name: a\nsummary: s\ndevices: [{name: fw}]\ntimeline: [{at: -1s, cli: x}]\n");
  files.write("b.yaml", "name: b\nsummary: s\ndevices: [{nam: fw}]\n");
  const Outcome outcome = run(files, "check b.yaml quickstart a.yaml");
  CHECK(outcome.code == 2);
  CHECK(outcome.output == "quickstart: ok, 1 device, 7 steps\n");
  CHECK(outcome.errors ==
        "a.yaml:4:17: at is '-1s'; a duration cannot be negative\n"
        "b.yaml:3:12: unknown key 'nam'; did you mean 'name'?\n");
}

TEST_CASE("check shows notes on standard error and still exits 0") {
  const ScenarioFiles files;
  files.write("a.yaml", "name: a\nsummary: s\ndevices: [{name: fw}]\n");
  const Outcome outcome = run(files, "check a.yaml");
  CHECK(outcome.code == 0);
  CHECK(outcome.output == "a: ok, 1 device, 0 steps\n");
  CHECK(outcome.errors.starts_with("a: fw: no message will be sent; "));
}

TEST_CASE("check without a scenario is a mistake") {
  CHECK(run(ScenarioFiles(), "check").code == 2);
}

TEST_CASE("scenarios lists a line each, the name first, or prints one") {
  const ScenarioFiles files;
  const Outcome list = run(files, "scenarios");
  CHECK(list.code == 0);
  CHECK(list.output.find("quickstart  ") != std::string::npos);
  CHECK(list.output.find("\nshunned-scanner  An operator shuns") != std::string::npos);
  CHECK(list.output.find("parts/") == std::string::npos);

  const Outcome printed = run(files, "scenarios quickstart");
  CHECK(printed.code == 0);
  files.write("mine.yaml", printed.output);
  CHECK(run(files, "check mine.yaml").output == "quickstart: ok, 1 device, 7 steps\n");

  const Outcome none = run(files, "scenarios quikstart");
  CHECK(none.code == 2);
  CHECK(none.errors.find("did you mean 'quickstart'?") != std::string::npos);
}

TEST_CASE("stimuli lists commands, packet fields, world events and options") {
  const ScenarioFiles files;
  const Outcome text = run(files, "stimuli");
  CHECK(text.code == 0);
  for (const char* part : {"clear shun", "Remove all shuns [shun]", "sport",
                           "link: A port's carrier", "boot-time", "in mode config-if"}) {
    INFO(part);
    CHECK(text.output.find(part) != std::string::npos);
  }
  const Json json = Json::parse(run(files, "stimuli --json").output);
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

TEST_CASE("schema prints a JSON Schema") {
  const Outcome outcome = run(ScenarioFiles(), "schema");
  CHECK(outcome.code == 0);
  CHECK(Json::parse(outcome.output)["$schema"] == "http://json-schema.org/draft-07/schema#");
}
