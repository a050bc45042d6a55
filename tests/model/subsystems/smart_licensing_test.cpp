#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using asaemu::FieldValue;
using asaemu::Release;
using std::chrono::days;

namespace {

const std::string kAsk = "license smart\n feature tier standard\n throughput level 1G\n";
const std::string kAskTwo =
    "license smart\n feature tier standard\n throughput level 1G\n feature strong-encryption\n";

const char* const kNotAllowed =
    "%SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is not allowed.";
const char* const kAllowed =
    "%SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is allowed.";
const char* const kReady = "%SMART_LIC-6-AGENT_READY: Smart Agent for Licensing is initialized.";
const char* const kEnabled = "%SMART_LIC-6-AGENT_ENABLED: Smart Agent for Licensing is enabled.";
const char* const kEvaluation = "%SMART_LIC-5-EVAL_START: Entering evaluation period.";
const char* const kRegistered =
    "%SMART_LIC-6-AGENT_REG_SUCCESS: Smart Agent for Licensing Registration with Cisco licensing "
    "cloud successful.";
const char* const kRegistrationFailed =
    "%SMART_LIC-3-AGENT_REG_FAILED: Smart Agent for licensing registration with Cisco licensing "
    "cloud failed.";
const char* const kCompliant = "%SMART_LIC-5-IN_COMPLIANCE: All entitlements are authorized.";
const char* const kAuthorized =
    "%SMART_LIC-6-AUTH_RENEW_SUCCESS: Authorization renewal with Cisco licensing cloud successful.";
const char* const kAuthorizationFailed =
    "%SMART_LIC-3-AUTH_RENEW_FAILED: Authorization renewal with Cisco licensing cloud failed.";
const char* const kLost =
    "%SMART_LIC-3-COMM_FAILED: Communications failure with Cisco licensing cloud.";
const char* const kRestored =
    "%SMART_LIC-5-COMM_RESTORED: Communications with Cisco licensing cloud restored.";
const char* const kPlatformError = "%SMART_LIC-2-PLATFORM_ERROR: Platform error.";
const char* const kInvalidTag = "%SMART_LIC-3-INVALID_TAG: The entitlement tag is invalid.";
const char* const kClock =
    "%SMART_LIC-5-SYSTEM_CLOCK_CHANGED: Smart Agent for Licensing System clock has been changed.";
const char* const kDaily = "%SMART_LIC-7-DAILY_JOB_TIMER_RESET: Daily job timer reset.";

/// An ASAv on the bench.
class Asav : public asaemu::test::Bench {
 public:
  explicit Asav(const std::string& config = kAsk,
                std::vector<std::pair<std::string_view, FieldValue>> options = {},
                Release release = Release{})
      : Bench(asaemu::test::kBenchConfig + config, std::move(options), release, "ASAv") {}

  /// Lets the agent come up, with this many licences to be evaluated.
  Asav& boot(int licences = 1) {
    advance(10s);
    expect(444306, kNotAllowed).expect(444306, kReady).expect(444306, kEnabled);
    expect(444306, kNotAllowed);
    for (int i = 0; i < licences; ++i) expect(444305, kEvaluation);
    expect_nothing();
    return *this;
  }

  Asav& enrol() {
    command("license smart register idtoken TOKEN").advance(20s);
    expect(444306, kRegistered).expect(444306, kAllowed);
    expect(444305, kCompliant).expect(444306, kAuthorized).expect_nothing();
    return *this;
  }

  /// Makes the cloud answer, or not.
  Asav& cloud(const std::string& reach, const std::string& certificate = "trusted") {
    world("licensing-cloud", {{"licensing-cloud", reach}, {"certificate", certificate}});
    return *this;
  }

  /// The account's holding of the licence that the device asks for.
  Asav& account(const std::vector<std::pair<std::string, std::string>>& holding) {
    std::vector<std::pair<std::string, std::string>> parameters{
        {"licensing-account", "ASAv-STD-1G"}};
    parameters.insert(parameters.end(), holding.begin(), holding.end());
    world("licensing-account", parameters);
    return *this;
  }

  Asav& role(const std::string& role, const std::string& of = "unit") {
    world("failover-role", {{"failover-role", role}, {"of", of}});
    return *this;
  }

  /// Types lines of configuration.
  Asav& configure(std::vector<std::string> lines) {
    lines.insert(lines.begin(), "configure terminal");
    commands(lines);
    return *this;
  }
};

}  // namespace

