#include "tests/model/asav.hpp"

#include <catch2/catch.hpp>

using namespace asaemu::test;
using namespace std::chrono_literals;
using asaemu::FieldValue;
using asaemu::Release;
using std::chrono::days;

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
      .expect(444305, "%SMART_LIC-5-AUTHORIZATION_EXPIRED: Authorization expired.")
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
  device.expect_nothing().advance(days(1) - 20s);
  device
      .expect(444303,
              "%SMART_LIC-3-ID_CERT_EXPIRED_WARNING: This device's registration will expire in 54 "
              "days, 0 hours, 0 minutes, 28 seconds.")
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
