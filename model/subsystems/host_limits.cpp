// Host limits: how many hosts on the inside may use the device at a time, as its licence says.
//
// Scope: local hosts and what keeps them counted: activity within five minutes, an address
//   translation, a login; the licence's limit, or the option `inside-hosts`; show local-host, clear
//   local-host, timeout xlate, dynamic twice NAT (`nat … source dynamic`) as far as its
//   translations reserve hosts; messages 407001 and, on the ASA5505, 450001.
// Limitations: hosts of the Internet interface are not listed. A connection is built before its host
//   is counted, and closed again if the licence has no room. That one refusal gives both messages on
//   an ASA5505, 407001 first, is inferred. In transparent mode the Internet interface is found as in
//   routed mode, where a device takes the one with more hosts. Other forms of NAT reserve nothing;
//   translations of a pool end `timeout xlate` after the host's last packet, those of `interface`
//   (PAT) end earlier than five minutes and so reserve nothing.
// State: LocalHosts, at most LocalHosts::kBound hosts, the quietest of which makes room (without a
//   limit; with one, at most as many as the limit); at most kRuleBound NAT rules. Lost at reload.
// Validation: 450001 against a line quoted by an operator; who counts against documentation; `show
//   local-host` against documentation only.
// References: syslog guide 407001, 450001; asa-behaviour G.2 (host-limit); ASA5505 licence notes in
//   the configuration guide; ASA command reference, `show local-host`.
#include "messages/host_limits.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/platform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace asaemu {

namespace {

constexpr SimDuration kXlateTimeout = std::chrono::hours(3);

/// `nat (real,mapped) source dynamic any POOL`.
struct NatRule {
  InterfaceId from = kNoInterface;  ///< kNoInterface is any
  InterfaceId to = kNoInterface;
  std::string real;
  std::string mapped;
  friend bool operator==(const NatRule&, const NatRule&) = default;
};

class HostLimits final : public Subsystem {
 public:
  explicit HostLimits(Claims& claims)
      : hosts_(claims.own(&DeviceState::local_hosts)),
        option_(claims.option<std::uint64_t>("inside-hosts")) {}

  static void declare(Declarations<HostLimits>& declare);

 private:
  static constexpr std::size_t kRuleBound = 1024;

  static std::optional<NatRule> read_rule(Context& context, const Arguments& arguments);
  void add_rule(Context& context, const Arguments& arguments);
  void remove_rule(Context& context, const Arguments& arguments);
  void set_xlate_timeout(Context& context, const Arguments& arguments);
  void clear(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);
  void show_limit(Context& context);
  static void close_connections(Context& context, const IpAddress* host);

  Verdict account(Context& context, Packet& packet);
  bool admit(Context& context, const Packet& packet, const IpAddress& address,
             InterfaceId interface);
  void deny(Context& context, const Packet& packet, const IpAddress& address,
            InterfaceId interface);
  void forget_quiet(Context& context);

  /// Hosts that may use the device at a time; 0 if as many as like.
  [[nodiscard]] std::uint64_t limit(Context& context) const {
    return option_ != 0 ? option_ : context.state().licence.inside_hosts;
  }
  /// The interface of the default route, whose hosts do not count; kNoInterface if there is none.
  [[nodiscard]] static InterfaceId internet_interface(Context& context);
  [[nodiscard]] bool is_translated(InterfaceId from, InterfaceId to) const;

