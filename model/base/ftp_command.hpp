// Lines of an FTP control connection, as far as firewalls read them.
#pragma once

#include "model/base/ip_address.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace asaemu {

/// Where an FTP client wants its data: the argument of PORT (RFC 959, 4.1.2); or where a server offers
/// them.
struct FtpDataAddress {
  IpAddress address;
  /// As the two last numbers say. They are not held to a byte's range, so it may be more than 65535,
  /// which no honest client sends.
  std::uint32_t port = 0;
};

/// Reads `PORT 10,0,0,5,4,1`, the verb in either case. The numbers of the address are 0 to 255, those
/// of the port up to 999; nullopt for every other line.
std::optional<FtpDataAddress> parse_ftp_port(std::string_view line);

/// Where an FTP server waits for a data connection: `227 Entering Passive Mode (10,0,0,5,4,1)`, the
/// answer to PASV (RFC 959, 4.2; the words are free, what counts are the parentheses). Numbers as
/// above; nullopt for every other line.
std::optional<FtpDataAddress> parse_ftp_passive(std::string_view line);

/// Whether the line begins with this verb, given in lower case, and a blank or its end.
bool is_ftp_command(std::string_view line, std::string_view verb);

}  // namespace asaemu
