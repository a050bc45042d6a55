// Packet fields for telephony: what H.323 signalling and the media behind it carry. A message names
// what it is on the wire and what it says; what follows from it is for the inspections to find out.
#pragma once

#include "model/contract/declarations.hpp"

#include <array>

namespace asaemu {

namespace detail {

inline constexpr auto kVoiceNoYes = std::to_array<std::string_view>({"no", "yes"});

}  // namespace detail

/// H.225.0 call signalling: Q.931 messages on a TCP connection.
struct H225Content {
  std::uint16_t message = 0;         ///< std::string: a Q.931 message type
  std::uint16_t discriminator = 0;   ///< std::uint64_t
  std::uint16_t call_reference = 0;  ///< std::uint64_t
  std::uint16_t h245_address = 0;    ///< IpAddress
  std::uint16_t h245_port = 0;       ///< Port
  std::uint16_t tunneling = 0;       ///< std::string: no, yes
  std::uint16_t calling_party = 0;   ///< std::string
  std::uint16_t called_party = 0;    ///< std::string

  template <class S>
  static H225Content declare(Declarations<S>& declare) {
    static constexpr auto kMessages = std::to_array<std::string_view>(
        {"setup", "setup-acknowledge", "call-proceeding", "progress", "alerting", "connect",
         "facility", "information", "notify", "status", "status-inquiry", "release-complete"});
    return {
        declare.packet_field(
            FieldDef{.name = "h225-message", .kind = FieldKind::kOneOf, .choices = kMessages},
            "H.225: message type of the Q.931 message, such as setup or release-complete"),
        declare.packet_field(
            FieldDef{.name = "q931-discriminator", .kind = FieldKind::kNumber},
            "H.225: protocol discriminator that the segment begins with; 8, that of Q.931, if left "
            "out"),
        declare.packet_field(FieldDef{.name = "h225-call-reference", .kind = FieldKind::kNumber},
                             "H.225: call reference value, 0 to 32767; 1 if left out"),
        declare.packet_field(FieldDef{.name = "h225-h245-address", .kind = FieldKind::kIp},
                             "H.225: address that the sender offers for the H.245 channel; its own "
                             "if only a port is given"),
        declare.packet_field(FieldDef{.name = "h225-h245-port", .kind = FieldKind::kPort},
                             "H.225: port that the sender offers for the H.245 channel"),
        declare.packet_field(FieldDef{.name = "h225-h245-tunneling",
                                      .kind = FieldKind::kOneOf,
                                      .choices = detail::kVoiceNoYes},
                             "H.225: whether the message carries H.245 inside, or offers to"),
        declare.packet_field(FieldDef{.name = "h225-calling-party", .kind = FieldKind::kText},
                             "H.225: number or alias of who calls"),
        declare.packet_field(FieldDef{.name = "h225-called-party", .kind = FieldKind::kText},
                             "H.225: number or alias of who is called")};
  }
};

/// H.225.0 RAS: what endpoints and gatekeepers tell each other, over UDP.
struct RasContent {
  std::uint16_t message = 0;         ///< std::string: a RAS message
  std::uint16_t sequence = 0;        ///< std::uint64_t
  std::uint16_t signal_address = 0;  ///< IpAddress
  std::uint16_t signal_port = 0;     ///< Port
  std::uint16_t ras_address = 0;     ///< IpAddress
  std::uint16_t ras_port = 0;        ///< Port

