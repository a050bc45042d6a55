#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;
using test::Bench;

namespace {

constexpr const char* kClient = "10.0.0.5";
constexpr const char* kServer = "198.51.100.80";

/// A TCP segment of one flow from inside to a server outside.
struct Flow {
  Bench& bench;
  std::uint16_t port = 40000;

  Flow& from_client(std::uint8_t flags) {
    return send("inside", kClient, kServer, port, 443, flags);
  }
  Flow& from_server(std::uint8_t flags) {
    return send("outside", kServer, kClient, 443, port, flags);
  }
  Flow& handshake() {
    return from_client(TcpFlags::kSyn)
        .from_server(TcpFlags::kSyn | TcpFlags::kAck)
        .from_client(TcpFlags::kAck);
  }
  Flow& send(std::string_view in, std::string_view source, std::string_view destination,
             std::uint16_t source_port, std::uint16_t destination_port, std::uint8_t flags) {
    Packet packet;
    packet.in = bench.device().tables().interfaces.find_nameif(in);
    packet.source = *IpAddress::parse(source);
    packet.destination = *IpAddress::parse(destination);
    packet.source_port = Port{source_port};
    packet.destination_port = Port{destination_port};
    packet.flags = TcpFlags{flags};
    bench.device().receive(bench.now(), packet);
    return *this;
  }
};

std::size_t count(Bench& bench) {
  return bench.device().tables().connections.size();
}

const Connection& only(Bench& bench) {
  REQUIRE(count(bench) == 1);
  return *bench.device().tables().connections.all().begin();
}

}  // namespace

TEST_CASE("a handshake builds a connection that is embryonic until its last part") {
  Bench bench;
  Flow flow{bench};
  flow.from_client(TcpFlags::kSyn);
  CHECK(only(bench).phase == Connection::Phase::kEmbryonic);
  CHECK_FALSE(only(bench).is_inbound);
  flow.from_client(TcpFlags::kAck);
  CHECK(only(bench).phase == Connection::Phase::kEmbryonic);
  flow.from_server(TcpFlags::kSyn | TcpFlags::kAck);
  CHECK(only(bench).phase == Connection::Phase::kEmbryonic);
  flow.from_client(TcpFlags::kAck);
  CHECK(only(bench).phase == Connection::Phase::kEstablished);
}

TEST_CASE("a connection is not built from a lower level to a higher one") {
  Bench bench;
  Flow{bench}.send("outside", kServer, kClient, 40000, 22, TcpFlags::kSyn);
  CHECK(count(bench) == 0);
}

TEST_CASE("a segment without SYN builds no connection") {
  Bench bench;
  Flow{bench}.from_client(TcpFlags::kAck).from_client(TcpFlags::kSyn | TcpFlags::kAck);
  CHECK(count(bench) == 0);
}

TEST_CASE("packets to the device itself are no connection") {
  Bench bench;
  Flow{bench}.send("inside", kClient, "10.0.0.1", 40000, 22, TcpFlags::kSyn);
  CHECK(count(bench) == 0);
}

TEST_CASE("FINs of both ends close a connection, one of them halves it") {
  Bench bench;
  Flow flow{bench};
  flow.handshake().from_client(TcpFlags::kFin | TcpFlags::kAck);
  CHECK(only(bench).phase == Connection::Phase::kHalfClosed);
  flow.from_client(TcpFlags::kFin | TcpFlags::kAck);
  CHECK(count(bench) == 1);
  flow.from_server(TcpFlags::kFin | TcpFlags::kAck);
  CHECK(count(bench) == 0);
}

TEST_CASE("a RST of either end closes a connection") {
  Bench bench;
  Flow{bench}.handshake().from_server(TcpFlags::kRst);
  CHECK(count(bench) == 0);
  Flow{bench}.from_client(TcpFlags::kSyn).from_client(TcpFlags::kRst);
  CHECK(count(bench) == 0);
}

TEST_CASE("an embryonic connection ends after thirty seconds") {
  Bench bench;
  Flow{bench}.from_client(TcpFlags::kSyn);
  bench.advance(30s - 1ns);
  CHECK(count(bench) == 1);
  bench.advance(1ns);
  CHECK(count(bench) == 0);
}

