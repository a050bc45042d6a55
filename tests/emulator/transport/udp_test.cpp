#include "emulator/transport/udp.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <netinet/in.h>

using namespace asaemu;
using namespace asaemu::test;

namespace {

/// The socket of a transport of this process that is connected to a receiver.
int socket_towards(const FileDescriptor& receiver) {
  constexpr int kMost = 1024;
  for (int candidate = 0; candidate < kMost; ++candidate) {
    SocketAddress peer;
    peer.size = sizeof peer.storage;
    if (getpeername(candidate, reinterpret_cast<sockaddr*>(&peer.storage), &peer.size) != 0) {
      continue;
    }
    // The port is at the same place in both families.
    const auto* const address = reinterpret_cast<const sockaddr_in*>(&peer.storage);
    if (ntohs(address->sin_port) == bound_port(receiver.get())) return candidate;
  }
  return -1;
}

/// A socket that is connected elsewhere: it keeps its port but takes nothing from us.
FileDescriptor closed_socket(const FileDescriptor& elsewhere) {
  auto closed = loopback_socket(SOCK_DGRAM);
  std::string error;
  const auto address = resolve({"127.0.0.1", bound_port(elsewhere.get())}, error).front();
  REQUIRE(connect(closed.get(), address.data(), address.size) == 0);
  return closed;
}

/// Sends a fleet's lines in portions that fit into any receive buffer, and has them all arrive: as
/// they were, one per datagram, each device's in order. Returns how many came out of their order.
std::size_t check_fleet(UdpTransport& transport, const FileDescriptor& receiver,
                        FleetOfLines& fleet, std::size_t lines) {
  constexpr std::size_t kPortion = 100;
  std::vector<std::size_t> next(fleet.accounts.size());
  for (std::size_t i = 0; i < next.size(); ++i) next[i] = i;
  std::size_t overtaken = 0;
  for (std::size_t at = 0; at < lines; at += kPortion) {
    fleet.offer(transport, at, at + kPortion);
    transport.flush();
    for (std::size_t i = at; i < at + kPortion; ++i) {
      const std::string datagram = receive_datagram(receiver);
      REQUIRE_FALSE(datagram.empty());
      const std::size_t number = FleetOfLines::number(datagram);
      REQUIRE(datagram == FleetOfLines::line(number));
      REQUIRE(number == next[number % next.size()]);
      next[number % next.size()] += next.size();
      overtaken += number == i ? 0 : 1;
    }
  }
  const auto account = fleet.sum();
  CHECK(account.sent == lines);
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
  return overtaken;
}

}  // namespace

TEST_CASE("equal lengths of a fleet leave together and arrive one per datagram in order") {
  const auto receiver = loopback_socket(SOCK_DGRAM);
  UdpTransport transport(udp_to(receiver));
  REQUIRE(transport.open().empty());
  FleetOfLines fleet(30);
  const std::size_t overtaken = check_fleet(transport, receiver, fleet, 5000);
  // A kernel without UDP_SEGMENT leaves all as it is.
  if (overtaken == 0) WARN("this kernel takes no bundles");
}

TEST_CASE("without offload the lines of all devices stay in their order") {
  const auto receiver = loopback_socket(SOCK_DGRAM);
  auto destination = udp_to(receiver);
  destination.offload = false;
  UdpTransport transport(destination);
  REQUIRE(transport.open().empty());
  FleetOfLines fleet(30);
  CHECK(check_fleet(transport, receiver, fleet, 1000) == 0);
}

TEST_CASE("a sender with an address of its own keeps the order of all its lines") {
  const auto receiver = loopback_socket(SOCK_DGRAM);
  auto destination = udp_to(receiver);
  destination.source = *IpAddress::parse("127.0.0.9");
  UdpTransport transport(destination);
  REQUIRE(transport.open().empty());
  FleetOfLines fleet(3);
  CHECK(check_fleet(transport, receiver, fleet, 1000) == 0);
}

