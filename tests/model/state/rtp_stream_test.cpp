#include "model/state/rtp_stream.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

RtpFault next(RtpStream& stream, std::uint16_t sequence) {
  return stream.check({.version = 2, .payload_type = 0, .ssrc = 7, .sequence = sequence}, {});
}

/// A stream whose latest packet is this one, beyond probation.
RtpStream stream_at(std::uint16_t sequence) {
  RtpStream stream;
  next(stream, static_cast<std::uint16_t>(sequence - 1));
  next(stream, sequence);
  return stream;
}

}  // namespace

TEST_CASE("a source is on probation until two packets follow each other") {
  RtpStream stream;
  CHECK(next(stream, 100) == RtpFault::kNone);
  CHECK(next(stream, 102) == RtpFault::kProbation);
  CHECK(next(stream, 102) == RtpFault::kProbation);
  CHECK(next(stream, 103) == RtpFault::kNone);
  CHECK(next(stream, 105) == RtpFault::kNone);
}

TEST_CASE("fewer than 3000 packets may be lost") {
  RtpStream stream = stream_at(1000);
  CHECK(next(stream, 1000 + 2999) == RtpFault::kNone);
  CHECK(next(stream, 3999 + 3000) == RtpFault::kSequenceRange);
}

TEST_CASE("a packet may be late by fewer than 100") {
  RtpStream stream = stream_at(1000);
  CHECK(next(stream, 901) == RtpFault::kNone);
  CHECK(next(stream, 900) == RtpFault::kSequenceRange);
  CHECK(next(stream, 1001) == RtpFault::kNone);
}

TEST_CASE("a jump is believed when the next packet confirms it") {
  RtpStream stream = stream_at(1000);
  CHECK(next(stream, 40000) == RtpFault::kSequenceRange);
  CHECK(next(stream, 40001) == RtpFault::kNone);
  CHECK(next(stream, 40002) == RtpFault::kNone);
  CHECK(next(stream, 20000) == RtpFault::kSequenceRange);
  CHECK(next(stream, 20002) == RtpFault::kSequenceRange);
}

TEST_CASE("sequence numbers go on from 65535 to 0") {
  RtpStream stream = stream_at(65535);
  CHECK(next(stream, 0) == RtpFault::kNone);
  CHECK(next(stream, 65535) == RtpFault::kNone);
}

TEST_CASE("a packet without a sequence number is the next one") {
  RtpStream stream = stream_at(65535);
  CHECK(stream.check({.ssrc = 7, .sequence = {}}, {}) == RtpFault::kNone);
  CHECK(next(stream, 1) == RtpFault::kNone);
}

TEST_CASE("the first packet tells the source and others are refused") {
  RtpStream stream = stream_at(1000);
  CHECK(stream.check({.ssrc = 8, .sequence = 1001}, {}) == RtpFault::kSsrc);
  CHECK(next(stream, 1001) == RtpFault::kNone);
}

TEST_CASE("the version comes first and is always 2") {
  RtpStream stream = stream_at(1000);
  for (const unsigned version : {0U, 1U, 3U}) {
    CHECK(stream.check({.version = version, .payload_type = 72, .ssrc = 8, .sequence = 1}, {}) ==
          RtpFault::kVersion);
  }
}

TEST_CASE("payload types that could be RTCP are never good") {
  for (const unsigned type : {0U, 34U, 71U, 77U, 96U, 127U}) CHECK(is_payload_type_good(type, {}));
  for (const unsigned type : {72U, 76U, 128U}) CHECK_FALSE(is_payload_type_good(type, {}));
}

TEST_CASE("an enforced payload type is one of the media or dynamic") {
  const auto rules = [](MediaType type) { return MediaRules{true, true, type}; };
  for (const unsigned type : {0U, 23U, 96U, 127U}) {
    CHECK(is_payload_type_good(type, rules(MediaType::kAudio)));
  }
  for (const unsigned type : {24U, 34U, 95U}) {
    CHECK_FALSE(is_payload_type_good(type, rules(MediaType::kAudio)));
  }
  for (const unsigned type : {24U, 34U, 96U}) {
    CHECK(is_payload_type_good(type, rules(MediaType::kVideo)));
  }
  for (const unsigned type : {0U, 23U, 35U}) {
    CHECK_FALSE(is_payload_type_good(type, rules(MediaType::kVideo)));
  }
  CHECK(is_payload_type_good(35, rules(MediaType::kData)));
}
