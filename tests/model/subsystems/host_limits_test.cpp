#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::kProtocolUdp;
using asaemu::test::Bench;
using asaemu::test::kBenchConfig;
using namespace std::chrono_literals;

namespace {

const char* const kSmall = R"(
hostname fw
interface Vlan1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
interface Vlan2
 nameif outside
 security-level 0
 ip address 203.0.113.1 255.255.255.0
route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
logging enable
logging trap debugging
no logging message 111008
no logging message 111009
no logging message 111010
logging host inside 10.0.0.50
)";

Bench limited(std::uint64_t limit, const char* config = kBenchConfig,
              std::string_view platform = "ASA5525") {
  return Bench(config, {{"inside-hosts", limit}}, asaemu::Release{}, platform);
}

/// Inside host `number` begins a connection to the Internet.
Bench& surf(Bench& bench, int number) {
  return bench.packet("inside", {{"proto", "tcp"},
                                 {"src", fmt::format("10.0.0.{}", number)},
                                 {"sport", "40000"},
                                 {"dst", "198.51.100.80"},
                                 {"dport", "22"},
                                 {"flags", "syn"}});
}

Bench& expect_denied(Bench& bench, int number, int limit) {
  return bench.expect(
      407001,
      fmt::format("Deny traffic for local-host inside:10.0.0.{}, license limit of {} exceeded",
                  number, limit));
}

void configure(Bench& bench, const std::string& line) {
  bench.commands({"configure terminal", line});
}

/// Lets the Internet, behind this port, begin connections.
void let_in(Bench& bench, const std::string& port) {
  bench.commands({"configure terminal", "same-security-traffic permit inter-interface",
                  "interface " + port, "security-level 100"});
}

/// What show local-host says of the interface inside.
std::string inside(Bench& bench) {
  const std::string text = bench.command("show local-host brief").output();
  const auto at = text.find("Interface inside: ");
  REQUIRE(at != std::string::npos);
  return text.substr(at, text.find('\n', at) - at);
}

}  // namespace

TEST_CASE("one host more than the licence covers is denied, all others go on") {
  Bench bench = limited(2);
  surf(bench, 21);
  surf(bench, 22).expect_nothing();
  expect_denied(surf(bench, 23), 23, 2);
  surf(bench, 21).expect_nothing();
  expect_denied(surf(bench, 23), 23, 2).expect_nothing();
  REQUIRE(bench.device().tables().connections.size() == 2);
  REQUIRE(inside(bench) == "Interface inside: 2 active, 2 maximum active, 2 denied");
}

TEST_CASE("a host makes room after five quiet minutes, not a tick before") {
  Bench bench = limited(1);
  surf(bench, 21).advance(5min - 1ns);
  expect_denied(surf(bench, 22), 22, 1);
  bench.advance(1ns);
  surf(bench, 22).expect_nothing();
  expect_denied(surf(bench, 21), 21, 1);
}

TEST_CASE("the ASA5505 names the packet that it denied as well") {
  Bench bench = limited(1, kSmall, "ASA5505");
  surf(bench, 21).expect_nothing();
  expect_denied(surf(bench, 22), 22, 1)
      .expect(450001,
              "Deny traffic for protocol 6 src inside:10.0.0.22/40000 dst "
              "outside:198.51.100.80/22, licensed host limit of 1 exceeded.")
      .expect_nothing();
  // 450001 once in ten seconds, 407001 each time.
  expect_denied(surf(bench, 22), 22, 1).expect_nothing();
  bench.advance(10s);
  let_in(bench, "Vlan2");
  bench.packet("outside", "198.51.100.80", "10.0.0.30", kProtocolUdp);
  expect_denied(bench, 30, 1)
      .expect(450001,
              "Deny traffic for protocol 17 src outside:198.51.100.80/40000 dst "
              "inside:10.0.0.30/22, licensed host limit of 1 exceeded.");
}

TEST_CASE("hosts count for traffic with the Internet only, whoever begins") {
  Bench bench = limited(1);
  bench.packet("inside", "10.0.0.21", "172.16.30.20", kProtocolUdp).expect_nothing();
  bench.packet("inside", "10.0.0.22", "172.16.30.20", kProtocolUdp).expect_nothing();
  bench.packet("inside", "10.0.0.23", "10.0.0.1", kProtocolUdp).expect_nothing();
  bench.packet("outside", "198.51.100.80", "10.0.0.24", kProtocolUdp).expect_nothing();
  REQUIRE(inside(bench) == "Interface inside: 0 active, 0 maximum active, 0 denied");
  let_in(bench, "GigabitEthernet0/0");
  bench.packet("outside", "198.51.100.80", "172.16.30.20", kProtocolUdp).expect_nothing();
  bench.packet("outside", "198.51.100.81", "172.16.30.20", kProtocolUdp).expect_nothing();
  expect_denied(surf(bench, 21), 21, 1);
}

