// What becomes of a flow that a policy sends through a service module.
#pragma once

#include "model/state/device_state.hpp"

namespace asaemu {

struct ModuleRedirect {
  enum class Fate : std::uint8_t {
    kNone,     ///< no policy sends it there
    kInspect,  ///< the module sees it
    kSkip,     ///< the module is not up: it passes unseen (fail-open)
    kDrop,     ///< the module is not up: it does not pass (fail-close)
  };
  Fate fate = Fate::kNone;
  AppliedPolicy policy;
  /// The module sees a copy, and can keep nothing back: `promiscuous`, `monitor-only`.
  bool is_copy = false;

  [[nodiscard]] bool is_fail_open() const { return policy.action->has("fail-open"); }
};

/// Classes see a flow as its initiator began it, whichever end a packet comes from. A policy that
/// names no mode fails closed.
ModuleRedirect redirect_to(ModuleKind kind, const DeviceState& state, const Connection& connection);

/// Whether some policy redirects to a module of this kind, so that flows need be looked at.
bool is_redirecting(ModuleKind kind, const ServicePolicies& policies);

/// Whether a policy sends the flow to the cloud's web proxy (`inspect scansafe`).
bool is_for_scansafe(const DeviceState& state, const Connection& connection);

/// The user at the address, as the identity firewall knows; empty if it knows none.
std::string_view user_at(const DeviceState& state, const IpAddress& address);

}  // namespace asaemu
