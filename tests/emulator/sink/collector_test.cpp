#include "emulator/sink/collector.hpp"

#include "emulator/transport/tcp.hpp"
#include "emulator/transport/udp.hpp"
#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <fcntl.h>
#include <future>
#include <thread>

using namespace asaemu;
using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

Destination destination_of(const ListenAddress& address) {
  return {
      address.tcp ? Destination::Kind::kTcp : Destination::Kind::kUdp, address.local, {}, true, 1};
}

/// A collector with one listener of this kind.
struct CollectorBench {
  explicit CollectorBench(bool tcp) {
    const auto error = collector.listen({tcp, {"127.0.0.1", 0}});
    INFO(error);
    REQUIRE(error.empty());
    transport = make_transport(destination_of(collector.addresses().front()));
    REQUIRE(transport->open().empty());
  }
  std::future<Collector::End> run(const Collector::Limits& limits) {
    return std::async(std::launch::async, [this, limits] { return collector.run(limits); });
  }
  void send(std::size_t begin, std::size_t end) {
    offer(*transport, account, begin, end);
    transport->flush();
  }

  Collector collector;
  std::unique_ptr<Transport> transport;
  DestinationAccount account;
};

}  // namespace

TEST_CASE("a collector counts what a transport sends, and ends at the count") {
  for (const bool tcp : {false, true}) {
    CollectorBench bench(tcp);
    auto ended = bench.run({500, 10s, std::nullopt});
    for (std::size_t at = 0; at < 500; at += 100) bench.send(at, at + 100);
    INFO((tcp ? "tcp" : "udp"));
    CHECK(ended.get() == Collector::End::kMessages);
    const auto& tally = bench.collector.tally();
    CHECK(tally.messages() == 500);
    CHECK(tally.bytes() == bench.account.bytes);
    CHECK(tally.by_id() == Tally::ById{{401004, 500}});
    CHECK(tally.by_sender() == Tally::BySender{{"fw-edge", 500}});
    CHECK(tally.malformed() == 0);
    const auto report = bench.collector.listeners().front();
    CHECK(report.connections == (tcp ? 1 : 0));
    CHECK(report.lost == 0);
    CHECK(report.address == to_string(bench.collector.addresses().front()));
  }
}

TEST_CASE("messages beyond the count are not looked at") {
  for (const bool tcp : {false, true}) {
    CollectorBench bench(tcp);
    bench.send(0, 20);
    CHECK(bench.collector.run({7, 10s, std::nullopt}) == Collector::End::kMessages);
    CHECK(bench.collector.tally().messages() == 7);
  }
}

TEST_CASE("a silence ends a collector, from the start on and after a message") {
  for (const std::size_t count : {0U, 5U}) {
    CollectorBench bench(false);
    bench.send(0, count);
    CHECK(bench.collector.run({std::nullopt, 20ms, std::nullopt}) == Collector::End::kIdle);
    CHECK(bench.collector.tally().messages() == count);
  }
}

TEST_CASE("messages that keep coming keep a collector from ending for silence") {
  CollectorBench bench(false);
  auto ended = bench.run({20, 500ms, std::nullopt});
  for (std::size_t i = 0; i < 20; ++i) {
    bench.send(i, i + 1);
    std::this_thread::sleep_for(40ms);
  }
  CHECK(ended.get() == Collector::End::kMessages);
}

TEST_CASE("the duration ends a collector, and what had arrived is taken") {
  for (const bool tcp : {false, true}) {
    CollectorBench bench(tcp);
    bench.send(0, 50);
    CHECK(bench.collector.run({std::nullopt, 10s, 1ns}) == Collector::End::kDuration);
    CHECK(bench.collector.tally().messages() == 50);
  }
}

TEST_CASE("a signal ends a collector") {
  CollectorBench bench(false);
  bench.collector.end_on_signals();
  std::raise(SIGTERM);
  CHECK(bench.collector.run({std::nullopt, 10s, std::nullopt}) == Collector::End::kSignal);
}

TEST_CASE("lines are written to every output as they came, with one line feed") {
  const TemporaryFolder folder;
  for (const bool line_feed : {true, false}) {
    const auto path = folder.file("lines");
    const FileDescriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    CollectorBench bench(false);
    bench.collector.write_to(file.get(), path);
    auto destination = bench.transport->destination();
    destination.line_feed = line_feed;
    UdpTransport transport(destination);
    REQUIRE(transport.open().empty());
    offer(transport, bench.account, 0, 100);
    transport.close();
    CHECK(bench.collector.run({100, 10s, std::nullopt}) == Collector::End::kMessages);
    CHECK((file_text(path) == lines(0, 100)));
  }
}

TEST_CASE("an output that takes no more ends a collector") {
  const FileDescriptor full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
  CollectorBench bench(false);
  bench.collector.write_to(full.get(), "/dev/full");
  bench.send(0, 1);
  CHECK(bench.collector.run({std::nullopt, 10s, std::nullopt}) == Collector::End::kOutput);
  REQUIRE(bench.collector.broken_output());
  CHECK(bench.collector.broken_output()->name() == "/dev/full");
  CHECK(bench.collector.broken_output()->error() == ENOSPC);
}

