#include "model/base/aging_table.hpp"

#include <catch2/catch.hpp>

#include <vector>

using asaemu::AgingTable;
using asaemu::kStart;
using namespace std::chrono_literals;

namespace {

using Table = AgingTable<int, char>;

std::string entries(const Table& table) {
  std::string text;
  for (const auto& aged : table) text += aged.entry;
  return text;
}

}  // namespace

TEST_CASE("an entry lives until its lifetime is over, not a tick longer") {
  Table table(4, 5min);
  REQUIRE(table.hear(1, 'a', kStart));
  CHECK(*table.find(1, kStart + 5min - 1ns) == 'a');
  CHECK(table.find(1, kStart + 5min) == nullptr);
  CHECK(table.size() == 1);
  table.expire(kStart + 5min - 1ns);
  CHECK(table.size() == 1);
  table.expire(kStart + 5min);
  CHECK(table.empty());
}

TEST_CASE("hearing of an entry again makes it the latest and replaces what it says") {
  Table table(4, 5min);
  table.hear(1, 'a', kStart);
  table.hear(2, 'b', kStart + 1s);
  table.hear(1, 'c', kStart + 2s);
  CHECK(entries(table) == "bc");
  table.expire(kStart + 5min + 1s);
  CHECK(entries(table) == "c");
}

TEST_CASE("a full aging table takes known keys only, until the oldest is dropped") {
  Table table(2, 5min);
  table.hear(1, 'a', kStart);
  table.hear(2, 'b', kStart);
  CHECK_FALSE(table.hear(3, 'c', kStart));
  CHECK(table.hear(1, 'd', kStart));
  std::vector<char> gone;
  table.drop_oldest([&](char entry) { gone.push_back(entry); });
  CHECK(gone == std::vector{'b'});
  CHECK(table.hear(3, 'c', kStart));
  CHECK(entries(table) == "dc");
}

TEST_CASE("another lifetime holds for what is in the table already") {
  Table table(4, 5min);
  table.hear(1, 'a', kStart);
  table.set_lifetime(10min);
  CHECK(table.find(1, kStart + 10min - 1ns) != nullptr);
  table.set_lifetime(1min);
  CHECK(table.find(1, kStart + 1min) == nullptr);
}
