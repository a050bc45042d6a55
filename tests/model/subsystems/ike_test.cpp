#include "tests/model/subsystems/vpn_bench.hpp"

using namespace asaemu;
using namespace std::chrono_literals;
using asaemu::test::kVpnPeer;
using asaemu::test::VpnBench;

namespace {

VpnBench& user(VpnBench& bench) {
  bench.world("vpn-user-connects",
              {{"vpn-user-connects", "jdoe"}, {"from", "192.0.2.77"}, {"assigned", "10.99.0.5"}});
  bench.advance(1s);
  return bench;
}

}  // namespace

TEST_CASE("a peer that connects brings its tunnels up as initiator") {
  VpnBench bench;
  bench.peer("connect").advance(1s);
  REQUIRE(bench.tunnels() == 1);
  CHECK(bench.tunnel().request.peer_initiates);
}

TEST_CASE("a peer with traffic for us and no SA sets one up") {
  VpnBench bench;
  bench.esp(kVpnPeer).expect_nothing().advance(1s);
  REQUIRE(bench.tunnels() == 1);
  CHECK(bench.tunnel().request.peer_initiates);
  bench.esp("198.51.100.99").advance(1s).expect_nothing();
  CHECK(bench.tunnels() == 1);
}

TEST_CASE("nothing is negotiated without a tunnel group or a transform set") {
  for (const std::string missing :
       {"no tunnel-group 198.51.100.20", "no crypto ipsec ikev1 transform-set strong"}) {
    VpnBench bench;
    bench.commands({"conf t", missing});
    bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp).advance(1min);
    bench.peer("connect").advance(1min);
    CHECK(bench.tunnels() == 0);
  }
}

TEST_CASE("a peer is declared dead after the keepalive threshold and its unanswered questions") {
  VpnBench bench;
  bench.bring_up().advance(1min);
  bench.esp(kVpnPeer).advance(4s);
  bench.peer("vanish");
  // Ten seconds of silence since the last packet, then three questions two seconds apart.
  bench.advance(12s - 1ns);
  CHECK_FALSE(bench.tunnel().is_going_down);
  bench.advance(1ns);
  CHECK(bench.tunnel().is_going_down);
  bench.advance(1s);
  CHECK(bench.tunnels() == 0);
}

TEST_CASE("dead peer detection follows the tunnel group") {
  VpnBench bench;
  bench.commands({"conf t", "tunnel-group 198.51.100.20 ipsec-attributes",
                  "isakmp keepalive threshold 20 retry 5"});
  bench.bring_up().advance(1min);
  bench.peer("vanish").advance(15s - 1ns);
  CHECK_FALSE(bench.tunnel().is_going_down);
  bench.advance(1ns);
  CHECK(bench.tunnel().is_going_down);
}

TEST_CASE("without keepalives nobody notices that a peer vanished") {
  VpnBench bench;
  bench.commands(
      {"conf t", "tunnel-group 198.51.100.20 ipsec-attributes", "isakmp keepalive disable"});
  bench.bring_up().peer("vanish").advance(1h);
  CHECK(bench.tunnels() == 1);
}

TEST_CASE("a peer that is back in time was never away") {
  VpnBench bench;
  bench.bring_up().peer("vanish").advance(10s);
  bench.esp(kVpnPeer).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 0);
  bench.peer("return").advance(1min);
  bench.esp(kVpnPeer).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 1);
}

TEST_CASE("a peer that was declared dead comes back with its old SAs") {
  VpnBench bench;
  bench.bring_up();
  const std::string spi = bench.spi();
  bench.peer("vanish").advance(5min);
  CHECK(bench.tunnels() == 0);
  bench.peer("return").esp(kVpnPeer).expect(
      402114, "IPSEC: Received an ESP packet (SPI= " + spi +
                  ", sequence number= 0x1) from 198.51.100.20 to 203.0.113.1 with an invalid SPI.");
}

