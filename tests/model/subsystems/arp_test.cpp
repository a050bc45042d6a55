#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using asaemu::test::kBenchConfig;
using namespace std::chrono_literals;

namespace {

using Options = std::vector<std::pair<std::string_view, asaemu::FieldValue>>;

constexpr auto kServer = "10.0.0.20";
constexpr auto kServerMac = "0016.a421.94ef";
constexpr auto kAttackerMac = "0200.5e00.0666";

/// An ARP packet from `source` at `mac` to `destination`, our inside address unless given.
Bench& arp(Bench& bench, const std::string& operation, const std::string& source,
           const std::string& mac, const std::string& destination = "10.0.0.1") {
  return bench.packet("inside",
                      {{"arp", operation}, {"src", source}, {"smac", mac}, {"dst", destination}});
}

void configure(Bench& bench, const std::string& line) {
  bench.commands({"configure terminal", line});
}

std::string shown(Bench& bench) {
  return bench.command("show arp").output();
}

}  // namespace

TEST_CASE("the device learns who asks for its own address, and shows the age") {
  Bench bench;
  arp(bench, "request", kServer, kServerMac).advance(1min + 999ms);
  REQUIRE(shown(bench) == "        inside 10.0.0.20 0016.a421.94ef 60\n");
  bench.expect_nothing();
}

TEST_CASE("the device does not learn from packets for others, nor from other networks") {
  Bench bench;
  arp(bench, "request", kServer, kServerMac, "10.0.0.99");
  arp(bench, "response", kServer, kServerMac, kServer);
  arp(bench, "request", "192.0.2.1", kServerMac);
  arp(bench, "request", "0.0.0.0", kServerMac);
  REQUIRE(shown(bench).empty());
  configure(bench, "arp permit-nonconnected");
  arp(bench, "request", "192.0.2.1", kServerMac);
  REQUIRE(shown(bench) == "        inside 192.0.2.1 0016.a421.94ef 0\n");
}

TEST_CASE("a request or response that contradicts the table is a collision with the entry") {
  Bench bench;
  arp(bench, "request", kServer, kServerMac);
  arp(bench, "response", kServer, kAttackerMac)
      .expect(405001,
              "Received ARP response collision from 10.0.0.20/0200.5e00.0666 on interface inside "
              "with existing ARP entry 10.0.0.20/0016.a421.94ef");
  REQUIRE(shown(bench) == "        inside 10.0.0.20 0200.5e00.0666 0\n");
  bench.advance(10s);
  arp(bench, "request", kServer, kServerMac, "10.0.0.99")
      .expect(405001,
              "Received ARP request collision from 10.0.0.20/0016.a421.94ef on interface inside "
              "with existing ARP entry 10.0.0.20/0200.5e00.0666")
      .expect_nothing();
}

TEST_CASE("an older release ends a collision at the interface") {
  Bench bench(kBenchConfig, {}, *asaemu::Release::parse("7.2(4)"));
  arp(bench, "request", kServer, kServerMac);
  arp(bench, "response", kServer, kAttackerMac)
      .expect(405001,
              "Received ARP response collision from 10.0.0.20/0200.5e00.0666 on interface inside");
}

TEST_CASE("collisions are logged once in ten seconds") {
  Bench bench;
  arp(bench, "request", kServer, kServerMac);
  const std::string text =
      "Received ARP response collision from 10.0.0.20/0200.5e00.0666 on interface inside with "
      "existing ARP entry 10.0.0.20/0016.a421.94ef";
  arp(bench, "response", kServer, kAttackerMac).expect(405001, text);
  arp(bench, "response", kServer, kServerMac).advance(10s - 1ns);
  arp(bench, "response", kServer, kAttackerMac).expect_nothing();
  arp(bench, "response", kServer, kServerMac).advance(1ns);
  arp(bench, "response", kServer, kAttackerMac).expect(405001, text).expect_nothing();
}

