// When a step's stimulus occurs on one device, one instant after the other.
#pragma once

#include "emulator/scenario/plan.hpp"

namespace asaemu {

/// The instants of one step on one device. They depend on the schedule, the device's part of a gap
/// and its random stream only. `until` and `count` of the schedule are the caller's business.
class Arrivals {
 public:
  /// The device is `phase` of a gap (0 to 1) later than the step's first one. `start` is the
  /// devices' clock at the scenario's start. The schedule must outlive this.
  Arrivals(const Schedule& schedule, double phase, RandomStream times, CalendarTime start);

  /// The first instant; kNever if there is none. Call once.
  SimTime first();
  /// The one after the last that was returned, which must not have been kNever. `now` is not passed:
  /// an occurrence that jitter would put before it happens at once.
  SimTime next(SimTime now);
  /// How many came before the one that was returned last.
  [[nodiscard]] std::uint64_t occurrence() const { return occurrence_; }

 private:
  SimTime current();
  SimTime jittered();
  SimTime shaped();
  SimTime excited();

  const Schedule* schedule_;
  std::uint64_t occurrence_ = 0;
  double phase_;
  SimTime base_;  ///< the instant without jitter
  RandomStream times_;
  double expected_ = 0;    ///< of a shape: how many are expected before the occurrence
  double offset_ = 0;      ///< of a shape: how far into it the step begins, in seconds
  double excitation_ = 0;  ///< of kHawkes: what the past adds to the rate
};

/// How many occurrences a schedule with a rate has on one device before `end`, on average; without
/// regard to `count`. 0 for one without a rate.
double expected_occurrences(const Schedule& schedule, SimDuration end, CalendarTime start);

}  // namespace asaemu
