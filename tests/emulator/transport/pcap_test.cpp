#include "emulator/transport/pcap.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace asaemu::test;

namespace {

/// Reads numbers off a capture file.
struct Reader {
  std::string text;
  std::size_t at = 0;

  std::uint32_t little() {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{byte(at++)} << (8 * i);
    return value;
  }
  [[nodiscard]] std::uint8_t byte(std::size_t where) const {
    return static_cast<std::uint8_t>(text.at(where));
  }
  [[nodiscard]] std::uint32_t big(std::size_t where) const {
    return static_cast<std::uint32_t>(byte(where) << 8 | byte(where + 1));
  }
  /// The Internet checksum of bytes that contain theirs is zero.
  [[nodiscard]] std::uint32_t folded(std::size_t begin, std::size_t end, std::uint32_t sum) const {
    for (std::size_t i = begin; i < end; ++i) {
      sum += (i - begin) % 2 == 0 ? std::uint32_t{byte(i)} << 8 : byte(i);
    }
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    return sum;
  }
};

/// One line from a device to a host, written and read back.
Reader capture(const TemporaryFolder& folder, const char* source, const char* host,
               std::size_t count) {
  PcapTransport transport({Destination::Kind::kPcap, {}, folder.file("capture"), true});
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  transport.introduce({.interface = "inside",
                       .address = *IpAddress::parse(host),
                       .port = Port{5514},
                       .source = *IpAddress::parse(source),
                       .account = &account});
  for (std::size_t i = 0; i < count; ++i) {
    const auto text = line(i);
    char* const at = transport.begin_line();
    ++account.offered;
    transport.end_line(std::copy(text.begin(), text.end(), at), account,
                       CalendarTime(std::chrono::seconds(1'800'000'000) +
                                    std::chrono::nanoseconds(123'456'789 + i)));
  }
  transport.close();
  CHECK(account.sent == count);
  CHECK(account.bytes == lines(0, count).size());
  CHECK(agrees(transport, account));
  Reader reader{file_text(folder.file("capture"))};
  CHECK(reader.little() == 0xA1B23C4D);
  CHECK(reader.little() == 0x00040002);
  CHECK(reader.little() == 0);
  CHECK(reader.little() == 0);
  CHECK(reader.little() == 65535);
  CHECK(reader.little() == 1);
  return reader;
}

}  // namespace

TEST_CASE("a capture has one Ethernet frame with correct headers for each line over IPv4") {
  const TemporaryFolder folder;
  auto reader = capture(folder, "10.0.0.1", "10.0.0.50", 300);
  for (std::size_t i = 0; i < 300; ++i) {
    const auto text = line(i);
    CHECK(reader.little() == 1'800'000'000);
    CHECK(reader.little() == 123'456'789 + i);
    const auto size = reader.little();
    REQUIRE(size == 14 + 20 + 8 + text.size());
    CHECK(reader.little() == size);
    const std::size_t ip = reader.at + 14;
    const std::size_t udp = ip + 20;
    CHECK(reader.big(ip - 2) == 0x0800);
    CHECK(reader.byte(ip) == 0x45);
    CHECK(reader.big(ip + 2) == 20 + 8 + text.size());
    CHECK(reader.big(ip + 4) == i + 1);
    CHECK(reader.byte(ip + 9) == 17);
    CHECK(reader.folded(ip, udp, 0) == 0xFFFF);
    CHECK(reader.text.substr(ip + 12, 8) == std::string("\x0a\x00\x00\x01\x0a\x00\x00\x32", 8));
    CHECK(reader.big(udp) == 514);
    CHECK(reader.big(udp + 2) == 5514);
    CHECK(reader.big(udp + 4) == 8 + text.size());
    const std::uint32_t pseudo = reader.folded(ip + 12, udp, 17 + reader.big(udp + 4));
    CHECK(reader.folded(udp, udp + 8 + text.size(), pseudo) == 0xFFFF);
    CHECK(reader.text.substr(udp + 8, text.size()) == text);
    reader.at += size;
  }
  CHECK(reader.at == reader.text.size());
}

TEST_CASE("a capture has correct headers over IPv6") {
  const TemporaryFolder folder;
  auto reader = capture(folder, "2001:db8::1", "2001:db8::50", 1);
  const auto text = line(0);
  reader.at += 8;
  REQUIRE(reader.little() == 14 + 40 + 8 + text.size());
  const std::size_t ip = reader.at + 4 + 14;
  const std::size_t udp = ip + 40;
  CHECK(reader.big(ip - 2) == 0x86DD);
  CHECK(reader.byte(ip) == 0x60);
  CHECK(reader.big(ip + 4) == 8 + text.size());
  CHECK(reader.byte(ip + 6) == 17);
  const std::uint32_t pseudo = reader.folded(ip + 8, udp, 17 + reader.big(udp + 4));
  CHECK(reader.folded(udp, udp + 8 + text.size(), pseudo) == 0xFFFF);
}

TEST_CASE("a capture without lines is a file that can be read and one on a full disk fails") {
  const TemporaryFolder folder;
  const auto reader = capture(folder, "10.0.0.1", "10.0.0.50", 0);
  CHECK(reader.at == reader.text.size());
  PcapTransport full({Destination::Kind::kPcap, {}, "/dev/full", true});
  static_cast<void>(full.open());
  CHECK(full.failure() == "No space left on device");
  DestinationAccount account;
  offer(full, account, 0, 10);
  full.close();
  CHECK(account.dropped_error == 10);
  CHECK(adds_up(account));
}
