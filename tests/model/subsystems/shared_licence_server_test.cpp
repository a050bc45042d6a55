#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::Release;
using asaemu::test::Bench;
using asaemu::test::kBenchConfig;
using namespace std::chrono_literals;

namespace {

constexpr const char* kKey = "0x11 0x22 0x33 0x44 0x55";

/// A device with a pool of so many sessions that serves on `inside`.
class ServerBench {
 public:
  explicit ServerBench(const char* sessions = "500", Release release = Release{})
      : bench(std::string(kBenchConfig) +
                  "license-server secret topsecret\nlicense-server enable inside\n",
              {}, release) {
    bench.world("key-issued", {{"key-issued", kKey},
                               {"feature", "Shared AnyConnect Premium Peers"},
                               {"count", sessions}});
    bench.command(std::string("activation-key ") + kKey);
    expect_available(std::atoi(sessions));
  }
  void client(const char* id, std::vector<std::pair<std::string, std::string>> more) {
    more.emplace_back("licence-client", id);
    bench.world("licence-client", more);
  }
  void expect_available(int sessions) {
    bench.expect(444104,
                 fmt::format("Shared AnyConnect Premium license availability: {}.", sessions));
  }
  void expect_client(const char* state, const char* id) {
    bench.expect(444108, fmt::format("Shared license {} client id {}.", state, id));
  }
  void backup(const char* state) {
    bench.world("licence-server", {{"licence-server", "10.0.0.6"}, {"state", state}});
  }

  Bench bench;
};

}  // namespace

TEST_CASE("the licence service is switched on and off on its interfaces") {
  Bench bench;
  bench.commands({"conf t", "license-server enable inside"})
      .expect(444107, "Shared license service enabled on interface inside.");
  bench.commands({"conf t", "license-server enable inside"}).expect_nothing();
  bench.commands({"conf t", "no license-server enable inside"})
      .expect(444107, "Shared license service disabled on interface inside.");
  bench.commands({"conf t", "no license-server enable inside"}).expect_nothing();
}

TEST_CASE("a server without a pool or a secret lends nothing") {
  Bench bench(std::string(kBenchConfig) + "license-server enable inside\n");
  bench.world("licence-client", {{"licence-client", "JMX1"}}).expect_nothing();
  bench.world(
      "key-issued",
      {{"key-issued", kKey}, {"feature", "Shared AnyConnect Premium Peers"}, {"count", "100"}});
  bench.command(std::string("activation-key ") + kKey).expect_nothing();
  bench.commands({"conf t", "license-server secret topsecret"})
      .expect(444104, "Shared AnyConnect Premium license availability: 100.");
  // The participant finds the service when it polls the next time.
  bench.advance(30s).expect(444108, "Shared license registered client id JMX1.");
  bench.commands({"conf t", "no license-server secret"}).advance(5min).expect_nothing();
}

TEST_CASE("a participant registers and gets sessions in blocks") {
  ServerBench test;
  test.client("JMX1", {});
  test.expect_client("registered", "JMX1");
  test.client("JMX1", {{"sessions", "51"}});
  test.expect_available(400);
  test.client("JMX1", {{"sessions", "100"}});
  test.bench.expect_nothing();
  test.client("JMX1", {{"sessions", "10"}});
  test.expect_available(450);
  test.bench.expect_nothing();
}

TEST_CASE("a participant with another secret is not served") {
  ServerBench test;
  test.client("JMX1", {{"secret", "guess"}, {"sessions", "50"}});
  test.bench.expect_nothing();
  test.client("JMX1", {{"secret", "topsecret"}});
  test.expect_client("registered", "JMX1");
  test.expect_available(450);
}

TEST_CASE("a participant that looks at another port finds nothing there") {
  ServerBench test;
  test.bench.commands({"conf t", "license-server port 40000"});
  test.client("JMX1", {});
  test.bench.expect_nothing();
  test.client("JMX1", {{"port", "40000"}});
  test.expect_client("registered", "JMX1");
  test.bench.commands({"conf t", "no license-server port"});
  test.client("JMX2", {});
  test.expect_client("registered", "JMX2");
}

TEST_CASE("above nine tenths the server says so, once until it has been below") {
  ServerBench test;
  test.client("JMX1", {{"sessions", "450"}});
  test.expect_client("registered", "JMX1");
  test.expect_available(50);
  test.client("JMX2", {{"sessions", "20"}});
  test.expect_client("registered", "JMX2");
  test.bench.expect(444103, "Shared AnyConnect Premium license usage is over 90% capacity.");
  test.expect_available(0);
  test.client("JMX3", {{"sessions", "20"}});
  test.expect_client("registered", "JMX3");
  test.bench.expect_nothing();
  test.client("JMX1", {{"sessions", "400"}});
  test.expect_available(50);
  test.client("JMX3", {{"sessions", "21"}});
  test.bench.expect(444103, "Shared AnyConnect Premium license usage is over 90% capacity.");
  test.expect_available(0);
}

