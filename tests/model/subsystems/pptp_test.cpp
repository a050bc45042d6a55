#include "model/contract/registry.hpp"
#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

const std::string kLocal = std::string(test::kBenchConfig) +
                           "vpdn group road accept dialin pptp\n"
                           "vpdn group road ppp authentication mschap\n"
                           "vpdn group road ppp encryption mppe auto\n"
                           "vpdn group road client authentication local\n"
                           "vpdn group road client configuration address local ROAD\n"
                           "vpdn username jdoe password s3cret\n"
                           "vpdn username asmith password s3cret\n"
                           "ip local pool ROAD 10.0.100.1-10.0.100.2\n"
                           "vpdn enable outside\n";

/// The configuration with a line of it changed.
std::string with(const std::string& line, const std::string& instead) {
  std::string config = kLocal;
  config.replace(config.find(line), line.size(), instead);
  return config;
}

Bench& call(Bench& bench, const char* client = "198.51.100.20", const char* user = "jdoe") {
  return bench.world("pptp-call", {{"pptp-call", client}, {"user", user}}).advance(5s);
}

/// A GRE packet to the device.
Bench& gre(Bench& bench, const char* source,
           const std::vector<std::pair<std::string_view, std::uint64_t>>& fields) {
  Packet packet;
  packet.in = bench.device().tables().interfaces.find_nameif("outside");
  packet.source = *IpAddress::parse(source);
  packet.destination = *IpAddress::parse("203.0.113.1");
  packet.protocol = IpProtocol{47};
  for (const auto& [name, value] : fields) {
    for (const PacketFieldDef& field : registry().packet_fields()) {
      if (field.field.name == name) REQUIRE(field.set(packet, FieldValue(value), field.extra));
    }
  }
  bench.device().receive(bench.now(), packet);
  return bench.advance(0s);
}

}  // namespace

TEST_CASE("a PPTP call comes up silently and is shown") {
  Bench bench(kLocal);
  bench.command("show vpdn session pptp");
  REQUIRE(bench.output() == "%No active PPTP tunnels\n");
  call(bench).expect_nothing().command("show vpdn session pptp");
  REQUIRE(bench.output() ==
          "PPTP Session Information (Total tunnels=1 sessions=1)\n\n"
          "Call id 1 is up on tunnel id 1\n"
          "  Internet Address is 198.51.100.20\n"
          "  Session username is jdoe, state is estabd\n"
          "    Time since change 2 secs, interface outside\n"
          "    PPP interface id is 1\n"
          "    Client IP address is 10.0.100.1\n");
  gre(bench, "198.51.100.20", {{"gre-call-id", 1}}).expect_nothing();
}

TEST_CASE("GRE without a call is reported and dropped") {
  Bench bench(kLocal);
  gre(bench, "198.51.100.20", {{"gre-call-id", 17}})
      .expect(403101,
              "PPTP session state not established, but received an XGRE packet, tunnel_id=17, "
              "session_id=17")
      .expect_nothing();
}

TEST_CASE("GRE to an interface without vpdn enable is none of ours") {
  Bench bench(kLocal);
  bench.commands({"configure terminal", "no vpdn enable outside"});
  gre(bench, "198.51.100.20", {{"gre-call-id", 17}}).expect_nothing();
}

TEST_CASE("frames of a protocol that nobody knows, or in clear, are refused") {
  Bench bench(kLocal);
  call(bench);
  gre(bench, "198.51.100.20", {{"gre-call-id", 1}, {"ppp-protocol", 0x4021}})
      .expect(403102,
              "PPP virtual interface 1 rcvd pkt with invalid protocol: 0x4021, reason: unknown "
              "protocol");
  gre(bench, "198.51.100.20", {{"gre-call-id", 1}, {"ppp-protocol", 0x0021}})
      .expect(403102,
              "PPP virtual interface 1 rcvd pkt with invalid protocol: 0x0021, reason: not "
              "encrypted")
      .expect_nothing();
}

TEST_CASE("data before the link is up is refused") {
  Bench bench(kLocal);
  bench.world("pptp-call", {{"pptp-call", "198.51.100.20"}, {"user", "jdoe"}}).advance(500ms);
  gre(bench, "198.51.100.20", {{"gre-call-id", 1}})
      .expect(
          403102,
          "PPP virtual interface 1 rcvd pkt with invalid protocol: 0x00fd, reason: link not up");
}

