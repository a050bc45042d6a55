// NetBIOS over UDP (RFC 1002): name service and datagram service packets, as far as a firewall reads
// them.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/base/values.hpp"

#include <cstdint>
#include <string_view>

namespace asaemu {

inline constexpr Port kNbnsPort{137};
inline constexpr Port kNbdgmPort{138};

/// The first byte of an encoded name: 16 characters of two bytes each.
inline constexpr std::uint64_t kNetbiosLabelLength = 32;

/// The label length that a name of `size` characters comes to: names are padded to 15 characters and
/// get a suffix; longer ones, which no honest host has, take more.
constexpr std::uint64_t netbios_label_length(std::uint64_t size) {
  constexpr std::uint64_t kNameMax = 15;
  return size <= kNameMax ? kNetbiosLabelLength : 2 * (size + 1);
}

/// A name service packet (RFC 1002, 4.2).
struct NbnsPacket {
  enum Opcode : std::uint8_t {
    kQuery = 0,
    kRegistration = 5,
    kRelease = 6,
    kWack = 7,
    kRefresh = 8,
    kRefreshAgain = 9,  ///< what some hosts send for a refresh
    kMultihomed = 15
  };
  static constexpr std::uint64_t kHeader = 12;  ///< bytes
  static constexpr std::uint64_t kTypeNb = 32;  ///< question type
  static constexpr std::uint64_t kTypeNbstat = 33;
  static constexpr std::uint64_t kRcodeMax = 7;

  std::uint64_t opcode = kQuery;
  bool is_response = false;
  std::uint64_t rcode = 0;
  std::uint64_t id = 0;
  std::uint64_t questions = 1;
  std::uint64_t answers = 0;
  std::uint64_t question_type = kTypeNb;
  std::uint64_t label_length = kNetbiosLabelLength;
  std::uint64_t payload = kHeader;  ///< bytes in UDP

  /// `query request`; `packet` if the opcode is of none.
  [[nodiscard]] std::string_view type_name() const;
  /// What is wrong with its format: `bad label length`; empty if nothing is.
  [[nodiscard]] std::string_view fault() const;
};

/// A datagram service packet (RFC 1002, 4.4).
struct NbdgmPacket {
  enum Type : std::uint8_t {
    kDirectUnique = 0x10,
    kDirectGroup = 0x11,
    kBroadcast = 0x12,
    kError = 0x13,
    kQueryRequest = 0x14,
    kPositiveResponse = 0x15,
    kNegativeResponse = 0x16
  };
  static constexpr std::uint64_t kHeader = 14;  ///< bytes, of datagrams with data
  static constexpr std::uint64_t kNames = 68;   ///< source and destination name

  std::uint64_t type = kDirectUnique;
  std::uint64_t id = 0;
  IpAddress source;  ///< as its header says
  std::uint64_t source_port = kNbdgmPort.value;
  IpAddress sender;  ///< as the IP header says
  Port sender_port;
  std::uint64_t length = 0;  ///< of names and data, as its header says
  std::uint64_t offset = 0;  ///< of its data in the whole
  bool is_first = true;
  bool has_more = false;
  std::uint64_t label_length = kNetbiosLabelLength;
  std::uint64_t payload = 0;  ///< bytes in UDP

  [[nodiscard]] bool has_data() const { return type >= kDirectUnique && type <= kBroadcast; }
  [[nodiscard]] bool is_response() const {
    return type == kPositiveResponse || type == kNegativeResponse;
  }
  [[nodiscard]] bool is_fragment() const { return has_data() && (!is_first || has_more); }
  /// Bytes of data in this packet.
  [[nodiscard]] std::uint64_t data() const {
    return payload > kHeader + kNames ? payload - kHeader - kNames : 0;
  }
  /// `direct unique datagram`; `packet` if the type is of none.
  [[nodiscard]] std::string_view type_name() const;
  /// As NbnsPacket::fault(); what concerns fragments is not looked at.
  [[nodiscard]] std::string_view fault() const;
};

}  // namespace asaemu
