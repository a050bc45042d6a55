#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::kProtocolUdp;
using asaemu::Release;
using asaemu::test::Bench;

namespace {

/// As a running configuration has it, the backup is named before its own interface appears.
constexpr const char* kConfig = R"(
hostname fw
interface Vlan1
 nameif inside
 security-level 100
 ip address 192.168.1.1 255.255.255.0
interface Vlan2
 nameif outside
 security-level 0
 ip address 203.0.113.1 255.255.255.0
 backup interface Vlan3
interface Vlan3
 nameif backup-isp
 security-level 0
 ip address 198.51.100.2 255.255.255.0
route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
route backup-isp 0.0.0.0 0.0.0.0 198.51.100.254 254
logging enable
logging trap debugging
no logging message 111008
no logging message 111009
no logging message 111010
logging host inside 192.168.1.50
)";

}  // namespace

TEST_CASE("through the device the backup is denied while the primary's default route stands") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.packet("backup-isp", "192.0.2.9", "192.168.1.20", kProtocolUdp)
      .expect(424001,
              "Packet denied: udp src backup-isp:192.0.2.9/40000 dst inside:192.168.1.20/22. "
              "backup-isp interface is in a backup state");
  bench.packet("inside", "192.168.1.20", "198.51.100.9")
      .expect(424001,
              "Packet denied: tcp src inside:192.168.1.20/40000 dst backup-isp:198.51.100.9/22. "
              "backup-isp interface is in a backup state");
  bench.packet("inside", "192.168.1.20", "192.0.2.9")
      .packet("outside", "192.0.2.9", "192.168.1.20")
      .expect_nothing();
}

TEST_CASE("nobody reaches the device itself over an interface at rest") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.packet("backup-isp", "192.0.2.9", "198.51.100.2")
      .expect(
          424002,
          "Connection to the backup interface is denied: tcp src backup-isp:192.0.2.9/40000 dst "
          "backup-isp:198.51.100.2/22");
  bench.packet("outside", "192.0.2.9", "203.0.113.1").expect_nothing();
}

TEST_CASE("when the primary is down the backup carries the traffic and the primary is at rest") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.world("link", {{"link", "Vlan2"}, {"state", "down"}})
      .expect(411002, "Line protocol on Interface Vlan2, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down");
  bench.packet("backup-isp", "192.0.2.9", "192.168.1.20")
      .packet("inside", "192.168.1.20", "192.0.2.9")
      .packet("backup-isp", "192.0.2.9", "198.51.100.2")
      .expect_nothing();
}

TEST_CASE("the primary is at rest when its default route is gone, though its link is up") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.commands({"conf t", "no route outside 0.0.0.0 0.0.0.0 203.0.113.254"});
  bench.packet("outside", "192.0.2.9", "192.168.1.20")
      .expect(424001,
              "Packet denied: tcp src outside:192.0.2.9/40000 dst inside:192.168.1.20/22. outside "
              "interface is in a backup state");
  bench.packet("outside", "192.0.2.9", "203.0.113.1")
      .expect(424002,
              "Connection to the backup interface is denied: tcp src outside:192.0.2.9/40000 dst "
              "outside:203.0.113.1/22");
  bench.packet("backup-isp", "192.0.2.9", "192.168.1.20").expect_nothing();
}

TEST_CASE("without the command both interfaces carry traffic") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.commands({"conf t", "interface Vlan2", "no backup interface"});
  bench.packet("backup-isp", "192.0.2.9", "192.168.1.20").expect_nothing();
}

TEST_CASE("only a VLAN can back another one up") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.commands({"conf t", "interface Vlan2", "backup interface Vlan2"});
  REQUIRE(bench.output() == "ERROR: Vlan2 cannot be a backup of Vlan2\n");
  bench.commands({"conf t", "interface Vlan2", "backup interface Ethernet0/1"});
  REQUIRE(bench.output() == "ERROR: Ethernet0/1 cannot be a backup of Vlan2\n");
  Bench large;
  large.commands({"conf t", "interface gi0/0", "backup interface gi0/1"});
  REQUIRE(large.output() == "ERROR: This platform has no backup interfaces\n");
}

TEST_CASE("a second backup of an interface replaces the first") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.commands({"conf t", "interface Vlan2", "backup interface Vlan4"});
  bench.packet("backup-isp", "192.0.2.9", "192.168.1.20").expect_nothing();
}

TEST_CASE("without its backup a primary is an interface like others") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.commands(
      {"conf t", "no interface Vlan3", "no route outside 0.0.0.0 0.0.0.0 203.0.113.254"});
  bench.packet("outside", "192.0.2.9", "192.168.1.20").expect_nothing();
  bench.command("show interface ip brief | include Vlan3");
  REQUIRE(bench.output().empty());
}

TEST_CASE("a reload reads the backup from the configuration again") {
  Bench bench(kConfig, {}, Release{}, "ASA5505");
  bench.commands({"conf t", "interface Vlan2", "no backup interface"});
  bench.command("reload noconfirm").advance(std::chrono::minutes(5));
  bench.packet("backup-isp", "192.0.2.9", "198.51.100.2")
      .expect(
          424002,
          "Connection to the backup interface is denied: tcp src backup-isp:192.0.2.9/40000 dst "
          "backup-isp:198.51.100.2/22");
}

TEST_CASE("twenty interfaces have a backup and no twenty-first") {
  Bench bench("", {}, Release{}, "ASA5505");
  for (int pair = 0; pair < 20; ++pair) {
    bench.commands({"conf t", fmt::format("interface Vlan{}", 100 + pair),
                    fmt::format("backup interface Vlan{}", 200 + pair)});
    REQUIRE(bench.output().empty());
  }
  bench.commands({"conf t", "interface Vlan120", "backup interface Vlan220"});
  REQUIRE(bench.output() == "ERROR: Too many backup interfaces\n");
  // A new backup of an interface that has one needs no place more.
  bench.commands({"conf t", "interface Vlan119", "backup interface Vlan220"});
  REQUIRE(bench.output().empty());
}