TEST_CASE("many connections and datagrams are counted together") {
  constexpr std::size_t kConnections = 100;
  CollectorBench bench(true);
  REQUIRE(bench.collector.listen({false, {"127.0.0.1", 0}}).empty());
  auto ended = bench.run({kConnections * 10 + 5, 10s, std::nullopt});
  std::vector<std::unique_ptr<Transport>> transports;
  for (std::size_t i = 0; i < kConnections; ++i) {
    transports.push_back(make_transport(bench.transport->destination()));
    REQUIRE(transports.back()->open().empty());
    offer(*transports.back(), bench.account, 0, 10);
  }
  for (const auto& transport : transports) transport->close();
  UdpTransport datagrams(destination_of(bench.collector.addresses().back()));
  REQUIRE(datagrams.open().empty());
  offer(datagrams, bench.account, 0, 5);
  datagrams.close();
  CHECK(ended.get() == Collector::End::kMessages);
  CHECK(bench.collector.listeners().front().connections == kConnections + 1);
  CHECK(bench.collector.tally().bytes() == bench.account.bytes);
}

TEST_CASE("a connection that ends inside a line leaves an unfinished message") {
  CollectorBench bench(true);
  std::string error;
  const auto address = resolve(bench.collector.addresses().front().local, error).front();
  const FileDescriptor peer{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  REQUIRE(connect(peer.get(), address.data(), address.size) == 0);
  constexpr std::string_view kText = "%ASA-4-401004: one\n%ASA-4-401004: tw";
  REQUIRE(send(peer.get(), kText.data(), kText.size(), MSG_NOSIGNAL) == kText.size());
  shutdown(peer.get(), SHUT_WR);
  CHECK(bench.collector.run({2, 10s, std::nullopt}) == Collector::End::kMessages);
  CHECK(bench.collector.tally().unfinished() == 1);
  CHECK(bench.collector.tally().by_sender() == Tally::BySender{{"127.0.0.1", 2}});
}

TEST_CASE("what the kernel had no room for is reported as lost") {
  CollectorBench bench(false);
  // The listener's own buffer may be large; lines enough for any are sent before it looks.
  constexpr std::size_t kBatch = 20'000;
  std::uint64_t lost = 0;
  for (std::size_t sent = 0; sent < 400'000 && lost == 0; sent += kBatch) {
    bench.send(0, kBatch);
    lost = bench.collector.listeners().front().lost;
  }
  REQUIRE(lost > 0);
  bench.collector.run({std::nullopt, 20ms, std::nullopt});
  const auto report = bench.collector.listeners().front();
  CHECK(bench.collector.tally().messages() + report.lost == bench.account.sent);
}

TEST_CASE("a collector that takes pieces finds each datagram in them") {
  constexpr std::size_t kLines = 3000;
  const TemporaryFolder folder;
  const auto path = folder.file("lines");
  const FileDescriptor file{open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)};
  Collector collector;
  collector.use_gro();
  REQUIRE(collector.listen({false, {"127.0.0.1", 0}}).empty());
  collector.write_to(file.get(), path);
  UdpTransport transport(destination_of(collector.addresses().front()));
  REQUIRE(transport.open().empty());
  FleetOfLines fleet(50);
  fleet.offer(transport, 0, kLines);
  transport.flush();
  const auto empty = loopback_socket(SOCK_DGRAM);
  std::string error;
  const auto to = resolve(collector.addresses().front().local, error).front();
  REQUIRE(sendto(empty.get(), "", 0, 0, to.data(), to.size) == 0);
  CHECK(collector.run({kLines + 1, 10s, std::nullopt}) == Collector::End::kMessages);
  CHECK(collector.tally().bytes() == fleet.sum().bytes);
  std::istringstream written(file_text(path));
  std::vector<std::size_t> last(fleet.accounts.size());
  std::size_t count = 0;
  for (std::string line; std::getline(written, line) && !line.empty(); ++count) {
    const std::size_t number = FleetOfLines::number(line);
    CHECK((line + "\n" == FleetOfLines::line(number)));
    CHECK(last[number % last.size()] <= number);
    last[number % last.size()] = number;
  }
  CHECK(count == kLines);
}

TEST_CASE("a collector that takes pieces looks at no message beyond its count") {
  Collector collector;
  collector.use_gro();
  REQUIRE(collector.listen({false, {"127.0.0.1", 0}}).empty());
  UdpTransport transport(destination_of(collector.addresses().front()));
  REQUIRE(transport.open().empty());
  FleetOfLines fleet(50);
  fleet.offer(transport, 0, 50);
  transport.flush();
  CHECK(collector.run({7, 10s, std::nullopt}) == Collector::End::kMessages);
  CHECK(collector.tally().messages() == 7);
}

TEST_CASE("a port that is taken is one clear error") {
  Collector collector;
  const auto taken = loopback_socket(SOCK_DGRAM);
  const ListenAddress address{false, {"127.0.0.1", bound_port(taken.get())}};
  CHECK(collector.listen(address) ==
        "cannot listen on " + to_string(address) + ": Address already in use");
}

TEST_CASE("an output that is slow is not taken for silence") {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const FileDescriptor reader{ends[0]};
  const FileDescriptor writer{ends[1]};
  fcntl(writer.get(), F_SETPIPE_SZ, 4096);
  for (const bool tcp : {false, true}) {
    CollectorBench bench(tcp);
    bench.collector.write_to(writer.get(), "pipe");
    // More than the pipe holds, and then more while it is full.
    constexpr std::size_t kEach = 150;
    bench.send(0, kEach);
    auto ended = bench.run({std::nullopt, 30ms, std::nullopt});
    std::this_thread::sleep_for(100ms);
    bench.send(kEach, 2 * kEach);
    CHECK((read_stream(reader, lines(0, 2 * kEach).size()) == lines(0, 2 * kEach)));
    CHECK(ended.get() == Collector::End::kIdle);
    CHECK(bench.collector.tally().messages() == 2 * kEach);
  }
}
