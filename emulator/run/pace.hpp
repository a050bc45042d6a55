// How well a run in real time kept its pace.
#pragma once

#include "emulator/run/histogram.hpp"

#include <chrono>
#include <vector>

namespace asaemu {

/// Counts stimuli by when they were due and by when they were done, in wall time from the start.
class Pace {
 public:
  static constexpr std::chrono::seconds kWindow{10};
  /// A week of windows is kept; what comes later is in the totals.
  static constexpr std::size_t kWindowsMax = std::size_t{7} * 24 * 360;
  /// What is later than this is late indeed.
  static constexpr std::chrono::seconds kLate{1};

  struct Window {
    std::uint64_t asked = 0;     ///< due in it
    std::uint64_t achieved = 0;  ///< done in it
  };

  /// A stimulus that was due at `due` was done, its lines sent, at `done`.
  void add(std::chrono::nanoseconds due, std::chrono::nanoseconds done);
  /// A stimulus that was due at `due` was never done.
  void add_missed(std::chrono::nanoseconds due);
  void add(const Pace& other);

  [[nodiscard]] const Histogram& lateness() const { return lateness_; }
  [[nodiscard]] const std::vector<Window>& windows() const { return windows_; }
  /// Those that were done more than kLate after they were due.
  [[nodiscard]] std::uint64_t late() const { return late_; }
  /// The largest part by which a window's achieved count is off its asked count, of the windows that are
  /// over by `end` and in which at least kCountable are asked; 0 if there is none.
  [[nodiscard]] double worst_window(std::chrono::nanoseconds end) const;

  /// Whether the run fell behind for good: two windows one after the other each achieved less than 99 % of
  /// what they were asked, or a tenth of all stimuli were late. A single hiccup of the machine, after
  /// which the run catches up, is not enough; nor are fewer than kCountable stimuli.
  [[nodiscard]] bool fell_behind() const;

  /// Fewer than this say nothing about a rate.
  static constexpr std::uint64_t kCountable = 100;

 private:
  Window* window_at(std::chrono::nanoseconds at);

  Histogram lateness_;
  std::vector<Window> windows_;
  std::uint64_t late_ = 0;
};

}  // namespace asaemu
