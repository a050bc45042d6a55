#include "emulator/run/arrivals.hpp"

#include "tests/emulator/scenario/scenario_files.hpp"

#include <cmath>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

constexpr CalendarTime kMonday{std::chrono::sys_days{std::chrono::year(2026) / 11 / 16}};

Schedule schedule_of(const std::string& rate) {
  return test::plan_of("  - {at: 0s, rate: " + rate + ", cli: show clock}\n").steps[0].schedule;
}

Arrivals arrivals_of(const Schedule& schedule, double phase = 0, CalendarTime start = kMonday) {
  return {schedule, phase, RandomStream(1, "fw", "test"), start};
}

/// How many instants lie in [from, to).
std::uint64_t count(Arrivals arrivals, SimDuration from, SimDuration to) {
  std::uint64_t counted = 0;
  for (SimTime at = arrivals.first(); at != kNever && at < kStart + to; at = arrivals.next(at)) {
    if (at >= kStart + from) ++counted;
  }
  return counted;
}

}  // namespace

TEST_CASE("even arrivals of a shape are the whole numbers of its integral") {
  const Schedule ramp = schedule_of("{ramp: {from: 0/s, to: 100/s, over: 10s}}");
  REQUIRE(count(arrivals_of(ramp), 0s, 10s) == 500);
  REQUIRE(count(arrivals_of(ramp), 0s, 5s) == 125);
  REQUIRE(count(arrivals_of(ramp), 10s, 20s) == 1000);
  const Schedule stairs = schedule_of("{step: {from: 10/s, by: 10/s, every: 10s, to: 30/s}}");
  REQUIRE(count(arrivals_of(stairs), 0s, 10s) == 100);
  REQUIRE(count(arrivals_of(stairs), 10s, 20s) == 200);
  REQUIRE(count(arrivals_of(stairs), 20s, 40s) == 600);
  const Schedule down = schedule_of("{step: {from: 25/s, by: 10/s, every: 10s, to: 10/s}}");
  REQUIRE(count(arrivals_of(down), 10s, 20s) == 150);
  REQUIRE(count(arrivals_of(down), 20s, 30s) == 100);
  const Schedule burst = schedule_of("{burst: {base: 0/s, peak: 50/s, every: 60s, for: 2s}}");
  REQUIRE(count(arrivals_of(burst), 0s, 2s) == 100);
  REQUIRE(count(arrivals_of(burst), 2s, 60s) == 0);
  REQUIRE(count(arrivals_of(burst), 60s, 62s) == 100);
  const Schedule sine = schedule_of("{sine: {mean: 10/s, amplitude: 5/s, period: 1m}}");
  REQUIRE(count(arrivals_of(sine), 0s, 60s) == 600);
  REQUIRE(count(arrivals_of(sine), 60s, 600s) == 5400);
}

TEST_CASE("a device's phase moves its even arrivals by a part of a gap") {
  const Schedule burst = schedule_of("{burst: {base: 1/s, peak: 10/s, every: 1m, for: 1s}}");
  Arrivals first = arrivals_of(burst, 0);
  Arrivals second = arrivals_of(burst, 0.5);
  REQUIRE(first.first() == kStart);
  REQUIRE(second.first() == kStart + 50ms);
  Schedule later = burst;
  later.phase = 0.75;
  REQUIRE(arrivals_of(later, 0.5).first() == kStart + 25ms);
}

TEST_CASE("random arrivals of a shape are as many as its integral says on average") {
  const Schedule ramp =
      schedule_of("{ramp: {from: 0/s, to: 1000/s, over: 100s}, arrivals: poisson}");
  const auto low = static_cast<double>(count(arrivals_of(ramp), 0s, 50s));
  const auto high = static_cast<double>(count(arrivals_of(ramp), 50s, 100s));
  REQUIRE(std::abs(low - 12500) < 5 * std::sqrt(12500));
  REQUIRE(std::abs(high - 37500) < 5 * std::sqrt(37500));
}

