#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

constexpr auto kMac = "0016.a421.94ef";
constexpr auto kOtherMac = "0200.5e00.0666";

/// A packet from inside, out to the Internet.
Bench& send(Bench& bench, const std::string& source, const std::string& mac) {
  return bench.packet("inside",
                      {{"proto", "udp"}, {"src", source}, {"smac", mac}, {"dst", "203.0.113.80"}});
}

Bench& log_in(Bench& bench) {
  return bench.world("authentication",
                     {{"authentication", "alice"}, {"address", "10.0.0.20"}, {"mac", kMac}});
}

void configure(Bench& bench, const std::string& line) {
  bench.commands({"configure terminal", line});
}

std::uint64_t dropped(Bench& bench) {
  const auto& interfaces = bench.device().tables().interfaces;
  return interfaces[interfaces.find_nameif("inside")]
      .traffic.total(asaemu::TrafficMeter::kDropped)
      .packets;
}

}  // namespace

TEST_CASE("other hardware with a user's address is a mismatch and is dropped") {
  Bench bench;
  send(bench, "10.0.0.20", kOtherMac).expect_nothing();
  log_in(bench);
  send(bench, "10.0.0.20", kMac).expect_nothing();
  REQUIRE(dropped(bench) == 0);
  send(bench, "10.0.0.20", kOtherMac)
      .expect(405002,
              "Received mac mismatch packet from 10.0.0.20/0200.5e00.0666 for authenticated host")
      .expect_nothing();
  REQUIRE(dropped(bench) == 1);
}

TEST_CASE("a packet that does not say its hardware address matches every login") {
  Bench bench;
  log_in(bench)
      .packet("inside", "10.0.0.20", "203.0.113.80", asaemu::kProtocolUdp)
      .expect_nothing();
  REQUIRE(dropped(bench) == 0);
}

TEST_CASE("exempt hardware is bound to the address it was first seen with") {
  Bench bench;
  configure(bench, "mac-list PHONES permit 0016.a421.9400 ffff.ffff.ff00");
  configure(bench, "aaa mac-exempt match PHONES");
  send(bench, "10.0.0.20", kMac).expect_nothing();
  send(bench, "10.0.0.21", kOtherMac).expect_nothing();
  send(bench, "10.0.0.22", kOtherMac).expect_nothing();
  send(bench, "10.0.0.21", kMac)
      .expect(405002,
              "Received mac mismatch packet from 10.0.0.21/0016.a421.94ef for authenticated host")
      .expect_nothing();
  bench.advance(10s);
  send(bench, "10.0.0.20", kOtherMac)
      .expect(405002,
              "Received mac mismatch packet from 10.0.0.20/0200.5e00.0666 for authenticated host")
      .expect_nothing();
}

TEST_CASE("hardware behind an Easy VPN client is exempt as well") {
  Bench bench;
  configure(bench, "vpnclient mac-exempt 0016.a421.94ef ffff.ffff.ffff");
  send(bench, "10.0.0.20", kMac).expect_nothing();
  send(bench, "10.0.0.21", kMac)
      .expect(405002,
              "Received mac mismatch packet from 10.0.0.21/0016.a421.94ef for authenticated host");
  configure(bench, "no vpnclient mac-exempt");
  bench.command("clear uauth").advance(10s);
  send(bench, "10.0.0.20", kMac);
  send(bench, "10.0.0.21", kMac).expect_nothing();
}

TEST_CASE("the first line of a MAC list that fits decides, and none exempts nobody") {
  Bench bench;
  configure(bench, "mac-list PHONES deny 0016.a421.94ef ffff.ffff.ffff");
  configure(bench, "mac-list PHONES permit 0016.a421.9400 ffff.ffff.ff00");
  configure(bench, "aaa mac-exempt match PHONES");
  send(bench, "10.0.0.20", kMac);
  send(bench, "10.0.0.21", kMac).expect_nothing();
  configure(bench, "no mac-list PHONES deny 0016.a421.94ef ffff.ffff.ffff");
  send(bench, "10.0.0.20", kMac);
  send(bench, "10.0.0.21", kMac)
      .expect(405002,
              "Received mac mismatch packet from 10.0.0.21/0016.a421.94ef for authenticated host");
  bench.command("clear uauth");
  configure(bench, "no aaa mac-exempt match PHONES");
  bench.advance(10s);
  send(bench, "10.0.0.20", kMac);
  send(bench, "10.0.0.21", kMac).expect_nothing();
  configure(bench, "no mac-list PHONES");
  REQUIRE(bench.output().empty());
  configure(bench, "no mac-list PHONES");
  REQUIRE(bench.output() == "ERROR: mac-list PHONES does not exist\n");
}

TEST_CASE("a login ends after five minutes, not a tick before") {
  Bench bench;
  log_in(bench).advance(5min - 1ns);
  send(bench, "10.0.0.20", kOtherMac)
      .expect(405002,
              "Received mac mismatch packet from 10.0.0.20/0200.5e00.0666 for authenticated host");
  bench.advance(1ns);
  send(bench, "10.0.0.20", kOtherMac).expect_nothing();
}

TEST_CASE("timeout uauth sets both ends of a login, and is shown with it") {
  Bench bench;
  configure(bench, "timeout uauth 1:00:00 absolute");
  configure(bench, "timeout uauth 0:10:00 inactivity");
  log_in(bench).command("show uauth");
  REQUIRE(bench.output() ==
          "                        Current    Most Seen\n"
          "Authenticated Users           1            1\n"
          "Authen In Progress            0            1\n"
          "user 'alice' at 10.0.0.20, authenticated\n"
          "   absolute   timeout: 1:00:00\n"
          "   inactivity timeout: 0:10:00\n");
  bench.advance(10min).command("show uauth");
  REQUIRE(bench.output() ==
          "                        Current    Most Seen\n"
          "Authenticated Users           0            1\n"
          "Authen In Progress            0            1\n");
  configure(bench, "timeout uauth soon");
  REQUIRE(bench.output() == "ERROR: Invalid timeout value\n");
}

TEST_CASE("clear uauth ends one user's logins, or all") {
  Bench bench;
  log_in(bench).command("clear uauth bob");
  send(bench, "10.0.0.20", kOtherMac)
      .expect(405002,
              "Received mac mismatch packet from 10.0.0.20/0200.5e00.0666 for authenticated host");
  bench.command("clear uauth alice").advance(10s);
  send(bench, "10.0.0.20", kOtherMac).expect_nothing();
}

TEST_CASE("an exempt host is shown with its hardware") {
  Bench bench;
  configure(bench, "vpnclient mac-exempt 0016.a421.94ef ffff.ffff.ffff");
  send(bench, "10.0.0.20", kMac).command("show uauth");
  REQUIRE(bench.output().find("mac 0016.a421.94ef at 10.0.0.20, mac-exempt\n") !=
          std::string::npos);
}

TEST_CASE("logins are lost at reload") {
  Bench bench;
  log_in(bench).command("reload noconfirm").advance(3min);
  REQUIRE(bench.device().is_booted());
  send(bench, "10.0.0.20", kOtherMac).expect_nothing();
}
