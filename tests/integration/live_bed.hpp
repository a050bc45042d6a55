// A run in real time whose device logs to collectors that come and go, and to a file that tells what
// it made of that.
#pragma once

#include "tests/emulator/transport/loopback.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace asaemu::test {

/// For any machine, however loaded.
inline bool wait_for(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(100);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) {
    ++count;
  }
  return count;
}

/// `asaemu sink`, started at once.
class SinkProcess : public Collector {
 public:
  explicit SinkProcess(const std::string& scheme = "tcp", const Authority::Wish& wish = {"server"})
      : Collector("sink", scheme, wish) {
    start();
  }
  void stop() { Collector::stop(SIGTERM); }
  /// Since it was started last.
  [[nodiscard]] std::string received() const { return read_file(file(starts())); }
  [[nodiscard]] bool receives(const std::string& text) const {
    return wait_for([&] { return holds(received(), text); });
  }
};

/// What reaches a listening socket.
inline std::string tcp_destination(const FileDescriptor& listener) {
  return fmt::format("tcp://127.0.0.1:{}", bound_port(listener.get()));
}

/// A TCP collector inside the test, which reads as it is told.
class TestCollector {
 public:
  enum class Reading : std::uint8_t { kNothing, kSlowly, kAll };

  explicit TestCollector(Reading reading = Reading::kAll)
      : reading_(reading), listener_(listening_socket()), thread_([this] { serve(); }) {}
  ~TestCollector() {
    ends_ = true;
    thread_.join();
  }
  TestCollector(const TestCollector&) = delete;
  TestCollector& operator=(const TestCollector&) = delete;

  void read(Reading reading) { reading_ = reading; }
  /// Ends one of the connections.
  void drop_one() { drops_ = true; }
  [[nodiscard]] std::string destination() const { return tcp_destination(listener_); }
  [[nodiscard]] std::string received() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  [[nodiscard]] bool receives(const std::string& text) const {
    return wait_for([&] { return holds(received(), text); });
  }
  /// How many connections it has now.
  [[nodiscard]] std::size_t connections() const { return count_; }

 private:
  void serve() {
    while (!ends_) {
      pollfd wanted{listener_.get(), POLLIN, 0};
      if (poll(&wanted, 1, 10) > 0) connections_.push_back(accept_one(listener_));
      if (drops_.exchange(false) && !connections_.empty()) connections_.pop_back();
      const auto is_over = [this](const FileDescriptor& one) { return !read_some(one); };
      connections_.erase(std::remove_if(connections_.begin(), connections_.end(), is_over),
                         connections_.end());
      count_ = connections_.size();
    }
  }
  /// False at the connection's end.
  bool read_some(const FileDescriptor& connection) {
    std::array<char, 65536> buffer;
    while (reading_ != Reading::kNothing) {
      const bool is_slow = reading_ == Reading::kSlowly;
      const auto size =
          recv(connection.get(), buffer.data(), is_slow ? 1024 : buffer.size(), MSG_DONTWAIT);
      if (size < 0) break;
      if (size == 0) return false;
      const std::lock_guard lock(mutex_);
      text_.append(buffer.data(), static_cast<std::size_t>(size));
      if (is_slow) break;
    }
    return true;
  }

  std::atomic<Reading> reading_;
  std::atomic<bool> drops_{false};
  std::atomic<bool> ends_{false};
  std::atomic<std::size_t> count_{0};
  mutable std::mutex mutex_;
  std::string text_;
  FileDescriptor listener_;
  std::vector<FileDescriptor> connections_;  ///< the thread's
  std::thread thread_;
};

/// The run. It lasts longer than any test unless `duration` says otherwise.
class LoggingRun {
 public:
  struct Setup {
    std::string config{};      ///< lines of configuration: the servers, and more
    std::string collectors{};  ///< entries of `collectors:`
    std::string timeline{};    ///< steps
    std::string duration = "20m";
  };