TEST_CASE("an established connection ends an hour after its last packet") {
  Bench bench;
  Flow flow{bench};
  flow.handshake();
  bench.advance(59min);
  flow.from_server(TcpFlags::kAck);
  bench.advance(1h - 1ns);
  CHECK(count(bench) == 1);
  bench.advance(1ns);
  CHECK(count(bench) == 0);
}

TEST_CASE("a half-closed connection ends ten minutes after its FIN") {
  Bench bench;
  Flow{bench}.handshake().from_client(TcpFlags::kFin | TcpFlags::kAck);
  bench.advance(10min - 1ns);
  CHECK(count(bench) == 1);
  bench.advance(1ns);
  CHECK(count(bench) == 0);
}

TEST_CASE("UDP and ICMP have idle timeouts of their own, which the timeout command sets") {
  Bench bench(std::string(test::kBenchConfig) + "timeout conn 2:00:00 udp 0:01:00 icmp 0:00:05\n");
  bench.packet("inside", kClient, "198.51.100.53", kProtocolUdp);
  bench.packet("inside", kClient, "198.51.100.53", kProtocolIcmp);
  CHECK(count(bench) == 2);
  bench.advance(5s);
  CHECK(count(bench) == 1);
  bench.advance(55s - 1ns);
  CHECK(count(bench) == 1);
  bench.advance(1ns);
  CHECK(count(bench) == 0);
}

TEST_CASE("a timeout goes back to its default") {
  Bench bench;
  bench.commands({"conf t", "timeout udp 0:10:00", "no timeout udp 0:10:00"});
  CHECK(bench.output().empty());
  CHECK(bench.device().tables().timeouts.of("udp") == 2min);
}

TEST_CASE("a timeout of zero never ends a connection") {
  Bench bench(std::string(test::kBenchConfig) + "timeout conn 0:00:00\n");
  Flow{bench}.handshake();
  bench.advance(48h);
  CHECK(count(bench) == 1);
}

TEST_CASE("no more connections are built than the device has room for") {
  Bench bench(test::kBenchConfig, {{"connection-limit", FieldValue{std::uint64_t{2}}}});
  for (std::uint16_t port = 40000; port < 40003; ++port) Flow{bench, port}.handshake();
  CHECK(count(bench) == 2);
  bench.command("show conn count");
  CHECK(bench.output() == "2 in use, 2 most used\n");
}

TEST_CASE("show conn has the less secure end first, and clear conn removes all") {
  Bench bench;
  Flow{bench}.handshake();
  Flow{bench, 40001}.from_client(TcpFlags::kSyn);
  bench.packet("inside", kClient, "198.51.100.53", kProtocolUdp);
  bench.advance(3s).command("show conn");
  CHECK(bench.output() ==
        "3 in use, 3 most used\n"
        "TCP outside  198.51.100.80:443 inside  10.0.0.5:40000, idle 0:00:03, bytes 180, flags U\n"
        "TCP outside  198.51.100.80:443 inside  10.0.0.5:40001, idle 0:00:03, bytes 60, flags saA\n"
        "UDP outside  198.51.100.53:22 inside  10.0.0.5:40000, idle 0:00:03, bytes 60, flags -\n");
  bench.command("clear conn");
  CHECK(bench.output() == "3 connection(s) deleted.\n");
  bench.command("show conn");
  CHECK(bench.output() == "0 in use, 3 most used\n");
}

TEST_CASE("interfaces of one level exchange connections when told to") {
  const std::string equal =
      std::string(test::kBenchConfig) + "interface GigabitEthernet0/2.30\n security-level 100\n";
  const auto build = [](Bench& bench) {
    Flow{bench}.send("inside", kClient, "172.16.30.9", 40000, 22, TcpFlags::kSyn);
  };
  Bench closed(equal);
  build(closed);
  CHECK(count(closed) == 0);
  Bench open(equal + "same-security-traffic permit inter-interface\n");
  build(open);
  CHECK(count(open) == 1);
}

TEST_CASE("a connection that went before its timer leaves nothing behind") {
  Bench bench;
  Flow flow{bench};
  flow.handshake().from_client(TcpFlags::kRst);
  bench.advance(30min);
  flow.handshake();
  bench.advance(30min);
  CHECK(count(bench) == 1);
  bench.advance(30min);
  CHECK(count(bench) == 0);
}
