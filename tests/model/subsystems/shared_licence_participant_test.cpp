#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::Release;
using asaemu::test::Bench;
using asaemu::test::kBenchConfig;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

constexpr const char* kKey = "0x11 0x22 0x33 0x44 0x55";
constexpr const char* kMain = "10.0.0.5";
constexpr const char* kBackup = "10.0.0.6";

/// A participant of 10.0.0.5 with backup 10.0.0.6; two sessions are its own.
class ParticipantBench {
 public:
  explicit ParticipantBench(Release release = Release{})
      : bench(std::string(kBenchConfig) +
                  "license-server address 10.0.0.5 secret topsecret\n"
                  "license-server backup address 10.0.0.6\n",
              {}, release) {
    bench.expect_nothing();
  }
  /// The participant licence; with it the device registers.
  ParticipantBench& license() {
    bench.world("key-issued", {{"key-issued", kKey}, {"feature", "Shared License"}});
    bench.command(std::string("activation-key ") + kKey);
    return *this;
  }
  void server(const char* address, std::vector<std::pair<std::string, std::string>> more) {
    more.emplace_back("licence-server", address);
    bench.world("licence-server", more);
  }
  void users(int count) {
    bench.world("anyconnect-sessions", {{"anyconnect-sessions", std::to_string(count)}});
  }
  void expect_active(const char* address) {
    bench.expect(444101, fmt::format("Shared license service is active. License server address: {}",
                                     address));
  }
  void expect_inactive() {
    bench.expect(444102, "Shared license service inactive. License server is not responding.");
  }
  void expect_failed(const char* request, const char* reason) {
    bench.expect(444100,
                 fmt::format("Shared license {} AnyConnect Premium request failed, Reason: {}.",
                             request, reason));
  }
  [[nodiscard]] std::uint32_t held() { return bench.device().tables().shared_use.held; }

  Bench bench;
};

}  // namespace

TEST_CASE("a device registers as soon as it may take part") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.bench.advance(days(30)).expect_nothing();
}

TEST_CASE("a participant gets sessions in blocks beyond its own, and gives them back") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(2);
  REQUIRE(test.held() == 0);
  test.users(3);
  REQUIRE(test.held() == 50);
  test.users(52);
  REQUIRE(test.held() == 50);
  test.users(53);
  REQUIRE(test.held() == 100);
  test.users(0);
  REQUIRE(test.held() == 0);
  test.bench.expect_nothing();
}

TEST_CASE("a participant asks for no more than its model can serve") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.server(kMain, {{"sessions", "100000"}});
  test.users(5000);
  REQUIRE(test.held() == 750);
}

TEST_CASE("each way in which a server says no has its reason") {
  struct Case {
    std::pair<std::string, std::string> world;
    const char* reason;
  };
  const std::vector<Case> cases{
      {{"state", "down"}, "connection failed to server"},
      {{"port", "50555"}, "connection failed to server"},
      {{"version", "unsupported"}, "version not supported by server"},
      {{"secret", "changed"}, "message signature invalid"},
      {{"registration", "forgotten"}, "client ID unknown by server"},
      {{"service", "inactive"}, "server is not active"},
      {{"sessions", "49"}, "license capacity reached"},
  };
  for (const auto& [world, reason] : cases) {
    ParticipantBench test;
    test.license().expect_active(kMain);
    test.server(kMain, {world});
    test.users(3);
    test.expect_failed("get", reason);
    test.bench.expect_nothing();
    REQUIRE(test.held() == 0);
  }
}

TEST_CASE("a release that fails is made again when the server is back") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(60);
  test.server(kMain, {{"state", "down"}});
  test.users(0);
  test.expect_failed("release", "connection failed to server");
  REQUIRE(test.held() == 100);
  test.server(kMain, {{"state", "up"}});
  test.bench.advance(30s).expect_nothing();
  REQUIRE(test.held() == 0);
}

TEST_CASE("a pool that grows is used at the next refresh") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.server(kMain, {{"sessions", "50"}});
  test.users(60);
  test.expect_failed("get", "license capacity reached");
  REQUIRE(test.held() == 50);
  test.server(kMain, {{"sessions", "100"}});
  test.bench.advance(30s).expect_nothing();
  REQUIRE(test.held() == 100);
}

TEST_CASE("a server that forgot its participant takes it up again at the next refresh") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(60);
  test.server(kMain, {{"registration", "forgotten"}});
  test.bench.advance(30s).expect_nothing();
  REQUIRE(test.held() == 100);
}

