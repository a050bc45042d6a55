#include "model/state/audit_signatures.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace asaemu {
namespace {

/// The numbers of the signatures that the packet matches.
std::vector<int> matched(const AuditPacket& packet) {
  std::vector<int> numbers;
  for (const AuditSignature& signature : audit_signatures()) {
    if (audit_matches(signature, packet)) numbers.push_back(signature.number);
  }
  return numbers;
}

using Numbers = std::vector<int>;
const Numbers none;

AuditPacket packet(IpProtocol protocol, std::uint32_t length = 60) {
  AuditPacket made;
  made.source = IpAddress::v4(0xC6336407);
  made.destination = IpAddress::v4(0x0A000014);
  made.protocol = protocol;
  made.length = length;
  return made;
}

AuditPacket icmp(std::uint8_t type, std::uint32_t length = 60) {
  auto made = packet(kProtocolIcmp, length);
  made.icmp_type = type;
  return made;
}

/// An ICMP message that no signature is about.
constexpr std::uint8_t kRouterSolicitation = 10;

AuditPacket tcp(std::uint16_t to) {
  auto made = packet(kProtocolTcp);
  made.source_port = Port{40000};
  made.destination_port = Port{to};
  made.ack = true;
  return made;
}

AuditPacket udp(std::uint16_t from, std::uint16_t to, std::uint32_t length = 60) {
  auto made = packet(kProtocolUdp, length);
  made.source_port = Port{from};
  made.destination_port = Port{to};
  made.udp_length = made.payload();
  return made;
}

AuditPacket rpc(std::uint64_t program, std::uint64_t procedure, std::uint64_t wanted = 0) {
  auto made = udp(700, 111);
  made.rpc_program = program;
  made.rpc_procedure = procedure;
  made.rpc_wanted = wanted;
  return made;
}

TEST_CASE("ordinary packets match no signature") {
  CHECK(matched(tcp(80)) == none);
  CHECK(matched(udp(40000, 53)) == none);
  CHECK(matched(icmp(kRouterSolicitation)) == none);
  CHECK(matched(packet(kProtocolEsp)) == none);
}

TEST_CASE("every signature is found by its number, and no other number is") {
  for (std::size_t i = 0; i < kAuditSignatureCount; ++i) {
    CHECK(find_audit_signature(audit_signatures()[i].number) == i);
  }
  CHECK_FALSE(find_audit_signature(999).has_value());
  CHECK_FALSE(find_audit_signature(1101).has_value());
  CHECK_FALSE(find_audit_signature(6191).has_value());
}

TEST_CASE("signatures have the classes that the guide gives them") {
  const auto attacks =
      std::ranges::count(audit_signatures(), AuditClass::kAttack, &AuditSignature::kind);
  CHECK(attacks == 16);
  for (const int number : {1100, 1102, 1103, 2150, 2151, 2154, 3040, 3041, 3042, 3153, 3154, 4050,
                           4051, 4052, 6103, 6190}) {
    const auto place = find_audit_signature(static_cast<std::uint64_t>(number));
    REQUIRE(place.has_value());
    CHECK(audit_signatures()[*place].kind == AuditClass::kAttack);
  }
}

TEST_CASE("each IP option has its signature") {
  const auto with = [](std::string_view options) {
    auto made = tcp(80);
    made.options = IpOptions::parse(options)->scan();
    return matched(made);
  };
  CHECK(with("nop+router-alert") == none);
  CHECK(with("0x0727") == Numbers{1000});
  CHECK(with("record-route") == Numbers{1001});
  CHECK(with("timestamp") == Numbers{1002});
  CHECK(with("security") == Numbers{1003});
  CHECK(with("loose-source-route") == Numbers{1004});
  CHECK(with("stream-id") == Numbers{1005});
  CHECK(with("strict-source-route") == Numbers{1006});
  CHECK(with("record-route+timestamp+0x44") == Numbers{1000, 1001, 1002});
}

TEST_CASE("a fragment that begins within the first forty bytes is an attack") {
  auto fragment = packet(kProtocolTcp);
  fragment.more_fragments = true;
  const auto at = [&](std::uint32_t offset) {
    fragment.fragment_offset = offset;
    fragment.ack = offset == 0;
    return matched(fragment);
  };
  CHECK(at(0) == none);
  CHECK(at(8) == Numbers{1100});
  CHECK(at(32) == Numbers{1100});
  CHECK(at(40) == none);
}

TEST_CASE("a packet to its own sender and an overlapping fragment are attacks") {
  auto land = tcp(80);
  land.destination = land.source;
  CHECK(matched(land) == Numbers{1102});
  auto overlap = tcp(80);
  overlap.overlaps = true;
  CHECK(matched(overlap) == Numbers{1103});
}

TEST_CASE("each ICMP type has its signature") {
  const std::vector<std::pair<int, int>> types{
      {0, 2000},  {3, 2001},  {4, 2002},  {5, 2003},  {8, 2004},  {11, 2005}, {12, 2006},
      {13, 2007}, {14, 2008}, {15, 2009}, {16, 2010}, {17, 2011}, {18, 2012}};
  for (int type = 0; type < 256; ++type) {
    const auto known = std::ranges::find(types, type, [](const auto& pair) { return pair.first; });
    const Numbers expected = known == types.end() ? none : Numbers{known->second};
    INFO(type);
    CHECK(matched(icmp(static_cast<std::uint8_t>(type))) == expected);
  }
}

TEST_CASE("ICMP in fragments is an attack, and a later fragment has no type") {
  auto fragment = icmp(8);
  fragment.more_fragments = true;
  CHECK(matched(fragment) == Numbers{2004, 2150});
  fragment.more_fragments = false;
  fragment.fragment_offset = 1480;
  CHECK(matched(fragment) == Numbers{2150});
}

TEST_CASE("ICMP is large beyond 1024 bytes") {
  CHECK(matched(icmp(kRouterSolicitation, 1024)) == none);
  CHECK(matched(icmp(kRouterSolicitation, 1025)) == Numbers{2151});
}

TEST_CASE("the last fragment of a ping of death ends beyond the longest datagram") {
  auto fragment = icmp(8, 1500 - 1480 + 24);  // 24 bytes of data
  fragment.fragment_offset = 65512;
  fragment.length = 20 + 23;
  CHECK(matched(fragment) == Numbers{2150});
  fragment.length = 20 + 24;
  CHECK(matched(fragment) == Numbers{2150, 2154});
  fragment.more_fragments = true;
  CHECK(matched(fragment) == Numbers{2150});
}

TEST_CASE("a TCP segment without SYN, FIN, RST and ACK has no flags") {
  auto segment = tcp(22);
  segment.ack = false;
  CHECK(matched(segment) == Numbers{3040});
  segment.syn = true;
  CHECK(matched(segment) == none);
  segment.syn = false;
  segment.rst = true;
  CHECK(matched(segment) == none);
  auto later = tcp(22);
  later.ack = false;
  later.fragment_offset = 1480;
  CHECK(matched(later) == none);
}

TEST_CASE("SYN and FIN do not go together, whatever else is set") {
  auto segment = tcp(22);
  segment.syn = segment.fin = true;
  CHECK(matched(segment) == Numbers{3041});
  segment.ack = false;
  CHECK(matched(segment) == Numbers{3041});
}

TEST_CASE("a FIN alone is an attack if it goes to a privileged port outside of any connection") {
  auto segment = tcp(1023);
  segment.fin = true;
  CHECK(matched(segment) == none);
  segment.ack = false;
  CHECK(matched(segment) == Numbers{3042});
  segment.in_connection = true;
  CHECK(matched(segment) == none);
  segment.in_connection = false;
  segment.destination_port = Port{1024};
  CHECK(matched(segment) == none);
}

TEST_CASE("an FTP client may ask for data at its own address and an unprivileged port only") {
  auto command = tcp(21);
  const auto asks = [&](std::uint32_t address, std::uint32_t port) {
    command.ftp_data = FtpDataAddress{IpAddress::v4(address), port};
    return matched(command);
  };
  CHECK(asks(0xC6336407, 1024) == none);
  CHECK(asks(0xC6336407, 65535) == none);
  CHECK(asks(0xC6336408, 1024) == Numbers{3153});
  CHECK(asks(0xC6336407, 1023) == Numbers{3154});
  CHECK(asks(0xC6336407, 65536) == Numbers{3154});
  CHECK(asks(0xC6336408, 25) == Numbers{3153, 3154});
  command.destination_port = Port{2121};
  CHECK(asks(0xC6336408, 25) == none);
}

TEST_CASE("a UDP bomb claims less than its packet carries") {
  auto datagram = udp(40000, 40001);
  CHECK(matched(datagram) == none);
  datagram.udp_length = datagram.payload() - 1;
  CHECK(matched(datagram) == Numbers{4050});
  datagram.udp_length = datagram.payload() + 1;
  CHECK(matched(datagram) == none);
  datagram.udp_length = 0;
  datagram.more_fragments = true;
  CHECK(matched(datagram) == none);
}

TEST_CASE("snork and chargen are pairs of ports") {
  for (const auto from : std::vector<std::uint16_t>{7, 19, 135}) {
    CHECK(matched(udp(from, 135)) == Numbers{4051});
  }
  CHECK(matched(udp(136, 135)) == none);
  CHECK(matched(udp(7, 19)) == Numbers{4052});
  CHECK(matched(udp(19, 7)) == none);
  auto segment = tcp(135);
  segment.source_port = Port{135};
  CHECK(matched(segment) == none);
}

TEST_CASE("DNS signatures look at the type that a request asks for") {
  const auto asks = [](std::string_view type, std::uint16_t from, std::uint16_t to) {
    auto request = udp(from, to);
    request.dns_type = type;
    return matched(request);
  };
  CHECK(asks("a", 40000, 53) == none);
  CHECK(asks("hinfo", 40000, 53) == Numbers{6050});
  CHECK(asks("axfr", 53, 53) == Numbers{6051});
  CHECK(asks("axfr", 40000, 53) == Numbers{6052});
  CHECK(asks("any", 40000, 53) == Numbers{6053});
  // The answer goes the other way.
  CHECK(asks("hinfo", 53, 40000) == none);
}

TEST_CASE("RPC signatures look at program and procedure") {
  CHECK(matched(rpc(100000, 0)) == none);
  CHECK(matched(rpc(100000, 1)) == Numbers{6100});
  CHECK(matched(rpc(100000, 2)) == Numbers{6101});
  CHECK(matched(rpc(100000, 4)) == Numbers{6102});
  CHECK(matched(rpc(100000, 5)) == Numbers{6103});
  CHECK(matched(rpc(100000, 3, 100003)) == none);
  CHECK(matched(rpc(100000, 3, 100004)) == Numbers{6150});
  CHECK(matched(rpc(100000, 3, 100007)) == Numbers{6151});
  CHECK(matched(rpc(100000, 3, 100009)) == Numbers{6152});
  CHECK(matched(rpc(100000, 3, 100028)) == Numbers{6153});
  CHECK(matched(rpc(100000, 3, 100069)) == Numbers{6154});
  CHECK(matched(rpc(100000, 3, 100005)) == Numbers{6155});
  CHECK(matched(rpc(100000, 3, 100017)) == Numbers{6175});
  CHECK(matched(rpc(100017, 1)) == Numbers{6180});
  CHECK(matched(rpc(100003, 1)) == none);
}

TEST_CASE("a request to statd is too large beyond the longest string of its protocol") {
  auto request = udp(700, 32768, 20 + 1024);
  request.rpc_program = 100024;
  CHECK(matched(request) == none);
  request = udp(700, 32768, 20 + 1025);
  CHECK(matched(request) == none);
  request.rpc_program = 100024;
  CHECK(matched(request) == Numbers{6190});
}

}  // namespace
}  // namespace asaemu
