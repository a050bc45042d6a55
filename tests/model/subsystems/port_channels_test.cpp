#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::Release;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

/// The bench with GigabitEthernet0/4 to 0/6 in channel 1, named core; what `extra` says of the ports
/// and of the channel comes with it.
std::string config(const std::string& port_extra = "", const std::string& channel_extra = "") {
  std::string text = asaemu::test::kBenchConfig;
  for (int port = 4; port <= 6; ++port) {
    text += fmt::format("interface GigabitEthernet0/{}\n channel-group 1 mode active\n{}", port,
                        port_extra);
  }
  return text + "interface Port-channel1\n" + channel_extra +
         " nameif core\n security-level 90\n ip address 10.9.0.1 255.255.255.0\n";
}

constexpr const char* kFast = " lacp rate fast\n";

Bench& link(Bench& bench, const char* port, const char* state) {
  return bench.world("link", {{"link", port}, {"state", state}});
}

Bench& expect_down(Bench& bench, const std::string& name) {
  return bench.expect(411002, "Line protocol on Interface " + name + ", changed state to down");
}

Bench& expect_up(Bench& bench, const std::string& name) {
  return bench.expect(411001, "Line protocol on Interface " + name + ", changed state to up");
}

Bench& expect_bundled(Bench& bench, const std::string& port) {
  return bench.expect(426001, "PORT-CHANNEL:Interface GigabitEthernet0/" + port +
                                  " bundled into EtherChannel interface 1");
}

Bench& expect_unbundled(Bench& bench, const std::string& port) {
  return bench.expect(426002, "PORT-CHANNEL:Interface GigabitEthernet0/" + port +
                                  " unbundled from EtherChannel interface 1");
}

Bench& expect_standby(Bench& bench, const std::string& port) {
  return bench.expect(426003, "PORT-CHANNEL:Interface GigabitEthernet0/" + port +
                                  " has become standby in EtherChannel interface 1");
}

/// The channel's line of the summary, without what is the same for all.
std::string summary(Bench& bench) {
  return bench.command("show port-channel summary | include Po1").output();
}

std::string row(const std::string& flag, const std::string& ports) {
  return fmt::format("1      Po1({})            LACP          No     {}\n", flag, ports);
}

Bench& partner(Bench& bench, const char* port, const char* parameter, const char* value) {
  return bench.world("lacp-partner", {{"lacp-partner", port}, {parameter, value}});
}

}  // namespace

TEST_CASE("a channel stands after the boot without a message") {
  Bench bench(config());
  bench.advance(10min).expect_nothing();
  bench.command("show port-channel summary");
  REQUIRE(bench.output() ==
          "Flags:  D - down        P - bundled in port-channel\n"
          "        I - stand-alone s - suspended\n"
          "        H - Hot-standby (LACP only)\n"
          "        U - in use      N - not in use, no aggregation/nameif\n"
          "        M - not in use, no aggregation due to minimum links not met\n"
          "        w - waiting to be aggregated\n"
          "Number of channel-groups in use: 1\n"
          "Group  Port-channel  Protocol  Span-cluster  Ports\n"
          "------+-------------+---------+------------+------------------------------------\n"
          "1      Po1(U)            LACP          No     Gi0/4(P)   Gi0/5(P)   Gi0/6(P)\n");
}

TEST_CASE("a lost link unbundles its port, and the last one takes the channel down") {
  Bench bench(config());
  for (const std::string port : {"4", "5"}) {
    link(bench, ("GigabitEthernet0/" + port).c_str(), "down");
    expect_down(bench, "GigabitEthernet0/" + port);
    expect_unbundled(bench, port).expect_nothing();
  }
  link(bench, "GigabitEthernet0/6", "down");
  expect_down(bench, "GigabitEthernet0/6");
  expect_unbundled(bench, "6");
  expect_down(bench, "Port-channel1");
  expect_down(bench, "core").advance(1h).expect_nothing();
  REQUIRE(summary(bench) == row("N", "Gi0/4(D)   Gi0/5(D)   Gi0/6(D)"));
}

