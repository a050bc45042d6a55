#include "model/state/group_report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace asaemu {

namespace {

/// `Gi0/0` for GigabitEthernet0/0.
std::string short_name(std::string_view hardware) {
  const auto digits = hardware.find_first_of("0123456789");
  return fmt::format("{}{}", hardware.substr(0, 2), hardware.substr(digits));
}

char member_flag(MemberState state) {
  switch (state) {
    case MemberState::kDown:
      return 'D';
    case MemberState::kWaiting:
      return 'w';
    case MemberState::kSuspended:
      return 's';
    case MemberState::kStandby:
      return 'H';
    case MemberState::kBundled:
      return 'P';
  }
  return '?';
}

/// Whether the interface or one of its subinterfaces has a name.
bool is_named(const InterfaceTable& interfaces, InterfaceId id) {
  return std::ranges::any_of(interfaces.all(), [&](const Interface& other) {
    return !other.nameif.empty() && (&other == &interfaces[id] || other.parent == id);
  });
}

char channel_flag(const DeviceState& state, const Channel& channel) {
  const std::size_t bundled = state.channels.count(channel.interface, MemberState::kBundled);
  if (!state.interfaces[channel.interface].admin_up) return 'D';
  if (bundled == 0) return 'N';
  if (bundled < channel.min_bundle) return 'M';
  return is_named(state.interfaces, channel.interface) ? 'U' : 'N';
}

/// The mode of the channel's first member decides what the whole is called.
bool uses_lacp(const ChannelTable& channels, InterfaceId channel) {
  const auto& members = channels.members();
  const auto first = std::ranges::find(members, channel, &ChannelMember::channel);
  return first == members.end() || first->mode != ChannelMode::kOn;
}

std::string redundancy_part(const DeviceState& state, const RedundantPair& pair) {
  std::string members;
  const auto add = [&](InterfaceId member, std::string_view mark) {
    if (member == kNoInterface) return;
    members +=
        fmt::format("{}{}{}", members.empty() ? "" : ", ", state.interfaces[member].hardware, mark);
  };
  add(pair.active, "(Active)");
  add(pair.standby(), "");
  std::string text = fmt::format("  Redundancy Information:\n        Members {}\n",
                                 members.empty() ? "unassigned" : members);
  if (pair.last_switchover) {
    text += fmt::format("        Last switchover at {:%H:%M:%S UTC %b} {:%e %Y}\n",
                        std::chrono::floor<std::chrono::seconds>(*pair.last_switchover),
                        std::chrono::floor<std::chrono::seconds>(*pair.last_switchover));
  }
  return text;
}

std::string members_part(const DeviceState& state, InterfaceId channel) {
  std::string active;
  std::string inactive;
  for (const ChannelMember& member : state.channels.members()) {
    if (member.channel != channel) continue;
    (member.state == MemberState::kBundled ? active : inactive) +=
        short_name(state.interfaces[member.port].hardware) + " ";
  }
  std::string text = "  Members in this channel:\n";
  if (!active.empty()) text += fmt::format("      Active:   {}\n", active);
  if (!inactive.empty()) text += fmt::format("      Inactive: {}\n", inactive);
  return text;
}

std::string_view protocol_name(const ChannelMember& member) {
  switch (member.mode) {
    case ChannelMode::kActive:
      return "LACP/ active";
    case ChannelMode::kPassive:
      return "LACP/ passive";
    case ChannelMode::kOn:
      return "ON";
  }
  return "";
}

}  // namespace

GroupNotes describe_group(const DeviceState& state, InterfaceId id) {
  GroupNotes notes;
  for (const RedundantPair& pair : state.redundants) {
    if (pair.interface == id) {
      // Its traffic is that of the active member, so it shows that port's chip.
      notes.tail = redundancy_part(state, pair);
    } else if (pair.has(id)) {
      notes.member_of = fmt::format("{} member of {}", pair.active == id ? "Active" : "Standby",
                                    state.interfaces[pair.interface].hardware);
    }
  }
  if (state.channels.find(id) != nullptr) {
    notes.hardware = uses_lacp(state.channels, id) ? "EtherChannel/LACP" : "EtherChannel/ON";
    notes.tail = members_part(state, id);
  }
  const ChannelMember* member = state.channels.find_member(id);
  if (member != nullptr && member->channel != kNoInterface) {
    const bool is_active = member->state == MemberState::kBundled;
    notes.member_of = fmt::format("{} member of {}", is_active ? "Active" : "Inactive",
                                  state.interfaces[member->channel].hardware);
  }
  return notes;
}

