// Idle timeouts by the names that the `timeout` command gives them. Written by the connections
// subsystem; inspections read those of their own connections.
#pragma once

#include "model/base/time.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace asaemu {

class Timeouts {
 public:
  /// Sets the timeout if it is one of those modelled here; zero: never.
  void set(std::string_view name, SimDuration value) {
    for (auto& [known, timeout] : values_) {
      if (known == name) timeout = value;
    }
  }

  /// Zero, which is never, for a name that is not modelled.
  [[nodiscard]] SimDuration of(std::string_view name) const {
    for (const auto& [known, timeout] : values_) {
      if (known == name) return timeout;
    }
    return {};
  }

 private:
  /// The ASA's defaults (asa-behaviour F; configuration guide).
  std::array<std::pair<std::string_view, SimDuration>, 7> values_{{
      {"conn", std::chrono::hours(1)},
      {"embryonic", std::chrono::seconds(30)},
      {"half-closed", std::chrono::minutes(10)},
      {"icmp", std::chrono::seconds(2)},
      {"udp", std::chrono::minutes(2)},
      {"h225", std::chrono::hours(1)},
      {"h323", std::chrono::minutes(5)},
  }};
};

}  // namespace asaemu