TEST_CASE("with slow LACPDUs a port bundles two to thirty-two seconds after its link") {
  Bench bench(config());
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/4");
  expect_unbundled(bench, "4");
  link(bench, "GigabitEthernet0/4", "up");
  expect_up(bench, "GigabitEthernet0/4").advance(2s - 1ns).expect_nothing();
  REQUIRE(summary(bench) == row("U", "Gi0/4(w)   Gi0/5(P)   Gi0/6(P)"));
  bench.advance(30s + 1ns);
  expect_bundled(bench, "4").expect_nothing();
}

TEST_CASE("with fast LACPDUs a port bundles within three seconds") {
  Bench bench(config(kFast));
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/4");
  expect_unbundled(bench, "4");
  link(bench, "GigabitEthernet0/4", "up");
  expect_up(bench, "GigabitEthernet0/4").advance(2s - 1ns).expect_nothing();
  bench.advance(1s + 1ns);
  expect_bundled(bench, "4").expect_nothing();
}

TEST_CASE("the first port that bundles brings the channel up after it") {
  Bench bench(config(kFast));
  for (const std::string port : {"4", "5", "6"}) {
    link(bench, ("GigabitEthernet0/" + port).c_str(), "down");
    expect_down(bench, "GigabitEthernet0/" + port);
    expect_unbundled(bench, port);
  }
  expect_down(bench, "Port-channel1");
  expect_down(bench, "core");
  link(bench, "GigabitEthernet0/5", "up");
  expect_up(bench, "GigabitEthernet0/5").advance(3s);
  expect_bundled(bench, "5");
  expect_up(bench, "Port-channel1");
  expect_up(bench, "core").expect_nothing();
}

TEST_CASE(
    "a silent partner is noticed after three of its slow intervals, counted from its last word") {
  Bench bench(config());
  // The boot's exchange began the partner's rhythm, so its last LACPDU came ten seconds ago.
  bench.advance(10s);
  partner(bench, "GigabitEthernet0/4", "answers", "no");
  bench.advance(80s - 1ns).expect_nothing();
  bench.advance(1ns);
  expect_unbundled(bench, "4").expect_nothing();
  REQUIRE(summary(bench) == row("U", "Gi0/4(w)   Gi0/5(P)   Gi0/6(P)"));
  bench.advance(1h).expect_nothing();
  partner(bench, "GigabitEthernet0/4", "answers", "yes").advance(32s);
  expect_bundled(bench, "4").expect_nothing();
}

TEST_CASE("a silent partner is noticed after three fast intervals") {
  Bench bench(config(kFast));
  bench.advance(500ms);
  partner(bench, "GigabitEthernet0/4", "answers", "no");
  bench.advance(2500ms - 1ns).expect_nothing();
  bench.advance(1ns);
  expect_unbundled(bench, "4").expect_nothing();
}

TEST_CASE("a partner that speaks again in time was never missed") {
  Bench bench(config());
  partner(bench, "GigabitEthernet0/4", "answers", "no").advance(89s);
  partner(bench, "GigabitEthernet0/4", "answers", "yes").advance(1h).expect_nothing();
}

TEST_CASE("two passive ends never bundle") {
  Bench bench(config());
  bench.commands({"conf t", "interface gi0/4", "channel-group 1 mode passive"});
  expect_unbundled(bench, "4").advance(32s);
  expect_bundled(bench, "4").expect_nothing();
  partner(bench, "GigabitEthernet0/4", "mode", "passive").advance(90s);
  expect_unbundled(bench, "4").advance(1h).expect_nothing();
}

TEST_CASE("more ports than the maximum stand by, and one of them takes a lost port's place") {
  Bench bench(config("", " lacp max-bundle 2\n"));
  REQUIRE(summary(bench) == row("U", "Gi0/4(P)   Gi0/5(P)   Gi0/6(H)"));
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/4");
  expect_unbundled(bench, "4");
  expect_bundled(bench, "6").expect_nothing();
  link(bench, "GigabitEthernet0/4", "up").advance(32s);
  expect_up(bench, "GigabitEthernet0/4");
  expect_unbundled(bench, "6");
  expect_standby(bench, "6");
  expect_bundled(bench, "4").expect_nothing();
}