TEST_CASE("a booted ASAv announces its agent and enters evaluation for what it asks for") {
  Asav device;
  device.boot();
}

TEST_CASE("an ASAv that asks for two licences enters evaluation twice, for none not at all") {
  Asav(kAskTwo).boot(2);
  Asav("").boot(0);
  Asav("license smart\n feature tier standard\n").boot(0);
}

TEST_CASE("an agent of the 1.x line says no more than that it is ready") {
  Asav device(kAsk, {}, Release{.major = 9, .minor = 8});
  device.advance(10s);
  device.expect(444306, kReady).expect(444305, kEvaluation).expect_nothing();
}

TEST_CASE("a token registers the device, and its licences follow some seconds later") {
  Asav device;
  device.boot().command("license smart register idtoken TOKEN");
  CHECK(device.output() ==
        "Registration process is in progress. Use the 'show license status' command to check the "
        "progress and result\n");
  device.advance(5s).expect(444306, kRegistered).expect(444306, kAllowed).expect_nothing();
  device.advance(15s).expect(444305, kCompliant).expect(444306, kAuthorized).expect_nothing();
}

TEST_CASE("a second registration is left undone unless it is forced") {
  Asav device;
  device.boot().enrol();
  device.command("license smart register idtoken OTHER")
      .expect(444306,
              "%SMART_LIC-6-AGENT_ALREADY_REGISTER: Smart Agent is already registered with the "
              "Cisco licensing cloud.")
      .advance(20s)
      .expect_nothing();
  device.command("license smart register idtoken OTHER force").advance(20s);
  device.expect(444306, kRegistered).expect(444306, kAllowed);
  device.expect(444305, kCompliant).expect(444306, kAuthorized).expect_nothing();
}

TEST_CASE("a token that has expired registers nobody and is not tried again") {
  Asav device;
  device.boot().world("licensing-token", {{"licensing-token", "OLD"}, {"state", "expired"}});
  device.command("license smart register idtoken OLD").advance(5s);
  device.expect(444303, kRegistrationFailed).advance(2h).expect_nothing();
  device.command("show license status | begin Registration");
  CHECK(
      device.output().starts_with("Registration:\n"
                                  "  Status: UNREGISTERED - REGISTRATION FAILED\n"
                                  "  Export-Controlled Functionality: NOT ALLOWED\n"
                                  "  Initial Registration: FAILED on Nov 20 2026 08:00:1"));
  device.command("show license status | include reason");
  CHECK(device.output() == "    Failure reason: {\"token\":[\"The token 'OLD' is not valid.\"]}\n");
}

TEST_CASE("a token may forbid strong encryption") {
  Asav device;
  device.boot().world("licensing-token", {{"licensing-token", "T"}, {"export", "not-allowed"}});
  device.command("license smart register idtoken T").advance(5s);
  device.expect(444306, kRegistered).expect(444306, kNotAllowed).expect_nothing();
}

TEST_CASE("a registration that found no cloud is tried again after a quarter of an hour") {
  Asav device;
  device.boot().cloud("silent").command("license smart register idtoken TOKEN");
  device.advance(29s).expect_nothing();
  device.advance(1s).expect(444303, kLost).expect(444303, kRegistrationFailed).expect_nothing();
  device.cloud("reachable").advance(15min).advance(80s);
  device.expect(444305, kRestored).expect(444306, kRegistered).expect(444306, kAllowed);
  device.expect(444305, kCompliant).expect(444306, kAuthorized).expect_nothing();
}

TEST_CASE("a device that is deregistered is in evaluation again") {
  Asav device;
  device.boot().enrol().command("license smart deregister").advance(5s);
  device
      .expect(444306,
              "%SMART_LIC-6-AGENT_DEREG_SUCCESS: Smart Agent for Licensing De-registration with "
              "Cisco licensing cloud successful.")
      .expect(444306, kNotAllowed)
      .expect(444305, kEvaluation)
      .expect_nothing();
  device.command("license smart deregister")
      .expect(444306,
              "%SMART_LIC-6-AGENT_ALREADY_DEREGISTER: Smart Agent is already Deregistered with the "
              "CSSM.")
      .expect_nothing();
}

