// Which of this unit's ports the cluster lets carry traffic in spanned port channels. Written by the
// cluster_channels subsystem, read by all.
#pragma once

#include "model/state/interface_table.hpp"

#include <map>

namespace asaemu {

enum class SpannedChoice : std::uint8_t { kNone, kStandby, kBundle };

/// By port; at most one a port of the platform.
class SpannedTable {
 public:
  [[nodiscard]] SpannedChoice of(InterfaceId port) const {
    const auto found = choices_.find(port);
    return found == choices_.end() ? SpannedChoice::kNone : found->second;
  }
  void set(InterfaceId port, SpannedChoice choice) {
    if (choice == SpannedChoice::kNone) {
      choices_.erase(port);
    } else {
      choices_[port] = choice;
    }
  }

 private:
  std::map<InterfaceId, SpannedChoice> choices_;
};

}  // namespace asaemu
