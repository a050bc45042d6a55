// Packet and byte counters of an interface, with the rates that `show interface` prints.
#pragma once

#include "model/base/time.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace asaemu {

/// Totals since boot, and rates over the last whole minute and the last five. Rates cost memory
/// only for interfaces that have seen a packet.
class TrafficMeter {
 public:
  TrafficMeter() = default;
  TrafficMeter(const TrafficMeter& other)
      : totals_(other.totals_),
        minutes_(other.minutes_ ? std::make_unique<Minutes>(*other.minutes_) : nullptr) {}
  TrafficMeter& operator=(const TrafficMeter& other) {
    if (this != &other) *this = TrafficMeter(other);
    return *this;
  }
  TrafficMeter(TrafficMeter&&) noexcept = default;
  TrafficMeter& operator=(TrafficMeter&&) noexcept = default;
  ~TrafficMeter() = default;

  enum Direction : std::uint8_t { kInput, kOutput, kDropped };

  struct Counter {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
  };

  /// Counts a packet of `bytes` bytes.
  void note(SimTime now, Direction direction, std::uint64_t bytes);

  [[nodiscard]] const Counter& total(Direction direction) const { return totals_[direction]; }

  /// Packets and bytes a second, averaged over the `minutes` (1 to 5) whole minutes before `now`.
  [[nodiscard]] Counter rate(SimTime now, Direction direction, unsigned minutes) const;

 private:
  static constexpr std::size_t kMinutes = 6;  ///< the running minute and five before it

  struct Minutes {
    std::int64_t running = 0;
    std::array<std::array<Counter, 3>, kMinutes> counters{};
  };

  static void advance(Minutes& minutes, std::int64_t minute);

  std::array<Counter, 3> totals_{};
  std::unique_ptr<Minutes> minutes_;
};

}  // namespace asaemu
