// The live progress line on a terminal.
#pragma once

#include "emulator/run/pacer.hpp"
#include "emulator/run/worker.hpp"

namespace asaemu {

/// Rewrites one line on standard error a few times a second; does nothing if that is no terminal.
class Progress {
 public:
  explicit Progress(bool quiet);
  /// Shows the state if it is time to. Cheap.
  void update(const Worker& worker, Pacer::WallClock::time_point now, SimTime end,
              std::chrono::nanoseconds lateness);
  /// Clears the line.
  void finish();
  [[nodiscard]] bool is_shown() const { return enabled_; }

 private:
  bool enabled_;
  bool drawn_ = false;
  Pacer::WallClock::time_point last_{};
  std::uint64_t last_messages_ = 0;
};

}  // namespace asaemu
