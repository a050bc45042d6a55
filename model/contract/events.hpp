// Typed events: how one subsystem lets the others know, without knowing them.
#pragma once

#include "model/base/values.hpp"
#include "model/state/interface_table.hpp"

#include <cstdint>

namespace asaemu {

enum class EventKind : std::uint8_t { kLineProtocol, kInterfaceNamed, kBooted, kCount };

/// An interface's line protocol changed; the interface table already shows the new state.
struct LineProtocolChanged {
  static constexpr EventKind kKind = EventKind::kLineProtocol;
  InterfaceId interface;
  bool up;
};

/// An interface got, changed or lost its nameif.
struct InterfaceNamed {
  static constexpr EventKind kKind = EventKind::kInterfaceNamed;
  InterfaceId interface;
};

/// The device has read its startup configuration and forwards packets from now on. State that a boot does not
/// keep is fresh already: every subsystem is made anew.
struct Booted {
  static constexpr EventKind kKind = EventKind::kBooted;
};

}  // namespace asaemu
