// Lines through TLS to the collector that ships with the program.
#include "emulator/transport/tls.hpp"

#include "emulator/sink/collector.hpp"
#include "emulator/transport/tcp.hpp"
#include "tests/emulator/transport/loopback.hpp"
#include "tests/support/certificates.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <future>

using namespace asaemu;
using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

using State = CollectorStatus::State;
using Cause = CollectorStatus::Cause;

ChannelTiming impatient() {
  ChannelTiming timing;
  timing.retry_first = 10ms;
  timing.retry_longest = 20ms;
  timing.outage = 0ms;
  return timing;
}

/// A collector with a certificate, in a thread of its own.
struct TlsBench {
  explicit TlsBench(const Authority::Wish& wish = {"server"}, bool wants_client = false) {
    const auto files = authority.issue(wish);
    REQUIRE(
        collector
            .use_tls(files.certificate, files.key, wants_client ? authority.file() : std::string{})
            .empty());
    output =
        FileDescriptor{::open(folder.file("lines").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    collector.write_to(output.get(), "lines");
    REQUIRE(collector.listen({true, {"127.0.0.1", 0}, true}).empty());
    destination.kind = Destination::Kind::kTls;
    destination.peer = collector.addresses().front().local;
    destination.channels = 1;
    destination.tls.authorities = authority.file();
    ended = std::async(std::launch::async, [this] { return collector.run({}); });
  }
  ~TlsBench() { finish(0, 0s); }
  TlsBench(const TlsBench&) = delete;
  TlsBench& operator=(const TlsBench&) = delete;

  void finish(std::uint64_t messages, SimDuration idle) {
    if (!ended.valid()) return;
    collector.expect(messages, idle);
    ended.get();
  }

  /// Why it cannot be reached.
  std::string complaint() {
    TcpTransport transport(destination, impatient());
    return transport.open();
  }

  TemporaryFolder folder;
  Authority authority{folder.path().string(), "authority"};
  Collector collector;
  FileDescriptor output;
  Destination destination;
  std::future<Collector::End> ended;
};

}  // namespace

TEST_CASE("lines arrive through TLS 1.2 and 1.3 byte for byte") {
  using Version = TlsSettings::Version;
  for (const auto version : {Version::k12, Version::k13, Version::kAny}) {
    for (const bool octets : {false, true}) {
      TlsBench bench;
      bench.destination.tls.version = version;
      bench.destination.octet_counting = octets;
      TcpTransport transport(bench.destination);
      REQUIRE(transport.open().empty());
      DestinationAccount account;
      offer(transport, account, 0, 4000);
      transport.close();
      bench.finish(4000, 10s);
      CHECK((file_text(bench.folder.file("lines")) == lines(0, 4000)));
      CHECK(account.sent == 4000);
      CHECK(agrees(transport, account));
      CHECK(bench.collector.tally().bytes() == account.bytes);
    }
  }
}

TEST_CASE("a collector whose certificate does not fit is not believed and told why") {
  const auto reason = [](const Authority::Wish& wish) { return TlsBench(wish).complaint(); };
  CHECK(reason({"server"}).empty());
  CHECK(reason({"server", "DNS:localhost,IP:127.0.0.1", true})
            .ends_with("its certificate is not accepted: certificate has expired"));
  CHECK(reason({"server", "DNS:localhost,IP:127.0.0.1", false, true})
            .ends_with("its certificate is not accepted: self-signed certificate"));
  CHECK(reason({"server", "IP:192.0.2.1"})
            .ends_with("its certificate is not accepted: IP address mismatch"));
}

TEST_CASE("the reference identity is what the certificate must be for") {
  TlsBench bench({"server", "DNS:logs.example"});
  CHECK(bench.complaint().ends_with("IP address mismatch"));
  bench.destination.tls.name = "logs.example";
  CHECK(bench.complaint().empty());
  bench.destination.tls.name = "other.example";
  CHECK(bench.complaint().ends_with("its certificate is not accepted: hostname mismatch"));
  for (const char* several : {"logs.example,other.example", "other.example,logs.example"}) {
    bench.destination.tls.name = several;
    CHECK(bench.complaint().empty());
  }
  bench.destination.tls.name = "other.example,more.example";
  CHECK(bench.complaint().ends_with("its certificate is not accepted: hostname mismatch"));
  bench.destination.tls.insecure = true;
  CHECK(bench.complaint().empty());
}

TEST_CASE("a collector signed by nobody we know is not believed") {
  TlsBench bench;
  const Authority other(bench.folder.path().string(), "other");
  bench.destination.tls.authorities = other.file();
  CHECK(bench.complaint().ends_with("unable to get local issuer certificate"));
}

TEST_CASE("a collector that wants a certificate of ours gets it") {
  TlsBench bench({"server"}, true);
  bench.destination.tls.version = TlsSettings::Version::k12;
  CHECK_FALSE(bench.complaint().empty());
  const auto ours = bench.authority.issue({"client"});
  bench.destination.tls.certificate = ours.certificate;
  bench.destination.tls.key = ours.key;
  for (const auto version : {TlsSettings::Version::k12, TlsSettings::Version::k13}) {
    bench.destination.tls.version = version;
    TcpTransport transport(bench.destination, impatient());
    REQUIRE(transport.open().empty());
    DestinationAccount account;
    offer(transport, account, 0, 10);
    transport.close();
    CHECK(account.sent == 10);
  }
  bench.finish(20, 10s);
  CHECK(bench.collector.tally().messages() == 20);
  CHECK(bench.collector.listeners().front().refused >= 1);
}

TEST_CASE("files that are none are named") {
  TlsBench bench;
  bench.destination.tls.authorities = "/nowhere/ca.pem";
  CHECK(bench.complaint().find("ca /nowhere/ca.pem: ") != std::string::npos);
  bench.destination.tls.authorities = bench.authority.file();
  bench.destination.tls.certificate = bench.authority.file();
  bench.destination.tls.key = "/nowhere/key.pem";
  CHECK(bench.complaint().find("key /nowhere/key.pem: ") != std::string::npos);
  Collector collector;
  CHECK(
      collector.use_tls("/nowhere/cert.pem", {}, {}).starts_with("certificate /nowhere/cert.pem"));
  CHECK(collector.listen({true, {"127.0.0.1", 0}, true}).ends_with("there is no certificate"));
}

TEST_CASE("a live transport tells a certificate fault from a collector that speaks no TLS") {
  TlsBench bench({"server", "IP:192.0.2.1"});
  TcpTransport distrustful(bench.destination, impatient());
  distrustful.set_live();
  REQUIRE(distrustful.open().empty());
  REQUIRE(tend_until(distrustful, [&] { return distrustful.status().state == State::kDown; }));
  CHECK(distrustful.status().cause == Cause::kCertificate);

  const auto listener = listening_socket();
  auto plain = bench.destination;
  plain.peer.port = bound_port(listener.get());
  TcpTransport misled(plain, impatient());
  misled.set_live();
  REQUIRE(misled.open().empty());
  const auto connection = accept_one(listener);
  constexpr std::string_view kText = "220 this is no TLS, as anyone can see who reads so far\n";
  REQUIRE(send(connection.get(), kText.data(), kText.size(), MSG_NOSIGNAL) > 0);
  REQUIRE(tend_until(misled, [&] { return misled.status().state == State::kDown; }));
  CHECK(misled.status().cause == Cause::kTls);
}
