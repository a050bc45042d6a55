#include "model/state/interface_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace asaemu {

namespace {

/// 1 to 4294967293, as the command reference has it.
bool is_subinterface_number(std::string_view text) {
  constexpr std::uint32_t kMax = 4'294'967'293;
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end && number > 0 && number <= kMax;
}

}  // namespace

Duplex duplex_named(std::string_view word) {
  if (word == "full") return Duplex::kFull;
  return word == "half" ? Duplex::kHalf : Duplex::kAuto;
}

bool is_speed(std::uint32_t mbps) {
  return mbps == 0 || mbps == 10 || mbps == 100 || mbps == 1000 || mbps == 10000;
}

std::uint32_t speed_named(std::string_view word) {
  std::uint32_t mbps = 0;
  std::from_chars(word.data(), word.data() + word.size(), mbps);
  return mbps;
}

LinkSettings negotiate(std::uint32_t nominal_mbps, const LinkSettings& ours,
                       const LinkSettings& theirs) {
  LinkSettings link{nominal_mbps, Duplex::kFull};
  if (theirs.speed_mbps != 0) link.speed_mbps = std::min(link.speed_mbps, theirs.speed_mbps);
  if (ours.speed_mbps != 0) link.speed_mbps = std::min(link.speed_mbps, ours.speed_mbps);
  if (theirs.duplex != Duplex::kAuto) link.duplex = theirs.duplex;
  if (ours.duplex != Duplex::kAuto) link.duplex = ours.duplex;
  return link;
}

std::uint64_t default_security_level(std::string_view nameif) {
  return nameif == "inside" ? 100 : 0;
}

InterfaceId InterfaceTable::find_hardware(std::string_view name) const {
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    const Interface& interface = interfaces_[i];
    if (interface.hardware == name && !interface.is_removed) return static_cast<InterfaceId>(i);
  }
  return kNoInterface;
}

InterfaceId InterfaceTable::find_nameif(std::string_view name) const {
  if (name.empty()) return kNoInterface;
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    if (interfaces_[i].nameif == name) return static_cast<InterfaceId>(i);
  }
  return kNoInterface;
}

bool InterfaceTable::owns(const IpAddress& address) const {
  return std::ranges::any_of(interfaces_, [&](const Interface& interface) {
    return interface.has_address && interface.address == address;
  });
}

InterfaceId InterfaceTable::add(Interface interface) {
  interface.burned_in_mac = interface.mac;
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    if (!interfaces_[i].is_removed || interfaces_[i].hardware != interface.hardware) continue;
    interfaces_[i] = std::move(interface);
    return static_cast<InterfaceId>(i);
  }
  if (interfaces_.size() >= kBound) return kNoInterface;
  interfaces_.push_back(std::move(interface));
  return static_cast<InterfaceId>(interfaces_.size() - 1);
}

void InterfaceTable::set_address(InterfaceId id, const IpAddress& address, const IpAddress& mask) {
  Interface& interface = (*this)[id];
  if (!interface.has_address) {
    addressed_.insert(std::ranges::upper_bound(addressed_, id), id);
  }
  interface.has_address = true;
  interface.address = address;
  interface.mask = mask;
}

void InterfaceTable::clear_address(InterfaceId id) {
  Interface& interface = (*this)[id];
  interface.has_address = false;
  interface.address = interface.mask = IpAddress();
  std::erase(addressed_, id);
}

void InterfaceTable::remove(InterfaceId id) {
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    Interface& interface = interfaces_[i];
    if (static_cast<InterfaceId>(i) != id && interface.parent != id) continue;
    interface.nameif.clear();
    clear_address(static_cast<InterfaceId>(i));
    interface.admin_up = interface.line_up = false;
    interface.is_removed = true;
  }
}

std::optional<std::string> InterfaceTable::why_not_named(InterfaceId id,
                                                         std::string_view nameif) const {
  const InterfaceId other = find_nameif(nameif);
  if (other != kNoInterface && other != id) {
    return fmt::format("Name \"{}\" has been assigned to interface {}", nameif,
                       (*this)[other].hardware);
  }
  const Interface& interface = (*this)[id];
  if (interface.group == kNoInterface) return std::nullopt;
  return fmt::format("{} is a member of {} and cannot have a name", interface.hardware,
                     (*this)[interface.group].hardware);
}

std::optional<std::string> InterfaceTable::why_not_member(InterfaceId port,
                                                          InterfaceId group) const {
  const Interface& member = (*this)[port];
  if (member.is_virtual || member.parent != kNoInterface) {
    return fmt::format("{} is not a physical interface", member.hardware);
  }
  if (member.group != kNoInterface && member.group != group) {
    return fmt::format("{} is already a member of {}", member.hardware,
                       (*this)[member.group].hardware);
  }
  if (!member.nameif.empty()) {
    return fmt::format("{} has the name \"{}\"; remove it with 'no nameif' first", member.hardware,
                       member.nameif);
  }
  for (const Interface& other : interfaces_) {
    if (group != kNoInterface && other.group == group &&
        other.nominal_mbps != member.nominal_mbps) {
      return fmt::format("{} and {} are not of the same type", member.hardware, other.hardware);
    }
    if (other.parent == port && !other.is_removed) {
      return fmt::format("{} has the subinterface {}", member.hardware, other.hardware);
    }
  }
  return std::nullopt;
}

std::optional<Interface> make_interface(const InterfaceTable& table, const Platform& platform,
                                        std::string_view hardware) {
  Interface made;
  made.hardware = hardware;
  made.admin_up = true;
  const auto dot = hardware.find('.');
  if (dot == std::string_view::npos) {
    if (!is_virtual_name(platform, hardware)) return std::nullopt;
    // A VLAN of a 5505 is as good as a port; the others have nothing until they have members.
    made.is_virtual = !hardware.starts_with("Vlan");
    made.link_up = !made.is_virtual;
    if (!made.is_virtual) made.mac = table.next_mac();
    return made;
  }
  if (!is_subinterface_number(hardware.substr(dot + 1))) return std::nullopt;
  made.parent = table.find_hardware(hardware.substr(0, dot));
  if (made.parent == kNoInterface) return std::nullopt;
  made.speed_mbps = table[made.parent].speed_mbps;
  made.mac = table[made.parent].mac;
  return made;
}

}  // namespace asaemu
