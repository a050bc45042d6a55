#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::SimDuration;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

/// Outside is a DSL line; PPP takes exactly what chance makes of 1.5 s to 2.5 s.
const char* const kDsl = R"(
hostname fw
vpdn group dsl request dialout pppoe
vpdn group dsl localname branch17
vpdn username branch17 password s3cret
interface GigabitEthernet0/0
 nameif outside
 pppoe client vpdn group dsl
 ip address pppoe setroute
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
logging enable
logging trap debugging
no logging message 111008
no logging message 111009
no logging message 111010
logging host inside 10.0.0.50
)";

void concentrator(Bench& bench, std::vector<std::pair<std::string, std::string>> more,
                  const char* state = "up") {
  std::vector<std::pair<std::string, std::string>> parameters{
      {"access-concentrator", "bras-east"}, {"interface", "outside"}, {"state", state}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  bench.world("access-concentrator", parameters);
}

const std::vector<std::pair<std::string, std::string>> kAddresses{{"address", "203.0.113.77"},
                                                                  {"gateway", "203.0.113.1"}};

/// A session that is up.
Bench connected() {
  Bench bench(kDsl);
  concentrator(bench, kAddresses);
  bench.advance(10s);
  return bench;
}

}  // namespace

TEST_CASE("a PPPoE session comes up silently, with its address and its default route") {
  Bench bench = connected();
  bench.expect_nothing().command("show ip address outside pppoe");
  REQUIRE(bench.output() ==
          "PPPoE Assigned IP addr: 203.0.113.77 255.255.255.255 on Interface: outside\n"
          "Remote IP addr: 203.0.113.1\n");
  bench.command("show route | include via");
  REQUIRE(bench.output() == "S*        0.0.0.0 0.0.0.0 [1/0] via 203.0.113.1, outside\n");
}

TEST_CASE("show vpdn session pppoe lists the session, or says that there is none") {
  Bench bench(kDsl);
  bench.command("show vpdn session pppoe state");
  REQUIRE(bench.output() == "%No active PPPoE tunnels\n");
  concentrator(bench, kAddresses);
  bench.advance(60s).command("show vpdn session pppoe state");
  REQUIRE(bench.output() ==
          "PPPoE Session Information (Total tunnels=1 sessions=1)\n"
          "Remote Internet Address is 203.0.113.1\n"
          "  Session state is SESSION_UP\n"
          "    Time since event change 52 secs, interface outside\n"
          "    PPP interface id is 1\n");
}

TEST_CASE("a provider with named services only is noted, and used") {
  Bench bench(kDsl);
  concentrator(bench, {{"address", "203.0.113.77"}, {"services", "named"}});
  bench.advance(10s).expect(403500,
                            "PPPoE - Service name 'any' not received in outside. AC:bras-east.");
  bench.expect_nothing().command("show ip address outside pppoe");
  REQUIRE_FALSE(bench.output().empty());
}

TEST_CASE("a wrong mark in offers ends each attempt, and the attempts become rarer") {
  Bench bench(kDsl);
  concentrator(bench, {{"host-unique", "wrong-in-offer"}});
  const char* const text = "PPPoE - Bad host-unique in PADO - packet dropped. AC:bras-east.";
  bench.advance(6s).expect(403501, text).expect_nothing();
  bench.advance(6s).expect(403501, text).expect_nothing();  // 5 s later
  bench.advance(5s).expect_nothing().advance(7s).expect(403501, text).expect_nothing();
  bench.advance(15s).expect_nothing().advance(6s).expect(403501, text).expect_nothing();
}

TEST_CASE("a wrong mark in the confirmation ends the attempt") {
  Bench bench(kDsl);
  concentrator(bench, {{"host-unique", "wrong-in-confirmation"}});
  bench.advance(6s)
      .expect(403502, "PPPoE - Bad host-unique in PADS - packet dropped. AC:bras-east.")
      .expect_nothing();
}

TEST_CASE("a silent provider ends the session after three echo requests without an answer") {
  Bench bench = connected();
  concentrator(bench, {}, "down");
  // The session came up 7 s to 8 s after the start: its last echo before silence was then.
  bench.advance(35s).expect_nothing();
  bench.advance(3s).expect(403503, "PPPoE:PPP link down:Peer not responding").expect_nothing();
  bench.command("show route | include via");
  REQUIRE(bench.output().empty());
  concentrator(bench, {});
  bench.advance(2min).expect_nothing().command("show ip address outside pppoe");
  REQUIRE_FALSE(bench.output().empty());
}

