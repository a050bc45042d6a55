// Typed events: how one subsystem lets the others know, without knowing them.
#pragma once

#include "model/base/time.hpp"
#include "model/base/values.hpp"
#include "model/state/connection_table.hpp"
#include "model/state/flash.hpp"
#include "model/state/interface_table.hpp"

#include <cstdint>

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
  kFlashWrite,
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

/// A subsystem wants a file, or a directory, on flash. The owner of the file system has answered in
/// `result` when publish() returns.
struct FlashWriteRequested {
  static constexpr EventKind kKind = EventKind::kFlashWrite;
  std::string_view path;   ///< below the root: `crypto_archive/crypto_arch_1.bin`
  std::uint64_t size = 0;  ///< of a file, in bytes
  bool is_directory = false;
  FlashResult& result;
};

}  // namespace asaemu
