#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

Bench& link(Bench& bench, const char* port, const char* state) {
  return bench.world("link", {{"link", port}, {"state", state}});
}

}  // namespace

TEST_CASE("a lost link is reported for the port, then for its name") {
  Bench bench;
  link(bench, "GigabitEthernet0/0", "down")
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down")
      .expect_nothing();
  link(bench, "GigabitEthernet0/0", "down").expect_nothing();
  link(bench, "GigabitEthernet0/0", "up")
      .expect(411001, "Line protocol on Interface GigabitEthernet0/0, changed state to up")
      .expect(411001, "Line protocol on Interface outside, changed state to up")
      .expect_nothing();
}

TEST_CASE("the order of port and name can be turned round") {
  Bench bench(asaemu::test::kBenchConfig, {{"line-protocol-order", std::string("nameif-first")}});
  link(bench, "GigabitEthernet0/0", "down")
      .expect(411002, "Line protocol on Interface outside, changed state to down")
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect_nothing();
}

TEST_CASE("a port takes its subinterfaces down and up with it") {
  Bench bench;
  link(bench, "GigabitEthernet0/2", "down")
      .expect(411002, "Line protocol on Interface GigabitEthernet0/2, changed state to down")
      .expect(411002, "Line protocol on Interface dmz, changed state to down")
      .expect_nothing();
  link(bench, "GigabitEthernet0/2", "up")
      .expect(411001, "Line protocol on Interface GigabitEthernet0/2, changed state to up")
      .expect(411001, "Line protocol on Interface dmz, changed state to up")
      .expect_nothing();
}

TEST_CASE("shutdown is administrative first, line protocol second") {
  Bench bench;
  bench.commands({"configure terminal", "interface GigabitEthernet0/1", "shutdown"})
      .expect(411004, "Interface GigabitEthernet0/1, changed state to administratively down");
  // The syslog server is reached through that interface, but the emulated collector listens on.
  bench.expect(411002, "Line protocol on Interface GigabitEthernet0/1, changed state to down")
      .expect(411002, "Line protocol on Interface inside, changed state to down")
      .expect_nothing();
  bench.commands({"configure terminal", "interface GigabitEthernet0/1", "shutdown"})
      .expect_nothing();
}

TEST_CASE("no shutdown is up after autonegotiation, not a tick before") {
  Bench bench;
  bench.commands({"conf t", "int gi0/0", "shutdown"})
      .expect(411004, "Interface GigabitEthernet0/0, changed state to administratively down")
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down");
  bench.commands({"conf t", "int gi0/0", "no shutdown"})
      .expect(411003, "Interface GigabitEthernet0/0, changed state to administratively up")
      .expect_nothing();
  bench.advance(2s - 1ns).expect_nothing();
  bench.advance(1ns)
      .expect(411001, "Line protocol on Interface GigabitEthernet0/0, changed state to up")
      .expect(411001, "Line protocol on Interface outside, changed state to up")
      .expect_nothing();
}

TEST_CASE("an autonegotiation that was cut short does not bring the port up later") {
  Bench bench;
  bench.commands({"conf t", "int gi0/3", "no shutdown"})
      .expect(411003, "Interface GigabitEthernet0/3, changed state to administratively up");
  bench.advance(1s);
  bench.commands({"conf t", "int gi0/3", "shutdown", "no shutdown"})
      .expect(411004, "Interface GigabitEthernet0/3, changed state to administratively down")
      .expect(411003, "Interface GigabitEthernet0/3, changed state to administratively up");
  link(bench, "GigabitEthernet0/3", "up").expect_nothing();
  bench.advance(2s - 1ns).expect_nothing();
  bench.advance(1ns)
      .expect(411001, "Line protocol on Interface GigabitEthernet0/3, changed state to up")
      .expect_nothing();
}

TEST_CASE("a link that comes back under a shut interface stays silent") {
  Bench bench;
  bench.commands({"conf t", "int gi0/0", "shutdown"});
  bench.expect(411004, "Interface GigabitEthernet0/0, changed state to administratively down")
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down");
  link(bench, "GigabitEthernet0/0", "down").expect_nothing();
  link(bench, "GigabitEthernet0/0", "up").expect_nothing();
}

TEST_CASE("a subinterface is shut by itself") {
  Bench bench;
  bench.commands({"conf t", "interface GigabitEthernet0/2.30", "shutdown"})
      .expect(411004, "Interface GigabitEthernet0/2.30, changed state to administratively down")
      .expect(411002, "Line protocol on Interface dmz, changed state to down")
      .expect_nothing();
  bench.commands({"conf t", "interface GigabitEthernet0/2.30", "no shutdown"})
      .expect(411003, "Interface GigabitEthernet0/2.30, changed state to administratively up")
      .expect(411001, "Line protocol on Interface dmz, changed state to up")
      .expect_nothing();
}

