// Collectors that fail, with real parts on both sides: our own, rsyslog and syslog-ng. After each
// fault every message is accounted for, and what was counted as sent over TCP either came whole or is
// counted as unacknowledged.
#include "tests/emulator/transport/loopback.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/live_run.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <poll.h>
#include <thread>

using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

/// A build with sanitizers does a tenth of the work in the same time.
bool is_release() {
  return std::getenv("ASAEMU_TEST_PROGRAM") != nullptr;
}

bool wait_for(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + 100s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

struct Load {
  std::uint64_t messages;  ///< at least
  unsigned per_second;
  unsigned restarts;
};

/// What a real collector has to bear, and our own with the release build.
constexpr Load kHeavy{200'000, 30'000, 20};
constexpr Load kLight{10'000, 4'000, 4};

/// A collector and a run beside it.
struct Pair {
  Pair(const std::string& kind, const std::string& scheme) : collector(kind, scheme) {}
  void begin(unsigned per_second, unsigned seconds) {
    run = std::make_unique<LiveRun>(collector.destination(), per_second, seconds);
  }
  /// Waits until all of the run's connections stand.
  [[nodiscard]] bool is_connected() const {
    return wait_for([this] { return collector.connections() >= 4; });
  }
  Collector collector;
  std::unique_ptr<LiveRun> run;
};

/// Kills collectors and ends them in good order, by turns, each time at another moment of their work
/// and now and then with much that their kernel has and they have not read.
void restart(std::deque<Pair>& pairs, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    // A connection that stood shorter is made again ever later.
    for (auto& pair : pairs) REQUIRE(pair.is_connected());
    std::this_thread::sleep_for(120ms + i * 37ms % 70ms);
    if (i % 4 == 2) {
      for (auto& pair : pairs) pair.collector.freeze();
      std::this_thread::sleep_for(200ms);
    }
    for (auto& pair : pairs) pair.collector.stop(i % 2 == 0 ? SIGKILL : SIGTERM);
    for (auto& pair : pairs) pair.collector.begin();
    for (auto& pair : pairs) pair.collector.await_listening();
    for (auto& pair : pairs) REQUIRE(pair.collector.await_line());
  }
}

/// What must hold when a run is over whose collector was ended time and again.
void check_restarted(Pair& pair, const Load& load) {
  auto& [collector, run] = pair;
  const bool ends_well = run->ends_well();
  INFO(collector.destination() << ": " << run->said());
  CHECK(ends_well);
  const auto report = run->report();
  const auto sent = number(report.at("delivery"), "sent");
  const auto unacknowledged = number(report.at("destinations").at(0), "lines_unacknowledged");
  CHECK(number(report.at("delivery"), "offered") >= load.messages);
  REQUIRE(sent > unacknowledged);
  static_cast<void>(collector.stored(sent - unacknowledged));
  collector.stop(SIGTERM);
  std::vector<std::string> received;
  std::size_t by_last = 0;
  for (unsigned i = 1; i <= collector.starts(); ++i) {
    const auto lines = lines_of(read_file(collector.file(i)));
    received.insert(received.end(), lines.begin(), lines.end());
    by_last = lines.size();
  }
  const auto arrived = check_received(received, run->offered(), report);
  // One for each of the four connections that a collector cut, and the last one of its file.
  CHECK(arrived.cut <= load.restarts * 5);
  // No other collector than the last has had its time: what it is sure to have, it has.
  CHECK(by_last >= sent - unacknowledged);
}

void survive_restarts(const std::string& kind, const std::vector<std::string>& schemes,
                      const Load& load) {
  constexpr std::uintmax_t kLongestLine = 125;
  constexpr unsigned kLongestRun = 150;
  std::deque<Pair> pairs;
  for (const auto& scheme : schemes) {
    pairs.emplace_back(kind, scheme);
    pairs.back().collector.start();
    pairs.back().begin(load.per_second, kLongestRun);
  }
  for (auto& pair : pairs) REQUIRE(pair.collector.await_line());
  restart(pairs, load.restarts);
  for (auto& pair : pairs) {
    // Those that come are fewer than those that were to come. The last collector gets a good part.
    const auto wanted = std::max(load.messages * kLongestLine,
                                 pair.collector.bytes_stored() + load.messages / 10 * kLongestLine);
    REQUIRE(wait_for([&] { return pair.collector.bytes_stored() >= wanted; }));
    pair.run->interrupt();
  }
  for (auto& pair : pairs) check_restarted(pair, load);
}

