// Typed events: how one subsystem lets the others know, without knowing them.
#pragma once

#include "model/base/time.hpp"
#include "model/base/values.hpp"
#include "model/state/interface_table.hpp"

#include <cstdint>

namespace asaemu {

enum class EventKind : std::uint8_t {
  kLineProtocol,
  kInterface,
  kHostname,
  kBooted,
  kClock,
  kCount
};

/// An interface's line protocol changed; the interface table already shows the new state.
struct LineProtocolChanged {
  static constexpr EventKind kKind = EventKind::kLineProtocol;
  InterfaceId interface;
  bool up;
};

/// An interface's nameif or address was configured.
struct InterfaceConfigured {
  static constexpr EventKind kKind = EventKind::kInterface;
  InterfaceId interface;
};

/// The device got another hostname; the identity already shows it.
struct HostnameChanged {
  static constexpr EventKind kKind = EventKind::kHostname;
};

/// The device has read its startup configuration and forwards packets from now on. State that a
/// boot does not keep is fresh already: every subsystem is made anew.
struct Booted {
  static constexpr EventKind kKind = EventKind::kBooted;
};

/// Somebody set the device's clock, which already shows the new time.
struct ClockChanged {
  static constexpr EventKind kKind = EventKind::kClock;
  SimDuration by;  ///< negative if it was set back
};

}  // namespace asaemu
