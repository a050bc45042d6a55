#include "model/state/fragment_tracker.hpp"

#include <catch2/catch.hpp>

namespace asaemu {
namespace {

using namespace std::chrono_literals;

DatagramKey datagram(std::uint16_t id) {
  return {IpAddress::v4(0xC6336407), IpAddress::v4(0x0A000014), kProtocolUdp, id};
}

FragmentRange more(std::uint32_t begin, std::uint32_t end) {
  return {begin, end, false};
}

FragmentRange last(std::uint32_t begin, std::uint32_t end) {
  return {begin, end, true};
}

TEST_CASE("fragments that follow each other do not overlap") {
  FragmentTracker tracker;
  CHECK_FALSE(tracker.note(datagram(1), more(0, 1480), kStart));
  CHECK_FALSE(tracker.note(datagram(1), more(1480, 2960), kStart));
  CHECK(tracker.size() == 2);
}

TEST_CASE("a fragment that shares one byte with another overlaps it") {
  FragmentTracker tracker;
  tracker.note(datagram(1), more(16, 40), kStart);
  CHECK_FALSE(tracker.note(datagram(1), more(8, 16), kStart));
  CHECK_FALSE(tracker.note(datagram(1), more(40, 48), kStart));
  CHECK(tracker.note(datagram(1), last(47, 56), kStart));
  CHECK(tracker.note(datagram(1), more(0, 9), kStart));
  CHECK(tracker.note(datagram(1), more(24, 32), kStart));
}

TEST_CASE("fragments of different datagrams do not overlap") {
  FragmentTracker tracker;
  tracker.note(datagram(1), more(0, 1480), kStart);
  CHECK_FALSE(tracker.note(datagram(2), more(0, 1480), kStart));
  auto other = datagram(1);
  other.protocol = kProtocolIcmp;
  CHECK_FALSE(tracker.note(other, more(0, 1480), kStart));
  std::swap(other.source, other.destination);
  CHECK_FALSE(tracker.note(other, more(0, 1480), kStart));
}

TEST_CASE("a complete datagram is forgotten, in whatever order its fragments came") {
  FragmentTracker tracker;
  tracker.note(datagram(1), last(2960, 3000), kStart);
  tracker.note(datagram(1), more(0, 1480), kStart);
  CHECK(tracker.size() == 2);
  CHECK_FALSE(tracker.note(datagram(1), more(1480, 2960), kStart));
  CHECK(tracker.size() == 0);
  // The identification may be used again.
  CHECK_FALSE(tracker.note(datagram(1), more(0, 1480), kStart));
}

TEST_CASE("an incomplete datagram is forgotten five seconds after its first fragment") {
  FragmentTracker tracker;
  tracker.note(datagram(1), more(0, 1480), kStart);
  tracker.note(datagram(1), more(1480, 2960), kStart + 4s);
  CHECK(tracker.note(datagram(1), more(0, 1480), kStart + 5s - 1ns));
  CHECK_FALSE(tracker.note(datagram(1), more(0, 1480), kStart + 5s));
  CHECK(tracker.size() == 1);
}

TEST_CASE("of one datagram twenty-four fragments are remembered, and the next is not") {
  FragmentTracker tracker;
  for (std::uint32_t i = 0; i < 25; ++i) tracker.note(datagram(1), more(8 * i, 8 * i + 8), kStart);
  CHECK(tracker.size() == FragmentTracker::kChainMax);
  CHECK(tracker.note(datagram(1), more(8 * 23, 8 * 24), kStart));
  CHECK_FALSE(tracker.note(datagram(1), more(8 * 24, 8 * 25), kStart));
}

TEST_CASE("two hundred fragments are remembered, and the next is not until old ones go") {
  FragmentTracker tracker;
  for (std::uint16_t id = 0; id < 201; ++id) tracker.note(datagram(id), more(0, 8), kStart);
  CHECK(tracker.size() == FragmentTracker::kFragmentsMax);
  CHECK(tracker.note(datagram(199), more(0, 8), kStart));
  CHECK_FALSE(tracker.note(datagram(200), more(0, 8), kStart));
  CHECK_FALSE(tracker.note(datagram(200), more(0, 8), kStart + 5s));
  CHECK(tracker.size() == 1);
  CHECK(tracker.note(datagram(200), more(0, 8), kStart + 5s));
}

}  // namespace
}  // namespace asaemu