  template <class S>
  static RasContent declare(Declarations<S>& declare) {
    static constexpr auto kMessages = std::to_array<std::string_view>(
        {"grq", "gcf", "grj", "rrq", "rcf", "rrj", "urq", "ucf", "urj", "arq", "acf", "arj",
         "brq", "bcf", "brj", "drq", "dcf", "drj", "lrq", "lcf", "lrj", "irq", "irr"});
    return {
        declare.packet_field(
            FieldDef{.name = "ras-message", .kind = FieldKind::kOneOf, .choices = kMessages},
            "RAS: the message, such as arq (admission request) or rcf (registration confirm)"),
        declare.packet_field(FieldDef{.name = "ras-sequence", .kind = FieldKind::kNumber},
                             "RAS: number of the request, which its answer repeats; 1 if left out"),
        declare.packet_field(
            FieldDef{.name = "ras-signal-address", .kind = FieldKind::kIp},
            "RAS: address for call signalling, in rrq that of the endpoint, in acf "
            "that of whom to call"),
        declare.packet_field(FieldDef{.name = "ras-signal-port", .kind = FieldKind::kPort},
                             "RAS: port for call signalling; 1720 if left out"),
        declare.packet_field(FieldDef{.name = "ras-gatekeeper-address", .kind = FieldKind::kIp},
                             "RAS: address where the gatekeeper that gcf tells of takes requests"),
        declare.packet_field(FieldDef{.name = "ras-gatekeeper-port", .kind = FieldKind::kPort},
                             "RAS: port of that; 1719 if left out")};
  }
};

/// H.245 control of a call, on a TCP connection of its own or inside H.225.
struct H245Content {
  std::uint16_t message = 0;        ///< std::string: an H.245 message
  std::uint16_t channel = 0;        ///< std::uint64_t
  std::uint16_t media_type = 0;     ///< std::string: audio, video, data
  std::uint16_t media_address = 0;  ///< IpAddress
  std::uint16_t media_port = 0;     ///< Port
  std::uint16_t control_port = 0;   ///< Port

  template <class S>
  static H245Content declare(Declarations<S>& declare) {
    static constexpr auto kMessages = std::to_array<std::string_view>(
        {"terminal-capability-set", "master-slave-determination", "open-logical-channel",
         "open-logical-channel-ack", "open-logical-channel-reject", "close-logical-channel",
         "end-session"});
    static constexpr auto kTypes = std::to_array<std::string_view>({"audio", "video", "data"});
    return {
        declare.packet_field(
            FieldDef{.name = "h245-message", .kind = FieldKind::kOneOf, .choices = kMessages},
            "H.245: the message, such as open-logical-channel"),
        declare.packet_field(FieldDef{.name = "h245-channel", .kind = FieldKind::kNumber},
                             "H.245: logical channel number, 1 to 65535; 1 if left out"),
        declare.packet_field(
            FieldDef{.name = "h245-media-type", .kind = FieldKind::kOneOf, .choices = kTypes},
            "H.245: what an opened channel is to carry; audio if left out"),
        declare.packet_field(
            FieldDef{.name = "h245-media-address", .kind = FieldKind::kIp},
            "H.245: address where the sender takes the channel's packets; its own if left out"),
        declare.packet_field(FieldDef{.name = "h245-media-port", .kind = FieldKind::kPort},
                             "H.245: port where the sender of an acknowledgement takes RTP"),
        declare.packet_field(FieldDef{.name = "h245-control-port", .kind = FieldKind::kPort},
                             "H.245: port where the sender takes RTCP; in an acknowledgement the "
                             "one after that for RTP if left out")};
  }
};

/// RTP and RTCP (RFC 3550).
struct RtpContent {
  std::uint16_t version = 0;            ///< std::uint64_t
  std::uint16_t payload_type = 0;       ///< std::uint64_t
  std::uint16_t sequence = 0;           ///< std::uint64_t
  std::uint16_t ssrc = 0;               ///< std::uint64_t
  std::uint16_t rtcp_version = 0;       ///< std::uint64_t
  std::uint16_t rtcp_payload_type = 0;  ///< std::uint64_t

  template <class S>
  static RtpContent declare(Declarations<S>& declare) {
    const auto number = [&declare](std::string_view name, std::string_view help) {
      return declare.packet_field(FieldDef{.name = name, .kind = FieldKind::kNumber}, help);
    };
    return {number("rtp-version", "RTP: version, 0 to 3; 2 if left out"),
            number("rtp-payload-type", "RTP: payload type, 0 to 127; 0 (PCMU) if left out"),
            number("rtp-sequence",
                   "RTP: sequence number, 0 to 65535; the one after the last if left out"),
            number("rtp-ssrc", "RTP: synchronisation source; 1 if left out"),
            number("rtcp-version", "RTCP: version, 0 to 3; 2 if left out"),
            number("rtcp-payload-type", "RTCP: packet type, such as 200 for a sender report")};
  }
};

}  // namespace asaemu
