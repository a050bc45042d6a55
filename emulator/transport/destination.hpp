// Where lines are to go, as a user writes it.
#pragma once

#include "emulator/transport/host_port.hpp"
#include "model/base/ip_address.hpp"

#include <vector>

namespace asaemu {

/// How a TLS collector is to prove who it is, and we to it.
struct TlsSettings {
  enum class Version : std::uint8_t { kAny, k12, k13 };

  std::string authorities;  ///< PEM file of those who sign for collectors; the system's if empty
  std::string certificate;  ///< PEM file with our own chain, if the collector wants one
  std::string key;          ///< PEM file with its key; in the certificate's file if empty
  /// The reference identity: an address, or host names with commas between them, any one of which
  /// will do and the first of which is the SNI; the destination's host if empty.
  std::string name;
  Version version = Version::kAny;  ///< kAny: 1.2 or 1.3
  bool insecure = false;            ///< takes any certificate; for a laboratory only

  friend bool operator==(const TlsSettings&, const TlsSettings&) = default;
};

/// A transport and what it needs to know.
struct Destination {
  enum class Kind : std::uint8_t { kUdp, kTcp, kFile, kStandardOutput, kNull, kSink, kTls, kPcap };
  /// An ASA opens so many connections to each TCP server (Cisco's logging reference).
  static constexpr unsigned kChannels = 4;
  static constexpr unsigned kChannelsMax = 64;

  Kind kind = Kind::kNull;
  HostPort peer;                  ///< of udp, tcp and tls
  std::string path;               ///< of file and pcap
  bool line_feed = true;          ///< of udp: whether a datagram ends with LF, as a device's does
  unsigned channels = kChannels;  ///< of tcp and tls: connections, from 1 to kChannelsMax
  bool octet_counting = false;    ///< of tcp and tls: a count before each line, no LF (RFC 6587)
  TlsSettings tls{};              ///< of tls
  bool proxy = false;   ///< of tcp and tls: a connection begins with a PROXY protocol v2 header
  IpAddress source{};   ///< of udp, tcp and tls: the sender's own; IpAddress() for the system's
  bool offload = true;  ///< of udp: the kernel may take many datagrams at once and cut them apart

  [[nodiscard]] bool has_source() const { return source != IpAddress(); }
  [[nodiscard]] bool is_stream() const { return kind == Kind::kTcp || kind == Kind::kTls; }

  /// Reads `udp://H:P?OPTIONS`, `tcp://H:P?OPTIONS`, `tls://H:P?OPTIONS`, `file:PATH`,
  /// `pcap:PATH`, `stdout:`, `null:` or `sink:`. OPTIONS are those of set_option(),
  /// with `&` between them. nullopt if malformed, and then `complaint` says what was wrong and what
  /// would be right.
  static std::optional<Destination> parse(std::string_view text, std::string& complaint);

  /// Sets one option: udp has `lf` and `offload`; tcp and tls have `channels`, `framing` and
  /// `proxy`; tls has `ca`, `cert`, `key`, `name`, `tls` and `insecure`. False if there is none or its value is wrong, and
  /// then `complaint` says what would be right.
  bool set_option(std::string_view option, std::string_view value, std::string& complaint);

  /// The names of the options that set_option() takes here.
  [[nodiscard]] std::vector<std::string_view> options() const;

  friend bool operator==(const Destination&, const Destination&) = default;
};

/// The form that Destination::parse() reads.
std::string to_string(const Destination& destination);

}  // namespace asaemu