TEST_CASE("after three refreshes without an answer the backup takes over, with the sessions") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(60);
  test.bench.advance(45s);
  test.server(kMain, {{"state", "down"}});
  test.bench.advance(75s - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_active(kBackup);
  test.bench.expect_nothing();
  REQUIRE(test.held() == 100);
  // The main server is taken back at the first refresh that finds it.
  test.server(kMain, {{"state", "up"}});
  test.bench.advance(30s - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_active(kMain);
  test.bench.advance(days(3)).expect_nothing();
}

TEST_CASE("a backup with a smaller pool cannot take all sessions over") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(60);
  test.server(kBackup, {{"sessions", "50"}});
  test.server(kMain, {{"state", "down"}});
  test.bench.advance(2min);
  test.expect_active(kBackup);
  test.expect_failed("transfer", "license capacity reached");
  test.bench.expect_nothing();
}

TEST_CASE("a server that is back within three refreshes was never away") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.server(kMain, {{"state", "down"}});
  test.bench.advance(90s - 1ns);
  test.server(kMain, {{"state", "up"}});
  test.bench.advance(days(2)).expect_nothing();
}

TEST_CASE("without any server the service is inactive, and after a day the sessions are gone") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(60);
  test.bench.advance(10s);
  test.server(kMain, {{"state", "down"}});
  test.server(kBackup, {{"state", "down"}});
  test.bench.advance(80s - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_inactive();
  // The last refresh that succeeded was the registration, 90 seconds ago.
  test.bench.advance(24h - 90s - 1ns).expect_nothing();
  REQUIRE(test.held() == 100);
  test.bench.advance(1ns).expect(
      444105,
      "Released 100 shared AnyConnect Premium license(s). License server "
      "has been unreachable for 24 hours.");
  REQUIRE(test.held() == 0);
  test.users(61);
  test.expect_failed("get", "connection failed to server");
  test.bench.advance(days(5)).expect_nothing();
  test.server(kMain, {{"state", "up"}});
  test.bench.advance(30s);
  test.expect_active(kMain);
  REQUIRE(test.held() == 100);
}

TEST_CASE("a device that finds no server at first says so once, and registers later") {
  ParticipantBench test;
  test.server(kMain, {{"secret", "other"}});
  test.server(kBackup, {{"service", "inactive"}});
  test.license().expect_inactive();
  test.users(10);
  test.expect_failed("get", "message signature invalid");
  test.bench.advance(1h).expect_nothing();
  test.server(kMain, {{"version", "unsupported"}});
  test.bench.advance(1h).expect_nothing();
  test.server(kBackup, {{"service", "active"}});
  test.bench.advance(30s);
  test.expect_active(kBackup);
  REQUIRE(test.held() == 50);
}

TEST_CASE("the server says how often it wants to be asked") {
  ParticipantBench test;
  test.server(kMain, {{"refresh", "0:05:00"}});
  test.license().expect_active(kMain);
  test.server(kMain, {{"state", "down"}});
  test.bench.advance(15min - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_active(kBackup);
}

TEST_CASE("users are gone after a reload, and so are sessions") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(60);
  test.bench.command("reload noconfirm").advance(1h);
  test.expect_active(kMain);
  REQUIRE(test.held() == 0);
}

TEST_CASE("a device that takes part no more forgets its server") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(60);
  test.bench.commands({"conf t", "no license-server address 10.0.0.5 secret topsecret"});
  REQUIRE(test.held() == 0);
  test.server(kMain, {{"state", "down"}});
  test.bench.advance(days(2)).expect_nothing();
}

TEST_CASE("an older release has other words for a failed request") {
  ParticipantBench test(Release{9, 8, 0, 0});
  test.license().expect_active(kMain);
  test.server(kMain, {{"sessions", "0"}});
  test.users(3);
  test.bench.expect(
      444100, "Shared get AnyConnect Premium request failed. Reason: license capacity reached");
}

TEST_CASE("show shared license of a participant names its server and counts its requests") {
  ParticipantBench test;
  test.license().expect_active(kMain);
  test.users(60);
  test.server(kMain, {{"state", "down"}});
  test.users(10);
  test.expect_failed("release", "connection failed to server");
  test.bench.command("show shared license");
  REQUIRE(test.bench.output() ==
          "Primary License Server : 10.0.0.5\n"
          "  Version              : 1\n"
          "  Status               : Inactive\n"
          "\n"
          "Shared license utilization:\n"
          "  SSLVPN:\n"
          "    Total for network  :    500\n"
          "    Available          :    400\n"
          "    Utilized           :    100\n"
          "  This device:\n"
          "    Platform limit     :    750\n"
          "    Current usage      :     10\n"
          "    High usage         :     60\n"
          "  Messages Tx/Rx/Error:\n"
          "    Registration       : 1 / 1 / 0\n"
          "    Get                : 2 / 2 / 0\n"
          "    Release            : 1 / 0 / 1\n"
          "    Transfer           : 0 / 0 / 0\n");
}
