#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

Bench& events(Bench& bench, const char* count, const char* queue = "punt") {
  return bench.world("dp-events", {{"dp-events", count}, {"queue", queue}});
}

const char* const kFull = "ASP DP to CP Punt Event Queue was full. Queue length 2048, limit 2048";

}  // namespace

TEST_CASE(
    "a queue is full at its limit, not one before, and is emptied at the control point's rate") {
  Bench bench(asaemu::test::kBenchConfig, {{"cp-event-rate", std::uint64_t{100}}});
  events(bench, "2048").expect_nothing();
  events(bench, "1").expect(447001, kFull).expect_nothing();
  bench.advance(2s);
  events(bench, "200").expect_nothing();
  events(bench, "1").expect(447001, kFull).expect_nothing();
}

TEST_CASE("a full queue is reported once a second") {
  Bench bench(asaemu::test::kBenchConfig, {{"cp-event-rate", std::uint64_t{1}}});
  events(bench, "3000").expect(447001, kFull);
  events(bench, "10").expect_nothing();
  bench.advance(1s);
  events(bench, "10").expect(447001, kFull).expect_nothing();
}

TEST_CASE("packets to the device itself queue for the control point") {
  Bench bench(asaemu::test::kBenchConfig, {{"cp-event-rate", std::uint64_t{1}}});
  for (int i = 0; i < 4096; ++i) bench.packet("outside", "198.51.100.7", "203.0.113.1");
  bench.packet("outside", "198.51.100.7", "10.0.0.20").expect_nothing();
  bench.packet("outside", "198.51.100.7", "203.0.113.1")
      .expect(447001,
              "ASP DP to CP Identity-Traffic Event Queue was full. Queue length 4096, limit 4096");
}

TEST_CASE("show asp event dp-cp shows lengths, high water and failures") {
  Bench bench(asaemu::test::kBenchConfig, {{"cp-event-rate", std::uint64_t{100}}});
  events(bench, "2050").expect(447001, kFull);
  bench.advance(1s).command("show asp event dp-cp | include unt");
  REQUIRE(bench.output() ==
          "Punt Event Queue                        1948        2048\n"
          "punt                                    2048           2\n");
  bench.advance(1h).command("show asp event dp-cp | include Punt");
  REQUIRE(bench.output() == "Punt Event Queue                           0        2048\n");
}

TEST_CASE("queues are empty after a reload") {
  Bench bench(asaemu::test::kBenchConfig, {{"cp-event-rate", std::uint64_t{1}}});
  events(bench, "2048").command("reload").advance(4min);
  events(bench, "2048").expect_nothing();
}