TEST_CASE("a Hawkes process has its mean, and comes in clusters") {
  const Schedule hawkes = schedule_of("{hawkes: {mean: 50/s, branching: 0.8, decay: 500ms}}");
  const double seconds = 2000;
  double sum = 0;
  double squares = 0;
  Arrivals arrivals = arrivals_of(hawkes);
  SimTime at = arrivals.first();
  for (int window = 0; window < seconds / 10; ++window) {
    double in_window = 0;
    for (; at < kStart + (window + 1) * 10s; at = arrivals.next(at)) ++in_window;
    sum += in_window;
    squares += in_window * in_window;
  }
  const double mean = sum / (seconds / 10);
  const double variance = squares / (seconds / 10) - mean * mean;
  // Over long windows the variance of the count is mean / (1 - branching)^2.
  REQUIRE(mean == Approx(500).epsilon(0.08));
  REQUIRE(variance / mean > 10);
  const Schedule calm = schedule_of("{hawkes: {mean: 50/s, branching: 0, decay: 500ms}}");
  REQUIRE(static_cast<double>(count(arrivals_of(calm), 0s, 200s)) == Approx(10000).epsilon(0.05));
}

TEST_CASE("a diurnal rate follows the devices' clock") {
  const Schedule diurnal = schedule_of("{diurnal: {mean: 10/s, spikes: off}}");
  const auto night = count(arrivals_of(diurnal), 2h, 3h);
  const auto peak = count(arrivals_of(diurnal), 8h, 9h);
  REQUIRE(peak > 7 * night);
  // The same hour of the day, when the scenario begins at eight.
  REQUIRE(count(arrivals_of(diurnal, 0, kMonday + 8h), 0h, 1h) == Approx(peak).margin(1));
  REQUIRE(count(arrivals_of(diurnal), 0h, 24h * 7) == 10 * 86400 * 7);
}

TEST_CASE("a trace holds each rate until the next line") {
  const test::ScenarioFiles files;
  files.write("rates.csv", "time,rate\n# a comment\n\n10,5\n20s, 60/m\r\n1m,0\n");
  files.write("t.yaml",
              test::with_timeline(
                  "  - {at: 0s, rate: {trace: {file: rates.csv, scale: 2}}, cli: show clock}\n"));
  const Plan plan = files.plan("t.yaml");
  const Schedule& trace = plan.steps[0].schedule;
  REQUIRE(count(arrivals_of(trace), 0s, 10s) == 0);
  REQUIRE(count(arrivals_of(trace), 10s, 20s) == 100);
  REQUIRE(count(arrivals_of(trace), 20s, 60s) == 80);
  REQUIRE(count(arrivals_of(trace), 60s, 1000h) == 0);
}

TEST_CASE("a volume a day is as many lines of its size") {
  const Schedule volume = schedule_of("{volume: {per-day: 1.728GB, line: 200}}");
  REQUIRE(volume.kind == Schedule::Kind::kConstant);
  REQUIRE(volume.per_second == Approx(100));
  REQUIRE(schedule_of("{volume: {per-day: 190.08MB}}").per_second == Approx(10));
  const Schedule diurnal = schedule_of("{volume: {per-day: 1.728GB, line: 200, shape: diurnal}}");
  REQUIRE(expected_occurrences(diurnal, 24h * 7, kMonday) == Approx(100.0 * 86400 * 7));
}

TEST_CASE("expected occurrences end with the schedule or the run") {
  Schedule constant = schedule_of("{constant: 10/s}");
  constant.at = 5s;
  constant.until = 15s;
  REQUIRE(expected_occurrences(constant, 1h, kMonday) == Approx(100));
  REQUIRE(expected_occurrences(constant, 10s, kMonday) == Approx(50));
  REQUIRE(expected_occurrences(constant, 5s, kMonday) == 0);
}
