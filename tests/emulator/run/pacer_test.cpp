#include "emulator/run/pacer.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace asaemu;
using namespace std::chrono_literals;

TEST_CASE("a speed is max or a positive number") {
  REQUIRE(Speed::parse("max")->is_max);
  REQUIRE(Speed::parse("1")->factor == 1);
  REQUIRE(Speed::parse("0.5")->factor == 0.5);
  REQUIRE(Speed::parse("60")->factor == 60);
  for (const char* bad : {"", "0", "-1", "fast", "1x", "nan", "inf", "1e10"}) {
    INFO(bad);
    REQUIRE_FALSE(Speed::parse(bad).has_value());
  }
}

TEST_CASE("an instant is due when the wall clock has reached it, at any factor") {
  for (const double factor : {1.0, 10.0}) {
    Pacer pacer(Speed{factor, false});
    pacer.begin();
    const auto at = pacer.began() + 100ms;
    const SimTime due = pacer.due(at);
    const SimTime expected = kStart + SimDuration(static_cast<std::int64_t>(100e6 * factor));
    REQUIRE(due == expected);
    REQUIRE(pacer.lateness(expected, at) == 0ns);
    REQUIRE(pacer.lateness(expected, at + 3ms) == 3ms);
    REQUIRE(pacer.lateness(expected + 1s, at) == 0ns);
  }
}

TEST_CASE("at maximum speed everything is due and nothing is late") {
  Pacer pacer(Speed{1, true});
  pacer.begin();
  REQUIRE(pacer.due(pacer.began()) == kNever);
  REQUIRE(pacer.lateness(kStart, pacer.began() + 1s) == 0ns);
  pacer.wait(kStart + 1000h, 1000s);
}

TEST_CASE("a wait ends when its instant comes, when it was long enough, or when woken") {
  Pacer pacer(Speed{});
  pacer.begin();
  pacer.wait(kStart + 20ms, 10s);
  REQUIRE(Pacer::WallClock::now() - pacer.began() >= 20ms);
  pacer.wait(kStart + 1h, 10ms);
  std::thread waker([&pacer] {
    std::this_thread::sleep_for(50ms);
    pacer.wake();
  });
  const auto before = Pacer::WallClock::now();
  pacer.wait(kStart + 1h, 1h);
  REQUIRE(Pacer::WallClock::now() - before < 30min);
  waker.join();
}