TEST_CASE("a device that cannot tell the cloud forgets its registration all the same") {
  Asav device;
  device.boot().enrol().cloud("silent").command("license smart deregister").advance(30s);
  device.expect(444303, kLost)
      .expect(444303,
              "%SMART_LIC-3-AGENT_DEREG_FAILED: Smart Agent for licensing deregistration with CSSM "
              "failed.")
      .expect(444306, kNotAllowed)
      .expect(444305, kEvaluation)
      .expect_nothing();
}

TEST_CASE("a device that was taken off the account learns so when it asks") {
  Asav device;
  device.boot().enrol().world("licensing-portal", {{"licensing-portal", "removes-device"}});
  device.command("license smart renew auth").advance(5s);
  device.expect(444303, kAuthorizationFailed).expect_nothing();
  device.command("license smart deregister").advance(5s);
  device
      .expect(444306,
              "%SMART_LIC-6-AGENT_ALREADY_DEREGISTER: Smart Agent is already Deregistered with the "
              "CSSM.")
      .expect(444306, kNotAllowed)
      .expect(444305, kEvaluation)
      .expect_nothing();
}

TEST_CASE("loss of the cloud is told once, each attempt that fails every time, and the return") {
  Asav device;
  device.boot().enrol().cloud("unresolvable").command("license smart renew auth").advance(5s);
  device.expect(444303, kLost).expect(444303, kAuthorizationFailed).expect_nothing();
  device.advance(30s).expect(444303, kAuthorizationFailed).expect_nothing();
  device.cloud("reachable").advance(62s);
  device.expect(444305, kRestored).expect(444306, kAuthorized).expect_nothing();
}

TEST_CASE("an agent that names reasons says why it cannot reach the cloud") {
  Asav device(kAsk, {{"smart-failure-reason", std::string("yes")}});
  device.boot().enrol().cloud("unresolvable").command("license smart renew auth").advance(5s);
  device
      .expect(
          444303,
          "%SMART_LIC-3-COMM_FAILED: Communications failure with Cisco licensing cloud : Unable "
          "to resolve server hostname/domain name.")
      .expect(444303, kAuthorizationFailed);
}

TEST_CASE("a device that may not call home cannot even begin") {
  Asav device;
  device.boot().enrol().configure({"no service call-home"});
  device.command("license smart renew auth").advance(0s);
  device
      .expect(444305,
              "%SMART_LIC-5-COMM_INIT_FAILED: Failed to initialize communications with the Cisco "
              "Licensing Cloud.")
      .expect(444303, kAuthorizationFailed)
      .expect_nothing();
  device.configure({"service call-home"}).command("license smart renew auth").advance(5s);
  device.expect(444305, kRestored).expect(444306, kAuthorized).expect_nothing();
}

TEST_CASE("a cloud that cannot prove itself is not believed") {
  Asav device;
  device.boot().enrol().cloud("reachable", "untrusted").command("license smart renew id");
  const char* const failed =
      "%SMART_LIC-3-ID_CERT_RENEW_FAILED: Identity certificate renewal failed.";
  device.advance(5s)
      .expect(444303,
              "%SMART_LIC-3-CERTIFICATE_VALIDATION: Certificate validation failed by smart agent.")
      .expect(444303, failed)
      .expect_nothing();
  device.cloud("reachable", "wrong-root").command("license smart renew id").advance(5s);
  device.expect(444303, "%SMART_LIC-3-ROOT_CERT_MISMATCH_PROD: Certificate type mismatch.")
      .expect(444303, failed)
      .expect_nothing();
  device.cloud("reachable").command("license smart renew id").advance(5s);
  device
      .expect(444306,
              "%SMART_LIC-6-ID_CERT_RENEW_SUCCESS: Identity certificate renewal successful.")
      .expect_nothing();
}