TEST_CASE("a silent participant loses its sessions three refreshes after its last one") {
  ServerBench test;
  test.client("JMX1", {{"sessions", "50"}});
  test.expect_client("registered", "JMX1");
  test.expect_available(450);
  test.bench.advance(100s);  // the last refresh was at 90 s
  test.client("JMX1", {{"state", "down"}});
  test.bench.advance(80s - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_client("expired", "JMX1");
  test.expect_available(500);
  test.client("JMX1", {{"state", "up"}});
  test.expect_client("registered", "JMX1");
  test.expect_available(450);
}

TEST_CASE("a participant that is back in time is not missed, at an interval of one's own") {
  ServerBench test;
  test.bench.commands({"conf t", "license-server refresh-interval 10"});
  test.client("JMX1", {});
  test.expect_client("registered", "JMX1");
  test.client("JMX1", {{"state", "down"}});
  test.bench.advance(30s - 1ns);
  test.client("JMX1", {{"state", "up"}});
  test.bench.advance(1h).expect_nothing();
  test.client("JMX1", {{"state", "down"}});
  test.bench.advance(30s);
  test.expect_client("expired", "JMX1");
}

TEST_CASE("a backup that is gone is missed at the next synchronisation, once an absence") {
  ServerBench test;
  test.bench.commands({"conf t", "license-server backup 10.0.0.6 backup-id JMX0916L0Z4"})
      .advance(12s)
      .expect_nothing();
  test.backup("down");
  test.bench.advance(8s - 1ns).expect_nothing();
  test.bench.advance(1ns).expect(444106, "Shared license backup server 10.0.0.6 is not available");
  test.bench.advance(24h).expect_nothing();
  test.backup("up");
  test.backup("down");
  test.backup("up");
  test.bench.advance(1h).expect_nothing();
  test.backup("down");
  test.bench.advance(10s).expect(444106, "Shared license backup server 10.0.0.6 is not available");
}

TEST_CASE("the older text about a lost backup ends with a full stop") {
  ServerBench test("500", Release{9, 8, 0, 0});
  test.backup("down");
  test.bench.commands({"conf t", "license-server backup 10.0.0.6 backup-id JMX0916L0Z4"})
      .advance(10s)
      .expect(444106, "Shared license backup server 10.0.0.6 is not available.");
}

TEST_CASE("after a reload participants register again, and keep their needs") {
  ServerBench test;
  test.client("JMX1", {{"sessions", "70"}});
  test.expect_client("registered", "JMX1");
  test.expect_available(400);
  test.bench.command("reload noconfirm").advance(3min);
  test.expect_available(500);
  test.bench.expect_nothing();
  test.bench.advance(30s);
  test.expect_client("registered", "JMX1");
  test.expect_available(400);
  test.bench.expect_nothing();
}

TEST_CASE("show shared license has the pool, the device, the backup and the participants") {
  ServerBench test;
  test.bench.commands({"conf t", "license-server backup 10.0.0.6 backup-id JMX0916L0Z4"});
  test.client("JMX1", {{"sessions", "70"}});
  test.bench.command("show shared license detail");
  REQUIRE(test.bench.output() ==
          "Backup License Server Info:\n"
          "\n"
          "Device ID              : JMX0916L0Z4\n"
          "Address                : 10.0.0.6\n"
          "Registered             : YES\n"
          "\n"
          "Shared license utilization:\n"
          "  SSLVPN:\n"
          "    Total for network  :    500\n"
          "    Available          :    400\n"
          "    Utilized           :    100\n"
          "  This device:\n"
          "    Platform limit     :    750\n"
          "    Current usage      :      0\n"
          "    High usage         :      0\n"
          "  Messages Tx/Rx/Error:\n"
          "    Registration       : 0 / 0 / 0\n"
          "    Get                : 0 / 0 / 0\n"
          "    Release            : 0 / 0 / 0\n"
          "    Transfer           : 0 / 0 / 0\n"
          "\n"
          "Client Info:\n"
          "\n"
          "Device ID              : JMX1\n"
          "SSLVPN:\n"
          "  Current usage        : 100\n"
          "  High                 : 100\n"
          "  Messages Tx/Rx/Error:\n"
          "    Registration       : 1 / 1 / 0\n"
          "    Get                : 2 / 2 / 0\n"
          "    Release            : 0 / 0 / 0\n");
}
