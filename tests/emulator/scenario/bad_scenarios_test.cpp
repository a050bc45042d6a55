// tests/scenarios/bad: scenarios with mistakes, and beside each what must be said about it, byte
// for byte. ASAEMU_UPDATE_GOLDEN=1 writes the complaints anew, to be read before they are committed.
#include "test_paths.hpp"
#include "tests/emulator/scenario/scenario_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

using namespace asaemu;

namespace {

const std::filesystem::path kFolder = ASAEMU_SOURCE_DIR "/tests/scenarios/bad";

std::string without(std::string text, const std::string& prefix) {
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
    text.erase(at, prefix.size());
  }
  return text;
}

/// What `asaemu check` says about a scenario, with file names relative to the folder.
std::string complaints(const std::filesystem::path& path) {
  Faults faults;
  std::vector<std::string> notes;
  const Plan plan = read_scenario(path.string(), {}, test::catalogue(), faults);
  if (faults.empty()) check_on_devices(plan, test::catalogue(), faults, notes);
  return without(faults.to_string(), kFolder.string() + "/");
}

}  // namespace

TEST_CASE("every bad scenario gets exactly the complaints beside it") {
  std::vector<std::filesystem::path> scenarios;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".yaml") scenarios.push_back(entry.path());
  }
  std::sort(scenarios.begin(), scenarios.end());
  REQUIRE(scenarios.size() > 30);
  for (const auto& scenario : scenarios) {
    INFO(scenario.filename().string());
    const auto expected = std::filesystem::path(scenario).replace_extension(".expected");
    const std::string said = complaints(scenario);
    if (std::getenv("ASAEMU_UPDATE_GOLDEN") != nullptr) test::write_file(expected, said);
    REQUIRE(std::filesystem::exists(expected));
    CHECK_FALSE(said.empty());
    CHECK(said == test::read_file(expected));
  }
}

TEST_CASE("a scenario of 100 MB is refused before it is read") {
  const test::ScenarioFiles files;
  files.write("large.yaml", "name: large\n");
  std::filesystem::resize_file(files.path("large.yaml"), 100'000'000);
  CHECK(files.faults("large.yaml") ==
        "large.yaml: file is 100000000 bytes; at most 4194304 are read\n");
}

TEST_CASE("an included file and a configuration of 100 MB are refused as well") {
  const test::ScenarioFiles files;
  files.write("t.yaml",
              "name: t\nsummary: s\nincludes: [large.yaml]\n"
              "devices: [{name: fw, config-file: large.cfg}]\n");
  for (const char* name : {"large.yaml", "large.cfg"}) {
    files.write(name, "");
    std::filesystem::resize_file(files.path(name), 100'000'000);
  }
  CHECK(
      files.faults("t.yaml") ==
      "large.yaml: file is 100000000 bytes; at most 4194304 are read\n"
      "t.yaml:4:35: config-file 'large.cfg': file is 100000000 bytes; at most 4194304 are read\n");
}

TEST_CASE("a YAML bomb is refused where it begins to explode") {
  std::string text = "name: bomb\nsummary: s\nvars: {v: 1}\ndevices: [{name: fw}]\n";
  text += "timeline: [{cli: &l0 [x, x, x, x, x, x, x, x, x, x]}\n";
  for (int level = 1; level <= 9; ++level) {
    text += fmt::format(
        ", &l{0} [*l{1}, *l{1}, *l{1}, *l{1}, *l{1}, *l{1}, *l{1}, *l{1}, *l{1}, *l{1}]\n", level,
        level - 1);
  }
  const test::ScenarioFiles files;
  files.write("bomb.yaml", text + "]\n");
  const std::string said = files.faults("bomb.yaml");
  CHECK(said.find("aliases stand for more than 100000 values in all") != std::string::npos);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}

TEST_CASE("variables that blow up a text are refused") {
  const std::string kilobyte(1024, 'x');
  std::string text = "name: t\nsummary: s\nvars: {v: " + kilobyte + "}\ndevices: [{name: fw}]\n";
  text += "timeline:\n  - cli: \"";
  for (int i = 0; i < 5000; ++i) text += "${v}";
  const test::ScenarioFiles files;
  files.write("t.yaml", text + "\"\n");
  CHECK(files.faults("t.yaml") ==
        "t.yaml:6:10: with its variables this is more than 4194304 bytes\n");
}

TEST_CASE("repeats that would fill the memory are refused") {
  const std::string block(65536, 'x');
  std::string text = "name: t\nsummary: s\nvars: {v: " + block + "}\ndevices: [{name: fw}]\n";
  text += "timeline:\n  - repeat: {count: 100000, every: 1s}\n    steps:\n      - cli: \"";
  for (int i = 0; i < 60; ++i) text += "${v}";
  const test::ScenarioFiles files;
  files.write("t.yaml", text + "\"\n");
  CHECK(
      files.faults("t.yaml") ==
      "t.yaml:8:14: the scenario is too large: its aliases, repeats and steps for each device hold "
      "too many values\n");
}

TEST_CASE("a scenario that is a directory, a FIFO or not there is refused") {
  const test::ScenarioFiles files;
  files.write("folder/t.yaml", "");
  CHECK(files.faults("folder") == "folder: is a directory; a file was expected\n");
  CHECK(files.faults("no.yaml") == "no.yaml: cannot be read: No such file or directory\n");
}

TEST_CASE("a shipped scenario's misspelt name is corrected") {
  Faults faults;
  static_cast<void>(read_scenario("quickstrat", {}, test::catalogue(), faults));
  CHECK(faults.to_string().starts_with(
      "quickstrat: there is neither a file nor a shipped scenario of this name; did you mean "
      "'quickstart'?"));
}
