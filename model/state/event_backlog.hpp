// A queue that one side fills in bursts and the other empties at a steady rate, without a timer.
#pragma once

#include "model/base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace asaemu {

/// Holds at most `limit` events; `rate` events a second are taken out while there are any. The length
/// is worked out when somebody asks.
class EventBacklog {
 public:
  EventBacklog() = default;
  EventBacklog(std::uint64_t limit, std::uint64_t rate) : limit_(limit), rate_(rate) {}

  /// Adds events at `now`; how many found no room. Time must not go back.
  std::uint64_t add(SimTime now, std::uint64_t events) {
    drain(now);
    const std::uint64_t room = limit_ - length_;
    const std::uint64_t kept = std::min(room, events);
    length_ += kept;
    enqueued_ += kept;
    failed_ += events - kept;
    high_water_ = std::max(high_water_, length_);
    return events - kept;
  }

  [[nodiscard]] std::uint64_t length(SimTime now) {
    drain(now);
    return length_;
  }
  [[nodiscard]] std::uint64_t limit() const { return limit_; }
  [[nodiscard]] std::uint64_t high_water() const { return high_water_; }
  [[nodiscard]] std::uint64_t enqueued() const { return enqueued_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }

 private:
  void drain(SimTime now) {
    if (rate_ == 0) return;
    const SimDuration each(std::max<std::uint64_t>(1'000'000'000 / rate_, 1));
    const auto done = static_cast<std::uint64_t>((now - served_) / each);
    if (done >= length_) {
      length_ = 0;
      served_ = now;  // idle: the next event's service begins when it comes
    } else {
      length_ -= done;
      served_ += static_cast<std::int64_t>(done) * each;
    }
  }

  std::uint64_t limit_ = 1;
  std::uint64_t rate_ = 1;
  std::uint64_t length_ = 0;
  SimTime served_{};  ///< up to here events have been taken out
  std::uint64_t high_water_ = 0;
  std::uint64_t enqueued_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace asaemu