TEST_CASE("without a default route the hosts of all interfaces count") {
  Bench bench = limited(2);
  configure(bench, "no route outside 0.0.0.0 0.0.0.0 203.0.113.254");
  bench.packet("inside", "10.0.0.21", "172.16.30.20", kProtocolUdp).expect_nothing();
  expect_denied(bench.packet("inside", "10.0.0.22", "172.16.30.20", kProtocolUdp), 22, 2);
  bench.command("show local-host brief");
  REQUIRE(bench.output() ==
          "Unable to determine Internet interface from default route.\n"
          "Host limit applied to all interfaces.\n"
          "Current host count: 2, towards licensed host limit of: 2\n\n"
          "Interface outside: 0 active, 0 maximum active, 0 denied\n"
          "Interface inside: 1 active, 1 maximum active, 1 denied\n"
          "Interface dmz: 1 active, 1 maximum active, 0 denied\n");
}

TEST_CASE("a translation from a pool reserves a host until it times out") {
  Bench bench = limited(1);
  configure(bench, "nat (inside,outside) source dynamic any POOL");
  configure(bench, "timeout xlate 0:30:00");
  surf(bench, 21).advance(30min - 1ns);
  expect_denied(surf(bench, 22), 22, 1);
  bench.advance(1ns);
  surf(bench, 22).expect_nothing();
}

TEST_CASE("port translation and rules of other interfaces reserve nothing") {
  Bench bench = limited(1);
  configure(bench, "nat (inside,outside) source dynamic any interface");
  configure(bench, "nat (dmz,any) source dynamic any POOL");
  surf(bench, 21).advance(5min);
  surf(bench, 22).expect_nothing();
  configure(bench, "no nat (dmz,any) source dynamic any POOL");
  REQUIRE(bench.output().empty());
  configure(bench, "no nat (dmz,any) source dynamic any POOL");
  REQUIRE(bench.output() == "ERROR: No matching NAT policy found\n");
  configure(bench, "nat (inside,nowhere) source dynamic any POOL");
  REQUIRE(bench.output() == "ERROR: Invalid interfaces (inside,nowhere)\n");
}

TEST_CASE("a login reserves a host as long as it holds") {
  Bench bench = limited(1);
  configure(bench, "timeout uauth 0:20:00 absolute");
  surf(bench, 21).world(
      "authentication",
      {{"authentication", "alice"}, {"address", "10.0.0.21"}, {"mac", "0016.a421.94ef"}});
  bench.advance(20min - 1ns);
  expect_denied(surf(bench, 22), 22, 1);
  bench.advance(1ns);
  surf(bench, 22).expect_nothing();
}

TEST_CASE("clear local-host makes room, for one host or all") {
  Bench bench = limited(2);
  surf(bench, 21);
  surf(bench, 22);
  bench.command("clear local-host 10.0.0.21").command("show conn count");
  REQUIRE(bench.output() == "1 in use, 2 most used\n");
  surf(bench, 23).expect_nothing();
  expect_denied(surf(bench, 21), 21, 2);
  bench.command("clear local-host");
  surf(bench, 21);
  surf(bench, 24).expect_nothing();
}

TEST_CASE("show local-host names the limit, the Internet interface and the hosts") {
  Bench bench = limited(2);
  surf(bench, 21).command("show local-host");
  REQUIRE(bench.output() ==
          "Detected interface 'outside' as the Internet interface. "
          "Host limit applies to all other interfaces.\n"
          "Current host count: 1, towards licensed host limit of: 2\n\n"
          "Interface outside: 0 active, 0 maximum active, 0 denied\n"
          "Interface inside: 1 active, 1 maximum active, 0 denied\n"
          "local host: <10.0.0.21>,\n"
          "    TCP flow count/limit = 1/unlimited\n"
          "    TCP embryonic count to host = 0\n"
          "    TCP intercept watermark = unlimited\n"
          "    UDP flow count/limit = 0/unlimited\n"
          "Interface dmz: 0 active, 0 maximum active, 0 denied\n");
  bench.command("show local-host 10.0.0.99");
  REQUIRE(bench.output().find("local host") == std::string::npos);
}

TEST_CASE("without a limit everybody gets through and is listed while active") {
  Bench bench;
  for (int i = 2; i < 250; ++i) surf(bench, i);
  bench.expect_nothing();
  REQUIRE(inside(bench) == "Interface inside: 248 active, 248 maximum active, 0 denied");
  bench.command("show local-host brief");
  REQUIRE(bench.output().starts_with("Licensed host limit: Unlimited\n\n"));
  bench.advance(5min);
  REQUIRE(inside(bench) == "Interface inside: 0 active, 248 maximum active, 0 denied");
}

TEST_CASE("local hosts are lost at reload") {
  Bench bench = limited(1);
  surf(bench, 21).command("reload noconfirm").advance(3min);
  surf(bench, 22).expect_nothing();
}