TEST_CASE("compliance is told when it changes and asked for twice a day while it is lacking") {
  Asav device;
  device.boot().enrol().account({{"purchased", "10"}, {"in-use", "10"}, {"overage", "1"}});
  device.command("license smart renew auth").advance(5s);
  device.expect(444304, "%SMART_LIC-4-IN_OVERAGE: One or more entitlements are in overage.")
      .expect(444306, kAuthorized)
      .expect_nothing();
  device.account({{"purchased", "10"}, {"in-use", "11"}, {"overage", "1"}});
  device.world("licensing-notice", {{"licensing-notice", "authorize-anew"}}).advance(5s);
  device
      .expect(444303,
              "%SMART_LIC-3-OUT_OF_COMPLIANCE: One or more entitlements are out of compliance.")
      .expect(444306, kAuthorized)
      .expect_nothing();
  device.command("show license usage");
  CHECK(device.output() ==
        "License Usage\n==============\n\n"
        "ASAv10 Standard - 1G (ASAv-STD-1G):\n"
        "  Description: ASAv10 Standard - 1G\n"
        "  Count: 1\n"
        "  Version: 1.0\n"
        "  Status: OUT OF COMPLIANCE\n"
        "  Export status: NOT RESTRICTED\n\n");
  device.advance(12h).expect(444306, kAuthorized).expect_nothing();
  device.account({}).advance(12h);
  device.expect(444307, kDaily).expect(444305, kCompliant).expect(444306, kAuthorized);
  device.expect_nothing();
}

TEST_CASE("a licence that the portal does not list is an invalid tag") {
  Asav device;
  device.boot().enrol().account({{"entry", "missing"}}).command("license smart renew auth");
  device.advance(5s).expect(444303, kInvalidTag).expect(444303, kAuthorizationFailed);
  device.expect_nothing();
}

TEST_CASE("an enforcement mode and a request that the agent does not know are told") {
  Asav device;
  device.boot().enrol().account({{"entry", "unknown-mode"}}).command("license smart renew auth");
  device.advance(5s)
      .expect(444303, "%SMART_LIC-3-BAD_MODE: An unknown mode was specified.")
      .expect(444306, kAuthorized)
      .expect_nothing();
  device.world("licensing-notice", {{"licensing-notice", "unknown"}})
      .expect(444303, "%SMART_LIC-3-BAD_NOTIF: A bad notification type was specified.")
      .expect_nothing();
}

TEST_CASE("a changed licence is asked for at once, and told as an entitlement") {
  Asav device;
  device.boot().enrol().configure({"license smart", "throughput level 2G"});
  device.advance(5s)
      .expect(
          444306,
          "%SMART_LIC-6-ENTITLEMENT_RENEW_SUCCESS: Entitlement authorization renewal with Cisco "
          "licensing cloud successful.")
      .expect_nothing();
  device.world("licensing-account", {{"licensing-account", "ASAv-STD-10G"}, {"entry", "missing"}});
  device.configure({"license smart", "throughput level 10G"}).advance(5s);
  device.expect(444303, kInvalidTag)
      .expect(
          444303,
          "%SMART_LIC-3-ENTITLEMENT_RENEW_FAILED: Entitlement authorization with Cisco licensing "
          "cloud failed.")
      .expect_nothing();
}

TEST_CASE("a licence that is added in evaluation enters it, and one that is taken away leaves it") {
  Asav device("");
  device.boot(0).configure({"license smart", "feature tier standard", "throughput level 1G"});
  device.expect_nothing().advance(1s).expect(444305, kEvaluation).expect_nothing();
  device.configure({"license smart", "feature strong-encryption"}).advance(1s);
  device.expect(444305, kEvaluation).expect_nothing();
  device.command("show license status | include EVAL");
  CHECK(device.output() == "  Status: EVAL MODE\n");
  device.configure({"no license smart"})
      .advance(1s)
      .command("show license status | include Status");
  device.expect_nothing();
  CHECK(device.output().find("No Licenses in Use") != std::string::npos);
}

TEST_CASE("a licence change that is not saved is told once a day until it is") {
  Asav device("");
  device.boot(0).configure({"license smart", "feature tier standard"});
  device.advance(days(1))
      .expect(444304,
              "%SMART_LIC-4-CONFIG_NOT_SAVED: Smart Licensing configuration has not been saved.")
      .expect(444307, kDaily)
      .expect_nothing();
  device.command("write memory").advance(days(1)).expect(444307, kDaily).expect_nothing();
}

