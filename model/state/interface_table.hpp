// The device's interfaces. Written by the interfaces subsystem, read by all.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/base/values.hpp"
#include "model/state/traffic_meter.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace asaemu {

/// An interface's place in the table; stable for the life of a boot.
enum class InterfaceId : std::uint16_t {};
inline constexpr InterfaceId kNoInterface{0xFFFF};

struct Interface {
  std::string hardware;  ///< `GigabitEthernet0/0`, `GigabitEthernet0/1.100`
  std::string nameif;    ///< empty until `nameif` is entered
  std::string description;
  IpAddress address;  ///< unspecified until `ip address` is entered
  IpAddress mask;
  MacAddress mac;
  InterfaceId parent = kNoInterface;  ///< of a subinterface
  std::uint16_t security_level = 0;
  std::uint16_t vlan = 0;  ///< of a subinterface, 1 to 4094; 0 if none
  std::uint32_t speed_mbps = 1000;
  bool admin_up = false;
  bool link_up = true;   ///< carrier present; what the world says
  bool line_up = false;  ///< line protocol: admin_up and link_up, and those of the parent
  bool management_only = false;
  bool has_address = false;

  bool address_from_startup = false;  ///< `CONFIG` rather than `manual`
  bool mentioned = false;             ///< stands in the startup configuration
  bool negotiating = false;           ///< enabled, and waiting for the link's autonegotiation
  std::uint32_t negotiation = 0;      ///< counts autonegotiations, so that an old one's end is void

  TrafficMeter traffic;  ///< since boot; bytes are those of IP packets
  std::uint64_t resets = 0;
};

/// At most kBound interfaces; hardware ports first in the platform's order, subinterfaces as they
/// were created.
class InterfaceTable {
 public:
  static constexpr std::size_t kBound = 1024;  ///< more than any platform's VLAN limit

  [[nodiscard]] const Interface& operator[](InterfaceId id) const {
    return interfaces_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] Interface& operator[](InterfaceId id) {
    return interfaces_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const std::vector<Interface>& all() const { return interfaces_; }
  [[nodiscard]] std::size_t size() const { return interfaces_.size(); }

  /// By exact hardware name; kNoInterface if there is none.
  [[nodiscard]] InterfaceId find_hardware(std::string_view name) const;
  /// By nameif; kNoInterface if there is none. Names are compared exactly, as an ASA does.
  [[nodiscard]] InterfaceId find_nameif(std::string_view name) const;

  /// Adds an interface; kNoInterface if the table is full.
  InterfaceId add(Interface interface);

 private:
  std::vector<Interface> interfaces_;
};

}  // namespace asaemu
