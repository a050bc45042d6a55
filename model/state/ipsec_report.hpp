// The answers of `show crypto ipsec sa` and `show crypto ipsec stats`, in the ASA's layout.
#pragma once

#include "model/state/device_state.hpp"

#include <string>

namespace asaemu {

/// All tunnels, or those with one peer, with their counters and SAs, by interface (asa-behaviour G.2).
std::string describe_tunnels(const DeviceState& state, const IpAddress* only_peer, SimTime now);

std::string describe_ipsec_statistics(const IpsecStatistics& statistics, std::size_t tunnels);

}  // namespace asaemu
