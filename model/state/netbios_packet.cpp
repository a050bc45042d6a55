#include "model/state/netbios_packet.hpp"

namespace asaemu {

std::string_view NbnsPacket::type_name() const {
  switch (opcode) {
    case kQuery:
      return is_response ? "query response" : "query request";
    case kRegistration:
      return is_response ? "registration response" : "registration request";
    case kRelease:
      return is_response ? "release response" : "release request";
    case kWack:
      return "wait acknowledgement";
    case kRefresh:
    case kRefreshAgain:
      return is_response ? "refresh response" : "refresh request";
    case kMultihomed:
      return is_response ? "multi-homed registration response" : "multi-homed registration request";
    default:
      return "packet";
  }
}

std::string_view NbnsPacket::fault() const {
  if (payload < kHeader) return "bad packet length";
  if (type_name() == "packet" || (opcode == kWack && !is_response)) return "bad opcode";
  if (rcode > kRcodeMax || (!is_response && rcode != 0)) return "bad response code";
  // A request asks one question; an answer repeats none (RFC 1002, 4.2.2 to 4.2.18).
  if (questions != (is_response ? 0U : 1U)) return "bad question count";
  if (!is_response && answers != 0) return "bad answer count";
  if (is_response && rcode == 0 && answers == 0) return "bad answer count";
  if (label_length != kNetbiosLabelLength) return "bad label length";
  if (question_type != kTypeNb && question_type != kTypeNbstat) return "bad question type";
  return {};
}

std::string_view NbdgmPacket::type_name() const {
  switch (type) {
    case kDirectUnique:
      return "direct unique datagram";
    case kDirectGroup:
      return "direct group datagram";
    case kBroadcast:
      return "broadcast datagram";
    case kError:
      return "error datagram";
    case kQueryRequest:
      return "query request";
    case kPositiveResponse:
      return "positive query response";
    case kNegativeResponse:
      return "negative query response";
    default:
      return "packet";
  }
}

std::string_view NbdgmPacket::fault() const {
  if (type_name() == "packet") return "bad message type";
  if (source != sender) return "bad source address";
  if (source_port != sender_port.value) return "bad source port";
  if (has_data() && length + kHeader != payload) return "bad datagram length";
  if (type != kError && label_length != kNetbiosLabelLength) return "bad label length";
  return {};
}

}  // namespace asaemu
