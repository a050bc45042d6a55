#include "model/state/event_backlog.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

TEST_CASE("a backlog keeps what it has room for and counts the rest") {
  EventBacklog backlog(10, 1);
  REQUIRE(backlog.add(kStart, 8) == 0);
  REQUIRE(backlog.add(kStart, 5) == 3);
  REQUIRE(backlog.length(kStart) == 10);
  REQUIRE(backlog.enqueued() == 10);
  REQUIRE(backlog.failed() == 3);
}

TEST_CASE("a backlog is served event by event, also when asked in between") {
  EventBacklog backlog(10, 2);
  backlog.add(kStart, 4);
  REQUIRE(backlog.length(kStart + 499ms) == 4);
  REQUIRE(backlog.length(kStart + 500ms) == 3);
  REQUIRE(backlog.length(kStart + 1400ms) == 2);
  REQUIRE(backlog.length(kStart + 1500ms) == 1);
  REQUIRE(backlog.length(kStart + 1h) == 0);
  REQUIRE(backlog.high_water() == 4);
}

TEST_CASE("an idle backlog does not save up service") {
  EventBacklog backlog(10, 1);
  REQUIRE(backlog.add(kStart + 1h, 10) == 0);
  REQUIRE(backlog.length(kStart + 1h + 999ms) == 10);
}
