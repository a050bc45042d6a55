#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

const char* const kTransparent = R"(
firewall transparent
hostname fw
same-security-traffic permit inter-interface
interface GigabitEthernet0/0
 nameif outside
 bridge-group 1
 security-level 50
interface GigabitEthernet0/1
 nameif inside
 bridge-group 1
 security-level 50
interface GigabitEthernet0/2
 nameif lab
 bridge-group 2
 security-level 50
interface GigabitEthernet0/3
 nameif bench
 bridge-group 2
 security-level 50
logging enable
logging trap debugging
no logging message 111008
no logging message 111009
no logging message 111010
logging host inside 10.0.0.50
)";

constexpr auto kMac = "0016.a421.94ef";
constexpr std::string_view kHeader =
    "interface                   mac  address          type      Age(min)   bridge-group\n"
    "-------------------------------------------------------------------------------------\n";

Bench& frame(Bench& bench, const std::string& in, const std::string& mac,
             const std::string& to = "0000.0000.0000") {
  return bench.packet(
      in,
      {{"proto", "udp"}, {"src", "10.0.0.20"}, {"dst", "10.0.0.30"}, {"smac", mac}, {"dmac", to}});
}

void configure(Bench& bench, const std::string& line) {
  bench.commands({"configure terminal", line});
}

std::string shown(Bench& bench) {
  const std::string text = bench.command("show mac-address-table").output();
  REQUIRE(text.starts_with(kHeader));
  return text.substr(kHeader.size());
}

std::uint64_t packets(Bench& bench, std::string_view nameif,
                      asaemu::TrafficMeter::Direction direction) {
  const auto& interfaces = bench.device().tables().interfaces;
  return interfaces[interfaces.find_nameif(nameif)].traffic.total(direction).packets;
}

constexpr auto kOutput = asaemu::TrafficMeter::kOutput;
constexpr auto kDropped = asaemu::TrafficMeter::kDropped;

Bench limited(std::uint64_t limit) {
  return Bench(kTransparent, {{"mac-table-limit", limit}});
}

}  // namespace

TEST_CASE("a MAC address that turns up behind another interface has moved") {
  Bench bench(kTransparent);
  frame(bench, "inside", kMac).expect_nothing();
  frame(bench, "outside", kMac)
      .expect(412001, "MAC 0016.a421.94ef moved from inside to outside")
      .expect_nothing();
  frame(bench, "outside", kMac).expect_nothing();
  frame(bench, "inside", kMac).expect(412001, "MAC 0016.a421.94ef moved from outside to inside");
}

TEST_CASE("an address is forgotten after five minutes, not a tick before") {
  Bench bench(kTransparent);
  frame(bench, "inside", kMac).advance(5min - 1ns);
  frame(bench, "outside", kMac).expect(412001, "MAC 0016.a421.94ef moved from inside to outside");
  bench.advance(5min);
  frame(bench, "inside", kMac).expect_nothing();
}

TEST_CASE("every frame starts the age anew, and the aging time can be set") {
  Bench bench(kTransparent);
  configure(bench, "mac-address-table aging-time 10");
  frame(bench, "inside", kMac).advance(9min);
  frame(bench, "inside", kMac).advance(9min);
  REQUIRE(shown(bench) ==
          "inside                      0016.a421.94ef        dynamic   1          1\n");
  bench.advance(1min);
  REQUIRE(shown(bench).empty());
  configure(bench, "no mac-address-table aging-time");
  frame(bench, "inside", kMac).advance(5min);
  REQUIRE(shown(bench).empty());
  configure(bench, "mac-address-table aging-time 4");
  REQUIRE(bench.output().find("ERROR: % Invalid input") != std::string::npos);
}

TEST_CASE("in a full table the address heard of longest ago makes room") {
  Bench bench = limited(2);
  frame(bench, "inside", "0016.a421.0001").advance(1s);
  frame(bench, "inside", "0016.a421.0002").advance(1s);
  frame(bench, "inside", "0016.a421.0001").advance(1s).expect_nothing();
  frame(bench, "outside", "0016.a421.0003")
      .expect(412002,
              "Detected bridge table full while inserting MAC 0016.a421.0003 on interface outside. "
              "Number of entries = 2")
      .expect_nothing();
  REQUIRE(shown(bench) ==
          "inside                      0016.a421.0001        dynamic   5          1\n"
          "outside                     0016.a421.0003        dynamic   5          1\n");
}

TEST_CASE("aged addresses make room without a word") {
  Bench bench = limited(1);
  frame(bench, "inside", "0016.a421.0001").advance(5min);
  frame(bench, "inside", "0016.a421.0002").expect_nothing();
}

