// What a `policy-map type inspect radius-accounting` says, and the attributes of accounting requests.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/base/time.hpp"
#include "model/state/inspect_maps.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

struct RadiusRules {
  /// ASA command reference, `timeout users`.
  static constexpr SimDuration kUserTimeout = std::chrono::hours(1);

  struct Host {
    IpAddress address;
    std::string key;  ///< empty: any secret is good
  };
  std::vector<Host> hosts;
  std::vector<std::uint8_t> validated;  ///< attribute numbers, in the order they were typed
  bool sends_response = false;
  bool is_gprs = false;
  SimDuration user_timeout = kUserTimeout;  ///< zero: none

  [[nodiscard]] const Host* find(const IpAddress& address) const;
};

/// Of no hosts, if there is no map.
RadiusRules radius_rules(const InspectPolicy* map);

/// Checks a parameter of such a map as it is typed.
InspectLineAnswer answer_radius_parameter(const LineWords& words);

/// Attribute values by number, as `31=4915551234,44=1A2B`.
class RadiusAttributes {
 public:
  static constexpr std::size_t kBound = 64;  ///< further ones are left out; inferred

  RadiusAttributes() = default;
  /// What is not `number=value` is left out.
  explicit RadiusAttributes(std::string_view text);

  /// Empty if the request has it not.
  [[nodiscard]] std::string_view value_of(std::uint8_t number) const;

 private:
  struct Attribute {
    std::uint8_t number = 0;
    std::string value;
  };
  std::vector<Attribute> attributes_;
};

}  // namespace asaemu
