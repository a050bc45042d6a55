#include "model/state/audit_signatures.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

using Packet = AuditPacket;

// Numbers, classes and conditions are those of the list of signatures in the ASA configuration guide
// ("IP Audit Signature List"). Strict source routing is option 9 (RFC 791); one edition of that list
// says 2. The limits below stand there, too, but for that of statd.

constexpr std::uint32_t kSmallOffset = 40;        ///< five words of eight bytes
constexpr std::uint32_t kDatagramMax = 65535;     ///< bytes that an IP datagram can have
constexpr std::uint32_t kLargeIcmp = 1024;        ///< bytes of an IP packet with ICMP
constexpr std::uint16_t kPrivilegedPorts = 1024;  ///< ports below belong to servers
constexpr std::uint32_t kPortMax = 65535;
/// The longest host name that the status protocol allows (SM_MAXSTRLEN, X/Open XNFS): a request
/// longer than this overflows. The guide only says "large"; the limit is inferred.
constexpr std::uint32_t kStatdStringMax = 1024;

// RPC programs (RFC 1833, and the IANA registry of RPC program numbers).
constexpr std::uint32_t kPortmapper = 100000;
constexpr std::uint32_t kYpserv = 100004;
constexpr std::uint32_t kMountd = 100005;
constexpr std::uint32_t kYpbind = 100007;
constexpr std::uint32_t kYppasswdd = 100009;
constexpr std::uint32_t kRexd = 100017;
constexpr std::uint32_t kStatd = 100024;
constexpr std::uint32_t kYpupdated = 100028;
constexpr std::uint32_t kYpxfrd = 100069;

// Procedures of the portmapper (RFC 1833, 3).
constexpr std::uint32_t kSet = 1;
constexpr std::uint32_t kUnset = 2;
constexpr std::uint32_t kGetPort = 3;
constexpr std::uint32_t kDump = 4;
constexpr std::uint32_t kCallIt = 5;

constexpr Port kEcho{7};
constexpr Port kChargen{19};
constexpr Port kFtp{21};
constexpr Port kDns{53};
constexpr Port kEndpointMapper{135};

template <IpOption kOption>
bool has_option(const Packet& packet) {
  return packet.options.has(kOption);
}

bool has_bad_options(const Packet& packet) {
  return packet.options.is_malformed;
}

bool is_tiny_fragment(const Packet& packet) {
  return packet.fragment_offset > 0 && packet.fragment_offset < kSmallOffset;
}

bool is_land(const Packet& packet) {
  return packet.source == packet.destination;
}

bool is_overlap(const Packet& packet) {
  return packet.overlaps;
}

template <std::uint8_t kType>
bool is_icmp(const Packet& packet) {
  return packet.has_transport_header() && packet.icmp_type == kType;
}

bool is_any_fragment(const Packet& packet) {
  return packet.is_fragment();
}

bool is_large_icmp(const Packet& packet) {
  return packet.length > kLargeIcmp;
}

bool is_ping_of_death(const Packet& packet) {
  return !packet.more_fragments && packet.fragment_offset + packet.payload() > kDatagramMax;
}

bool has_no_flags(const Packet& packet) {
  return packet.has_transport_header() && !packet.syn && !packet.fin && !packet.rst && !packet.ack;
}

bool has_syn_and_fin(const Packet& packet) {
  return packet.syn && packet.fin;
}

/// An orphan: no connection ends with it.
bool is_lone_fin(const Packet& packet) {
  return packet.fin && !packet.syn && !packet.rst && !packet.ack && !packet.in_connection &&
         packet.destination_port.value < kPrivilegedPorts;
}

bool is_foreign_ftp_address(const Packet& packet) {
  return packet.destination_port == kFtp && packet.ftp_data &&
         packet.ftp_data->address != packet.source;
}

bool is_improper_ftp_port(const Packet& packet) {
  return packet.destination_port == kFtp && packet.ftp_data &&
         (packet.ftp_data->port < kPrivilegedPorts || packet.ftp_data->port > kPortMax);
}

