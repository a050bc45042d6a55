// Lines of an FTP control connection, as far as firewalls read them.
#pragma once

#include "model/base/ip_address.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace asaemu {

/// Where an FTP client wants its data: the argument of PORT (RFC 959, 4.1.2).
struct FtpDataAddress {
  IpAddress address;
  /// As the two last numbers say. They are not held to a byte's range, so it may be more than 65535,
  /// which no honest client sends.
  std::uint32_t port = 0;
};

/// Reads `PORT 10,0,0,5,4,1`, the verb in either case. The numbers of the address are 0 to 255, those
/// of the port up to 999; nullopt for every other line.
std::optional<FtpDataAddress> parse_ftp_port(std::string_view line);

}  // namespace asaemu
