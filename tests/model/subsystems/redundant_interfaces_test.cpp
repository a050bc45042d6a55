#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

/// The bench with a pair of GigabitEthernet0/4 and 0/5, named core.
std::string config() {
  return std::string(asaemu::test::kBenchConfig) + R"(
interface GigabitEthernet0/4
 no nameif
interface GigabitEthernet0/5
 no nameif
interface Redundant1
 member-interface GigabitEthernet0/4
 member-interface GigabitEthernet0/5
 nameif core
 security-level 90
 ip address 10.9.0.1 255.255.255.0
)";
}

Bench& link(Bench& bench, const char* port, const char* state) {
  return bench.world("link", {{"link", port}, {"state", state}});
}

Bench& expect_down(Bench& bench, const std::string& name) {
  return bench.expect(411002, "Line protocol on Interface " + name + ", changed state to down");
}

Bench& expect_up(Bench& bench, const std::string& name) {
  return bench.expect(411001, "Line protocol on Interface " + name + ", changed state to up");
}

Bench& expect_active(Bench& bench, const std::string& port) {
  return bench.expect(425005,
                      "Interface " + port + " become active in redundant interface Redundant1");
}

std::string members(Bench& bench) {
  return bench.command("show interface redundant1 | include Members").output();
}

}  // namespace

TEST_CASE("a redundant interface is created, gets members, loses them and is removed") {
  Bench bench;
  bench.commands({"conf t", "interface GigabitEthernet0/4", "no shutdown"})
      .expect(411003, "Interface GigabitEthernet0/4, changed state to administratively up");
  bench.commands({"conf t", "interface Redundant1"})
      .expect(425001, "Redundant interface Redundant1 created.")
      .expect_nothing();
  bench.commands({"conf t", "interface Redundant1", "member-interface gi0/4"})
      .expect(425003, "Interface GigabitEthernet0/4 added into redundant interface Redundant1");
  bench.commands({"conf t", "interface Redundant1", "member-interface gi0/5"})
      .expect(425003, "Interface GigabitEthernet0/5 added into redundant interface Redundant1")
      .expect_nothing();
  bench.commands({"conf t", "interface Redundant1", "no member-interface gi0/5"})
      .expect(425004, "Interface GigabitEthernet0/5 removed from redundant interface Redundant1")
      .expect_nothing();
  bench.commands({"conf t", "no interface Redundant1"})
      .expect(425004, "Interface GigabitEthernet0/4 removed from redundant interface Redundant1")
      .expect(425002, "Redundant interface Redundant1 removed.")
      .expect_nothing();
  bench.command("show interface ip brief | include Redundant");
  REQUIRE(bench.output().empty());
}

TEST_CASE("a removed redundant interface can be made again, and its ports be used again") {
  Bench bench(config());
  bench.commands({"conf t", "no interface Redundant1"})
      .expect(425004, "Interface GigabitEthernet0/4 removed from redundant interface Redundant1")
      .expect(425004, "Interface GigabitEthernet0/5 removed from redundant interface Redundant1");
  expect_down(bench, "Redundant1");
  expect_down(bench, "core").expect(425002, "Redundant interface Redundant1 removed.");
  const auto before = bench.device().tables().interfaces.size();
  bench.commands({"conf t", "interface Redundant1", "member-interface gi0/5"})
      .expect(425001, "Redundant interface Redundant1 created.")
      .expect(425003, "Interface GigabitEthernet0/5 added into redundant interface Redundant1");
  expect_up(bench, "Redundant1").expect_nothing();
  REQUIRE(bench.device().tables().interfaces.size() == before);
}

TEST_CASE("the standby takes over half a second after the active member lost its link") {
  Bench bench(config());
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/4").expect_nothing();
  bench.advance(500ms - 1ns).expect_nothing();
  REQUIRE(members(bench) == "        Members GigabitEthernet0/4(Active), GigabitEthernet0/5\n");
  bench.advance(1ns);
  expect_active(bench, "GigabitEthernet0/5").expect_nothing();
  REQUIRE(members(bench) == "        Members GigabitEthernet0/5(Active), GigabitEthernet0/4\n");
  bench.command("show interface redundant1 | include switchover");
  REQUIRE(bench.output() == "        Last switchover at 08:00:00 UTC Nov 20 2026\n");
}

TEST_CASE("the time of a switchover is an option") {
  Bench bench(config(), {{"redundant-switchover", std::uint64_t{50}}});
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/4");
  bench.advance(50ms);
  expect_active(bench, "GigabitEthernet0/5").expect_nothing();
}

