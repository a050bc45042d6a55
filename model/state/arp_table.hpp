// Which hardware address answers for an IP address on an interface. Written by the arp subsystem.
#pragma once

#include "model/base/aging_table.hpp"
#include "model/state/interface_table.hpp"

namespace asaemu {

struct ArpKey {
  InterfaceId interface = kNoInterface;
  IpAddress address;
  friend bool operator==(const ArpKey&, const ArpKey&) = default;
};

struct ArpKeyHash {
  std::uint64_t operator()(const ArpKey& key) const {
    return combine_hash(KeyHash<IpAddress>()(key.address),
                        static_cast<std::uint64_t>(key.interface));
  }
};

/// An entry of `arp INTERFACE ADDRESS MAC [alias]`.
struct StaticArp {
  ArpKey key;
  MacAddress mac;
  bool is_alias = false;  ///< the device answers for the address itself (proxy ARP)
};

struct LearnedArp {
  ArpKey key;
  MacAddress mac;
};

struct ArpTable {
  static constexpr std::size_t kStaticBound = 4096;
  static constexpr std::size_t kLearnedBound = 65536;  ///< the option `arp-limit` lowers it
  static constexpr SimDuration kTimeout = std::chrono::seconds(14'400);  ///< asa-behaviour D.5 [I]

  /// What is configured stands before what was learned.
  [[nodiscard]] const MacAddress* find(const ArpKey& key, SimTime now) const {
    if (const StaticArp* entry = configured.find(key)) return &entry->mac;
    const LearnedArp* entry = learned.find(key, now);
    return entry != nullptr ? &entry->mac : nullptr;
  }

  BoundedTable<ArpKey, StaticArp, ArpKeyHash> configured{kStaticBound};
  AgingTable<ArpKey, LearnedArp, ArpKeyHash> learned{kLearnedBound, kTimeout};
};

}  // namespace asaemu
