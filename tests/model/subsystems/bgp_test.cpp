#include "model/state/bgp_peers.hpp"
#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::SimDuration;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

const std::string kConfig = std::string(asaemu::test::kBenchConfig) +
                            "router bgp 65001\n"
                            " address-family ipv4 unicast\n"
                            "  neighbor 203.0.113.254 remote-as 65010\n";

Bench& peer(Bench& bench, std::vector<std::pair<std::string, std::string>> more = {},
            const char* state = "speaking") {
  std::vector<std::pair<std::string, std::string>> parameters{
      {"bgp-peer", "203.0.113.254"}, {"state", state}, {"as", "65010"}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  return bench.world("bgp-peer", parameters);
}

/// A session that was established somewhere in the first eleven seconds.
Bench established() {
  Bench bench(kConfig);
  peer(bench).advance(11s).expect(418018, "neighbor 203.0.113.254 Up").expect_nothing();
  return bench;
}

/// Steps through time until a line was logged; how long that took.
SimDuration wait_for(Bench& bench, std::uint32_t id, const char* text, SimDuration most) {
  const auto begin = bench.now();
  bench.advance(most).expect(id, text);
  return bench.now() - begin;
}

}  // namespace

TEST_CASE("a BGP session stays up for days as long as the neighbour speaks") {
  Bench bench = established();
  bench.advance(72h).expect_nothing();
}

TEST_CASE("the hold time runs from the last keepalive, and its end is told in three lines") {
  Bench bench(kConfig, {{"bgp-start-delay", SimDuration(1s)}});
  peer(bench).advance(2s).expect(418018, "neighbor 203.0.113.254 Up");
  bench.advance(5min);
  peer(bench, {}, "silent").advance(176s).expect_nothing();
  bench.advance(4s)
      .expect(418044, "Connection closed remotely by 203.0.113.254")
      .expect(418018, "neighbor 203.0.113.254 Down BGP Notification sent")
      .expect(418018,
              "neighbor 203.0.113.254 IPv4 Unicast topology base removed from session BGP "
              "Notification sent")
      .expect_nothing();
  // Attempts follow every two minutes, and the first that finds the neighbour succeeds.
  peer(bench).advance(115s).expect_nothing();
  wait_for(bench, 418018, "neighbor 203.0.113.254 Up", 6s);
}

TEST_CASE("a neighbour that speaks again before the hold time is over keeps the session") {
  Bench bench = established();
  peer(bench, {}, "silent").advance(100s);
  peer(bench).advance(1h).expect_nothing();
}

TEST_CASE("the lower hold time of the two counts") {
  Bench bench(kConfig);
  peer(bench, {{"hold-time", "0:00:30"}}).advance(11s).expect(418018, "neighbor 203.0.113.254 Up");
  peer(bench, {}, "silent")
      .advance(31s)
      .expect(418044, "Connection closed remotely by 203.0.113.254");
}

TEST_CASE("an operator's reset is told in two lines and the session begins anew") {
  Bench bench = established();
  bench.command("clear bgp all")
      .expect(418018, "neighbor 203.0.113.254 Down User reset")
      .expect(418018,
              "neighbor 203.0.113.254 IPv4 Unicast topology base removed from session User reset")
      .advance(11s)
      .expect(418018, "neighbor 203.0.113.254 Up")
      .expect_nothing();
}

TEST_CASE("a connection that the neighbour closes ends the session at once") {
  Bench bench = established();
  peer(bench, {}, "closed")
      .expect(418044, "Connection closed remotely by 203.0.113.254")
      .expect(418018, "neighbor 203.0.113.254 Down Peer closed the session")
      .expect_nothing();
  peer(bench).advance(2min - 1ns).expect_nothing();
  bench.advance(1s).expect(418018, "neighbor 203.0.113.254 Up");
}

TEST_CASE("a notification ends the session with its code, subcode and words") {
  Bench bench = established();
  bench
      .world("bgp-notification",
             {{"bgp-notification", "203.0.113.254"}, {"code", "6"}, {"subcode", "2"}})
      .expect(418019, "received from 203.0.113.254 6/2(administrative shutdown) 0 bytes")
      .expect(418018, "neighbor 203.0.113.254 Down BGP Notification received")
      .expect_nothing();
}