TEST_CASE("a member that comes back does not take its role back") {
  Bench bench(config());
  link(bench, "GigabitEthernet0/4", "down").advance(1s);
  expect_down(bench, "GigabitEthernet0/4");
  expect_active(bench, "GigabitEthernet0/5");
  link(bench, "GigabitEthernet0/4", "up").advance(1h);
  expect_up(bench, "GigabitEthernet0/4").expect_nothing();
  REQUIRE(members(bench) == "        Members GigabitEthernet0/5(Active), GigabitEthernet0/4\n");
}

TEST_CASE("an active member that is back before the switchover stays active") {
  Bench bench(config());
  link(bench, "GigabitEthernet0/4", "down").advance(499ms);
  expect_down(bench, "GigabitEthernet0/4");
  link(bench, "GigabitEthernet0/4", "up").advance(1s);
  expect_up(bench, "GigabitEthernet0/4").expect_nothing();
}

TEST_CASE("a standby that fails during the switchover lets it fail, and the pair goes down") {
  Bench bench(config());
  link(bench, "GigabitEthernet0/4", "down").advance(200ms);
  expect_down(bench, "GigabitEthernet0/4");
  link(bench, "GigabitEthernet0/5", "down");
  expect_down(bench, "GigabitEthernet0/5").expect_nothing();
  bench.advance(300ms).expect(
      425006, "Redundant interface Redundant1 switch active member to GigabitEthernet0/5 failed");
  expect_down(bench, "Redundant1");
  expect_down(bench, "core").expect_nothing();
}

TEST_CASE("with both members down the first that comes back carries the traffic") {
  Bench bench(config());
  link(bench, "GigabitEthernet0/5", "down");
  expect_down(bench, "GigabitEthernet0/5").expect_nothing();
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/4");
  expect_down(bench, "Redundant1");
  expect_down(bench, "core").advance(1min).expect_nothing();

  link(bench, "GigabitEthernet0/5", "up");
  expect_up(bench, "GigabitEthernet0/5").advance(500ms);
  expect_active(bench, "GigabitEthernet0/5");
  expect_up(bench, "Redundant1");
  expect_up(bench, "core").expect_nothing();
}

TEST_CASE("the active member of a dead pair brings it back without a switchover") {
  Bench bench(config());
  link(bench, "GigabitEthernet0/5", "down");
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/5");
  expect_down(bench, "GigabitEthernet0/4");
  expect_down(bench, "Redundant1");
  expect_down(bench, "core");
  link(bench, "GigabitEthernet0/4", "up");
  expect_up(bench, "GigabitEthernet0/4");
  expect_up(bench, "Redundant1");
  expect_up(bench, "core").advance(1min).expect_nothing();
}

TEST_CASE("an operator chooses the active member") {
  Bench bench(config());
  bench.command("redundant-interface redundant1 active-member gi0/5");
  expect_active(bench, "GigabitEthernet0/5").expect_nothing();
  bench.command("redundant-interface redundant1 active-member gi0/5").expect_nothing();
  REQUIRE(bench.output().empty());
  bench.command("redundant-interface redundant1 active-member gi0/3").expect_nothing();
  REQUIRE(bench.output() == "ERROR: GigabitEthernet0/3 is not a member of Redundant1\n");
  bench.command("redundant-interface redundant2 active-member gi0/3").expect_nothing();
  REQUIRE(bench.output() == "ERROR: Redundant2 is not a redundant interface\n");
}

TEST_CASE("an operator cannot switch to a member without a link") {
  Bench bench(config());
  link(bench, "GigabitEthernet0/5", "down");
  expect_down(bench, "GigabitEthernet0/5");
  bench.command("redundant-interface redundant1 active-member gi0/5")
      .expect(425006,
              "Redundant interface Redundant1 switch active member to GigabitEthernet0/5 failed")
      .expect_nothing();
  REQUIRE(bench.output() == "ERROR: GigabitEthernet0/5 is down, GigabitEthernet0/4 stays active\n");
}

TEST_CASE("the remaining member becomes active when the active one is taken out") {
  Bench bench(config());
  bench.commands({"conf t", "interface Redundant1", "no member-interface gi0/4"})
      .expect(425004, "Interface GigabitEthernet0/4 removed from redundant interface Redundant1");
  expect_active(bench, "GigabitEthernet0/5").expect_nothing();
}

