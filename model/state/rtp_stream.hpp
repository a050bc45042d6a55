// Whether RTP packets of one source follow each other as they should.
#pragma once

#include "model/state/h323_tables.hpp"

#include <cstdint>

namespace asaemu {

/// What is wrong with an RTP packet, in the order in which it is looked for.
enum class RtpFault : std::uint8_t {
  kNone,
  kVersion,
  kPayloadType,
  kSsrc,
  kSequenceRange,
  kProbation,
};

struct RtpPacket {
  std::uint64_t version = 2;
  std::uint64_t payload_type = 0;
  std::uint64_t ssrc = 1;
  std::optional<std::uint16_t> sequence;  ///< the one after the last if there is none
};

/// One direction of a media flow. The first packet tells its SSRC. Sequence numbers are judged as RFC
/// 3550, A.1, does: a source is on probation until two packets follow each other; later, packets may
/// be lost or late, but a larger jump is only believed when the packet behind it confirms it.
class RtpStream {
 public:
  static constexpr std::uint16_t kMinSequential = 2;
  static constexpr std::uint16_t kMaxDropout = 3000;
  static constexpr std::uint16_t kMaxMisorder = 100;

  /// A packet with a fault is to be dropped.
  RtpFault check(const RtpPacket& packet, const MediaRules& rules);

 private:
  RtpFault follow(std::uint16_t sequence);

  bool has_source_ = false;
  std::uint64_t ssrc_ = 0;
  std::uint16_t latest_ = 0;     ///< highest sequence number seen
  std::uint16_t probation_ = 0;  ///< packets in sequence that are still awaited
  std::optional<std::uint16_t> after_jump_;
};

/// Whether RTP conformance takes a payload type for this media. Without enforcement all are good but
/// those that could be RTCP packets (RFC 3551, 72 to 76); else static types of the other media are
/// not, and dynamic ones are.
bool is_payload_type_good(std::uint64_t payload_type, const MediaRules& rules);

}  // namespace asaemu
