// What the crypto maps say about a packet or a peer.
#pragma once

#include "model/state/device_state.hpp"

#include <optional>
#include <vector>

namespace asaemu {

/// The tunnel that a packet leaving through `interface` belongs into; nullopt if it goes in the
/// clear. The entries of the interface's crypto map are asked in order, a denial leads to the next.
std::optional<SaRequest> find_policy(const DeviceState& state, InterfaceId interface,
                                     const FiveTuple& outbound);

/// All tunnels that the crypto maps want with a LAN-to-LAN peer: one for each permitting rule.
std::vector<SaRequest> policies_of_peer(const DeviceState& state, const IpAddress& peer);

/// The crypto map entry that a tunnel was negotiated for; nullptr if it is gone.
const CryptoMapEntry* find_entry(const DeviceState& state, const SaRequest& request);

/// The entry's own lifetimes, the global ones where it has none.
SaLifetime lifetime_of(const CryptoConfig& config, const CryptoMapEntry& entry);

/// The dead peer detection that applies to a tunnel's peer or user.
Keepalive keepalive_of(const CryptoConfig& config, const SaRequest& request);

}  // namespace asaemu