void refuse_certificates(const std::string& kind) {
  const std::map<std::string, Authority::Wish> faults{
      {"certificate has expired", {"expired", "IP:127.0.0.1", true}},
      {"self-signed certificate", {"self", "IP:127.0.0.1", false, true}},
      {"IP address mismatch", {"other", "DNS:logs.example"}}};
  for (const auto& [reason, wish] : faults) {
    Collector collector(kind, "tls", wish);
    collector.start();
    const auto run = run_asaemu({"run", kSteady, "--speed", "max", "--set", "seconds=1s", "--to",
                                 collector.destination(), "--quiet"});
    INFO(kind << ": " << run.err);
    CHECK(run.exit_code == 3);
    CHECK(run.err.find("its certificate is not accepted: " + reason) != std::string::npos);
    CHECK(collector.bytes_stored() == 0);
  }
}

void survive_closed_port(const std::string& kind) {
  Collector collector(kind, "udp");
  collector.start();
  LiveRun run(collector.destination(), 1000, 150);
  REQUIRE(collector.await_line());
  collector.stop(SIGKILL);
  REQUIRE(wait_for([&] { return run.said().find("Connection refused") != std::string::npos; }));
  collector.start();
  REQUIRE(collector.await_line());
  run.interrupt();
  const bool ends_well = run.ends_well();
  INFO(kind << ": " << run.said());
  CHECK(ends_well);
  collector.stop(SIGTERM);
  const auto report = run.report();
  const auto& to = report.at("delivery");
  CHECK(number(to, "dropped_error") > 0);
  auto received = lines_of(read_file(collector.file(1)));
  for (const auto& line : lines_of(read_file(collector.file(2)))) received.push_back(line);
  const auto arrived = compare(received, run.offered());
  CHECK(arrived.foreign == 0);
  CHECK(arrived.cut <= 1);
  CHECK(arrived.whole <= number(to, "sent"));
  CHECK(arrived.whole > 0);
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
        ++connections_;
        serve_(kept_.back());
      }
    });
  }
  ~Server() { stop(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// How many there were.
  [[nodiscard]] unsigned connections() const { return connections_; }
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
  std::atomic<unsigned> connections_{0};
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

/// The part of a command that gives it, after `setup`, a network (-rn) or mounts (-rm) of its own, or
/// nothing where that is not allowed.
std::vector<std::string> own_world(const std::string& which, const std::string& setup) {
  const std::vector<std::string> command{"/usr/bin/unshare", which, "/bin/sh", "-c",
                                         setup + " && exec \"$0\" \"$@\""};
  if (!std::filesystem::exists(command[0])) return {};
  auto trial = command;
  trial.emplace_back("/bin/true");
  return run_program(trial).exit_code == 0 ? command : std::vector<std::string>{};
}

}  // namespace

TEST_CASE("a collector that is restarted again and again leaves no message unaccounted",
          "[program]") {
  survive_restarts("sink", {"tcp", "tls"}, is_release() ? kHeavy : kLight);
}
TEST_CASE("rsyslog restarted twenty times over TCP and TLS leaves no message unaccounted",
          "[library]") {
  survive_restarts("rsyslogd", {"tcp", "tls"}, kHeavy);
}
TEST_CASE("syslog-ng restarted twenty times over TCP and TLS leaves no message unaccounted",
          "[library]") {
  survive_restarts("syslog-ng", {"tcp", "tls"}, kHeavy);
}

TEST_CASE("what a real collector that stands still has not read is unacknowledged", "[library]") {
  std::deque<Pair> pairs;
  for (const char* kind : {"rsyslogd", "syslog-ng"}) {
    for (const char* scheme : {"tcp", "tls"}) {
      pairs.emplace_back(kind, scheme);
      pairs.emplace_back(kind, scheme);
    }
  }
  const auto began = std::chrono::steady_clock::now();
  // By turns, their kernels have room for all there is, and not.
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i].collector.start();
    pairs[i].begin(i % 2 == 0 ? 1000 : 20'000, 2);
    REQUIRE(pairs[i].collector.await_line());
    pairs[i].collector.freeze();
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    auto& [collector, run] = pairs[i];
    const bool ends_well = run->ends_well();
    INFO(collector.destination() << ": " << run->said());
    CHECK(ends_well);
    const auto report = run->report();
    const auto sent = number(report.at("delivery"), "sent");
    if (i % 2 == 0) {
      collector.stop(SIGKILL);
    } else {
      CHECK(sent < number(report.at("delivery"), "offered"));
      collector.thaw();
      static_cast<void>(collector.stored(sent));
      collector.stop(SIGTERM);
    }
    const auto received = lines_of(read_file(collector.file(1)));
    const auto arrived = check_received(received, run->offered(), report);
    // What its kernel had is lost with it, or comes late, perhaps with a line that failed for want of
    // its LF only. Kernels forget a sender that has gone after most of a minute.
    if (i % 2 == 0) CHECK(arrived.whole < sent);
    if (i % 2 == 1 && std::chrono::steady_clock::now() - began < 30s) CHECK(arrived.whole >= sent);
  }
}