/// Fragments do not count: theirs is the length of the whole datagram.
bool is_udp_bomb(const Packet& packet) {
  return !packet.is_fragment() && packet.udp_length < packet.payload();
}

bool is_snork(const Packet& packet) {
  const Port from = packet.source_port;
  return packet.destination_port == kEndpointMapper &&
         (from == kEndpointMapper || from == kEcho || from == kChargen);
}

bool is_chargen(const Packet& packet) {
  return packet.source_port == kEcho && packet.destination_port == kChargen;
}

bool asks_dns_for(const Packet& packet, std::string_view type) {
  return packet.destination_port == kDns && packet.dns_type == type;
}

bool is_hinfo(const Packet& packet) {
  return asks_dns_for(packet, "hinfo");
}

bool is_zone_transfer(const Packet& packet) {
  return asks_dns_for(packet, "axfr") && packet.source_port == kDns;
}

bool is_zone_transfer_from_high_port(const Packet& packet) {
  return asks_dns_for(packet, "axfr") && packet.source_port != kDns;
}

bool is_dns_any(const Packet& packet) {
  return asks_dns_for(packet, "any");
}

template <std::uint32_t kProcedure>
bool is_portmapper(const Packet& packet) {
  return packet.rpc_program == kPortmapper && packet.rpc_procedure == kProcedure;
}

template <std::uint32_t kProgram>
bool is_portmap_request(const Packet& packet) {
  return is_portmapper<kGetPort>(packet) && packet.rpc_wanted == kProgram;
}

bool is_rexd(const Packet& packet) {
  return packet.rpc_program == kRexd;
}

bool is_large_statd(const Packet& packet) {
  return packet.rpc_program == kStatd && packet.payload() > kStatdStringMax;
}

constexpr AuditClass kInfo = AuditClass::kInfo;
constexpr AuditClass kAttack = AuditClass::kAttack;
constexpr IpProtocol kAny = kProtocolIp;
constexpr IpProtocol kIcmp = kProtocolIcmp;
constexpr IpProtocol kTcp = kProtocolTcp;
constexpr IpProtocol kUdp = kProtocolUdp;

