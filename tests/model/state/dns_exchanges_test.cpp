#include "model/state/dns_exchanges.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

constexpr ConnectionId kOne{1};
constexpr ConnectionId kTwo{2};

}  // namespace

TEST_CASE("a DNS reply must come under an id that was asked, and once") {
  DnsExchanges exchanges;
  exchanges.ask(kOne, 7, 0);
  exchanges.ask(kOne, 8, 0);
  CHECK_FALSE(exchanges.answer(kOne, 9));
  CHECK(exchanges.answer(kOne, 7));
  CHECK_FALSE(exchanges.answer(kOne, 7));
  CHECK_FALSE(exchanges.is_answered(kOne));
  CHECK(exchanges.answer(kOne, 8));
  CHECK(exchanges.is_answered(kOne));
  CHECK(exchanges.answer(kTwo, 9));
  CHECK_FALSE(exchanges.is_answered(kTwo));
}

TEST_CASE("eight DNS requests of a connection wait and a ninth displaces the first") {
  DnsExchanges exchanges;
  for (std::uint16_t id = 0; id < DnsExchanges::kRequestBound; ++id) exchanges.ask(kOne, id, 0);
  CHECK(exchanges.answer(kOne, 0));
  for (std::uint16_t id = 100; id < 102; ++id) exchanges.ask(kOne, id, 0);
  CHECK_FALSE(exchanges.answer(kOne, 1));
  CHECK(exchanges.answer(kOne, 2));
  CHECK(exchanges.answer(kOne, 101));
}

TEST_CASE("the table of DNS exchanges forgets the oldest connection when it is full") {
  DnsExchanges exchanges(2);
  exchanges.ask(ConnectionId{1}, 1, 0);
  exchanges.ask(ConnectionId{2}, 1, 0);
  CHECK_FALSE(exchanges.answer(ConnectionId{1}, 2));
  CHECK_FALSE(exchanges.answer(ConnectionId{2}, 2));
  exchanges.ask(ConnectionId{3}, 1, 0);
  CHECK(exchanges.size() == 2);
  CHECK(exchanges.answer(ConnectionId{1}, 2));
  CHECK_FALSE(exchanges.answer(ConnectionId{2}, 2));
  CHECK_FALSE(exchanges.answer(ConnectionId{3}, 2));
}

TEST_CASE("mismatched DNS ids count within their window") {
  DnsExchanges exchanges;
  exchanges.ask(kOne, 1, 0);
  const SimTime begin{};
  CHECK_FALSE(exchanges.count_mismatch(kOne, 3, 2s, begin));
  CHECK_FALSE(exchanges.count_mismatch(kOne, 3, 2s, begin + 1s));
  CHECK(exchanges.count_mismatch(kOne, 3, 2s, begin + 2s - 1ns));
  // Counted anew, and the window is over one tick later.
  CHECK_FALSE(exchanges.count_mismatch(kOne, 3, 2s, begin + 10s));
  CHECK_FALSE(exchanges.count_mismatch(kOne, 3, 2s, begin + 11s));
  CHECK_FALSE(exchanges.count_mismatch(kOne, 3, 2s, begin + 12s));
  CHECK_FALSE(exchanges.count_mismatch(kOne, 3, 2s, begin + 13s));
  CHECK(exchanges.count_mismatch(kOne, 3, 2s, begin + 14s - 1ns));
}

TEST_CASE("a DNS request offers what it takes") {
  DnsExchanges exchanges;
  CHECK_FALSE(exchanges.offered_size(kOne).has_value());
  exchanges.ask(kOne, 1, 4096);
  CHECK(exchanges.offered_size(kOne) == 4096);
  exchanges.ask(kOne, 2, 0);
  CHECK_FALSE(exchanges.offered_size(kOne).has_value());
}