TEST_CASE("real collectors that begin after their senders get whole lines", "[library]") {
  std::deque<Pair> pairs;
  for (const char* kind : {"rsyslogd", "syslog-ng"}) {
    for (const char* scheme : {"tcp", "tls"}) {
      pairs.emplace_back(kind, scheme);
      pairs.back().begin(2000, 3);
    }
  }
  for (auto& [collector, run] : pairs) collector.start();
  for (auto& [collector, run] : pairs) {
    const bool ends_well = run->ends_well();
    INFO(collector.destination() << ": " << run->said());
    CHECK(ends_well);
    const auto report = run->report();
    const auto sent = number(report.at("delivery"), "sent");
    const auto received = lines_of(collector.stored(sent));
    const auto arrived = check_received(received, run->offered(), report);
    CHECK(arrived.whole > 0);
    CHECK(arrived.whole == sent);
  }
}

TEST_CASE("a collector that accepts and stops reading does not hold up the run", "[program]") {
  const Server server([](asaemu::FileDescriptor&) {});
  LiveRun run(server.destination(), 5000, 2);
  const bool ends_well = run.ends_well();
  INFO(run.said());
  CHECK(ends_well);
  const auto report = run.report();
  const auto& to = report.at("delivery");
  CHECK(number(to, "sent") < number(to, "offered"));
  CHECK(number(to, "dropped_queue") + number(to, "dropped_error") > 0);
  CHECK(number(report.at("destinations").at(0), "lines_unacknowledged") == number(to, "sent"));
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
    const auto lines = lines_of(text);
    received.insert(received.end(), lines.begin(), lines.end());
  }
  CHECK(check_received(received, run.offered(), run.report()).whole > 0);
}