constexpr std::array<AuditSignature, kAuditSignatureCount> kSignatures{{
    {1000, kInfo, kAny, "Bad IP Options List", has_bad_options},
    {1001, kInfo, kAny, "Record Packet Route", has_option<IpOption::kRecordRoute>},
    {1002, kInfo, kAny, "Timestamp", has_option<IpOption::kTimestamp>},
    {1003, kInfo, kAny, "Provide s,c,h,tcc", has_option<IpOption::kSecurity>},
    {1004, kInfo, kAny, "Loose Source Route", has_option<IpOption::kLooseSourceRoute>},
    {1005, kInfo, kAny, "SATNET ID", has_option<IpOption::kStreamId>},
    {1006, kInfo, kAny, "Strict Source Route", has_option<IpOption::kStrictSourceRoute>},
    {1100, kAttack, kAny, "IP Fragment Attack", is_tiny_fragment},
    {1102, kAttack, kAny, "Impossible IP Packet", is_land},
    {1103, kAttack, kAny, "IP Teardrop", is_overlap},
    {2000, kInfo, kIcmp, "ICMP Echo Reply", is_icmp<0>},
    {2001, kInfo, kIcmp, "ICMP Unreachable", is_icmp<3>},
    {2002, kInfo, kIcmp, "ICMP Source Quench", is_icmp<4>},
    {2003, kInfo, kIcmp, "ICMP Redirect", is_icmp<5>},
    {2004, kInfo, kIcmp, "ICMP Echo Request", is_icmp<8>},
    {2005, kInfo, kIcmp, "ICMP Time Exceed", is_icmp<11>},
    {2006, kInfo, kIcmp, "ICMP Parameter Problem", is_icmp<12>},
    {2007, kInfo, kIcmp, "ICMP Time Request", is_icmp<13>},
    {2008, kInfo, kIcmp, "ICMP Time Reply", is_icmp<14>},
    {2009, kInfo, kIcmp, "ICMP Info Request", is_icmp<15>},
    {2010, kInfo, kIcmp, "ICMP Info Reply", is_icmp<16>},
    {2011, kInfo, kIcmp, "ICMP Address Mask Request", is_icmp<17>},
    {2012, kInfo, kIcmp, "ICMP Address Mask Reply", is_icmp<18>},
    {2150, kAttack, kIcmp, "Fragmented ICMP", is_any_fragment},
    {2151, kAttack, kIcmp, "Large ICMP", is_large_icmp},
    {2154, kAttack, kIcmp, "Ping of Death", is_ping_of_death},
    {3040, kAttack, kTcp, "TCP No Flags", has_no_flags},
    {3041, kAttack, kTcp, "TCP SYN & FIN Flags Only", has_syn_and_fin},
    {3042, kAttack, kTcp, "TCP FIN Flag Only", is_lone_fin},
    {3153, kAttack, kTcp, "FTP Improper Address", is_foreign_ftp_address},
    {3154, kAttack, kTcp, "FTP Improper Port", is_improper_ftp_port},
    {4050, kAttack, kUdp, "Bomb", is_udp_bomb},
    {4051, kAttack, kUdp, "Snork", is_snork},
    {4052, kAttack, kUdp, "Chargen", is_chargen},
    {6050, kInfo, kAny, "DNS Host Info", is_hinfo},
    {6051, kInfo, kAny, "DNS Zone Xfer", is_zone_transfer},
    {6052, kInfo, kAny, "DNS Zone Xfer High Port", is_zone_transfer_from_high_port},
    {6053, kInfo, kAny, "DNS All Records", is_dns_any},
    {6100, kInfo, kAny, "RPC Port Registration", is_portmapper<kSet>},
    {6101, kInfo, kAny, "RPC Port Unregistration", is_portmapper<kUnset>},
    {6102, kInfo, kAny, "RPC Dump", is_portmapper<kDump>},
    {6103, kAttack, kAny, "Proxied RPC", is_portmapper<kCallIt>},
    {6150, kInfo, kAny, "ypserv Portmap Request", is_portmap_request<kYpserv>},
    {6151, kInfo, kAny, "ypbind Portmap Request", is_portmap_request<kYpbind>},
    {6152, kInfo, kAny, "yppasswdd Portmap Request", is_portmap_request<kYppasswdd>},
    {6153, kInfo, kAny, "ypupdated Portmap Request", is_portmap_request<kYpupdated>},
    {6154, kInfo, kAny, "ypxfrd Portmap Request", is_portmap_request<kYpxfrd>},
    {6155, kInfo, kAny, "mountd Portmap Request", is_portmap_request<kMountd>},
    {6175, kInfo, kAny, "rexd Portmap Request", is_portmap_request<kRexd>},
    {6180, kInfo, kAny, "rexd Attempt", is_rexd},
    {6190, kAttack, kAny, "statd Buffer Overflow", is_large_statd},
}};

static_assert(std::ranges::is_sorted(kSignatures, {}, &AuditSignature::number));

}  // namespace

std::span<const AuditSignature, kAuditSignatureCount> audit_signatures() {
  return kSignatures;
}

std::string describe_audit_counts(const AuditCounts& counts) {
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const AuditSignature& signature = kSignatures.at(i);
    text +=
        fmt::format("{} {} {:<35}{}\n", signature.number,
                    signature.kind == AuditClass::kInfo ? 'I' : 'A', signature.title, counts.at(i));
  }
  return text;
}

bool audit_matches(const AuditSignature& signature, const AuditPacket& packet) {
  const bool is_concerned =
      signature.protocol == kProtocolIp || signature.protocol == packet.protocol;
  return is_concerned && signature.matches(packet);
}

std::optional<std::size_t> find_audit_signature(std::uint64_t number) {
  const auto* found = std::ranges::find(kSignatures, number, &AuditSignature::number);
  if (found == kSignatures.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kSignatures.begin());
}

}  // namespace asaemu
