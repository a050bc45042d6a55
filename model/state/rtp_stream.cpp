#include "model/state/rtp_stream.hpp"

namespace asaemu {

namespace {

constexpr std::uint64_t kVersion = 2;
// RFC 3551, table of payload types.
constexpr std::uint64_t kLastAudio = 23;
constexpr std::uint64_t kFirstVideo = 24;
constexpr std::uint64_t kLastVideo = 34;
constexpr std::uint64_t kFirstRtcpLike = 72;
constexpr std::uint64_t kLastRtcpLike = 76;
constexpr std::uint64_t kFirstDynamic = 96;
constexpr std::uint64_t kLastPayloadType = 127;

}  // namespace

bool is_payload_type_good(std::uint64_t payload_type, const MediaRules& rules) {
  if (payload_type > kLastPayloadType) return false;
  if (payload_type >= kFirstRtcpLike && payload_type <= kLastRtcpLike) return false;
  if (!rules.enforces_payload_type || payload_type >= kFirstDynamic) return true;
  switch (rules.type) {
    case MediaType::kAudio:
      return payload_type <= kLastAudio;
    case MediaType::kVideo:
      return payload_type >= kFirstVideo && payload_type <= kLastVideo;
    case MediaType::kData:
      break;
  }
  return true;
}

RtpFault RtpStream::check(const RtpPacket& packet, const MediaRules& rules) {
  if (packet.version != kVersion) return RtpFault::kVersion;
  if (!is_payload_type_good(packet.payload_type, rules)) return RtpFault::kPayloadType;
  if (!has_source_) {
    has_source_ = true;
    ssrc_ = packet.ssrc;
    latest_ = packet.sequence.value_or(0);
    probation_ = kMinSequential - 1;
    return RtpFault::kNone;
  }
  if (packet.ssrc != ssrc_) return RtpFault::kSsrc;
  return follow(packet.sequence.value_or(static_cast<std::uint16_t>(latest_ + 1)));
}

RtpFault RtpStream::follow(std::uint16_t sequence) {
  const auto step = static_cast<std::uint16_t>(sequence - latest_);
  if (probation_ > 0) {
    latest_ = sequence;
    if (step == 1) {
      --probation_;
      return RtpFault::kNone;
    }
    probation_ = kMinSequential - 1;
    return RtpFault::kProbation;
  }
  if (step < kMaxDropout) {
    latest_ = sequence;
    after_jump_.reset();
    return RtpFault::kNone;
  }
  // Late, or sent twice.
  if (step > static_cast<std::uint16_t>(-kMaxMisorder)) return RtpFault::kNone;
  if (after_jump_ == sequence) {  // the source has started anew
    latest_ = sequence;
    after_jump_.reset();
    return RtpFault::kNone;
  }
  after_jump_ = static_cast<std::uint16_t>(sequence + 1);
  return RtpFault::kSequenceRange;
}

}  // namespace asaemu
