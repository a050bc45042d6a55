#include "model/state/replay_window.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <rapidcheck.h>
#include <set>

using asaemu::ReplayWindow;

namespace {

/// RFC 4303, section 3.4.3, word for word and without any cleverness: remembers every number.
class Oracle {
 public:
  explicit Oracle(std::uint32_t size) : size_(size) {}

  [[nodiscard]] bool is_fresh(std::uint32_t number) const {
    const auto left_edge = std::int64_t{highest()} - size_ + 1;
    return number != 0 && number >= left_edge && seen_.count(number) == 0;
  }
  void accept(std::uint32_t number) { seen_.insert(number); }
  [[nodiscard]] std::uint32_t highest() const { return seen_.empty() ? 0 : *seen_.rbegin(); }

 private:
  std::int64_t size_;
  std::set<std::uint32_t> seen_;
};

constexpr std::array<std::uint32_t, 5> kSizes{64, 128, 256, 512, 1024};

}  // namespace

TEST_CASE("the replay window takes a number once") {
  ReplayWindow window;
  CHECK_FALSE(window.is_fresh(0));
  CHECK(window.is_fresh(1));
  window.accept(1);
  CHECK_FALSE(window.is_fresh(1));
  CHECK(window.is_fresh(2));
}

TEST_CASE("the replay window ends exactly at its size") {
  for (const std::uint32_t size : kSizes) {
    CAPTURE(size);
    ReplayWindow window(size);
    window.accept(5000);
    CHECK(window.is_fresh(5000 - size + 1));
    CHECK_FALSE(window.is_fresh(5000 - size));
    window.accept(5001);
    CHECK_FALSE(window.is_fresh(5000 - size + 1));
  }
}

TEST_CASE("asking moves the replay window nowhere") {
  ReplayWindow window;
  CHECK(window.is_fresh(4000000000));
  CHECK(window.is_fresh(1));
  CHECK(window.highest() == 0);
}

TEST_CASE("the replay window holds up to the last sequence number") {
  ReplayWindow window;
  window.accept(0xFFFFFFFE);
  window.accept(0xFFFFFFFF);
  CHECK_FALSE(window.is_fresh(0xFFFFFFFF));
  CHECK(window.is_fresh(0xFFFFFFFF - 63));
  CHECK_FALSE(window.is_fresh(0xFFFFFFFF - 64));
}

TEST_CASE("a jump over the whole replay window leaves nothing seen") {
  ReplayWindow window;
  for (std::uint32_t number = 1; number <= 64; ++number) window.accept(number);
  window.accept(128);
  CHECK(window.was_seen(0));
  for (std::uint32_t age = 1; age < 64; ++age) CHECK_FALSE(window.was_seen(age));
}

TEST_CASE("the replay window agrees with a naive oracle") {
  const bool holds = rc::check("window equals oracle", [] {
    const auto size = *rc::gen::elementOf(kSizes);
    ReplayWindow window(size);
    Oracle oracle(size);
    const auto start = *rc::gen::element<std::uint32_t>(0, 1000, 0x7FFFFFF0, 0xFFFFF000);
    if (start != 0) {
      window.accept(start);
      oracle.accept(start);
    }
    // Steps around the right edge, most of them small, some across the window.
    const auto reach = static_cast<int>(size) * 5 / 4;
    const auto step = rc::gen::oneOf(rc::gen::inRange(-reach, reach), rc::gen::inRange(-8, 9));
    for (const int by : *rc::gen::container<std::vector<int>>(step)) {
      const auto number = static_cast<std::uint32_t>(
          std::clamp<std::int64_t>(std::int64_t{oracle.highest()} + by, 0, 0xFFFFFFFF));
      RC_ASSERT(window.is_fresh(number) == oracle.is_fresh(number));
      if (!oracle.is_fresh(number)) continue;
      window.accept(number);
      oracle.accept(number);
      RC_ASSERT(window.highest() == oracle.highest());
    }
  });
  REQUIRE(holds);
}
