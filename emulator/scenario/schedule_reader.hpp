// Reads when a step occurs.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/scenario/scope.hpp"
#include "emulator/scenario/sources.hpp"

namespace asaemu {

/// No instant of a scenario lies later.
inline constexpr SimDuration kLatest = std::chrono::hours(24) * 36'525;

/// The keys of a step that say when it occurs; nullptr where absent.
struct ScheduleNodes {
  const Node* at = nullptr;
  const Node* until = nullptr;
  const Node* length = nullptr;  ///< `for:`
  const Node* every = nullptr;
  const Node* rate = nullptr;
  const Node* count = nullptr;
  const Source* source = nullptr;  ///< the file they stand in; nullptr if there is none
};

/// Reads a step's schedule, its times counted from `offset`. `has_end` says whether the scenario
/// has a duration, so that a step may go on until then. nullopt, and a complaint about each
/// mistake, if it is wrong. `step` is where missing keys are complained about.
std::optional<Schedule> read_schedule(const ScheduleNodes& nodes, const Node& step,
                                      SimDuration offset, bool has_end, const Scope& scope);

/// `at` of a step or group, zero if absent, plus `offset`; nullopt and a complaint if that is
/// wrong.
std::optional<SimDuration> read_at(const Node* at, const Node& step, SimDuration offset,
                                   const Scope& scope);

}  // namespace asaemu
