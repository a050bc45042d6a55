// A packet (or the first packet of a flow) at an interface, as the packet path sees it.
#pragma once

#include "model/base/field.hpp"
#include "model/base/ip_options.hpp"
#include "model/state/access_list.hpp"
#include "model/state/connection_table.hpp"
#include "model/state/interface_table.hpp"

#include <optional>
#include <vector>

namespace asaemu {

/// TCP flag bits as on the wire.
struct TcpFlags {
  static constexpr std::uint8_t kFin = 1;
  static constexpr std::uint8_t kSyn = 2;
  static constexpr std::uint8_t kRst = 4;
  static constexpr std::uint8_t kPsh = 8;
  static constexpr std::uint8_t kAck = 16;
  static constexpr std::uint8_t kUrg = 32;
  std::uint8_t bits = 0;

  /// `syn`, `syn+ack`, `none`: names joined by `+`. nullopt for an unknown name.
  static std::optional<TcpFlags> parse(std::string_view text);
  friend bool operator==(TcpFlags, TcpFlags) = default;
};

/// An ESP or AH packet as it arrives, and what decrypting it shows.
struct EspContent {
  Spi spi;
  Hex32 sequence;
  FiveTuple inner;
  std::uint64_t inner_offset = 0;  ///< in bytes; not 0 for a fragment that is not the first
  std::uint16_t inner_length = 0;
  bool has_good_icv = true;
  bool has_good_padding = true;
};

struct Packet {
  /// A field that a subsystem declared for itself (see Declarations::packet_field).
  struct Extra {
    std::uint16_t field;
    FieldValue value;
  };

  InterfaceId in = kNoInterface;
  InterfaceId out =
      kNoInterface;       ///< found by route lookup before the first stage; may stay kNoInterface
  MacAddress source_mac;  ///< of the frame; 0 if the scenario does not say
  MacAddress destination_mac;  ///< likewise
  IpAddress source;
  IpAddress destination;
  IpProtocol protocol = kProtocolTcp;
  TcpFlags flags{TcpFlags::kSyn};  ///< of TCP; a packet that says nothing begins a flow
  Port source_port;
  Port destination_port;
  std::uint16_t length = 60;  ///< bytes of the IP packet, 20 to 65535
  std::uint8_t icmp_type = 8;
  std::uint8_t icmp_code = 0;
  std::uint32_t sequence = 0;               ///< of TCP
  ConnectionId connection = kNoConnection;  ///< it belongs to, from the stage `connection` on
  std::optional<EspContent> esp;  ///< written by the far_ends subsystem on the packet's way in
  bool is_decapsulated = false;   ///< it came out of a tunnel
  bool is_expected = false;       ///< an inspection has opened a pinhole for it
  IpOptions ip_options;
  std::uint16_t ip_id = 0;            ///< identification, the same in all fragments of a datagram
  std::uint16_t fragment_offset = 0;  ///< in bytes, a multiple of 8
  bool more_fragments = false;

  /// Ports are 0 for protocols that have none.
  [[nodiscard]] FiveTuple tuple() const {
    const bool has_ports = protocol == kProtocolTcp || protocol == kProtocolUdp;
    return {source, destination, protocol, has_ports ? source_port : Port{},
            has_ports ? destination_port : Port{}};
  }
  std::vector<Extra> extras;

  /// The value of a declared field, by its number; nullptr if the packet has none.
  template <class T>
  [[nodiscard]] const T* find(std::uint16_t field) const {
    for (const Extra& extra : extras) {
      if (extra.field == field) return std::get_if<T>(&extra.value);
    }
    return nullptr;
  }
};

/// A stage's answer. All but pass end the walk: the packet was for the device itself and is consumed,
/// or it is dropped, or it is dropped and answered with a TCP RST.
enum class Verdict : std::uint8_t { kPass, kConsume, kDrop, kReset };

/// A packet field as scenarios name it: how it is called, what it takes, and how it enters the
/// packet.
struct PacketFieldDef {
  FieldDef field;
  std::string_view help;
  /// Stores the value; false if it is out of the field's range. `extra` is the subsystem field's
  /// number.
  bool (*set)(Packet&, const FieldValue&, std::uint16_t extra) = nullptr;
  std::uint16_t extra = 0;
  std::string_view subsystem = {};  ///< who declared it; empty for the packet's own
  bool replaces_protocol = false;   ///< says itself what the packet is: no `proto` is needed
};

/// The fields every packet has. `in` is resolved by the device, not by a setter.
std::span<const PacketFieldDef> base_packet_fields();

}  // namespace asaemu