TEST_CASE("a learned entry ages at the timeout, not a tick before") {
  Bench bench;
  arp(bench, "request", kServer, kServerMac).advance(14'400s - 1ns);
  REQUIRE(shown(bench) == "        inside 10.0.0.20 0016.a421.94ef 14399\n");
  bench.advance(1ns);
  arp(bench, "response", kServer, kAttackerMac).expect_nothing();
  REQUIRE(shown(bench) == "        inside 10.0.0.20 0200.5e00.0666 0\n");
}

TEST_CASE("arp timeout sets the age, its no form the default") {
  Bench bench;
  configure(bench, "arp timeout 60");
  arp(bench, "request", kServer, kServerMac).advance(1min);
  REQUIRE(shown(bench).empty());
  configure(bench, "no arp timeout");
  arp(bench, "request", kServer, kServerMac).advance(1min);
  REQUIRE(shown(bench) == "        inside 10.0.0.20 0016.a421.94ef 60\n");
  configure(bench, "arp timeout 59");
  REQUIRE(bench.output().find("ERROR: % Invalid input") != std::string::npos);
}

TEST_CASE("a configured entry collides and stays as it is") {
  Bench bench;
  configure(bench, "arp inside 10.0.0.20 0016.a421.94ef");
  configure(bench, "arp inside 10.0.0.21 0016.a421.94f0 alias");
  bench.advance(24h);
  arp(bench, "response", kServer, kAttackerMac)
      .expect(405001,
              "Received ARP response collision from 10.0.0.20/0200.5e00.0666 on interface inside "
              "with existing ARP entry 10.0.0.20/0016.a421.94ef");
  REQUIRE(shown(bench) ==
          "        inside 10.0.0.20 0016.a421.94ef -\n"
          "        inside 10.0.0.21 0016.a421.94f0 alias\n");
  configure(bench, "no arp inside 10.0.0.20");
  configure(bench, "no arp inside 10.0.0.20");
  REQUIRE(bench.output() == "ERROR: no ARP entry for 10.0.0.20\n");
}

TEST_CASE("somebody who claims our own address is a collision with the interface") {
  Bench bench;
  arp(bench, "request", "10.0.0.1", kAttackerMac)
      .expect(405003,
              "IP address collision detected between host 10.0.0.1 at 0200.5e00.0666 and interface "
              "inside, 001b.2a00.0002")
      .expect_nothing();
  arp(bench, "request", "10.0.0.1", "001b.2a00.0002").expect_nothing();
  bench.command("show arp statistics");
  REQUIRE(bench.output() ==
          "        Number of ARP entries:\n"
          "        ASA : 0\n"
          "        Dropped blocks in ARP: 0\n"
          "        Maximum Queued blocks: 0\n"
          "        Queued blocks: 0\n"
          "        Interface collision ARPs Received: 1\n"
          "        ARP-defense Gratuitous ARPS sent: 1\n"
          "        Total ARP retries: 0\n"
          "        Unresolved hosts: 0\n"
          "        Maximum Unresolved hosts: 0\n");
  bench.command("clear arp statistics").command("show arp statistics");
  REQUIRE(bench.output().find("collision ARPs Received: 0") != std::string::npos);
}

TEST_CASE("an ARP packet ends at the device and is no drop") {
  Bench bench;
  bench.command("shun 10.0.0.20").expect(401002, "Shun added: 10.0.0.20 0.0.0.0 0 0");
  arp(bench, "request", kServer, kServerMac).expect_nothing();
  const auto& interfaces = bench.device().tables().interfaces;
  const auto& inside = interfaces[interfaces.find_nameif("inside")];
  REQUIRE(inside.traffic.total(asaemu::TrafficMeter::kInput).packets == 1);
  REQUIRE(inside.traffic.total(asaemu::TrafficMeter::kDropped).packets == 0);
}

TEST_CASE("in a full table the entry heard of longest ago makes room") {
  Bench bench(kBenchConfig, Options{{"arp-limit", std::uint64_t{2}}});
  arp(bench, "request", "10.0.0.21", "0016.a421.9421").advance(1s);
  arp(bench, "request", "10.0.0.22", "0016.a421.9422").advance(1s);
  arp(bench, "request", "10.0.0.21", "0016.a421.9421").advance(1s);
  arp(bench, "request", "10.0.0.23", "0016.a421.9423");
  REQUIRE(shown(bench) ==
          "        inside 10.0.0.21 0016.a421.9421 1\n"
          "        inside 10.0.0.23 0016.a421.9423 0\n");
}

TEST_CASE("clear arp forgets what was learned and keeps what is configured") {
  Bench bench;
  configure(bench, "arp dmz 172.16.30.9 0016.a421.9430");
  arp(bench, "request", kServer, kServerMac);
  bench.command("clear arp");
  REQUIRE(shown(bench) == "        dmz 172.16.30.9 0016.a421.9430 -\n");
}

TEST_CASE("another network on an interface forgets its neighbours") {
  Bench bench;
  arp(bench, "request", kServer, kServerMac);
  bench.commands(
      {"configure terminal", "interface GigabitEthernet0/1", "ip address 10.0.1.1 255.255.255.0"});
  REQUIRE(shown(bench).empty());
}

TEST_CASE("the ARP table is lost at reload") {
  Bench bench;
  arp(bench, "request", kServer, kServerMac);
  bench.command("reload noconfirm").advance(10min);
  REQUIRE(shown(bench).empty());
}
