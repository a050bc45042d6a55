#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

/// OSPF on the inside, whose key chain the test brings.
std::string config(const std::string& chain) {
  return chain + asaemu::test::kBenchConfig +
         "interface GigabitEthernet0/1\n ospf authentication key-chain CORE\n"
         "router ospf 1\n network 10.0.0.0 255.255.255.0 area 0\n";
}

const char* const kNoKey = "No valid authentication send key is available on interface inside.";

}  // namespace

TEST_CASE("a key that is valid always is never talked about") {
  Bench bench(config("key chain CORE\n key 1\n  key-string 0 s3cret\n"));
  bench.advance(24h).expect_nothing().command("show ospf interface");
  REQUIRE(bench.output() ==
          "\ninside is up, line protocol is up \n"
          "  Internet Address 10.0.0.1 mask 255.255.255.0\n"
          "  Timer intervals configured, Hello 10\n"
          "  Cryptographic authentication enabled\n"
          "    Sending SA: Key 1 - Key chain CORE\n");
}

TEST_CASE("a missing key chain is told with every hello until it is there") {
  Bench bench(config(""));
  bench.advance(10s);
  for (int i = 0; i < 3; ++i) {
    bench.expect(409016, "Key chain name CORE on inside is invalid.").expect_nothing().advance(10s);
  }
  bench.expect(409016, "Key chain name CORE on inside is invalid.");
  bench.commands({"configure terminal", "key chain CORE", "key 1", "key-string 0 s3cret"})
      .advance(1h)
      .expect_nothing();
}

TEST_CASE("a key that ends without a successor is missed from the next hello on") {
  Bench bench(
      config("key chain CORE\n key 1\n  key-string 0 s3cret\n"
             "  send-lifetime 00:00:00 Jan 1 2026 09:00:00 Nov 20 2026\n"));
  bench.advance(1h - 1ns).expect_nothing();
  bench.advance(10s).expect(409014, kNoKey).expect_nothing();
  bench.advance(10s).expect(409014, kNoKey).expect_nothing();
}

TEST_CASE("a key whose time comes ends the complaints, and a later clock brings it sooner") {
  Bench bench(
      config("key chain CORE\n key 1\n  key-string 0 s3cret\n"
             "  send-lifetime 10:00:00 Nov 20 2026 infinite\n"));
  bench.advance(10s).expect(409014, kNoKey).expect_nothing();
  bench.world("clock", {{"clock", "ahead"}, {"by", "2:00:00"}}).advance(1h).expect_nothing();
}

TEST_CASE("a key id that OSPF cannot carry is named, and not used") {
  Bench bench(config("key chain CORE\n key 0\n  key-string 0 s3cret\n"));
  bench.advance(10s)
      .expect(409017, "Key ID 0 in key chain CORE is invalid.")
      .expect(409014, kNoKey)
      .expect_nothing();
  bench.commands({"configure terminal", "key chain CORE", "key 255", "key-string 0 s3cret"})
      .advance(10s)
      .expect(409017, "Key ID 0 in key chain CORE is invalid.")
      .expect_nothing();
}

TEST_CASE("a neighbour's key that the chain does not have is told with each of its hellos") {
  Bench bench(config("key chain CORE\n key 1\n  key-string 0 s3cret\n"));
  bench.world(
      "ospf-neighbor",
      {{"ospf-neighbor", "10.0.0.2"}, {"interface", "inside"}, {"state", "up"}, {"key-id", "7"}});
  bench.advance(2s).expect(409015, "Key ID 7 received on interface inside.").expect_nothing();
  bench.advance(10s).expect(409015, "Key ID 7 received on interface inside.").expect_nothing();
  bench.commands({"configure terminal", "key chain CORE", "key 7", "key-string 0 other"})
      .advance(1h)
      .expect_nothing();
}

TEST_CASE("an interface that is down, or runs no OSPF, says no hello") {
  Bench bench(config(""));
  bench.world("link", {{"link", "GigabitEthernet0/1"}, {"state", "down"}})
      .expect(411002, "Line protocol on Interface GigabitEthernet0/1, changed state to down")
      .expect(411002, "Line protocol on Interface inside, changed state to down")
      .advance(1h)
      .expect_nothing()
      .world("link", {{"link", "GigabitEthernet0/1"}, {"state", "up"}})
      .expect(411001, "Line protocol on Interface GigabitEthernet0/1, changed state to up")
      .expect(411001, "Line protocol on Interface inside, changed state to up")
      .advance(10s)
      .expect(409016, "Key chain name CORE on inside is invalid.");
  bench
      .commands({"configure terminal", "router ospf 1", "no network 10.0.0.0 255.255.255.0 area 0"})
      .advance(1h)
      .expect_nothing();
}

TEST_CASE("the hello interval is the rhythm of complaints") {
  Bench bench(config(""));
  bench.commands({"configure terminal", "interface gi0/1", "ospf hello-interval 30"}).advance(10s);
  bench.expect(409016, "Key chain name CORE on inside is invalid.")
      .advance(20s)
      .expect_nothing()
      .advance(10s)
      .expect(409016, "Key chain name CORE on inside is invalid.");
}

TEST_CASE("a neighbour with a wrong key is still there after a reload") {
  Bench bench(config("key chain CORE\n key 1\n  key-string 0 s3cret\n"));
  bench.world(
      "ospf-neighbor",
      {{"ospf-neighbor", "10.0.0.2"}, {"interface", "inside"}, {"state", "up"}, {"key-id", "7"}});
  bench.command("reload").advance(3min + 10s);
  bench.expect(409015, "Key ID 7 received on interface inside.").expect_nothing();
}

TEST_CASE("an interface that lost its name or its address says no hello") {
  for (const char* line : {"no nameif", "no ip address"}) {
    Bench bench(config(""));
    bench.advance(10s).expect(409016, "Key chain name CORE on inside is invalid.");
    bench.commands({"configure terminal", "interface GigabitEthernet0/1", line})
        .advance(1h)
        .expect_nothing();
  }
}

TEST_CASE("OSPF and its settings can be removed") {
  Bench bench(config(""));
  bench.commands({"configure terminal", "interface GigabitEthernet0/1", "ospf hello-interval 60",
                  "no ospf hello-interval"});
  bench.advance(10s).expect(409016, "Key chain name CORE on inside is invalid.").expect_nothing();
  bench.commands({"configure terminal", "no router ospf 1"}).advance(1h).expect_nothing();
}