TEST_CASE("a transmit hang is one line and a counted reset, on a port that is up") {
  Bench bench;
  bench.world("transmit-hang", {{"transmit-hang", "GigabitEthernet0/0"}})
      .expect(411005,
              "Interface GigabitEthernet0/0 experienced a hardware transmit hang. A software reset "
              "has been performed.")
      .expect_nothing();
  bench.world("transmit-hang", {{"transmit-hang", "GigabitEthernet0/5"}}).expect_nothing();
  bench.command("show interface GigabitEthernet0/0 | include resets");
  REQUIRE(bench.output() == "        0 output errors, 0 collisions, 1 interface resets\n");
}

TEST_CASE("packets at an interface that is down go nowhere") {
  Bench bench;
  link(bench, "GigabitEthernet0/0", "down");
  bench.packet("outside", "198.51.100.7", "10.0.0.20");
  const auto& interfaces = bench.device().tables().interfaces;
  REQUIRE(interfaces[interfaces.find_nameif("inside")]
              .traffic.total(asaemu::TrafficMeter::kOutput)
              .packets == 0);
}

TEST_CASE("subinterfaces are numbered and stand behind their port") {
  Bench bench;
  const auto answer = [&](const std::string& line) {
    bench.commands({"conf t", line});
    return bench.output();
  };
  CHECK(answer("interface GigabitEthernet0/0.4294967293").empty());
  for (const char* name : {"0/0.0", "0/0.4294967294", "0/0.5.6", "0/0.", "0/9.1"}) {
    const std::string hardware = std::string("GigabitEthernet") + name;
    CHECK(answer("interface " + hardware) ==
          "ERROR: " + hardware + " does not exist on this platform\n");
  }
  bench.command("show interface ip brief");
  const std::string brief = bench.output();
  CHECK(brief.find("GigabitEthernet0/0.4294967293") < brief.find("GigabitEthernet0/1 "));
  CHECK(brief.find("GigabitEthernet0/0.4294967293") != std::string::npos);
  bench.command("show interface GigabitEthernet0/9");
  CHECK(bench.output() == "ERROR: GigabitEthernet0/9 does not exist on this platform\n");
}

TEST_CASE("what refers to an interface goes with its name") {
  Bench bench(std::string(asaemu::test::kBenchConfig) +
              "access-list all extended permit ip any any\n"
              "access-group all in interface outside\n"
              "logging host outside 203.0.113.9\n");
  bench.commands({"shun 198.51.100.7"}).expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.packet("inside", {{"proto", "udp"}, {"src", "10.0.0.5"}, {"dst", "198.51.100.8"}});
  bench.command("show conn count");
  REQUIRE(bench.output() == "1 in use, 1 most used\n");
  bench.commands({"conf t", "interface GigabitEthernet0/0", "no nameif", "end", "show shun"});
  CHECK(bench.output().empty());
  bench.command("show conn count");
  CHECK(bench.output() == "0 in use, 1 most used\n");
  bench.command("show route");
  CHECK(bench.output().find("outside") == std::string::npos);
  CHECK(bench.output().find("S*") == std::string::npos);
  bench.command("show running-config");
  CHECK(bench.output().find("outside") == std::string::npos);
  // A reload after a save shows the same.
  const std::string before = bench.output();
  bench.commands({"write memory", "reload noconfirm"}).advance(3min).command("show running-config");
  CHECK(bench.output() == before);
}

TEST_CASE("another name for an interface changes the names in what refers to it") {
  Bench bench(
      std::string(asaemu::test::kBenchConfig) +
      "access-list all extended permit ip any any\n"
      "access-group all in interface outside\n"
      "aaa-server G protocol radius\naaa-server G (outside) host 203.0.113.7\n timeout 5\n");
  bench.commands({"shun 198.51.100.7"}).expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.commands(
      {"conf t", "interface GigabitEthernet0/0", "nameif wan", "nameif wan", "end", "show shun"});
  CHECK(bench.output() == "shun (wan) 198.51.100.7 0.0.0.0 0 0 0\n");
  bench.command("show running-config route");
  CHECK(bench.output() == "route wan 0.0.0.0 0.0.0.0 203.0.113.254 1\n");
  bench.command("show running-config access-group");
  CHECK(bench.output() == "access-group all in interface wan\n");
  bench.command("show running-config aaa-server");
  CHECK(bench.output() ==
        "aaa-server G protocol radius\naaa-server G (wan) host 203.0.113.7\n timeout 5\n");
  bench.commands({"write memory", "reload noconfirm"}).advance(3min).command("show route");
  CHECK(bench.output().find("via 203.0.113.254, wan") != std::string::npos);
}

