// Access lists. Written by the access_lists subsystem; whoever filters or selects traffic asks them.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/ip_address.hpp"
#include "model/base/values.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// What an access list looks at. Ports are 0 for protocols that have none.
struct FiveTuple {
  IpAddress source;
  IpAddress destination;
  IpProtocol protocol = kProtocolIp;
  Port source_port;
  Port destination_port;

  /// The same conversation, seen from the other end.
  [[nodiscard]] FiveTuple reversed() const {
    return {destination, source, protocol, destination_port, source_port};
  }
};

/// One end's ports: low to high, or all but those.
struct PortRange {
  std::uint16_t low = 0;
  std::uint16_t high = 65535;
  bool is_negated = false;

  [[nodiscard]] bool is_any() const { return low == 0 && high == 65535 && !is_negated; }
  [[nodiscard]] bool contains(Port port) const {
    return (port.value >= low && port.value <= high) != is_negated;
  }
  friend bool operator==(const PortRange&, const PortRange&) = default;
};

/// One end's addresses; no prefix means `any`, of either family.
struct AddressRange {
  std::optional<IpPrefix> prefix;

  [[nodiscard]] bool contains(const IpAddress& address) const {
    return !prefix || prefix->contains(address);
  }
  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

/// A line of an extended access list.
struct AccessRule {
  bool is_permit = true;
  IpProtocol protocol = kProtocolIp;
  AddressRange source;
  AddressRange destination;
  PortRange source_ports;
  PortRange destination_ports;

  /// Reads what follows `permit` or `deny`: `tcp 10.0.0.0 255.255.255.0 host 192.0.2.1 eq https`.
  /// nullopt if it is malformed.
  static std::optional<AccessRule> parse(bool is_permit, std::string_view text);

  [[nodiscard]] bool matches(const FiveTuple& packet) const;
  /// In the words of the running configuration, from `permit` or `deny` on.
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const AccessRule&, const AccessRule&) = default;
};

/// The rules of one name, first match decides.
class AccessList {
 public:
  /// Far above what the hardware of a small platform takes; a model need not go further.
  static constexpr std::size_t kBound = 20000;

  /// Puts the rule before rule `at` (from 0), behind all if there are not so many. False if the list
  /// is full.
  bool insert(std::size_t at, const AccessRule& rule);
  /// False if no rule is like this one.
  bool remove(const AccessRule& rule);
  [[nodiscard]] bool contains(const AccessRule& rule) const;

  /// The rule that decides over the packet, which is counted as its hit; nullptr if none does, which
  /// an access list takes for a denial.
  [[nodiscard]] const AccessRule* match(const FiveTuple& packet) const;

  [[nodiscard]] const std::vector<AccessRule>& rules() const { return rules_; }
  [[nodiscard]] std::uint64_t hits(std::size_t rule) const { return hits_[rule]; }
  void clear_hits() { hits_.assign(rules_.size(), 0); }

 private:
  std::vector<AccessRule> rules_;
  // A rule counts whenever anyone matches it, as on a device; that changes nothing a reader sees.
  mutable std::vector<std::uint64_t> hits_;
};

inline constexpr std::size_t kAccessListBound = 4096;

/// By name, in the order of their first rules.
using AccessLists = BoundedTable<std::string, AccessList>;

}  // namespace asaemu
