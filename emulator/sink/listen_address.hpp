// Where a collector listens, as a user writes it.
#pragma once

#include "emulator/transport/host_port.hpp"

namespace asaemu {

/// `udp://127.0.0.1:5514`, `tcp://[::]:1470`, `tls://127.0.0.1:6514`. Port 0 lets the system choose one.
struct ListenAddress {
  bool tcp = false;  ///< of tls too
  HostPort local;
  bool tls = false;

  /// nullopt if malformed, and then `complaint` says what was wrong and what would be right.
  static std::optional<ListenAddress> parse(std::string_view text, std::string& complaint);

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// The form that ListenAddress::parse() reads.
std::string to_string(const ListenAddress& address);

}  // namespace asaemu
