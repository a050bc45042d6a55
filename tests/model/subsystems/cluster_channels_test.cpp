#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

/// Four ports in spanned channel 5, of which the whole cluster may have `limit` active.
std::string config(int limit, const std::string& cluster_extra = "") {
  std::string text = asaemu::test::kBenchConfig;
  text += "cluster group dc\n local-unit unit1\n" + cluster_extra + " enable\n";
  for (int port = 4; port <= 7; ++port) {
    text += fmt::format(
        "interface GigabitEthernet0/{}\n channel-group 5 mode active\n lacp rate fast\n", port);
  }
  return text + fmt::format(
                    "interface Port-channel5\n port-channel span-cluster\n lacp max-bundle {}\n "
                    "nameif core\n ip address 10.9.0.1 255.255.255.0\n",
                    limit);
}

Bench& unit(Bench& bench, const char* name, const char* ports) {
  return bench.world("cluster-member",
                     {{"cluster-member", name}, {"channel", "5"}, {"ports", ports}});
}

Bench& link(Bench& bench, const char* port, const char* state) {
  return bench.world("link", {{"link", port}, {"state", state}});
}

Bench& expect_port(Bench& bench, std::uint32_t id, int port, const std::string& what) {
  return bench.expect(id, fmt::format("PORT-CHANNEL:Interface GigabitEthernet0/{} {}", port, what));
}

const std::string kAllowed = "is allowed to bundle into EtherChannel interface 5 by CLACP.";
const std::string kStandby = "is moved to standby in EtherChannel interface 5 by CLACP.";
const std::string kPromoted =
    "is selected to move from standby to bundle in EtherChannel interface 5 by CLACP.";
const std::string kUnselected = "is unselected in EtherChannel interface 5 by CLACP.";
const std::string kBundled = "bundled into EtherChannel interface 5";
const std::string kUnbundled = "unbundled from EtherChannel interface 5";

}  // namespace

TEST_CASE("another unit's ports take their share of a full spanned channel, and give it back") {
  Bench bench(config(4));
  bench.advance(1min).expect_nothing();
  unit(bench, "unit2", "1");
  expect_port(bench, 426104, 7, kUnselected);
  expect_port(bench, 426102, 7, kStandby);
  expect_port(bench, 426002, 7, kUnbundled).expect_nothing();
  unit(bench, "unit2", "4");
  expect_port(bench, 426104, 6, kUnselected);
  expect_port(bench, 426102, 6, kStandby);
  expect_port(bench, 426002, 6, kUnbundled).expect_nothing();
  bench.command("show port-channel summary | include Po5");
  REQUIRE(bench.output() ==
          "5      Po5(U)            LACP          Yes    Gi0/4(P)   Gi0/5(P)   Gi0/6(H)   "
          "Gi0/7(H)\n");
  unit(bench, "unit2", "0");
  expect_port(bench, 426103, 6, kPromoted);
  expect_port(bench, 426103, 7, kPromoted);
  expect_port(bench, 426001, 6, kBundled);
  expect_port(bench, 426001, 7, kBundled).expect_nothing();
}

TEST_CASE("a port whose link comes is allowed at once and bundles after its LACP") {
  Bench bench(config(4));
  link(bench, "GigabitEthernet0/4", "down");
  bench.expect(411002, "Line protocol on Interface GigabitEthernet0/4, changed state to down");
  expect_port(bench, 426002, 4, kUnbundled).expect_nothing();
  link(bench, "GigabitEthernet0/4", "up");
  bench.expect(411001, "Line protocol on Interface GigabitEthernet0/4, changed state to up");
  expect_port(bench, 426101, 4, kAllowed).advance(2s - 1ns).expect_nothing();
  bench.advance(1s + 1ns);
  expect_port(bench, 426001, 4, kBundled).expect_nothing();
}

TEST_CASE("a port that comes back to a channel without a place for it stands by") {
  Bench bench(config(3));
  link(bench, "GigabitEthernet0/7", "down");
  bench.expect(411002, "Line protocol on Interface GigabitEthernet0/7, changed state to down")
      .expect_nothing();
  link(bench, "GigabitEthernet0/7", "up");
  bench.expect(411001, "Line protocol on Interface GigabitEthernet0/7, changed state to up");
  expect_port(bench, 426102, 7, kStandby).advance(1min).expect_nothing();
}