TEST_CASE("a table full of configured addresses learns nothing") {
  Bench bench = limited(1);
  configure(bench, "mac-address-table static inside 0016.a421.0001");
  configure(bench, "mac-address-table static inside 0016.a421.0002");
  REQUIRE(bench.output() == "ERROR: unable to add MAC address, table is full\n");
  frame(bench, "outside", "0016.a421.0003")
      .expect(412002,
              "Detected bridge table full while inserting MAC 0016.a421.0003 on interface outside. "
              "Number of entries = 1");
  REQUIRE(shown(bench) ==
          "inside                      0016.a421.0001        static    -          1\n");
  REQUIRE(packets(bench, "outside", kDropped) == 0);
}

TEST_CASE("a configured address is dropped where it does not belong and does not move") {
  Bench bench(kTransparent);
  configure(bench, "mac-address-table static inside 0016.a421.94ef");
  frame(bench, "outside", kMac).expect_nothing();
  REQUIRE(packets(bench, "outside", kDropped) == 1);
  frame(bench, "inside", kMac);
  REQUIRE(packets(bench, "inside", kDropped) == 0);
  configure(bench, "no mac-address-table static inside 0016.a421.94ef");
  frame(bench, "outside", kMac);
  REQUIRE(packets(bench, "outside", kDropped) == 1);
  configure(bench, "no mac-address-table static inside 0016.a421.94ef");
  REQUIRE(bench.output() == "ERROR: no static MAC address 0016.a421.94ef\n");
}

TEST_CASE("an interface that does not learn lets only known addresses through") {
  Bench bench(kTransparent);
  configure(bench, "mac-learn inside disable");
  frame(bench, "inside", kMac).expect_nothing();
  REQUIRE(shown(bench).empty());
  REQUIRE(packets(bench, "inside", kDropped) == 1);
  bench.command("show mac-learn");
  REQUIRE(bench.output() ==
          "interface                   mac learn\n"
          "--------------------------------------\n"
          "outside                     enabled\n"
          "inside                      disabled\n"
          "lab                         enabled\n"
          "bench                       enabled\n");
  configure(bench, "no mac-learn inside disable");
  frame(bench, "inside", kMac);
  REQUIRE(packets(bench, "inside", kDropped) == 1);
}

TEST_CASE("a frame leaves where its addressee is, else through the next interface of its group") {
  Bench bench(kTransparent);
  frame(bench, "inside", kMac);
  REQUIRE(packets(bench, "outside", kOutput) == 1);
  frame(bench, "outside", "0016.a421.0002", kMac);
  REQUIRE(packets(bench, "inside", kOutput) == 1);
  frame(bench, "lab", "0016.a421.0003", kMac);
  REQUIRE(packets(bench, "bench", kOutput) == 1);
  frame(bench, "inside", "0016.a421.0004", kMac);
  REQUIRE(packets(bench, "inside", kDropped) == 1);
}

TEST_CASE("bridge groups share nothing") {
  Bench bench(kTransparent);
  frame(bench, "inside", kMac);
  frame(bench, "lab", kMac).expect_nothing();
  bench.command("show mac-address-table count");
  REQUIRE(bench.output() ==
          "Static     mac-address bridges (curr/max): 0/65535\n"
          "Dynamic    mac-address bridges (curr/max): 2/65535\n");
  bench.command("clear mac-address-table inside");
  REQUIRE(shown(bench) ==
          "lab                         0016.a421.94ef        dynamic   5          2\n");
  bench.commands({"configure terminal", "interface GigabitEthernet0/2", "no bridge-group 2"});
  REQUIRE(shown(bench).empty());
}

TEST_CASE("ARP packets teach the bridge, group addresses do not") {
  Bench bench(kTransparent);
  bench.packet("inside",
               {{"arp", "request"}, {"src", "10.0.0.20"}, {"dst", "10.0.0.30"}, {"smac", kMac}});
  frame(bench, "inside", "0100.5e00.0001");
  REQUIRE(shown(bench) ==
          "inside                      0016.a421.94ef        dynamic   5          1\n");
}

TEST_CASE("a routed firewall has no MAC table") {
  Bench bench;
  frame(bench, "inside", kMac);
  frame(bench, "outside", kMac).expect_nothing();
  bench.command("show mac-address-table");
  REQUIRE(bench.output() == "ERROR: This command is only available in transparent firewall mode\n");
  bench.command("show firewall");
  REQUIRE(bench.output() == "Firewall mode: Router\n");
}

TEST_CASE("the MAC table is lost at reload and when the mode changes") {
  Bench bench(kTransparent);
  frame(bench, "inside", kMac).command("reload noconfirm").advance(3min);
  frame(bench, "outside", kMac).expect_nothing();
  configure(bench, "no firewall transparent");
  configure(bench, "firewall transparent");
  REQUIRE(shown(bench).empty());
  bench.command("show firewall");
  REQUIRE(bench.output() == "Firewall mode: Transparent\n");
}
