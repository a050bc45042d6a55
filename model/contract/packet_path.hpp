// The packet path: the order in which an ASA looks at a packet. One list, here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace asaemu {

/// Stages in the order a packet passes them. Each subsystem on the path declares the stage it
/// answers at (Declarations::stage); several subsystems at one stage run in the order of their
/// names.
enum class PathStage : std::uint8_t {
  kInterface,
  kMacTable,
  kArp,
  kShun,
  kManagementOnly,
  kIpsecInbound,
  kConnection,
  kIpAudit,
  kTcpNormalizer,
  kLimits,
  kNewConnection,
  kInspection,
  kServiceModule,
  kIpsecOutbound,
  kForward,
};

struct PathStageInfo {
  PathStage stage;
  std::string_view name;
  std::string_view question;
};

// Order: the link layer before all others, so that no stage behind it takes an ARP packet for an IP
// packet; then the shun before any lookup (the shun database is asked "regardless of connection
// parameters", asa-behaviour B.1); the places of the later ones follow the order documented for the
// ASA's packet flow.
inline constexpr std::array<PathStageInfo, 15> kPacketPath{{
    {PathStage::kInterface, "interface", "Is the ingress interface up, named and addressed?"},
    {PathStage::kMacTable, "mac-table", "Transparent mode: where was its MAC address last seen?"},
    {PathStage::kArp, "arp", "Is it an ARP packet, or one whose addresses do not belong together?"},
    {PathStage::kShun, "shun", "Is the source shunned on this interface?"},
    {PathStage::kManagementOnly, "management-only",
     "Would it cross an interface that is for management only, or a backup at rest?"},
    {PathStage::kIpsecInbound, "ipsec-inbound",
     "Is it ESP or AH for us, or clear text that should not be?"},
    {PathStage::kConnection, "connection", "Does it belong to a known connection?"},
    {PathStage::kIpAudit, "ip-audit", "Does it match a built-in signature?"},
    {PathStage::kTcpNormalizer, "tcp-normalizer",
     "Is the TCP segment one that we let through as it is?"},
    {PathStage::kLimits, "limits", "Do host, connection and embryonic limits allow it?"},
    {PathStage::kNewConnection, "new-connection",
     "May it begin a connection (access groups, security levels), and is there room for one?"},
    {PathStage::kInspection, "inspection", "What does the application inspection say?"},
    {PathStage::kServiceModule, "service-module", "Is it redirected to a service module?"},
    {PathStage::kIpsecOutbound, "ipsec-outbound", "Must it leave through a tunnel?"},
    {PathStage::kForward, "forward", "Is there an egress interface to send it out on?"},
}};

inline constexpr std::size_t kPathStageCount = kPacketPath.size();

}  // namespace asaemu