TEST_CASE("a neighbour that takes us for another AS refuses every attempt") {
  Bench bench(kConfig);
  peer(bench, {{"expects", "65000"}}).advance(11s);
  const char* const text = "received from 203.0.113.254 2/2(peer in wrong AS) 2 bytes FDE9";
  bench.expect(418019, text).advance(121s).expect(418019, text).expect_nothing();
  peer(bench, {{"expects", "65001"}}).advance(121s).expect(418018, "neighbor 203.0.113.254 Up");
}

TEST_CASE("a neighbour of another AS than configured never gets a session") {
  Bench bench(kConfig);
  bench.world("bgp-peer", {{"bgp-peer", "203.0.113.254"}, {"state", "speaking"}, {"as", "65099"}})
      .advance(1h)
      .expect_nothing();
}

TEST_CASE("a handshake that makes no sense is reported at every attempt") {
  Bench bench(kConfig);
  peer(bench, {{"handshake", "malformed"}}).advance(11s);
  bench.expect(418040, "Unsupported or malformed message: 203.0.113.254")
      .advance(121s)
      .expect(418040, "Unsupported or malformed message: 203.0.113.254")
      .expect_nothing();
}

TEST_CASE("a lost line ends the sessions of its network") {
  Bench bench = established();
  bench.world("link", {{"link", "GigabitEthernet0/0"}, {"state", "down"}})
      .expect(411002, "Line protocol on Interface GigabitEthernet0/0, changed state to down")
      .expect(411002, "Line protocol on Interface outside, changed state to down")
      .expect(418018, "neighbor 203.0.113.254 Down Interface flap")
      .advance(1h)
      .expect_nothing();
}

TEST_CASE("a neighbour can be shut down, opened, and removed") {
  Bench bench = established();
  const std::vector<std::string> mode{"configure terminal", "router bgp 65001",
                                      "address-family ipv4 unicast"};
  const auto type = [&](const std::string& line) {
    auto lines = mode;
    lines.push_back(line);
    bench.commands(lines);
  };
  type("neighbor 203.0.113.254 shutdown");
  bench.expect(418018, "neighbor 203.0.113.254 Down Admin. shutdown").advance(1h).expect_nothing();
  type("no neighbor 203.0.113.254 shutdown");
  bench.advance(11s).expect(418018, "neighbor 203.0.113.254 Up");
  type("no neighbor 203.0.113.254");
  bench.expect(418018, "neighbor 203.0.113.254 Down Neighbor deleted").advance(1h).expect_nothing();
}

TEST_CASE("show bgp summary shows how long a session is up and what was heard") {
  Bench bench(kConfig, {{"bgp-start-delay", SimDuration(1s)}});
  bench.command("show bgp summary | include 203.0.113.254 ");
  REQUIRE(bench.output() ==
          "203.0.113.254   4        65010       0       0        1    0    0    never Active\n");
  peer(bench).advance(2s).expect(418018, "neighbor 203.0.113.254 Up");
  bench.advance(2h).command("show bgp summary");
  REQUIRE(bench.output() ==
          "BGP router identifier 203.0.113.1, local AS number 65001\n"
          "BGP table version is 1, main routing table version 1\n\n"
          "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  "
          "State/PfxRcd\n"
          "203.0.113.254   4        65010     122     122        1    0    0 02:00:01 0\n");
}

TEST_CASE("a second AS is refused") {
  Bench bench(kConfig);
  bench.commands({"configure terminal", "router bgp 65002"});
  REQUIRE(bench.output() == "ERROR: BGP is already running; AS is 65001\n");
}

TEST_CASE("sessions begin anew after a reload") {
  Bench bench = established();
  bench.command("reload").advance(4min).expect(418018, "neighbor 203.0.113.254 Up");
}

TEST_CASE("notifications have the words of their standards") {
  REQUIRE(asaemu::bgp_notification_text(4, 0) == "hold time expired");
  REQUIRE(asaemu::bgp_notification_text(3, 11) == "malformed AS_PATH");
  REQUIRE(asaemu::bgp_notification_text(9, 9).empty());
}

TEST_CASE("a neighbour and its timers are removed by the whole line as well") {
  Bench bench = established();
  const auto type = [&](const std::string& line) {
    bench.commands({"configure terminal", "router bgp 65001", "address-family ipv4 unicast", line});
  };
  type("neighbor 203.0.113.254 timers 1 3");
  CHECK(bench.output().empty());
  type("no neighbor 203.0.113.254 timers");
  CHECK(bench.output().empty());
  type("no neighbor 203.0.113.254 remote-as 65010");
  bench.expect(418018, "neighbor 203.0.113.254 Down Neighbor deleted").advance(1h).expect_nothing();
}
