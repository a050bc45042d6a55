// Hosts whose users have logged in at the device (cut-through proxy), each bound to the hardware it
// logged in from. Written by the uauth subsystem.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/time.hpp"

#include <string>

namespace asaemu {

struct AuthenticatedHost {
  IpAddress address;
  MacAddress mac;
  std::string user;  ///< empty for a host that `mac-exempt` let in without a login
  SimTime authenticated;
  SimTime active;  ///< when its last packet came

  [[nodiscard]] bool is_exempt() const { return user.empty(); }
};

/// One entry an address, and one address a hardware address that needs no login.
class UauthTable {
 public:
  static constexpr std::size_t kBound = 16384;

  /// `timeout uauth`; zero is no timeout of this kind. The ASA's default is 5 minutes absolute.
  struct Timeouts {
    SimDuration absolute = std::chrono::minutes(5);
    SimDuration inactivity{};
  };

  /// The host at this address; nullptr if nobody has logged in there or the login has timed out.
  [[nodiscard]] const AuthenticatedHost* find(const IpAddress& address, SimTime now) const {
    const AuthenticatedHost* host = hosts_.find(address);
    return host != nullptr && is_current(*host, now) ? host : nullptr;
  }
  /// The host that was let in for its hardware address.
  [[nodiscard]] const AuthenticatedHost* find_exempt(MacAddress mac, SimTime now) const;

  /// Replaces what the address and the exempt hardware had before; false if the table is full.
  bool add(AuthenticatedHost host, SimTime now);
  /// Its packet came. The host must be there.
  void note_activity(const IpAddress& address, SimTime now);
  /// Removes all hosts, or those of one user.
  void clear();
  void clear_user(std::string_view user);

  void set_timeouts(Timeouts timeouts) { timeouts_ = timeouts; }
  [[nodiscard]] const Timeouts& timeouts() const { return timeouts_; }
  /// Removes whose login has timed out.
  void expire(SimTime now);
  /// Those timed out and not yet removed included.
  [[nodiscard]] const BoundedTable<IpAddress, AuthenticatedHost>& hosts() const { return hosts_; }

 private:
  [[nodiscard]] bool is_current(const AuthenticatedHost& host, SimTime now) const {
    const bool too_long =
        timeouts_.absolute != SimDuration{} && now - host.authenticated >= timeouts_.absolute;
    const bool too_quiet =
        timeouts_.inactivity != SimDuration{} && now - host.active >= timeouts_.inactivity;
    return !too_long && !too_quiet;
  }
  void remove(const IpAddress& address);
  template <class Condition>
  void remove_if(Condition&& condition);

  BoundedTable<IpAddress, AuthenticatedHost> hosts_{kBound};
  HashIndex<MacAddress, IpAddress> exempt_;
  Timeouts timeouts_;
};

}  // namespace asaemu
