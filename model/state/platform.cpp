#include "model/state/platform.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

// Port counts and names from the vendor's data sheets; chips as `show interface` prints them on
// such boxes.
constexpr std::array<PortGroup, 2> kPorts5505{{{"Ethernet", 0, 0, 8, 100}, {"Vlan", 0, 1, 2, 100}}};
constexpr std::array<PortGroup, 2> kPorts5506{
    {{"GigabitEthernet", 1, 1, 8, 1000}, {"Management", 1, 1, 1, 1000}}};
constexpr std::array<PortGroup, 2> kPorts5515{
    {{"GigabitEthernet", 0, 0, 6, 1000}, {"Management", 0, 0, 1, 1000}}};
constexpr std::array<PortGroup, 2> kPorts5525{
    {{"GigabitEthernet", 0, 0, 8, 1000}, {"Management", 0, 0, 1, 1000}}};
constexpr std::array<PortGroup, 2> kPorts5520{
    {{"GigabitEthernet", 0, 0, 4, 1000}, {"Management", 0, 0, 1, 100}}};
// With the network module of twenty ports (ASA5585-NM-20-1GE) in slot 1.
constexpr std::array<PortGroup, 4> kPorts5585{{{"GigabitEthernet", 0, 0, 8, 1000},
                                               {"Management", 0, 0, 2, 1000},
                                               {"TenGigabitEthernet", 0, 8, 2, 10000},
                                               {"GigabitEthernet", 1, 0, 20, 1000}}};
constexpr std::array<PortGroup, 2> kPortsVirtual{
    {{"GigabitEthernet", 0, 0, 9, 1000}, {"Management", 0, 0, 1, 1000}}};

constexpr std::array<PortGroup, 2> kPorts1000V{
    {{"GigabitEthernet", 0, 0, 3, 1000}, {"Management", 0, 0, 1, 1000}}};

constexpr std::array<Platform, 11> kPlatforms{{
    {"ASA1000V", "ASA1000V", "i82540EM rev03", kPorts1000V},
    {"ASA5505", "ASA5505", "88E6095", kPorts5505},
    {"ASA5506", "ASA5506", "Accelerator rev01", kPorts5506},
    {"ASA5508", "ASA5508", "Accelerator rev01", kPorts5506},
    {"ASA5515", "ASA5515", "i82574L rev00", kPorts5515},
    {"ASA5516", "ASA5516", "Accelerator rev01", kPorts5506},
    {"ASA5520", "ASA5520", "i82546GB rev03", kPorts5520},
    {"ASA5525", "ASA5525", "i82574L rev00", kPorts5525},
    {"ASA5545", "ASA5545", "i82574L rev00", kPorts5525},
    {"ASA5585", "ASA5585-SSP-10", "bcm56801 rev 01", kPorts5585},
    {"ASAv", "ASAv", "i82540EM rev03", kPortsVirtual},
}};

struct VirtualType {
  std::string_view name;
  unsigned last;  ///< numbers run from 1
};

// asa-behaviour D.2 (eight redundant interfaces) and D.3 (48 channels); the others as the command
// reference bounds them.
constexpr std::array<VirtualType, 3> kVirtualTypes{
    {{"Redundant", 8}, {"Port-channel", 48}, {"BVI", 250}}};
// A 5505's ports are those of a switch: its firewall interfaces are VLANs, and it can group nothing.
constexpr std::array<VirtualType, 1> kVirtualTypes5505{{{"Vlan", 4090}}};

}  // namespace

bool is_virtual_name(const Platform& platform, std::string_view hardware) {
  const bool is_switch = platform.ports.data() == kPorts5505.data();
  const std::span<const VirtualType> types = is_switch
                                                 ? std::span<const VirtualType>(kVirtualTypes5505)
                                                 : std::span<const VirtualType>(kVirtualTypes);
  for (const auto& type : types) {
    if (!hardware.starts_with(type.name)) continue;
    unsigned number = 0;
    const char* const end = hardware.data() + hardware.size();
    const auto [rest, error] = std::from_chars(hardware.data() + type.name.size(), end, number);
    if (error == std::errc{} && rest == end) return number >= 1 && number <= type.last;
  }
  return false;
}

std::span<const Platform> platforms() {
  return kPlatforms;
}

const Platform* find_platform(std::string_view name) {
  for (const auto& platform : kPlatforms) {
    if (platform.name == name) return &platform;
  }
  return nullptr;
}

}  // namespace asaemu
