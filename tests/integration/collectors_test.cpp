// Real collectors store what was sent, byte for byte. test.sh unpacks them into build/collectors.
#include "test_paths.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

using namespace asaemu::test;

namespace {

const std::string kSource = ASAEMU_SOURCE_DIR;

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// Sends the flood at a pace that no receive buffer overflows at, and compares.
void compare(const std::string& kind, const std::string& scheme) {
  const TemporaryFolder folder;
  const std::string scenario = kSource + "/tests/integration/flood.yaml";
  const std::string transport = scheme == "udp" ? "udp/5514" : "tcp/5514";
  const auto reference =
      run_asaemu({"run", scenario, "--speed", "max", "--set", "transport=" + transport, "--to",
                  "file:" + folder.file("sent.log"), "--quiet"});
  INFO(reference.err);
  REQUIRE(reference.exit_code == 0);
  const std::string sent = read_file(folder.file("sent.log"));
  const auto sent_lines = sorted_lines(sent);
  REQUIRE(sent_lines.size() >= 10000);

  Collector collector(kind, scheme);
  collector.start();
  const auto run = run_asaemu({"run", scenario, "--speed", "2", "--set", "transport=" + transport,
                               "--to", collector.destination(), "--quiet"});
  INFO(run.err);
  // A slow machine may be late; what is stored is the same.
  const bool was_slow = run.err.find("could not keep up") != std::string::npos;
  REQUIRE((run.exit_code == 0 || (run.exit_code == 1 && was_slow)));
  const auto stored_lines = sorted_lines(collector.stored(sent_lines.size()));
  REQUIRE(stored_lines.size() == sent_lines.size());
  REQUIRE(stored_lines == sent_lines);
}

/// Runs a library scenario into rsyslog; what verify says about it.
nlohmann::json verified(const std::string& scenario, const std::string& scheme) {
  const TemporaryFolder folder;
  Collector collector("rsyslogd", scheme);
  collector.start();
  const auto run = run_asaemu({"run", scenario, "--speed", "max", "--truth",
                               folder.file("truth.ndjson.zst"), "--to", collector.destination(),
                               "--report", folder.file("report.json"), "--quiet"});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto report = nlohmann::json::parse(read_file(folder.file("report.json")));
  const auto sent = report["delivery"]["sent"].get<std::size_t>();
  write_file(folder.file("received.log"), collector.stored(sent));
  const auto verify = run_asaemu({"verify", "--truth", folder.file("truth.ndjson.zst"),
                                  "--received", folder.file("received.log"), "--json"});
  INFO(verify.out);
  REQUIRE(verify.exit_code == 0);
  return nlohmann::json::parse(verify.out);
}

/// A UDP socket with the smallest receive buffer there is, which nobody reads for a while.
class SmallReceiver {
 public:
  SmallReceiver() {
    constexpr int kSmallest = 1;
    REQUIRE(socket_ >= 0);
    REQUIRE(setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &kSmallest, sizeof kSmallest) == 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~SmallReceiver() { close(socket_); }
  SmallReceiver(const SmallReceiver&) = delete;
  SmallReceiver& operator=(const SmallReceiver&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// What still was in the buffer, a line a datagram.
  [[nodiscard]] std::string read_all() const {
    std::string lines;
    std::array<char, 8192> datagram{};
    for (;;) {
      const ssize_t size = recv(socket_, datagram.data(), datagram.size(), MSG_DONTWAIT);
      if (size < 0) return lines;
      lines.append(datagram.data(), static_cast<std::size_t>(size));
      if (!lines.ends_with('\n')) lines += '\n';
    }
  }

  /// How many datagrams the kernel dropped here: the last column of /proc/net/udp.
  [[nodiscard]] std::uint64_t drops() const {
    std::ostringstream hex;
    hex << ":" << std::uppercase << std::hex;
    hex.width(4);
    hex.fill('0');
    hex << port_ << " ";
    std::istringstream table(read_file("/proc/net/udp"));
    for (std::string line; std::getline(table, line);) {
      if (line.find(hex.str()) == std::string::npos) continue;
      std::istringstream words(line);
      std::string word;
      while (words >> word) {
      }
      return std::stoull(word);
    }
    return 0;
  }

 private:
  int socket_ = socket(AF_INET, SOCK_DGRAM, 0);
  std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("rsyslog stores over UDP what was sent, byte for byte", "[program]") {
  compare("rsyslogd", "udp");
}
TEST_CASE("rsyslog stores over TCP what was sent, byte for byte", "[program]") {
  compare("rsyslogd", "tcp");
}
TEST_CASE("syslog-ng stores over UDP what was sent, byte for byte", "[program]") {
  compare("syslog-ng", "udp");
}
TEST_CASE("syslog-ng stores over TCP what was sent, byte for byte", "[program]") {
  compare("syslog-ng", "tcp");
}
TEST_CASE("rsyslog stores over TLS what was sent, byte for byte", "[program]") {
  compare("rsyslogd", "tls");
}
TEST_CASE("syslog-ng stores over TLS what was sent, byte for byte", "[program]") {
  compare("syslog-ng", "tls");
}

TEST_CASE("verify finds nothing amiss with what rsyslog stored over TCP and TLS", "[program]") {
  for (const char* scheme : {"tcp", "tls"}) {
    INFO(scheme);
    const auto found = verified("interface-flaps", scheme);
    REQUIRE(found["total"]["sent"] > 30);
    REQUIRE(found["total"]["delivered"] == found["total"]["sent"]);
    REQUIRE(verified("fleet-flood", scheme)["total"]["delivered"] >= 20400);
  }
}

TEST_CASE("what verify finds lost over UDP is what the kernel dropped", "[program]") {
  const TemporaryFolder folder;
  const SmallReceiver receiver;
  const auto run = run_asaemu({"run", kSource + "/tests/integration/flood.yaml", "--speed", "max",
                               "--truth", folder.file("truth"), "--to",
                               "udp://127.0.0.1:" + std::to_string(receiver.port()), "--quiet"});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const std::uint64_t drops = receiver.drops();
  REQUIRE(drops > 0);
  write_file(folder.file("received"), receiver.read_all());
  const auto verify = run_asaemu(
      {"verify", "--truth", folder.file("truth"), "--received", folder.file("received"), "--json"});
  INFO(verify.out.substr(0, 2000));
  REQUIRE(verify.exit_code == 1);
  const auto found = nlohmann::json::parse(verify.out);
  REQUIRE(found["total"]["lost"] == drops);
  REQUIRE(found["total"]["delivered"].get<std::uint64_t>() + drops ==
          found["total"]["sent"].get<std::uint64_t>());
}
