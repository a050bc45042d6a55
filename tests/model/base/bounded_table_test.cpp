#include "model/base/bounded_table.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace asaemu {
namespace {

using Table = BoundedTable<std::uint64_t, std::string>;
using Pairs = std::vector<std::pair<std::uint64_t, std::string>>;

Pairs contents(const Table& table) {
  Pairs all;
  for (auto at = table.begin(); at != table.end(); ++at) all.emplace_back(at.key(), *at);
  return all;
}

TEST_CASE("entries are walked in the order of their insertion") {
  Table table(10);
  table.insert(5, "five");
  table.insert(1, "one");
  table.insert(3, "three");
  CHECK(contents(table) == Pairs{{5, "five"}, {1, "one"}, {3, "three"}});
  CHECK(table.size() == 3);
}

TEST_CASE("erasing first, middle and last keeps the order of the rest") {
  Table table(10);
  for (std::uint64_t key = 0; key < 6; ++key) table.insert(key, std::to_string(key));
  CHECK(table.erase(std::uint64_t{0}));
  CHECK(table.erase(std::uint64_t{3}));
  CHECK(table.erase(std::uint64_t{5}));
  CHECK_FALSE(table.erase(std::uint64_t{5}));
  CHECK(contents(table) == Pairs{{1, "1"}, {2, "2"}, {4, "4"}});
}

TEST_CASE("a new entry stands last even where it reuses a place") {
  Table table(3);
  table.insert(1, "a");
  table.insert(2, "b");
  table.erase(std::uint64_t{1});
  table.insert(3, "c");
  table.insert(1, "d");
  CHECK(contents(table) == Pairs{{2, "b"}, {3, "c"}, {1, "d"}});
}

TEST_CASE("the bound holds and an erased entry makes room") {
  Table table(2);
  CHECK(table.insert(1, "a") != nullptr);
  CHECK_FALSE(table.full());
  CHECK(table.insert(2, "b") != nullptr);
  CHECK(table.full());
  CHECK(table.insert(3, "c") == nullptr);
  CHECK(table.size() == 2);
  CHECK(table.find(std::uint64_t{3}) == nullptr);
  table.erase(std::uint64_t{1});
  CHECK(table.insert(3, "c") != nullptr);
}

TEST_CASE("entries are found and changed in place") {
  Table table(4);
  *table.insert(1, "a") += "b";
  CHECK(*table.find(std::uint64_t{1}) == "ab");
  for (std::string& entry : table) entry += "c";
  CHECK(table.begin()->size() == 3);
  CHECK(*std::as_const(table).find(std::uint64_t{1}) == "abc");
}

TEST_CASE("entries can be erased by a condition, asked in order") {
  Table table(10);
  for (std::uint64_t key = 0; key < 6; ++key) table.insert(key, std::to_string(key));
  std::string asked;
  const auto erased = table.erase_if([&](const std::string& entry) {
    asked += entry;
    return entry == "0" || entry == "2" || entry == "4";
  });
  CHECK(erased == 3);
  CHECK(asked == "012345");
  CHECK(contents(table) == Pairs{{1, "1"}, {3, "3"}, {5, "5"}});
}

TEST_CASE("a cleared table is as good as new") {
  Table table(2);
  table.insert(1, "a");
  table.insert(2, "b");
  table.clear();
  CHECK(table.empty());
  CHECK(contents(table).empty());
  table.insert(2, "c");
  CHECK(contents(table) == Pairs{{2, "c"}});
}

TEST_CASE("random operations leave what an ordered list would hold") {
  Table table(40);
  Pairs reference;
  RandomStream random(1, "test", "bounded table");
  for (int i = 0; i < 5000; ++i) {
    const std::uint64_t key = random.below(60);
    const auto there = std::find_if(reference.begin(), reference.end(),
                                    [&](const auto& pair) { return pair.first == key; });
    if (there != reference.end()) {
      REQUIRE(*table.find(key) == there->second);
      REQUIRE(table.erase(key));
      reference.erase(there);
    } else if (random.below(3) != 0) {
      const bool added = table.insert(key, std::to_string(i)) != nullptr;
      REQUIRE(added == (reference.size() < 40));
      if (added) reference.emplace_back(key, std::to_string(i));
    }
    REQUIRE(contents(table) == reference);
  }
}

}  // namespace
}  // namespace asaemu