TEST_CASE("a standby takes the place of a port that lost its link") {
  Bench bench(config(3));
  link(bench, "GigabitEthernet0/4", "down");
  bench.expect(411002, "Line protocol on Interface GigabitEthernet0/4, changed state to down");
  expect_port(bench, 426002, 4, kUnbundled);
  expect_port(bench, 426103, 7, kPromoted);
  expect_port(bench, 426001, 7, kBundled).expect_nothing();
}

TEST_CASE("the channel stays up when a standby takes the place of its only active port") {
  Bench bench(config(1));
  link(bench, "GigabitEthernet0/4", "down");
  bench.expect(411002, "Line protocol on Interface GigabitEthernet0/4, changed state to down");
  expect_port(bench, 426002, 4, kUnbundled);
  expect_port(bench, 426103, 5, kPromoted);
  expect_port(bench, 426001, 5, kBundled).expect_nothing();
}

TEST_CASE("a spanned channel without a port left is down") {
  Bench bench(config(4));
  for (int port = 4; port <= 7; ++port) {
    const auto name = fmt::format("GigabitEthernet0/{}", port);
    link(bench, name.c_str(), "down");
    bench.expect(411002, fmt::format("Line protocol on Interface {}, changed state to down", name));
    expect_port(bench, 426002, port, kUnbundled);
  }
  bench.expect(411002, "Line protocol on Interface Port-channel5, changed state to down")
      .expect(411002, "Line protocol on Interface core, changed state to down")
      .expect_nothing();
}

TEST_CASE("static port priorities let a preferred port keep its place") {
  Bench bench(config(4, " clacp static-port-priority\n"));
  unit(bench, "unit2", "16").expect_nothing();
  bench.commands({"conf t", "cluster group dc", "no clacp static-port-priority"});
  expect_port(bench, 426104, 6, kUnselected);
  expect_port(bench, 426102, 6, kStandby);
  expect_port(bench, 426104, 7, kUnselected);
  expect_port(bench, 426102, 7, kStandby);
  expect_port(bench, 426002, 6, kUnbundled);
  expect_port(bench, 426002, 7, kUnbundled).expect_nothing();
}

TEST_CASE("a unit that leaves the cluster does not share") {
  Bench bench(config(4));
  unit(bench, "unit2", "4");
  for (const int port : {6, 7}) {
    expect_port(bench, 426104, port, kUnselected);
    expect_port(bench, 426102, port, kStandby);
  }
  expect_port(bench, 426002, 6, kUnbundled);
  expect_port(bench, 426002, 7, kUnbundled);
  bench.command("show cluster info");
  REQUIRE(bench.output() ==
          "Cluster dc: On\n    Interface mode: spanned\n    This is \"unit1\" in state MASTER\n"
          "Other members in the cluster:\n    Unit \"unit2\" in state SLAVE\n");
  bench.commands({"conf t", "cluster group dc", "no enable"});
  expect_port(bench, 426103, 6, kPromoted);
  expect_port(bench, 426103, 7, kPromoted);
  expect_port(bench, 426001, 6, kBundled);
  expect_port(bench, 426001, 7, kBundled).expect_nothing();
  bench.command("show cluster info");
  REQUIRE(bench.output() == "Clustering is not enabled\n");
}

TEST_CASE("a channel that spans nothing any more is an ordinary one") {
  Bench bench(config(3));
  bench.commands({"conf t", "interface Port-channel5", "no port-channel span-cluster"})
      .expect_nothing();
  unit(bench, "unit2", "4").expect_nothing();
  link(bench, "GigabitEthernet0/4", "down");
  bench.expect(411002, "Line protocol on Interface GigabitEthernet0/4, changed state to down");
  expect_port(bench, 426002, 4, kUnbundled);
  expect_port(bench, 426001, 7, kBundled).expect_nothing();
}

TEST_CASE("the other units' ports outlive a reload, and fifteen units are all there can be") {
  Bench bench(config(4), {{"boot-time", asaemu::SimDuration(2min)}});
  bench.command("reload noconfirm").advance(1min);
  for (int i = 2; i <= 16; ++i) unit(bench, fmt::format("unit{}", i).c_str(), "1");
  bench.advance(1min).expect_nothing();
  const auto& channels = bench.device().tables().channels;
  const auto channel = channels.channels().front().interface;
  REQUIRE(channels.count(channel, asaemu::MemberState::kBundled) == 1);
  unit(bench, "unit17", "1").expect_nothing();
  bench.command("show cluster info | include unit17");
  REQUIRE(bench.output().empty());
}
