#include "model/state/dma_pool.hpp"

#include "model/base/random.hpp"

#include <catch2/catch.hpp>

#include <map>

using asaemu::DmaPool;

TEST_CASE("blocks are given out from the bottom, and a gap is used again") {
  DmaPool pool(0xD0000000, 1024);
  REQUIRE(pool.allocate(64) == 0xD0000000);
  REQUIRE(pool.allocate(65) == 0xD0000040);
  REQUIRE(pool.allocate(1) == 0xD00000C0);
  REQUIRE(pool.release(0xD0000040));
  REQUIRE(pool.allocate(129) == 0xD0000100);
  REQUIRE(pool.allocate(128) == 0xD0000040);
}

TEST_CASE("a block is given back once") {
  DmaPool pool(0xD0000000, 1024);
  REQUIRE(pool.allocate(64) == 0xD0000000);
  REQUIRE_FALSE(pool.release(0xD0000001));
  REQUIRE(pool.release(0xD0000000));
  REQUIRE_FALSE(pool.release(0xD0000000));
}

TEST_CASE("a pool is full at its last byte, not one before") {
  DmaPool pool(0xD0000000, 256);
  REQUIRE(pool.largest_gap() == 256);
  REQUIRE_FALSE(pool.allocate(257).has_value());
  REQUIRE(pool.allocate(192) == 0xD0000000);
  REQUIRE(pool.largest_gap() == 64);
  REQUIRE(pool.allocate(64) == 0xD00000C0);
  REQUIRE(pool.largest_gap() == 0);
  REQUIRE_FALSE(pool.allocate(1).has_value());
}

TEST_CASE("a pool gives out so many blocks and no more") {
  DmaPool pool(0xD0000000, 0x10000000);
  for (std::size_t i = 0; i < DmaPool::kBound; ++i) REQUIRE(pool.allocate(1).has_value());
  REQUIRE_FALSE(pool.allocate(1).has_value());
  REQUIRE(pool.largest_gap() == 0);
}

TEST_CASE("blocks never overlap, and a gap that is reported can be had") {
  asaemu::RandomStream random(1, "pool", "test");
  DmaPool pool(0xD0000000, 65536);
  std::map<std::uint32_t, std::uint64_t> blocks;
  for (int step = 0; step < 5000; ++step) {
    if (random.below(3) == 0 && !blocks.empty()) {
      const auto victim = std::next(blocks.begin(), static_cast<long>(random.below(blocks.size())));
      REQUIRE(pool.release(victim->first));
      blocks.erase(victim);
      continue;
    }
    const std::uint64_t size = random.between(1, 6000);
    const bool fits = size <= pool.largest_gap();
    const auto at = pool.allocate(size);
    REQUIRE(at.has_value() == fits);
    if (!at) continue;
    const auto next = blocks.upper_bound(*at);
    if (next != blocks.end()) REQUIRE(*at + size <= next->first);
    if (next != blocks.begin()) REQUIRE(std::prev(next)->first + std::prev(next)->second <= *at);
    blocks[*at] = size;
  }
}
