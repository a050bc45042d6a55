#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::ActivationKey;
using asaemu::LicensedFeature;
using asaemu::Release;
using asaemu::SimDuration;
using asaemu::test::Bench;
using asaemu::test::kBenchConfig;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

constexpr const char* kPermanent = "0x1e05f94d 0x681c793f 0x9d903a08 0xe564783c 0x4161b19";
constexpr const char* kBotnet = "0x5b0349c2 0x55b93067 0x1395643 0xc48b41fb 0x373ecb2";
constexpr const char* kPeers = "0x6b1349d2 0x45c93167 0x2395643 0xd48b51fb 0x173ecb2";
constexpr const char* kOther = "0x11 0x22 0x33 0x44 0x55";

class LicenceBench {
 public:
  explicit LicenceBench(Release release = Release{}, const char* platform_licence = "Base")
      : bench(kBenchConfig,
              {{"permanent-key", *ActivationKey::parse(kPermanent)},
               {"platform-licence", std::string(platform_licence)},
               {"boot-time", SimDuration(3min)}},
              release) {}

  void issue(const char* key, const char* feature, const char* days,
             std::vector<std::pair<std::string, std::string>> more = {}) {
    more.insert(more.end(), {{"key-issued", key}, {"feature", feature}});
    if (*days != '\0') more.emplace_back("days", days);
    bench.world("key-issued", more);
  }
  void type(const std::string& words) { bench.command("activation-key " + words); }
  void expect_left(const char* key, int days) {
    bench.expect(444005,
                 fmt::format("Timebased license key {} will expire in {} days.", key, days));
  }
  void expect_gone(const char* key) {
    bench.expect(444007, fmt::format("Timebased activation key {} has expired.", key));
  }
  [[nodiscard]] std::uint32_t value(LicensedFeature feature) {
    return bench.device().tables().licence.features[feature];
  }
  void expect_countdown(int days) {
    bench.expect(444008,
                 fmt::format("Security Plus license has expired, and the system is scheduled to "
                             "reload in {} days. Apply a new activation key to enable Security "
                             "Plus license and prevent the automatic reload.",
                             days));
  }
  /// Security Plus for two days, needed since the last boot, and then gone.
  void lose_security_plus() {
    issue(kOther, "Security Plus", "2");
    type(kOther);
    bench.command("reload noconfirm").advance(3min);
    bench.advance(days(1) - 3min);
    expect_left(kOther, 1);
    bench.advance(days(1));
    expect_gone(kOther);
    expect_countdown(30);
    bench.expect_nothing();
  }

  Bench bench;
};

}  // namespace

