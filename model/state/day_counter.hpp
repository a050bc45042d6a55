// The day counter of a time-based licence key: how much of the key's time is used up.
#pragma once

#include "model/base/time.hpp"

namespace asaemu {

/// Counts a key's time by two clocks, as a device does (asa-behaviour E.1). While the device runs,
/// time passes by itself, whatever anybody does to the calendar. A device that boots knows nothing
/// of the time it was off and trusts its calendar: it takes the time since the activation as used.
/// So a calendar set ahead counts at the next boot, and one set back so far that less time seems to
/// have passed than the device has actually run ends the key at once.
class DayCounter {
 public:
  DayCounter() = default;
  /// A key for so many days, at most kDaysMax, that has not been activated.
  explicit DayCounter(std::uint64_t days);

  /// The key is activated (again).
  void start(SimTime now, CalendarTime calendar);
  /// The key is deactivated; its time stands still until start().
  void halt(SimTime now);

  /// The device goes down.
  void suspend(SimTime now);
  /// The device has booted.
  void resume(SimTime now, CalendarTime calendar);

  [[nodiscard]] bool is_counting() const { return is_counting_; }
  /// What is left of the key's time; zero once it is used up.
  [[nodiscard]] SimDuration left(SimTime now) const;
  /// The days left, a day that has begun as a whole one.
  [[nodiscard]] std::uint64_t days_left(SimTime now) const;
  /// Until a whole day less is left than now; the key's end is such a moment, too. Not for a key
  /// that is used up.
  [[nodiscard]] SimDuration until_next_day(SimTime now) const;

  static constexpr std::uint64_t kDaysMax = 36500;

 private:
  [[nodiscard]] SimDuration used(SimTime now) const;
  [[nodiscard]] SimDuration since_mark(SimTime now) const {
    return is_counting_ && is_running_ ? now - mark_ : SimDuration::zero();
  }

  SimDuration total_{};
  SimDuration used_before_{};  ///< by earlier activations
  SimDuration used_{};         ///< by this activation, up to mark_
  SimDuration run_{};          ///< of this activation, while the device really ran, up to mark_
  CalendarTime activated_{};   ///< by the device's calendar
  SimTime mark_{};
  bool is_counting_ = false;
  bool is_running_ = true;  ///< the device
};

}  // namespace asaemu
