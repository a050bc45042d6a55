#include "model/state/uauth_table.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

const IpAddress kAlice = IpAddress::v4(0x0A000001);
const IpAddress kPhone = IpAddress::v4(0x0A000002);
constexpr MacAddress kMac{0x0016'a421'94ef};

AuthenticatedHost host(const IpAddress& address, MacAddress mac, std::string user, SimTime now) {
  return {
      .address = address, .mac = mac, .user = std::move(user), .authenticated = now, .active = now};
}

}  // namespace

TEST_CASE("an absolute timeout ends a login whatever its host does") {
  UauthTable table;
  table.add(host(kAlice, kMac, "alice", kStart), kStart);
  table.note_activity(kAlice, kStart + 4min);
  CHECK(table.find(kAlice, kStart + 5min - 1ns) != nullptr);
  CHECK(table.find(kAlice, kStart + 5min) == nullptr);
}

TEST_CASE("an inactivity timeout ends a login after the last packet") {
  UauthTable table;
  table.set_timeouts({.absolute = {}, .inactivity = 1min});
  table.add(host(kAlice, kMac, "alice", kStart), kStart);
  table.note_activity(kAlice, kStart + 50s);
  CHECK(table.find(kAlice, kStart + 110s - 1ns) != nullptr);
  CHECK(table.find(kAlice, kStart + 110s) == nullptr);
  table.expire(kStart + 110s);
  CHECK(table.hosts().empty());
}

TEST_CASE("exempt hardware has one address, the one it was last given") {
  UauthTable table;
  table.add(host(kPhone, kMac, "", kStart), kStart);
  REQUIRE(table.find_exempt(kMac, kStart) != nullptr);
  table.add(host(kAlice, kMac, "", kStart), kStart);
  CHECK(table.hosts().size() == 1);
  CHECK(table.find_exempt(kMac, kStart)->address == kAlice);
  table.add(host(kAlice, MacAddress{1}, "alice", kStart), kStart);
  CHECK(table.find_exempt(kMac, kStart) == nullptr);
  CHECK(table.hosts().size() == 1);
}

TEST_CASE("clearing a user leaves all others") {
  UauthTable table;
  table.add(host(kAlice, MacAddress{1}, "alice", kStart), kStart);
  table.add(host(kPhone, kMac, "", kStart), kStart);
  table.clear_user("alice");
  CHECK(table.find(kAlice, kStart) == nullptr);
  CHECK(table.find_exempt(kMac, kStart) != nullptr);
  table.clear();
  CHECK(table.find_exempt(kMac, kStart) == nullptr);
}

TEST_CASE("a full table of logins takes a new one only when an old one has timed out") {
  UauthTable table;
  for (std::uint32_t i = 0; i < UauthTable::kBound; ++i) {
    REQUIRE(table.add(host(IpAddress::v4(i + 1), MacAddress{1}, "u", kStart), kStart));
  }
  const auto late = IpAddress::v4(0x0B000000);
  CHECK_FALSE(table.add(host(late, kMac, "late", kStart), kStart + 5min - 1ns));
  CHECK(table.add(host(late, kMac, "late", kStart + 5min), kStart + 5min));
  CHECK(table.hosts().size() == 1);
}