TEST_CASE("a kernel that takes no bundles gets every line alone and none is lost") {
  const auto receiver = loopback_socket(SOCK_DGRAM);
  UdpTransport transport(udp_to(receiver));
  REQUIRE(transport.open().empty());
  // Bundles need checksums; the kernel refuses those of such a socket.
  constexpr int kNone = 1;
  const int socket = socket_towards(receiver);
  REQUIRE(setsockopt(socket, SOL_SOCKET, SO_NO_CHECK, &kNone, sizeof kNone) == 0);
  FleetOfLines fleet(30);
  check_fleet(transport, receiver, fleet, 100);
  CHECK(transport.statistics().errors.empty());
  // It is not asked again.
  constexpr int kSum = 0;
  REQUIRE(setsockopt(socket, SOL_SOCKET, SO_NO_CHECK, &kSum, sizeof kSum) == 0);
  FleetOfLines others(30);
  others.offer(transport, 0, 100);
  transport.flush();
  for (std::size_t i = 0; i < 100; ++i) CHECK(receive_datagram(receiver) == FleetOfLines::line(i));
}

TEST_CASE("a path that became narrow has long lines leave alone") {
  const auto receiver = loopback_socket(SOCK_DGRAM, AF_INET6);
  if (!receiver.is_open()) {
    WARN("this machine has no IPv6 loopback");
    return;
  }
  UdpTransport transport({Destination::Kind::kUdp, {"::1", bound_port(receiver.get())}, {}, true});
  REQUIRE(transport.open().empty());
  constexpr int kLeast = 1280;
  REQUIRE(setsockopt(socket_towards(receiver), IPPROTO_IPV6, IPV6_MTU, &kLeast, sizeof kLeast) ==
          0);
  DestinationAccount account;
  constexpr std::size_t kHeaders = 48;
  for (const std::size_t size : {kLeast - kHeaders, kLeast - kHeaders + 1}) {
    for (int i = 0; i < 3; ++i) {
      char* const at = transport.begin_line();
      ++account.offered;
      transport.end_line(std::fill_n(at, size, 'y'), account);
    }
    transport.flush();
    for (int i = 0; i < 3; ++i) CHECK(receive_datagram(receiver) == std::string(size, 'y'));
  }
  CHECK(account.sent == 6);
  CHECK(agrees(transport, account));
}

TEST_CASE("each line of a bundle that cannot be sent is counted as failed once") {
  const auto receiver = loopback_socket(SOCK_DGRAM);
  UdpTransport transport(udp_to(receiver));
  REQUIRE(transport.open().empty());
  FleetOfLines fleet(30);
  fleet.offer(transport, 0, 200);
  transport.flush();
  REQUIRE(shutdown(socket_towards(receiver), SHUT_WR) == 0);
  fleet.offer(transport, 200, 500);
  transport.flush();
  const auto account = fleet.sum();
  CHECK(account.sent == 200);
  CHECK(account.dropped_error == 300);
  CHECK(agrees(transport, account));
  CHECK(transport.statistics().errors.at("Broken pipe") == 300);
}

TEST_CASE("twenty thousand lines arrive over UDP byte for byte, one per datagram") {
  constexpr std::size_t kLines = 20'000;
  // So many fit into the smallest receive buffer that systems give.
  constexpr std::size_t kPortion = 100;
  const auto receiver = loopback_socket(SOCK_DGRAM);
  REQUIRE(receiver.is_open());
  UdpTransport transport(udp_to(receiver));
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  std::size_t equal = 0;
  for (std::size_t at = 0; at < kLines; at += kPortion) {
    offer(transport, account, at, at + kPortion);
    transport.flush();
    for (std::size_t i = at; i < at + kPortion; ++i) equal += receive_datagram(receiver) == line(i);
  }
  CHECK(equal == kLines);
  CHECK(account.sent == kLines);
  CHECK(account.bytes == lines(0, kLines).size());
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
}

TEST_CASE("a full batch of datagrams leaves without being asked to") {
  for (const bool offload : {false, true}) {
    const auto receiver = loopback_socket(SOCK_DGRAM);
    auto destination = udp_to(receiver);
    destination.offload = offload;
    UdpTransport transport(destination);
    REQUIRE(transport.open().empty());
    const std::size_t full = offload ? 2048 : 1024;
    DestinationAccount account;
    offer(transport, account, 0, full);
    CHECK(account.sent == 0);
    offer(transport, account, full, full + 1);
    CHECK(account.sent == full);
    CHECK(account.pending() == 1);
    transport.close();
    CHECK(account.sent == full + 1);
  }
}

