#include "emulator/run/histogram.hpp"

#include "model/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using asaemu::Histogram;

TEST_CASE("an empty histogram has no percentiles") {
  const Histogram histogram;
  REQUIRE(histogram.count() == 0);
  REQUIRE(histogram.percentile(0.5) == 0);
  REQUIRE(histogram.max() == 0);
}

TEST_CASE("small values are exact, the maximum always is") {
  Histogram histogram;
  for (int value = 1; value <= 15; ++value) histogram.add(value);
  histogram.add(1'000'003);
  REQUIRE(histogram.percentile(0) == 1);
  REQUIRE(histogram.percentile(0.5) == 8);
  REQUIRE(histogram.percentile(1) == 1'000'003);
  REQUIRE(histogram.max() == 1'000'003);
}

TEST_CASE("negative durations count as none") {
  Histogram histogram;
  histogram.add(-5);
  REQUIRE(histogram.percentile(1) == 0);
}

TEST_CASE("percentiles are those of the sorted values, to a sixteenth") {
  asaemu::RandomStream random(3, "histogram", "test");
  std::vector<std::uint64_t> values;
  Histogram histogram;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t value = random.next() >> (20 + random.below(40));
    values.push_back(value);
    histogram.add(static_cast<std::int64_t>(value));
  }
  std::sort(values.begin(), values.end());
  for (const double fraction : {0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto exact = values[static_cast<std::size_t>(fraction * 19999)];
    const auto found = histogram.percentile(fraction);
    INFO(fraction << ": " << exact << " " << found);
    REQUIRE(found >= exact);
    REQUIRE(found <= exact + exact / 16 + 1);
  }
}
