#include "emulator/run/pace.hpp"

#include <catch2/catch.hpp>

using asaemu::Pace;
using namespace std::chrono_literals;

namespace {

/// `count` stimuli evenly over ten seconds from `begin`, each `late` after it was due.
void add_window(Pace& pace, std::chrono::nanoseconds begin, int count,
                std::chrono::nanoseconds late) {
  for (int i = 0; i < count; ++i) {
    const auto due = begin + i * (10s / count);
    pace.add(due, due + late);
  }
}

}  // namespace

TEST_CASE("a run on time kept its pace") {
  Pace pace;
  for (int window = 0; window < 6; ++window) add_window(pace, window * 10s, 1000, 50us);
  REQUIRE_FALSE(pace.fell_behind());
  REQUIRE(pace.late() == 0);
  REQUIRE(pace.worst_window(60s) < 0.01);
}

TEST_CASE("one hiccup after which a run catches up is not falling behind") {
  Pace pace;
  add_window(pace, 0s, 1000, 0s);
  // Two seconds stand still, and are made up for in the next window.
  for (int i = 0; i < 1000; ++i) {
    const auto due = 10s + i * 10ms;
    pace.add(due, i < 800 ? due : 20s);
  }
  add_window(pace, 20s, 1000, 0s);
  REQUIRE_FALSE(pace.fell_behind());
  REQUIRE(pace.late() == 100);
  REQUIRE(pace.worst_window(30s) == Approx(0.2));
}

TEST_CASE("two windows after one another below 99 percent are falling behind") {
  Pace pace;
  for (int window = 0; window < 3; ++window) {
    add_window(pace, window * 10s, 980, 0s);
    for (int i = 0; i < 20; ++i) pace.add_missed(window * 10s);
  }
  REQUIRE(pace.fell_behind());
  Pace just;
  for (int window = 0; window < 3; ++window) {
    add_window(just, window * 10s, 990, 0s);
    for (int i = 0; i < 10; ++i) just.add_missed(window * 10s);
  }
  REQUIRE_FALSE(just.fell_behind());
}

TEST_CASE("a tenth of all being late is falling behind") {
  for (const int late : {99, 100}) {
    Pace pace;
    for (int i = 0; i < late; ++i) pace.add(0s, 1s + 1ns);
    for (int i = 0; i < 900; ++i) pace.add(1s, 1s);
    INFO(late);
    REQUIRE(pace.fell_behind() == (late == 100));
  }
  Pace on_the_dot;
  for (int i = 0; i < 500; ++i) on_the_dot.add(0s, 1s);
  REQUIRE(on_the_dot.late() == 0);
}

TEST_CASE("paces of several workers add up") {
  Pace one;
  add_window(one, 0s, 100, 0s);
  Pace other;
  add_window(other, 0s, 50, 0s);
  add_window(other, 10s, 50, 2s);
  one.add(other);
  REQUIRE(one.lateness().count() == 200);
  REQUIRE(one.late() == 50);
  REQUIRE(one.windows()[0].asked == 150);
}

TEST_CASE("windows beyond a week are counted in the totals only") {
  Pace pace;
  pace.add(24h * 7 - 1ns, 24h * 7);
  REQUIRE(pace.windows().size() == Pace::kWindowsMax);
  pace.add(24h * 8, 24h * 8);
  REQUIRE(pace.windows().size() == Pace::kWindowsMax);
  REQUIRE(pace.lateness().count() == 2);
}
