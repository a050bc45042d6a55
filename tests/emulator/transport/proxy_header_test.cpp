#include "emulator/transport/proxy_header.hpp"

#include "emulator/transport/tcp.hpp"
#include "emulator/transport/udp.hpp"
#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace asaemu::test;

namespace {

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

}  // namespace

TEST_CASE("a PROXY header of version 2 has the bytes of its specification") {
  const std::string v4 = proxy_v2_header(ip("192.0.2.1"), 0x1234, ip("198.51.100.2"), 514);
  CHECK(v4 == std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"
                          "\xc0\0\x02\x01\xc6\x33\x64\x02\x12\x34\x02\x02",
                          28));
  const std::string v6 = proxy_v2_header(ip("2001:db8::1"), 1, ip("2001:db8::2"), 2);
  REQUIRE(v6.size() == 16 + 36);
  CHECK(v6.substr(12, 4) == std::string("\x21\x21\0\x24", 4));
  CHECK(v6.substr(16, 4) == std::string("\x20\x01\x0d\xb8", 4));
  CHECK(v6[31] == 1);
  CHECK(v6[47] == 2);
}

TEST_CASE("addresses of both families go together as IPv6") {
  const std::string mixed = proxy_v2_header(ip("192.0.2.1"), 1, ip("2001:db8::2"), 2);
  REQUIRE(mixed.size() == 52);
  CHECK(mixed.substr(16, 16) == std::string("\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x01", 16));
}

TEST_CASE("a connection begins with its header and the lines follow") {
  const auto listener = loopback_socket(SOCK_STREAM);
  REQUIRE(listen(listener.get(), 1) == 0);
  Destination destination = tcp_to(listener);
  destination.proxy = true;
  destination.source = ip("203.0.113.9");
  ChannelTiming timing;
  timing.last_word = std::chrono::milliseconds{0};  // it is read after the end
  TcpTransport transport(destination, timing);
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 0, 3);
  transport.close();
  const FileDescriptor connection{accept(listener.get(), nullptr, nullptr)};
  const std::string all = read_stream(connection);
  CHECK(all.starts_with("\r\n\r\n"));
  CHECK(all.substr(16, 8) == std::string("\xcb\0\x71\x09\x7f\0\0\x01", 8));
  CHECK(all.substr(28) == lines(0, 3));
  CHECK(account.bytes == lines(0, 3).size());
}

TEST_CASE("lines come from the address that their destination names as their source") {
  const auto receiver = loopback_socket(SOCK_DGRAM);
  Destination destination = udp_to(receiver);
  destination.source = ip("127.0.0.77");
  UdpTransport transport(destination);
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 0, 40);
  transport.flush();
  CHECK(account.sent == 40);
  std::array<char, 4096> buffer{};
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  REQUIRE(recvfrom(receiver.get(), buffer.data(), buffer.size(), 0,
                   reinterpret_cast<sockaddr*>(&from), &size) > 0);  // NOLINT
  CHECK(address_text(from) == "127.0.0.77");
}

TEST_CASE("a TCP connection comes from its source too, and a source of another family is refused") {
  const auto listener = loopback_socket(SOCK_STREAM);
  REQUIRE(listen(listener.get(), 1) == 0);
  Destination destination = tcp_to(listener);
  destination.source = ip("127.0.0.78");
  TcpTransport transport(destination);
  REQUIRE(transport.open().empty());
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  const FileDescriptor connection{
      accept(listener.get(), reinterpret_cast<sockaddr*>(&from), &size)};  // NOLINT
  CHECK(address_text(from) == "127.0.0.78");
  destination.source = ip("::1");
  UdpTransport other(destination);
  CHECK(other.open().find("another family") != std::string::npos);
}
