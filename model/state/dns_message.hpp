// A DNS message as an inspection sees it: what is in it, whether it keeps to the protocol, and whether a
// criterion of an inspection map holds for it.
#pragma once

#include "model/state/inspect_maps.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace asaemu {

struct DnsMessage {
  enum class Section : std::uint8_t { kAnswer, kAuthority, kAdditional };
  struct Record {
    Section section;
    std::uint16_t type;
  };

  /// Header flags as on the wire (RFC 1035, 4.1.1).
  static constexpr std::uint16_t kQr = 0x8000;
  static constexpr std::uint16_t kAa = 0x0400;
  static constexpr std::uint16_t kTc = 0x0200;
  static constexpr std::uint16_t kRd = 0x0100;
  static constexpr std::uint16_t kRa = 0x0080;

  bool is_reply = false;
  std::uint16_t id = 0;
  std::uint16_t flags = 0;  ///< with kQr for a reply
  std::uint16_t type = 1;   ///< of the question
  std::uint16_t query_class = 1;
  std::string_view name;  ///< of the question; empty for the root
  std::vector<Record> records;
  std::uint64_t length = 0;  ///< bytes behind the UDP header

  [[nodiscard]] bool has(Section section) const;
  [[nodiscard]] bool has_tsig() const;
};

/// The number of a record type (`a`, `txt`, or a number), of a class (`in`), of a header flag (`aa`), in
/// either case; nullopt for others.
std::optional<std::uint16_t> parse_dns_type(std::string_view text);
std::optional<std::uint16_t> parse_dns_class(std::string_view text);
std::optional<std::uint16_t> parse_dns_flag(std::string_view text);
/// `aa+rd`; nullopt if one of them is none.
std::optional<std::uint16_t> parse_dns_flags(std::string_view text);
/// `answer a, additional tsig`; what is not of that form is left out.
std::vector<DnsMessage::Record> parse_dns_records(std::string_view text);

/// Bytes of a message with this question and nothing else (RFC 1035, 4.1).
std::uint64_t dns_message_size(std::string_view name);

/// What is too long in a message.
struct DnsLengthFault {
  enum class Kind : std::uint8_t {
    kLabelBeyondPacket,  ///< a label claims more bytes than the message has left: `limit`
    kLabel,              ///< longer than 63 bytes
    kName,               ///< longer than 255 bytes
  };
  Kind kind;
  std::uint64_t length;
  std::uint64_t limit;
};

/// Reads the question's name label by label, as protocol enforcement does; the first fault.
/// Sources: RFC 1035, 2.3.4.
std::optional<DnsLengthFault> check_dns_name(const DnsMessage& message);

/// Checks a `match` line; its rank, nullopt if it is no criterion of DNS inspection.
std::optional<std::uint16_t> dns_criterion_rank(const LineWords& words);
/// Whether a checked criterion holds; never nullopt, as every message has a header and a question.
std::optional<bool> dns_criterion_holds(const InspectMaps& maps, const InspectMatch& match,
                                        const DnsMessage& message);

}  // namespace asaemu