TEST_CASE("a provider that answers again in time keeps the session") {
  Bench bench = connected();
  concentrator(bench, {}, "down");
  bench.advance(20s);
  concentrator(bench, {});
  bench.advance(10min).expect_nothing();
}

TEST_CASE("a hangup names its reason and the client dials again after some seconds") {
  Bench bench = connected();
  bench.world("pppoe-hangup", {{"pppoe-hangup", "outside"}})
      .expect(403503, "PPPoE:PPP link down:Peer terminated the session")
      .command("show ip address outside pppoe");
  REQUIRE(bench.output().empty());
  bench.advance(10s).expect_nothing().command("show ip address outside pppoe");
  REQUIRE_FALSE(bench.output().empty());
}

TEST_CASE("a lost line ends the session without a reason, and its return begins another") {
  Bench bench = connected();
  bench.world("link", {{"link", "GigabitEthernet0/0"}, {"state", "down"}})
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down")
      .expect(403503, "PPPoE:PPP link down")
      .advance(5min)
      .expect_nothing()
      .world("link", {{"link", "GigabitEthernet0/0"}, {"state", "up"}})
      .expect(411001, "Line protocol on Interface GigabitEthernet0/0, changed state to up")
      .expect(411001, "Line protocol on Interface outside, changed state to up")
      .advance(5s)
      .command("show ip address outside pppoe");
  REQUIRE_FALSE(bench.output().empty());
}

TEST_CASE("a wrong password ends the session") {
  Bench bench(kDsl);
  concentrator(bench, {{"password", "other"}});
  bench.advance(8s).expect(403503, "PPPoE:PPP link down:Authentication failed").expect_nothing();
}

TEST_CASE("a default route in the way of the learned one stays, unless its distance is greater") {
  for (const bool is_farther : {false, true}) {
    Bench bench(std::string(kDsl) + "route inside 0.0.0.0 0.0.0.0 10.0.0.254 " +
                (is_farther ? "2\n" : "1\n"));
    concentrator(bench, kAddresses);
    bench.advance(10s);
    if (!is_farther) {
      bench.expect(403505,
                   "PPPoE:PPP - Unable to set default route to 203.0.113.1 at interface outside.");
    }
    bench.expect_nothing();
  }
}

TEST_CASE("an address of a network that another interface has is refused") {
  Bench bench(kDsl);
  concentrator(bench, {{"address", "10.0.0.77"}});
  bench.advance(8s)
      .expect(403506,
              "PPPoE: failed to assign PPP address 10.0.0.77 netmask 255.255.255.255 at interface "
              "outside")
      .expect_nothing();
}

TEST_CASE("without a group to dial with nothing is dialled") {
  Bench bench(kDsl);
  concentrator(bench, kAddresses);
  bench
      .commands({"configure terminal", "no vpdn group dsl", "interface gi0/0",
                 "ip address pppoe setroute"})
      .expect(403504, "dsl:No 'vpdn group' for PPPoE has been created!")
      .advance(10min)
      .expect_nothing();
}

TEST_CASE("an interface that names another group than there are stays down, from boot on") {
  std::string config(kDsl);
  config.replace(config.find("client vpdn group dsl"), 21, "client vpdn group lte");
  Bench bench(config);
  bench.advance(0s)
      .expect(403507,
              "PPPoE:PPPoE client on interface outside failed to locate PPPoE vpdn group lte")
      .advance(10min)
      .expect_nothing();
}

TEST_CASE("a reload loses the session and dials anew, the provider is still there") {
  Bench bench = connected();
  bench.command("reload").advance(4min).expect_nothing().command("show ip address outside pppoe");
  REQUIRE_FALSE(bench.output().empty());
}

TEST_CASE("show vpdn group and username print the configuration") {
  Bench bench(kDsl);
  bench.command("show vpdn group");
  REQUIRE(bench.output() ==
          "vpdn group dsl request dialout pppoe\nvpdn group dsl localname branch17\n");
  bench.command("show vpdn username");
  REQUIRE(bench.output() == "vpdn username branch17 password *****\n");
}
