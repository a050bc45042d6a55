#include "model/state/time_zone.hpp"

#include <catch2/catch.hpp>

using asaemu::CalendarTime;
using asaemu::parse_calendar;
using asaemu::TimeZone;
using namespace std::chrono_literals;

namespace {

CalendarTime at(std::string_view text) {
  return *parse_calendar(text);
}

TimeZone central_europe() {
  TimeZone zone;
  zone.set_standard("CET", 60min);
  zone.set_summer(TimeZone::SummerTime{
      .name = "CEST",
      .first = {.week = TimeZone::kLastWeek, .weekday = 0, .month = 3, .time = 2h},
      .last = {.week = TimeZone::kLastWeek, .weekday = 0, .month = 10, .time = 3h},
      .begin = {},
      .end = {}});
  return zone;
}

}  // namespace

TEST_CASE("a clock without a zone shows UTC") {
  const TimeZone zone;
  CHECK(zone.local(at("2026-07-01T12:00:00Z")).time == at("2026-07-01T12:00:00Z"));
  CHECK(zone.local(at("2026-07-01T12:00:00Z")).name == "UTC");
}

TEST_CASE("summer time begins and ends on the last Sunday and not a tick earlier") {
  const TimeZone zone = central_europe();
  const auto begin = at("2026-03-29T01:00:00Z");
  CHECK(zone.local(begin - 1ns).time == at("2026-03-29T02:00:00Z") - 1ns);
  CHECK(zone.local(begin - 1ns).name == "CET");
  CHECK(zone.local(begin).time == at("2026-03-29T03:00:00Z"));
  CHECK(zone.local(begin).name == "CEST");
  const auto end = at("2026-10-25T01:00:00Z");
  CHECK(zone.local(end - 1ns).time == at("2026-10-25T03:00:00Z") - 1ns);
  CHECK(zone.local(end - 1ns).name == "CEST");
  CHECK(zone.local(end).time == at("2026-10-25T02:00:00Z"));
  CHECK(zone.local(end).name == "CET");
}

TEST_CASE("local times become UTC again, the hour that comes twice its first time") {
  const TimeZone zone = central_europe();
  CHECK(zone.to_utc(at("2026-07-01T12:00:00Z")) == at("2026-07-01T10:00:00Z"));
  CHECK(zone.to_utc(at("2026-12-01T12:00:00Z")) == at("2026-12-01T11:00:00Z"));
  CHECK(zone.to_utc(at("2026-10-25T02:30:00Z")) == at("2026-10-25T00:30:00Z"));
}

TEST_CASE("in the south summer time goes over the turn of the year") {
  TimeZone zone;
  zone.set_standard("AEST", 600min);
  zone.set_summer(TimeZone::SummerTime{.name = "AEDT",
                                       .first = {.week = 1, .weekday = 0, .month = 10, .time = 2h},
                                       .last = {.week = 1, .weekday = 0, .month = 4, .time = 3h},
                                       .begin = {},
                                       .end = {}});
  CHECK(zone.local(at("2026-01-01T00:00:00Z")).time == at("2026-01-01T11:00:00Z"));
  CHECK(zone.local(at("2026-07-01T00:00:00Z")).time == at("2026-07-01T10:00:00Z"));
  CHECK(zone.local(at("2026-12-31T23:00:00Z")).name == "AEDT");
}

TEST_CASE("summer time by dates comes once") {
  TimeZone zone;
  zone.set_summer(TimeZone::SummerTime{.name = "DST",
                                       .is_recurring = false,
                                       .first = {},
                                       .last = {},
                                       .begin = at("2026-05-01T02:00:00Z"),
                                       .end = at("2026-09-01T02:00:00Z")});
  CHECK(zone.local(at("2026-05-01T02:00:00Z") - 1ns).name == "UTC");
  CHECK(zone.local(at("2026-05-01T02:00:00Z")).time == at("2026-05-01T03:00:00Z"));
  CHECK(zone.local(at("2026-09-01T01:00:00Z") - 1ns).name == "DST");
  CHECK(zone.local(at("2026-09-01T01:00:00Z")).name == "UTC");
  CHECK(zone.local(at("2027-06-01T00:00:00Z")).name == "UTC");
}