std::string port_channel_summary(const DeviceState& state, std::span<const Channel> channels) {
  std::string rows;
  for (const Channel& channel : channels) {
    const bool has_lacp = uses_lacp(state.channels, channel.interface);
    std::string row =
        fmt::format("{:<7}{:<18}{:<14}{:<7}", channel.number,
                    fmt::format("Po{}({})", channel.number, channel_flag(state, channel)),
                    has_lacp ? "LACP" : "-", channel.is_spanned ? "Yes" : "No");
    for (const ChannelMember& member : state.channels.members()) {
      if (member.channel != channel.interface) continue;
      row += fmt::format("{:<11}",
                         fmt::format("{}({})", short_name(state.interfaces[member.port].hardware),
                                     member_flag(member.state)));
    }
    row.erase(row.find_last_not_of(' ') + 1);
    rows += row + "\n";
  }
  return fmt::format(
      "Flags:  D - down        P - bundled in port-channel\n"
      "        I - stand-alone s - suspended\n"
      "        H - Hot-standby (LACP only)\n"
      "        U - in use      N - not in use, no aggregation/nameif\n"
      "        M - not in use, no aggregation due to minimum links not met\n"
      "        w - waiting to be aggregated\n"
      "Number of channel-groups in use: {}\n"
      "Group  Port-channel  Protocol  Span-cluster  Ports\n"
      "------+-------------+---------+------------+------------------------------------\n{}",
      channels.size(), rows);
}

std::string port_channel_brief(const DeviceState& state, std::span<const Channel> channels,
                               std::uint16_t default_bundle) {
  std::string text =
      "                Channel-group listing:\n                -----------------------\n";
  for (const Channel& channel : channels) {
    const auto& members = state.channels.members();
    const auto first = std::ranges::find(members, channel.interface, &ChannelMember::channel);
    text += fmt::format(
        "\nGroup: {}\n----------\nSpan-cluster port-channel: {}\nPorts: {}   Maxports = {}\n"
        "Port-channels: 1 Max Port-channels = {}\nProtocol: {}\nMinimum Links: {}\n"
        "Maximum Bundle: {}\nLoad balance: src-dst-ip\n",
        channel.number, channel.is_spanned ? "Yes" : "No", state.channels.count(channel.interface),
        ChannelTable::kMembersBound, ChannelTable::kBound,
        first == members.end() ? "-" : protocol_name(*first), channel.min_bundle,
        channel.max_bundle.value_or(default_bundle));
  }
  return text;
}

std::string lacp_neighbors(const DeviceState& state, std::span<const Channel> channels) {
  std::string text =
      "Flags:  S - Device is requesting Slow LACPDUs\n"
      "        F - Device is requesting Fast LACPDUs\n"
      "        A - Device is in Active mode       P - Device is in Passive mode\n";
  for (const Channel& channel : channels) {
    text += fmt::format(
        "\nChannel group {} neighbors\n\nPartner's information:\n\n"
        "          Partner   Partner   LACP Partner    Partner     Partner     Partner      "
        "Partner\n"
        "Port      Flags     State     Port Priority   Admin Key   Oper Key    Port Number  Port "
        "State\n"
        "------------------------------------------------------------------------------------------"
        "----\n",
        channel.number);
    for (const ChannelMember& member : state.channels.members()) {
      if (member.channel != channel.interface || !member.is_synced ||
          member.mode == ChannelMode::kOn) {
        continue;
      }
      const bool is_bundled = member.state == MemberState::kBundled;
      text += fmt::format(
          "{:<10}{:<10}{:<10}{:<16}{:<12}{:<12}{:<13}0x{:x}\n",
          short_name(state.interfaces[member.port].hardware), member.heard.is_active ? "SA" : "SP",
          is_bundled                                ? "bndl"
          : member.state == MemberState::kSuspended ? "susp"
                                                    : "hot-sby",
          member.heard.port_priority, "0x0", fmt::format("0x{:x}", member.heard.key),
          fmt::format("0x{:x}", static_cast<unsigned>(member.port) + 1),
          // Aggregation, and the partner's activity; in sync, collecting, distributing when bundled.
          (member.heard.is_active ? 0x05 : 0x04) | (is_bundled ? 0x38 : 0x00));
    }
  }
  return text;
}

}  // namespace asaemu