TEST_CASE("what an interface is given can be taken back") {
  Bench bench;
  const auto& interface = [&]() -> const asaemu::Interface& {
    const auto& all = bench.device().tables().interfaces;
    return all[all.find_nameif("dmz")];
  };
  const std::string mac = asaemu::to_string(interface().mac);
  bench.commands({"conf t", "interface GigabitEthernet0/2.30", "security-level 7",
                  "mac-address 0000.5e00.5301"});
  CHECK(interface().security_level == 7);
  bench.commands({"conf t", "interface GigabitEthernet0/2.30", "no security-level",
                  "no mac-address 0000.5e00.5301", "no vlan 30",
                  "no ip address 172.16.30.1 255.255.255.0"});
  CHECK(interface().security_level == 0);
  CHECK(asaemu::to_string(interface().mac) == mac);
  CHECK(interface().vlan == 0);
  CHECK_FALSE(interface().has_address);
}

TEST_CASE("a packet for the device itself is not counted as sent") {
  Bench bench;
  bench.packet("outside", {{"proto", "udp"}, {"src", "198.51.100.8"}, {"dst", "203.0.113.1"}});
  bench.command("show interface outside | include packets");
  CHECK(bench.output().find("1 packets input") != std::string::npos);
  CHECK(bench.output().find("0 packets output") != std::string::npos);
  CHECK(bench.output().find("0 packets dropped") != std::string::npos);
}

TEST_CASE("show interface ip brief has the captured columns") {
  Bench bench;
  bench.command("show interface ip brief | include GigabitEthernet0/[0]");
  bench.command("sh int ip br");
  const std::string expected =
      "Interface                  IP-Address      OK? Method Status                Protocol\n"
      "GigabitEthernet0/0         203.0.113.1     YES CONFIG up                    up  \n"
      "GigabitEthernet0/1         10.0.0.1        YES CONFIG up                    up  \n"
      "GigabitEthernet0/2         unassigned      YES unset  up                    up  \n"
      "GigabitEthernet0/2.30      172.16.30.1     YES CONFIG up                    up  \n"
      "GigabitEthernet0/3         unassigned      YES unset  administratively down down\n";
  REQUIRE(bench.output().substr(0, expected.size()) == expected);
  bench.commands({"conf t", "int gi0/3", "ip address 192.0.2.1 255.255.255.0", "end",
                  "show interface ip brief | include 0/3"});
  REQUIRE(bench.output() ==
          "GigabitEthernet0/3         192.0.2.1       YES manual administratively down down\n");
}

TEST_CASE("show interface prints the captured layout") {
  Bench bench;
  // A TCP packet without SYN belongs to no connection: it comes in and is dropped.
  bench.packet("outside", "198.51.100.7", "10.0.0.20").advance(1min);
  bench.command("show interface outside");
  REQUIRE(bench.output() ==
          "Interface GigabitEthernet0/0 \"outside\", is up, line protocol is up\n"
          "  Hardware is i82574L rev00, BW 1000 Mbps, DLY 10 usec\n"
          "        Auto-Duplex(Full-duplex), Auto-Speed(1000 Mbps)\n"
          "        Input flow control is unsupported, output flow control is off\n"
          "        MAC address 001b.2a00.0001, MTU 1500\n"
          "        IP address 203.0.113.1, subnet mask 255.255.255.0\n"
          "        1 packets input, 60 bytes, 0 no buffer\n"
          "        Received 0 broadcasts, 0 runts, 0 giants\n"
          "        0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort\n"
          "        0 pause input, 0 resume input\n"
          "        0 L2 decode drops\n"
          "        0 packets output, 0 bytes, 0 underruns\n"
          "        0 pause output, 0 resume output\n"
          "        0 output errors, 0 collisions, 0 interface resets\n"
          "        0 late collisions, 0 deferred\n"
          "        0 input reset drops, 0 output reset drops\n"
          "        input queue (blocks free curr/low): hardware (511/511)\n"
          "        output queue (blocks free curr/low): hardware (511/511)\n"
          "  Traffic Statistics for \"outside\":\n"
          "        1 packets input, 60 bytes\n"
          "        0 packets output, 0 bytes\n"
          "        1 packets dropped\n"
          "      1 minute input rate 0 pkts/sec,  1 bytes/sec\n"
          "      1 minute output rate 0 pkts/sec,  0 bytes/sec\n"
          "      1 minute drop rate, 0 pkts/sec\n"
          "      5 minute input rate 0 pkts/sec,  0 bytes/sec\n"
          "      5 minute output rate 0 pkts/sec,  0 bytes/sec\n"
          "      5 minute drop rate, 0 pkts/sec\n");
}

