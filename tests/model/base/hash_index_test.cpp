#include "model/base/hash_index.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>

namespace asaemu {
namespace {

/// All keys at the same home: probing and shifting back at their hardest.
struct OneHash {
  std::uint64_t operator()(std::uint64_t) const { return 42; }
};

/// Homes at the array's end, so that runs wrap around.
struct FewHashes {
  std::uint64_t operator()(std::uint64_t key) const { return ~std::uint64_t{0} - key % 3; }
};

/// Random operations against std::map; every key is looked up after every operation.
template <class Hash>
void check_against_map(std::uint64_t keys, int operations) {
  HashIndex<std::uint64_t, std::uint64_t, Hash> index;
  std::map<std::uint64_t, std::uint64_t> reference;
  RandomStream random(1, "test", "hash index");
  for (int i = 0; i < operations; ++i) {
    const std::uint64_t key = random.below(keys);
    const std::uint64_t value = random.next();
    if (random.below(2) == 0) {
      const auto [there, added] = index.insert(key, value);
      const auto expected = reference.emplace(key, value);
      REQUIRE(added == expected.second);
      REQUIRE(*there == expected.first->second);
    } else {
      REQUIRE(index.erase(key) == (reference.erase(key) == 1));
    }
    REQUIRE(index.size() == reference.size());
    for (std::uint64_t each = 0; each < keys; ++each) {
      const auto* found = index.find(each);
      const auto expected = reference.find(each);
      REQUIRE((found != nullptr) == (expected != reference.end()));
      if (found != nullptr) REQUIRE(*found == expected->second);
    }
  }
}

TEST_CASE("random inserts and erases leave what a map would hold") {
  check_against_map<KeyHash<std::uint64_t>>(64, 4000);
}

TEST_CASE("colliding keys are found and erased like others") {
  check_against_map<OneHash>(40, 2000);
  check_against_map<FewHashes>(40, 2000);
}

TEST_CASE("no memory is taken before the first insert, and clearing gives it back") {
  HashIndex<std::uint64_t, int> index;
  CHECK(index.capacity() == 0);
  CHECK(index.find(std::uint64_t{1}) == nullptr);
  CHECK_FALSE(index.erase(std::uint64_t{1}));
  CHECK(index.capacity() == 0);
  index.insert(1, 10);
  CHECK(index.capacity() == 8);
  index.clear();
  CHECK(index.capacity() == 0);
  CHECK(index.empty());
  CHECK(index.find(std::uint64_t{1}) == nullptr);
  CHECK(index.insert(1, 11).second);
}

TEST_CASE("the array grows when three quarters are full") {
  HashIndex<std::uint64_t, int> index;
  for (std::uint64_t key = 0; key < 6; ++key) index.insert(key, 0);
  CHECK(index.capacity() == 8);
  index.insert(6, 0);
  CHECK(index.capacity() == 16);
}

TEST_CASE("inserting a key again leaves its value alone") {
  HashIndex<std::uint64_t, int> index;
  index.insert(1, 10);
  const auto [value, added] = index.insert(1, 20);
  CHECK_FALSE(added);
  CHECK(*value == 10);
  *value = 30;
  CHECK(*std::as_const(index).find(std::uint64_t{1}) == 30);
}

TEST_CASE("string keys are found by views") {
  HashIndex<std::string, int> index;
  index.insert("outside", 1);
  CHECK(*index.find(std::string_view("outside")) == 1);
  CHECK(index.find(std::string_view("inside")) == nullptr);
  CHECK(index.erase(std::string_view("outside")));
}

TEST_CASE("values may be movable only") {
  HashIndex<std::uint64_t, std::unique_ptr<int>> index;
  for (std::uint64_t key = 0; key < 100; ++key) {
    index.insert(key, std::make_unique<int>(static_cast<int>(key)));
  }
  for (std::uint64_t key = 0; key < 100; key += 2) index.erase(key);
  for (std::uint64_t key = 1; key < 100; key += 2) {
    REQUIRE(**index.find(key) == static_cast<int>(key));
  }
}

TEST_CASE("hashes of the usual keys differ where the keys do") {
  CHECK(KeyHash<IpAddress>()(IpAddress::v4(1)) != KeyHash<IpAddress>()(IpAddress::v6(0, 1)));
  CHECK(KeyHash<IpAddress>()(IpAddress::v6(1, 0)) != KeyHash<IpAddress>()(IpAddress::v6(0, 1)));
  CHECK(KeyHash<Port>()(Port{1}) != KeyHash<Port>()(Port{2}));
  CHECK(KeyHash<std::string>()("a") != KeyHash<std::string>()("b"));
}

}  // namespace
}  // namespace asaemu
