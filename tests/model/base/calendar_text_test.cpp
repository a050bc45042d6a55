#include "model/base/calendar_text.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

TEST_CASE("a time with month and day in either order is read") {
  const auto expected = parse_calendar("2026-11-05T09:30:00Z");
  REQUIRE(parse_clock("09:30:00", "Nov", "5", 2026) == expected);
  REQUIRE(parse_clock("9:30:00", "5", "november", 2026) == expected);
  REQUIRE(parse_clock("9:30", "nov", "05", 2026) == expected);
}

TEST_CASE("days and times that do not exist are not read") {
  REQUIRE_FALSE(parse_clock("09:30:00", "Feb", "30", 2026).has_value());
  REQUIRE_FALSE(parse_clock("24:00:01", "Nov", "5", 2026).has_value());
  REQUIRE_FALSE(parse_clock("09:30:00", "No", "5", 2026).has_value());
  REQUIRE_FALSE(parse_clock("now", "Nov", "5", 2026).has_value());
}

TEST_CASE("a time is shown as show clock shows it, without the fraction") {
  REQUIRE(show_time(*parse_calendar("2026-11-05T09:30:00Z")) == "09:30:00 UTC Thu Nov 5 2026");
}
