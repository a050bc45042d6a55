// Typed events: how one subsystem lets the others know, without knowing them.
#pragma once

#include "model/base/time.hpp"
#include "model/base/values.hpp"
#include "model/state/connection_table.hpp"
#include "model/state/interface_table.hpp"

#include <cstdint>
#include <string_view>

namespace asaemu {

enum class EventKind : std::uint8_t {
  kLineProtocol,
  kInterface,
  kHostname,
  kBooted,
  kClock,
  kConnectionBuilt,
  kConnectionChanged,
  kConnectionClosed,
  kConnectionIdle,
  kConnectionOrder,
  kInterfaceWanted,
  kInterfaceAdded,
  kInterfaceRemoved,
  kMembership,
  kCarrier,
  kSpannedCandidates,
  kSpannedSelection,
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

/// A request to the interfaces: an interface without hardware of its own is to be, as `channel-group`
/// makes its port channel. Afterwards the interface table shows it, unless the platform has none.
struct InterfaceWanted {
  static constexpr EventKind kKind = EventKind::kInterfaceWanted;
  std::string_view hardware;
};

/// An interface without hardware of its own was created; the table shows it.
struct InterfaceAdded {
  static constexpr EventKind kKind = EventKind::kInterfaceAdded;
  InterfaceId interface;
};

/// An interface is about to leave the configuration; the table still shows it as it was.
struct InterfaceRemoved {
  static constexpr EventKind kKind = EventKind::kInterfaceRemoved;
  InterfaceId interface;
};

/// A request to the interfaces: a port joins a group, or leaves the one it is in.
struct MembershipChanged {
  static constexpr EventKind kKind = EventKind::kMembership;
  InterfaceId port;
  InterfaceId group;  ///< kNoInterface: it leaves
};

/// A request to the interfaces: what carrier and bandwidth a group's members give its interface.
struct CarrierChanged {
  static constexpr EventKind kKind = EventKind::kCarrier;
  InterfaceId interface;
  bool is_present;
  std::uint32_t speed_mbps;  ///< of all members that carry traffic; 0 leaves it as it was
};

/// Ports of a spanned port channel came, went or changed; the channel table already shows it. The
/// cluster answers with SpannedSelectionMade.
struct SpannedCandidatesChanged {
  static constexpr EventKind kKind = EventKind::kSpannedCandidates;
  InterfaceId channel;
};

/// The cluster has decided which ports of a spanned port channel may bundle; the table of spanned
/// ports already shows it.
struct SpannedSelectionMade {
  static constexpr EventKind kKind = EventKind::kSpannedSelection;
  InterfaceId channel;
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

/// A connection was added to the table; its first packet is still on its way.
struct ConnectionBuilt {
  static constexpr EventKind kKind = EventKind::kConnectionBuilt;
  const Connection& connection;
};

/// A connection went from one phase to another.
struct ConnectionChanged {
  static constexpr EventKind kKind = EventKind::kConnectionChanged;
  const Connection& connection;
  Connection::Phase before;
};

/// A connection is about to leave the table.
struct ConnectionClosed {
  static constexpr EventKind kKind = EventKind::kConnectionClosed;
  enum class Reason : std::uint8_t { kFins, kReset, kIdle, kCleared, kOrdered };
  const Connection& connection;
  Reason reason;
};

/// A connection's idle timeout has passed. A listener that wants to probe its ends first keeps it,
/// and later orders it closed or refreshed.
struct ConnectionIdle {
  static constexpr EventKind kKind = EventKind::kConnectionIdle;
  const Connection& connection;
  bool& is_kept;
};

/// A request to the owner of the connection table.
struct ConnectionOrder {
  static constexpr EventKind kKind = EventKind::kConnectionOrder;
  enum class What : std::uint8_t {
    kClose,
    kRefresh,  ///< the idle timeout begins anew
  };
  ConnectionId connection;
  What what;
};

}  // namespace asaemu
