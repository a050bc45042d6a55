// One device on a bench: commands, packets and world events go in, syslog lines come out. A failing
// expectation prints everything that happened before it.
#pragma once

#include "model/device.hpp"

#include <deque>
#include <string>
#include <vector>

namespace asaemu::test {

/// A device with interfaces outside (GigabitEthernet0/0, 203.0.113.1/24), inside
/// (GigabitEthernet0/1, 10.0.0.1/24) and dmz (subinterface GigabitEthernet0/2.30, VLAN 30,
/// 172.16.30.1/24), a default route through outside, and logging to 10.0.0.50 without stamps and
/// without command accounting (111008 to 111010).
extern const char* const kBenchConfig;

class Bench {
 public:
  /// `options` override the defaults of declared options.
  explicit Bench(std::string config = kBenchConfig,
                 std::vector<std::pair<std::string_view, FieldValue>> options = {},
                 Release release = Release{}, std::string_view platform = "ASA5525");

  /// Types a line into a privileged session; `output` is what the device answered.
  Bench& command(const std::string& line);
  /// Types lines into one session.
  Bench& commands(const std::vector<std::string>& lines);
  /// The answer of the last command, without prompt and echo.
  [[nodiscard]] std::string output() const { return output_; }

  /// A packet at the interface of this nameif.
  Bench& packet(std::string_view in, std::string_view source, std::string_view destination,
                IpProtocol protocol = kProtocolTcp);
  /// A packet of these fields, as a scenario writes them: packet("inside", {{"arp", "request"}, …}).
  Bench& packet(std::string_view in,
                const std::vector<std::pair<std::string, std::string>>& fields);
  /// A world event: world("link", {{"link", "GigabitEthernet0/0"}, {"state", "down"}}).
  Bench& world(std::string_view event,
               const std::vector<std::pair<std::string, std::string>>& parameters);
  /// Lets simulated time pass, timers included.
  Bench& advance(SimDuration duration);

  /// What the transport to a logging host knows of its collector from now on, and whether it takes
  /// lines; the device is told.
  Bench& collector(std::string_view address, CollectorStatus status, bool is_ready = true);

  /// The next line is this one (PRI, header and text).
  Bench& expect_line(std::string_view line);
  /// The next line is `%ASA-4-401004: text` of this id and text, at the id's own level.
  Bench& expect(std::uint32_t id, std::string_view text);
  /// Nothing was logged that was not expected.
  Bench& expect_nothing();

  [[nodiscard]] Device& device() { return *device_; }
  [[nodiscard]] SimTime now() const { return now_; }
  static const Catalogue& catalogue();

 private:
  class Recorder;
  class Provider;

  void note(std::string step) { history_.push_back(std::move(step)); }
  [[nodiscard]] std::string history() const;

  Scheduler scheduler_;
  std::vector<std::uint64_t> counts_;
  std::shared_ptr<Provider> provider_;
  std::unique_ptr<Device> device_;
  std::deque<std::string> lines_;
  std::vector<std::string> history_;
  std::string output_;
  SimTime now_{};
};

}  // namespace asaemu::test
