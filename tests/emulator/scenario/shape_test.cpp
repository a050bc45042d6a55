#include "emulator/scenario/diurnal.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace asaemu;

namespace {

constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;

/// The integral and its inverse agree at many places.
void require_inverse(const Shape& shape, double until) {
  for (int i = 1; i < 200; ++i) {
    const double at = until * i / 200;
    if (shape.rate(at) <= 0) continue;
    INFO(at);
    REQUIRE(shape.when(shape.expected(at)) == Approx(at).epsilon(1e-9).margin(1e-6));
  }
}

}  // namespace

TEST_CASE("a ramp's integral is the triangle under it, and goes on flat") {
  const Shape ramp = Shape::lines({{0, 0}, {10, 100}}, false);
  REQUIRE(ramp.expected(0) == 0);
  REQUIRE(ramp.expected(5) == Approx(125));
  REQUIRE(ramp.expected(10) == Approx(500));
  REQUIRE(ramp.expected(12) == Approx(700));
  REQUIRE(ramp.rate(5) == Approx(50));
  REQUIRE(ramp.rate(100) == Approx(100));
  REQUIRE(ramp.highest_rate() == Approx(100));
  require_inverse(ramp, 20);
}

TEST_CASE("a ramp down to nothing ends, and its last occurrence lies before its end") {
  const Shape ramp = Shape::lines({{0, 10}, {10, 0}}, false);
  REQUIRE(ramp.expected(1000) == Approx(50));
  REQUIRE(ramp.when(49.9) < 10);
  REQUIRE(ramp.when(50) == std::numeric_limits<double>::infinity());
  REQUIRE(ramp.when(51) == std::numeric_limits<double>::infinity());
  require_inverse(ramp, 9.99);
}

TEST_CASE("a burst repeats exactly, however late") {
  const Shape burst = Shape::lines({{0, 100}, {3, 100}, {3, 2}, {60, 2}}, true);
  const double each = 300 + 114;
  REQUIRE(burst.expected(3) == Approx(300));
  REQUIRE(burst.expected(60) == Approx(each));
  REQUIRE(burst.expected(6e6) == Approx(each * 1e5));
  REQUIRE(burst.rate(59.99) == Approx(2));
  REQUIRE(burst.rate(60) == Approx(100));
  REQUIRE(burst.when(each * 1000) == Approx(60000));
  require_inverse(burst, 600);
}

TEST_CASE("nothing happens between bursts without a base") {
  const Shape burst = Shape::lines({{0, 10}, {1, 10}, {1, 0}, {100, 0}}, true);
  REQUIRE(burst.when(9.5) < 1);
  REQUIRE(burst.when(10) == Approx(100));
  REQUIRE(burst.when(10.5) == Approx(100.05));
}

TEST_CASE("a shape without any occurrence never has one") {
  const Shape none = Shape::lines({{0, 0}, {5, 0}}, true);
  REQUIRE(none.when(1) == std::numeric_limits<double>::infinity());
  REQUIRE(none.expected(1e6) == 0);
}

TEST_CASE("a sine's integral over whole periods is its mean, over half a period more") {
  const Shape sine = Shape::sine(100, 50, 60);
  REQUIRE(sine.expected(60) == Approx(6000));
  REQUIRE(sine.expected(600) == Approx(60000));
  // mean t + A P / pi over the first half.
  REQUIRE(sine.expected(30) == Approx(3000 + 50 * 60 / 3.14159265358979));
  REQUIRE(sine.rate(15) == Approx(150));
  REQUIRE(sine.rate(45) == Approx(50));
  REQUIRE(sine.highest_rate() == Approx(150));
  require_inverse(sine, 300);
}

TEST_CASE("a sine may touch zero") {
  const Shape sine = Shape::sine(10, 10, 8);
  REQUIRE(sine.rate(6) == Approx(0).margin(1e-9));
  require_inverse(sine, 24);
  double last = -1;
  for (int count = 0; count < 400; ++count) {
    const double at = sine.when(count);
    REQUIRE(at > last);
    last = at;
  }
}

TEST_CASE("a scaled shape keeps its form") {
  const Shape shape = Shape::lines({{0, 1}, {10, 3}, {20, 3}}, true);
  const Shape scaled = shape.scaled(7);
  for (const double at : {0.0, 4.0, 13.0, 50.0}) {
    REQUIRE(scaled.rate(at) == Approx(7 * shape.rate(at)));
    REQUIRE(scaled.expected(at) == Approx(7 * shape.expected(at)));
    REQUIRE(scaled.when(7 * shape.expected(at)) == Approx(at).margin(1e-9));
  }
}

TEST_CASE("a diurnal week has its mean, and three peaks of 2 to 5 times the weekdays' average") {
  for (const bool has_spikes : {false, true}) {
    const Shape week = diurnal_shape(100, has_spikes);
    REQUIRE(week.expected(7 * kDay) == Approx(100 * 7 * kDay));
    const double weekday = week.expected(kDay) / kDay;
    const double weekend = (week.expected(6 * kDay) - week.expected(5 * kDay)) / kDay;
    REQUIRE(weekend / weekday > 0.3);
    REQUIRE(weekend / weekday < 0.5);
    for (const double hour : {8.5, 12.5, 17.5}) {
      INFO(hour);
      REQUIRE(week.rate(hour * kHour) / weekday > 2);
      REQUIRE(week.rate(hour * kHour) / weekday < 5);
      REQUIRE(week.rate((hour - 1) * kHour) < week.rate(hour * kHour) / 2 + 50);
    }
    REQUIRE(week.rate(3 * kHour) / weekday < 0.4);
    require_inverse(week, 14 * kDay);
  }
}

TEST_CASE("spikes are twenty times the average for seconds, on weekdays only") {
  const Shape week = diurnal_shape(100, true);
  const Shape calm = diurnal_shape(100, false);
  const double average = calm.expected(kDay) / kDay;
  const double spike = 10.6 * kHour;
  REQUIRE(week.rate(spike + 2.5) / average == Approx(20).epsilon(0.02));
  REQUIRE(week.rate(spike - 0.01) < 2 * average);
  REQUIRE(week.rate(spike + 5.01) < 2 * average);
  REQUIRE(week.rate(4 * kDay + spike + 1) > 15 * average);
  REQUIRE(week.rate(5 * kDay + spike + 1) < average);
  REQUIRE(week.highest_rate() / average == Approx(20).epsilon(0.02));
}
