// The parameters of a DNS inspection map.
#pragma once

#include "model/base/time.hpp"
#include "model/state/inspect_maps.hpp"

#include <optional>
#include <string_view>

namespace asaemu {

/// The map that a new device has: as it is not in the configuration text, its name alone means it.
inline constexpr std::string_view kPresetDnsMap = "preset_dns_map";

struct DnsParameters {
  struct IdMismatch {
    std::uint64_t count = 30;  ///< defaults: asa-behaviour F
    SimDuration window = std::chrono::seconds{3};
  };

  std::optional<std::uint64_t> maximum;  ///< bytes of any message
  std::optional<std::uint64_t> client;   ///< of one to the client
  std::optional<std::uint64_t> server;   ///< of one to the server
  bool is_client_auto = false;  ///< one to the client may be as long as its request offered to take
  bool is_protocol_enforced = true;
  bool is_guarded = true;
  std::optional<IdMismatch> id_mismatch;

  /// What a message may have; nullopt if there is no limit. `offered` is what its request offered.
  [[nodiscard]] std::optional<std::uint64_t> limit_of(bool is_reply,
                                                      std::optional<std::uint64_t> offered) const;
};

/// What a map says, with the defaults of an ASA: protocol enforcement and DNS Guard on. `map` may be null;
/// `is_preset`: then the device's own map is meant (message length 512, client auto).
DnsParameters dns_parameters(const InspectPolicy* map, bool is_preset);

/// Checks a parameter line, or a `no` line for one that is on by default: how many of its words say which
/// parameter it is; nullopt if it is none.
std::optional<std::size_t> dns_parameter_key(const LineWords& words);

}  // namespace asaemu
