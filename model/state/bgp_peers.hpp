// What a BGP neighbour is to the device, and what it does out there; the words for its notifications.
#pragma once

#include "model/base/event_queue.hpp"
#include "model/base/ip_address.hpp"

#include <string>
#include <string_view>

namespace asaemu {

struct BgpTimers {
  SimDuration keepalive = std::chrono::seconds(60);
  SimDuration hold = std::chrono::seconds(180);
};

/// A configured neighbour with its session.
struct BgpNeighbor {
  std::uint64_t number = 0;  ///< by which its timers know it
  IpAddress address;
  std::uint64_t remote_as = 0;
  BgpTimers configured;
  bool has_own_timers = false;
  bool is_shut = false;

  bool is_established = false;
  SimTime since{};       ///< of what is_established says
  bool was_up = false;   ///< ever in this boot
  BgpTimers agreed;      ///< of the session
  SimTime heard_from{};  ///< where the rhythm of the neighbour's keepalives begins
  SimTime next_try{};    ///< where the rhythm of our attempts begins
  TimerHandle timer{};

  /// When the last keepalive before `now` came.
  [[nodiscard]] SimTime last_heard(SimTime now) const {
    return heard_from + (now - heard_from) / agreed.keepalive * agreed.keepalive;
  }
};

/// The neighbour as it is.
struct BgpPeer {
  enum class State : std::uint8_t { kSpeaking, kSilent, kClosed };
  State state = State::kSpeaking;
  std::uint64_t as = 0;       ///< it belongs to
  std::uint64_t expects = 0;  ///< it takes us for; 0: whatever we say
  bool is_malformed = false;  ///< what it says in the handshake
  SimDuration hold = std::chrono::seconds(180);
};

/// `hold time expired` for 4/0 (RFC 4271, RFC 4486); empty for codes without a name.
std::string_view bgp_notification_text(std::uint64_t code, std::uint64_t subcode);

}  // namespace asaemu
