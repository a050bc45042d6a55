#include "model/state/licensing_cloud.hpp"

#include <algorithm>

namespace asaemu {

void LicensingCloud::set_token(const Token& token) {
  std::erase_if(tokens_, [&](const Token& other) { return other.text == token.text; });
  if (tokens_.size() == kTokenBound) tokens_.erase(tokens_.begin());
  tokens_.push_back(token);
}

const LicensingCloud::Token* LicensingCloud::find_token(std::string_view text) const {
  const auto found = std::ranges::find(tokens_, text, &Token::text);
  return found == tokens_.end() ? nullptr : &*found;
}

/// Registers the device. A token that nobody has said anything about is good: a scenario names the
/// tokens that are special.
void LicensingCloud::enrol(const Question& question, CloudAnswer& answer) {
  const Token* known = find_token(question.token);
  const Token token = known != nullptr ? *known : Token{};
  if (!token.is_valid) {
    answer.result = CloudAnswer::Result::kBadToken;
    return;
  }
  is_device_known_ = true;
  is_export_allowed_ = token.is_export_allowed;
}

Compliance LicensingCloud::compliance_of(std::size_t entitlement) const {
  const Account& account = accounts_[entitlement];
  if (account.entry == Account::Entry::kMissing) return Compliance::kUnknownTag;
  if (account.entry == Account::Entry::kUnknownMode) return Compliance::kUnknownMode;
  if (account.in_use < account.purchased) return Compliance::kAuthorized;
  const std::uint64_t excess = account.in_use - account.purchased;
  return excess < account.overage ? Compliance::kOverage : Compliance::kOutOfCompliance;
}

CloudAnswer LicensingCloud::answer(const Question& question) {
  using Result = CloudAnswer::Result;
  CloudAnswer answer;
  answer.time = question.time;
  if (reach_ != Reach::kReachable) {
    answer.result = reach_ == Reach::kSilent ? Result::kSilent : Result::kUnresolvable;
    return answer;
  }
  if (proof_ != Proof::kTrusted) {
    answer.result = proof_ == Proof::kUntrusted ? Result::kUntrusted : Result::kWrongRoot;
    return answer;
  }
  if (question.request == AgentRequest::kRegister) {
    enrol(question, answer);
  } else if (!is_device_known_) {
    answer.result = Result::kUnknownDevice;
  } else if (question.request == AgentRequest::kDeregister) {
    is_device_known_ = false;
  }
  answer.certificate = {question.time, question.time + kCertificateLife};
  answer.is_export_allowed = is_export_allowed_;
  for (std::size_t i = 0; i < kEntitlementCount; ++i) answer.compliance[i] = compliance_of(i);
  return answer;
}

}  // namespace asaemu
