#include "model/base/calendar_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// 1 to 12; 0 if it is no month.
unsigned month_of(std::string_view text) {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    const std::string_view name = kMonths.at(i);
    const bool fits = text.size() >= 3 && text.size() <= name.size();
    if (fits && std::equal(text.begin(), text.end(), name.begin(), same)) return i + 1;
  }
  return 0;
}

}  // namespace

std::optional<CalendarTime> parse_clock(std::string_view time, std::string_view first,
                                        std::string_view second, int year) {
  const bool is_month_first = month_of(first) != 0;
  const unsigned month = month_of(is_month_first ? first : second);
  const std::string_view day = is_month_first ? second : first;
  std::string clock = fmt::format("{:0>8}", time);
  if (std::count(time.begin(), time.end(), ':') == 1) clock = fmt::format("{:0>5}:00", time);
  return parse_calendar(fmt::format("{:04}-{:02}-{:0>2}T{}Z", year, month, day, clock));
}

std::string show_time(CalendarTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format(
      "{:02}:{:02}:{:02} UTC {} {} {} {}", clock.hours().count(), clock.minutes().count(),
      clock.seconds().count(), kDays.at(std::chrono::weekday(day).c_encoding()),
      kMonths.at(unsigned{date.month()} - 1).substr(0, 3), unsigned{date.day()}, int{date.year()});
}

}  // namespace asaemu
