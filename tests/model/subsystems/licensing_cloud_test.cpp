#include "tests/model/asav.hpp"

#include <catch2/catch.hpp>

using namespace asaemu::test;
using namespace std::chrono_literals;

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
