#include "model/base/random.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>

namespace asaemu {
namespace {

std::array<std::uint64_t, 4> first_numbers(std::uint64_t seed, std::string_view device,
                                           std::string_view purpose) {
  RandomStream random(seed, device, purpose);
  return {random.next(), random.next(), random.next(), random.next()};
}

// A change here changes the bytes of every scenario with chance in it: it belongs into the change
// log.
TEST_CASE("streams give the numbers they have always given") {
  CHECK(first_numbers(7, "fw-edge", "traffic") ==
        std::array<std::uint64_t, 4>{0xEFCC881A80B52FCE, 0x09F27EC36D98F881, 0x91743A5BB169A459,
                                     0x7CF3A277C662FF5C});
  CHECK(first_numbers(0, "", "") ==
        std::array<std::uint64_t, 4>{0x3D93490F37416530, 0xD6B8F565A2C2351D, 0x02062F9F599D8FE9,
                                     0x34873AD40A136249});
}

TEST_CASE("hashes are what they have always been") {
  CHECK(stable_hash("") == 0xC3817C016BA4FF30);
  CHECK(stable_hash("fw-edge") == 0xFA7E5E64084AF197);
  CHECK(stable_hash("fw-edge", 7) == 0x9E64F6823CCDC305);
}

TEST_CASE("seed, device and purpose each give a stream of its own") {
  const auto base = first_numbers(7, "fw-edge", "traffic");
  CHECK(first_numbers(7, "fw-edge", "traffic") == base);
  CHECK(first_numbers(8, "fw-edge", "traffic") != base);
  CHECK(first_numbers(7, "fw-core", "traffic") != base);
  CHECK(first_numbers(7, "fw-edge", "jitter") != base);
  CHECK(first_numbers(7, "traffic", "fw-edge") != base);
}

TEST_CASE("bounded numbers stay below their bound and reach both ends") {
  RandomStream random(1, "test", "below");
  std::array<unsigned, 6> seen{};
  for (int i = 0; i < 6000; ++i) ++seen.at(random.below(6));
  for (const auto count : seen) {
    CHECK(count > 850);
    CHECK(count < 1150);
  }
  CHECK(random.below(1) == 0);
  CHECK(random.below(0) == 0);
}

TEST_CASE("a range includes both of its ends") {
  RandomStream random(1, "test", "between");
  bool low = false;
  bool high = false;
  for (int i = 0; i < 200; ++i) {
    const auto value = random.between(10, 13);
    REQUIRE(value >= 10);
    REQUIRE(value <= 13);
    low = low || value == 10;
    high = high || value == 13;
  }
  CHECK(low);
  CHECK(high);
  CHECK(random.between(5, 5) == 5);
  CHECK(random.between(0, ~std::uint64_t{0}) != random.between(0, ~std::uint64_t{0}));
}

TEST_CASE("fractions lie from 0 to below 1 with a mean of a half") {
  RandomStream random(1, "test", "fraction");
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double value = random.fraction();
    REQUIRE(value >= 0.0);
    REQUIRE(value < 1.0);
    sum += value;
  }
  CHECK(std::abs(sum / 10'000 - 0.5) < 0.02);
}

TEST_CASE("exponential waiting times are positive and have their mean") {
  RandomStream random(1, "test", "exponential");
  double sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double value = random.exponential(50.0);
    REQUIRE(value >= 0.0);
    REQUIRE(std::isfinite(value));
    sum += value;
  }
  CHECK(std::abs(sum / 20'000 - 50.0) < 2.0);
}

}  // namespace
}  // namespace asaemu
