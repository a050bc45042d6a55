#include "model/state/licensing_report.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

TEST_CASE("dates are written as the agent's generation writes them") {
  const auto date = *parse_calendar("2018-12-03T16:43:48.999Z");
  CHECK(describe_date(date, AgentGeneration::kFirst) == "Dec 03 16:43:48 2018 UTC");
  CHECK(describe_date(date, AgentGeneration::kFourth) == "Dec 03 2018 16:43:48 UTC");
}

TEST_CASE("lengths of time are written in days, hours, minutes and seconds, rounded down") {
  CHECK(describe_span(std::chrono::days(89) + 1h + 33min + 51s + 900ms) ==
        "89 days, 1 hours, 33 minutes, 51 seconds");
  CHECK(describe_span(59s) == "0 days, 0 hours, 0 minutes, 59 seconds");
}