  LocalHosts& hosts_;
  std::uint64_t option_;
  SimDuration xlate_timeout_ = kXlateTimeout;
  std::vector<NatRule> rules_;
};

void HostLimits::declare(Declarations<HostLimits>& declare) {
  declare.option(
      FieldDef{.name = "inside-hosts", .kind = FieldKind::kNumber}, "0",
      "hosts on the inside that may use the device at a time; 0 is what the licence says");
  declare.config<&HostLimits::add_rule>(
      "nat <word:interfaces> source dynamic <word:real> <word:mapped>",
      "Translate source addresses, `(real,mapped)` interfaces; `interface` is PAT");
  declare.config<&HostLimits::remove_rule>(
      "no nat <word:interfaces> source dynamic <word:real> <word:mapped>", "Remove a NAT rule");
  declare.config<&HostLimits::set_xlate_timeout>("[no] timeout xlate <word:time>",
                                                 "Set how long an unused translation lives");
  declare.exec<&HostLimits::show>("show local-host [{brief|detail|all|<ip:host>}]",
                                  "Show the hosts that use the device, and the licensed limit");
  declare.exec<&HostLimits::clear>("clear local-host [{all|<ip:host>}]",
                                   "Disconnect hosts and make room for others");
  // Behind the connections, which come first by name: what they deny counts for nobody.
  declare.stage<&HostLimits::account>(PathStage::kNewConnection);
}

/// nullopt if the interfaces are not `(real,mapped)`, each a nameif or `any`.
std::optional<NatRule> HostLimits::read_rule(Context& context, const Arguments& arguments) {
  const std::string_view text = arguments.get<std::string>("interfaces");
  const auto comma = text.find(',');
  NatRule rule{.real = arguments.get<std::string>("real"),
               .mapped = arguments.get<std::string>("mapped")};
  bool valid = text.size() > 2 && text.front() == '(' && text.back() == ')' &&
               comma != std::string_view::npos;
  const auto read = [&](std::string_view name, InterfaceId& interface) {
    interface = context.state().interfaces.find_nameif(name);
    if (interface == kNoInterface && name != "any") valid = false;
  };
  if (valid) {
    read(text.substr(1, comma - 1), rule.from);
    read(text.substr(comma + 1, text.size() - comma - 2), rule.to);
  }
  if (valid) return rule;
  context.print(fmt::format("ERROR: Invalid interfaces {}\n", text));
  return std::nullopt;
}

void HostLimits::add_rule(Context& context, const Arguments& arguments) {
  const auto rule = read_rule(context, arguments);
  if (!rule || std::ranges::find(rules_, *rule) != rules_.end()) return;
  if (rules_.size() >= kRuleBound) {
    context.print("ERROR: unable to add NAT rule\n");
    return;
  }
  rules_.push_back(*rule);
}

void HostLimits::remove_rule(Context& context, const Arguments& arguments) {
  const auto rule = read_rule(context, arguments);
  if (rule && std::erase(rules_, *rule) == 0) {
    context.print("ERROR: No matching NAT policy found\n");
  }
}

void HostLimits::set_xlate_timeout(Context& context, const Arguments& arguments) {
  const FieldDef time{.name = "time", .kind = FieldKind::kDuration};
  const auto value = field_from_string(time, arguments.get<std::string>("time"));
  if (!value || std::get<SimDuration>(*value) < std::chrono::minutes(1)) {
    context.print("ERROR: Invalid timeout value\n");
    return;
  }
  xlate_timeout_ = arguments.has("no") ? kXlateTimeout : std::get<SimDuration>(*value);
}

/// Without an address all hosts go, and their translations with them.
void HostLimits::clear(Context& context, const Arguments& arguments) {
  const auto* host = arguments.find<IpAddress>("host");
  close_connections(context, host);
  if (host != nullptr) {
    hosts_.erase(*host);
  } else {
    hosts_.clear();
  }
}

/// Those of one host, or all.
void HostLimits::close_connections(Context& context, const IpAddress* host) {
  std::vector<ConnectionId> closed;
  for (const Connection& connection : context.state().connections.all()) {
    const bool is_its_own = host == nullptr || connection.initiator.address == *host ||
                            connection.responder.address == *host;
    if (is_its_own) closed.push_back(connection.id);
  }
  for (const ConnectionId id : closed) {
    context.publish(ConnectionOrder{id, ConnectionOrder::What::kClose});
  }
}

/// A host's connections.
struct FlowCount {
  std::size_t tcp = 0;
  std::size_t embryonic = 0;  ///< to the host
  std::size_t udp = 0;
};

std::map<IpAddress, FlowCount> count_flows(const ConnectionTable& connections) {
  std::map<IpAddress, FlowCount> counts;
  for (const Connection& connection : connections.all()) {
    const bool is_tcp = connection.protocol == kProtocolTcp;
    for (const Endpoint* end : {&connection.initiator, &connection.responder}) {
      FlowCount& count = counts[end->address];
      if (is_tcp) ++count.tcp;
      if (connection.protocol == kProtocolUdp) ++count.udp;
    }
    const bool is_embryonic = is_tcp && connection.phase == Connection::Phase::kEmbryonic;
    if (is_embryonic) ++counts[connection.responder.address].embryonic;
  }
  return counts;
}

void HostLimits::show_limit(Context& context) {
  const std::uint64_t most = limit(context);
  if (most == 0) {
    context.print("Licensed host limit: Unlimited\n\n");
    return;
  }
  const InterfaceId internet = internet_interface(context);
  if (internet == kNoInterface) {
    context.print(
        "Unable to determine Internet interface from default route.\n"
        "Host limit applied to all interfaces.\n");
  } else {
    context.print(
        fmt::format("Detected interface '{}' as the Internet interface. "
                    "Host limit applies to all other interfaces.\n",
                    context.state().interfaces[internet].nameif));
  }
  context.print(fmt::format("Current host count: {}, towards licensed host limit of: {}\n\n",
                            hosts_.size(), most));
}

void HostLimits::show(Context& context, const Arguments& arguments) {
  forget_quiet(context);
  show_limit(context);
  const auto* only = arguments.find<IpAddress>("host");
  auto flows = count_flows(context.state().connections);
  const auto& interfaces = context.state().interfaces.all();
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    if (interfaces[i].nameif.empty()) continue;
    const auto id = static_cast<InterfaceId>(i);
    const HostTally tally = hosts_.tally(id);
    context.print(fmt::format("Interface {}: {} active, {} maximum active, {} denied\n",
                              interfaces[i].nameif, tally.active, tally.most_active, tally.denied));
    if (arguments.has("brief")) continue;
    for (const auto& aged : hosts_) {
      const LocalHost& host = aged.entry;
      if (host.interface != id || (only != nullptr && host.address != *only)) continue;
      const FlowCount& count = flows[host.address];
      context.print(
          fmt::format("local host: <{}>,\n"
                      "    TCP flow count/limit = {}/unlimited\n"
                      "    TCP embryonic count to host = {}\n"
                      "    TCP intercept watermark = unlimited\n"
                      "    UDP flow count/limit = {}/unlimited\n",
                      to_string(host.address), count.tcp, count.embryonic, count.udp));
    }
  }
}

