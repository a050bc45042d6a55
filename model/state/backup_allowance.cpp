#include "model/state/backup_allowance.hpp"

#include <algorithm>

namespace asaemu {

void BackupAllowance::set_flow(SimTime now, Flow flow) {
  if (flow == flow_) return;
  left_ = left(now);
  since_ = now;
  flow_ = flow;
}

SimDuration BackupAllowance::left(SimTime now) const {
  switch (flow_) {
    case Flow::kDraining:
      return std::max(left_ - (now - since_), SimDuration::zero());
    case Flow::kCharging:
      return std::min<SimDuration>(left_ + std::chrono::floor<std::chrono::days>(now - since_),
                                   kMost);
    case Flow::kStill:
      break;
  }
  return left_;
}

std::uint64_t BackupAllowance::days_left(SimTime now) const {
  return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::days>(left(now)).count());
}

}  // namespace asaemu
