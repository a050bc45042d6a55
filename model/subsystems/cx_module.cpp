// CX module: what becomes of traffic that `cxsc` in a policy sends through the CX module, and the rules
// by which logins reach it.
//
// Scope: `cxsc {fail-open|fail-close} [auth-proxy] [monitor-only]` in a service policy; cxsc auth-proxy
//   port; drops and resets that the module asks for (packet field `module-verdict`); precedence over
//   Scansafe; authentication-proxy rules, one for each interface whose policy asks for them, set up and
//   cleaned up as policies and addresses change; what the module asks about VPN sessions (world event
//   `cx-vpn-query`); show cxsc auth-proxy; messages 429001 to 429008.
// Limitations: what the module's policy says of a packet comes with the packet, for the module is a
//   box of its own. A policy is asked for each packet. Scansafe is known by its policy (`inspect
//   scansafe`) only. Logins themselves are not modelled. Internal memory runs out and comes back by the
//   world event `auth-proxy-memory`; a rule that could not be set up is tried again at the next change.
//   The numbers of VPN sessions are those of the tunnels (`conn_id`), inferred; so are that 429007 comes
//   once, with a flow's first packet, whether or not the module is up, the names of the rule (HTTP) and of its protocol (TCP) in 429004
//   and 429005, and the length of a query (kQueryLength).
// State: the rules, at most one an interface. Lost at reload, and set up while the device boots, when
//   nothing is logged.
// Validation: none against a device; default port 885 from the configuration guide.
// References: syslog guide 429001 to 429008; ASA configuration guide, "ASA CX Module".
#include "messages/cx_module.hpp"

#include "model/contract/module_packets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace asaemu {

namespace {

constexpr Port kDefaultPort{885};
constexpr std::uint64_t kQueryLength = 4;  ///< bytes of a session's number

class CxModule final : public Subsystem {
 public:
  explicit CxModule(Claims& /*claims*/) {}

  static void declare(Declarations<CxModule>& declare);

 private:
  /// A rule that intercepts logins at one of the device's addresses.
  struct Rule {
    IpAddress destination;
    Port port;
    bool is_global = false;
    friend bool operator==(const Rule&, const Rule&) = default;
  };
  using Rules = std::map<InterfaceId, Rule>;

  Verdict redirect(Context& context, Packet& packet);
  void set_port(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);
  void on_memory(Context& context, const Arguments& arguments);
  void on_query(Context& context, const Arguments& arguments);

  void on_booted(Context& context, const Booted&);
  void on_built(Context&, const ConnectionBuilt& event) { new_flow_ = event.connection.id; }
  void on_policies(Context& context, const ServicePoliciesChanged&) { settle(context); }
  void on_interface(Context& context, const InterfaceConfigured&) { settle(context); }
  void on_removed(Context& context, const InterfaceRemoved& event);

  void settle(Context& context);
  [[nodiscard]] Rules wanted(const DeviceState& state) const;
  void clean_up(Context& context, InterfaceId interface, const Rule& rule) const;
  bool set_up(Context& context, InterfaceId interface, const Rule& rule) const;
  static std::string_view policy_type(const Rule& rule) {
    return rule.is_global ? "global" : "interface";
  }

  /// Numbers of the packet fields, the same in every device.
  static inline ModuleContent fields;

