// Which ports of an EtherChannel carry traffic: the selection of IEEE 802.3ad (clause 43.4), with
// standby ports beyond a bound, as a function without state.
#pragma once

#include "model/base/values.hpp"

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace asaemu {

/// What a member port is to its channel, with the letter `show port-channel summary` has for it.
enum class MemberState : std::uint8_t {
  kDown,       ///< D: no link
  kWaiting,    ///< w: has a link, and no word from the partner yet
  kSuspended,  ///< s: does not fit the ports that are bundled
  kStandby,    ///< H: would do, but there are enough
  kBundled     ///< P
};

/// A LACP system, the better one smaller: its priority, then its MAC address.
struct LacpSystem {
  std::uint16_t priority = 32768;
  MacAddress mac;
  friend auto operator<=>(const LacpSystem&, const LacpSystem&) = default;
};

/// What the selection has to know of a port.
struct LacpCandidate {
  std::uint16_t number = 0;  ///< unique among the candidates; the smaller is preferred
  std::uint16_t priority = 32768;
  std::uint32_t speed_mbps = 1000;
  bool is_full_duplex = true;
  bool has_link = false;
  bool is_synced = false;     ///< the partner was heard lately and agrees (mode on: always)
  bool is_bundled = false;    ///< so far
  bool is_held_back = false;  ///< the cluster wants it to wait, however well it fits

  LacpSystem partner;
  std::uint16_t partner_key = 0;
  std::uint16_t partner_port_priority = 32768;
};

/// Why a port is suspended.
enum class Misfit : std::uint8_t { kNone, kSpeed, kDuplex, kPartner };

struct LacpVerdict {
  MemberState state = MemberState::kDown;
  Misfit misfit = Misfit::kNone;
  std::size_t reference = 0;  ///< of a suspended port: the candidate that it does not fit
  friend bool operator==(const LacpVerdict&, const LacpVerdict&) = default;
};

/// The verdict on each candidate, in their order.
///
/// The reference is the best port that is bundled already and still synced, or else the best synced
/// one; "best" is the smallest (priority, number). A port with a link that has not the reference's
/// speed and duplex, or is synced with another partner or key, is suspended. Of the synced others
/// the first `max_bundle` are bundled and the rest stand by; the better of the two systems says with
/// its port priorities which are first, and the port number decides between equals.
std::vector<LacpVerdict> select_members(const LacpSystem& self, std::size_t max_bundle,
                                        std::span<const LacpCandidate> candidates);

/// A port of a unit that could carry traffic in a port channel that spans a cluster.
struct SpannedPort {
  std::uint16_t unit = 0;
  std::uint16_t priority = 32768;
  std::uint16_t number = 0;  ///< unique in its unit
};

/// Which ports may bundle, at most `limit` of the whole cluster. With fair shares every unit gets its
/// best port before any gets its second; otherwise port priorities alone decide, then the unit, then
/// the number.
std::vector<bool> select_spanned(std::size_t limit, bool has_fair_shares,
                                 std::span<const SpannedPort> ports);

}  // namespace asaemu
