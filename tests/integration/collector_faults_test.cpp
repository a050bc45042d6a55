// Collectors that fail, with real parts on both sides. After each fault every message is accounted
// for, and what was counted as sent over TCP either came whole or is counted as unacknowledged.
#include "test_paths.hpp"
#include "tests/emulator/transport/loopback.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <map>
#include <sstream>
#include <thread>

using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

using Json = nlohmann::json;

const std::string kBench = std::string(ASAEMU_SOURCE_DIR) + "/tests/benchmarks/one-device.yaml";

/// A build with sanitizers does a tenth of the work in the same time.
bool is_release() {
  return std::getenv("ASAEMU_TEST_PROGRAM") != nullptr;
}

std::uint64_t number(const Json& object, const char* key) {
  return object.at(key).get<std::uint64_t>();
}

/// The identities of DESIGN section 6. What still waits in a device's queue at the end is pending.
Json identities_of(const std::string& report_file) {
  auto report = Json::parse(read_file(report_file));
  const auto& messages = report["messages"];
  CHECK(number(messages, "logged") == number(messages, "disabled") +
                                          number(messages, "rate_limited") +
                                          number(messages, "passed"));
  const auto& to = report["delivery"];
  CHECK(number(to, "seen") == number(to, "below_level") + number(to, "offered"));
  CHECK(number(to, "offered") == number(to, "sent") + number(to, "dropped_queue") +
                                     number(to, "dropped_error") + number(to, "pending"));
  return report;
}

/// A run in real time, in a process of its own.
class LiveRun {
 public:
  LiveRun(const std::string& to, unsigned per_second, unsigned seconds,
          std::vector<std::string> before = {}) {
    arguments_ = std::move(before);
    const std::vector<std::string> rest{program(),
                                        "run",
                                        kBench,
                                        "--set",
                                        "per_second=" + std::to_string(per_second),
                                        "--set",
                                        "seconds=" + std::to_string(seconds) + "s",
                                        "--to",
                                        to,
                                        "--report",
                                        folder_.file("report.json"),
                                        "--quiet"};
    arguments_.insert(arguments_.end(), rest.begin(), rest.end());
    process_ = std::make_unique<Process>(arguments_, folder_.file("out"), folder_.file("err"));
  }
  [[nodiscard]] bool is_running() { return process_->is_running(); }
  int wait() { return process_->wait(200s); }
  [[nodiscard]] Json report() const { return identities_of(folder_.file("report.json")); }
  [[nodiscard]] std::string said() const { return read_file(folder_.file("err")); }

 private:
  TemporaryFolder folder_;
  std::vector<std::string> arguments_;
  std::unique_ptr<Process> process_;
};

/// The lines of such a run and how often each occurs.
std::map<std::string, int> all_lines(unsigned per_second, unsigned seconds) {
  const auto run = run_asaemu(
      {"run", kBench, "--speed", "max", "--set", "per_second=" + std::to_string(per_second),
       "--set", "seconds=" + std::to_string(seconds) + "s", "--to", "stdout:", "--quiet"});
  REQUIRE(run.exit_code == 0);
  std::map<std::string, int> counts;
  std::istringstream stream(run.out);
  for (std::string line; std::getline(stream, line);) ++counts[line];
  return counts;
}

/// `asaemu sink` on a port, one after the other.
class Sinks {
 public:
  Sinks(const std::string& scheme, const CertificateFiles& files) {
    arguments_ = {program(), "sink", "--quiet", "--listen",
                  scheme + "://127.0.0.1:" + std::to_string(port_)};
    if (scheme == "tls") {
      arguments_.insert(arguments_.end(), {"--cert", files.certificate, "--key", files.key});
    }
  }
  void start() {
    const auto stem = "sink-" + std::to_string(count_++);
    auto arguments = arguments_;
    arguments.insert(arguments.end(), {"--write", folder_.file(stem)});
    process_ = std::make_unique<Process>(arguments, folder_.file("out"), folder_.file("err"));
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (read_file(folder_.file("err")).find("listening on") == std::string::npos) {
      INFO(read_file(folder_.file("err")));
      REQUIRE(process_->is_running());
      REQUIRE(std::chrono::steady_clock::now() < until);
      std::this_thread::sleep_for(2ms);
    }
  }
  void stop() {
    process_->send_signal(SIGTERM);
    CHECK(process_->wait(60s) == 0);
  }
  /// Waits for the first line of all.
  void await_line() const {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (read_file(folder_.file("sink-0")).empty() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(2ms);
    }
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] unsigned count() const { return count_; }
  /// All lines that all of them wrote.
  [[nodiscard]] std::vector<std::string> received() const {
    std::vector<std::string> lines;
    for (unsigned i = 0; i < count_; ++i) {
      std::istringstream stream(read_file(folder_.file("sink-" + std::to_string(i))));
      for (std::string line; std::getline(stream, line);) lines.push_back(line);
    }
    return lines;
  }

