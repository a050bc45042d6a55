// Groups of ports as `show interface`, `show port-channel` and `show lacp` print them (asa-behaviour
// D.2, D.3, G.2).
#pragma once

#include "model/state/device_state.hpp"
#include "model/state/interface_report.hpp"

#include <span>
#include <string>

namespace asaemu {

/// What `show interface` adds for a member or for the interface of a group; empty for all others.
GroupNotes describe_group(const DeviceState& state, InterfaceId id);

/// `show port-channel summary` of these channels.
std::string port_channel_summary(const DeviceState& state, std::span<const Channel> channels);

/// `show port-channel [N] [brief]`; `default_bundle` stands for a maximum that is not set.
std::string port_channel_brief(const DeviceState& state, std::span<const Channel> channels,
                               std::uint16_t default_bundle);

/// `show lacp [N] neighbor`.
std::string lacp_neighbors(const DeviceState& state, std::span<const Channel> channels);

}  // namespace asaemu
