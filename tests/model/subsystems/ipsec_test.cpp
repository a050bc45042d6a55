#include "tests/model/subsystems/vpn_bench.hpp"

using namespace asaemu;
using namespace std::chrono_literals;
using asaemu::test::kVpnPeer;
using asaemu::test::VpnBench;

namespace {

/// `ESP packet (SPI= …, sequence number= …) from PEER (user= PEER) to 203.0.113.1`
std::string received(const std::string& spi, const std::string& sequence) {
  return fmt::format(
      "IPSEC: Received an ESP packet (SPI= {}, sequence number= {}) from {} (user= {}) to "
      "203.0.113.1",
      spi, sequence, kVpnPeer, kVpnPeer);
}

std::string unknown_spi(const std::string& spi, const std::string& sequence,
                        const std::string& protocol = "ESP") {
  return fmt::format(
      "IPSEC: Received an {} packet (SPI= {}, sequence number= {}) from {} to 203.0.113.1 with an "
      "invalid SPI.",
      protocol, spi, sequence, kVpnPeer);
}

std::string line_of(const std::string& text, const std::string& wanted) {
  const auto at = text.find(wanted);
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

}  // namespace

TEST_CASE("traffic that the crypto access list wants brings a tunnel up and goes through it") {
  VpnBench bench;
  bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp);
  CHECK(bench.tunnels() == 0);
  bench.advance(1s);
  REQUIRE(bench.tunnels() == 1);
  CHECK(bench.tunnel().current.inbound.value >= 256);
  CHECK(bench.tunnel().current.inbound != bench.tunnel().current.outbound);
  CHECK(bench.tunnel().counters.encapsulated == 0);
  bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp);
  CHECK(bench.tunnel().counters.encapsulated == 1);
  CHECK(bench.tunnel().current.sent == 1);
  bench.esp(kVpnPeer);
  CHECK(bench.tunnel().counters.decapsulated == 1);
  bench.expect_nothing();
}

TEST_CASE("other traffic leaves in the clear") {
  VpnBench bench;
  bench.packet("inside", "10.0.0.5", "192.0.2.9", kProtocolIcmp).advance(5s);
  CHECK(bench.tunnels() == 0);
}

TEST_CASE("what came out of a tunnel is routed on as the inner packet") {
  VpnBench bench;
  bench.bring_up().esp(kVpnPeer, {{"inner-dst", "10.0.0.77"}});
  const auto& interfaces = bench.device().tables().interfaces;
  const auto& inside = interfaces[interfaces.find_nameif("inside")];
  CHECK(inside.traffic.total(TrafficMeter::kOutput).packets == 1);
}

TEST_CASE("a peer goes on with cleared SAs, and each of its packets has an invalid SPI") {
  VpnBench bench;
  bench.bring_up().esp(kVpnPeer);
  const std::string spi = bench.spi();
  bench.command("clear crypto ipsec sa").advance(5s);
  CHECK(bench.tunnels() == 0);
  bench.esp(kVpnPeer).expect(402114, unknown_spi(spi, "0x2"));
  bench.advance(5s).expect_nothing();
  bench.esp(kVpnPeer).expect(402114, unknown_spi(spi, "0x3")).expect_nothing();
}

TEST_CASE("a peer that noticed the loss negotiates anew, not a tick before") {
  VpnBench bench(
      {{"ipsec-peer-notice-min", SimDuration(20s)}, {"ipsec-peer-notice-max", SimDuration(20s)}});
  bench.bring_up();
  const std::string spi = bench.spi();
  bench.command("clear crypto ipsec sa").advance(5s);
  bench.esp(kVpnPeer).expect(402114, unknown_spi(spi, "0x1"));
  bench.advance(20s - 1ns);
  bench.esp(kVpnPeer).expect(402114, unknown_spi(spi, "0x2"));
  bench.advance(1ns);
  bench.esp(kVpnPeer).expect_nothing();
  bench.advance(1s);
  REQUIRE(bench.tunnels() == 1);
  CHECK(bench.spi() != spi);
  bench.esp(kVpnPeer).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 1);
}

TEST_CASE("an invalid SPI of a stranger is reported as well, also in AH") {
  VpnBench bench;
  bench.esp(kVpnPeer, {{"esp-spi", "0x0C190BF9"}, {"esp-sequence", "0x2D"}})
      .expect(402114, unknown_spi("0x0C190BF9", "0x2D"));
  bench.advance(5s);
  bench.esp(kVpnPeer, {{"proto", "ah"}, {"esp-spi", "0x00F81283"}, {"esp-sequence", "0x1"}})
      .expect(402114, unknown_spi("0x00F81283", "0x1", "AH"));
}

