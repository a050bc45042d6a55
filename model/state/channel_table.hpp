// Port channels and the ports in them. Written by the port_channels subsystem, read by all.
#pragma once

#include "model/base/event_queue.hpp"
#include "model/state/interface_table.hpp"
#include "model/state/lacp_selection.hpp"

#include <optional>

namespace asaemu {

class ChannelTable;

enum class ChannelMode : std::uint8_t { kActive, kPassive, kOn };

/// What the switch at the other end of a port says in its LACPDUs.
struct LacpPartner {
  bool answers = true;
  bool is_active = true;
  LacpSystem system{32768, MacAddress{0x0022'5500'0001}};
  std::uint16_t key = 0;  ///< 0: the number of the channel that our port is in
  std::uint16_t port_priority = 32768;
  friend bool operator==(const LacpPartner&, const LacpPartner&) = default;
};

struct ChannelMember {
  InterfaceId port = kNoInterface;
  InterfaceId channel = kNoInterface;  ///< kNoInterface: it has settings only
  ChannelMode mode = ChannelMode::kActive;
  std::uint16_t priority = 32768;
  bool has_fast_rate = false;  ///< we ask the partner for a LACPDU every second

  MemberState state = MemberState::kDown;
  bool is_synced = false;
  LacpPartner heard;  ///< as of the last LACPDU
  SimTime pdu_phase;  ///< the partner's LACPDUs come at this time and every interval after it
  TimerHandle timer;  ///< an exchange's end, a partner's silence, or news in its next LACPDU
};

struct Channel {
  InterfaceId interface = kNoInterface;
  std::uint16_t number = 0;
  std::uint16_t min_bundle = 1;
  std::optional<std::uint16_t> max_bundle;  ///< unset: what the release has for a default
  bool is_spanned = false;
};

/// Eight links of a channel at most are active, sixteen from 9.2(1) on (asa-behaviour D.3).
inline std::uint16_t default_max_bundle(const Release& release) {
  return release >= Release{9, 2, 1, 0} ? 16 : 8;
}

/// The identity with which the device speaks LACP.
LacpSystem lacp_identity(const ChannelTable& channels, const InterfaceTable& interfaces);

/// At most kBound channels, as they were created; one member a port of the platform, sorted by port.
class ChannelTable {
 public:
  static constexpr std::size_t kBound = 48;         ///< asa-behaviour D.3
  static constexpr std::size_t kMembersBound = 16;  ///< of one channel, asa-behaviour D.3

  [[nodiscard]] std::vector<Channel>& channels() { return channels_; }
  [[nodiscard]] const std::vector<Channel>& channels() const { return channels_; }
  [[nodiscard]] std::vector<ChannelMember>& members() { return members_; }
  [[nodiscard]] const std::vector<ChannelMember>& members() const { return members_; }

  [[nodiscard]] Channel* find(InterfaceId interface);
  [[nodiscard]] const Channel* find(InterfaceId interface) const;
  [[nodiscard]] ChannelMember* find_member(InterfaceId port);
  [[nodiscard]] const ChannelMember* find_member(InterfaceId port) const;
  /// The port's settings, made if it has none yet. Moves the others.
  ChannelMember& member(InterfaceId port);

  /// How many ports of the channel are in this state.
  [[nodiscard]] std::size_t count(InterfaceId channel, MemberState state) const;
  [[nodiscard]] std::size_t count(InterfaceId channel) const;

  std::uint16_t system_priority = 32768;

 private:
  std::vector<Channel> channels_;
  std::vector<ChannelMember> members_;
};

}  // namespace asaemu
