// Which inspection applies to a packet's connection, and by which map.
#pragma once

#include "model/state/device_state.hpp"

#include <string_view>

namespace asaemu {

struct AppliedInspection {
  AppliedPolicy policy;                ///< the `inspect` line; empty if there is none
  const InspectPolicy* map = nullptr;  ///< null if the line names none, or none that is configured

  explicit operator bool() const { return static_cast<bool>(policy); }
};

/// `feature` is what the service policy says, such as `inspect h323 h225`; `protocol` is that of its
/// maps, `h323`. The map is the first word behind the feature. Both directions of the connection have
/// the inspection of its initiator's flow; empty for kNoConnection.
AppliedInspection find_inspection(const DeviceState& state, ConnectionId connection,
                                  std::string_view feature, std::string_view protocol);

/// Whether an `inspect` line of some policy-map names the map.
bool is_applied(const ServicePolicies& policies, const InspectPolicy& map);

}  // namespace asaemu
