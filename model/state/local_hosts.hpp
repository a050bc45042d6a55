// The hosts that use the device, as its licence counts them. Written by the host_limits subsystem.
#pragma once

#include "model/base/aging_table.hpp"
#include "model/state/interface_table.hpp"

namespace asaemu {

struct LocalHost {
  IpAddress address;
  InterfaceId interface = kNoInterface;
  SimTime xlate_until;  ///< when its address translation times out; kStart if it has none
};

/// What `show local-host` says of an interface.
struct HostTally {
  std::size_t active = 0;
  std::size_t most_active = 0;
  std::uint64_t denied = 0;
};

/// Hosts by address, the one that was quiet longest first. A host counts while it was active within
/// kActivity, and while something is reserved for it.
class LocalHosts {
 public:
  static constexpr std::size_t kBound = 65536;
  static constexpr SimDuration kActivity = std::chrono::minutes(5);  ///< syslog guide 407001

  /// Whether the host is known; it may have gone quiet.
  [[nodiscard]] bool knows(const IpAddress& address) const {
    return hosts_.find(address, kStart) != nullptr;
  }
  [[nodiscard]] std::size_t size() const { return hosts_.size(); }
  [[nodiscard]] auto begin() const { return hosts_.begin(); }
  [[nodiscard]] auto end() const { return hosts_.end(); }
  [[nodiscard]] HostTally tally(InterfaceId interface) const {
    const auto index = static_cast<std::size_t>(interface);
    return index < tallies_.size() ? tallies_[index] : HostTally{};
  }

  /// The host has sent or received something: it is the latest now. A new one takes the place of
  /// the quietest if there is no other.
  void hear(LocalHost host, SimTime now);
  /// A new host was refused.
  void deny(InterfaceId interface) { ++tally_of(interface).denied; }

  /// Removes the hosts that have gone quiet and have nothing reserved: no translation, and
  /// `is_reserved(host)` is false.
  template <class Reserved>
  void forget_quiet(SimTime now, Reserved&& is_reserved) {
    erase_if([&](const LocalHost& host, SimTime heard) {
      return now - heard >= kActivity && now >= host.xlate_until && !is_reserved(host);
    });
  }
  /// Removes the hosts that have gone quiet, reservations or not; costs only what it removes.
  void forget_all_quiet(SimTime now) {
    while (hosts_.size() > 0 && now - hosts_.begin()->heard >= kActivity) drop_quietest();
  }
  void erase(const IpAddress& address) {
    erase_if([&](const LocalHost& host, SimTime) { return host.address == address; });
  }
  void clear() {
    erase_if([](const LocalHost&, SimTime) { return true; });
  }

 private:
  template <class Condition>
  void erase_if(Condition&& condition) {
    hosts_.erase_if([&](const auto& aged) {
      if (!condition(aged.entry, aged.heard)) return false;
      --tally_of(aged.entry.interface).active;
      return true;
    });
  }
  void drop_quietest() {
    hosts_.drop_oldest([this](const LocalHost& host) { --tally_of(host.interface).active; });
  }
  HostTally& tally_of(InterfaceId interface);

  // Reservations decide how long a host stays, so the table itself never finds one too old.
  AgingTable<IpAddress, LocalHost> hosts_{kBound, SimDuration::max()};
  std::vector<HostTally> tallies_;  ///< by interface
};

}  // namespace asaemu
