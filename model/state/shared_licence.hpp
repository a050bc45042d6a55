// Shared licences: how the device takes part, the licence servers around it, and what it uses.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/base/time.hpp"
#include "model/base/values.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace asaemu {

/// The port of the licence service unless configured otherwise (asa-behaviour E.2, inferred).
inline constexpr Port kLicenceServerPort{50554};

/// The main server and its backup talk so often (asa-behaviour E.2).
inline constexpr SimDuration kLicenceSyncInterval = std::chrono::seconds(10);

/// After so many refreshes without an answer the other side is taken to be gone (asa-behaviour E.2).
inline constexpr int kMissedRefreshesMax = 3;

/// Sessions move in blocks of this many (asa-behaviour E.2).
inline constexpr std::uint32_t kSharedBlock = 50;

/// `sessions` in whole blocks.
constexpr std::uint32_t in_blocks(std::uint32_t sessions) {
  return static_cast<std::uint32_t>((std::uint64_t{sessions} + kSharedBlock - 1) / kSharedBlock *
                                    kSharedBlock);
}

/// A licence server or its backup outside, as the device finds it. One that nothing is known about
/// is there and agrees with the device in everything.
struct RemoteLicenceServer {
  IpAddress address;
  bool answers = true;
  std::optional<std::string> secret = std::nullopt;  ///< the one this device uses, if not given
  Port port = kLicenceServerPort;
  bool speaks_our_version = true;
  bool is_serving = true;
  std::uint32_t times_forgotten = 0;  ///< how often it has dropped this device's registration
  std::uint32_t sessions = 500;       ///< most that its pool can give to this device
  SimDuration refresh_interval = std::chrono::seconds(30);  ///< that it tells its participants
};

/// Servers the world can say something about.
inline constexpr std::size_t kRemoteServerBound = 16;

/// How the device takes part. Written by the shared_licence subsystem.
struct SharedLicence {
  IpAddress server;  ///< `license-server address`; unspecified if not configured
  std::string server_secret;
  Port server_port = kLicenceServerPort;
  IpAddress backup;        ///< `license-server backup address`, of a participant
  bool is_backup = false;  ///< `license-server backup enable`
  std::vector<RemoteLicenceServer> remotes;

  [[nodiscard]] bool has_server() const { return server != IpAddress(); }
  [[nodiscard]] bool is_participant() const { return has_server() && !is_backup; }

  [[nodiscard]] RemoteLicenceServer remote(const IpAddress& address) const {
    const auto found = std::find_if(remotes.begin(), remotes.end(),
                                    [&](const auto& known) { return known.address == address; });
    return found != remotes.end() ? *found : RemoteLicenceServer{.address = address};
  }
  [[nodiscard]] bool shares_secret(const RemoteLicenceServer& server_outside) const {
    return !server_outside.secret || *server_outside.secret == server_secret;
  }
  [[nodiscard]] bool reaches(const RemoteLicenceServer& server_outside) const {
    return server_outside.answers && server_outside.port == server_port;
  }
  /// Whether the device gets on with that server, or the backup, well enough to register.
  [[nodiscard]] bool would_register_at(const IpAddress& address) const {
    const auto outside = remote(address);
    return reaches(outside) && outside.speaks_our_version && shares_secret(outside) &&
           outside.is_serving;
  }
};

/// The role of a backup. Written by the shared_licence_backup subsystem.
struct SharedBackup {
  bool is_active = false;  ///< it serves in place of the main server
};

/// Requests of a participant: sent, and how many failed.
struct SharedRequests {
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
};

/// What the device itself uses of a shared pool. Written by the shared_licence_participant
/// subsystem.
struct SharedUse {
  IpAddress serving;         ///< the server it is registered with; unspecified if with none
  std::uint32_t held = 0;    ///< sessions got from the pool
  std::uint32_t pool = 0;    ///< what that pool can give
  std::uint32_t in_use = 0;  ///< remote-access sessions of the device now
  std::uint32_t most_used = 0;
  SharedRequests registration;
  SharedRequests get;
  SharedRequests release;
  SharedRequests transfer;
};

/// The last and the next of the moments `origin + n * step`; the last may be `now`.
inline SimTime last_on_grid(SimTime origin, SimDuration step, SimTime now) {
  return origin + (now - origin) / step * step;
}
inline SimTime next_on_grid(SimTime origin, SimDuration step, SimTime now) {
  return last_on_grid(origin, step, now) + step;
}

}  // namespace asaemu
