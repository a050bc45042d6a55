// Scenario files for tests: written for one test, read, gone.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace asaemu::test {

/// The built-in messages.
inline const Catalogue& catalogue() {
  static const Catalogue instance;
  return instance;
}

/// A folder of scenario files, gone at the end.
class ScenarioFiles {
 public:
  /// Writes a file; the folders on its way are made.
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    write_file(folder_.path() / name, text);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.file(name); }

  /// Reads a scenario that must be right.
  [[nodiscard]] Plan plan(const std::string& name, const PlanOverrides& overrides = {}) const {
    Faults faults;
    Plan plan = read_scenario(path(name), overrides, catalogue(), faults);
    INFO(faults.to_string());
    REQUIRE(faults.empty());
    return plan;
  }

  /// What is wrong with a scenario, one complaint a line, file names relative to the directory.
  [[nodiscard]] std::string faults(const std::string& name,
                                   const PlanOverrides& overrides = {}) const {
    Faults faults;
    static_cast<void>(read_scenario(path(name), overrides, catalogue(), faults));
    return relative(faults.to_string());
  }

  [[nodiscard]] std::string relative(std::string text) const {
    const std::string prefix = folder_.path().string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

 private:
  TemporaryFolder folder_;
};

/// A scenario with one device `fw` and this timeline, which starts in the first column.
inline std::string with_timeline(std::string_view timeline) {
  return "name: t\nsummary: A test.\nduration: 1h\ndevices: [{name: fw}]\ntimeline:\n" +
         std::string(timeline);
}

/// The plan of with_timeline().
inline Plan plan_of(std::string_view timeline) {
  const ScenarioFiles files;
  files.write("t.yaml", with_timeline(timeline));
  return files.plan("t.yaml");
}

}  // namespace asaemu::test
