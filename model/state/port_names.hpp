// The names that an ASA has for TCP and UDP ports.
#pragma once

#include "model/base/values.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

/// A port by number or by the name that it has in this protocol: `www`, `syslog` (of UDP), `rsh` (of
/// TCP). SCTP has the names of TCP. nullopt if it is neither.
std::optional<Port> parse_port_name(IpProtocol protocol, std::string_view text);

/// The port's name in this protocol, or its number.
std::string port_name(IpProtocol protocol, Port port);

}  // namespace asaemu
