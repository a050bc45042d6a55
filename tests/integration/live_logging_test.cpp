// What happens to a real collector shows in what the device logs, here at a second logging host
// (asa-behaviour A.6).
#include "tests/integration/live_bed.hpp"

#include <nlohmann/json.hpp>

using namespace asaemu::test;
using namespace std::chrono_literals;
using Reading = TestCollector::Reading;

namespace {

constexpr const char* kServer = "logging host inside 10.0.0.50 6/1470\n";
constexpr const char* kDenied =
    "%ASA-3-414003: TCP Syslog Server inside:10.0.0.50/1470 not responding, New connections are "
    "denied based on logging permit-hostdown policy";
constexpr const char* kPermitted =
    "%ASA-3-414003: TCP Syslog Server inside:10.0.0.50/1470 not responding, New connections are "
    "permitted based on logging permit-hostdown policy";
constexpr const char* kDisallowing = "%ASA-3-201008: Disallowing new connections.";
constexpr const char* kRestored =
    "%ASA-6-414007: TCP syslog server connection restored. New connections allowed.";
constexpr const char* kFirstWord =
    "%ASA-6-414004: TCP Syslog Server inside:10.0.0.50/1470 - Connection restored";
constexpr const char* kQueueFull =
    "%ASA-3-414006: TCP syslog server configured and logging queue is full. New connections denied "
    "based on logging permit-hostdown policy.";
/// More than all buffers on the way can hold.
constexpr const char* kFlood =
    "- {at: 200ms, rate: {constant: 5000/s}, count: 20000, packet: {in: outside, proto: tcp, "
    "src: 198.51.100.7, dst: 10.0.0.9, sport: 1, dport: 22, flags: syn}}\n";

/// The device has its connection and knows it: a line has come.
constexpr const char* kALine = "%ASA-4-401002";

/// A port that nobody listens on as long as this is there.
asaemu::FileDescriptor closed_port() {
  return loopback_socket(SOCK_STREAM);
}

}  // namespace

TEST_CASE("a TCP collector that is lost ends new connections until it is back", "[program]") {
  SinkProcess collector;
  LoggingRun run({kServer, tcp_collector("10.0.0.50", collector.destination())});
  REQUIRE(collector.receives(kALine));
  CHECK(run.passes());
  collector.stop();
  REQUIRE(run.logs(kDenied));
  REQUIRE(run.logs(kDisallowing));
  CHECK(run.denies());
  CHECK_FALSE(holds(run.other(), "414007"));
  collector.start();
  REQUIRE(run.logs(kRestored));
  CHECK(run.passes());
  // The restored channel hears of it first of all, and then gets what has waited.
  REQUIRE(collector.receives("414007"));
  const auto received = collector.received();
  CHECK(holds(received, kFirstWord));
  CHECK(received.find(kFirstWord) < received.find("414003"));
  CHECK_FALSE(holds(run.other(), "414004"));
  CHECK(run.stop() == 0);
}

TEST_CASE("with permit-hostdown a lost TCP collector leaves connections alone", "[program]") {
  SinkProcess collector;
  LoggingRun run({std::string(kServer) + "logging permit-hostdown\n",
                  tcp_collector("10.0.0.50", collector.destination())});
  constexpr const char* kConnected =
      "%ASA-3-414005: TCP Syslog Server inside:10.0.0.50/1470 connected, New connections are "
      "permitted based on logging permit-hostdown policy";
  REQUIRE(run.logs(kConnected));
  collector.stop();
  REQUIRE(run.logs(kPermitted));
  CHECK(run.passes());
  collector.start();
  REQUIRE(collector.receives(kFirstWord));
  REQUIRE(wait_for([&] { return occurrences(run.other(), kConnected) == 2; }));
  CHECK_FALSE(holds(run.other(), "201008"));
  CHECK_FALSE(holds(run.other(), "414007"));
  CHECK(run.stop() == 0);
}

