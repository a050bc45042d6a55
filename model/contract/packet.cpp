#include "model/contract/packet.hpp"

#include <array>

namespace asaemu {

namespace {

struct FlagName {
  std::string_view name;
  std::uint8_t bit;
};

constexpr std::array<FlagName, 6> kFlagNames{{{"fin", TcpFlags::kFin},
                                              {"syn", TcpFlags::kSyn},
                                              {"rst", TcpFlags::kRst},
                                              {"psh", TcpFlags::kPsh},
                                              {"ack", TcpFlags::kAck},
                                              {"urg", TcpFlags::kUrg}}};

std::optional<std::uint8_t> flag_bit(std::string_view name) {
  for (const auto& flag : kFlagNames) {
    if (flag.name == name) return flag.bit;
  }
  return std::nullopt;
}

template <class Member>
bool store_number(Member& member, const FieldValue& value, std::uint64_t low, std::uint64_t high) {
  const auto number = std::get<std::uint64_t>(value);
  if (number < low || number > high) return false;
  member = static_cast<Member>(number);
  return true;
}

bool store_address(IpAddress& member, const FieldValue& value) {
  const auto* address = std::get_if<IpAddress>(&value);
  if (address == nullptr) return false;
  member = *address;
  return true;
}

constexpr FieldDef field(std::string_view name, FieldKind kind) {
  return FieldDef{.name = name, .kind = kind};
}

constexpr std::array<std::string_view, 2> kNoYes{"no", "yes"};

constexpr std::array<PacketFieldDef, 16> kFields{{
    {field("proto", FieldKind::kProtocol), "IP protocol: tcp, udp, icmp, esp, … or its number",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       packet.protocol = std::get<IpProtocol>(value);
       return true;
     }},
    {field("smac", FieldKind::kMac), "source MAC address of the frame",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       packet.source_mac = std::get<MacAddress>(value);
       return true;
     }},
    {field("dmac", FieldKind::kMac), "destination MAC address of the frame",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       packet.destination_mac = std::get<MacAddress>(value);
       return true;
     }},
    {field("src", FieldKind::kIp), "source address",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       return store_address(packet.source, value);
     }},
    {field("dst", FieldKind::kIp), "destination address",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       return store_address(packet.destination, value);
     }},
    {field("sport", FieldKind::kPort), "TCP or UDP source port",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       packet.source_port = std::get<Port>(value);
       return true;
     }},
    {field("dport", FieldKind::kPort), "TCP or UDP destination port",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       packet.destination_port = std::get<Port>(value);
       return true;
     }},
    {field("flags", FieldKind::kWord), "TCP flags joined by '+': syn, syn+ack, fin, rst, none",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       const auto flags = TcpFlags::parse(std::get<std::string>(value));
       if (flags) packet.flags = *flags;
       return flags.has_value();
     }},
    {field("seq", FieldKind::kNumber), "TCP sequence number, 0 to 4294967295",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       return store_number(packet.sequence, value, 0, 0xFFFFFFFF);
     }},
    {field("length", FieldKind::kNumber), "length of the IP packet in bytes, 20 to 65535",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       return store_number(packet.length, value, 20, 65535);
     }},
    {field("icmp_type", FieldKind::kNumber), "ICMP type, 0 to 255",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       return store_number(packet.icmp_type, value, 0, 255);
     }},
    {field("icmp_code", FieldKind::kNumber), "ICMP code, 0 to 255",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       return store_number(packet.icmp_code, value, 0, 255);
     }},
    {field("ip_options", FieldKind::kWord),
     "IP options joined by '+': record-route, timestamp, security, loose-source-route, "
     "strict-source-route, stream-id, router-alert, nop, raw bytes as 0x0727; at most 40 bytes",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       const auto options = IpOptions::parse(std::get<std::string>(value));
       if (options) packet.ip_options = *options;
       return options.has_value();
     }},
    {field("ip_id", FieldKind::kNumber),
     "identification that a datagram's fragments share, 0 to 65535",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       return store_number(packet.ip_id, value, 0, 65535);
     }},
    {field("fragment_offset", FieldKind::kNumber),
     "where a fragment belongs in its datagram, in bytes: a multiple of 8, 0 to 65528",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       return std::get<std::uint64_t>(value) % 8 == 0 &&
              store_number(packet.fragment_offset, value, 0, 65528);
     }},
    {FieldDef{.name = "more_fragments", .kind = FieldKind::kOneOf, .choices = kNoYes},
     "whether further fragments follow: no (as without) or yes",
     [](Packet& packet, const FieldValue& value, std::uint16_t) {
       packet.more_fragments = std::get<std::string>(value) == "yes";
       return true;
     }},
}};

}  // namespace

std::optional<TcpFlags> TcpFlags::parse(std::string_view text) {
  TcpFlags flags;
  if (text == "none") return flags;
  for (;;) {
    const auto plus = text.find('+');
    const auto bit = flag_bit(text.substr(0, plus));
    if (!bit) return std::nullopt;
    flags.bits = static_cast<std::uint8_t>(flags.bits | *bit);
    if (plus == std::string_view::npos) return flags;
    text.remove_prefix(plus + 1);
  }
}

std::span<const PacketFieldDef> base_packet_fields() {
  return kFields;
}

}  // namespace asaemu
