// Hardware platforms: which ports a model has and what it is called.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace asaemu {

/// A run of equal ports: GigabitEthernet0/0 to 0/7 is {"GigabitEthernet", 0, 0, 8, 1000}.
struct PortGroup {
  std::string_view type;
  unsigned slot;
  unsigned first;
  unsigned count;
  std::uint32_t speed_mbps;
};

struct Platform {
  std::string_view name;       ///< as scenarios name it: `ASA5525`
  std::string_view hardware;   ///< as `show version` names it
  std::string_view port_chip;  ///< as `show interface` names it
  std::span<const PortGroup> ports;
};

/// Whether the platform has interfaces without hardware of their own of this name, which come to be
/// when they are configured: `Redundant1`, `Port-channel1`, `BVI1`, on an ASA5505 `Vlan3`.
bool is_virtual_name(const Platform& platform, std::string_view hardware);

/// All known platforms.
std::span<const Platform> platforms();
/// nullptr if there is none of this name.
const Platform* find_platform(std::string_view name);

}  // namespace asaemu
