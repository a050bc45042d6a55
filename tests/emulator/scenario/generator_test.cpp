#include "emulator/scenario/generator.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <set>

using namespace asaemu;

namespace {

constexpr int kDraws = 100'000;

FieldValue number(std::uint64_t value) {
  return value;
}
FieldValue port(std::uint16_t value) {
  return Port{value};
}
FieldValue address(std::string_view text) {
  return IpAddress::parse(text).value();
}

/// How often each value came in kDraws draws.
std::map<FieldValue, int> draw(const Generator& generator) {
  RandomStream random(1, "fw", "test");
  FieldValue scratch;
  std::map<FieldValue, int> counts;
  for (int i = 0; i < kDraws; ++i) {
    ++counts[generator.next(random, static_cast<std::uint64_t>(i), scratch)];
  }
  return counts;
}

/// Whether a count of kDraws is as probability says, within five standard deviations.
bool is_likely(int count, double probability) {
  const double mean = kDraws * probability;
  const double deviation = std::sqrt(mean * (1 - probability));
  return std::abs(count - mean) <= 5 * deviation;
}

Generator pool(std::string_view prefix) {
  return Generator::pool(IpPrefix::parse(prefix).value());
}

}  // namespace

TEST_CASE("a constant generator gives its value and draws nothing") {
  const Generator generator = Generator::constant(port(22));
  CHECK(generator.is_constant());
  RandomStream random(1, "fw", "test");
  RandomStream untouched(1, "fw", "test");
  FieldValue scratch;
  const FieldValue& first = generator.next(random, 0, scratch);
  CHECK(first == port(22));
  CHECK(&generator.next(random, 1, scratch) == &first);
  CHECK(random.next() == untouched.next());
}

TEST_CASE("a pool leaves out network and broadcast address, and nothing else") {
  const auto counts = draw(pool("10.0.0.0/29"));
  REQUIRE(counts.size() == 6);
  CHECK(counts.begin()->first == address("10.0.0.1"));
  CHECK(counts.rbegin()->first == address("10.0.0.6"));
  for (const auto& [value, count] : counts) CHECK(is_likely(count, 1.0 / 6));
}

TEST_CASE("a pool of two addresses or one has them all") {
  CHECK(draw(pool("10.0.0.4/31")).size() == 2);
  CHECK(draw(pool("10.0.0.4/32")).size() == 1);
  CHECK(draw(pool("10.0.0.4/30")).size() == 2);
  CHECK(draw(pool("2001:db8::/126")).size() == 4);
}

TEST_CASE("the widest pools stay inside their networks") {
  const auto v4 = pool("0.0.0.0/0").examples();
  REQUIRE(v4.size() == 2);
  CHECK(v4[0] == address("0.0.0.1"));
  CHECK(v4[1] == address("255.255.255.254"));
  RandomStream random(1, "fw", "test");
  FieldValue scratch;
  const IpPrefix network = IpPrefix::parse("2001:db8::/32").value();
  const Generator v6 = Generator::pool(network);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(network.contains(std::get<IpAddress>(v6.next(random, 0, scratch))));
  }
}

TEST_CASE("a range gives all its values equally often, both ends included") {
  const auto counts = draw(Generator::range(port(65531), port(65535)));
  REQUIRE(counts.size() == 5);
  CHECK(counts.begin()->first == port(65531));
  CHECK(counts.rbegin()->first == port(65535));
  for (const auto& [value, count] : counts) CHECK(is_likely(count, 0.2));
}

TEST_CASE("a list without preferences gives its values equally often") {
  const auto counts =
      draw(Generator::list({port(22), port(23), port(80), port(443)}, {1, 1, 1, 1}));
  REQUIRE(counts.size() == 4);
  for (const auto& [value, count] : counts) CHECK(is_likely(count, 0.25));
}

TEST_CASE("a list with weights gives its values in their proportion") {
  auto counts = draw(Generator::list({port(22), port(23), port(3389)}, {5, 0.5, 4.5}));
  CHECK(is_likely(counts[port(22)], 0.5));
  CHECK(is_likely(counts[port(23)], 0.05));
  CHECK(is_likely(counts[port(3389)], 0.45));
}

