// An ASAv on the bench, with the words of its Smart Licensing agent.
#pragma once

#include "tests/model/harness.hpp"

#include <string>
#include <utility>
#include <vector>

namespace asaemu::test {

inline const std::string kAsk = "license smart\n feature tier standard\n throughput level 1G\n";
inline const std::string kAskTwo =
    "license smart\n feature tier standard\n throughput level 1G\n feature strong-encryption\n";

inline const char* const kNotAllowed =
    "%SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is not allowed.";
inline const char* const kAllowed =
    "%SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled features is allowed.";
inline const char* const kReady =
    "%SMART_LIC-6-AGENT_READY: Smart Agent for Licensing is initialized.";
inline const char* const kEnabled =
    "%SMART_LIC-6-AGENT_ENABLED: Smart Agent for Licensing is enabled.";
inline const char* const kEvaluation = "%SMART_LIC-5-EVAL_START: Entering evaluation period.";
inline const char* const kRegistered =
    "%SMART_LIC-6-AGENT_REG_SUCCESS: Smart Agent for Licensing Registration with Cisco licensing "
    "cloud successful.";
inline const char* const kRegistrationFailed =
    "%SMART_LIC-3-AGENT_REG_FAILED: Smart Agent for licensing registration with Cisco licensing "
    "cloud failed.";
inline const char* const kCompliant =
    "%SMART_LIC-5-IN_COMPLIANCE: All entitlements are authorized.";
inline const char* const kAuthorized =
    "%SMART_LIC-6-AUTH_RENEW_SUCCESS: Authorization renewal with Cisco licensing cloud successful.";
inline const char* const kAuthorizationFailed =
    "%SMART_LIC-3-AUTH_RENEW_FAILED: Authorization renewal with Cisco licensing cloud failed.";
inline const char* const kLost =
    "%SMART_LIC-3-COMM_FAILED: Communications failure with Cisco licensing cloud.";
inline const char* const kRestored =
    "%SMART_LIC-5-COMM_RESTORED: Communications with Cisco licensing cloud restored.";
inline const char* const kPlatformError = "%SMART_LIC-2-PLATFORM_ERROR: Platform error.";
inline const char* const kInvalidTag = "%SMART_LIC-3-INVALID_TAG: The entitlement tag is invalid.";
inline const char* const kClock =
    "%SMART_LIC-5-SYSTEM_CLOCK_CHANGED: Smart Agent for Licensing System clock has been changed.";
inline const char* const kDaily = "%SMART_LIC-7-DAILY_JOB_TIMER_RESET: Daily job timer reset.";

/// An ASAv on the bench.
class Asav : public Bench {
 public:
  explicit Asav(const std::string& config = kAsk,
                std::vector<std::pair<std::string_view, FieldValue>> options = {},
                Release release = Release{})
      : Bench(kBenchConfig + ("logging standby\n" + config), std::move(options), release, "ASAv") {}

  /// Lets the agent come up, with this many licences to be evaluated.
  Asav& boot(int licences = 1) {
    advance(std::chrono::seconds(10));
    expect(444306, kNotAllowed).expect(444306, kReady).expect(444306, kEnabled);
    expect(444306, kNotAllowed);
    for (int i = 0; i < licences; ++i) expect(444305, kEvaluation);
    expect_nothing();
    return *this;
  }

  Asav& enrol() {
    command("license smart register idtoken TOKEN").advance(std::chrono::seconds(20));
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

}  // namespace asaemu::test