TEST_CASE("a line within which a connection ends is not repeated", "[program]") {
  std::string first;
  std::string second;
  std::atomic<LiveRun*> run{nullptr};
  std::atomic<bool> is_second{false};
  Server server([&](asaemu::FileDescriptor& connection) {
    const timeval patience{is_second ? 60 : 1, 0};
    setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (is_second) {
      second += read_stream(connection);
      connection.close();
      return;
    }
    if (!wait_for([&] { return run.load() != nullptr; })) return;
    // Until both kernels are full; then the line that they took in part is read but not ended.
    std::this_thread::sleep_for(2s);
    run.load()->freeze();
    first = read_stream(connection);
    connection.close();
    is_second = true;
    run.load()->thaw();
  });
  LiveRun sender(server.destination(), 20'000, 150);
  run = &sender;
  REQUIRE(wait_for([&] { return is_second && server.connections() == 2; }));
  std::this_thread::sleep_for(200ms);
  sender.interrupt();
  const bool ends_well = sender.ends_well();
  server.stop();
  INFO(sender.said());
  CHECK(ends_well);
  auto received = lines_of(first);
  for (const auto& line : lines_of(second)) received.push_back(line);
  const auto report = sender.report();
  const auto arrived = check_received(received, sender.offered(), report);
  // A line without its LF only is whole for a collector, and has failed for its sender all the same.
  const bool is_cut = !first.ends_with('\n');
  CHECK(arrived.cut <= (is_cut ? 1 : 0));
  // Unless its rest still went to the closed connection, the line has failed.
  if (arrived.whole == number(report.at("delivery"), "sent")) {
    CHECK(is_cut == (sender.said().find("cut by the end of its connection") != std::string::npos));
  }
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
  const auto network = own_world("-rn", "true");
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
  refuse_certificates("sink");
}
TEST_CASE("the same holds for the certificates of rsyslog and syslog-ng", "[library]") {
  refuse_certificates("rsyslogd");
  refuse_certificates("syslog-ng");
}

TEST_CASE("what goes to a UDP port that closes is counted and later lines arrive again",
          "[program]") {
  survive_closed_port("sink");
}
TEST_CASE("the same holds for the UDP ports of rsyslog and syslog-ng", "[library]") {
  survive_closed_port("rsyslogd");
  survive_closed_port("syslog-ng");
}

TEST_CASE("a file on a full disk keeps whole lines and the others are counted", "[program]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("disk"));
  const auto disk =
      own_world("-rm", "mount -t tmpfs -o size=256k none \"" + folder.path().string() + "/disk\"");
  if (disk.empty()) {
    WARN("skipped: no mounts of its own for a test here");
    return;
  }
  auto command = disk;
  command.insert(command.end(),
                 {"/bin/sh", "-c",
                  "\"$0\" run \"$2\" --set per_second=20000 --set seconds=1s --speed max --quiet "
                  "--to \"file:$1/disk/lines\" --report \"$1/report\"; code=$?; "
                  "cp \"$1/disk/lines\" \"$1/lines\"; exit $code",
                  program(), folder.path().string(), kSteady});
  const auto run = run_program(command);
  INFO(run.err);
  CHECK(run.exit_code == 3);
  CHECK(run.err.find("No space left on device") != std::string::npos);
  const auto report = identities_of(folder.file("report"));
  const auto& to = report.at("delivery");
  const auto text = read_file(folder.file("lines"));
  CHECK(text.ends_with("outside\n"));
  const auto received = lines_of(text);
  CHECK(received.size() > 1000);
  CHECK(received.size() == number(to, "sent"));
  CHECK(number(to, "dropped_error") > 0);
  CHECK(compare(received, first_lines(number(to, "sent"), 20'000, 1)).whole == received.size());
}

TEST_CASE("a disk that is full from the beginning is exit code 3", "[program]") {
  const TemporaryFolder folder;
  const auto run =
      run_asaemu({"run", kSteady, "--set", "per_second=1000", "--set", "seconds=1s", "--speed",
                  "max", "--to", "file:/dev/full", "--report", folder.file("report"), "--quiet"});
  INFO(run.err);
  CHECK(run.exit_code == 3);
  CHECK(run.err.find("No space left on device") != std::string::npos);
  CHECK(number(identities_of(folder.file("report")).at("delivery"), "sent") == 0);
}

TEST_CASE("loss and delay and reordering on the way lose nothing over TCP", "[program]") {
  const auto network = own_world(
      "-rn",
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
       program(), folder.path().string(), kSteady});
  const auto run = run_program(command);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto report = identities_of(folder.file("report"));
  const auto received = lines_of(read_file(folder.file("lines")));
  CHECK(received.size() == number(report.at("delivery"), "sent"));
  check_received(received, first_lines(number(report.at("delivery"), "offered"), 2000, 2), report);
}
