// IPsec configuration: crypto maps, transform sets, tunnel groups. Written by the crypto_maps
// subsystem.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/state/interface_table.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

struct TransformSet {
  std::string name;
  std::string algorithms;  ///< `esp-aes-256 esp-sha-hmac`
  bool is_ikev2 = false;
};

/// How long an SA lives; 0 where another setting decides.
struct SaLifetime {
  std::uint32_t seconds = 0;
  std::uint32_t kilobytes = 0;
};

/// Stands for `kilobytes unlimited`.
inline constexpr std::uint32_t kUnlimitedKilobytes = 0xFFFFFFFF;

struct CryptoMapEntry {
  std::uint16_t sequence = 0;
  std::string access_list;
  IpAddress peer;  ///< unspecified until `set peer`
  std::string transform_set;
  std::string dynamic_map;  ///< of an entry that takes its settings from a dynamic map
  SaLifetime lifetime;
  bool is_ikev2 = false;
};

struct CryptoMap {
  std::string name;
  std::vector<CryptoMapEntry> entries;  ///< by sequence number
  InterfaceId interface = kNoInterface;
  bool is_dynamic = false;  ///< a `crypto dynamic-map`

  [[nodiscard]] const CryptoMapEntry* find(std::uint16_t sequence) const {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const auto& entry) { return entry.sequence == sequence; });
    return found == entries.end() ? nullptr : &*found;
  }
};

/// Dead peer detection of a tunnel group.
struct Keepalive {
  bool is_enabled = true;
  std::uint16_t threshold = 10;  ///< seconds of silence before the first question
  std::uint16_t retry = 2;       ///< seconds between questions
};

/// What remote-access groups begin with (asa-behaviour C.1).
inline constexpr Keepalive kRemoteAccessKeepalive{true, 300, 2};

struct TunnelGroup {
  std::string name;  ///< the peer's address for LAN-to-LAN
  bool is_l2l = true;
  Keepalive keepalive;
};

/// What SAs live, and packets may be late, unless something else is configured (asa-behaviour C.1).
inline constexpr SaLifetime kDefaultSaLifetime{28800, 4608000};
inline constexpr std::uint16_t kDefaultReplayWindow = 64;

struct CryptoConfig {
  static constexpr std::size_t kBound = 10000;  ///< of each list below, and of a map's entries

  std::vector<TransformSet> transform_sets;
  std::vector<CryptoMap> maps;
  std::vector<TunnelGroup> tunnel_groups;
  SaLifetime lifetime = kDefaultSaLifetime;
  std::uint16_t replay_window = kDefaultReplayWindow;  ///< 0 if replay protection is off

  [[nodiscard]] const TransformSet* find_transform_set(std::string_view name) const {
    return find_named(transform_sets, name);
  }
  [[nodiscard]] const TunnelGroup* find_tunnel_group(std::string_view name) const {
    return find_named(tunnel_groups, name);
  }
  [[nodiscard]] const CryptoMap* find_map(std::string_view name, bool is_dynamic) const {
    const auto found = std::find_if(maps.begin(), maps.end(), [&](const CryptoMap& map) {
      return map.name == name && map.is_dynamic == is_dynamic;
    });
    return found == maps.end() ? nullptr : &*found;
  }
  /// The crypto map applied to the interface; nullptr if there is none.
  [[nodiscard]] const CryptoMap* find_map(InterfaceId interface) const {
    const auto found = std::find_if(maps.begin(), maps.end(), [&](const CryptoMap& map) {
      return map.interface == interface && !map.is_dynamic;
    });
    return found == maps.end() ? nullptr : &*found;
  }
  /// The transform set an entry uses, its own or its dynamic map's; nullptr if it is not defined.
  [[nodiscard]] const TransformSet* transform_of(const CryptoMapEntry& entry) const {
    if (entry.dynamic_map.empty()) return find_transform_set(entry.transform_set);
    const CryptoMap* const map = find_map(entry.dynamic_map, true);
    if (map == nullptr || map->entries.empty()) return nullptr;
    return find_transform_set(map->entries.front().transform_set);
  }

 private:
  template <class Named>
  static const Named* find_named(const std::vector<Named>& all, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
  }
};

}  // namespace asaemu