TEST_CASE("the end of the evaluation period is warned of, told, and remembered daily") {
  Asav device(kAsk, {{"smart-evaluation-warning", FieldValue{asaemu::SimDuration(days(1))}}});
  device.boot().command("show license status | include Remaining");
  CHECK(
      device.output().starts_with("  Evaluation Period Remaining: 89 days, 23 hours, 59 minutes"));
  for (int day = 1; day < 89; ++day) device.advance(days(1)).expect(444307, kDaily);
  device.advance(days(1))
      .expect(444303,
              "%SMART_LIC-3-EVAL_WILL_EXPIRE_WARNING: Evaluation period will expire in 1 days, 0 "
              "hours, 0 minutes, 0 seconds.")
      .expect(444307, kDaily)
      .expect_nothing();
  device.advance(days(1)).expect(444307, kDaily);
  device.expect(444303, "%SMART_LIC-3-EVAL_EXPIRED: Evaluation period expired.").expect_nothing();
  const std::string status = "  Status: EVAL EXPIRED on ";
  device.command("show license status | include EVAL");
  REQUIRE(device.output().starts_with(status + "Feb 18 2027 08:00:0"));
  const std::string date = device.output().substr(status.size(), 24);
  device.advance(days(1))
      .expect(444303,
              "%SMART_LIC-3-EVAL_EXPIRED_WARNING: Evaluation period expired on " + date + ".")
      .expect(444307, kDaily)
      .expect_nothing();
}

TEST_CASE("a clock set out of the registration's dates ends it after an hour") {
  Asav device;
  device.boot().enrol().world("clock", {{"clock", "ahead"}, {"by", "9600:00:00"}});
  device.expect(444305, kClock)
      .expect(444303,
              "%SMART_LIC-3-REG_EXPIRED_CLOCK_CHANGE: Smart Licensing registration has expired "
              "because the system time was changed outside the validity period of the registration "
              "period. The agent will transition to the un-registered state in 60 minutes.")
      .expect_nothing();
  device.advance(60min - 1ns).expect_nothing();
  device.advance(1ns).expect(444306, kNotAllowed).expect(444305, kEvaluation).expect_nothing();
}

TEST_CASE("a clock that is behind the certificate fails the registration") {
  Asav device;
  device.boot().world("clock", {{"clock", "back"}, {"by", "24:00:00"}}).expect(444305, kClock);
  device.command("license smart register idtoken TOKEN").advance(5s);
  device
      .expect(444303,
              "%SMART_LIC-3-ID_CERT_RENEW_NOT_STARTED: Identity certificate start date not reached "
              "yet.")
      .expect(444303, kRegistrationFailed)
      .expect_nothing();
}

TEST_CASE("a standby unit is told its roles, and what it cannot make sense of") {
  Asav device;
  device.boot().enrol().role("standby");
  device.expect(444306, "%SMART_LIC-6-HA_ROLE_CHANGED: Smart Agent HA role changed to Standby.");
  device.role("standby", "chassis")
      .expect(444306,
              "%SMART_LIC-6-HA_CHASSIS_ROLE_CHANGED: Smart Agent HA chassis role changed to "
              "Standby.")
      .expect_nothing();
  for (int i = 0; i < 2; ++i) device.world("failover-sync", {{"failover-sync", "unreadable"}});
  device
      .expect(
          444303,
          "%SMART_LIC-3-HOT_STANDBY_OUT_OF_SYNC: Smart Licensing agent on hot standby is out of "
          "sync with active Smart Licensing agent.")
      .expect_nothing();
  device.role("active").advance(5s);
  device.expect(444306, "%SMART_LIC-6-HA_ROLE_CHANGED: Smart Agent HA role changed to Active.");
  device.expect(444306, kAuthorized);
  device.expect(444306,
                "%SMART_LIC-6-ID_CERT_RENEW_SUCCESS: Identity certificate renewal successful.");
  device.role("failed").expect_nothing();
  device.role("active");
  device.expect(
      444303,
      "%SMART_LIC-3-INVALID_ROLE_STATE: The current role is not allowed to move to the new role.");
  device.expect_nothing();
}

TEST_CASE("a reservation switches the agent off, and its end on again") {
  Asav device;
  device.boot().configure({"license smart reservation"}).advance(1s);
  device.expect(444306, "%SMART_LIC-6-DISABLED: Smart Agent for Licensing disabled.");
  device.command("show license status | include Smart Licensing is");
  CHECK(device.output() == "Smart Licensing is DISABLED\n");
  device.command("license smart register idtoken TOKEN").advance(days(30)).expect_nothing();
  device.configure({"no license smart reservation"}).advance(2s);
  device.expect(444306, kEnabled).expect(444306, kNotAllowed).expect(444305, kEvaluation);
  device.expect_nothing();
}

