// The signatures of `ip audit`: what each looks at in a packet. One table, in the order of their
// numbers, which is that of the messages 400000 to 400050.
#pragma once

#include "model/base/ftp_command.hpp"
#include "model/base/ip_options.hpp"
#include "model/base/values.hpp"

#include <array>
#include <span>
#include <string>

namespace asaemu {

/// The two classes of signatures, each with policies of its own.
enum class AuditClass : std::uint8_t { kInfo, kAttack };

/// An IPv4 packet as the signatures see it. What belongs to the transport header or behind it is set
/// for a first fragment or a whole datagram only.
struct AuditPacket {
  IpAddress source;
  IpAddress destination;
  IpProtocol protocol;
  std::uint32_t length = 0;           ///< of the IP packet
  std::uint32_t header_length = 20;   ///< of its IP header
  std::uint32_t fragment_offset = 0;  ///< in bytes
  bool more_fragments = false;
  bool overlaps = false;  ///< with an earlier fragment of the same datagram
  IpOptionScan options;

  std::uint8_t icmp_type = 0;
  Port source_port;
  Port destination_port;
  bool in_connection = false;  ///< belongs to a connection that the device knows
  bool syn = false;
  bool fin = false;
  bool rst = false;
  bool ack = false;
  std::uint64_t udp_length = 0;  ///< as the UDP header says

  std::string_view dns_type;        ///< asked for, in lower case; empty if it is no DNS request
  std::uint64_t rpc_program = 0;    ///< called; 0 if it is no RPC call
  std::uint64_t rpc_procedure = 0;  ///< of that program
  std::uint64_t rpc_wanted = 0;     ///< whose port a GETPORT call asks for
  std::optional<FtpDataAddress> ftp_data;  ///< of a PORT command

  [[nodiscard]] bool is_fragment() const { return more_fragments || fragment_offset > 0; }
  [[nodiscard]] bool has_transport_header() const { return fragment_offset == 0; }
  [[nodiscard]] std::uint32_t payload() const {
    return length > header_length ? length - header_length : 0;
  }
};

struct AuditSignature {
  std::uint16_t number = 0;
  AuditClass kind = AuditClass::kInfo;
  IpProtocol protocol;     ///< ip: any
  std::string_view title;  ///< as `show ip audit count` prints it
  bool (*matches)(const AuditPacket&) = nullptr;
};

inline constexpr std::size_t kAuditSignatureCount = 51;

/// All signatures; the n-th is reported by message 400000 + n.
std::span<const AuditSignature, kAuditSignatureCount> audit_signatures();

/// How many packets matched, by signature.
using AuditCounts = std::array<std::uint64_t, kAuditSignatureCount>;

/// As `show ip audit count` prints them, a line each.
std::string describe_audit_counts(const AuditCounts& counts);

/// Whether the packet is what the signature describes.
bool audit_matches(const AuditSignature& signature, const AuditPacket& packet);

/// The place of the signature with this number; nullopt if there is none.
std::optional<std::size_t> find_audit_signature(std::uint64_t number);

}  // namespace asaemu
