#include "model/state/licensing_cloud.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;
using Result = CloudAnswer::Result;

namespace {

CloudAnswer enrol(LicensingCloud& cloud, std::string_view token) {
  return cloud.answer({.request = AgentRequest::kRegister, .token = token, .time = {}});
}

CloudAnswer ask(LicensingCloud& cloud, AgentRequest request) {
  return cloud.answer({.request = request, .token = {}, .time = {}});
}

}  // namespace

TEST_CASE("a licence is in compliance up to the last one bought, then in overage, then out") {
  LicensingCloud cloud;
  REQUIRE(enrol(cloud, "T").result == Result::kGranted);
  const auto compliance = [&cloud](std::uint64_t in_use) {
    cloud.set_account(1, {.purchased = 10, .in_use = in_use, .overage = 2});
    return ask(cloud, AgentRequest::kAuthorize).compliance[1];
  };
  CHECK(compliance(9) == Compliance::kAuthorized);
  CHECK(compliance(10) == Compliance::kOverage);
  CHECK(compliance(11) == Compliance::kOverage);
  CHECK(compliance(12) == Compliance::kOutOfCompliance);
}

TEST_CASE("a licence that was never bought is out of compliance at once") {
  LicensingCloud cloud;
  enrol(cloud, "T");
  cloud.set_account(0, {.purchased = 0});
  CHECK(ask(cloud, AgentRequest::kAuthorize).compliance[0] == Compliance::kOutOfCompliance);
}

TEST_CASE("the cloud knows a device from its registration until it is taken off the account") {
  LicensingCloud cloud;
  CHECK(ask(cloud, AgentRequest::kAuthorize).result == Result::kUnknownDevice);
  enrol(cloud, "T");
  CHECK(ask(cloud, AgentRequest::kAuthorize).result == Result::kGranted);
  cloud.remove_device();
  CHECK(ask(cloud, AgentRequest::kRenewCertificate).result == Result::kUnknownDevice);
  enrol(cloud, "T");
  CHECK(ask(cloud, AgentRequest::kDeregister).result == Result::kGranted);
  CHECK(ask(cloud, AgentRequest::kDeregister).result == Result::kUnknownDevice);
}

TEST_CASE("a cloud that cannot be reached or trusted registers nobody") {
  LicensingCloud cloud;
  cloud.set_reach(LicensingCloud::Reach::kSilent);
  CHECK(enrol(cloud, "T").result == Result::kSilent);
  cloud.set_reach(LicensingCloud::Reach::kUnresolvable);
  CHECK(enrol(cloud, "T").result == Result::kUnresolvable);
  cloud.set_reach(LicensingCloud::Reach::kReachable);
  cloud.set_proof(LicensingCloud::Proof::kUntrusted);
  CHECK(enrol(cloud, "T").result == Result::kUntrusted);
  cloud.set_proof(LicensingCloud::Proof::kWrongRoot);
  CHECK(enrol(cloud, "T").result == Result::kWrongRoot);
  cloud.set_proof(LicensingCloud::Proof::kTrusted);
  CHECK(ask(cloud, AgentRequest::kAuthorize).result == Result::kUnknownDevice);
}

TEST_CASE("a certificate is valid for a year by the cloud's own clock") {
  LicensingCloud cloud;
  const auto now = *parse_calendar("2026-11-20T08:00:00Z");
  const auto answer = cloud.answer({.request = AgentRequest::kRegister, .token = "T", .time = now});
  CHECK(answer.certificate.from == now);
  CHECK(answer.certificate.until == *parse_calendar("2027-11-20T08:00:00Z"));
}

TEST_CASE("the portal remembers the newest tokens and forgets the oldest") {
  LicensingCloud cloud;
  cloud.set_token({.text = "first", .is_valid = false});
  for (std::size_t i = 1; i < LicensingCloud::kTokenBound; ++i) {
    cloud.set_token({.text = fmt::format("t{}", i), .is_valid = false});
  }
  CHECK(enrol(cloud, "first").result == Result::kBadToken);
  cloud.set_token({.text = "t1", .is_valid = false});
  CHECK(enrol(cloud, "first").result == Result::kBadToken);
  cloud.set_token({.text = "one more", .is_valid = false});
  CHECK(enrol(cloud, "first").result == Result::kGranted);
  CHECK(enrol(cloud, "one more").result == Result::kBadToken);
}
