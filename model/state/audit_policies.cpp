#include "model/state/audit_policies.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

std::string describe_actions(const AuditActions& actions) {
  return fmt::format("action{}{}{}", actions.alarm ? " alarm" : "", actions.drop ? " drop" : "",
                     actions.reset ? " reset" : "");
}

}  // namespace

std::string_view audit_class_name(AuditClass kind) {
  return kind == AuditClass::kInfo ? "info" : "attack";
}

AuditPolicies::Outcome AuditPolicies::set(const std::string& name, const AuditPolicy& policy) {
  if (AuditPolicy* known = policies_.find(name)) {
    if (known->kind != policy.kind) return Outcome::kOtherClass;
    *known = policy;
    return Outcome::kDone;
  }
  return policies_.insert(name, policy) == nullptr ? Outcome::kFull : Outcome::kDone;
}

void AuditPolicies::clear() {
  defaults_ = {kDefaultActions, kDefaultActions};
  policies_.clear();
}

std::string AuditPolicies::describe_default(AuditClass kind) const {
  return fmt::format("ip audit {} {}\n", audit_class_name(kind),
                     describe_actions(defaults_.at(static_cast<std::size_t>(kind))));
}

std::string AuditPolicies::describe() const {
  std::string text;
  for (auto at = policies_.begin(); at != policies_.end(); ++at) {
    text += fmt::format("ip audit name {} {}{}\n", at.key(), audit_class_name(at->kind),
                        at->actions ? " " + describe_actions(*at->actions) : "");
  }
  return text;
}

}  // namespace asaemu
