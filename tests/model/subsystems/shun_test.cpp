#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

TEST_CASE("a shun is acknowledged on the console and logged with zeros for what was not given") {
  Bench bench;
  bench.command("shun 198.51.100.7");
  REQUIRE(bench.output() ==
          "Shun 198.51.100.7 added in context: single_vf\nShun 198.51.100.7 successful\n");
  bench.expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0").expect_nothing();
}

TEST_CASE("a shun with a connection names it in the message and in show shun") {
  Bench bench;
  bench.command("shun 198.51.100.7 10.0.0.20 40000 22 tcp")
      .expect(401002, "Shun added: 198.51.100.7 10.0.0.20 40000 22")
      .command("show shun");
  REQUIRE(bench.output() == "shun (outside) 198.51.100.7 10.0.0.20 40000 22 6\n");
}

TEST_CASE("a shun ends the connection that it names and no other") {
  Bench bench;
  const auto flow = [&](const char* protocol, const char* port) {
    bench.packet("inside", {{"proto", protocol},
                            {"src", "10.0.0.5"},
                            {"dst", "198.51.100.80"},
                            {"sport", port},
                            {"dport", "443"},
                            {"flags", std::string(protocol) == "tcp" ? "syn" : "none"}});
  };
  flow("tcp", "40000");
  flow("tcp", "40001");
  flow("udp", "40000");
  const auto left = [&] { return bench.device().tables().connections.size(); };
  REQUIRE(left() == 3);
  bench.command("shun 198.51.100.80 10.0.0.5 443 40000 udp");
  CHECK(left() == 2);
  bench.commands({"no shun 198.51.100.80", "shun 198.51.100.80 10.0.0.5 443 40000"});
  CHECK(left() == 1);
  bench.commands({"no shun 198.51.100.80", "shun 198.51.100.80 10.0.0.5 443 40000"});
  bench.commands({"no shun 198.51.100.80", "shun 198.51.100.80"});
  CHECK(left() == 1);
}

TEST_CASE("every packet of a shunned source is logged and dropped") {
  Bench bench;
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  for (int i = 0; i < 3; ++i) {
    bench.packet("outside", "198.51.100.7", "10.0.0.20")
        .expect(401004, "Shunned packet: 198.51.100.7 ==> 10.0.0.20 on interface outside");
  }
  bench.expect_nothing();
  const auto& interfaces = bench.device().tables().interfaces;
  const auto& outside = interfaces[interfaces.find_nameif("outside")];
  const auto& inside = interfaces[interfaces.find_nameif("inside")];
  REQUIRE(outside.traffic.total(asaemu::TrafficMeter::kDropped).packets == 3);
  REQUIRE(inside.traffic.total(asaemu::TrafficMeter::kOutput).packets == 0);
}

TEST_CASE("replies towards a shunned source still pass") {
  Bench bench;
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.packet("inside", "10.0.0.20", "198.51.100.7").expect_nothing();
  const auto& interfaces = bench.device().tables().interfaces;
  REQUIRE(interfaces[interfaces.find_nameif("outside")]
              .traffic.total(asaemu::TrafficMeter::kOutput)
              .packets == 1);
}

TEST_CASE("a source is blocked only on the interface where it is shunned") {
  Bench bench;
  bench.command("shun 198.51.100.7 interface dmz")
      .expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.packet("outside", "198.51.100.7", "10.0.0.20").expect_nothing();
  bench.packet("dmz", "198.51.100.7", "10.0.0.20")
      .expect(401004, "Shunned packet: 198.51.100.7 ==> 10.0.0.20 on interface dmz");
}

TEST_CASE("a VLAN pins a shun to the interface of that VLAN") {
  Bench bench;
  bench.command("shun 198.51.100.7 vlan 30")
      .expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0")
      .command("show shun");
  REQUIRE(bench.output() == "shun (dmz) 198.51.100.7 0.0.0.0 0 0 0\n");
  bench.command("shun 198.51.100.8 vlan 31").expect_nothing();
  REQUIRE(bench.output() == "ERROR: No interface found for 198.51.100.8\n");
}

