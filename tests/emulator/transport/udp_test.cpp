#include "emulator/transport/udp.hpp"

#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace asaemu::test;

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
  const auto receiver = loopback_socket(SOCK_DGRAM);
  UdpTransport transport(udp_to(receiver));
  REQUIRE(transport.open().empty());
  DestinationAccount account;
  offer(transport, account, 0, 1024);
  CHECK(account.sent == 0);
  offer(transport, account, 1024, 1025);
  CHECK(account.sent == 1024);
  CHECK(account.pending() == 1);
  transport.close();
  CHECK(account.sent == 1025);
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
  // A socket that is connected elsewhere keeps the port but takes nothing from us.
  const auto elsewhere = loopback_socket(SOCK_DGRAM);
  const auto closed = loopback_socket(SOCK_DGRAM);
  std::string error;
  const auto address = resolve({"127.0.0.1", bound_port(elsewhere.get())}, error).front();
  REQUIRE(connect(closed.get(), address.data(), address.size) == 0);
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
