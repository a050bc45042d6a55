#include "model/state/inspection.hpp"

namespace asaemu {

AppliedInspection find_inspection(const DeviceState& state, ConnectionId id,
                                  std::string_view feature, std::string_view protocol) {
  if (state.service_policies.policies.empty()) return {};
  const Connection* connection = state.connections.find(id);
  if (connection == nullptr) return {};
  AppliedInspection applied;
  applied.policy =
      state.service_policies.find(feature, connection->tuple(), connection->initiator.interface,
                                  connection->responder.interface, state.access_lists);
  if (applied.policy && !applied.policy.action->words.empty()) {
    applied.map = state.inspect_maps.find_policy(protocol, applied.policy.action->words.front());
  }
  return applied;
}

bool is_applied(const ServicePolicies& policies, const InspectPolicy& map) {
  const std::string feature = "inspect " + map.protocol;
  for (const PolicyMap& policy : policies.policies) {
    for (const PolicyClass& policy_class : policy.classes) {
      for (const PolicyAction& action : policy_class.actions) {
        if (action.feature.starts_with(feature) && action.has(map.name)) return true;
      }
    }
  }
  return false;
}

}  // namespace asaemu
