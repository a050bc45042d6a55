// Where lines are to go, as a user writes it.
#pragma once

#include "emulator/transport/host_port.hpp"
#include "model/base/ip_address.hpp"

namespace asaemu {

/// A transport and what it needs to know.
struct Destination {
  enum class Kind : std::uint8_t { kUdp, kTcp, kFile, kStandardOutput, kNull, kSink };

  Kind kind = Kind::kNull;
  HostPort peer;          ///< of udp and tcp
  std::string path;       ///< of file
  bool line_feed = true;  ///< of udp: whether a datagram ends with LF, as a device's does
  bool proxy = false;     ///< of tcp: whether a connection begins with a PROXY protocol v2 header
  IpAddress source{};  ///< of udp and tcp: the sender's own address; IpAddress() for the system's

  [[nodiscard]] bool has_source() const { return source != IpAddress(); }

  /// Reads `udp://H:P` (with `?lf=off` or `?lf=on`), `tcp://H:P` (with `?proxy=v2`), `file:PATH`, `stdout:`, `null:`
  /// or `sink:`. nullopt if malformed or not supported, and then `complaint` says what was wrong
  /// and what would be right.
  static std::optional<Destination> parse(std::string_view text, std::string& complaint);

  friend bool operator==(const Destination&, const Destination&) = default;
};

/// The form that Destination::parse() reads.
std::string to_string(const Destination& destination);

}  // namespace asaemu
