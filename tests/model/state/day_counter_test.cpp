#include "model/state/day_counter.hpp"

#include <catch2/catch.hpp>

#include <rapidcheck.h>

using asaemu::CalendarTime;
using asaemu::DayCounter;
using asaemu::SimDuration;
using asaemu::SimTime;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

const CalendarTime kNoon = *asaemu::parse_calendar("2026-11-20T12:00:00Z");

SimTime at(SimDuration since_start) {
  return asaemu::kStart + since_start;
}

}  // namespace

TEST_CASE("a key's days begin with its activation") {
  DayCounter counter(30);
  REQUIRE(counter.left(at(days(7))) == days(30));
  counter.start(at(days(7)), kNoon);
  REQUIRE(counter.left(at(days(7))) == days(30));
  REQUIRE(counter.left(at(days(8))) == days(29));
}

TEST_CASE("a day that has begun counts as a day left") {
  DayCounter counter(2);
  counter.start(at(0s), kNoon);
  REQUIRE(counter.days_left(at(0s)) == 2);
  REQUIRE(counter.days_left(at(1ns)) == 2);
  REQUIRE(counter.days_left(at(24h)) == 1);
  REQUIRE(counter.days_left(at(48h - 1ns)) == 1);
  REQUIRE(counter.days_left(at(48h)) == 0);
  REQUIRE(counter.until_next_day(at(0s)) == 24h);
  REQUIRE(counter.until_next_day(at(24h - 1ns)) == 1ns);
  REQUIRE(counter.until_next_day(at(24h)) == 24h);
}

TEST_CASE("a used-up key stays used up") {
  DayCounter counter(1);
  counter.start(at(0s), kNoon);
  REQUIRE(counter.left(at(24h - 1ns)) == 1ns);
  REQUIRE(counter.left(at(24h)) == 0s);
  REQUIRE(counter.left(at(days(400))) == 0s);
}

TEST_CASE("a deactivated key stands still, also over a boot") {
  DayCounter counter(10);
  counter.start(at(0s), kNoon);
  counter.halt(at(36h));
  counter.suspend(at(days(5)));
  counter.resume(at(days(6)), kNoon + days(600));
  REQUIRE(counter.left(at(days(9))) == days(10) - 36h);
  counter.start(at(days(20)), kNoon);
  REQUIRE(counter.left(at(days(21))) == days(9) - 36h);
}

TEST_CASE("a calendar set ahead counts at the next boot, not before") {
  DayCounter counter(30);
  counter.start(at(0s), kNoon);
  REQUIRE(counter.left(at(days(1))) == days(29));
  counter.suspend(at(days(1)));
  counter.resume(at(days(1) + 3min), kNoon + days(1) + 3min + days(10));
  REQUIRE(counter.left(at(days(1) + 3min)) == days(19) - 3min);
}

TEST_CASE("a calendar set back ends the key if the device has run longer than it shows") {
  const auto left_after = [](SimDuration shown) {
    DayCounter counter(30);
    counter.start(at(0s), kNoon);
    counter.suspend(at(12h));
    counter.resume(at(13h), kNoon + shown);
    return counter.left(at(13h));
  };
  REQUIRE(left_after(12h - 1ns) == 0s);
  REQUIRE(left_after(12h) == days(30) - 12h);
}

TEST_CASE("a key of more days than any device lives is cut") {
  const DayCounter counter(~std::uint64_t{0});
  REQUIRE(counter.days_left(at(0s)) == DayCounter::kDaysMax);
}

TEST_CASE("with a calendar nobody touches, the counter is the calendar's arithmetic") {
  // Whatever is done to the device and the key: the days used are the sum, over all activations, of
  // the calendar time between activation and deactivation.
  REQUIRE(rc::check([] {
    const auto total = *rc::gen::inRange<std::uint64_t>(1, 400);
    DayCounter counter(total);
    SimTime now = asaemu::kStart;
    const auto calendar = [&now] { return kNoon + now.time_since_epoch(); };
    SimDuration used{};
    CalendarTime activated{};
    bool is_active = false;
    const auto steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
      now += SimDuration(*rc::gen::inRange<std::int64_t>(0, SimDuration(days(20)).count()));
      switch (*rc::gen::inRange(0, 3)) {
        case 0:
          if (!is_active) activated = calendar();
          counter.start(now, calendar());
          is_active = true;
          break;
        case 1:
          if (!is_active) break;
          counter.halt(now);
          used += calendar() - activated;
          is_active = false;
          break;
        default:
          counter.suspend(now);
          now += SimDuration(*rc::gen::inRange<std::int64_t>(0, SimDuration(days(9)).count()));
          counter.resume(now, calendar());
      }
      const SimDuration all = used + (is_active ? calendar() - activated : SimDuration::zero());
      const SimDuration left = std::max(SimDuration(days(total)) - all, SimDuration::zero());
      RC_ASSERT(counter.left(now) == left);
      const auto whole = std::chrono::ceil<days>(left);
      RC_ASSERT(counter.days_left(now) == static_cast<std::uint64_t>(whole.count()));
      if (left == SimDuration::zero() || !is_active) continue;
      const SimTime next = now + counter.until_next_day(now);
      RC_ASSERT(counter.days_left(next) == counter.days_left(now) - 1);
      RC_ASSERT(counter.left(next) % days(1) == SimDuration::zero());
    }
  }));
}

TEST_CASE("a calendar set ahead by some time costs exactly that time at the next boot") {
  REQUIRE(rc::check([] {
    const auto span = [](std::int64_t most) {
      return SimDuration(*rc::gen::inRange<std::int64_t>(0, SimDuration(days(most)).count()));
    };
    const SimDuration run = span(30);
    const SimDuration off = span(30);
    const SimDuration ahead = span(30);
    DayCounter counter(100);
    counter.start(at(0s), kNoon);
    counter.suspend(at(run));
    counter.resume(at(run + off), kNoon + run + off + ahead);
    RC_ASSERT(counter.left(at(run + off)) == days(100) - run - off - ahead);
  }));
}