TEST_CASE("a negotiation with a silent peer ends after the timeout and is tried again by traffic") {
  VpnBench bench;
  bench.peer("vanish").packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp);
  bench.advance(32s).expect_nothing();
  CHECK(bench.tunnels() == 0);
  bench.peer("return").advance(1min);
  CHECK(bench.tunnels() == 0);
  bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp).advance(1s);
  CHECK(bench.tunnels() == 1);
}

TEST_CASE("a peer that disconnects takes its tunnel down on both sides") {
  VpnBench bench;
  bench.bring_up().peer("disconnect").advance(1s);
  CHECK(bench.tunnels() == 0);
  bench.esp(kVpnPeer).expect_nothing().advance(1s);
  CHECK(bench.tunnels() == 1);
}

TEST_CASE("a peer that restarted negotiates anew and the old SA stays for the overlap") {
  VpnBench bench;
  bench.bring_up().peer("restart");
  CHECK(bench.tunnels() == 1);
  bench.esp(kVpnPeer).advance(1s);
  REQUIRE(bench.tunnels() == 1);
  CHECK(bench.tunnel().previous.has_value());
}

TEST_CASE("a peer stays away over a reload") {
  VpnBench bench;
  bench.peer("vanish").command("reload noconfirm").advance(3min);
  bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp).advance(1min);
  CHECK(bench.tunnels() == 0);
}

TEST_CASE("a user's tunnel carries the assigned address and the user's name") {
  VpnBench bench;
  user(bench);
  REQUIRE(bench.tunnels() == 1);
  const std::string spi = bench.spi();
  bench.packet("inside", "10.0.0.5", "10.99.0.5", kProtocolIcmp);
  CHECK(bench.tunnel().counters.encapsulated == 1);
  bench.esp("192.0.2.77", {{"inner-dst", "10.0.0.5"}}).expect_nothing();
  bench.esp("192.0.2.77", {{"inner-src", "10.99.0.6"}, {"inner-dst", "10.0.0.5"}})
      .expect(402116,
              "IPSEC: Received an ESP packet (SPI= " + spi +
                  ", sequence number= 0x2) from 192.0.2.77 (user= jdoe) to 203.0.113.1.  The "
                  "decapsulated inner packet doesn't match the negotiated policy in the SA.  The "
                  "packet specifies its destination as 10.0.0.5, its source as 10.99.0.6, and its "
                  "protocol as icmp.  The SA specifies its local proxy as 0.0.0.0/0.0.0.0/ip/0 and "
                  "its remote_proxy as 10.99.0.5/255.255.255.255/ip/0.");
  bench.packet("outside", "10.99.0.5", "10.0.0.5", kProtocolTcp)
      .expect(402117,
              "IPSEC: Received a non-IPSec packet (protocol= TCP) from 10.99.0.5 to 10.0.0.5.")
      .expect_nothing();
  bench.command("show crypto ipsec sa | include settings");
  CHECK(bench.output().starts_with("         in use settings ={RA, Tunnel, IKEv1, }\n"));
}

TEST_CASE("a user who leaves takes the tunnel along, one who vanishes after the keepalives") {
  VpnBench bench;
  user(bench);
  bench.world("vpn-user-leaves", {{"vpn-user-leaves", "jdoe"}, {"how", "disconnect"}}).advance(1s);
  CHECK(bench.tunnels() == 0);
  user(bench);
  const SimTime up = bench.tunnel().current.established;
  bench.world("vpn-user-leaves", {{"vpn-user-leaves", "jdoe"}, {"how", "vanish"}});
  bench.advance(up + 306s - bench.now() - 1ns);
  CHECK_FALSE(bench.tunnel().is_going_down);
  bench.advance(1ns);
  CHECK(bench.tunnel().is_going_down);
}

TEST_CASE("tunnels that rekey for a month do not grow in number or memory of timers") {
  VpnBench bench;
  bench.bring_up();
  for (int day = 0; day < 30; ++day) {
    bench.advance(24h);
    REQUIRE(bench.tunnels() == 1);
  }
  bench.expect_nothing();
  bench.esp(kVpnPeer).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 1);
}
