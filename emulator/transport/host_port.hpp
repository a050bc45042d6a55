// A host and a port as a user writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

/// `collector.example:514`, `10.0.0.50:514`, `[2001:db8::50]:514`.
struct HostPort {
  std::string host;  ///< a name or an address, without brackets
  std::uint16_t port = 0;

  friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// Reads `HOST:PORT`; an IPv6 address stands in brackets. The port is at least `lowest_port`.
/// nullopt if malformed, and then `complaint` says what was wrong and what would be right. Names
/// are not looked up here.
std::optional<HostPort> parse_host_port(std::string_view text, std::uint16_t lowest_port,
                                        std::string& complaint);

/// The form that parse_host_port() reads.
std::string to_string(const HostPort& host_port);

}  // namespace asaemu