TEST_CASE("the PPTP connections are full at their bound, not one before") {
  Bench bench(kLocal, {{"pptp-connections", std::uint64_t{2}}});
  call(bench).expect_nothing();
  call(bench, "198.51.100.21", "asmith").expect_nothing();
  call(bench, "198.51.100.22").expect(403103, "PPP virtual interface max connections reached");
  bench.world("pptp-hangup", {{"pptp-hangup", "198.51.100.20"}});
  call(bench, "198.51.100.22").expect_nothing();
}

TEST_CASE("encryption without MS-CHAP is refused") {
  Bench bench(with("authentication mschap", "authentication pap"));
  call(bench).expect(403104, "PPP virtual interface 1 requires mschap for MPPE").expect_nothing();
}

TEST_CASE("encryption with keys that no RADIUS server hands out is refused") {
  Bench bench("aaa-server TACACS protocol tacacs+\naaa-server TACACS (inside) host 10.0.0.21\n" +
              with("client authentication local", "client authentication aaa TACACS"));
  call(bench)
      .expect(403106, "PPP virtual interface 1 requires RADIUS aaa server for MPPE")
      .expect_nothing();
}

TEST_CASE("a group that names no servers is refused") {
  Bench bench(with("client authentication local", "client authentication aaa NOBODY"));
  call(bench)
      .expect(403107, "PPP virtual interface 1 missing aaa server group info")
      .expect_nothing();
}

TEST_CASE("a group without an address pool is refused") {
  Bench bench(with("address local ROAD", "address local OTHER"));
  call(bench)
      .expect(403108, "PPP virtual interface 1 missing client ip address option")
      .expect_nothing();
}

TEST_CASE("GRE that is not PPTP, or belongs to somebody else, is reported as forged") {
  Bench bench(kLocal);
  call(bench);
  gre(bench, "203.0.113.45", {{"gre-version", 0}})
      .expect(403109,
              "Rec'd packet not a PPTP packet. (ip) dest_addr= 203.0.113.1, src_addr= "
              "203.0.113.45, data: 4500003c");
  gre(bench, "203.0.113.45", {{"gre-call-id", 1}})
      .expect(403109,
              "Rec'd packet not a PPTP packet. (ip) dest_addr= 203.0.113.1, src_addr= "
              "203.0.113.45, data: 4500003c")
      .expect_nothing();
}

TEST_CASE(
    "a RADIUS server that sends no keys leaves the call without encryption and thus ends it") {
  Bench bench("aaa-server RADIUS protocol radius\naaa-server RADIUS (inside) host 10.0.0.20\n" +
              with("client authentication local", "client authentication aaa RADIUS"));
  bench.world("aaa-server",
              {{"aaa-server", "10.0.0.20"}, {"state", "answering"}, {"mppe-keys", "missing"}});
  call(bench)
      .expect(403110, "PPP virtual interface 1, user: jdoe missing MPPE key from aaa server")
      .expect_nothing();
  bench.world("aaa-server",
              {{"aaa-server", "10.0.0.20"}, {"state", "answering"}, {"mppe-keys", "sent"}});
  call(bench).expect_nothing().command("show vpdn session pptp | include username");
  REQUIRE(bench.output() == "  Session username is jdoe, state is estabd\n");
}

TEST_CASE("a client that vanished is given up a minute after the echo request it did not answer") {
  Bench bench(kLocal);
  call(bench);
  bench.world("pptp-hangup", {{"pptp-hangup", "198.51.100.20"}, {"how", "vanishes"}})
      .advance(115s)
      .command("show vpdn session pptp | include Total");
  REQUIRE_FALSE(bench.output().empty());
  bench.advance(5s).command("show vpdn session pptp");
  REQUIRE(bench.output() == "%No active PPTP tunnels\n");
}

TEST_CASE("an unknown user and an empty pool end a call in silence") {
  Bench bench(with("10.0.100.1-10.0.100.2", "10.0.100.1"));
  call(bench, "198.51.100.20", "nobody").expect_nothing().command("show vpdn session pptp");
  REQUIRE(bench.output() == "%No active PPTP tunnels\n");
  call(bench);
  call(bench, "198.51.100.21", "asmith").command("show vpdn session pptp | include username");
  REQUIRE(bench.output() == "  Session username is jdoe, state is estabd\n");
}

TEST_CASE("calls are lost at reload, and their packets come too late") {
  Bench bench(kLocal);
  call(bench);
  bench.command("reload").advance(4min);
  gre(bench, "198.51.100.20", {{"gre-call-id", 1}})
      .expect(403101,
              "PPTP session state not established, but received an XGRE packet, tunnel_id=1, "
              "session_id=1");
}