TEST_CASE("a time-based key counts down once a day from its activation and ends on time") {
  LicenceBench test;
  test.issue(kBotnet, "Botnet Traffic Filter", "3");
  test.bench.advance(90min);
  test.type(kBotnet);
  REQUIRE(test.value(LicensedFeature::kBotnetFilter) == 1);
  test.bench.advance(24h - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_left(kBotnet, 2);
  test.bench.advance(24h);
  test.expect_left(kBotnet, 1);
  test.bench.advance(24h - 1ns).expect_nothing();
  REQUIRE(test.value(LicensedFeature::kBotnetFilter) == 1);
  test.bench.advance(1ns);
  test.expect_gone(kBotnet);
  REQUIRE(test.value(LicensedFeature::kBotnetFilter) == 0);
  test.bench.advance(days(100)).expect_nothing();
}

TEST_CASE("the words of a key may be typed without 0x, and a key of four words ends in zero") {
  LicenceBench test;
  test.issue("0x11 0x22 0x33 0x44 0x0", "Botnet Traffic Filter", "2");
  test.type("11 22 33 44");
  REQUIRE(test.bench.output() ==
          "Validating activation key. This may take a few minutes...\n"
          "The requested key is a timebased key and is activated, it has 2 days remaining.\n");
  test.bench.advance(24h);
  test.expect_left("0x11 0x22 0x33 0x44 0x0", 1);
}

TEST_CASE("a key that the vendor did not issue for this device is refused") {
  LicenceBench test;
  for (const char* words : {kBotnet, "0xg 1 2 3 4"}) {
    test.type(words);
    REQUIRE(test.bench.output() ==
            "Validating activation key. This may take a few minutes...\n"
            "ERROR: The requested activation key was not saved because it is not valid for this "
            "system.\n");
  }
}

TEST_CASE("an older release names what is lost and what takes its place") {
  LicenceBench test(Release{9, 8, 0, 0});
  test.issue(kBotnet, "Botnet Traffic Filter", "1");
  test.issue(kBotnet, "AnyConnect Premium Peers", "1", {{"count", "250"}});
  test.issue(kPeers, "AnyConnect Premium Peers", "1", {{"count", "100"}});
  test.type(kPeers);
  test.type(kBotnet);
  test.bench.advance(24h).expect(
      444007, std::string("Timebased activation key ") + kBotnet +
                  " has expired. Reverting to timebased license key. The following features will "
                  "be affected: AnyConnect Premium Peers, Botnet Traffic Filter");
  REQUIRE(test.value(LicensedFeature::kPremiumPeers) == 100);
  test.bench.advance(24h).expect(
      444007, std::string("Timebased activation key ") + kPeers +
                  " has expired. Reverting to permanent license key. The following features will "
                  "be affected: AnyConnect Premium Peers");
  REQUIRE(test.value(LicensedFeature::kPremiumPeers) == 2);
}

TEST_CASE("daily reminders of an older release have their own words") {
  LicenceBench test(Release{9, 8, 0, 0});
  test.issue(kBotnet, "Botnet Traffic Filter", "60");
  test.type(kBotnet);
  test.bench.advance(24h).expect(
      444005, std::string("Timebased activation key ") + kBotnet + " will expire in 59 days");
}

TEST_CASE("a temporary key gives way to the permanent one") {
  LicenceBench test;
  test.issue(kBotnet, "Botnet Traffic Filter", "1", {{"form", "temporary"}});
  test.type(kBotnet);
  test.bench.advance(24h).expect(
      444004, fmt::format("Timebased activation key {} has expired. Applying permanent license "
                          "activation key {}.",
                          kBotnet, kPermanent));
}

TEST_CASE("before release 8.3 every key with an end is temporary, and only one is active") {
  LicenceBench test(Release{8, 2, 0, 0});
  test.issue(kBotnet, "Botnet Traffic Filter", "2");
  test.issue(kPeers, "AnyConnect Premium Peers", "2");
  test.type(kBotnet);
  test.bench.advance(12h);
  test.type(kPeers);
  REQUIRE(test.value(LicensedFeature::kBotnetFilter) == 0);
  test.bench.advance(24h).expect(
      444005, std::string("Timebased activation key ") + kPeers + " will expire in 1 days");
  test.bench.advance(24h).expect(
      444004, fmt::format("Temporary license key {} has expired. Applying permanent license key {}",
                          kPeers, kPermanent));
  test.bench.advance(days(10)).expect_nothing();
}

TEST_CASE("a deactivated key stands still and goes on where it stopped") {
  LicenceBench test;
  test.issue(kBotnet, "Botnet Traffic Filter", "3");
  test.type(kBotnet);
  test.bench.advance(36h);
  test.expect_left(kBotnet, 2);
  test.type(std::string(kBotnet) + " deactivate");
  REQUIRE(test.bench.output() ==
          "Validating activation key. This may take a few minutes...\n"
          "The requested key is a timebased key and is deactivated, it has 2 days remaining.\n");
  REQUIRE(test.value(LicensedFeature::kBotnetFilter) == 0);
  test.bench.advance(days(40)).expect_nothing();
  test.type(std::string(kBotnet) + " deactivate");
  REQUIRE(test.bench.output().ends_with("ERROR: The requested activation key is not active.\n"));
  test.type(std::string(kBotnet) + " activate");
  test.bench.advance(12h - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_left(kBotnet, 1);
  test.bench.advance(24h);
  test.expect_gone(kBotnet);
  test.type(kBotnet);
  REQUIRE(test.bench.output().ends_with("ERROR: The requested activation key has expired.\n"));
}

TEST_CASE("two keys that are due at the same moment both speak") {
  LicenceBench test;
  test.issue(kBotnet, "Botnet Traffic Filter", "1");
  test.issue(kPeers, "AnyConnect Premium Peers", "2");
  test.issue(kOther, "GTP/GPRS", "1");
  test.type(kBotnet);
  test.type(kPeers);
  test.type(kOther);
  test.bench.advance(24h);
  test.expect_gone(kBotnet);
  test.expect_left(kPeers, 1);
  test.expect_gone(kOther);
  test.bench.expect_nothing();
}

TEST_CASE("time without power counts, and a key that ended meanwhile says so at boot") {
  LicenceBench test;
  test.issue(kBotnet, "Botnet Traffic Filter", "10");
  test.type(kBotnet);
  test.bench.advance(12h).world("power", {{"power", "off"}});
  test.bench.advance(days(5)).expect_nothing();
  test.bench.world("power", {{"power", "on"}}).advance(3min).expect_nothing();
  test.bench.advance(12h - 3min);
  test.expect_left(kBotnet, 4);
  test.bench.world("power", {{"power", "off"}}).advance(days(4));
  test.bench.world("power", {{"power", "on"}}).advance(3min - 1ns).expect_nothing();
  test.bench.advance(1ns);
  test.expect_gone(kBotnet);
  REQUIRE(test.value(LicensedFeature::kBotnetFilter) == 0);
}

TEST_CASE("a key is issued to a device that is off, and typed in when it is on") {
  LicenceBench test;
  test.bench.world("power", {{"power", "off"}});
  test.issue(kBotnet, "Botnet Traffic Filter", "10");
  test.bench.world("power", {{"power", "on"}}).advance(3min);
  test.type(kBotnet);
  REQUIRE(test.value(LicensedFeature::kBotnetFilter) == 1);
}

TEST_CASE("a clock set ahead counts at the next reload") {
  LicenceBench test;
  test.issue(kBotnet, "Botnet Traffic Filter", "100");
  test.type(kBotnet);
  test.bench.advance(12h).world("clock", {{"clock", "ahead"}, {"by", "240:00:00"}});
  test.bench.advance(12h);
  test.expect_left(kBotnet, 99);
  test.bench.command("reload noconfirm").advance(24h);
  test.expect_left(kBotnet, 88);
}

TEST_CASE("a clock set back by more than the reload takes ends the key, by less it does not") {
  for (const bool is_more : {false, true}) {
    LicenceBench test;
    test.issue(kBotnet, "Botnet Traffic Filter", "100");
    test.type(kBotnet);
    test.bench.advance(12h).world("clock",
                                  {{"clock", "back"}, {"by", is_more ? "0:03:01" : "0:03:00"}});
    test.bench.command("reload noconfirm").advance(3min);
    if (is_more) test.expect_gone(kBotnet);
    test.bench.expect_nothing();
    REQUIRE(test.value(LicensedFeature::kBotnetFilter) == (is_more ? 0 : 1));
  }
}

TEST_CASE("the loss of a licence that the device booted with ends in a reload thirty days later") {
  LicenceBench test;
  test.lose_security_plus();
  for (int left = 29; left >= 1; --left) {
    test.bench.advance(24h);
    test.expect_countdown(left);
    REQUIRE(test.value(LicensedFeature::kSecurityPlus) == 1);
  }
  test.bench.advance(24h - 1ns).expect_nothing();
  REQUIRE(test.bench.device().is_booted());
  test.bench.advance(1ns).expect(
      444009, "Security Plus license has expired 30 days ago. The system will now reload.");
  REQUIRE_FALSE(test.bench.device().is_booted());
  test.bench.advance(3min).expect_nothing();
  REQUIRE(test.bench.device().is_booted());
  REQUIRE(test.value(LicensedFeature::kSecurityPlus) == 0);
  test.bench.advance(days(60)).expect_nothing();
}

TEST_CASE("a new key prevents the automatic reload") {
  LicenceBench test;
  test.lose_security_plus();
  test.bench.advance(24h);
  test.expect_countdown(29);
  test.issue(kPeers, "Security Plus", "");
  test.type(kPeers);
  test.bench.advance(days(60)).expect_nothing();
  REQUIRE(test.bench.device().is_booted());
  REQUIRE(test.value(LicensedFeature::kSecurityPlus) == 1);
}

TEST_CASE("a reload by hand ends the countdown") {
  LicenceBench test;
  test.lose_security_plus();
  test.bench.command("reload noconfirm").advance(days(60)).expect_nothing();
  REQUIRE(test.value(LicensedFeature::kSecurityPlus) == 0);
}

TEST_CASE("Security Plus that never came into effect is lost without a countdown") {
  LicenceBench test;
  test.issue(kOther, "Security Plus", "1");
  test.type(kOther);
  REQUIRE(test.bench.output().ends_with(
      "WARNING: The Security Plus license changes after the next reload.\n"));
  REQUIRE(test.value(LicensedFeature::kSecurityPlus) == 0);
  test.bench.advance(24h);
  test.expect_gone(kOther);
  test.bench.advance(days(60)).expect_nothing();
}

TEST_CASE("a permanent key replaces the one before, at once or after a reload") {
  LicenceBench test(Release{}, "Security Plus");
  REQUIRE(test.value(LicensedFeature::kSecurityPlus) == 1);
  test.issue(kPeers, "AnyConnect Premium Peers", "", {{"count", "500"}});
  test.type(kPeers);
  REQUIRE(test.bench.output().ends_with("will become active after the next reload.\n"));
  REQUIRE(test.value(LicensedFeature::kPremiumPeers) == 2);
  test.bench.command("show activation-key | include SAME");
  REQUIRE(test.bench.output() ==
          "The flash permanent activation key is NOT the SAME as the running permanent key.\n");
  test.bench.command("reload noconfirm").advance(3min);
  REQUIRE(test.value(LicensedFeature::kPremiumPeers) == 500);
  REQUIRE(test.value(LicensedFeature::kSecurityPlus) == 0);
  test.issue(kOther, "GTP/GPRS", "");
  test.type(kOther);
  REQUIRE(test.bench.output() ==
          "Validating activation key. This may take a few minutes...\n"
          "Both Running and Flash permanent activation key was updated with the requested key.\n");
  REQUIRE(test.value(LicensedFeature::kGtp) == 1);
  test.type(kOther);
  REQUIRE(test.bench.output() ==
          "Validating activation key. This may take a few minutes...\n"
          "The requested key is the SAME as the flash permanent activation key.\n");
}

TEST_CASE("show activation-key lists the keys, the features and how long they last") {
  LicenceBench test;
  test.issue(kBotnet, "Botnet Traffic Filter", "646");
  test.issue(kPeers, "AnyConnect Premium Peers", "7", {{"count", "25"}});
  test.type(kPeers);
  test.type(std::string(kPeers) + " deactivate");
  test.type(kBotnet);
  test.bench.command("show activation-key detail");
  const std::string text = test.bench.output();
  const std::string serial = text.substr(16, 11);
  REQUIRE(serial.starts_with("JMX"));
  const std::string head = "Serial Number:  " + serial +
                           "\n"
                           "Running Permanent Activation Key: " +
                           kPermanent +
                           " \n"
                           "Running Timebased Activation Key: " +
                           kBotnet + " \n\n";
  const std::string body =
      "Licensed features for this platform:\n"
      "Maximum Physical Interfaces       : Unlimited      perpetual\n"
      "Maximum VLANs                     : 200            perpetual\n"
      "Inside Hosts                      : Unlimited      perpetual\n"
      "Failover                          : Active/Active  perpetual\n"
      "Encryption-DES                    : Enabled        perpetual\n"
      "Encryption-3DES-AES               : Enabled        perpetual\n"
      "Security Contexts                 : 2              perpetual\n"
      "GTP/GPRS                          : Disabled       perpetual\n"
      "AnyConnect Premium Peers          : 2              perpetual\n"
      "AnyConnect Essentials             : Disabled       perpetual\n"
      "Other VPN Peers                   : 750            perpetual\n"
      "Total VPN Peers                   : 750            perpetual\n"
      "Shared License                    : Disabled       perpetual\n"
      "AnyConnect for Mobile             : Disabled       perpetual\n"
      "AnyConnect for Cisco VPN Phone    : Disabled       perpetual\n"
      "Advanced Endpoint Assessment      : Disabled       perpetual\n"
      "Total UC Proxy Sessions           : 2              perpetual\n"
      "Botnet Traffic Filter             : Enabled        646 days\n"
      "Intercompany Media Engine         : Disabled       perpetual\n"
      "IPS Module                        : Disabled       perpetual\n"
      "Cluster                           : Disabled       perpetual\n"
      "\n"
      "This platform has a Base license.\n"
      "\n"
      "The flash permanent activation key is the SAME as the running permanent key.\n"
      "\n"
      "Active Timebased Activation Key:\n";
  const std::string tail = std::string(kBotnet) +
                           " \n"
                           "Botnet Traffic Filter             : Enabled        646 days\n"
                           "\n"
                           "Inactive Timebased Activation Key:\n" +
                           kPeers +
                           " \n"
                           "AnyConnect Premium Peers          : 25             7 days\n";
  REQUIRE(text == head + body + tail);
}

TEST_CASE("show version has the licence rows between uptime and serial number") {
  LicenceBench test;
  test.bench.advance(49h + 5min).command("show version");
  const std::string text = test.bench.output();
  REQUIRE(
      text.starts_with("Cisco Adaptive Security Appliance Software Version 9.20 \n\n"
                       "Config file at boot was \"startup-config\"\n\n"
                       "fw up 2 days 1 hour\n\n"
                       "Hardware:   ASA5525\n\n"
                       "Licensed features for this platform:\n"));
  const std::string end = std::string("Running Permanent Activation Key: ") + kPermanent +
                          " \n"
                          "Configuration register is 0x1\n\n"
                          "Image type                : Release\n"
                          "Key Version               : A\n";
  REQUIRE(text.ends_with(end));
}

TEST_CASE("a release before time-based keys shows one running key and two columns") {
  LicenceBench test(Release{8, 2, 5, 0});
  test.bench.command("show activation-key | include Running");
  REQUIRE(test.bench.output() == std::string("Running Activation Key: ") + kPermanent + " \n");
  test.bench.command("show activation-key | include VLANs");
  REQUIRE(test.bench.output() == "Maximum VLANs                  : 200\n");
  test.bench.command("show version | include Version 8");
  REQUIRE(test.bench.output() == "Cisco Adaptive Security Appliance Software Version 8.2(5) \n");
}

TEST_CASE("a device keeps its serial number and its drawn key over reloads") {
  Bench bench;
  bench.command("show activation-key");
  const std::string before = bench.output();
  bench.command("reload noconfirm").advance(1h).command("show activation-key");
  REQUIRE(bench.output() == before);
}

TEST_CASE("keys beyond the bound are unknown to the device") {
  LicenceBench test;
  for (int i = 1; i <= 65; ++i) {
    test.issue(fmt::format("0x{:x} 0x2 0x3 0x4 0x5", i).c_str(), "Botnet Traffic Filter", "9");
  }
  test.type("0x40 0x2 0x3 0x4 0x5");
  REQUIRE(test.bench.output().ends_with("it has 9 days remaining.\n"));
  test.type("0x41 0x2 0x3 0x4 0x5");
  REQUIRE(test.bench.output().ends_with("not valid for this system.\n"));
}

TEST_CASE("a year of reminders leaves nothing behind") {
  LicenceBench test;
  test.issue(kBotnet, "Botnet Traffic Filter", "366");
  test.type(kBotnet);
  for (int left = 365; left >= 1; --left) {
    test.bench.advance(24h);
    test.expect_left(kBotnet, left);
  }
  test.bench.expect_nothing();
}

TEST_CASE("the smallest model is licensed for ten inside hosts until a key gives it more") {
  Bench bench(kBenchConfig, {}, Release{}, "ASA5505");
  const auto hosts = [&bench] { return bench.device().tables().licence.inside_hosts; };
  REQUIRE(hosts() == 10);
  bench.world("key-issued", {{"key-issued", kPeers}, {"feature", "Inside Hosts"}, {"count", "50"}});
  bench.command(std::string("activation-key ") + kPeers);
  REQUIRE(hosts() == 50);
  bench.world("key-issued", {{"key-issued", kOther}, {"feature", "Inside Hosts"}});
  bench.command(std::string("activation-key ") + kOther);
  REQUIRE(hosts() == 0);
}