TEST_CASE("messages of refused packets come once in five seconds") {
  VpnBench bench;
  const VpnBench::Fields forged{{"esp-spi", "0x0C190BF9"}, {"esp-sequence", "0x2D"}};
  bench.esp(kVpnPeer, forged).expect(402114, unknown_spi("0x0C190BF9", "0x2D"));
  bench.advance(5s - 1ns);
  bench.esp(kVpnPeer, forged).expect_nothing();
  bench.advance(1ns);
  bench.esp(kVpnPeer, forged).expect(402114, unknown_spi("0x0C190BF9", "0x2D")).expect_nothing();
}

TEST_CASE("AH on an SA that was negotiated for ESP is the wrong protocol") {
  VpnBench bench;
  bench.bring_up()
      .esp(kVpnPeer, {{"proto", "ah"}})
      .expect(402115,
              "IPSEC: Received a packet from 198.51.100.20 to 203.0.113.1 containing AH data "
              "instead of ESP data.")
      .expect_nothing();
  CHECK(bench.tunnel().counters.receive_errors == 1);
}

TEST_CASE("an inner packet outside the proxies is refused, with two blanks between sentences") {
  VpnBench bench;
  bench.bring_up();
  bench.esp(kVpnPeer, {{"inner-src", "192.168.61.9"}})
      .expect(
          402116,
          received(bench.spi(), "0x1") +
              ".  The decapsulated inner packet doesn't match the negotiated policy in the SA.  "
              "The packet specifies its destination as 10.0.0.1, its source as 192.168.61.9, "
              "and its protocol as icmp.  The SA specifies its local proxy as "
              "10.0.0.0/255.255.255.0/ip/0 and its remote_proxy as "
              "192.168.60.0/255.255.255.0/ip/0.")
      .expect_nothing();
  CHECK(bench.tunnel().counters.receive_errors == 1);
  CHECK(bench.tunnel().counters.decapsulated == 0);
}

TEST_CASE("clear text that should come through the tunnel is refused, whether it is up or not") {
  VpnBench bench;
  const char* const refused =
      "IPSEC: Received a non-IPSec packet (protocol= ICMP) from 192.168.60.9 to 10.0.0.5.";
  bench.packet("outside", "192.168.60.9", "10.0.0.5", kProtocolIcmp)
      .expect(402117, refused)
      .expect_nothing();
  bench.advance(5s);
  bench.bring_up().packet("outside", "192.168.60.9", "10.0.0.5", kProtocolIcmp);
  bench.expect(402117, refused).expect_nothing();
  bench.packet("outside", "192.168.61.9", "10.0.0.5", kProtocolIcmp).expect_nothing();
  bench.packet("outside", "192.168.60.9", "203.0.113.1", kProtocolIcmp).expect_nothing();
}

TEST_CASE("an inner fragment is illegal up to an offset of 128 bytes") {
  VpnBench bench;
  bench.bring_up();
  bench.esp(kVpnPeer, {{"inner-offset", "128"}, {"inner-length", "72"}})
      .expect(402118, received(bench.spi(), "0x1") +
                          " containing an illegal IP fragment of length 72 with offset 128.");
  bench.advance(5s).expect_nothing();
  bench.esp(kVpnPeer, {{"inner-offset", "136"}}).expect_nothing();
  bench.esp(kVpnPeer, {{"inner-offset", "0"}}).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 2);
}

TEST_CASE("a repeated packet fails anti-replay checking") {
  VpnBench bench;
  bench.bring_up();
  bench.esp(kVpnPeer).expect_nothing();
  bench.esp(kVpnPeer, {{"esp-late", "0"}})
      .expect(402119, received(bench.spi(), "0x1") + " that failed anti-replay checking.")
      .expect_nothing();
}

TEST_CASE("a packet may come late by the window less one") {
  VpnBench bench;
  bench.bring_up();
  bench.esp(kVpnPeer, {{"esp-gap", "99"}}).expect_nothing();
  bench.esp(kVpnPeer, {{"esp-late", "63"}}).expect_nothing();
  bench.esp(kVpnPeer, {{"esp-late", "64"}})
      .expect(402119, received(bench.spi(), "0x24") + " that failed anti-replay checking.");
}