TEST_CASE("of two real collectors the last one lost ends new connections", "[program]") {
  SinkProcess first;
  SinkProcess second;
  LoggingRun run({std::string(kServer) + "logging host inside 10.0.0.51 6/1470\n",
                  tcp_collector("10.0.0.50", first.destination()) +
                      tcp_collector("10.0.0.51", second.destination())});
  REQUIRE(first.receives(kALine));
  REQUIRE(second.receives(kALine));
  first.stop();
  REQUIRE(run.logs(kPermitted));
  CHECK(run.passes());
  // The other one hears of it, and of nothing else.
  REQUIRE(second.receives(kPermitted));
  CHECK_FALSE(holds(run.other(), "201008"));
  second.stop();
  REQUIRE(run.logs("inside:10.0.0.51/1470 not responding, New connections are denied"));
  REQUIRE(run.logs(kDisallowing));
  CHECK(run.denies());
  first.start();
  REQUIRE(run.logs(kRestored));
  CHECK(run.passes());
  second.start();
  REQUIRE(second.receives("%ASA-6-414004: TCP Syslog Server inside:10.0.0.51/1470"));
  CHECK(occurrences(run.other(), "414007") == 1);
  CHECK(occurrences(run.other(), "201008") == 1);
  CHECK(run.stop() == 0);
}

TEST_CASE("a collector that stops reading fills the queue and ends new connections", "[program]") {
  TestCollector collector(Reading::kNothing);
  LoggingRun run({kServer, tcp_collector("10.0.0.50", collector.destination()), kFlood});
  REQUIRE(run.logs(kQueueFull));
  CHECK(run.denies());
  CHECK(holds(run.console(), "        Current 512 msg on queue, 512 msgs most on queue\n"));
  // It is connected all the time.
  CHECK_FALSE(holds(run.other(), "414003"));
  CHECK_FALSE(holds(run.other(), "414007"));
  collector.read(Reading::kAll);
  REQUIRE(run.logs(kRestored));
  CHECK(run.passes());
  CHECK(run.stop() == 0);
}

TEST_CASE("with permit-hostdown a full queue drops and lets connections pass", "[program]") {
  TestCollector collector(Reading::kNothing);
  LoggingRun run({std::string(kServer) + "logging permit-hostdown\n",
                  tcp_collector("10.0.0.50", collector.destination()), kFlood});
  REQUIRE(wait_for([&] {
    const auto text = run.console();
    const auto end = text.rfind(" msg(s) discarded due to queue overflow");
    if (end == std::string::npos) return false;
    const auto begin = text.rfind(' ', end - 1) + 1;
    return text.substr(begin, end - begin) != "0";
  }));
  CHECK(run.passes());
  CHECK_FALSE(holds(run.other(), "414006"));
  collector.read(Reading::kAll);
  CHECK(run.stop() == 0);
}

TEST_CASE("one of four channels that breaks is told to its server alone", "[program]") {
  TestCollector collector;
  LoggingRun run({kServer, fmt::format("10.0.0.50: \"{}\"\n", collector.destination()),
                  "- {at: 300ms, every: {interval: 200ms}, cli: [clear shun]}\n"});
  REQUIRE(wait_for([&] { return collector.connections() == 4; }));
  REQUIRE(collector.receives("%ASA-4-401001"));
  collector.drop_one();
  REQUIRE(collector.receives(kFirstWord));
  REQUIRE(wait_for([&] { return collector.connections() == 4; }));
  CHECK_FALSE(holds(run.other(), "414003"));
  CHECK_FALSE(holds(run.other(), "414004"));
  CHECK(run.passes());
  CHECK(run.stop() == 0);
}

