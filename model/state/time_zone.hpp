// The zone and summer time of the device's clock. Written by the system subsystem.
#pragma once

#include "model/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

/// Until a zone is configured the clock shows UTC.
class TimeZone {
 public:
  /// A day that comes back every year, at a time of the local clock.
  struct YearlyDay {
    unsigned week = 1;     ///< 1 to 4 of the month, kLastWeek for its last
    unsigned weekday = 0;  ///< 0 is Sunday
    unsigned month = 1;
    std::chrono::minutes time{};
  };
  static constexpr unsigned kLastWeek = 5;

  /// Begins by the clock of standard time, ends by that of summer time.
  struct SummerTime {
    std::string name;
    std::chrono::minutes ahead{60};
    bool is_recurring = true;
    YearlyDay first;     ///< of a recurring one
    YearlyDay last;      ///< of a recurring one
    CalendarTime begin;  ///< of one that comes once, by the local clock
    CalendarTime end;
  };

  /// A time as the local clock shows it.
  struct Local {
    CalendarTime time;      ///< of the local clock, not UTC
    std::string_view name;  ///< of the zone that is in effect then
  };

  void set_standard(std::string name, std::chrono::minutes ahead_of_utc) {
    name_ = std::move(name);
    ahead_ = ahead_of_utc;
  }
  void set_summer(std::optional<SummerTime> summer) { summer_ = std::move(summer); }

  [[nodiscard]] Local local(CalendarTime utc) const {
    if (!summer_) return {utc + ahead_, name_};
    return local_in_detail(utc);
  }
  /// The instant at which the local clock shows `local`. In the hour that comes twice, the first.
  [[nodiscard]] CalendarTime to_utc(CalendarTime local) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::chrono::minutes ahead() const { return ahead_; }
  [[nodiscard]] const std::optional<SummerTime>& summer() const { return summer_; }

 private:
  [[nodiscard]] Local local_in_detail(CalendarTime utc) const;

  std::string name_ = "UTC";
  std::chrono::minutes ahead_{};
  std::optional<SummerTime> summer_;
};

/// The instant of this day in a year, by the clock that its time is given in.
CalendarTime day_in_year(const TimeZone::YearlyDay& day, int year);

}  // namespace asaemu