TEST_CASE("a wider window lets later packets in, for SAs negotiated since") {
  VpnBench bench;
  bench.commands({"conf t", "crypto ipsec security-association replay window-size 128"});
  bench.bring_up();
  bench.esp(kVpnPeer, {{"esp-gap", "199"}});
  bench.esp(kVpnPeer, {{"esp-late", "127"}}).expect_nothing();
  bench.esp(kVpnPeer, {{"esp-late", "128"}})
      .expect(402119, received(bench.spi(), "0x48") + " that failed anti-replay checking.");
}

TEST_CASE("without replay protection every number passes") {
  VpnBench bench;
  bench.commands({"conf t", "crypto ipsec security-association replay disable"});
  bench.bring_up().esp(kVpnPeer);
  bench.esp(kVpnPeer, {{"esp-late", "0"}}).expect_nothing();
}

TEST_CASE("a bad integrity check fails authentication and does not move the window") {
  VpnBench bench;
  bench.bring_up();
  bench.esp(kVpnPeer, {{"esp-icv", "bad"}, {"esp-gap", "1000"}})
      .expect(402120, received(bench.spi(), "0x3E9") + " that failed authentication.")
      .expect_nothing();
  CHECK(bench.tunnel().current.window.highest() == 0);
}

TEST_CASE("packets of a tunnel that is going down are dropped in both directions") {
  VpnBench bench;
  bench.bring_up();
  const std::string spi = bench.spi();
  bench.command("clear crypto ipsec sa peer 198.51.100.20").advance(1s - 1ns);
  bench.esp(kVpnPeer).expect(
      402121, received(spi, "0x1") + " that was dropped by IPSec (Tunnel has been torn down).");
  bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp)
      .expect(402122,
              "IPSEC: Received a cleartext packet from 10.0.0.5 to 192.168.60.9 that was to be "
              "encapsulated in IPSec that was dropped by IPSec (Tunnel has been torn down).")
      .expect_nothing();
  bench.advance(1ns);
  bench.esp(kVpnPeer).expect(402114, unknown_spi(spi, "0x2")).expect_nothing();
}

TEST_CASE("packets that wait for a silent peer fill the punt queue") {
  VpnBench bench({{"ipsec-punt-queue", std::uint64_t{2}}});
  bench.peer("vanish");
  const auto ping = [&] { bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp); };
  ping();
  ping();
  bench.expect_nothing();
  const char* const full =
      "IPSEC: Received a cleartext packet from 10.0.0.5 to 192.168.60.9 that was to be "
      "encapsulated "
      "in IPSec that was dropped by IPSec (Punt event queue is full).";
  ping();
  bench.expect(402122, full);
  ping();
  bench.expect(402122, full);
  bench.advance(32s);
  ping();
  bench.expect_nothing();
}

TEST_CASE("incorrect padding is worth a note, and the packet passes") {
  VpnBench bench;
  bench.bring_up();
  bench.esp(kVpnPeer, {{"esp-padding", "bad"}})
      .expect(402130, fmt::format("CRYPTO: Received an ESP packet (SPI = {}, sequence number=0x1) "
                                  "from 198.51.100.20 (user=198.51.100.20) to 203.0.113.1 with "
                                  "incorrect IPsec padding.",
                                  bench.spi()))
      .expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 1);
}

TEST_CASE(
    "the initiator rekeys after 85 percent of the lifetime, and both pairs receive for a while") {
  VpnBench bench;
  bench.bring_up();
  const std::string old_spi = bench.spi();
  const SimTime up = bench.tunnel().current.established;
  bench.advance(up + 24480s - bench.now() - 1ns);
  CHECK_FALSE(bench.tunnel().current.is_rekeying);
  bench.advance(1ns);
  CHECK(bench.tunnel().current.is_rekeying);
  bench.advance(1s);
  REQUIRE(bench.spi() != old_spi);
  const SimTime rekeyed = bench.tunnel().current.established;
  bench.esp(kVpnPeer).esp(kVpnPeer, {{"esp-sa", "old"}}).expect_nothing();
  CHECK(bench.tunnel().counters.decapsulated == 2);
  bench.advance(rekeyed + 30s - bench.now() - 1ns);
  bench.esp(kVpnPeer, {{"esp-sa", "old"}}).expect_nothing();
  bench.advance(1ns);
  bench.esp(kVpnPeer, {{"esp-sa", "old"}}).expect(402114, unknown_spi(old_spi, "0x3"));
  bench.esp(kVpnPeer).expect_nothing();
}

