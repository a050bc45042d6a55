// Dates and times as an ASA's commands write them: `10:30:00 Nov 20 2026`.
#pragma once

#include "model/base/time.hpp"

#include <string>
#include <string_view>

namespace asaemu {

/// Reads `H:MM:SS` (or `H:MM`) with a month and a day in either order, the month by at least three
/// letters of its name. nullopt if there is no such time or day.
std::optional<CalendarTime> parse_clock(std::string_view time, std::string_view first,
                                        std::string_view second, int year);

/// Prints `10:30:00 UTC Fri Nov 20 2026`.
std::string show_time(CalendarTime time);

}  // namespace asaemu
