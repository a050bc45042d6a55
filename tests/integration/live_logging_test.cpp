// What happens to a real collector shows in what the device logs, here at a second logging host.
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <thread>

using namespace asaemu::test;
using namespace std::chrono_literals;

namespace {

/// Ends with the test; long enough for any machine.
constexpr const char* kScenario = R"(name: live
summary: A firewall with two syslog servers, one of which goes away.
start: 2026-11-20T08:00:00Z
duration: 10m
devices:
  - name: fw-1
    config: |
      interface GigabitEthernet0/1
       nameif inside
       security-level 100
       ip address 10.0.0.1 255.255.255.0
      logging enable
      logging trap informational
      logging host inside 10.0.0.50 tcp/1470
      logging host inside 10.0.0.51
      {policy}
collectors:
  10.0.0.50: {{to: "tcp://127.0.0.1:{port}", channels: 1}}
  10.0.0.51: "file:{file}"
timeline:
  - {{at: 100ms, cli: shun 10.0.0.77}}
)";

bool wait_for(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + 100s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

/// The run, the collector that comes and goes, and what the other one got.
class Bed {
 public:
  explicit Bed(const std::string& policy) {
    start_collector();
    write_file(folder_.file("live.yaml"),
               fmt::format(fmt::runtime(kScenario), fmt::arg("policy", policy),
                           fmt::arg("port", port_), fmt::arg("file", folder_.file("other.log"))));
    run_ = std::make_unique<Process>(
        std::vector<std::string>{program(), "run", folder_.file("live.yaml"), "--quiet"},
        folder_.file("run.out"), folder_.file("run.err"));
  }

  void start_collector() {
    const std::string name = fmt::format("collector-{}", ++collectors_);
    collector_ =
        std::make_unique<Process>(std::vector<std::string>{program(), "sink", "--quiet", "--listen",
                                                           fmt::format("tcp://127.0.0.1:{}", port_),
                                                           "--write", folder_.file(name)},
                                  folder_.file(name + ".out"), folder_.file(name + ".err"));
    REQUIRE(wait_for([&] {
      return read_file(folder_.file(name + ".err")).find("listening on") != std::string::npos;
    }));
  }
  void stop_collector() {
    collector_->send_signal(SIGTERM);
    collector_->wait(60s);
  }
  /// Waits until the other host has got this; then what it has got so far.
  [[nodiscard]] bool logs(const std::string& text) {
    return wait_for([&] { return other().find(text) != std::string::npos; });
  }
  [[nodiscard]] std::string other() const { return read_file(folder_.file("other.log")); }
  [[nodiscard]] std::string received() const {
    return read_file(folder_.file(fmt::format("collector-{}", collectors_)));
  }
  /// Waits until the device has its connection and knows it: a line has come.
  [[nodiscard]] bool is_connected() const {
    return wait_for([&] { return received().find("401002") != std::string::npos; });
  }
  void stop_run() {
    run_->send_signal(SIGTERM);
    INFO(read_file(folder_.file("run.err")));
    CHECK(run_->wait(60s) == 0);
  }

 private:
  TemporaryFolder folder_;
  std::uint16_t port_ = free_port();
  int collectors_ = 0;
  std::unique_ptr<Process> collector_;
  std::unique_ptr<Process> run_;
};

}  // namespace

TEST_CASE("a TCP collector that is lost ends new connections until it is back", "[program]") {
  Bed bed("");
  REQUIRE(bed.is_connected());
  bed.stop_collector();
  REQUIRE(
      bed.logs("%ASA-3-414003: TCP Syslog Server inside:10.0.0.50/1470 not responding, New "
               "connections are denied based on logging permit-hostdown policy"));
  REQUIRE(bed.logs("%ASA-3-201008: Disallowing new connections."));
  CHECK(bed.other().find("414007") == std::string::npos);
  bed.start_collector();
  REQUIRE(
      bed.logs("%ASA-6-414007: TCP syslog server connection restored. New connections "
               "allowed."));
  // The restored channel hears of it first of all, and then gets what has waited.
  REQUIRE(wait_for([&] { return bed.received().find("414007") != std::string::npos; }));
  CHECK(bed.received().find("%ASA-6-414004: TCP Syslog Server inside:10.0.0.50/1470 - Connection "
                            "restored") < bed.received().find("414003"));
  bed.stop_run();
}

TEST_CASE("with permit-hostdown a lost TCP collector leaves connections alone", "[program]") {
  Bed bed("logging permit-hostdown");
  REQUIRE(bed.is_connected());
  bed.stop_collector();
  REQUIRE(
      bed.logs("not responding, New connections are permitted based on logging "
               "permit-hostdown policy"));
  bed.start_collector();
  REQUIRE(wait_for([&] { return bed.received().find("414004") != std::string::npos; }));
  CHECK(bed.other().find("201008") == std::string::npos);
  bed.stop_run();
}
