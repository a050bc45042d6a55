#include "emulator/run/load.hpp"

#include "emulator/run/arrivals.hpp"
#include "emulator/scenario/shape_reader.hpp"
#include "emulator/scenario/values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

using Kind = Schedule::Kind;

bool is_load(const Step& step) {
  const Schedule& schedule = step.schedule;
  const bool has_rate = schedule.kind != Kind::kOnce && schedule.kind != Kind::kEvery;
  return has_rate && schedule.count == ~std::uint64_t{0} && !step.devices.empty();
}

double highest_rate(const Schedule& schedule) {
  return schedule.shape ? schedule.shape->highest_rate() : schedule.per_second;
}

}  // namespace

double average_load(const Plan& plan, CalendarTime start) {
  const SimDuration run_end = plan.duration.value_or(SimDuration::max());
  double expected = 0;
  SimDuration begin = SimDuration::max();
  SimDuration end{};
  for (const Step& step : plan.steps) {
    const SimDuration step_end = std::min(step.schedule.until, run_end);
    if (!is_load(step) || step_end <= step.schedule.at) continue;
    begin = std::min(begin, step.schedule.at);
    end = std::max(end, step_end);
    expected += expected_occurrences(step.schedule, run_end, start) *
                static_cast<double>(step.devices.size());
  }
  return end > begin ? expected / std::chrono::duration<double>(end - begin).count() : 0;
}

std::string scale_load(Plan& plan, double per_second, CalendarTime start) {
  const double now = average_load(plan, start);
  if (now <= 0) return "the scenario has no step with a rate (and without a count) to scale";
  const double factor = per_second / now;
  double highest = 0;
  for (Step& step : plan.steps) {
    if (!is_load(step)) continue;
    scale(step.schedule, factor);
    highest = std::max(highest, highest_rate(step.schedule));
  }
  if (highest <= kRateMax) return {};
  return fmt::format(
      "a step would happen {:.0f} times a second on one device; at most {:.0f} are "
      "allowed",
      highest, kRateMax);
}

}  // namespace asaemu
