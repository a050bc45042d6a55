#include "model/logging/rate_limits.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

/// 402116, which the catalogue limits to one in five seconds.
MessageDef limited() {
  MessageDef def;
  def.id = 402116;
  def.rate_limit = {1, 5};
  return def;
}

MessageDef unlimited() {
  MessageDef def;
  def.id = 401004;
  return def;
}

}  // namespace

TEST_CASE("a window of five seconds ends five seconds after the message that began it") {
  RateLimits limits;
  const SimTime begin = kStart + 3s;
  CHECK(limits.admit(begin, limited(), 4));
  CHECK_FALSE(limits.admit(begin, limited(), 4));
  CHECK_FALSE(limits.admit(begin + 5s - 1ns, limited(), 4));
  CHECK(limits.admit(begin + 5s, limited(), 4));
  CHECK_FALSE(limits.admit(begin + 9s, limited(), 4));
  CHECK(limits.admit(begin + 10s, limited(), 4));
}

TEST_CASE("a limit of three lets three pass and starts anew with the next window") {
  RateLimits limits;
  limits.limit_message(401004, {3, 1});
  for (int window = 0; window < 2; ++window) {
    const SimTime begin = kStart + window * 1s;
    for (int i = 0; i < 3; ++i) CHECK(limits.admit(begin + i * 100ms, unlimited(), 4));
    CHECK_FALSE(limits.admit(begin + 999ms, unlimited(), 4));
  }
}

TEST_CASE("the limit of an id beats the limit of its level") {
  RateLimits limits;
  limits.limit_level(4, {1, 60});
  limits.limit_message(401004, {2, 60});
  CHECK(limits.admit(kStart, unlimited(), 4));
  CHECK(limits.admit(kStart, unlimited(), 4));
  CHECK_FALSE(limits.admit(kStart, unlimited(), 4));
}

TEST_CASE("the messages of a level share its limit, those of other levels do not count") {
  RateLimits limits;
  limits.limit_level(4, {1, 60});
  MessageDef other = unlimited();
  other.id = 401002;
  CHECK(limits.admit(kStart, unlimited(), 4));
  CHECK_FALSE(limits.admit(kStart, other, 4));
  CHECK(limits.admit(kStart, other, 3));
  limits.limit_level(4, {});
  CHECK(limits.admit(kStart, other, 4));
}

TEST_CASE("unlimited lifts the limit that a message has of itself until it is released") {
  RateLimits limits;
  limits.limit_message(402116, {});
  for (int i = 0; i < 3; ++i) CHECK(limits.admit(kStart, limited(), 4));
  CHECK(limits.lines() == std::vector<std::string>{"logging rate-limit unlimited message 402116"});
  limits.release_message(402116);
  CHECK(limits.admit(kStart, limited(), 4));
  CHECK_FALSE(limits.admit(kStart, limited(), 4));
}
