#include "model/state/key_chains.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

TEST_CASE("a lifetime holds from its first instant to the one before its end") {
  const KeyLifetime lifetime{CalendarTime(std::chrono::seconds(10)),
                             CalendarTime(std::chrono::seconds(20))};
  REQUIRE_FALSE(lifetime.contains(CalendarTime(std::chrono::nanoseconds(9'999'999'999))));
  REQUIRE(lifetime.contains(CalendarTime(std::chrono::seconds(10))));
  REQUIRE_FALSE(lifetime.contains(CalendarTime(std::chrono::seconds(20))));
  REQUIRE(KeyLifetime{}.contains(CalendarTime()));
}

TEST_CASE("the next change is the nearest beginning or end ahead") {
  KeyChain chain;
  chain.keys.resize(2);
  REQUIRE_FALSE(chain.next_change(CalendarTime()).has_value());
  chain.keys[0].send = {CalendarTime(std::chrono::seconds(30)), CalendarTime::max()};
  chain.keys[1].accept = {CalendarTime::min(), CalendarTime(std::chrono::seconds(20))};
  REQUIRE(chain.next_change(CalendarTime()) == CalendarTime(std::chrono::seconds(20)));
  REQUIRE(chain.next_change(CalendarTime(std::chrono::seconds(20))) ==
          CalendarTime(std::chrono::seconds(30)));
  REQUIRE_FALSE(chain.next_change(CalendarTime(std::chrono::seconds(30))).has_value());
}
