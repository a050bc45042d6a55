// RTP conformance: media of calls whose packets must be what RTP and RTCP say.
//
// Scope: media flows that H.323 inspection has opened under a policy with `rtp-conformance
//   [enforce-payloadtype]`; RTP version, payload type, SSRC and sequence of each direction, RTCP
//   version and packet type; messages 431001, 431002. A packet that does not conform is dropped.
// Limitations: media of SIP and Skinny calls are not known. RTP timestamps are not looked at, as no
//   message is about them. Of a compound RTCP packet only the first is described. That an SSRC may
//   never change, which packet types of RTCP are known, and the thresholds for sequence numbers are
//   inferred from RFC 3550.
// State: a stream for each direction of a flow, at most the option `rtp-streams`, beyond which a
//   stream is not checked. Streams go with their connections, and at reload.
// Validation: none against a device.
// References: syslog guide 431001, 431002; ASA configuration guide, H.323 inspection policy map; RFC
//   3550 (A.1, A.2), RFC 3551.
#include "messages/rtp.hpp"

#include "model/contract/voice_content.hpp"
#include "model/state/device_state.hpp"
#include "model/state/rtp_stream.hpp"

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::uint64_t kRtcpVersion = 2;
constexpr std::uint64_t kFirstRtcpType = 200;  ///< sender report
constexpr std::uint64_t kLastRtcpType = 204;   ///< application-defined

struct StreamKey {
  ConnectionId connection = kNoConnection;
  bool from_initiator = false;
  friend bool operator==(const StreamKey&, const StreamKey&) = default;
};
struct StreamHash {
  std::uint64_t operator()(const StreamKey& key) const {
    return combine_hash(KeyHash<ConnectionId>()(key.connection), key.from_initiator ? 1 : 0);
  }
};

class Rtp final : public Subsystem {
 public:
  explicit Rtp(Claims& claims)
      : streams_(std::max<std::size_t>(claims.option<std::uint64_t>("rtp-streams"), 1)) {}

  static void declare(Declarations<Rtp>& declare) {
    declare.option(FieldDef{.name = "rtp-streams", .kind = FieldKind::kNumber}, "65536",
                   "most directions of media flows whose RTP is checked (inferred)");
    fields = RtpContent::declare(declare);
    declare.stage<&Rtp::inspect>(PathStage::kInspection);
    declare.on<&Rtp::on_closed>();
  }

 private:
  Verdict inspect(Context& context, Packet& packet) {
    const H323Connection* flow = context.state().h323.connections.find(packet.connection);
    if (flow == nullptr || !flow->media.is_checked) return Verdict::kPass;
    if (flow->role == H323Role::kRtp) return inspect_rtp(context, packet, flow->media);
    return flow->role == H323Role::kRtcp ? inspect_rtcp(context, packet) : Verdict::kPass;
  }

  Verdict inspect_rtp(Context& context, const Packet& packet, const MediaRules& rules);
  static Verdict inspect_rtcp(Context& context, const Packet& packet);

  void on_closed(Context&, const ConnectionClosed& event) {
    streams_.erase(StreamKey{event.connection.id, true});
    streams_.erase(StreamKey{event.connection.id, false});
  }

  static inline RtpContent fields;

  BoundedTable<StreamKey, RtpStream, StreamHash> streams_;
};

/// A message about a packet that does not conform.
template <class M>
void report(Context& context, const Packet& packet, typename M::Reason reason,
            std::uint64_t value) {
  const auto& interfaces = context.state().interfaces;
  context.emit(M{.source_interface = InterfaceName{interfaces[packet.in].nameif},
                 .source = packet.source,
                 .source_port = packet.source_port,
                 .destination_interface = InterfaceName{interfaces[packet.out].nameif},
                 .destination = packet.destination,
                 .destination_port = packet.destination_port,
                 .reason = reason,
                 .value = value});
}

Verdict Rtp::inspect_rtp(Context& context, const Packet& packet, const MediaRules& rules) {
  const auto* version = packet.find<std::uint64_t>(fields.version);
  const auto* payload_type = packet.find<std::uint64_t>(fields.payload_type);
  const auto* sequence = packet.find<std::uint64_t>(fields.sequence);
  const auto* ssrc = packet.find<std::uint64_t>(fields.ssrc);
  if (version == nullptr && payload_type == nullptr && sequence == nullptr && ssrc == nullptr) {
    return Verdict::kPass;
  }
  const Connection* connection = context.state().connections.find(packet.connection);
  const StreamKey key{packet.connection, connection != nullptr &&
                                             packet.source == connection->initiator.address &&
                                             packet.source_port == connection->initiator.port};
  RtpStream* stream = streams_.find(key);
  if (stream == nullptr) stream = streams_.insert(key, RtpStream());
  if (stream == nullptr) return Verdict::kPass;
  RtpPacket rtp;
  if (version != nullptr) rtp.version = *version;
  if (payload_type != nullptr) rtp.payload_type = *payload_type;
  if (ssrc != nullptr) rtp.ssrc = *ssrc;
  if (sequence != nullptr) rtp.sequence = static_cast<std::uint16_t>(*sequence);
  using M = msg::RtpNonconformingDrop;
  switch (stream->check(rtp, rules)) {
    case RtpFault::kNone:
      return Verdict::kPass;
    case RtpFault::kVersion:
      report<M>(context, packet, M::Reason::kIncorrectVersion, rtp.version);
      break;
    case RtpFault::kPayloadType:
      report<M>(context, packet, M::Reason::kInvalidPayloadType, rtp.payload_type);
      break;
    case RtpFault::kSsrc:
      report<M>(context, packet, M::Reason::kIncorrectSsrc, rtp.ssrc);
      break;
    case RtpFault::kSequenceRange:
      report<M>(context, packet, M::Reason::kOutOfRangeSequenceNumber, rtp.sequence.value_or(0));
      break;
    case RtpFault::kProbation:
      report<M>(context, packet, M::Reason::kOutOfSequenceInPacketInProbation,
                rtp.sequence.value_or(0));
      break;
  }
  return Verdict::kDrop;
}

Verdict Rtp::inspect_rtcp(Context& context, const Packet& packet) {
  const auto* version = packet.find<std::uint64_t>(fields.rtcp_version);
  const auto* type = packet.find<std::uint64_t>(fields.rtcp_payload_type);
  using M = msg::RtcpNonconformingDrop;
  if (version != nullptr && *version != kRtcpVersion) {
    report<M>(context, packet, M::Reason::kIncorrectVersion, *version);
    return Verdict::kDrop;
  }
  if (type != nullptr && (*type < kFirstRtcpType || *type > kLastRtcpType)) {
    report<M>(context, packet, M::Reason::kInvalidPayloadType, *type);
    return Verdict::kDrop;
  }
  return Verdict::kPass;
}

}  // namespace

void register_rtp(Registry& registry);
void register_rtp(Registry& registry) {
  registry.add<Rtp>("rtp");
}

}  // namespace asaemu