 private:
  TemporaryFolder folder_;
  std::uint16_t port_ = free_port();
  unsigned count_ = 0;
  std::vector<std::string> arguments_;
  std::unique_ptr<Process> process_;
};

/// Compares what came with what there was to send: nothing twice, nothing that is neither a line
/// nor the beginning of one, and nothing missing that is not accounted for.
void check_received(const std::vector<std::string>& received, std::map<std::string, int> expected,
                    const Json& report) {
  std::uint64_t whole = 0;
  std::uint64_t cut = 0;
  std::uint64_t foreign = 0;
  for (const auto& line : received) {
    const auto known = expected.find(line);
    if (known != expected.end() && known->second > 0) {
      --known->second;
      ++whole;
      continue;
    }
    const auto longer = expected.lower_bound(line);
    if (longer != expected.end() && longer->first.starts_with(line) && longer->first != line) {
      ++cut;
    } else {
      ++foreign;
    }
  }
  const auto& to = report.at("delivery");
  const auto unacknowledged = number(report.at("destinations").at(0), "lines_unacknowledged");
  INFO(report.at("delivery").dump() << report.at("destinations").dump());
  CHECK(foreign == 0);
  CHECK(whole + unacknowledged >= number(to, "sent"));
  CHECK(whole <= number(to, "sent") + number(to, "dropped_error"));
  CHECK(cut <= unacknowledged + number(to, "dropped_error"));
  CHECK(whole > 0);
}

void restart_collectors(const std::string& scheme) {
  const TemporaryFolder folder;
  const Authority authority(folder.path().string(), "authority");
  const auto files = authority.issue({"server"});
  const unsigned per_second = is_release() ? 25'000 : 4'000;
  const unsigned seconds = is_release() ? 8 : 3;
  const unsigned restarts = is_release() ? 20 : 5;
  Sinks sinks(scheme, files);
  sinks.start();
  LiveRun run(scheme + "://127.0.0.1:" + std::to_string(sinks.port()) +
                  (scheme == "tls" ? "?ca=" + authority.file() : ""),
              per_second, seconds);
  // On a slow machine all attempts might else meet a collector that is just away.
  sinks.await_line();
  while (sinks.count() <= restarts && run.is_running()) {
    std::this_thread::sleep_for(250ms);
    sinks.stop();
    sinks.start();
  }
  const int code = run.wait();
  INFO(run.said());
  CHECK(code == 0);
  sinks.stop();
  const auto report = run.report();
  CHECK(number(report.at("delivery"), "offered") >= std::uint64_t{per_second} * seconds);
  check_received(sinks.received(), all_lines(per_second, seconds), report);
}

