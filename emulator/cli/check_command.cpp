#include "emulator/cli/check_command.hpp"

#include "emulator/cli/commands.hpp"
#include "emulator/scenario/plan.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// Checks one scenario; its faults are added to `all`.
void check_one(const std::string& scenario, const Catalogue& catalogue, Faults& all) {
  Faults faults;
  std::vector<std::string> notes;
  const Plan plan = read_scenario(scenario, {}, catalogue, faults);
  if (faults.empty()) check_on_devices(plan, catalogue, faults, notes);
  for (const auto& note : notes) fmt::print(stderr, "{}: {}\n", plan.name, note);
  for (Fault& fault : faults.sorted()) all.add(std::move(fault.where), std::move(fault.what));
  if (!faults.empty()) return;
  fmt::print("{}: ok, {}, {}\n", plan.name, counted(plan.devices.size(), "device"),
             counted(plan.steps.size(), "step"));
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code) {
  auto scenarios = std::make_shared<std::vector<std::string>>();
  CLI::App* command =
      app.add_subcommand("check", "Find all mistakes of scenarios without running them");
  command->add_option("scenario", *scenarios, "Scenario files, or names of shipped scenarios")
      ->required();
  command->callback([scenarios, &exit_code] {
    const Catalogue catalogue;
    Faults faults;
    for (const auto& scenario : *scenarios) check_one(scenario, catalogue, faults);
    fmt::print(stderr, "{}", faults.to_string());
    exit_code = faults.empty() ? kExitDone : kExitBadInput;
  });
}

}  // namespace asaemu
