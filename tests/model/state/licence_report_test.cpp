#include "model/state/licence_report.hpp"

#include <catch2/catch.hpp>

using asaemu::Release;
using asaemu::uptime_text;
using namespace std::chrono_literals;
using std::chrono::days;

TEST_CASE("an uptime has its two largest units, in the singular where there is one") {
  REQUIRE(uptime_text(0s) == "0 secs");
  REQUIRE(uptime_text(59s) == "59 secs");
  REQUIRE(uptime_text(60s) == "1 min 0 secs");
  REQUIRE(uptime_text(3h + 2min + 9s) == "3 hours 2 mins");
  REQUIRE(uptime_text(days(1) + 1h) == "1 day 1 hour");
  REQUIRE(uptime_text(days(365 + 40)) == "1 year 40 days");
}

TEST_CASE("a release is written as a device writes it") {
  REQUIRE(asaemu::to_string(Release{9, 20, 0, 0}) == "9.20");
  REQUIRE(asaemu::to_string(Release{8, 2, 5, 0}) == "8.2(5)");
  REQUIRE(asaemu::to_string(Release{9, 9, 2, 32}) == "9.9(2)32");
}