/// A collector of the test's own: `serve` gets each connection, which is kept unless it closes it.
class Server {
 public:
  explicit Server(std::function<void(asaemu::FileDescriptor&)> serve)
      : listener_(listening_socket()), serve_(std::move(serve)) {
    thread_ = std::thread([this] {
      while (!ends_) {
        pollfd wanted{listener_.get(), POLLIN, 0};
        if (poll(&wanted, 1, 20) <= 0) continue;
        kept_.push_back(accept_one(listener_));
        serve_(kept_.back());
      }
    });
  }
  ~Server() { stop(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  void stop() {
    ends_ = true;
    if (thread_.joinable()) thread_.join();
  }
  /// One connection: its lines come in their order.
  [[nodiscard]] std::string destination() const {
    return "tcp://127.0.0.1:" + std::to_string(asaemu::bound_port(listener_.get())) + "?channels=1";
  }

 private:
  asaemu::FileDescriptor listener_;
  std::function<void(asaemu::FileDescriptor&)> serve_;
  std::vector<asaemu::FileDescriptor> kept_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

/// The part of a command that gives it a network of its own, or nothing where that is not allowed.
std::vector<std::string> own_network(const std::string& setup) {
  const std::vector<std::string> command{"/usr/bin/unshare", "-rn", "/bin/sh", "-c",
                                         setup + " && exec \"$0\" \"$@\""};
  if (!std::filesystem::exists(command[0])) return {};
  auto trial = command;
  trial.emplace_back("/bin/true");
  return run_program(trial).exit_code == 0 ? command : std::vector<std::string>{};
}

}  // namespace

TEST_CASE("a TCP collector that is restarted again and again leaves no message unaccounted",
          "[program]") {
  restart_collectors("tcp");
}

TEST_CASE("a TLS collector that is restarted again and again leaves no message unaccounted",
          "[program]") {
  restart_collectors("tls");
}

TEST_CASE("a collector that accepts and stops reading does not hold up the run", "[program]") {
  const Server server([](asaemu::FileDescriptor&) {});
  LiveRun run(server.destination(), 5000, 2);
  const int code = run.wait();
  INFO(run.said());
  CHECK(code == 0);
  const auto report = run.report();
  const auto& to = report.at("delivery");
  CHECK(number(to, "sent") < number(to, "offered"));
  CHECK(number(to, "dropped_queue") + number(to, "dropped_error") > 0);
  CHECK(report.at("interrupted") == false);
}

TEST_CASE("a collector that closes in the middle of a line gets whole lines again", "[program]") {
  std::vector<std::string> texts;
  Server server([&](asaemu::FileDescriptor& connection) {
    const timeval patience{1, 0};
    setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    texts.push_back(read_stream(connection, 1000));
    connection.close();
  });
  LiveRun run(server.destination(), 2000, 2);
  const int code = run.wait();
  server.stop();
  INFO(run.said());
  CHECK(code == 0);
  std::vector<std::string> received;
  for (const auto& text : texts) {
    CHECK((text.empty() || text.starts_with("<16")));
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) received.push_back(line);
  }
  check_received(received, all_lines(2000, 2), run.report());
}

TEST_CASE("a run in real time goes on without its collector and says so at its end", "[program]") {
  LiveRun run("tcp://127.0.0.1:" + std::to_string(free_port()), 2000, 1);
  CHECK(run.wait() == 3);
  CHECK(run.said().find("never connected: Connection refused") != std::string::npos);
  const auto report = run.report();
  CHECK(number(report.at("stimuli"), "executed") == 2001);
  CHECK(number(report.at("delivery"), "sent") == 0);
}

TEST_CASE("an address that cannot be reached does not hold up the run", "[program]") {
  const auto network = own_network("true");
  if (network.empty()) {
    WARN("skipped: no network of its own for a test here");
    return;
  }
  LiveRun run("tcp://192.0.2.1:1470", 2000, 1, network);
  CHECK(run.wait() == 3);
  CHECK(run.said().find("never connected: Network is unreachable") != std::string::npos);
  CHECK(number(run.report().at("delivery"), "sent") == 0);
}

TEST_CASE("a collector whose certificate is not accepted is exit code 3 with the reason",
          "[program]") {
  const TemporaryFolder folder;
  const Authority authority(folder.path().string(), "authority");
  const std::map<std::string, Authority::Wish> faults{
      {"certificate has expired", {"expired", "IP:127.0.0.1", true}},
      {"self-signed certificate", {"self", "IP:127.0.0.1", false, true}},
      {"IP address mismatch", {"other", "DNS:logs.example"}}};
  for (const auto& [reason, wish] : faults) {
    Sinks sinks("tls", authority.issue(wish));
    sinks.start();
    const auto run = run_asaemu(
        {"run", kBench, "--speed", "max", "--set", "seconds=1s", "--to",
         "tls://127.0.0.1:" + std::to_string(sinks.port()) + "?ca=" + authority.file(), "--quiet"});
    sinks.stop();
    INFO(run.err);
    CHECK(run.exit_code == 3);
    CHECK(run.err.find("its certificate is not accepted: " + reason) != std::string::npos);
  }
}

TEST_CASE("loss and delay and reordering on the way lose nothing over TCP", "[program]") {
  const auto network = own_network(
      "ip link set lo up && tc qdisc add dev lo root netem delay 3ms 2ms loss 1% reorder 25% 50%");
  if (network.empty()) {
    WARN("skipped: a network of its own with netem is not allowed here or the kernel has none");
    return;
  }
  const TemporaryFolder folder;
  auto command = network;
  command.insert(
      command.end(),
      {"/bin/sh", "-c",
       "\"$0\" sink --listen tcp://127.0.0.1:5514 --quiet --write \"$1/lines\" 2>\"$1/err\" & "
       "until grep -q listening \"$1/err\" 2>/dev/null; do sleep 0.05; done; "
       "\"$0\" run \"$2\" --set per_second=2000 --set seconds=2s --quiet "
       "--to tcp://127.0.0.1:5514 --report \"$1/report\"; code=$?; kill -TERM $!; wait; "
       "exit $code",
       program(), folder.path().string(), kBench});
  const auto run = run_program(command);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto report = identities_of(folder.file("report"));
  std::vector<std::string> received;
  std::istringstream stream(read_file(folder.file("lines")));
  for (std::string line; std::getline(stream, line);) received.push_back(line);
  CHECK(received.size() == number(report.at("delivery"), "sent"));
  check_received(received, all_lines(2000, 2), report);
}