TEST_CASE("shutting a member is a lost link, shutting the pair is not") {
  Bench bench(config());
  bench.commands({"conf t", "interface GigabitEthernet0/4", "shutdown"})
      .expect(411004, "Interface GigabitEthernet0/4, changed state to administratively down");
  expect_down(bench, "GigabitEthernet0/4").advance(500ms);
  expect_active(bench, "GigabitEthernet0/5").expect_nothing();
  bench.commands({"conf t", "interface Redundant1", "shutdown"})
      .expect(411004, "Interface Redundant1, changed state to administratively down");
  expect_down(bench, "Redundant1");
  expect_down(bench, "core").expect_nothing();
  bench.commands({"conf t", "interface Redundant1", "no shutdown"})
      .expect(411003, "Interface Redundant1, changed state to administratively up");
  expect_up(bench, "Redundant1");
  expect_up(bench, "core").expect_nothing();
}

TEST_CASE("subinterfaces of a pair go with it") {
  Bench bench(config() + "interface Redundant1.7\n vlan 7\n nameif voice\n");
  link(bench, "GigabitEthernet0/5", "down");
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/5");
  expect_down(bench, "GigabitEthernet0/4");
  expect_down(bench, "Redundant1");
  expect_down(bench, "core");
  expect_down(bench, "voice").expect_nothing();
}

TEST_CASE("a pair has two members at most, of one type, without names and from no other group") {
  Bench bench(config());
  const auto answer = [&](const std::string& interface, const std::string& member) {
    bench.commands({"conf t", "interface " + interface, "member-interface " + member});
    return bench.output();
  };
  REQUIRE(answer("Redundant1", "gi0/6") == "ERROR: Redundant1 has 2 members already\n");
  REQUIRE(answer("GigabitEthernet0/6", "gi0/7") ==
          "ERROR: Only a redundant interface has members\n");
  bench.expect_nothing();
  REQUIRE(answer("Redundant2", "gi0/4") ==
          "ERROR: GigabitEthernet0/4 is already a member of Redundant1\n");
  REQUIRE(answer("Redundant2", "gi0/0") ==
          "ERROR: GigabitEthernet0/0 has the name \"outside\"; remove it with 'no nameif' first\n");
  REQUIRE(answer("Redundant2", "gi0/2") ==
          "ERROR: GigabitEthernet0/2 has the subinterface GigabitEthernet0/2.30\n");
  REQUIRE(answer("Redundant2", "Redundant1") == "ERROR: Redundant1 is not a physical interface\n");
  REQUIRE(answer("Redundant2", "te0/8") ==
          "ERROR: TenGigabitEthernet0/8 does not exist on this platform\n");
  bench.expect(425001, "Redundant interface Redundant2 created.").expect_nothing();
  bench.commands({"conf t", "interface gi0/4", "nameif spare"}).expect_nothing();
  REQUIRE(bench.output() ==
          "ERROR: GigabitEthernet0/4 is a member of Redundant1 and cannot have a name\n");
}

TEST_CASE("there are eight redundant interfaces") {
  Bench bench;
  bench.commands({"conf t", "interface Redundant8"})
      .expect(425001, "Redundant interface Redundant8 created.");
  bench.commands({"conf t", "interface Redundant9"}).expect_nothing();
  REQUIRE(bench.output() == "ERROR: Redundant9 does not exist on this platform\n");
}

TEST_CASE("a reload makes the first member active again, and keeps a pulled cable pulled") {
  Bench bench(config(), {{"boot-time", asaemu::SimDuration(2min)}});
  link(bench, "GigabitEthernet0/4", "down").advance(1s);
  expect_down(bench, "GigabitEthernet0/4");
  expect_active(bench, "GigabitEthernet0/5");
  bench.command("reload noconfirm").advance(2min).expect_nothing();
  REQUIRE(bench.device().is_booted());
  REQUIRE(members(bench) == "        Members GigabitEthernet0/5(Active), GigabitEthernet0/4\n");
  link(bench, "GigabitEthernet0/4", "up");
  expect_up(bench, "GigabitEthernet0/4").expect_nothing();
  bench.command("reload noconfirm").advance(2min);
  REQUIRE(members(bench) == "        Members GigabitEthernet0/4(Active), GigabitEthernet0/5\n");
}

TEST_CASE("a pair has the MAC address of its first member and keeps it") {
  Bench bench(config());
  const auto mac = [&] {
    return bench.command("show interface redundant1 | include MAC").output();
  };
  REQUIRE(mac() == "        MAC address 001b.2a00.0005, MTU 1500\n");
  bench.command("redundant-interface redundant1 active-member gi0/5");
  REQUIRE(mac() == "        MAC address 001b.2a00.0005, MTU 1500\n");
}

TEST_CASE("show interface of a member names the pair") {
  Bench bench(config());
  bench.command("show interface gi0/4 | include member");
  REQUIRE(bench.output() == "        Active member of Redundant1\n");
  bench.command("show interface gi0/5 | include member");
  REQUIRE(bench.output() == "        Standby member of Redundant1\n");
}
