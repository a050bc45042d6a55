// The pacer: alone decides how long to wait between events.
#pragma once

#include "model/base/time.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <optional>

namespace asaemu {

/// `--speed`: simulated seconds a second, or as fast as possible.
struct Speed {
  double factor = 1;  ///< positive; without meaning when `is_max`
  bool is_max = false;
  /// `max`, or a positive number such as 1, 60, 0.5. nullopt otherwise.
  static std::optional<Speed> parse(std::string_view text);
};

class Pacer {
 public:
  using WallClock = std::chrono::steady_clock;

  explicit Pacer(Speed speed);

  /// Simulated time zero is now.
  void begin() { begin(WallClock::now()); }
  /// Simulated time zero is `at`, which may lie ahead.
  void begin(WallClock::time_point at) { began_ = at; }

  /// Waits until `at` is due, at most `longest`, or until wake().
  void wait(SimTime at, std::chrono::nanoseconds longest);
  /// Ends a wait that goes on. From any thread.
  void wake();

  /// What is due by now: at maximum speed everything.
  [[nodiscard]] SimTime due(WallClock::time_point wall) const;
  /// How late an event due at `at` is at this moment of the wall clock. Zero at maximum speed.
  [[nodiscard]] std::chrono::nanoseconds lateness(SimTime at, WallClock::time_point wall) const;

  /// When an event is due, in wall time from the beginning; without meaning at maximum speed.
  [[nodiscard]] std::chrono::nanoseconds due_offset(SimTime at) const {
    return wall_time(at) - began_;
  }

  [[nodiscard]] bool is_max() const { return speed_.is_max; }
  [[nodiscard]] WallClock::time_point began() const { return began_; }

 private:
  [[nodiscard]] WallClock::time_point wall_time(SimTime at) const;

  Speed speed_;
  WallClock::time_point began_;
  boost::asio::io_context context_;
  boost::asio::steady_timer timer_{context_};
};

}  // namespace asaemu