/// Which end of a connection through the device counts: the one that is not on the Internet. What stays
/// on the inside counts for nobody, unless it is not known where the Internet is.
Verdict HostLimits::account(Context& context, Packet& packet) {
  if (packet.connection == kNoConnection || packet.out == packet.in) return Verdict::kPass;
  const InterfaceId internet = internet_interface(context);
  const bool nowhere = internet == kNoInterface;
  if ((nowhere || packet.out == internet) && !admit(context, packet, packet.source, packet.in)) {
    return Verdict::kDrop;
  }
  if ((nowhere || packet.in == internet) &&
      !admit(context, packet, packet.destination, packet.out)) {
    return Verdict::kDrop;
  }
  return Verdict::kPass;
}

/// Counts a host at `interface`; false if the licence has no room for it.
bool HostLimits::admit(Context& context, const Packet& packet, const IpAddress& address,
                       InterfaceId interface) {
  const std::uint64_t most = limit(context);
  if (!hosts_.knows(address)) {
    forget_quiet(context);
    if (most != 0 && hosts_.size() >= most) {
      deny(context, packet, address, interface);
      return false;
    }
  }
  const InterfaceId peer = interface == packet.in ? packet.out : packet.in;
  const bool translated = is_translated(interface, peer);
  hosts_.hear(LocalHost{.address = address,
                        .interface = interface,
                        .xlate_until = translated ? context.now() + xlate_timeout_ : kStart},
              context.now());
  return true;
}

void HostLimits::deny(Context& context, const Packet& packet, const IpAddress& address,
                      InterfaceId interface) {
  hosts_.deny(interface);
  context.publish(ConnectionOrder{packet.connection, ConnectionOrder::What::kClose});
  const auto& interfaces = context.state().interfaces;
  const std::uint64_t most = limit(context);
  context.emit(msg::LocalHostLicenseLimitExceeded{
      .interface = InterfaceName{interfaces[interface].nameif}, .host = address, .limit = most});
  if (context.platform().name != "ASA5505") return;
  context.emit(msg::LicensedHostLimitExceeded{
      .protocol_id = std::uint64_t{packet.protocol.value},
      .source_interface = InterfaceName{interfaces[packet.in].nameif},
      .source = packet.source,
      .source_port = packet.source_port,
      .destination_interface = InterfaceName{interfaces[packet.out].nameif},
      .destination = packet.destination,
      .destination_port = packet.destination_port,
      .limit = most});
}

void HostLimits::forget_quiet(Context& context) {
  if (limit(context) == 0) {
    hosts_.forget_all_quiet(context.now());
    return;
  }
  hosts_.forget_quiet(context.now(), [&](const LocalHost& host) {
    return context.state().uauth.find(host.address, context.now()) != nullptr;
  });
}

InterfaceId HostLimits::internet_interface(Context& context) {
  for (const Route& route : context.state().routes.all()) {
    if (route.prefix.length() == 0) return route.interface;
  }
  return kNoInterface;
}

bool HostLimits::is_translated(InterfaceId from, InterfaceId to) const {
  const auto covers = [](InterfaceId rule, InterfaceId interface) {
    return rule == kNoInterface || rule == interface;
  };
  return std::ranges::any_of(rules_, [&](const NatRule& rule) {
    return rule.mapped != "interface" && covers(rule.from, from) && covers(rule.to, to);
  });
}

}  // namespace

void register_host_limits(Registry& registry);
void register_host_limits(Registry& registry) {
  registry.add<HostLimits>("host_limits");
}

}  // namespace asaemu