TEST_CASE("no shun lets the source in again") {
  Bench bench;
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.command("no shun 198.51.100.7").expect(401003, "Shun deleted: 198.51.100.7");
  bench.packet("outside", "198.51.100.7", "10.0.0.20").expect_nothing();
  bench.command("no shun 198.51.100.7").expect_nothing();
  REQUIRE(bench.output() == "ERROR: Shun 198.51.100.7 does not exist\n");
}

TEST_CASE("no shun on another interface leaves the shun alone") {
  Bench bench;
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.command("no shun 198.51.100.7 interface dmz").expect_nothing();
  bench.command("no shun 198.51.100.7 interface outside")
      .expect(401003, "Shun deleted: 198.51.100.7");
}

TEST_CASE("clear shun empties the table with one message for all") {
  Bench bench;
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.command("shun 198.51.100.8").expect(401002, "Shun added: 198.51.100.8 0.0.0.0 0 0");
  bench.command("clear shun").expect(401001, "Shuns cleared").expect_nothing();
  bench.packet("outside", "198.51.100.7", "10.0.0.20").expect_nothing();
}

TEST_CASE("the shun table is full at its bound, not one before") {
  Bench bench(asaemu::test::kBenchConfig, {{"shun-limit", std::uint64_t{2}}});
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.command("shun 198.51.100.8").expect(401002, "Shun added: 198.51.100.8 0.0.0.0 0 0");
  bench.command("shun 198.51.100.9 10.0.0.20 40000 22")
      .expect(401005,
              "Shun add failed: unable to allocate resources for 198.51.100.9 10.0.0.20 40000 22")
      .expect_nothing();
  bench.packet("outside", "198.51.100.9", "10.0.0.20").expect_nothing();
  bench.command("no shun 198.51.100.7").expect(401003, "Shun deleted: 198.51.100.7");
  bench.command("shun 198.51.100.9").expect(401002, "Shun added: 198.51.100.9 0.0.0.0 0 0");
}

TEST_CASE("show shun statistics counts per interface and per source") {
  Bench bench;
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.packet("outside", "198.51.100.7", "10.0.0.20")
      .expect(401004, "Shunned packet: 198.51.100.7 ==> 10.0.0.20 on interface outside");
  bench.advance(5min + 52s).command("show shun statistics");
  REQUIRE(bench.output() ==
          "outside=ON, cnt=1\ninside=OFF, cnt=0\ndmz=OFF, cnt=0\n"
          "Shun 198.51.100.7 cnt=1, time=(0:05:52)\n");
  bench.command("clear shun statistics").command("show shun statistics");
  REQUIRE(bench.output() ==
          "outside=ON, cnt=0\ninside=OFF, cnt=0\ndmz=OFF, cnt=0\n"
          "Shun 198.51.100.7 cnt=0, time=(0:05:52)\n");
}

TEST_CASE("shuns are lost at reload, and packets meanwhile too") {
  Bench bench(asaemu::test::kBenchConfig, {{"boot-time", asaemu::SimDuration(2min)}});
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.command("reload noconfirm").advance(2min - 1ns);
  REQUIRE_FALSE(bench.device().is_booted());
  bench.packet("outside", "198.51.100.7", "10.0.0.20").expect_nothing();
  bench.advance(1ns);
  REQUIRE(bench.device().is_booted());
  bench.packet("outside", "198.51.100.7", "10.0.0.20").expect_nothing();
  bench.command("show shun");
  REQUIRE(bench.output().empty());
}

TEST_CASE("the device's own address and a second shun of a source are refused") {
  Bench bench;
  bench.command("shun 10.0.0.1").expect_nothing();
  REQUIRE(bench.output() == "ERROR: 10.0.0.1 is an address of this device\n");
  bench.command("shun 198.51.100.7").expect(401002, "Shun added: 198.51.100.7 0.0.0.0 0 0");
  bench.command("shun 198.51.100.7").expect_nothing();
  REQUIRE(bench.output() == "Shun 198.51.100.7 already exists\n");
}