TEST_CASE("a sequence over a range walks through it and starts over") {
  const Generator generator = Generator::sequence_range(number(7), number(9));
  RandomStream random;
  FieldValue scratch;
  std::vector<std::uint64_t> values;
  for (std::uint64_t i = 0; i < 7; ++i) {
    values.push_back(std::get<std::uint64_t>(generator.next(random, i, scratch)));
  }
  CHECK(values == std::vector<std::uint64_t>{7, 8, 9, 7, 8, 9, 7});
}

TEST_CASE("a sequence over a list walks through it and starts over") {
  const Generator generator = Generator::sequence_list({port(3), port(1), port(2)});
  RandomStream random(1, "fw", "test");
  RandomStream untouched(1, "fw", "test");
  FieldValue scratch;
  for (const int expected : {3, 1, 2, 3, 1}) {
    static std::uint64_t occurrence = 0;
    CHECK(generator.next(random, occurrence++, scratch) ==
          port(static_cast<std::uint16_t>(expected)));
  }
  CHECK(random.next() == untouched.next());
}

TEST_CASE("the same stream gives the same values") {
  const Generator generator = pool("10.0.0.0/8");
  RandomStream one(7, "fw", "values");
  RandomStream other(7, "fw", "values");
  FieldValue a;
  FieldValue b;
  for (int i = 0; i < 100; ++i) CHECK(generator.next(one, 0, a) == generator.next(other, 0, b));
}

TEST_CASE("the size of a range counts both ends and knows what is no range") {
  CHECK(Generator::range_size(number(5), number(5)) == 1);
  CHECK(Generator::range_size(port(0), port(65535)) == 65536);
  CHECK(Generator::range_size(number(6), number(5)) == std::nullopt);
  CHECK(Generator::range_size(number(5), port(6)) == std::nullopt);
  CHECK(Generator::range_size(FieldValue{std::string("a")}, FieldValue{std::string("b")}) ==
        std::nullopt);
  const std::uint64_t half = std::uint64_t{1} << 63;
  CHECK(Generator::range_size(number(0), number(half - 1)) == half);
  CHECK(Generator::range_size(number(0), number(half)) == std::nullopt);
}

TEST_CASE("the size of an address range crosses the halves of an IPv6 address") {
  CHECK(Generator::range_size(address("10.0.0.255"), address("10.0.1.0")) == 2);
  CHECK(Generator::range_size(address("10.0.0.1"), address("10.0.0.0")) == std::nullopt);
  CHECK(Generator::range_size(address("10.0.0.1"), address("2001:db8::")) == std::nullopt);
  CHECK(Generator::range_size(address("2001:db8::ffff:ffff:ffff:ffff"),
                              address("2001:db8:0:1::")) == 2);
  CHECK(Generator::range_size(address("2001:db8::"), address("2001:db8:0:1::")) == std::nullopt);
  CHECK(Generator::range_size(address("2001:db8::"), address("2001:db8:0:2::")) == std::nullopt);
}

TEST_CASE("a range of hardware addresses has them all, both ends included") {
  const auto mac = [](std::uint64_t value) { return FieldValue{MacAddress{value}}; };
  CHECK(Generator::range_size(mac(0x0016'a421'9400), mac(0x0016'a421'94ff)) == 256);
  CHECK(Generator::range_size(mac(2), mac(1)) == std::nullopt);
  const auto counts = draw(Generator::range(mac(0xFFFE), mac(0x10001)));
  REQUIRE(counts.size() == 4);
  for (const auto& [value, count] : counts) CHECK(is_likely(count, 0.25));
}

TEST_CASE("examples are what a check must look at: the ends of ranges and all of a list") {
  CHECK(Generator::constant(port(5)).examples() == std::vector{port(5)});
  CHECK(Generator::range(port(5), port(9)).examples() == std::vector{port(5), port(9)});
  CHECK(Generator::list({port(5), port(1)}, {1, 2}).examples() == std::vector{port(5), port(1)});
  CHECK(pool("10.0.0.0/24").examples() == std::vector{address("10.0.0.1"), address("10.0.0.254")});
}
