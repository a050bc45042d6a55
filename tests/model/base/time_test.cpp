#include "model/base/time.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace asaemu {
namespace {

using namespace std::chrono_literals;

template <class Write>
std::string printed(Write&& write) {
  std::array<char, 64> buffer;
  return {buffer.data(), write(buffer.data())};
}

TEST_CASE("durations are read in every unit and in combinations") {
  CHECK(parse_duration("7ns") == 7ns);
  CHECK(parse_duration("20us") == 20us);
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("10m") == 10min);
  CHECK(parse_duration("9m30s") == 9min + 30s);
  CHECK(parse_duration("2h") == 2h);
  CHECK(parse_duration("3d") == 72h);
  CHECK(parse_duration("1w") == 168h);
  CHECK(parse_duration("1w2d3h4m5s6ms7us8ns") == 216h + 3h + 4min + 5s + 6ms + 7us + 8ns);
  CHECK(parse_duration("0s") == 0s);
  CHECK(parse_duration("90s") == 90s);
}

TEST_CASE("the last part of a duration may have a fraction of whole nanoseconds") {
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("0.25h") == 15min);
  CHECK(parse_duration("1m0.5s") == 60500ms);
  CHECK(parse_duration("0.000000001s") == 1ns);
  CHECK_FALSE(parse_duration("0.0000000001s"));
  CHECK_FALSE(parse_duration("0.5ns"));
  CHECK_FALSE(parse_duration("1.5h30m"));
}

TEST_CASE("what is not a duration is refused") {
  for (const auto* text :
       {"",    "s",      "10",   "-1s",  "+1s",   "1 s",   " 1s",
        "1s ", "1S",     "1min", "1s1s", "30s9m", "1ms1s", "1.s",
        ".5s", "1.5.5s", "1e3s", "0x1s", "1s,",   "1m s",  "99999999999999999999s"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("a duration is at most 100 years of 365.25 days") {
  CHECK(parse_duration("36525d") == 876'600h);
  CHECK_FALSE(parse_duration("36525d1ns"));
  CHECK_FALSE(parse_duration("36526d"));
  CHECK(parse_duration("3155760000s") == 876'600h);
  CHECK_FALSE(parse_duration("3155760001s"));
  CHECK_FALSE(parse_duration("3155760000.000000001s"));
}

TEST_CASE("durations print in falling units without zeros") {
  CHECK(to_string(SimDuration{0}) == "0s");
  CHECK(to_string(SimDuration{9min + 30s}) == "9m30s");
  CHECK(to_string(SimDuration{1500us}) == "1ms500us");
  CHECK(to_string(SimDuration{24h}) == "1d");
  CHECK(to_string(SimDuration{10min}) == "10m");
  CHECK(to_string(SimDuration{-90s}) == "-1m30s");
}

TEST_CASE("weeks are printed only where they are whole") {
  CHECK(to_string(SimDuration{168h}) == "1w");
  CHECK(to_string(SimDuration{336h}) == "2w");
  CHECK(to_string(SimDuration{240h}) == "10d");
}

TEST_CASE("the ends of the range print, too") {
  CHECK(to_string(SimDuration::max()) == "106751d23h47m16s854ms775us807ns");
  CHECK(to_string(SimDuration::min()) == "-106751d23h47m16s854ms775us808ns");
}

TEST_CASE("a printed duration reads back as the same duration") {
  std::int64_t value = 1;
  for (int i = 0; i < 60; ++i) {
    const SimDuration duration{value};
    INFO(to_string(duration));
    CHECK(parse_duration(to_string(duration)) == duration);
    value = value * 2 + i % 7;
  }
}

TEST_CASE("calendar times are read with and without a fraction") {
  CHECK(parse_calendar("1970-01-01T00:00:00Z") == CalendarTime{});
  CHECK(parse_calendar("2026-11-20T08:00:00Z") == CalendarTime{1'795'161'600s});
  CHECK(parse_calendar("2026-11-20T08:00:00.5Z") == CalendarTime{1'795'161'600s + 500ms});
  CHECK(parse_calendar("2026-11-20T08:00:00.000000001Z") == CalendarTime{1'795'161'600s + 1ns});
  CHECK(parse_calendar("2200-12-31T23:59:59.999999999Z"));
}

TEST_CASE("leap days exist in leap years only") {
  CHECK(parse_calendar("2028-02-29T00:00:00Z"));
  CHECK(parse_calendar("2000-02-29T00:00:00Z"));
  CHECK_FALSE(parse_calendar("2026-02-29T00:00:00Z"));
  CHECK_FALSE(parse_calendar("2100-02-29T00:00:00Z"));
}

TEST_CASE("what is not a calendar time in UTC is refused") {
  for (const auto* text :
       {"", "2026-11-20", "2026-11-20T08:00:00", "2026-11-20 08:00:00Z",
        "2026-11-20T08:00:00+01:00", "2026-11-20T08:00:00.Z", "2026-11-20T08:00:00.0000000001Z",
        "2026-13-20T08:00:00Z", "2026-00-20T08:00:00Z", "2026-11-31T08:00:00Z",
        "2026-11-00T08:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T08:60:00Z",
        "2026-11-20T08:00:60Z", "1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z",
        "2026-11-20T8:00:00Z", "2026-11-20T08:00:00ZZ"}) {
    INFO(text);
    CHECK_FALSE(parse_calendar(text));
  }
}

TEST_CASE("the three stamps have the device's bytes") {
  const auto time = *parse_calendar("2026-11-20T08:00:30Z");
  CHECK(printed([&](char* out) { return write_legacy_stamp(out, time); }) ==
        "Nov 20 2026 08:00:30");
  CHECK(printed([&](char* out) { return write_rfc5424_stamp(out, time); }) ==
        "2026-11-20T08:00:30Z");
  CHECK(printed([&](char* out) { return write_emblem_stamp(out, time, "UTC"); }) ==
        "Nov 20 08:00:30 UTC");
}

TEST_CASE("stamps pad the day with a zero and drop the fraction") {
  const auto time = *parse_calendar("2011-06-04T23:59:59.999999999Z");
  const auto legacy = printed([&](char* out) { return write_legacy_stamp(out, time); });
  CHECK(legacy == "Jun 04 2011 23:59:59");
  CHECK(legacy.size() == kLegacyStampSize);
  CHECK(printed([&](char* out) { return write_rfc5424_stamp(out, time); }) ==
        "2011-06-04T23:59:59Z");
}

TEST_CASE("stamps turn over at midnight on new year's eve") {
  const auto last = *parse_calendar("2026-12-31T23:59:59Z");
  CHECK(printed([&](char* out) { return write_legacy_stamp(out, last); }) ==
        "Dec 31 2026 23:59:59");
  CHECK(printed([&](char* out) { return write_legacy_stamp(out, last + 1s); }) ==
        "Jan 01 2027 00:00:00");
}

TEST_CASE("every month has its name") {
  std::string months;
  for (unsigned month = 1; month <= 12; ++month) {
    const CalendarTime time{
        std::chrono::sys_days{std::chrono::year{2026} / std::chrono::month{month} / 15}};
    months += printed([&](char* out) { return write_legacy_stamp(out, time); }).substr(0, 4);
  }
  CHECK(months == "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ");
}

}  // namespace
}  // namespace asaemu
