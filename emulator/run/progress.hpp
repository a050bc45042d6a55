// The live progress line on a terminal.
#pragma once

#include "emulator/run/lane.hpp"

#include <span>

namespace asaemu {

/// Rewrites one line on standard error a few times a second; does nothing if that is no terminal.
class Progress {
 public:
  static constexpr std::chrono::milliseconds kRefresh{200};

  explicit Progress(bool quiet);
  /// Shows the lanes' state: simulated time, messages and their rate, lateness, lines lost or waiting.
  /// `end` is the run's, kNever if it has none.
  void update(std::span<const std::unique_ptr<Lane>> lanes, Pacer::WallClock::time_point now,
              SimTime end);
  /// Clears the line.
  void finish();
  [[nodiscard]] bool is_shown() const { return enabled_; }

 private:
  bool enabled_;
  bool drawn_ = false;
  Pacer::WallClock::time_point last_{};
  std::uint64_t last_messages_ = 0;
  double per_second_ = 0;  ///< smoothed
};

/// The line's text: `0:00:12 of 0:01:00 [====>      ]  2,400 messages  200/s  …`.
struct ProgressState {
  SimTime now;
  SimTime end = kNever;
  std::uint64_t messages = 0;
  double per_second = 0;
  std::chrono::nanoseconds lateness{};  ///< of the lane that is latest
  std::uint64_t lost = 0;
  std::uint64_t pending = 0;
};
std::string progress_line(const ProgressState& state);

}  // namespace asaemu
