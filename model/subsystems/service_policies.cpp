// Service policies: class-map, policy-map and service-policy, the frame in which inspections, limits
// and module redirects are configured.
//
// Scope: class-map with match any, access-list, port, default-inspection-traffic; policy-map with
//   classes, and below them inspect, set connection, csc, ips, cxsc, sfr, police and priority;
//   service-policy globally or on an interface; show running-config service-policy, show
//   service-policy (what is applied where). What an action means is its subsystem's matter: it asks
//   ServicePolicies for it.
// Limitations: nothing is configured by default, not even the global_policy of a new device; a
//   class-map has no match-all, no tunnel-group, DSCP or flow criteria, and one of `type management` is
//   like any other; inspection class-maps and policy-maps (`type inspect`) belong to the inspections.
//   Counters of `show service-policy` are not modelled.
// State: ServicePolicies, at most kBound class-maps and policy-maps, with their own bounds inside.
// Validation: the configuration's words against running configurations; default ports against the
//   configuration guide's default inspection policy; none for the text of refusals.
// References: ASA configuration guide, service policy; asa-behaviour F.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/inspect_edit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace asaemu {

namespace {

constexpr Mode kClassMode{"config-cmap"};
constexpr Mode kPolicyMode{"config-pmap"};
constexpr Mode kPolicyClassMode{"config-pmap-c"};
constexpr std::string_view kDefaultClass = "class-default";

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

bool is_setting(std::string_view word) {
  constexpr auto kSettings = std::to_array<std::string_view>(
      {"idle", "half-closed", "embryonic", "dcd", "conn-max", "embryonic-conn-max",
       "per-client-max", "per-client-embryonic-max", "random-sequence-number", "decrement-ttl"});
  return std::ranges::find(kSettings, word) != kSettings.end();
}

/// What is left of settings when those that a line names are taken away.
std::vector<std::string> without_settings(const std::vector<std::string>& before,
                                          const std::vector<std::string>& named) {
  std::vector<std::string> left;
  bool is_named = false;
  for (const std::string& word : before) {
    if (is_setting(word)) is_named = std::ranges::find(named, word) != named.end();
    if (!is_named) left.push_back(word);
  }
  return left;
}

/// The settings of a line with those of a later one, which replaces what it names anew.
std::vector<std::string> merge_settings(const std::vector<std::string>& before,
                                        const std::vector<std::string>& later) {
  std::vector<std::string> merged = without_settings(before, later);
  merged.insert(merged.end(), later.begin(), later.end());
  return merged;
}

/// The `policy-map type inspect` that an `inspect` line names; empty if it names none, or one that comes
/// with the device. SNMP has maps of another kind.
std::string_view map_of(std::string_view inspection, const std::vector<std::string>& words) {
  const bool is_ftp = inspection == "ftp";
  const std::size_t place = is_ftp ? 1 : 0;
  if (words.size() <= place || (is_ftp && words.front() != "strict")) return {};
  const std::string_view word = words[place];
  const bool is_own = word == "preset_dns_map" || word.starts_with("_default_");
  const bool is_keyword = word == "tls-proxy" || word == "dynamic-filter-snoop";
  return is_own || is_keyword || inspection == "snmp" ? std::string_view() : word;
}

class ServicePoliciesSubsystem final : public Subsystem {
 public:
  explicit ServicePoliciesSubsystem(Claims& claims)
      : policies_(claims.own(&DeviceState::service_policies)) {}

  static void declare(Declarations<ServicePoliciesSubsystem>& declare);

 private:
  void enter_class_map(Context& context, const Arguments& arguments);
  void remove_class_map(Context& context, const Arguments& arguments);
  void match_any(Context& context, const Arguments& arguments);
  void match_list(Context& context, const Arguments& arguments);
  void match_port(Context& context, const Arguments& arguments);
  void match_default(Context& context, const Arguments& arguments);
  void enter_policy_map(Context& context, const Arguments& arguments);
  void remove_policy_map(Context& context, const Arguments& arguments);
  void enter_class(Context& context, const Arguments& arguments);
  void remove_class(Context& context, const Arguments& arguments);
  void inspect(Context& context, const Arguments& arguments);
  void set_connection(Context& context, const Arguments& arguments);
  void redirect(Context& context, const Arguments& arguments);
  void apply(Context& context, const Arguments& arguments);
  void show_config(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);

