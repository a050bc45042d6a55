// What the world has made of a device's syslog and FTP servers. It is no part of the device, so it
// survives reloads.
#pragma once

#include "model/base/ip_address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace asaemu {

/// States of one kind of server by address, at most kBound that are not kUp.
template <class State>
class ServerStates {
 public:
  static constexpr std::size_t kBound = 64;

  /// False if there is no room for one more; the server then stays as it is.
  bool set(const IpAddress& address, State state) {
    const auto known = std::ranges::find(states_, address, &Entry::first);
    if (state == State::kUp) {
      if (known != states_.end()) states_.erase(known);
      return true;
    }
    if (known != states_.end()) {
      known->second = state;
      return true;
    }
    if (states_.size() == kBound) return false;
    states_.emplace_back(address, state);
    return true;
  }

  [[nodiscard]] State of(const IpAddress& address) const {
    const auto known = std::ranges::find(states_, address, &Entry::first);
    return known == states_.end() ? State::kUp : known->second;
  }

 private:
  using Entry = std::pair<IpAddress, State>;
  std::vector<Entry> states_;
};

enum class CollectorState : std::uint8_t {
  kUp,
  kDown,         ///< it does not answer any more
  kRefused,      ///< nobody listens on its port
  kCertificate,  ///< it shows a certificate that the device does not accept
  kBlocked,      ///< it is connected but reads nothing
};

enum class FtpServerState : std::uint8_t { kUp, kDown, kLoginRefused };

struct LogServers {
  ServerStates<CollectorState> collectors;
  ServerStates<FtpServerState> ftp;
};

}  // namespace asaemu
