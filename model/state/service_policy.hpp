// Modular policies (class-map, policy-map, service-policy): which traffic gets which treatment where.
// Written by the service_policies subsystem; whoever treats traffic asks them.
#pragma once

#include "model/state/access_list.hpp"
#include "model/state/interface_table.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// What a class-map takes.
struct ClassMatch {
  enum class Kind : std::uint8_t {
    kAny,
    kAccessList,
    kPort,               ///< destination port of TCP or UDP
    kDefaultInspection,  ///< the default port of the inspection that asks
  };
  Kind kind = Kind::kAny;
  std::string access_list;
  IpProtocol protocol;
  PortRange ports;
  friend bool operator==(const ClassMatch&, const ClassMatch&) = default;
};

struct ClassMap {
  static constexpr std::size_t kMatchBound = 64;
  std::string name;
  std::vector<ClassMatch> matches;  ///< any of them is enough
};

/// One line below a class of a policy-map: `inspect dns preset_dns_map`, `csc fail-open`.
struct PolicyAction {
  std::string feature;  ///< `inspect dns`, `set connection`, `csc`: what a subsystem asks for
  std::vector<std::string> words;  ///< what follows

  /// The word behind `key`; empty if the key or what follows it is not there.
  [[nodiscard]] std::string_view value_of(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
};

struct PolicyClass {
  std::string class_map;  ///< `class-default` takes everything
  std::vector<PolicyAction> actions;
};

struct PolicyMap {
  static constexpr std::size_t kClassBound = 64;
  static constexpr std::size_t kActionBound = 64;
  std::string name;
  std::vector<PolicyClass> classes;
};

/// A treatment that applies to a packet.
struct AppliedPolicy {
  const PolicyAction* action = nullptr;  ///< null if nothing is configured
  const PolicyClass* policy_class = nullptr;
  InterfaceId interface = kNoInterface;  ///< where it applies; kNoInterface if globally

  explicit operator bool() const { return action != nullptr; }
};

/// A protocol and port that `match default-inspection-traffic` means for an inspection, which may have
/// several; port 0 if it has none. Sources: ASA configuration guide, default inspection policy.
struct InspectionPort {
  std::string_view inspection;
  IpProtocol protocol;
  std::uint16_t port;
};
std::span<const InspectionPort> inspection_ports();

class ServicePolicies {
 public:
  static constexpr std::size_t kBound = 1024;  ///< class-maps, and policy-maps; inferred

  std::vector<ClassMap> classes;
  std::vector<PolicyMap> policies;
  std::string global;                             ///< empty if none
  std::map<InterfaceId, std::string> interfaces;  ///< policy by interface

  [[nodiscard]] ClassMap* find_class(std::string_view name);
  [[nodiscard]] const ClassMap* find_class(std::string_view name) const;
  [[nodiscard]] PolicyMap* find_policy(std::string_view name);
  [[nodiscard]] const PolicyMap* find_policy(std::string_view name) const;

  /// What is configured of a feature for a flow that enters at `in` and leaves at `out`: the policy
  /// of either interface decides, and if it says nothing of the feature, the global one. The first
  /// class that takes the flow and has the feature wins.
  [[nodiscard]] AppliedPolicy find(std::string_view feature, const FiveTuple& flow, InterfaceId in,
                                   InterfaceId out, const AccessLists& lists) const;

 private:
  [[nodiscard]] AppliedPolicy find_in(std::string_view policy, std::string_view feature,
                                      const FiveTuple& flow, InterfaceId interface,
                                      const AccessLists& lists) const;
  [[nodiscard]] bool takes(const PolicyClass& policy_class, std::string_view feature,
                           const FiveTuple& flow, const AccessLists& lists) const;
};

}  // namespace asaemu
