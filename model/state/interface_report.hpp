// Interfaces as `show interface` and `show interface ip brief` print them (asa-behaviour G.2).
#pragma once

#include "model/state/interface_table.hpp"
#include "model/state/platform.hpp"

#include <string>

namespace asaemu {

/// What a group says about one of its members or about itself.
struct GroupNotes {
  std::string hardware;   ///< of a group: what stands for its hardware; empty for the port's chip
  std::string member_of;  ///< of a member: a line of its own, without its end
  std::string tail;       ///< of a group: lines at the end
};

std::string describe_interface(const Interface& interface, const Platform& platform, SimTime now,
                               const GroupNotes& notes);

std::string interface_brief_header();
std::string interface_brief_line(const Interface& interface);

}  // namespace asaemu
