// AAA server groups and what their servers do. Written by the aaa_fallback subsystem, read by those
// that let users in.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/ip_address.hpp"
#include "model/base/time.hpp"

#include <array>
#include <string>
#include <vector>

namespace asaemu {

/// A server of a group, with the counters that `show aaa-server` prints.
struct AaaServer {
  IpAddress address;
  std::string interface;  ///< nameif
  SimDuration timeout{};  ///< of one try
  unsigned failures = 0;  ///< requests without an answer, in a row
  bool is_failed = false;
  SimTime failed_since{};
  SimTime reactivated_at{};  ///< `reactivation-mode timed` only
  SimTime last_transaction{};
  std::uint64_t authentications = 0;
  std::uint64_t authorizations = 0;
  std::uint64_t accepts = 0;
  std::uint64_t timeouts = 0;
};

struct AaaServerGroup {
  static constexpr std::size_t kServerBound = 16;  ///< that of single mode
  std::string name;
  std::string protocol;  ///< `radius`, `tacacs+`, …
  unsigned failed_attempts_limit = 3;
  bool reactivates_after_time = false;  ///< `timed` rather than `depletion`
  SimDuration dead_time = std::chrono::minutes(10);
  SimTime dead_until{};  ///< all servers failed: nobody is asked before
  std::vector<AaaServer> servers;
};

/// What the world decides of a server.
struct AaaFarEnd {
  bool answers = true;
  bool sends_mppe_keys = true;  ///< with an accepted user, as a RADIUS server can
};

struct AaaServers {
  static constexpr std::size_t kGroupBound = 100;  ///< that of single mode
  BoundedTable<std::string, AaaServerGroup> groups{kGroupBound};
  /// Servers that are not here answer.
  BoundedTable<IpAddress, AaaFarEnd> far_ends{256};

  [[nodiscard]] AaaFarEnd far_end(const IpAddress& server) const {
    const AaaFarEnd* known = far_ends.find(server);
    return known != nullptr ? *known : AaaFarEnd{};
  }
};

}  // namespace asaemu