  Port port_ = kDefaultPort;
  Rules rules_;
  bool has_memory_ = true;
  bool is_configured_ = false;             ///< some policy redirects
  ConnectionId new_flow_ = kNoConnection;  ///< whose first packet is on its way
};

void CxModule::declare(Declarations<CxModule>& declare) {
  static constexpr std::array<std::string_view, 2> kMemory{"exhausted", "free"};
  static constexpr std::array<std::string_view, 3> kTroubles{"none", "no-memory", "queue-full"};
  fields = ModuleContent::declare(declare);
  declare.config<&CxModule::set_port>("[no] cxsc auth-proxy port <port:port>",
                                      "Set the port at which logins are intercepted for the CX");
  declare.exec<&CxModule::show>("show cxsc auth-proxy",
                                "Show where logins are intercepted for the CX module");
  declare.world<&CxModule::on_memory>(
      "auth-proxy-memory", "the memory for authentication-proxy rules runs out, or is there again",
      {{FieldDef{.name = "auth-proxy-memory", .kind = FieldKind::kOneOf, .choices = kMemory},
        "how it is"}});
  declare.world<&CxModule::on_query>(
      "cx-vpn-query", "the CX module asks who is behind a VPN session",
      {{FieldDef{.name = "cx-vpn-query", .kind = FieldKind::kHex32}, "the session's number"},
       {FieldDef{.name = "length", .kind = FieldKind::kNumber},
        "bytes that the query says its number has; 4 if left out", false},
       {FieldDef{.name = "trouble", .kind = FieldKind::kOneOf, .choices = kTroubles},
        "what keeps the device from answering; none if left out", false}});
  declare.stage<&CxModule::redirect>(PathStage::kServiceModule);
  declare.on<&CxModule::on_booted>();
  declare.on<&CxModule::on_built>();
  declare.on<&CxModule::on_policies>();
  declare.on<&CxModule::on_interface>();
  declare.on<&CxModule::on_removed>();
}

Verdict CxModule::redirect(Context& context, Packet& packet) {
  if (!is_configured_) return Verdict::kPass;
  const DeviceState& state = context.state();
  const Connection* connection = state.connections.find(packet.connection);
  const bool is_new = std::exchange(new_flow_, kNoConnection) == packet.connection;
  if (connection == nullptr) return Verdict::kPass;
  const ModuleRedirect redirect = redirect_to(ModuleKind::kCx, state, *connection);
  if (redirect.fate == ModuleRedirect::Fate::kNone) return Verdict::kPass;
  if (is_new && is_for_scansafe(state, *connection)) {
    report_override<msg::CxscOverridesScansafe>(context, packet);
  }
  if (redirect.fate == ModuleRedirect::Fate::kSkip) return Verdict::kPass;
  if (redirect.fate == ModuleRedirect::Fate::kDrop) {
    report_packet<msg::CxFailCloseDrop>(context, packet);
    return Verdict::kDrop;
  }
  if (redirect.is_copy) return Verdict::kPass;
  return obey_module<msg::CxRequestedDrop, msg::CxRequestedReset>(context, packet,
                                                                  wanted_by_module(packet, fields));
}

void CxModule::set_port(Context& context, const Arguments& arguments) {
  port_ = arguments.has("no") ? kDefaultPort : arguments.get<Port>("port");
  settle(context);
}

/// The policy of an interface decides, and if it has nothing about the CX, the global one.
CxModule::Rules CxModule::wanted(const DeviceState& state) const {
  const ServicePolicies& policies = state.service_policies;
  enum class Says : std::uint8_t { kNothing, kRedirect, kAuthProxy };
  const auto ask = [&policies](std::string_view name) {
    Says says = Says::kNothing;
    const PolicyMap* map = name.empty() ? nullptr : policies.find_policy(name);
    if (map == nullptr) return says;
    for (const PolicyClass& policy_class : map->classes) {
      for (const PolicyAction& action : policy_class.actions) {
        if (action.feature != module_feature(ModuleKind::kCx)) continue;
        says = std::max(says, action.has("auth-proxy") ? Says::kAuthProxy : Says::kRedirect);
      }
    }
    return says;
  };
  const Says global = ask(policies.global);
  Rules rules;
  for (std::size_t i = 0; i < state.interfaces.size(); ++i) {
    const InterfaceId id{static_cast<std::uint16_t>(i)};
    const Interface& interface = state.interfaces[id];
    if (interface.is_removed || interface.nameif.empty() || !interface.has_address) continue;
    const auto own = policies.interfaces.find(id);
    const Says says = own == policies.interfaces.end() ? Says::kNothing : ask(own->second);
    const bool is_global = says == Says::kNothing;
    if ((is_global ? global : says) != Says::kAuthProxy) continue;
    rules.emplace(id, Rule{interface.address, port_, is_global});
  }
  return rules;
}

/// What the startup configuration asks for is set up while the device boots, when nothing is logged.
void CxModule::on_booted(Context& context, const Booted&) {
  is_configured_ = is_redirecting(ModuleKind::kCx, context.state().service_policies);
  rules_ = wanted(context.state());
}

void CxModule::settle(Context& context) {
  if (context.is_booting()) return;
  is_configured_ = is_redirecting(ModuleKind::kCx, context.state().service_policies);
  const Rules rules = wanted(context.state());
  for (auto rule = rules_.begin(); rule != rules_.end();) {
    const auto kept = rules.find(rule->first);
    if (kept != rules.end() && kept->second == rule->second) {
      ++rule;
      continue;
    }
    clean_up(context, rule->first, rule->second);
    rule = rules_.erase(rule);
  }
  for (const auto& [interface, rule] : rules) {
    if (!rules_.contains(interface) && set_up(context, interface, rule)) {
      rules_.emplace(interface, rule);
    }
  }
}

void CxModule::clean_up(Context& context, InterfaceId interface, const Rule& rule) const {
  context.emit(msg::CxAuthProxyRemoved{.interface = module_interface(context.state(), interface),
                                       .destination = rule.destination,
                                       .policy_type = policy_type(rule)});
}

bool CxModule::set_up(Context& context, InterfaceId interface, const Rule& rule) const {
  const InterfaceName name = module_interface(context.state(), interface);
  if (!has_memory_) {
    context.emit(msg::CxAuthProxySetupFailed{
        .rule = "HTTP", .interface = name, .policy_type = policy_type(rule)});
    return false;
  }
  context.emit(msg::CxAuthProxySetUp{.protocol_type = "TCP",
                                     .interface = name,
                                     .destination = rule.destination,
                                     .destination_port = rule.port,
                                     .policy_type = policy_type(rule)});
  return true;
}

void CxModule::on_removed(Context& context, const InterfaceRemoved& event) {
  const auto rule = rules_.find(event.interface);
  if (rule == rules_.end()) return;
  clean_up(context, rule->first, rule->second);
  rules_.erase(rule);
}

void CxModule::on_memory(Context&, const Arguments& arguments) {
  has_memory_ = arguments.get<std::string>("auth-proxy-memory") == "free";
}

void CxModule::on_query(Context& context, const Arguments& arguments) {
  using Reason = msg::CxVpnQueryUnanswered::Reason;
  const DeviceState& state = context.state();
  const Module* module = state.modules.find(ModuleKind::kCx);
  if (module == nullptr || !module->takes_traffic()) return;
  const auto session = arguments.get<Hex32>("cx-vpn-query");
  const auto trouble = arguments.get_or<std::string>("trouble", "none");
  const bool is_known =
      std::any_of(state.sas.begin(), state.sas.end(),
                  [session](const Tunnel& tunnel) { return tunnel.connection == session.value; });
  Reason reason{};
  if (arguments.get_or<std::uint64_t>("length", kQueryLength) != kQueryLength) {
    reason = Reason::kTlvLengthIsInvalid;
  } else if (!is_known) {
    reason = Reason::kVpnSessionIdIsInvalid;
  } else if (trouble == "no-memory") {
    reason = Reason::kTlvMemoryAllocationFailed;
  } else if (trouble == "queue-full") {
    reason = Reason::kVpnSessionQueryMessageEnqueueFailed;
  } else {
    return;
  }
  context.emit(msg::CxVpnQueryUnanswered{.session = session, .reason = reason});
}

void CxModule::show(Context& context, const Arguments&) {
  for (const auto& [interface, rule] : rules_) {
    context.print(fmt::format("{}: {}/{} ({} service-policy)\n",
                              context.state().interfaces[interface].nameif,
                              to_string(rule.destination), rule.port.value, policy_type(rule)));
  }
}

}  // namespace

void register_cx_module(Registry& registry);
void register_cx_module(Registry& registry) {
  registry.add<CxModule>("cx_module");
}

}  // namespace asaemu
