#include "emulator/run/limit.hpp"

#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

/// All rates that a search tries of a collector that takes up to `capacity`.
std::vector<double> tried(const RateSearch::Bounds& bounds, double capacity, double& knee) {
  RateSearch search(bounds);
  std::vector<double> rates;
  while (const auto rate = search.next()) {
    rates.push_back(*rate);
    search.tell(*rate <= capacity);
  }
  knee = search.knee();
  return rates;
}

}  // namespace

TEST_CASE("rates double until one does not hold, then the gap is halved") {
  double knee = 0;
  REQUIRE(tried({1000, 2, 0, 1e7, 3}, 5000, knee) ==
          std::vector<double>{1000, 2000, 4000, 8000, 6000, 5000, 5500});
  REQUIRE(knee == 5000);
}

TEST_CASE("rates rise by steps, up to the last and no further") {
  double knee = 0;
  REQUIRE(tried({10, 2, 15, 50, 0}, 1000, knee) == std::vector<double>{10, 25, 40, 50});
  REQUIRE(knee == 50);
  REQUIRE(tried({10, 2, 15, 50, 0}, 30, knee) == std::vector<double>{10, 25, 40});
  REQUIRE(knee == 25);
}

TEST_CASE("a collector that does not take the first rate has no knee") {
  double knee = 1;
  REQUIRE(tried({1000, 2, 0, 1e7, 3}, 999, knee) == std::vector<double>{1000});
  REQUIRE(knee == 0);
}

TEST_CASE("a receiver's count is a number, a report, or the lines of a log") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("received");
  REQUIRE(read_received(path) == 0);
  test::write_file(path, "1234\n");
  REQUIRE(read_received(path) == 1234);
  test::write_file(path, "{\"messages\": 77, \"bytes\": 5}");
  REQUIRE(read_received(path) == 77);
  test::write_file(path, "<164>one\n<164>two\n<164>unfinished");
  REQUIRE(read_received(path) == 2);
  std::string large;
  for (int i = 0; i < 200'000; ++i) large += "<164>a line\n";
  test::write_file(path, large);
  REQUIRE(read_received(path) == 200'000);
}

TEST_CASE("loss and lateness beyond what is allowed are trouble, at it they are not") {
  LimitOptions options;
  options.loss = 0.01;
  options.lateness = 100ms;
  options.hold = 10s;
  RunResult result;
  LimitStep step;
  step.offered = 1000;
  step.delivered = 990;
  step.lateness_p99 = 100ms;
  step.held_up = 1s;
  REQUIRE(limit_trouble(step, result, options).empty());
  step.delivered = 989;
  REQUIRE(limit_trouble(step, result, options) == "11 lost");
  step.delivered = 1000;
  step.lateness_p99 = 101ms;
  REQUIRE(limit_trouble(step, result, options) == "p99 101 ms late");
  step.held_up = 1001ms;
  REQUIRE(limit_trouble(step, result, options) == "held up for 1.0 s");
  result.stimuli.missed = 1;
  REQUIRE(limit_trouble(step, result, options) == "the sender fell behind");
}
