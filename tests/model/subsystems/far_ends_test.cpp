#include "tests/model/subsystems/vpn_bench.hpp"

using namespace asaemu;
using namespace std::chrono_literals;
using asaemu::test::kVpnPeer;
using asaemu::test::VpnBench;

TEST_CASE("a far end numbers its packets, counting those that got lost") {
  VpnBench bench;
  bench.bring_up().esp(kVpnPeer).esp(kVpnPeer, {{"esp-gap", "9"}}).expect_nothing();
  CHECK(bench.tunnel().current.window.highest() == 11);
  bench.esp(kVpnPeer, {{"esp-late", "5"}}).expect_nothing();
  CHECK(bench.tunnel().current.window.highest() == 11);
  CHECK(bench.tunnel().current.window.was_seen(5));
  CHECK_FALSE(bench.tunnel().current.window.was_seen(4));
}

TEST_CASE("a packet that was held back arrives once, if the window still has room for it") {
  VpnBench bench;
  bench.bring_up().esp(kVpnPeer, {{"esp-gap", "1"}});
  for (int i = 0; i < 62; ++i) bench.esp(kVpnPeer);
  bench.esp(kVpnPeer, {{"esp-held", "yes"}}).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 64);
  bench.esp(kVpnPeer, {{"esp-held", "yes"}}).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 64);
  bench.esp(kVpnPeer, {{"esp-gap", "1"}});
  for (int i = 0; i < 63; ++i) bench.esp(kVpnPeer);
  bench.esp(kVpnPeer, {{"esp-held", "yes"}});
  CHECK(bench.tunnel().counters.receive_errors == 1);
}

TEST_CASE("a forged sequence number is taken as it is") {
  VpnBench bench;
  bench.bring_up().esp(kVpnPeer, {{"esp-sequence", "0xFFFF"}}).expect_nothing();
  CHECK(bench.tunnel().current.window.highest() == 0xFFFF);
}

TEST_CASE("an SA before the last rekey is none before the first rekey") {
  VpnBench bench;
  bench.bring_up().esp(kVpnPeer, {{"esp-sa", "old"}}).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 0);
}

TEST_CASE("a forger draws a sequence number") {
  VpnBench bench;
  bench.esp("198.51.100.99", {{"esp-spi", "0x0000ABCD"}});
  CHECK(bench.device().account().logged == 1);
}

TEST_CASE("a peer with several tunnels sends in the one that its packet fits") {
  VpnBench bench;
  bench.commands({"conf t",
                  "access-list vpn-branch permit tcp 10.0.0.0 255.255.255.0 192.168.61.0 "
                  "255.255.255.0 eq 443"});
  bench.peer("connect").advance(1s);
  REQUIRE(bench.tunnels() == 2);
  bench
      .esp(kVpnPeer, {{"inner-src", "192.168.61.9"},
                      {"inner-proto", "tcp"},
                      {"inner-sport", "443"},
                      {"inner-dport", "40000"}})
      .expect_nothing();
  const Tunnel* web = nullptr;
  for (const Tunnel& tunnel : bench.sas()) {
    if (tunnel.request.selectors.protocol == kProtocolTcp) web = &tunnel;
  }
  REQUIRE(web != nullptr);
  CHECK(web->counters.decapsulated == 1);
}

TEST_CASE("ESP for somebody else passes through") {
  VpnBench bench;
  bench.packet("inside", "10.0.0.9", "198.51.100.99", kProtocolEsp).expect_nothing();
  const auto& interfaces = bench.device().tables().interfaces;
  CHECK(
      interfaces[interfaces.find_nameif("outside")].traffic.total(TrafficMeter::kOutput).packets ==
      1);
}
