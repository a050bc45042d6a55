// How long a backup licence server may stand in for the main one.
#pragma once

#include "model/base/time.hpp"

namespace asaemu {

/// Days of service that drain while the backup is active and come back while the main server serves,
/// one for each whole day. A new backup has five, none ever has more than thirty (asa-behaviour E.2).
class BackupAllowance {
 public:
  enum class Flow : std::uint8_t { kStill, kDraining, kCharging };

  static constexpr SimDuration kFirst = std::chrono::days(5);
  static constexpr SimDuration kMost = std::chrono::days(30);

  void set_flow(SimTime now, Flow flow);
  [[nodiscard]] Flow flow() const { return flow_; }
  /// Between zero and kMost.
  [[nodiscard]] SimDuration left(SimTime now) const;
  /// A day that has begun counts as a whole one.
  [[nodiscard]] std::uint64_t days_left(SimTime now) const;

 private:
  SimDuration left_ = kFirst;  ///< at since_
  SimTime since_{};
  Flow flow_ = Flow::kStill;
};

}  // namespace asaemu
