#include "model/state/module_redirect.hpp"

#include <algorithm>

namespace asaemu {

ModuleRedirect redirect_to(ModuleKind kind, const DeviceState& state,
                           const Connection& connection) {
  ModuleRedirect redirect;
  const ServicePolicies& policies = state.service_policies;
  redirect.policy =
      policies.find(module_feature(kind), connection.tuple(), connection.initiator.interface,
                    connection.responder.interface, state.access_lists);
  if (!redirect.policy) return redirect;
  const PolicyAction& action = *redirect.policy.action;
  redirect.is_copy = action.has("promiscuous") || action.has("monitor-only");
  const Module* module = state.modules.find(kind);
  using Fate = ModuleRedirect::Fate;
  if (module != nullptr && module->takes_traffic()) {
    redirect.fate = Fate::kInspect;
  } else {
    redirect.fate = redirect.is_fail_open() ? Fate::kSkip : Fate::kDrop;
  }
  return redirect;
}

bool is_redirecting(ModuleKind kind, const ServicePolicies& policies) {
  for (const PolicyMap& policy : policies.policies) {
    for (const PolicyClass& policy_class : policy.classes) {
      const auto& actions = policy_class.actions;
      const auto found = std::ranges::find(actions, module_feature(kind), &PolicyAction::feature);
      if (found != actions.end()) return true;
    }
  }
  return false;
}

bool is_for_scansafe(const DeviceState& state, const Connection& connection) {
  const auto policy = state.service_policies.find(
      "inspect scansafe", connection.tuple(), connection.initiator.interface,
      connection.responder.interface, state.access_lists);
  return static_cast<bool>(policy);
}

std::string_view user_at(const DeviceState& state, const IpAddress& address) {
  const UserIdentity* user = state.users.find(address);
  return user == nullptr ? std::string_view() : std::string_view(user->name);
}

}  // namespace asaemu