TEST_CASE("a policy typed while the collector is away lifts the denial", "[program]") {
  const auto port = closed_port();
  LoggingRun run({kServer, tcp_collector("10.0.0.50", tcp_destination(port)),
                  "- {at: 1s, cli: [configure terminal, logging permit-hostdown]}\n"
                  "- {at: 2s, cli: [configure terminal, no logging permit-hostdown]}\n"
                  "- {at: 3s, cli: [configure terminal, no logging host inside 10.0.0.50]}\n"
                  "- {at: 4s, cli: [configure terminal, logging host inside 10.0.0.50 tcp/1470]}\n",
                  "4500ms"});
  // Nothing was ever sent there.
  CHECK(run.wait() == 3);
  INFO(run.other());
  constexpr std::string_view kTag = "%ASA-6-";
  std::vector<std::string> ids;
  std::istringstream lines(run.other());
  for (std::string line; std::getline(lines, line);) {
    const auto id = line.substr(line.find("%ASA-") + kTag.size(), 6);
    if (id.starts_with("414") || id == "201008") ids.push_back(id);
  }
  CHECK(ids == std::vector<std::string>{"414003", "201008", "414008", "201008", "414009", "414003",
                                        "201008"});
  CHECK(occurrences(run.other(), kDenied) == 2);
  CHECK(holds(run.said(), "never connected: Connection refused"));
}

namespace {

/// A `secure` server that is held against logs.example, and what a collector's certificate says.
struct SecureBed {
  explicit SecureBed(const Authority::Wish& wish, const std::string& policy = {})
      : collector("tls", wish),
        run({"logging host inside 10.0.0.50 tcp/6514 secure reference-identity siem\n" + policy +
                 "crypto ca reference-identity siem\n dns-id logs.example\n cn-id siem.example\n",
             fmt::format("10.0.0.50: \"{}\"\n", collector.destination())}) {}

  SinkProcess collector;
  LoggingRun run;
};

constexpr const char* kSecureDenied =
    "%ASA-3-414003: TCP Syslog Server inside:10.0.0.50/6514 not responding, New connections are "
    "denied based on logging permit-hostdown policy";

}  // namespace

TEST_CASE("a secure host takes a certificate for any name of its reference identity", "[program]") {
  for (const char* name : {"DNS:logs.example", "DNS:siem.example"}) {
    SecureBed bed({"server", name});
    REQUIRE(bed.collector.receives(kALine));
    CHECK(bed.run.passes());
    CHECK_FALSE(holds(bed.run.other(), "414003"));
    CHECK(bed.run.stop() == 0);
  }
}

TEST_CASE("a certificate that is refused is a server that does not respond", "[program]") {
  const std::vector<std::pair<Authority::Wish, std::string>> faults{
      {{"other", "DNS:other.example,IP:127.0.0.1"}, "hostname mismatch"},
      {{"self", "DNS:logs.example", false, true}, "self-signed certificate"}};
  for (const auto& [wish, reason] : faults) {
    SecureBed bed(wish);
    REQUIRE(bed.run.logs(kSecureDenied));
    REQUIRE(bed.run.logs(kDisallowing));
    CHECK(bed.run.denies());
    CHECK(bed.collector.received().empty());
    CHECK(bed.run.stop() == 3);
    CHECK(holds(bed.run.said(), "its certificate is not accepted: " + reason));
    CHECK(occurrences(bed.run.other(), "414003") == 1);
  }
}

TEST_CASE("with permit-hostdown a refused certificate leaves connections alone", "[program]") {
  SecureBed bed({"other", "DNS:other.example"}, "logging permit-hostdown\n");
  REQUIRE(bed.run.logs("inside:10.0.0.50/6514 not responding, New connections are permitted"));
  CHECK(bed.run.passes());
  CHECK_FALSE(holds(bed.run.other(), "201008"));
  CHECK(bed.run.stop() == 3);
}

// The flood is still on at the end, and the collector is much slower: the queue is full.
TEST_CASE("what waits in a queue at the end still leaves if its collector takes it", "[program]") {
  TestCollector collector(Reading::kSlowly);
  LoggingRun run({kServer, tcp_collector("10.0.0.50", collector.destination()), kFlood, "4s"});
  CHECK(run.wait() == 0);
  INFO(run.said());
  const auto report = nlohmann::json::parse(run.report());
  const auto& to = report.at("delivery");
  INFO(to.dump());
  CHECK(to.at("pending") == 0);
}
