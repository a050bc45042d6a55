// The header of the PROXY protocol, version 2: who a connection's lines are really from.
#pragma once

#include "model/base/ip_address.hpp"

#include <string>

namespace asaemu {

/// The bytes that begin a TCP connection from `source` to `target` (haproxy's proxy-protocol.txt,
/// section 2.2; no TLVs). Addresses of both families together go as IPv6, IPv4 mapped.
std::string proxy_v2_header(const IpAddress& source, std::uint16_t source_port,
                            const IpAddress& target, std::uint16_t target_port);

}  // namespace asaemu
