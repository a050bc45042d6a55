// Transparent mode's bridge: which interfaces belong together, and behind which of them a MAC
// address is. Written by the mac_table subsystem.
#pragma once

#include "model/base/aging_table.hpp"
#include "model/state/interface_table.hpp"

namespace asaemu {

/// Bridge groups share nothing: the same address may be in two of them.
struct MacKey {
  std::uint16_t group = 0;
  MacAddress mac;
  friend bool operator==(const MacKey&, const MacKey&) = default;
};

struct MacKeyHash {
  std::uint64_t operator()(const MacKey& key) const {
    return combine_hash(KeyHash<MacAddress>()(key.mac), key.group);
  }
};

struct MacEntry {
  MacKey key;
  InterfaceId interface = kNoInterface;
};

struct MacTable {
  /// Entries of both kinds together (asa-behaviour D.5 [I]); the option `mac-table-limit` lowers it.
  static constexpr std::size_t kBound = 65535;
  static constexpr SimDuration kAgingTime = std::chrono::minutes(5);

  [[nodiscard]] std::size_t size() const { return configured.size() + learned.size(); }

  bool is_transparent = false;  ///< `firewall transparent`
  BoundedTable<MacKey, MacEntry, MacKeyHash> configured{kBound};
  AgingTable<MacKey, MacEntry, MacKeyHash> learned{kBound, kAgingTime};
};

}  // namespace asaemu