TEST_CASE("a lower maximum sends the worst ports to standby at once") {
  Bench bench(config());
  bench.commands({"conf t", "interface Port-channel1", "lacp max-bundle 1"});
  expect_unbundled(bench, "5");
  expect_standby(bench, "5");
  expect_unbundled(bench, "6");
  expect_standby(bench, "6").expect_nothing();
  bench.commands({"conf t", "interface Port-channel1", "no lacp max-bundle"});
  expect_bundled(bench, "5");
  expect_bundled(bench, "6").expect_nothing();
}

TEST_CASE("a better port priority takes the place of a worse") {
  Bench bench(config("", " lacp max-bundle 2\n"));
  bench.commands({"conf t", "interface gi0/6", "lacp port-priority 100"});
  expect_unbundled(bench, "5");
  expect_standby(bench, "5");
  expect_bundled(bench, "6").expect_nothing();
}

TEST_CASE("the partner's port priorities count when its system is the better one") {
  Bench bench(config("", " lacp max-bundle 2\n") + "lacp system-priority 100\n");
  for (const char* port : {"GigabitEthernet0/4", "GigabitEthernet0/5", "GigabitEthernet0/6"}) {
    bench.world("lacp-partner", {{"lacp-partner", port},
                                 {"port-priority", std::string(port).ends_with('6') ? "1" : "9"}});
  }
  bench.advance(30s).expect_nothing();
  bench.commands({"conf t", "no lacp system-priority"}).expect_nothing();
  bench.commands({"conf t", "lacp system-priority 65535"});
  expect_unbundled(bench, "5");
  expect_standby(bench, "5");
  expect_bundled(bench, "6").expect_nothing();
}

TEST_CASE("a channel with fewer ports than its minimum is down") {
  Bench bench(config("", " port-channel min-bundle 2\n"));
  link(bench, "GigabitEthernet0/4", "down");
  expect_down(bench, "GigabitEthernet0/4");
  expect_unbundled(bench, "4").expect_nothing();
  link(bench, "GigabitEthernet0/5", "down");
  expect_down(bench, "GigabitEthernet0/5");
  expect_unbundled(bench, "5");
  expect_down(bench, "Port-channel1");
  expect_down(bench, "core").expect_nothing();
  REQUIRE(summary(bench) == row("M", "Gi0/4(D)   Gi0/5(D)   Gi0/6(P)"));
  bench.commands({"conf t", "interface Port-channel1", "no port-channel min-bundle"});
  expect_up(bench, "Port-channel1");
  expect_up(bench, "core").expect_nothing();
}

TEST_CASE("a port of another speed is suspended as soon as it joins") {
  Bench bench(config());
  bench.world("link-partner", {{"link-partner", "GigabitEthernet0/7"}, {"speed", "100"}});
  link(bench, "GigabitEthernet0/7", "up");
  bench.commands({"conf t", "interface gi0/7", "no shutdown"}).advance(2s);
  bench.expect(411003, "Interface GigabitEthernet0/7, changed state to administratively up");
  expect_up(bench, "GigabitEthernet0/7");
  bench.commands({"conf t", "interface gi0/7", "channel-group 1 mode active"})
      .expect(
          426004,
          "PORT-CHANNEL:Interface GigabitEthernet0/7 is not compatible with GigabitEthernet0/4 "
          "and will be suspended (speed of GigabitEthernet0/7 is 100 Mbps, GigabitEthernet0/4 is "
          "1000 Mbps)")
      .expect_nothing();
  REQUIRE(summary(bench) == row("U", "Gi0/4(P)   Gi0/5(P)   Gi0/6(P)   Gi0/7(s)"));
}