TEST_CASE("the responder rekeys after 95 percent of the lifetime") {
  VpnBench bench;
  bench.peer("connect").advance(1s);
  REQUIRE(bench.tunnels() == 1);
  const SimTime up = bench.tunnel().current.established;
  bench.advance(up + 27360s - bench.now() - 1ns);
  CHECK_FALSE(bench.tunnel().current.is_rekeying);
  bench.advance(1ns);
  CHECK(bench.tunnel().current.is_rekeying);
}

TEST_CASE("an SA that could not be rekeyed ends with its lifetime") {
  VpnBench bench;
  bench.commands(
      {"conf t", "tunnel-group 198.51.100.20 ipsec-attributes", "isakmp keepalive disable"});
  bench.commands({"conf t", "crypto map vpn 10 set security-association lifetime seconds 120"});
  bench.bring_up();
  const SimTime up = bench.tunnel().current.established;
  bench.peer("vanish").advance(up + 120s - bench.now() - 1ns);
  CHECK_FALSE(bench.tunnel().is_going_down);
  bench.advance(1ns);
  CHECK(bench.tunnel().is_going_down);
  bench.advance(1s);
  CHECK(bench.tunnels() == 0);
}

TEST_CASE("a volume lifetime rekeys before it is used up") {
  VpnBench bench;
  bench.commands({"conf t", "crypto map vpn 10 set security-association lifetime kilobytes 10"});
  bench.bring_up();
  const std::string spi = bench.spi();
  // 85 percent of 10 KB are 8,704 bytes: 57 packets of 152 bytes stay below, the 58th does not.
  for (int i = 0; i < 57; ++i) bench.esp(kVpnPeer);
  CHECK_FALSE(bench.tunnel().current.is_rekeying);
  bench.esp(kVpnPeer);
  CHECK(bench.tunnel().current.is_rekeying);
  bench.advance(1s);
  CHECK(bench.spi() != spi);
  CHECK(bench.tunnel().current.bytes() == 0);
}

TEST_CASE("a volume lifetime that is used up takes the tunnel down") {
  VpnBench bench;
  bench.commands({"conf t", "crypto map vpn 10 set security-association lifetime kilobytes 10"});
  bench.bring_up().peer("vanish");
  // 60 bytes become 120, so the 86th packet fills 10,240 bytes; nobody answers the rekey.
  for (int i = 0; i < 120 && !bench.tunnel().is_going_down; ++i) {
    bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp);
  }
  CHECK(bench.tunnel().is_going_down);
  CHECK(bench.tunnel().current.bytes_out >= 10240);
}

TEST_CASE("a new global lifetime takes the tunnels down") {
  VpnBench bench;
  bench.bring_up();
  bench.commands({"conf t", "crypto ipsec security-association lifetime seconds 3600"});
  CHECK(bench.tunnel().is_going_down);
}

TEST_CASE("a crypto map that is withdrawn takes its tunnels down and protects no more") {
  VpnBench bench;
  bench.bring_up().commands({"conf t", "no crypto map vpn interface outside"}).advance(1s);
  CHECK(bench.tunnels() == 0);
  bench.packet("outside", "192.168.60.9", "10.0.0.5", kProtocolIcmp).expect_nothing();
}

TEST_CASE("SAs are lost at reload and the peer, which kept its own, sends into the void") {
  VpnBench bench({{"boot-time", SimDuration(1min)}});
  bench.bring_up().esp(kVpnPeer);
  const std::string spi = bench.spi();
  bench.command("reload noconfirm").advance(1min);
  REQUIRE(bench.device().is_booted());
  CHECK(bench.tunnels() == 0);
  bench.esp(kVpnPeer).expect(402114, unknown_spi(spi, "0x2")).expect_nothing();
}

TEST_CASE("a negotiation that finds no room for its tunnel fails") {
  VpnBench bench({{"ipsec-tunnel-limit", std::uint64_t{1}}});
  bench.bring_up().commands(
      {"conf t",
       "access-list vpn-branch permit ip 10.0.0.0 255.255.255.0 192.168.61.0 255.255.255.0"});
  bench.packet("inside", "10.0.0.5", "192.168.61.9", kProtocolIcmp).advance(1s);
  CHECK(bench.tunnels() == 1);
  bench.command("show crypto ipsec stats");
  CHECK(line_of(bench.output(), "System capacity") == "System capacity failures: 1");
}

