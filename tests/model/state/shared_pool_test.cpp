#include "model/state/shared_pool.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <numeric>
#include <rapidcheck.h>

using asaemu::SharedClient;
using asaemu::SharedPool;

namespace {

bool want(SharedPool& pool, const char* id, std::uint32_t sessions) {
  SharedClient& client = *pool.find_or_add(id);
  client.wanted = sessions;
  return pool.adjust(client);
}

}  // namespace

TEST_CASE("sessions are lent and taken back in blocks of fifty") {
  SharedPool pool;
  pool.set_capacity(500);
  REQUIRE(want(pool, "A", 1));
  REQUIRE(pool.available() == 450);
  REQUIRE_FALSE(want(pool, "A", 50));
  REQUIRE(want(pool, "A", 51));
  REQUIRE(pool.available() == 400);
  REQUIRE(want(pool, "A", 0));
  REQUIRE(pool.available() == 500);
  REQUIRE(pool.find_or_add("A")->most_lent == 100);
}

TEST_CASE("a pool that runs dry lends what it has") {
  SharedPool pool;
  pool.set_capacity(120);
  REQUIRE(want(pool, "A", 200));
  REQUIRE(pool.find_or_add("A")->lent == 120);
  REQUIRE(pool.available() == 0);
  REQUIRE_FALSE(want(pool, "B", 10));
  REQUIRE(pool.find_or_add("B")->gets.failed == 1);
  pool.reclaim(*pool.find_or_add("A"));
  REQUIRE(want(pool, "B", 10));
  REQUIRE(pool.available() == 70);
}

TEST_CASE("a pool is nearly used above nine tenths, not at them") {
  SharedPool pool;
  pool.set_capacity(1000);
  want(pool, "A", 900);
  REQUIRE_FALSE(pool.is_nearly_used());
  want(pool, "B", 1);
  REQUIRE(pool.is_nearly_used());
}

TEST_CASE("a pool knows participants up to its bound") {
  SharedPool pool;
  for (std::size_t i = 0; i < SharedPool::kBound; ++i) {
    REQUIRE(pool.find_or_add(fmt::format("JMX{}", i)) != nullptr);
  }
  REQUIRE(pool.find_or_add("one more") == nullptr);
  REQUIRE(pool.find_or_add("JMX0") != nullptr);
}

TEST_CASE("a pool never lends more than it has, and what is lent is what the clients hold") {
  REQUIRE(rc::check([] {
    SharedPool pool;
    pool.set_capacity(*rc::gen::inRange<std::uint32_t>(0, 2000));
    const auto steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
      SharedClient& client = *pool.find_or_add(std::string(1, *rc::gen::inRange('A', 'F')));
      if (*rc::gen::inRange(0, 4) == 0) {
        pool.reclaim(client);
      } else {
        client.wanted = *rc::gen::inRange<std::uint32_t>(0, 800);
        pool.adjust(client);
      }
      const auto& clients = pool.clients();
      const auto held =
          std::accumulate(clients.begin(), clients.end(), 0U,
                          [](auto sum, const SharedClient& each) { return sum + each.lent; });
      RC_ASSERT(held == pool.lent());
      RC_ASSERT(pool.lent() + pool.available() == pool.capacity());
    }
  }));
}