  /// What a sub-mode is about: a place in a vector, and for classes of a policy two of them.
  static std::uint64_t object(std::size_t policy, std::size_t place) {
    return policy << 16 | place;
  }
  ClassMap& current_class_map(Context& context) {
    return policies_.classes.at(context.mode_object());
  }
  PolicyMap& current_policy(Context& context) {
    return policies_.policies.at(context.mode_object() >> 16);
  }
  PolicyClass& current_class(Context& context) {
    return current_policy(context).classes.at(context.mode_object() & 0xFFFF);
  }

  void set_match(Context& context, const Arguments& arguments, ClassMatch match);
  static void set_action(Context& context, PolicyClass& policy_class, PolicyAction action,
                         bool is_removal);

  ServicePolicies& policies_;
};

void ServicePoliciesSubsystem::declare(Declarations<ServicePoliciesSubsystem>& declare) {
  using Self = ServicePoliciesSubsystem;
  declare.config<&Self::enter_class_map>("class-map <word:name>", "Name a class of traffic");
  declare.config<&Self::enter_class_map>("class-map type management <word:name>",
                                         "Name a class of traffic to the device");
  declare.config<&Self::remove_class_map>("no class-map <word:name>", "Remove a class of traffic");
  declare.command<&Self::match_any>(kClassMode, "[no] match any", "Take all traffic");
  declare.command<&Self::match_list>(kClassMode, "[no] match access-list <word:list>",
                                     "Take what an access list permits");
  declare.command<&Self::match_port>(
      kClassMode, "[no] match port {tcp|udp} {eq <port:port>|range <port:low> <port:high>}",
      "Take traffic to these ports");
  declare.command<&Self::match_default>(kClassMode, "[no] match default-inspection-traffic",
                                        "Take traffic to the default port of each inspection");
  declare.config<&Self::enter_policy_map>("policy-map <word:name>", "Name a policy");
  declare.config<&Self::remove_policy_map>("no policy-map <word:name>", "Remove a policy");
  for (const Mode mode : {kPolicyMode, kPolicyClassMode}) {
    declare.command<&Self::enter_class>(mode, "class <word:name>", "Treat a class of traffic");
    declare.command<&Self::remove_class>(mode, "no class <word:name>", "Treat a class no more");
  }
  declare.command<&Self::inspect>(kPolicyClassMode, "[no] inspect <line:what>",
                                  "Inspect a protocol: dns, ftp, http, … and the name of a map");
  declare.command<&Self::set_connection>(kPolicyClassMode, "[no] set connection <line:settings>",
                                         "Limit connections, or set their timeouts");
  declare.command<&Self::redirect>(kPolicyClassMode, "[no] {csc|ips|cxsc|sfr} <line:settings>",
                                   "Send the traffic through a service module");
  declare.config<&Self::apply>(
      "[no] service-policy <word:name> {global|interface <nameif:interface>}", "Apply a policy");
  declare.exec<&Self::show_config>("show running-config service-policy",
                                   "Show which policies are applied");
  declare.exec<&Self::show>("show service-policy", "Show the applied policies and their actions");
}

void ServicePoliciesSubsystem::enter_class_map(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  ClassMap* known = policies_.find_class(name);
  if (known == nullptr) {
    if (policies_.classes.size() == ServicePolicies::kBound) {
      context.print("ERROR: Too many class-maps\n");
      return;
    }
    known = &policies_.classes.emplace_back(ClassMap{name, {}});
  }
  context.enter_mode(kClassMode, static_cast<std::uint64_t>(known - policies_.classes.data()));
}

void ServicePoliciesSubsystem::remove_class_map(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  for (const PolicyMap& policy : policies_.policies) {
    for (const PolicyClass& used : policy.classes) {
      if (used.class_map != name) continue;
      context.print(fmt::format("ERROR: Class-map {} is being used\n", name));
      return;
    }
  }
  const auto removed =
      std::erase_if(policies_.classes, [&](const ClassMap& map) { return map.name == name; });
  if (removed == 0) context.print(fmt::format("ERROR: class-map {} not configured\n", name));
}

/// Adds a criterion, or, with `no`, takes it away.
void ServicePoliciesSubsystem::set_match(Context& context, const Arguments& arguments,
                                         ClassMatch match) {
  auto& matches = current_class_map(context).matches;
  if (std::erase(matches, match) == 0 && arguments.has("no")) {
    context.print("ERROR: Specified match criterion is not configured\n");
    return;
  }
  if (arguments.has("no")) return;
  if (matches.size() == ClassMap::kMatchBound) {
    context.print("ERROR: Too many match commands in this class-map\n");
    return;
  }
  matches.push_back(std::move(match));
}

void ServicePoliciesSubsystem::match_any(Context& context, const Arguments& arguments) {
  set_match(context, arguments, {});
}

void ServicePoliciesSubsystem::match_list(Context& context, const Arguments& arguments) {
  set_match(context, arguments,
            {.kind = ClassMatch::Kind::kAccessList,
             .access_list = arguments.get<std::string>("list"),
             .protocol = {},
             .ports = {}});
}

void ServicePoliciesSubsystem::match_port(Context& context, const Arguments& arguments) {
  PortRange ports;
  if (const Port* port = arguments.find<Port>("port")) {
    ports.low = ports.high = port->value;
  } else {
    ports.low = arguments.get<Port>("low").value;
    ports.high = arguments.get<Port>("high").value;
  }
  set_match(context, arguments,
            {.kind = ClassMatch::Kind::kPort,
             .access_list = {},
             .protocol = arguments.has("tcp") ? kProtocolTcp : kProtocolUdp,
             .ports = ports});
}

void ServicePoliciesSubsystem::match_default(Context& context, const Arguments& arguments) {
  set_match(context, arguments,
            {.kind = ClassMatch::Kind::kDefaultInspection,
             .access_list = {},
             .protocol = {},
             .ports = {}});
}

void ServicePoliciesSubsystem::enter_policy_map(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  PolicyMap* known = policies_.find_policy(name);
  if (known == nullptr) {
    if (policies_.policies.size() == ServicePolicies::kBound) {
      context.print("ERROR: Too many policy-maps\n");
      return;
    }
    known = &policies_.policies.emplace_back(PolicyMap{name, {}});
  }
  const auto place = static_cast<std::size_t>(known - policies_.policies.data());
  context.enter_mode(kPolicyMode, object(place, 0));
}

void ServicePoliciesSubsystem::remove_policy_map(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  bool is_used = policies_.global == name;
  for (const auto& [interface, policy] : policies_.interfaces) is_used = is_used || policy == name;
  if (is_used) {
    context.print(fmt::format("ERROR: Policy-map {} is being used\n", name));
    return;
  }
  const auto removed =
      std::erase_if(policies_.policies, [&](const PolicyMap& map) { return map.name == name; });
  if (removed == 0) context.print(fmt::format("ERROR: policy-map {} not configured\n", name));
}

void ServicePoliciesSubsystem::enter_class(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  if (name != kDefaultClass && policies_.find_class(name) == nullptr) {
    context.print(fmt::format("ERROR: % class-map {} not configured\n", name));
    return;
  }
  auto& classes = current_policy(context).classes;
  auto known = std::ranges::find(classes, name, &PolicyClass::class_map);
  if (known == classes.end()) {
    if (classes.size() == PolicyMap::kClassBound) {
      context.print("ERROR: Too many classes in this policy-map\n");
      return;
    }
    // Whatever is configured after it, class-default comes last.
    const bool has_default = !classes.empty() && classes.back().class_map == kDefaultClass;
    known = classes.insert(has_default ? classes.end() - 1 : classes.end(), PolicyClass{name, {}});
  }
  const auto place = static_cast<std::size_t>(known - classes.begin());
  context.enter_mode(kPolicyClassMode, object(context.mode_object() >> 16, place));
}

void ServicePoliciesSubsystem::remove_class(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  const auto removed = std::erase_if(current_policy(context).classes, [&](const PolicyClass& each) {
    return each.class_map == name;
  });
  if (removed == 0) context.print(fmt::format("ERROR: class {} not configured\n", name));
  context.publish(ServicePoliciesChanged{});
  context.enter_mode(kPolicyMode, object(context.mode_object() >> 16, 0));
}

void ServicePoliciesSubsystem::set_action(Context& context, PolicyClass& policy_class,
                                          PolicyAction action, bool is_removal) {
  auto& actions = policy_class.actions;
  const auto known = std::ranges::find(actions, action.feature, &PolicyAction::feature);
  if (is_removal) {
    if (known != actions.end()) {
      actions.erase(known);
    } else {
      context.print(fmt::format("ERROR: {} not configured\n", action.feature));
    }
  } else if (known != actions.end()) {
    *known = std::move(action);
  } else if (actions.size() == PolicyMap::kActionBound) {
    context.print("ERROR: Too many actions in this class\n");
  } else {
    actions.push_back(std::move(action));
  }
  context.publish(ServicePoliciesChanged{});
}

void ServicePoliciesSubsystem::inspect(Context& context, const Arguments& arguments) {
  const auto& line = arguments.get<std::string>("what");
  for (const InspectionPort& known : inspection_ports()) {
    const bool fits =
        line == known.inspection || line.starts_with(std::string(known.inspection) + " ");
    if (!fits) continue;
    PolicyAction action{fmt::format("inspect {}", known.inspection),
                        split(std::string_view(line).substr(known.inspection.size()))};
    const std::string_view map = map_of(known.inspection, action.words);
    const std::string_view protocol = known.inspection.substr(0, known.inspection.find(' '));
    if (!arguments.has("no") && !map.empty() && has_inspection_maps(protocol) &&
        context.state().inspect_maps.find_policy(protocol, map) == nullptr) {
      context.print(fmt::format("ERROR: % policy-map {} not configured\n", map));
      return;
    }
    set_action(context, current_class(context), std::move(action), arguments.has("no"));
    return;
  }
  context.print("ERROR: % Invalid input detected at '^' marker.\n");
}

/// `set connection conn-max 100` and `set connection timeout idle 1:00:00` are features of their own,
/// and each setting of theirs can be given in a line of its own.
void ServicePoliciesSubsystem::set_connection(Context& context, const Arguments& arguments) {
  auto words = split(arguments.get<std::string>("settings"));
  PolicyAction action{"set connection", {}};
  if (!words.empty() && (words.front() == "timeout" || words.front() == "advanced-options")) {
    action.feature += " " + words.front();
    words.erase(words.begin());
  }
  action.words = std::move(words);
  PolicyClass& policy_class = current_class(context);
  const auto known =
      std::ranges::find(policy_class.actions, action.feature, &PolicyAction::feature);
  bool is_removal = arguments.has("no");
  if (known != policy_class.actions.end()) {
    auto left = without_settings(known->words, action.words);
    if (is_removal && !left.empty() && !action.words.empty()) {
      is_removal = false;
      action.words = std::move(left);
    } else if (!is_removal) {
      action.words = merge_settings(known->words, action.words);
    }
  }
  set_action(context, policy_class, std::move(action), is_removal);
}

void ServicePoliciesSubsystem::redirect(Context& context, const Arguments& arguments) {
  for (const std::string_view module : {"csc", "ips", "cxsc", "sfr"}) {
    if (!arguments.has(module)) continue;
    PolicyAction action{std::string(module), split(arguments.get<std::string>("settings"))};
    set_action(context, current_class(context), std::move(action), arguments.has("no"));
  }
}

void ServicePoliciesSubsystem::apply(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  if (policies_.find_policy(name) == nullptr) {
    context.print(fmt::format("ERROR: % policy-map {} not configured\n", name));
    return;
  }
  const auto* nameif = arguments.find<std::string>("interface");
  const InterfaceId interface =
      nameif == nullptr ? kNoInterface : context.state().interfaces.find_nameif(*nameif);
  std::string& place = nameif == nullptr ? policies_.global : policies_.interfaces[interface];
  if (arguments.has("no")) {
    place.clear();
  } else if (!place.empty() && place != name) {
    context.print(
        fmt::format("ERROR: Policy-map {} is already configured as a service policy\n", place));
  } else {
    place = name;
  }
  context.publish(ServicePoliciesChanged{});
}

void ServicePoliciesSubsystem::show_config(Context& context, const Arguments&) {
  if (!policies_.global.empty()) {
    context.print(fmt::format("service-policy {} global\n", policies_.global));
  }
  for (const auto& [interface, name] : policies_.interfaces) {
    if (name.empty()) continue;
    context.print(fmt::format("service-policy {} interface {}\n", name,
                              context.state().interfaces[interface].nameif));
  }
}

void ServicePoliciesSubsystem::show(Context& context, const Arguments&) {
  const auto print_policy = [&](std::string_view name) {
    context.print(fmt::format("  Service-policy: {}\n", name));
    const PolicyMap* policy = policies_.find_policy(name);
    if (policy == nullptr) return;
    for (const PolicyClass& policy_class : policy->classes) {
      context.print(fmt::format("    Class-map: {}\n", policy_class.class_map));
      for (const PolicyAction& action : policy_class.actions) {
        context.print(fmt::format("      {}{}{}\n", action.feature, action.words.empty() ? "" : " ",
                                  fmt::join(action.words, " ")));
      }
    }
  };
  if (!policies_.global.empty()) {
    context.print("\nGlobal policy: \n");
    print_policy(policies_.global);
  }
  for (const auto& [interface, name] : policies_.interfaces) {
    if (name.empty()) continue;
    context.print(fmt::format("\nInterface {}:\n", context.state().interfaces[interface].nameif));
    print_policy(name);
  }
}

}  // namespace

void register_service_policies(Registry& registry);
void register_service_policies(Registry& registry) {
  registry.add<ServicePoliciesSubsystem>("service_policies");
}

}  // namespace asaemu
