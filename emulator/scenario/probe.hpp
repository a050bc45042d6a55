// A device to try things on: with a scheduler of its own, and without anywhere to send its
// messages.
#pragma once

#include "model/device.hpp"

#include <map>

namespace asaemu {

/// Takes lines and counts them as sent.
class NullOutlet final : public Outlet {
 public:
  NullOutlet() : Outlet(kLineMax, 1) {}

 private:
  void transmit(std::span<const char> /*bytes*/, std::span<const Line> lines) override {
    for (const Line& line : lines) count_sent(line, 0);
  }
};

/// Logging hosts that devices have or get, and whether one of them is `secure`.
using LoggingHosts = std::map<IpAddress, bool>;

/// Remembers the logging hosts.
class NullOutlets final : public OutletProvider {
 public:
  explicit NullOutlets(LoggingHosts& hosts) : hosts_(hosts) {}
  Outlet& outlet_for(std::string_view /*device*/, const LogHostSpec& host) override {
    hosts_[host.address] |= host.secure;
    return outlet_;
  }

 private:
  NullOutlet outlet_;
  LoggingHosts& hosts_;
};

/// A device that has booted.
class Probe {
 public:
  /// The device's clock starts at `start`. Its logging hosts are added to `hosts`, now and whenever
  /// one is configured.
  Probe(const DeviceSpec& spec, CalendarTime start, const Catalogue& catalogue, LoggingHosts& hosts)
      : outlets_(hosts),
        counts_(catalogue.size()),
        device_(with_start(spec, start), {&catalogue, &scheduler_, &outlets_, counts_.data()}) {
    device_.boot(kStart);
  }

  /// Runs the device's timers up to and including `until`; at most kTimersMax in its life.
  void advance(SimTime until) {
    while (scheduler_.next_time() <= until && !scheduler_.empty() && timers_++ < kTimersMax) {
      const SimTime now = scheduler_.next_time();
      device_.run(now, scheduler_.pop());
    }
  }

  [[nodiscard]] Device& device() { return device_; }

 private:
  /// So that a long scenario is checked quickly.
  static constexpr std::size_t kTimersMax = 1'000'000;

  static DeviceSpec with_start(DeviceSpec spec, CalendarTime start) {
    spec.index = 0;
    spec.start = start;
    return spec;
  }

  Scheduler scheduler_;
  NullOutlets outlets_;
  std::vector<std::uint64_t> counts_;
  Device device_;
  std::size_t timers_ = 0;
};

}  // namespace asaemu