TEST_CASE("a port whose other end falls back to half duplex comes back suspended") {
  Bench bench(config());
  bench.world("link-partner", {{"link-partner", "GigabitEthernet0/5"}, {"duplex", "half"}});
  expect_down(bench, "GigabitEthernet0/5");
  expect_unbundled(bench, "5").expect_nothing();
  bench.advance(2s);
  expect_up(bench, "GigabitEthernet0/5")
      .expect(426004,
              "Interface GigabitEthernet0/5 is not compatible with GigabitEthernet0/4 and will be "
              "suspended (GigabitEthernet0/5 is Half-duplex, GigabitEthernet0/4 is Full-duplex)")
      .expect_nothing();
  bench.world("link-partner", {{"link-partner", "GigabitEthernet0/5"}, {"duplex", "full"}});
  expect_down(bench, "GigabitEthernet0/5").advance(2s);
  expect_up(bench, "GigabitEthernet0/5").advance(32s);
  expect_bundled(bench, "5").expect_nothing();
}

TEST_CASE("a suspended port is tried again when the last bundled one has gone") {
  Bench bench(config(kFast));
  bench.commands({"conf t", "interface gi0/4", "speed 100"});
  expect_down(bench, "GigabitEthernet0/4");
  expect_unbundled(bench, "4").advance(2s);
  expect_up(bench, "GigabitEthernet0/4")
      .expect(
          426004,
          "PORT-CHANNEL:Interface GigabitEthernet0/4 is not compatible with GigabitEthernet0/5 "
          "and will be suspended (speed of GigabitEthernet0/4 is 100 Mbps, GigabitEthernet0/5 is "
          "1000 Mbps)");
  link(bench, "GigabitEthernet0/5", "down");
  expect_down(bench, "GigabitEthernet0/5");
  expect_unbundled(bench, "5");
  link(bench, "GigabitEthernet0/6", "down");
  expect_down(bench, "GigabitEthernet0/6");
  expect_unbundled(bench, "6");
  expect_down(bench, "Port-channel1");
  expect_down(bench, "core").expect_nothing();
  bench.advance(3s);
  expect_bundled(bench, "4");
  expect_up(bench, "Port-channel1");
  expect_up(bench, "core").expect_nothing();
  bench.command("show interface Port-channel1 | include BW");
  REQUIRE(bench.output() == "  Hardware is EtherChannel/LACP, BW 100 Mbps, DLY 10 usec\n");
}

TEST_CASE("a port that was moved to another switch is suspended with the next LACPDU") {
  Bench bench(config());
  bench.advance(10s);
  partner(bench, "GigabitEthernet0/6", "system", "0022.5500.0002");
  bench.advance(20s - 1ns).expect_nothing();
  bench.advance(1ns);
  expect_unbundled(bench, "6").expect_nothing();
  REQUIRE(summary(bench) == row("U", "Gi0/4(P)   Gi0/5(P)   Gi0/6(s)"));
  partner(bench, "GigabitEthernet0/6", "system", "0022.5500.0001").advance(30s);
  expect_bundled(bench, "6").expect_nothing();
  partner(bench, "GigabitEthernet0/6", "key", "77").advance(30s);
  expect_unbundled(bench, "6").expect_nothing();
}

TEST_CASE("mode on bundles with the link and hears no partner") {
  Bench bench;
  for (const char* port : {"4", "5"}) {
    link(bench, fmt::format("GigabitEthernet0/{}", port).c_str(), "up");
    bench
        .commands({"conf t", fmt::format("interface gi0/{}", port), "no shutdown",
                   "channel-group 1 mode on"})
        .expect(411003, fmt::format("Interface GigabitEthernet0/{}, changed state to "
                                    "administratively up",
                                    port));
  }
  bench.advance(2s);
  expect_up(bench, "GigabitEthernet0/4");
  expect_bundled(bench, "4");
  expect_up(bench, "Port-channel1");
  expect_up(bench, "GigabitEthernet0/5");
  expect_bundled(bench, "5").expect_nothing();
  partner(bench, "GigabitEthernet0/4", "answers", "no").advance(1h).expect_nothing();
  bench.command("show port-channel summary | include Po1");
  REQUIRE(bench.output() == "1      Po1(N)            -             No     Gi0/4(P)   Gi0/5(P)\n");
}

