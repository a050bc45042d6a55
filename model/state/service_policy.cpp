#include "model/state/service_policy.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

constexpr std::array<InspectionPort, 38> kInspectionPorts{{
    {"ctiqbe", kProtocolTcp, 2748},    {"dcerpc", kProtocolTcp, 135},
    {"dns", kProtocolUdp, 53},         {"esmtp", kProtocolTcp, 25},
    {"ftp", kProtocolTcp, 21},         {"gtp", kProtocolUdp, 2123},
    {"h323 h225", kProtocolTcp, 1720}, {"h323 ras", kProtocolUdp, 1718},
    {"h323 ras", kProtocolUdp, 1719},  {"http", kProtocolTcp, 80},
    {"icmp", kProtocolIcmp, 0},        {"ils", kProtocolTcp, 389},
    {"mgcp", kProtocolUdp, 2427},      {"netbios", kProtocolUdp, 137},
    {"netbios", kProtocolUdp, 138},    {"radius-accounting", kProtocolUdp, 1646},
    {"rsh", kProtocolTcp, 514},        {"rtsp", kProtocolTcp, 554},
    {"scansafe", kProtocolTcp, 80},    {"sip", kProtocolUdp, 5060},
    {"skinny", kProtocolTcp, 2000},    {"snmp", kProtocolUdp, 161},
    {"snmp", kProtocolUdp, 162},       {"sqlnet", kProtocolTcp, 1521},
    {"tftp", kProtocolUdp, 69},        {"sunrpc", kProtocolUdp, 111},
    {"waas", kProtocolTcp, 0},         {"xdmcp", kProtocolUdp, 177},
    {"diameter", kProtocolTcp, 3868},  {"im", kProtocolTcp, 0},
    {"ip-options", IpProtocol{}, 0},   {"ipsec-pass-thru", kProtocolUdp, 500},
    {"ipv6", IpProtocol{}, 0},         {"lisp", kProtocolUdp, 4342},
    {"pptp", kProtocolTcp, 1723},      {"sctp", IpProtocol{}, 0},
    {"stun", kProtocolUdp, 3478},      {"vxlan", kProtocolUdp, 4789},
}};

bool matches_default(std::string_view feature, const FiveTuple& flow) {
  constexpr std::string_view kInspect = "inspect ";
  if (!feature.starts_with(kInspect)) return false;
  const std::string_view inspection = feature.substr(kInspect.size());
  return std::ranges::any_of(kInspectionPorts, [&](const InspectionPort& known) {
    return known.inspection == inspection && known.protocol == flow.protocol &&
           (known.port == 0 || known.port == flow.destination_port.value ||
            known.port == flow.source_port.value);
  });
}

template <class Named>
auto* find_named(Named& all, std::string_view name) {
  const auto found =
      std::ranges::find(all, name, [](const auto& each) { return std::string_view(each.name); });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::span<const InspectionPort> inspection_ports() {
  return kInspectionPorts;
}

std::string_view PolicyAction::value_of(std::string_view key) const {
  const auto at = std::ranges::find(words, key);
  return at == words.end() || at + 1 == words.end() ? std::string_view() : std::string_view(at[1]);
}

bool PolicyAction::has(std::string_view key) const {
  return std::ranges::find(words, key) != words.end();
}

ClassMap* ServicePolicies::find_class(std::string_view name) {
  return find_named(classes, name);
}
const ClassMap* ServicePolicies::find_class(std::string_view name) const {
  return find_named(classes, name);
}
PolicyMap* ServicePolicies::find_policy(std::string_view name) {
  return find_named(policies, name);
}
const PolicyMap* ServicePolicies::find_policy(std::string_view name) const {
  return find_named(policies, name);
}

AppliedPolicy ServicePolicies::find(std::string_view feature, const FiveTuple& flow, InterfaceId in,
                                    InterfaceId out, const AccessLists& lists) const {
  for (const InterfaceId interface : {in, out}) {
    const auto policy = interfaces.find(interface);
    if (policy == interfaces.end() || policy->second.empty()) continue;
    if (const auto found = find_in(policy->second, feature, flow, interface, lists)) return found;
  }
  return global.empty() ? AppliedPolicy{} : find_in(global, feature, flow, kNoInterface, lists);
}

AppliedPolicy ServicePolicies::find_in(std::string_view policy, std::string_view feature,
                                       const FiveTuple& flow, InterfaceId interface,
                                       const AccessLists& lists) const {
  const PolicyMap* map = find_policy(policy);
  if (map == nullptr) return {};
  for (const PolicyClass& policy_class : map->classes) {
    const auto action = std::ranges::find(policy_class.actions, feature, &PolicyAction::feature);
    if (action == policy_class.actions.end()) continue;
    if (takes(policy_class, feature, flow, lists)) return {&*action, &policy_class, interface};
  }
  return {};
}

bool ServicePolicies::takes(const PolicyClass& policy_class, std::string_view feature,
                            const FiveTuple& flow, const AccessLists& lists) const {
  if (policy_class.class_map == "class-default") return true;
  const ClassMap* map = find_class(policy_class.class_map);
  if (map == nullptr) return false;
  return std::ranges::any_of(map->matches, [&](const ClassMatch& match) {
    switch (match.kind) {
      case ClassMatch::Kind::kAny:
        return true;
      case ClassMatch::Kind::kPort:
        return match.protocol == flow.protocol && match.ports.contains(flow.destination_port);
      case ClassMatch::Kind::kDefaultInspection:
        return matches_default(feature, flow);
      case ClassMatch::Kind::kAccessList:
        break;
    }
    const AccessList* list = lists.find(match.access_list);
    const AccessRule* rule = list == nullptr ? nullptr : list->match(flow);
    return rule != nullptr && rule->is_permit;
  });
}

}  // namespace asaemu