  explicit LoggingRun(const Setup& setup) {
    write_file(folder_.file("live.yaml"),
               fmt::format(fmt::runtime(kScenario), fmt::arg("config", indented(setup.config, 6)),
                           fmt::arg("collectors", indented(setup.collectors, 2)),
                           fmt::arg("file", folder_.file("other.log")),
                           fmt::arg("timeline", indented(setup.timeline, 2)),
                           fmt::arg("duration", setup.duration)));
    run_ = std::make_unique<Process>(
        std::vector<std::string>{program(), "run", folder_.file("live.yaml"), "--console",
                                 folder_.file("console"), "--report", folder_.file("report.json")},
        folder_.file("run.out"), folder_.file("run.err"));
  }

  /// What the other logging host has got so far, and what operators have seen.
  [[nodiscard]] std::string other() const { return read_file(folder_.file("other.log")); }
  [[nodiscard]] std::string console() const { return read_file(folder_.file("console")); }
  [[nodiscard]] std::string said() const { return read_file(folder_.file("run.err")); }
  [[nodiscard]] std::string report() const { return read_file(folder_.file("report.json")); }
  /// Waits until the other host has got this.
  [[nodiscard]] bool logs(const std::string& text) const {
    const bool found = wait_for([&] { return holds(other(), text); });
    if (!found) UNSCOPED_INFO(said() << other().substr(0, 5000));
    return found;
  }
  /// Waits until operators have seen this.
  [[nodiscard]] bool shows(const std::string& text) const {
    return wait_for([&] { return holds(console(), text); });
  }

  /// Whether new connections pass the device from now on.
  [[nodiscard]] bool passes() const {
    const auto known = next_count();
    return wait_for([&] { return counts().back() > known; });
  }
  /// Whether none does, as far as half a second tells.
  [[nodiscard]] bool denies() const {
    const auto known = next_count();
    const auto seen = counts().size();
    REQUIRE(wait_for([&] { return counts().size() >= seen + 5; }));
    return counts().back() == known;
  }

  /// Ends it, or waits for its end; its exit code.
  int stop() {
    run_->send_signal(SIGTERM);
    return wait();
  }
  int wait() { return run_->wait(std::chrono::seconds(100)); }

 private:
  static constexpr const char* kScenario = R"(name: live
summary: A firewall with syslog servers that come and go.
start: 2026-11-20T08:00:00Z
duration: {duration}
devices:
  - name: fw-1
    config: |
      interface GigabitEthernet0/0
       nameif outside
       security-level 0
       ip address 203.0.113.1 255.255.255.0
      interface GigabitEthernet0/1
       nameif inside
       security-level 100
       ip address 10.0.0.1 255.255.255.0
      route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
      timeout udp 1:00:00
      logging enable
      logging trap informational
      logging host inside 10.0.0.60
{config}
collectors:
  10.0.0.60: "file:{file}"
{collectors}
timeline:
  - {{at: 100ms, cli: shun 198.51.100.7}}
  - at: 0s
    every: {{interval: 50ms}}
    packet: {{in: inside, proto: udp, src: 10.0.0.7, dst: 192.0.2.9, sport: {{sequence: [1024, 65000]}}, dport: 53}}
  - {{at: 0s, every: {{interval: 100ms}}, cli: [show conn count, show logging queue]}}
{timeline}
)";

  static std::string indented(const std::string& text, std::size_t blanks) {
    std::string result;
    std::istringstream lines(text);
    for (std::string one; std::getline(lines, one);) {
      result += std::string(blanks, ' ') + one + "\n";
    }
    return result;
  }
  /// How many connections there were at every look.
  [[nodiscard]] std::vector<unsigned long> counts() const {
    std::vector<unsigned long> all;
    const std::string text = console();
    constexpr std::string_view kAfter = " in use";
    for (std::size_t at = 0; (at = text.find(kAfter, at)) != std::string::npos; ++at) {
      const auto begin = text.rfind('\n', at) + 1;
      all.push_back(std::stoul(text.substr(begin, at - begin)));
    }
    return all;
  }
  /// What the next look finds.
  [[nodiscard]] unsigned long next_count() const {
    const auto seen = counts().size();
    REQUIRE(wait_for([&] { return counts().size() > seen; }));
    return counts().back();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Process> run_;
};

/// An entry of `collectors:` for a TCP server, by one connection.
inline std::string tcp_collector(const std::string& address, const std::string& destination) {
  return fmt::format("{}: {{to: \"{}\", channels: 1}}\n", address, destination);
}

}  // namespace asaemu::test