TEST_CASE("leaving a channel and removing it unbundle") {
  Bench bench(config());
  bench.commands({"conf t", "interface gi0/4", "no channel-group 1"});
  expect_unbundled(bench, "4").expect_nothing();
  bench.commands({"conf t", "interface gi0/4", "no channel-group"}).expect_nothing();
  REQUIRE(bench.output() == "ERROR: The interface is not in a channel group\n");
  bench.commands({"conf t", "no interface Port-channel1"});
  expect_unbundled(bench, "5");
  expect_unbundled(bench, "6");
  expect_down(bench, "Port-channel1");
  expect_down(bench, "core").advance(1h).expect_nothing();
  REQUIRE(summary(bench).empty());
  bench.commands({"conf t", "interface gi0/5", "channel-group 1 mode active"}).advance(32s);
  expect_bundled(bench, "5");
  expect_up(bench, "Port-channel1").expect_nothing();
}

TEST_CASE("subinterfaces of a channel go with it") {
  Bench bench(config() + "interface Port-channel1.144\n vlan 144\n nameif voice\n");
  for (const char* port : {"GigabitEthernet0/4", "GigabitEthernet0/5"}) {
    link(bench, port, "down");
    bench.expect(411002, fmt::format("Line protocol on Interface {}, changed state to down", port));
    expect_unbundled(bench, std::string(1, port[17]));
  }
  link(bench, "GigabitEthernet0/6", "down");
  expect_down(bench, "GigabitEthernet0/6");
  expect_unbundled(bench, "6");
  expect_down(bench, "Port-channel1");
  expect_down(bench, "core");
  expect_down(bench, "voice").expect_nothing();
}

TEST_CASE("a channel has sixteen members and no seventeenth") {
  Bench bench("", {}, Release{}, "ASA5585");
  std::vector<std::string> ports;
  for (int slot = 0; slot <= 1; ++slot) {
    for (int port = 0; port < 8; ++port) ports.push_back(fmt::format("gi{}/{}", slot, port));
  }
  for (const auto& port : ports) {
    bench.commands({"conf t", "interface " + port, "channel-group 1 mode active"});
    REQUIRE(bench.output().empty());
  }
  bench.commands({"conf t", "interface gi1/8", "channel-group 1 mode active"});
  REQUIRE(bench.output() == "ERROR: Port-channel1 has 16 members already\n");
  // One that is in it may change its mode, and another channel has room.
  bench.commands({"conf t", "interface gi0/0", "channel-group 1 mode passive"});
  REQUIRE(bench.output().empty());
  bench.commands({"conf t", "interface gi1/8", "channel-group 48 mode active"});
  REQUIRE(bench.output().empty());
}

TEST_CASE("channels are numbered up to forty-eight") {
  Bench bench("", {}, Release{}, "ASA5585");
  bench.commands({"conf t", "interface gi0/0", "channel-group 49 mode active"});
  REQUIRE(bench.output().ends_with("ERROR: % Invalid input detected at '^' marker.\n"));
  bench.commands({"conf t", "interface Port-channel49"});
  REQUIRE(bench.output().find("ERROR") != std::string::npos);
  bench.commands({"conf t", "interface Port-channel48"});
  REQUIRE(bench.output().empty());
}

TEST_CASE("a channel is a group of ports only") {
  Bench bench(config());
  bench.commands({"conf t", "interface gi0/2", "channel-group 1 mode active"});
  REQUIRE(bench.output() ==
          "ERROR: GigabitEthernet0/2 has the subinterface GigabitEthernet0/2.30\n");
  bench.commands({"conf t", "interface gi0/4", "channel-group 2 mode active"});
  REQUIRE(bench.output() == "ERROR: GigabitEthernet0/4 is already a member of Port-channel1\n");
  bench.command("show port-channel summary | include Po2");
  REQUIRE(bench.output().empty());
  bench.commands({"conf t", "interface gi0/4", "lacp max-bundle 2"});
  REQUIRE(bench.output() == "ERROR: Only a port-channel interface can be bundled\n");
  Bench small("", {}, Release{}, "ASA5505");
  small.commands({"conf t", "interface Ethernet0/1", "channel-group 1 mode active"});
  REQUIRE(small.output() == "ERROR: This platform has no port channels\n");
}

