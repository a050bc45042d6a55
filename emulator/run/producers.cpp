#include "emulator/run/producers.hpp"

#include "emulator/run/run.hpp"
#include "emulator/yaml/embedded.hpp"

#include <algorithm>

namespace asaemu {

Producers::Producers(const Catalogue& catalogue) : scenarios_(catalogue.size()) {
  RunOptions options;
  options.speed.is_max = true;
  options.quiet = true;
  options.to = Destination{};  // null:
  for (const auto& file : embedded_scenarios()) {
    if (file.name.starts_with("parts/")) continue;
    Faults faults;
    Plan plan = read_scenario(std::string(file.name), {}, catalogue, faults);
    if (!faults.empty()) continue;  // the library's own tests complain about it
    std::erase_if(plan.steps, [](const Step& step) {
      return std::holds_alternative<EmitStimulus>(step.stimulus);
    });
    Run run(plan, catalogue, options);
    if (!run.open().empty()) continue;
    const RunResult result = run.execute();
    for (std::size_t i = 0; i < result.message_counts.size(); ++i) {
      if (result.message_counts[i] > 0) scenarios_[i].emplace_back(file.name);
    }
  }
  for (auto& names : scenarios_) std::sort(names.begin(), names.end());
}

}  // namespace asaemu
