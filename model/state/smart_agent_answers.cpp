// What the Smart Licensing agent makes of the cloud's answers, and of their absence.
#include "model/state/smart_agent.hpp"

#include <fmt/format.h>

namespace asaemu {

using namespace std::chrono_literals;

namespace {

/// Why something failed, as `show license all` prints it. The first is captured (E.3), the others
/// are the cloud's and the agent's usual words (inferred).
std::string describe_failure(const CloudAnswer& answer, std::string_view token) {
  switch (answer.result) {
    case CloudAnswer::Result::kGranted:
      return "Invalid data in the response";
    case CloudAnswer::Result::kNoTransport:
    case CloudAnswer::Result::kUnresolvable:
    case CloudAnswer::Result::kSilent:
      return "Communication message send error";
    case CloudAnswer::Result::kUntrusted:
    case CloudAnswer::Result::kWrongRoot:
      return "Certificate validation failed";
    case CloudAnswer::Result::kBadToken:
      return fmt::format("{{\"token\":[\"The token '{}' is not valid.\"]}}", token);
    case CloudAnswer::Result::kUnknownDevice:
      return "Product instance not found";
  }
  return {};
}

}  // namespace

void SmartAgent::receive_notice(bool is_known) {
  if (!is_serving() || !store_.is_registered) return;
  if (is_known) {
    send(AgentRequest::kAuthorize);
  } else {
    tell(AgentNotice::kBadNotification);
  }
}

void SmartAgent::receive_answer(const AgentMoment& now, AgentRequest request,
                                const CloudAnswer& answer) {
  if (!in_flight(request)) return;
  in_flight_.reset(static_cast<std::size_t>(request));
  const bool is_granted = hear(answer);
  switch (request) {
    case AgentRequest::kRegister:
      return finish_registration(now, answer, is_granted);
    case AgentRequest::kDeregister:
      return finish_deregistration(now, answer, is_granted);
    case AgentRequest::kRenewCertificate:
      return finish_renewal(now, answer, is_granted);
    case AgentRequest::kAuthorize:
    case AgentRequest::kEntitle:
      return finish_authorization(now, request, answer, is_granted);
  }
}

/// Takes note of the connection; true if the cloud did as it was asked. Loss and return are told
/// once, doubts about the cloud's certificate each time.
bool SmartAgent::hear(const CloudAnswer& answer) {
  using Result = CloudAnswer::Result;
  if (answer.result == Result::kNoTransport) {
    if (std::exchange(link_, Link::kNoTransport) != Link::kNoTransport) {
      tell(AgentNotice::kCommunicationInitFailed);
    }
    return false;
  }
  if (answer.is_failed_communication()) {
    if (std::exchange(link_, Link::kLost) != Link::kLost) {
      tell({.notice = AgentNotice::kCommunicationFailed,
            .reason = answer.result == Result::kUnresolvable
                          ? "Unable to resolve server hostname/domain name"
                          : "Communications failure"});
    }
    return false;
  }
  if (std::exchange(link_, Link::kUp) != Link::kUp) tell(AgentNotice::kCommunicationRestored);
  if (answer.result == Result::kUntrusted) tell(AgentNotice::kCertificateValidationFailed);
  if (answer.result == Result::kWrongRoot) tell(AgentNotice::kRootCertificateMismatch);
  return answer.result == Result::kGranted;
}

AgentAttempt SmartAgent::attempt(const AgentMoment& now, const CloudAnswer& answer,
                                 bool is_successful) const {
  return {.is_made = true,
          .is_successful = is_successful,
          .at = now.clock,
          .reason = is_successful ? std::string() : describe_failure(answer, token_)};
}

/// Stores a new identity certificate if it holds by the device's own clock.
bool SmartAgent::accept(const AgentMoment& now, const IdentityCertificate& certificate) {
  if (store_.is_failing) {
    tell(AgentNotice::kPlatformError);
    return false;
  }
  if (now.clock + kClockTolerance < certificate.from) {
    tell(AgentNotice::kCertificateNotYetValid);
    return false;
  }
  if (now.clock >= certificate.until) {
    tell(AgentNotice::kCertificateValidationFailed);
    return false;
  }
  store_.certificate = certificate;
  store_.next_renewal = now.clock + kRenewalInterval - kOneSecondEarly;
  return true;
}

void SmartAgent::finish_registration(const AgentMoment& now, const CloudAnswer& answer,
                                     bool is_granted) {
  const bool is_registered = is_granted && accept(now, answer.certificate);
  if (!is_registered) {
    if (!store_.is_registered) store_.registration = attempt(now, answer, false);
    tell(AgentNotice::kRegistrationFailed);
    // A token that was refused is refused again; only a cloud out of reach is worth another try.
    if (answer.is_failed_communication()) {
      timer(Job::kRegister) = now.time + registration_retry_.next(settings_.retry_most) +
                              std::chrono::seconds(now.random.below(60));
    }
    return;
  }
  store_.is_registered = true;
  store_.registration = attempt(now, answer, true);
  store_.renewal = {};
  store_.communication = {};
  store_.authorization = AuthorizationStatus::kNone;
  // The entitlements are asked for 5 to 10 s later (E.3).
  store_.next_communication =
      now.clock + std::chrono::milliseconds(now.random.between(5000, 10000));
  renewal_retry_.reset();
  authorization_retry_.reset();
  settle_evaluation(now);
  tell(AgentNotice::kRegistrationSucceeded);
  store_.is_export_allowed = answer.is_export_allowed;
  tell_export_control();
}

/// The device forgets its registration whatever the cloud says.
void SmartAgent::finish_deregistration(const AgentMoment& now, const CloudAnswer& answer,
                                       bool is_granted) {
  if (is_granted) {
    tell(AgentNotice::kDeregistrationSucceeded);
  } else if (answer.result == CloudAnswer::Result::kUnknownDevice) {
    tell(AgentNotice::kAlreadyDeregistered);
  } else {
    tell(AgentNotice::kDeregistrationFailed);
  }
  unregister(now);
}

void SmartAgent::unregister(const AgentMoment& now) {
  store_.is_registered = false;
  store_.registration = store_.renewal = store_.communication = {};
  store_.authorization = AuthorizationStatus::kNone;
  timer(Job::kGraceEnd).reset();
  link_ = Link::kUp;
  const bool is_registering = in_flight(AgentRequest::kRegister);
  in_flight_.reset();
  in_flight_.set(static_cast<std::size_t>(AgentRequest::kRegister), is_registering);
  if (std::exchange(store_.is_export_allowed, false)) tell_export_control();
  settle_evaluation(now);
}

void SmartAgent::finish_renewal(const AgentMoment& now, const CloudAnswer& answer,
                                bool is_granted) {
  const bool is_renewed = is_granted && accept(now, answer.certificate);
  store_.renewal = attempt(now, answer, is_renewed);
  if (is_renewed) {
    renewal_retry_.reset();
    tell(AgentNotice::kCertificateRenewed);
    return;
  }
  // Captured: a quarter of an hour to 16 minutes (E.3).
  store_.next_renewal = now.clock + renewal_retry_.next(settings_.retry_most) +
                        std::chrono::seconds(now.random.below(60));
  tell(AgentNotice::kCertificateRenewalFailed);
}

/// What the answers for all licences in use come to; nullopt if the portal does not know one.
std::optional<AuthorizationStatus> SmartAgent::judge(const CloudAnswer& answer) {
  auto status = AuthorizationStatus::kAuthorized;
  bool is_valid = true;
  for (std::size_t i = 0; i < kEntitlementCount; ++i) {
    if (!entitlements_.test(i)) continue;
    switch (answer.compliance[i]) {
      case Compliance::kAuthorized:
        break;
      case Compliance::kOverage:
        status = std::max(status, AuthorizationStatus::kOverage);
        break;
      case Compliance::kOutOfCompliance:
        status = std::max(status, AuthorizationStatus::kOutOfCompliance);
        break;
      case Compliance::kUnknownMode:
        // It cannot enforce what it does not know, and takes the licence for granted.
        tell(AgentNotice::kBadMode);
        break;
      case Compliance::kUnknownTag:
        tell(AgentNotice::kInvalidTag);
        is_valid = false;
        break;
    }
  }
  if (!is_valid) return std::nullopt;
  return status;
}

void SmartAgent::adopt(const AgentMoment& now, AuthorizationStatus status) {
  store_.authorization = status;
  store_.authorization_since = now.clock;
}

void SmartAgent::finish_authorization(const AgentMoment& now, AgentRequest request,
                                      const CloudAnswer& answer, bool is_granted) {
  const bool is_change = request == AgentRequest::kEntitle;
  const auto status = is_granted ? judge(answer) : std::nullopt;
  store_.communication = attempt(now, answer, status.has_value());
  if (!status) {
    store_.next_communication =
        now.clock + authorization_retry_.next(settings_.retry_most) - kOneSecondEarly;
    tell(is_change ? AgentNotice::kEntitlementRenewalFailed
                   : AgentNotice::kAuthorizationRenewalFailed);
    return;
  }
  authorization_retry_.reset();
  store_.compliance = answer.compliance;
  // The deadline is the cloud's, in its own time (E.3: it shows the difference of the clocks).
  store_.authorization_deadline = answer.time + kAuthorizationLife;
  const bool is_short = *status == AuthorizationStatus::kOutOfCompliance;
  store_.next_communication =
      now.clock + (is_short ? settings_.out_of_compliance_interval : kAuthorizationInterval) -
      kOneSecondEarly;
  if (*status != store_.authorization) {
    tell(*status == AuthorizationStatus::kAuthorized ? AgentNotice::kInCompliance
         : *status == AuthorizationStatus::kOverage  ? AgentNotice::kInOverage
                                                     : AgentNotice::kOutOfCompliance);
    adopt(now, *status);
  }
  tell(is_change ? AgentNotice::kEntitlementRenewed : AgentNotice::kAuthorizationRenewed);
}

}  // namespace asaemu
