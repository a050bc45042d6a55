#include "model/state/h323_tables.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

bool is_open(const H323Pinhole* pinhole, SimTime now) {
  return pinhole != nullptr && (!pinhole->end || now < *pinhole->end);
}

}  // namespace

bool H323Call::advance(std::string_view message) {
  struct Step {
    std::string_view message;
    Phase phase;
  };
  static constexpr auto kSteps = std::to_array<Step>({{"call-proceeding", Phase::kProceeding},
                                                      {"progress", Phase::kProceeding},
                                                      {"alerting", Phase::kAlerting},
                                                      {"connect", Phase::kActive}});
  const auto* step = std::ranges::find(kSteps, message, &Step::message);
  if (step == kSteps.end()) return true;
  // Tones may change as often as the network likes, before there is an answer.
  if (message == "progress" && phase >= step->phase) return phase < Phase::kActive;
  if (phase >= step->phase) return false;
  phase = step->phase;
  return true;
}

bool H323Call::add_channel(const H323Channel& channel) {
  remove_channel(channel.number, channel.opener);
  if (channels.size() == kChannelBound) return false;
  channels.push_back(channel);
  return true;
}

H323Channel* H323Call::find_channel(std::uint16_t number, const IpAddress& opener) {
  const auto found = std::ranges::find_if(channels, [&](const H323Channel& channel) {
    return channel.number == number && channel.opener == opener;
  });
  return found == channels.end() ? nullptr : &*found;
}

void H323Call::remove_channel(std::uint16_t number, const IpAddress& opener) {
  std::erase_if(channels, [&](const H323Channel& channel) {
    return channel.number == number && channel.opener == opener;
  });
}

bool H323Tables::open(H323Pinhole pinhole, SimTime now) {
  pinholes_.erase(pinhole.key);
  if (pinholes_.full()) {
    pinholes_.erase_if([now](const H323Pinhole& old) { return !is_open(&old, now); });
  }
  const H323PinholeKey key = pinhole.key;
  return pinholes_.insert(key, std::move(pinhole)) != nullptr;
}

const H323Pinhole* H323Tables::find_pinhole(const FiveTuple& tuple, SimTime now) const {
  if (pinholes_.empty()) return nullptr;
  for (const IpAddress& from : {tuple.source, IpAddress()}) {
    const H323Pinhole* found = pinholes_.find(
        H323PinholeKey{tuple.protocol, from, tuple.destination, tuple.destination_port});
    if (is_open(found, now)) return found;
  }
  return nullptr;
}

}  // namespace asaemu
