// Redundant interfaces: pairs of ports of which one carries the traffic. Written by the
// redundant_interfaces subsystem, read by all.
#pragma once

#include "model/base/event_queue.hpp"
#include "model/state/interface_table.hpp"

#include <algorithm>
#include <optional>

namespace asaemu {

struct RedundantPair {
  InterfaceId interface = kNoInterface;
  std::vector<InterfaceId> members;  ///< at most kMembers, as they were added
  InterfaceId active = kNoInterface;
  std::optional<CalendarTime> last_switchover;
  TimerHandle switchover;             ///< under way to `target`
  InterfaceId target = kNoInterface;  ///< kNoInterface: no switchover is under way

  static constexpr std::size_t kMembers = 2;

  [[nodiscard]] bool has(InterfaceId port) const {
    return std::ranges::find(members, port) != members.end();
  }
  /// The member that is not active; kNoInterface if there is none.
  [[nodiscard]] InterfaceId standby() const {
    for (const InterfaceId member : members) {
      if (member != active) return member;
    }
    return kNoInterface;
  }
};

/// In the order of their creation, at most eight (asa-behaviour D.2), which the platform's interface
/// names see to.
using RedundantTable = std::vector<RedundantPair>;

}  // namespace asaemu