TEST_CASE("eight ports are active before 9.2(1), sixteen from it on") {
  std::string text = "logging enable\n";
  for (int port = 0; port <= 8; ++port) {
    text += fmt::format("interface GigabitEthernet0/{}\n channel-group 1 mode active\n", port);
  }
  Bench older(text, {}, *Release::parse("9.2"), "ASAv");
  REQUIRE(older.device().tables().channels.count(
              older.device().tables().channels.channels().front().interface,
              asaemu::MemberState::kStandby) == 1);
  Bench current(text, {}, *Release::parse("9.2(1)"), "ASAv");
  REQUIRE(current.device().tables().channels.count(
              current.device().tables().channels.channels().front().interface,
              asaemu::MemberState::kBundled) == 9);
}

TEST_CASE("what the world did to partners and cables outlives a reload") {
  Bench bench(config(), {{"boot-time", asaemu::SimDuration(2min)}});
  partner(bench, "GigabitEthernet0/4", "answers", "no");
  link(bench, "GigabitEthernet0/5", "down");
  expect_down(bench, "GigabitEthernet0/5");
  expect_unbundled(bench, "5");
  bench.command("reload noconfirm").advance(1min);
  // The device boots; the world goes on.
  partner(bench, "GigabitEthernet0/6", "key", "77");
  bench.advance(1min).expect_nothing();
  REQUIRE(summary(bench) == row("U", "Gi0/4(w)   Gi0/5(D)   Gi0/6(P)"));
}

TEST_CASE("show lacp neighbor and show lacp sys-id say who is who") {
  Bench bench(config("", " lacp max-bundle 2\n"));
  bench.command("show lacp neighbor");
  REQUIRE(
      bench.output() ==
      "Flags:  S - Device is requesting Slow LACPDUs\n"
      "        F - Device is requesting Fast LACPDUs\n"
      "        A - Device is in Active mode       P - Device is in Passive mode\n"
      "\n"
      "Channel group 1 neighbors\n"
      "\n"
      "Partner's information:\n"
      "\n"
      "          Partner   Partner   LACP Partner    Partner     Partner     Partner      "
      "Partner\n"
      "Port      Flags     State     Port Priority   Admin Key   Oper Key    Port Number  Port "
      "State\n"
      "------------------------------------------------------------------------------------------"
      "----\n"
      "Gi0/4     SA        bndl      32768           0x0         0x1         0x5          0x3d\n"
      "Gi0/5     SA        bndl      32768           0x0         0x1         0x6          0x3d\n"
      "Gi0/6     SA        hot-sby   32768           0x0         0x1         0x7          0x5\n");
  bench.command("show lacp sys-id");
  REQUIRE(bench.output() == "32768,001b.2a00.0001\n");
  bench.command("show lacp 2 neighbor | include group");
  REQUIRE(bench.output().empty());
}

TEST_CASE("show port-channel and show interface describe the group") {
  Bench bench(config("", " lacp max-bundle 2\n"));
  bench.command("show port-channel 1");
  REQUIRE(bench.output() ==
          "                Channel-group listing:\n                -----------------------\n\n"
          "Group: 1\n----------\nSpan-cluster port-channel: No\nPorts: 3   Maxports = 16\n"
          "Port-channels: 1 Max Port-channels = 48\nProtocol: LACP/ active\nMinimum Links: 1\n"
          "Maximum Bundle: 2\nLoad balance: src-dst-ip\n");
  bench.command("show interface Port-channel1 | begin Members");
  REQUIRE(bench.output() ==
          "  Members in this channel:\n      Active:   Gi0/4 Gi0/5 \n      Inactive: Gi0/6 \n");
  bench.command("show interface gi0/4 | include member");
  REQUIRE(bench.output() == "        Active member of Port-channel1\n");
  bench.command("show interface gi0/6 | include member");
  REQUIRE(bench.output() == "        Inactive member of Port-channel1\n");
}
