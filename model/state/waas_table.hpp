// Connections that WAN accelerators (WAAS) handle. Written by the waas subsystem; inspections leave a
// connection alone that is confirmed here.
#pragma once

#include "model/state/connection_table.hpp"

namespace asaemu {

struct WaasConnection {
  /// The accelerator at the other end has answered; until then only the first one is known.
  bool is_confirmed = false;
};

/// By connection; entries go with their connections. The bound is inferred: a WAE of the ASA's time
/// optimises some ten thousand connections.
inline constexpr std::size_t kWaasBound = 65536;

using WaasTable = BoundedTable<ConnectionId, WaasConnection>;

}  // namespace asaemu