TEST_CASE("show crypto ipsec sa has the captured layout") {
  VpnBench bench;
  bench.command("show crypto ipsec sa");
  REQUIRE(bench.output() == "\nThere are no ipsec sas\n");
  bench.bring_up().packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp);
  bench.esp(kVpnPeer).esp(kVpnPeer).esp(kVpnPeer, {{"esp-icv", "bad"}});
  bench.advance(10s).command("show crypto ipsec sa peer 198.51.100.20");
  const SaPair& pair = bench.tunnel().current;
  const auto left =
      28800 -
      std::chrono::duration_cast<std::chrono::seconds>(bench.now() - pair.established).count();
  const auto sa = [&](Spi spi, const char* bits) {
    return fmt::format(
        "      spi: 0x{0:08X} ({0})\n"
        "         SA State: active\n"
        "         transform: esp-aes-256 esp-sha-hmac no compression \n"
        "         in use settings ={{L2L, Tunnel, IKEv1, }}\n"
        "         slot: 0, conn_id: 4096, crypto-map: vpn\n"
        "         sa timing: remaining key lifetime (kB/sec): (4608000/{1})\n"
        "         IV size: 16 bytes\n"
        "         replay detection support: Y\n"
        "         Anti replay bitmap: \n"
        "          {2}\n",
        spi.value, left, bits);
  };
  REQUIRE(bench.output() ==
          "interface: outside\n"
          "    Crypto map tag: vpn, seq num: 10, local addr: 203.0.113.1\n\n"
          "      access-list vpn-branch extended permit ip 10.0.0.0 255.255.255.0 192.168.60.0 "
          "255.255.255.0 \n"
          "      local ident (addr/mask/prot/port): (10.0.0.0/255.255.255.0/0/0)\n"
          "      remote ident (addr/mask/prot/port): (192.168.60.0/255.255.255.0/0/0)\n"
          "      current_peer: 198.51.100.20\n\n\n"
          "      #pkts encaps: 1, #pkts encrypt: 1, #pkts digest: 1\n"
          "      #pkts decaps: 2, #pkts decrypt: 2, #pkts verify: 2\n"
          "      #pkts compressed: 0, #pkts decompressed: 0\n"
          "      #pkts not compressed: 1, #pkts comp failed: 0, #pkts decomp failed: 0\n"
          "      #pre-frag successes: 0, #pre-frag failures: 0, #fragments created: 0\n"
          "      #PMTUs sent: 0, #PMTUs rcvd: 0, #decapsulated frgs needing reassembly: 0\n"
          "      #TFC rcvd: 0, #TFC sent: 0\n"
          "      #Valid ICMP Errors rcvd: 0, #Invalid ICMP Errors rcvd: 0\n"
          "      #send errors: 0, #recv errors: 1\n\n"
          "      local crypto endpt.: 203.0.113.1/0, remote crypto endpt.: 198.51.100.20/0\n"
          "      path mtu 1500, ipsec overhead 74(44), media mtu 1500\n"
          "      PMTU time remaining (sec): 0, DF policy: copy-df\n"
          "      ICMP error validation: disabled, TFC packets: disabled\n" +
              fmt::format("      current outbound spi: {:08X}\n"
                          "      current inbound spi : {:08X}\n\n",
                          pair.outbound.value, pair.inbound.value) +
              "    inbound esp sas:\n" + sa(pair.inbound, "0x00000000 0x00000003") +
              "    outbound esp sas:\n" + sa(pair.outbound, "0x00000000 0x00000001") + "\n");
  bench.command("show crypto ipsec sa peer 192.0.2.1");
  REQUIRE(bench.output() == "\nThere are no ipsec sas\n");
  bench.command("clear crypto ipsec sa counters").command("show ipsec sa | include errors:");
  REQUIRE(bench.output() == "      #send errors: 0, #recv errors: 0\n");
}

TEST_CASE("show crypto ipsec stats counts tunnels, packets and failures") {
  VpnBench bench;
  bench.bring_up().esp(kVpnPeer).esp(kVpnPeer, {{"esp-late", "0"}});
  bench.esp(kVpnPeer, {{"esp-icv", "bad"}}).esp(kVpnPeer, {{"esp-spi", "0x00001000"}});
  bench.command("show crypto ipsec stats");
  const std::string text = bench.output();
  CHECK(
      text.starts_with("\nIPsec Global Statistics\n-----------------------\nActive tunnels: 1\n"
                       "Previous tunnels: 0\nInbound\n    Bytes: 152\n"
                       "    Decompressed bytes: 152\n    Packets: 1\n    Dropped packets: 3\n"
                       "    Replay failures: 1\n    Authentications: 1\n"
                       "    Authentication failures: 1\n"));
  CHECK(line_of(text, "Missing SA") == "Missing SA failures: 1");
}