TEST_CASE(
    "a cable that was pulled stays pulled over a reload, and one put back while booting is back") {
  Bench bench(asaemu::test::kBenchConfig, {{"boot-time", asaemu::SimDuration(2min)}});
  link(bench, "GigabitEthernet0/0", "down")
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down");
  link(bench, "GigabitEthernet0/1", "down")
      .expect(411002, "Line protocol on Interface GigabitEthernet0/1, changed state to down")
      .expect(411002, "Line protocol on Interface inside, changed state to down");
  bench.command("reload noconfirm").advance(1min);
  link(bench, "GigabitEthernet0/1", "up");
  link(bench, "GigabitEthernet0/2", "down");
  bench.advance(1min).expect_nothing();
  bench.command("show interface ip brief | include CONFIG");
  REQUIRE(bench.output() ==
          "GigabitEthernet0/0         203.0.113.1     YES CONFIG down                  down\n"
          "GigabitEthernet0/1         10.0.0.1        YES CONFIG up                    up  \n"
          "GigabitEthernet0/2.30      172.16.30.1     YES CONFIG up                    down\n");
  link(bench, "GigabitEthernet0/0", "up")
      .expect(411001, "Line protocol on Interface GigabitEthernet0/0, changed state to up")
      .expect(411001, "Line protocol on Interface outside, changed state to up")
      .expect_nothing();
}

TEST_CASE("another speed or duplex mode interrupts the link for an autonegotiation") {
  Bench bench;
  const auto link_line = [&] {
    return bench.command("show interface outside | include plex").output();
  };
  bench.commands({"conf t", "int gi0/0", "speed 100"})
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down");
  REQUIRE(link_line() == "        Auto-Duplex, 100 Mbps\n");
  bench.advance(2s - 1ns).expect_nothing();
  bench.advance(1ns)
      .expect(411001, "Line protocol on Interface GigabitEthernet0/0, changed state to up")
      .expect(411001, "Line protocol on Interface outside, changed state to up");
  REQUIRE(link_line() == "        Auto-Duplex(Full-duplex), 100 Mbps(100 Mbps)\n");
  bench.commands({"conf t", "int gi0/0", "speed 100", "duplex full"}).expect_nothing();
  REQUIRE(link_line() == "        Full-Duplex(Full-duplex), 100 Mbps(100 Mbps)\n");
  bench.commands({"conf t", "int gi0/0", "speed 10000"}).expect_nothing();
  REQUIRE(bench.output() == "ERROR: GigabitEthernet0/0 does not support 10000 Mbps\n");
  bench.commands({"conf t", "int gi0/0", "speed 300"}).expect_nothing();
  REQUIRE(bench.output() == "ERROR: GigabitEthernet0/0 does not support 300 Mbps\n");
}

TEST_CASE("the other end of the cable has its say in speed and duplex, over a reload too") {
  Bench bench;
  bench
      .world("link-partner",
             {{"link-partner", "GigabitEthernet0/0"}, {"speed", "100"}, {"duplex", "half"}})
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down")
      .advance(2s)
      .expect(411001, "Line protocol on Interface GigabitEthernet0/0, changed state to up")
      .expect(411001, "Line protocol on Interface outside, changed state to up");
  bench.command("reload noconfirm").advance(10min).expect_nothing();
  bench.command("show interface outside | include plex");
  REQUIRE(bench.output() == "        Auto-Duplex(Half-duplex), Auto-Speed(100 Mbps)\n");
}

TEST_CASE("a removed subinterface is gone, and has its place again when it comes back") {
  Bench bench;
  bench.commands({"conf t", "no interface gi0/2.30"}).expect_nothing();
  bench.command("show interface ip brief | include 0/2.30");
  REQUIRE(bench.output().empty());
  const auto size = bench.device().tables().interfaces.size();
  bench.commands({"conf t", "interface gi0/2.30", "vlan 30"});
  REQUIRE(bench.device().tables().interfaces.size() == size);
  bench.command("show interface ip brief | include 0/2.30");
  REQUIRE(bench.output() ==
          "GigabitEthernet0/2.30      unassigned      YES unset  up                    up  \n");
  bench.commands({"conf t", "no interface gi0/2"}).expect_nothing();
  REQUIRE(bench.output() == "ERROR: GigabitEthernet0/2 cannot be removed\n");
}

TEST_CASE("a 5505 has as many VLANs as are configured, and no groups") {
  Bench bench("interface Vlan12\n nameif dmz\n", {}, asaemu::Release{}, "ASA5505");
  bench.command("show interface ip brief | include Vlan12");
  REQUIRE(bench.output() ==
          "Vlan12                     unassigned      YES unset  up                    up  \n");
  bench.commands({"conf t", "interface Redundant1"});
  REQUIRE(bench.output() == "ERROR: Redundant1 does not exist on this platform\n");
  Bench large;
  large.commands({"conf t", "interface Vlan12"});
  REQUIRE(large.output() == "ERROR: Vlan12 does not exist on this platform\n");
}
