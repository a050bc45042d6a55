// A message with each field in a macro, so that tests.cmake can leave one out or write it wrongly.
#include "messages/sample.hpp"

#ifndef PEER
#define PEER .peer = IpAddress::v4(0xC0000201),
#endif
#ifndef COUNT
#define COUNT .count = 60U,
#endif
#ifndef SPI
#define SPI .spi = Spi{1},
#endif
#ifndef SEQUENCE
#define SEQUENCE .sequence = Hex32{1},
#endif
#ifndef VERDICT
#define VERDICT .verdict = msg::SamplePacket::Verdict::kNotAllowed,
#endif
#ifndef DETAIL
#define DETAIL .detail = "detail",
#endif

namespace asaemu {

// By id, whatever the order in the file.
static_assert(msg::SampleSilence::kIndex == 0);
static_assert(msg::SamplePacket::kIndex == 1);
static_assert(msg::SamplePacket::kId == 402119);

msg::SamplePacket sample();

msg::SamplePacket sample() {
  const msg::SamplePacket packet{PEER COUNT SPI SEQUENCE VERDICT DETAIL};
  return packet;
}

}  // namespace asaemu