TEST_CASE("a datagram has no line feed if the destination says so") {
  const auto receiver = loopback_socket(SOCK_DGRAM);
  auto destination = udp_to(receiver);
  destination.line_feed = false;
  UdpTransport transport(destination);
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 5, 7);
  transport.close();
  for (std::size_t i = 5; i < 7; ++i) CHECK(receive_datagram(receiver) + "\n" == line(i));
  CHECK(account.bytes == line(5).size() + line(6).size() - 2);
  CHECK(agrees(transport, account));
}

TEST_CASE("datagrams reach an IPv6 collector") {
  const auto receiver = loopback_socket(SOCK_DGRAM, AF_INET6);
  if (!receiver.is_open()) {
    WARN("this machine has no IPv6 loopback");
    return;
  }
  UdpTransport transport({Destination::Kind::kUdp, {"::1", bound_port(receiver.get())}, {}, true});
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 1, 2);
  transport.close();
  CHECK(receive_datagram(receiver) == line(1));
}

TEST_CASE("a closed UDP port makes errors, and every line is still counted once") {
  const auto elsewhere = loopback_socket(SOCK_DGRAM);
  const auto closed = closed_socket(elsewhere);
  UdpTransport transport(udp_to(closed));
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  for (std::size_t i = 0; i < 200; ++i) {
    offer(transport, account, i, i + 1);
    transport.flush();
  }
  offer(transport, account, 200, 5000);
  transport.close();
  CHECK(account.offered == 5000);
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
  CHECK(account.dropped_error > 0);
  CHECK(account.sent > 0);
  CHECK(transport.statistics().errors.count("Connection refused") == 1);
  CHECK_FALSE(transport.failed());
}

TEST_CASE("a closed UDP port refuses some lines of a fleet and each is counted once") {
  const auto elsewhere = loopback_socket(SOCK_DGRAM);
  const auto closed = closed_socket(elsewhere);
  UdpTransport transport(udp_to(closed));
  REQUIRE(transport.open().empty());
  FleetOfLines fleet(100);
  for (std::size_t i = 0; i < 50; ++i) {
    fleet.offer(transport, 100 * i, 100 * (i + 1));
    transport.flush();
  }
  const auto account = fleet.sum();
  CHECK(account.offered == 5000);
  CHECK(adds_up(account));
  CHECK(agrees(transport, account));
  CHECK(account.sent > account.dropped_error);
  CHECK(account.dropped_error > 0);
}

TEST_CASE("lines for a UDP transport that could not be opened are counted as failed") {
  UdpTransport transport({Destination::Kind::kUdp, {impossible_host(), 514}, {}, true});
  CHECK(transport.open().starts_with("udp://" + impossible_host() + ":514: "));
  DestinationAccount account;
  offer(transport, account, 0, 3);
  transport.close();
  CHECK(account.dropped_error == 3);
  CHECK(adds_up(account));
}

TEST_CASE("a live UDP transport says when nobody listens and when somebody does again") {
  auto receiver = loopback_socket(SOCK_DGRAM);
  const auto destination = udp_to(receiver);
  receiver.close();
  UdpTransport transport(destination);
  transport.set_live();
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  std::size_t next = 0;
  const auto send = [&] {
    offer(transport, account, next, next + 1);
    ++next;
    transport.flush();
  };
  using State = CollectorStatus::State;
  REQUIRE(tend_until(transport, [&] {
    send();
    return transport.status().state == State::kDown;
  }));
  CHECK(transport.status().cause == CollectorStatus::Cause::kRefused);
  CHECK(transport.status().changes == 1);
  FileDescriptor again{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  std::string error;
  const auto address = resolve(destination.peer, error).front();
  REQUIRE(bind(again.get(), address.data(), address.size) == 0);
  REQUIRE(tend_until(transport, [&] {
    send();
    return transport.status().state == State::kUp;
  }));
  CHECK(adds_up(account));
}