TEST_CASE("a reservation that was not saved leaves the storage out of step after a reload") {
  Asav device;
  device.boot().configure({"license smart reservation"}).advance(1s);
  device.expect(444306, "%SMART_LIC-6-DISABLED: Smart Agent for Licensing disabled.");
  device.command("reload").advance(5min);
  device.expect(444306, kNotAllowed).expect(444306, kReady).expect(444306, kEnabled);
  device.expect(444306, kNotAllowed)
      .expect(444303,
              "%SMART_LIC-3-CONFIG_OUT_OF_SYNC: Trusted Store Enable flag not in sync with System "
              "Configuration, TS 0 Config 1.")
      .expect(444305, kEvaluation)
      .expect_nothing();
}

TEST_CASE("a registration outlives a reload, with its dates and the roles of the pair") {
  Asav device;
  device.boot().enrol().role("active");
  device.expect(444306, "%SMART_LIC-6-HA_ROLE_CHANGED: Smart Agent HA role changed to Active.");
  device.command("show license all");
  const std::string before = device.output();
  device.command("reload").advance(5min);
  device.expect(444306, kAllowed).expect(444306, kReady).expect(444306, kEnabled);
  device.expect(444306, kAllowed);
  device.expect(444306, "%SMART_LIC-6-HA_ROLE_CHANGED: Smart Agent HA role changed to Active.");
  device.expect_nothing().command("show license all");
  CHECK(device.output() == before);
}

TEST_CASE("deadlines that pass while the device is off are kept when it is back") {
  Asav device;
  device.boot().enrol().world("power", {{"power", "off"}}).advance(days(100));
  device.world("power", {{"power", "on"}}).advance(5min);
  device.expect(444306, kAllowed).expect(444306, kReady).expect(444306, kEnabled);
  device.expect(444306, kAllowed);
  device.expect(444305, "%SMART_LIC-5-AUTHORIZATION_EXPIRED: Authorization expired.");
  device.expect(444305, kCompliant).expect(444306, kAuthorized).expect_nothing();
}

TEST_CASE("a platform without a working storage has no agent") {
  Asav device;
  device.boot().world("trusted-store", {{"trusted-store", "failing"}});
  device.command("license smart register idtoken TOKEN").advance(5s);
  device.expect(444302, kPlatformError).expect(444303, kRegistrationFailed).expect_nothing();
  device.command("reload").advance(5min).expect(444302, kPlatformError).expect_nothing();
  device.command("license smart register idtoken TOKEN").advance(5s);
  device.expect(444302, kPlatformError).expect(444303, kRegistrationFailed).expect_nothing();
}

TEST_CASE("a registration that ended while the device was off is told at boot") {
  Asav device;
  device.boot().enrol().world("power", {{"power", "off"}}).advance(days(366));
  device.world("power", {{"power", "on"}}).advance(5min);
  device.expect(444306, kAllowed).expect(444306, kReady).expect(444306, kEnabled);
  device.expect(444306, kAllowed)
      .expect(
          444303,
          "%SMART_LIC-3-ID_CERT_EXPIRED: Identity certificate expired. Agent will transition to "
          "the unidentified (not registered) state.")
      .expect(444306, kNotAllowed)
      .expect(444305, kEvaluation)
      .expect_nothing();
}

TEST_CASE("a clock far ahead of the cloud's brings the end of the registration near") {
  Asav device;
  device.boot().enrol().world("clock", {{"clock", "ahead"}, {"by", "7440:00:00"}});
  const char* const expired = "%SMART_LIC-5-AUTHORIZATION_EXPIRED: Authorization expired.";
  device.expect(444305, kClock).expect(444305, expired).advance(5s);
  // What the cloud grants at once ends by its own clock: the authorization is over already.
  device.expect(444306,
                "%SMART_LIC-6-ID_CERT_RENEW_SUCCESS: Identity certificate renewal successful.");
  device.expect(444305, kCompliant).expect(444306, kAuthorized).expect(444305, expired);
  device.expect_nothing().advance(days(1) - 1min);
  device
      .expect(444303,
              "%SMART_LIC-3-ID_CERT_EXPIRED_WARNING: This device's registration will expire in 54 "
              "days, 0 hours, 0 minutes, 22 seconds.")
      .expect(444307, kDaily)
      .expect_nothing();
}

