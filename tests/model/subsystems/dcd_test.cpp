#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;
using test::Bench;

namespace {

std::string config(const std::string& timeout) {
  return std::string(test::kBenchConfig) +
         "class-map ssh\n match port tcp eq 22\n"
         "policy-map p\n class ssh\n  set connection timeout " +
         timeout + "\nservice-policy p global\n";
}

Bench& segment(Bench& bench, bool from_client, const std::string& flags) {
  const std::string client = "10.0.0.5";
  const std::string server = "198.51.100.80";
  return bench.packet(from_client ? "inside" : "outside", {{"proto", "tcp"},
                                                           {"src", from_client ? client : server},
                                                           {"dst", from_client ? server : client},
                                                           {"sport", from_client ? "50000" : "22"},
                                                           {"dport", from_client ? "22" : "50000"},
                                                           {"flags", flags}});
}

void handshake(Bench& bench) {
  segment(bench, true, "syn");
  segment(bench, false, "syn+ack");
  segment(bench, true, "ack");
}

Bench& host(Bench& bench, const std::string& address, const std::string& state) {
  return bench.world("host", {{"host", address}, {"state", state}});
}

std::size_t connections(Bench& bench) {
  return bench.device().tables().connections.size();
}

const std::string kEnds =
    "TCP connection 1 from inside:10.0.0.5/50000 (10.0.0.5/50000) to outside:198.51.100.80/22 "
    "(198.51.100.80/22) ";

}  // namespace

TEST_CASE("a connection whose ends answer is kept, and its idle time starts anew") {
  Bench bench(config("idle 0:30:00 dcd"));
  handshake(bench);
  bench.advance(30min - 1ns).expect_nothing();
  bench.advance(1ns).expect(419004, kEnds + "is probed by DCD");
  bench.advance(1s).expect(
      419005, kEnds + "duration 0:30:01 data 180, is kept open by DCD as valid connection");
  CHECK(connections(bench) == 1);
  bench.advance(30min - 1ns).expect_nothing();
  bench.advance(1ns).expect(419004, kEnds + "is probed by DCD");
}

TEST_CASE("a server that stays silent for five probes loses its connection after 75 seconds") {
  Bench bench(config("idle 0:30:00 dcd"));
  handshake(bench);
  host(bench, "198.51.100.80", "silent");
  bench.advance(30min).expect(419004, kEnds + "is probed by DCD");
  bench.advance(75s - 1ns).expect_nothing();
  CHECK(connections(bench) == 1);
  bench.advance(1ns).expect(419006, "Teardown " + kEnds +
                                        "duration 0:31:15 data 180, DCD probe was not responded "
                                        "from server interface outside");
  CHECK(connections(bench) == 0);
}

TEST_CASE("a silent client is named with its interface, whatever the server does") {
  Bench bench(config("idle 0:30:00 dcd 0:00:10 2"));
  handshake(bench);
  host(bench, "10.0.0.5", "silent");
  host(bench, "198.51.100.80", "silent");
  bench.advance(30min).expect(419004, kEnds + "is probed by DCD");
  bench.advance(20s).expect(419006, "Teardown " + kEnds +
                                        "duration 0:30:20 data 180, DCD probe was not responded "
                                        "from client interface inside");
}

TEST_CASE("a host that answers again in time keeps its connection") {
  Bench bench(config("idle 0:30:00 dcd 0:00:10 3"));
  handshake(bench);
  host(bench, "198.51.100.80", "silent");
  bench.advance(30min).expect(419004, kEnds + "is probed by DCD");
  bench.advance(15s);
  host(bench, "198.51.100.80", "answering");
  bench.advance(6s).expect(
      419005, kEnds + "duration 0:30:21 data 180, is kept open by DCD as valid connection");
}

TEST_CASE("traffic during the probes answers for both ends") {
  Bench bench(config("idle 0:30:00 dcd 0:00:10 2"));
  handshake(bench);
  host(bench, "198.51.100.80", "silent");
  bench.advance(30min).expect(419004, kEnds + "is probed by DCD");
  bench.advance(5s);
  segment(bench, false, "ack");
  bench.advance(1min).expect_nothing();
  CHECK(connections(bench) == 1);
}

TEST_CASE("a connection that is closed while it is probed is probed no more") {
  Bench bench(config("idle 0:30:00 dcd"));
  handshake(bench);
  host(bench, "198.51.100.80", "silent");
  bench.advance(30min).expect(419004, kEnds + "is probed by DCD");
  segment(bench, true, "rst");
  bench.advance(2h).expect_nothing();
}

TEST_CASE("half-closed connections, and those of other classes, end without a probe") {
  Bench bench(config("idle 0:30:00 dcd"));
  handshake(bench);
  segment(bench, true, "fin+ack");
  bench.advance(10min).expect_nothing();
  CHECK(connections(bench) == 0);
  bench.packet("inside", "10.0.0.6", "198.51.100.80", kProtocolUdp);
  bench.advance(2min).expect_nothing();
  CHECK(connections(bench) == 0);
}

TEST_CASE("an idle timeout without dcd just ends the connection") {
  Bench bench(config("idle 0:05:00"));
  handshake(bench);
  bench.advance(5min - 1ns);
  CHECK(connections(bench) == 1);
  bench.advance(1ns).expect_nothing();
  CHECK(connections(bench) == 0);
}
