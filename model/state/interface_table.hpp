// The device's interfaces. Written by the interfaces subsystem, read by all.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/base/values.hpp"
#include "model/state/platform.hpp"
#include "model/state/traffic_meter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace asaemu {

/// An interface's place in the table; stable for the life of a boot.
enum class InterfaceId : std::uint16_t {};
inline constexpr InterfaceId kNoInterface{0xFFFF};

enum class Duplex : std::uint8_t { kAuto, kFull, kHalf };

/// `full`, `half`; every other word is auto.
Duplex duplex_named(std::string_view word);

/// `100`; a word that is no number is 0, which is auto.
std::uint32_t speed_named(std::string_view word);

/// Whether ports of this speed exist: 0 (auto), 10, 100, 1000, 10000.
bool is_speed(std::uint32_t mbps);

/// Speed and duplex of a port as they are set at one end of its cable.
struct LinkSettings {
  std::uint32_t speed_mbps = 0;  ///< 0: whatever both ends can do
  Duplex duplex = Duplex::kAuto;
};

struct Interface {
  // What every packet asks stands first and together.
  bool has_address = false;  ///< this and the two addresses: InterfaceTable::set_address()
  bool line_up = false;      ///< line protocol: admin_up and link_up, and those of the parent
  bool management_only = false;
  IpAddress address;  ///< unspecified until `ip address` is entered
  IpAddress mask;
  std::string nameif;    ///< empty until `nameif` is entered
  TrafficMeter traffic;  ///< since boot; bytes are those of IP packets

  std::string hardware;  ///< `GigabitEthernet0/0`, `GigabitEthernet0/1.100`, `Redundant1`
  std::string description;
  MacAddress mac;
  MacAddress burned_in_mac;           ///< what `no mac-address` goes back to
  InterfaceId parent = kNoInterface;  ///< of a subinterface
  InterfaceId group = kNoInterface;   ///< of a member: its redundant interface or port channel
  std::uint16_t security_level = 0;
  std::uint16_t vlan = 0;             ///< of a subinterface, 1 to 4094; 0 if none
  std::uint32_t nominal_mbps = 1000;  ///< the most a port can do
  std::uint32_t speed_mbps = 1000;    ///< what it runs at
  bool is_full_duplex = true;
  LinkSettings configured;
  bool is_virtual = false;  ///< no hardware of its own: its members give it its carrier
  bool is_removed = false;  ///< left the configuration; its place waits for the same name
  bool admin_up = false;
  bool link_up = true;  ///< carrier present; what the world, or a group's members, say

  bool address_from_startup = false;  ///< `CONFIG` rather than `manual`
  bool mentioned = false;             ///< stands in the startup configuration
  bool negotiating = false;           ///< enabled, and waiting for the link's autonegotiation
  std::uint32_t negotiation = 0;      ///< counts autonegotiations, so that an old one's end is void

  std::uint64_t resets = 0;
};

/// The speed of a link, and whether it is full duplex, between a port that can do `nominal_mbps` and
/// what the other end is set to. A setting on our side wins over what the other end would like.
LinkSettings negotiate(std::uint32_t nominal_mbps, const LinkSettings& ours,
                       const LinkSettings& theirs);

/// What `nameif` sets: 100 for the name `inside`, 0 for every other.
std::uint64_t default_security_level(std::string_view nameif);

/// At most kBound interfaces; hardware ports first in the platform's order, others as they were
/// created.
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

  /// By exact hardware name; kNoInterface if there is none, or if it was removed.
  [[nodiscard]] InterfaceId find_hardware(std::string_view name) const;
  /// By nameif; kNoInterface if there is none. Names are compared exactly, as an ASA does.
  [[nodiscard]] InterfaceId find_nameif(std::string_view name) const;

  /// Whether the address is one of the device's own.
  [[nodiscard]] bool owns(const IpAddress& address) const;

  /// Adds an interface, in the place of a removed one of the same name if there is one; kNoInterface
  /// if the table is full.
  InterfaceId add(Interface interface);

  /// The address of an interface, and none: nobody else changes it.
  void set_address(InterfaceId id, const IpAddress& address, const IpAddress& mask);
  void clear_address(InterfaceId id);
  /// Those that have an address, in their order.
  [[nodiscard]] const std::vector<InterfaceId>& addressed() const { return addressed_; }

  /// Takes an interface and its subinterfaces out of the configuration; their places remain.
  void remove(InterfaceId id);

  /// The address that the next port gets from its maker.
  [[nodiscard]] MacAddress next_mac() const {
    return MacAddress{0x001B'2A00'0000U | (interfaces_.size() + 1)};
  }

  /// Why an interface cannot have this nameif, as an ASA would say it; nullopt if it can.
  [[nodiscard]] std::optional<std::string> why_not_named(InterfaceId id,
                                                         std::string_view nameif) const;

  /// Why a port cannot join a group, as an ASA would say it; nullopt if it can. kNoInterface: a
  /// group that is still to be made.
  [[nodiscard]] std::optional<std::string> why_not_member(InterfaceId port,
                                                          InterfaceId group) const;

 private:
  std::vector<Interface> interfaces_;
  std::vector<InterfaceId> addressed_;
};

/// What configuring `hardware` for the first time creates: a subinterface of one that exists, or an
/// interface that the platform makes on demand. nullopt if it is neither.
std::optional<Interface> make_interface(const InterfaceTable& table, const Platform& platform,
                                        std::string_view hardware);

}  // namespace asaemu