TEST_CASE("an ASA that is no ASAv has no agent") {
  asaemu::test::Bench device;
  for (const char* const command : {"license smart register idtoken T", "license smart deregister",
                                    "license smart renew id", "show license all"}) {
    device.command(command).expect_nothing();
    CHECK(device.output() == "ERROR: Smart licensing is not supported on this platform\n");
  }
  device.commands({"configure terminal", "license smart"});
  CHECK(device.output() == "ERROR: Smart licensing is not supported on this platform\n");
  device.advance(days(2)).expect_nothing();
}

TEST_CASE("show license summary has a line for each licence") {
  Asav device(kAskTwo);
  device.boot(2).command("show license summary | begin Usage");
  CHECK(device.output() ==
        "License Usage:\n"
        "  License                 Entitlement tag             Count Status\n"
        "  -----------------------------------------------------------------------------\n"
        "  ASAv10 Standard - 1G    (ASAv-STD-1G)                   1 EVAL MODE\n"
        "  ASAv Strong Encryption  (ASAv-STRONG-ENCRYPTION)        1 EVAL MODE\n");
  device.command("show license udi");
  CHECK(device.output().starts_with("UDI: PID:ASAv,SN:9A"));
}

TEST_CASE("show license all is laid out as an agent of the 1.x line prints it") {
  Asav device("license smart\n feature tier standard\n throughput level 100M\n", {},
              Release{.major = 9, .minor = 10});
  device.advance(10s).expect(444306, kReady).expect(444305, kEvaluation);
  device.command("show license all");
  const std::string evaluation = device.output();
  const auto serial = evaluation.substr(evaluation.find("SN:") + 3, 11);
  CHECK(
      evaluation.starts_with("\nSmart Licensing Status\n======================\n\n"
                             "Smart Licensing is ENABLED\n\n"
                             "Registration:\n"
                             "  Status: UNREGISTERED\n"
                             "  Export-Controlled Functionality: Not Allowed\n\n"
                             "License Authorization: \n"
                             "  Status: EVAL MODE\n"
                             "  Evaluation Period Remaining: 89 days, 23 hours, 59 minutes, 5"));
  CHECK(
      evaluation.ends_with(" seconds\n\nLicense Usage\n==============\n\n"
                           "(ASAv-STD-100M):\n"
                           "  Description: \n"
                           "  Count: 1\n"
                           "  Version: 1.0\n"
                           "  Status: EVAL MODE\n\n"
                           "Product Information\n===================\n"
                           "UDI: PID:ASAv,SN:" +
                           serial +
                           "\n\nAgent Version\n=============\n"
                           "Smart Agent for Licensing: 1.6.14_rel/129\n"));
  // The captured device's clock was six minutes ahead of the cloud's.
  device.world("clock", {{"clock", "ahead"}, {"by", "0:06:04"}}).expect(444305, kClock);
  device.enrol();
  device.command("show license all");
  CHECK(device.output() ==
        "\nSmart Licensing Status\n======================\n\n"
        "Smart Licensing is ENABLED\n\n"
        "Registration:\n"
        "  Status: REGISTERED\n"
        "  Smart Account: EXAMPLE LLC\n"
        "  Virtual Account: DEFAULT\n"
        "  Export-Controlled Functionality: Allowed\n"
        "  Initial Registration: SUCCEEDED on Nov 20 08:06:16 2026 UTC\n"
        "  Last Renewal Attempt: None\n"
        "  Next Renewal Attempt: May 19 08:06:15 2027 UTC\n"
        "  Registration Expires: Nov 20 08:00:12 2027 UTC\n\n"
        "License Authorization: \n"
        "  Status: AUTHORIZED on Nov 20 08:06:23 2026 UTC\n"
        "  Last Communication Attempt: SUCCESS on Nov 20 08:06:23 2026 UTC\n"
        "  Next Communication Attempt: Dec 20 08:06:22 2026 UTC\n"
        "  Communication Deadline: Feb 18 08:00:19 2027 UTC\n\n"
        "License Usage\n==============\n\n"
        "ASAv5 Standard - 100M (ASAv-STD-100M):\n"
        "  Description: ASAv5 Standard - 100M\n"
        "  Count: 1\n"
        "  Version: 1.0\n"
        "  Status: AUTHORIZED\n\n"
        "Product Information\n===================\n"
        "UDI: PID:ASAv,SN:" +
            serial +
            "\n\nAgent Version\n=============\n"
            "Smart Agent for Licensing: 1.6.14_rel/129\n");
}
