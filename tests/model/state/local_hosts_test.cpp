#include "model/state/local_hosts.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

constexpr InterfaceId kInside{1};
constexpr InterfaceId kDmz{2};

LocalHost host(std::uint32_t number, InterfaceId interface = kInside) {
  return {.address = IpAddress::v4(number), .interface = interface, .xlate_until = kStart};
}

bool nobody(const LocalHost&) {
  return false;
}

}  // namespace

TEST_CASE("a host is forgotten after five quiet minutes, not a tick before") {
  LocalHosts hosts;
  hosts.hear(host(1), kStart);
  hosts.forget_quiet(kStart + 5min - 1ns, nobody);
  CHECK(hosts.knows(IpAddress::v4(1)));
  hosts.forget_quiet(kStart + 5min, nobody);
  CHECK_FALSE(hosts.knows(IpAddress::v4(1)));
}

TEST_CASE("a translation or a reservation keeps a quiet host") {
  LocalHosts hosts;
  LocalHost translated = host(1);
  translated.xlate_until = kStart + 1h;
  hosts.hear(translated, kStart);
  hosts.hear(host(2), kStart);
  hosts.hear(host(3), kStart);
  const auto second = [](const LocalHost& each) { return each.address == IpAddress::v4(2); };
  hosts.forget_quiet(kStart + 1h - 1ns, second);
  CHECK(hosts.size() == 2);
  hosts.forget_quiet(kStart + 1h, second);
  CHECK(hosts.size() == 1);
  hosts.forget_all_quiet(kStart + 1h);
  CHECK(hosts.size() == 0);
}

TEST_CASE("tallies follow a host that comes, moves and goes") {
  LocalHosts hosts;
  hosts.hear(host(1), kStart);
  hosts.hear(host(2), kStart);
  hosts.hear(host(2, kDmz), kStart);
  CHECK(hosts.tally(kInside).active == 1);
  CHECK(hosts.tally(kInside).most_active == 2);
  CHECK(hosts.tally(kDmz).active == 1);
  hosts.erase(IpAddress::v4(2));
  hosts.deny(kDmz);
  CHECK(hosts.tally(kDmz).active == 0);
  CHECK(hosts.tally(kDmz).most_active == 1);
  CHECK(hosts.tally(kDmz).denied == 1);
  hosts.clear();
  CHECK(hosts.tally(kInside).active == 0);
}

TEST_CASE("in a full table the quietest host makes room") {
  LocalHosts hosts;
  for (std::uint32_t i = 0; i < LocalHosts::kBound; ++i) hosts.hear(host(i), kStart);
  hosts.hear(host(0), kStart + 1s);
  hosts.hear(host(LocalHosts::kBound), kStart + 1s);
  CHECK(hosts.size() == LocalHosts::kBound);
  CHECK(hosts.knows(IpAddress::v4(0)));
  CHECK_FALSE(hosts.knows(IpAddress::v4(1)));
  CHECK(hosts.tally(kInside).active == LocalHosts::kBound);
}
