// PPPoE client: interfaces that get their address from a provider's access concentrator.
//
// Scope: `ip address pppoe [setroute]`, the `pppoe client` commands; discovery (PADI, PADO, PADR,
//   PADS), PPP negotiation, the session, and dialling again when it ends; the world events
//   `access-concentrator` and `pppoe-hangup`; messages 403500 to 403507; show ip address NAMEIF
//   pppoe, show vpdn session pppoe.
// Limitations: the address a provider assigns stands in the session and not in the interface table,
//   so `show interface` does not know it; it is always a host address. Packet counters of a session are
//   not kept. Why a PPP link went down is said in words of which only `Peer not responding` is known
//   from a device. Timings are inferred and options: when to dial again, when silence ends a session.
// State: a client an interface, at most kClientBound; a learned default route a client. The access
//   concentrators, at most kConcentratorBound, are the world's and outlive a reload.
// Validation: command syntax and show layouts against the configuration guide; the order of events
//   against none.
// References: asa-behaviour F (PPTP/PPPoE); syslog guide 403500 to 403507; RFC 2516.
#include "messages/pppoe.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kClientBound = 64;
constexpr std::size_t kConcentratorBound = 64;
constexpr std::string_view kHeader = "PPPoE";
/// Echo requests that may stay without an answer (inferred).
constexpr int kEchoesMissed = 3;

/// What an access concentrator does with the mark by which a client knows its own answers.
enum class HostUnique : std::uint8_t { kEchoed, kWrongInOffer, kWrongInConfirmation };

/// What answers at the far end of an interface.
struct AccessConcentrator {
  std::string name;
  bool is_up = true;
  bool has_any_service = true;
  HostUnique host_unique = HostUnique::kEchoed;
  IpAddress address;     ///< which it assigns
  IpAddress gateway;     ///< its own
  std::string password;  ///< which it expects; empty: any
};

struct FarEnds {
  BoundedTable<std::string, AccessConcentrator> concentrators{kConcentratorBound};  // by nameif
};

struct Client {
  enum class Phase : std::uint8_t { kDown, kDiscovery, kNegotiation, kUp, kRedial };

  InterfaceId interface = kNoInterface;
  bool is_enabled = false;
  bool sets_route = false;
  std::string group;  ///< as configured; may be empty
  std::string user;   ///< whom the session dials as
  std::uint8_t distance = 1;
  Phase phase = Phase::kDown;
  SimTime since{};        ///< of the phase
  unsigned failures = 0;  ///< in a row
  TimerHandle timer{};
  IpAddress address;  ///< of the session that is up
  IpAddress gateway;
  bool has_route = false;
};

using Phase = Client::Phase;

class Pppoe final : public Subsystem {
 public:
  explicit Pppoe(Claims& claims)
      : far_ends_(claims.kept<FarEnds>()),
        redial_(claims.option<SimDuration>("pppoe-redial")),
        redial_limit_(claims.option<SimDuration>("pppoe-redial-limit")),
        echo_interval_(claims.option<SimDuration>("pppoe-echo-interval")),
        negotiation_(claims.option<SimDuration>("ppp-negotiation")) {}

  static void declare(Declarations<Pppoe>& declare);

 private:
  enum Timer : std::uint16_t { kDial, kOffer, kConfirmation, kNegotiated, kSilent };

  void enable(Context& context, const Arguments& arguments);
  void disable(Context& context, const Arguments& arguments);
  void set_group(Context& context, const Arguments& arguments);
  void set_distance(Context& context, const Arguments& arguments);
  void on_concentrator(Context& context, const Arguments& arguments);
  void on_hangup(Context& context, const Arguments& arguments);
  void on_booted(Context& context, const Booted&);
  void on_line(Context& context, const LineProtocolChanged& event);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void show_address(Context& context, const Arguments& arguments);
  void show_sessions(Context& context, const Arguments&);

  Client* current(Context& context);
  void start(Context& context, Client& client);
  const VpdnGroup* choose_group(Context& context, const Client& client);
  void dial(Context& context, Client& client);
  void take_offer(Context& context, Client& client, const AccessConcentrator& peer);
  void take_confirmation(Context& context, Client& client, const AccessConcentrator& peer);
  void open(Context& context, Client& client, const AccessConcentrator& peer);
  void set_route(Context& context, Client& client);
  void dial_later(Context& context, Client& client);
  void end(Context& context, Client& client, std::string_view reason);
  void stop(Context& context, Client& client);
  void wait(Context& context, Client& client, SimDuration delay, Timer tag);
  [[nodiscard]] SimDuration until_next_request(Context& context, const Client& client) const;

  static void enter(Context& context, Client& client, Phase phase) {
    client.phase = phase;
    client.since = context.now();
  }

  static std::string_view name_of(Context& context, const Client& client) {
    return context.state().interfaces[client.interface].nameif;
  }

  /// Who answers on the client's interface; nullptr if nobody does.
  const AccessConcentrator* peer_of(Context& context, const Client& client) const {
    const auto* peer = far_ends_.concentrators.find(name_of(context, client));
    return peer != nullptr && peer->is_up ? peer : nullptr;
  }

  BoundedTable<InterfaceId, Client> clients_{kClientBound};
  FarEnds& far_ends_;
  SimDuration redial_;
  SimDuration redial_limit_;
  SimDuration echo_interval_;
  SimDuration negotiation_;
};

void Pppoe::declare(Declarations<Pppoe>& declare) {
  static constexpr std::array<std::string_view, 2> kStates{"up", "down"};
  static constexpr std::array<std::string_view, 2> kServices{"any", "named"};
  static constexpr std::array<std::string_view, 3> kHostUnique{"echoed", "wrong-in-offer",
                                                               "wrong-in-confirmation"};
  const auto duration = [&](std::string_view name, std::string_view otherwise,
                            std::string_view help) {
    declare.option(FieldDef{.name = name, .kind = FieldKind::kDuration}, otherwise, help);
  };
  duration("pppoe-redial", "0:00:05",
           "time until a PPPoE client dials again; doubles with every failure (inferred)");
  duration("pppoe-redial-limit", "0:01:00", "longest time until it dials again (inferred)");
  duration(
      "pppoe-echo-interval", "0:00:10",
      "time between a PPPoE client's echo requests; three without an answer end it (inferred)");
  duration("ppp-negotiation", "0:00:02", "time PPP takes to agree, about (inferred)");

  const auto in = [&declare]<auto kHandler>(std::string_view pattern, std::string_view help) {
    declare.template command<kHandler>(kInterfaceMode, pattern, help);
  };
  in.template operator()<&Pppoe::enable>("ip address pppoe [setroute]",
                                         "Get the address from a provider; again: dial anew");
  in.template operator()<&Pppoe::disable>("no ip address pppoe", "Hang up for good");
  in.template operator()<&Pppoe::set_group>("pppoe client vpdn group <word:group>",
                                            "Choose the group to dial with");
  in.template operator()<&Pppoe::set_distance>(
      "pppoe client route distance <number:distance:1-255>",
      "Set the learned default route's distance");
  declare.exec<&Pppoe::show_address>("show ip address <nameif:interface> pppoe",
                                     "Show the address a provider assigned");
  declare.exec<&Pppoe::show_sessions>("show vpdn session pppoe [state]", "Show PPPoE sessions");

  declare.world<&Pppoe::on_concentrator>(
      "access-concentrator", "a provider's access concentrator appears, changes or goes",
      {{FieldDef{.name = "access-concentrator", .kind = FieldKind::kWord}, "its name"},
       {FieldDef{.name = "interface", .kind = FieldKind::kWord}, "the nameif it is behind"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
        "whether it answers"},
       {FieldDef{.name = "address", .kind = FieldKind::kIp}, "what it assigns to the client",
        false},
       {FieldDef{.name = "gateway", .kind = FieldKind::kIp}, "its own address", false},
       {FieldDef{.name = "services", .kind = FieldKind::kOneOf, .choices = kServices},
        "whether it offers the service `any` or named ones only", false},
       {FieldDef{.name = "host-unique", .kind = FieldKind::kOneOf, .choices = kHostUnique},
        "what it does with the client's mark", false},
       {FieldDef{.name = "password", .kind = FieldKind::kWord}, "what it expects; any, if left out",
        false}});
  declare.world<&Pppoe::on_hangup>(
      "pppoe-hangup", "the access concentrator ends the session",
      {{FieldDef{.name = "pppoe-hangup", .kind = FieldKind::kWord}, "the nameif of the session"}});
  declare.on<&Pppoe::on_booted>();
  declare.on<&Pppoe::on_line>();
}

/// The client of the interface that is configured, made if there is none.
Client* Pppoe::current(Context& context) {
  const auto id = static_cast<InterfaceId>(context.mode_object());
  Client* client = clients_.find(id);
  if (client == nullptr) {
    Client fresh;
    fresh.interface = id;
    client = clients_.insert(id, std::move(fresh));
  }
  if (client == nullptr) context.print("ERROR: Maximum number of PPPoE clients reached\n");
  return client;
}

void Pppoe::enable(Context& context, const Arguments& arguments) {
  Client* client = current(context);
  if (client == nullptr) return;
  stop(context, *client);
  client->is_enabled = true;
  client->sets_route = arguments.has("setroute");
  client->failures = 0;
  if (!context.is_booting()) start(context, *client);
}

void Pppoe::disable(Context& context, const Arguments&) {
  Client* client = current(context);
  if (client == nullptr) return;
  stop(context, *client);
  client->is_enabled = false;
}

void Pppoe::set_group(Context& context, const Arguments& arguments) {
  if (Client* client = current(context)) client->group = arguments.get<std::string>("group");
}

void Pppoe::set_distance(Context& context, const Arguments& arguments) {
  Client* client = current(context);
  if (client == nullptr) return;
  client->distance = static_cast<std::uint8_t>(arguments.get<std::uint64_t>("distance"));
}

void Pppoe::on_concentrator(Context& context, const Arguments& arguments) {
  const auto& nameif = arguments.get<std::string>("interface");
  AccessConcentrator* peer = far_ends_.concentrators.find(nameif);
  if (peer == nullptr) peer = far_ends_.concentrators.insert(nameif, AccessConcentrator{});
  if (peer == nullptr) return;
  peer->name = arguments.get<std::string>("access-concentrator");
  peer->is_up = arguments.get<std::string>("state") == "up";
  peer->has_any_service = arguments.get_or<std::string>("services", "any") == "any";
  const auto mark = arguments.get_or<std::string>("host-unique", "echoed");
  peer->host_unique = mark == "echoed"           ? HostUnique::kEchoed
                      : mark == "wrong-in-offer" ? HostUnique::kWrongInOffer
                                                 : HostUnique::kWrongInConfirmation;
  peer->address = arguments.get_or("address", peer->address);
  peer->gateway = arguments.get_or("gateway", peer->gateway);
  peer->password = arguments.get_or<std::string>("password", {});

  Client* client = clients_.find(context.state().interfaces.find_nameif(nameif));
  if (client == nullptr) return;
  if (client->phase == Phase::kDiscovery && peer->is_up) {
    wait(context, *client, until_next_request(context, *client), kDial);
  } else if (client->phase == Phase::kUp) {
    context.cancel(client->timer);
    if (peer->is_up) return;
    const SimDuration answered = (context.now() - client->since) / echo_interval_ * echo_interval_;
    const SimTime gone = client->since + answered + (kEchoesMissed + 1) * echo_interval_;
    wait(context, *client, gone - context.now(), kSilent);
  }
}

void Pppoe::on_hangup(Context& context, const Arguments& arguments) {
  const auto& nameif = arguments.get<std::string>("pppoe-hangup");
  Client* client = clients_.find(context.state().interfaces.find_nameif(nameif));
  if (client == nullptr || client->phase != Phase::kUp) return;
  end(context, *client, "Peer terminated the session");
  dial_later(context, *client);
}

void Pppoe::on_booted(Context& context, const Booted&) {
  for (Client& client : clients_) start(context, client);
}

void Pppoe::on_line(Context& context, const LineProtocolChanged& event) {
  Client* client = clients_.find(event.interface);
  if (client == nullptr || context.is_booting()) return;
  if (event.up) {
    start(context, *client);
    return;
  }
  // Nobody said goodbye, so PPP has no reason to give.
  if (client->phase == Phase::kUp) end(context, *client, "");
  stop(context, *client);
}

void Pppoe::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  Client* client = clients_.find(static_cast<InterfaceId>(data));
  if (client == nullptr) return;
  if (tag == kDial) {
    dial(context, *client);
    return;
  }
  const AccessConcentrator* peer = peer_of(context, *client);
  if (tag == kSilent) {
    end(context, *client, "Peer not responding");
    dial_later(context, *client);
  } else if (peer == nullptr) {
    dial_later(context, *client);
  } else if (tag == kOffer) {
    take_offer(context, *client, *peer);
  } else if (tag == kConfirmation) {
    take_confirmation(context, *client, *peer);
  } else {
    open(context, *client, *peer);
  }
}

/// Begins to dial, if the configuration says how and the line is there.
void Pppoe::start(Context& context, Client& client) {
  if (!client.is_enabled || !context.state().interfaces[client.interface].line_up) return;
  const VpdnGroup* group = choose_group(context, client);
  if (group == nullptr) return;
  client.user = group->local_name;
  client.failures = 0;
  enter(context, client, Phase::kDiscovery);
  dial(context, client);
}

/// The group to dial with; nullptr, and said so, if the configuration has none.
const VpdnGroup* Pppoe::choose_group(Context& context, const Client& client) {
  const VpdnConfig& vpdn = context.state().vpdn;
  if (!vpdn.has_group_for(VpdnGroup::Use::kDialoutPppoe)) {
    context.emit(msg::PppoeNoVpdnGroup{.group = client.group.empty() ? kHeader : client.group});
    return nullptr;
  }
  if (!client.group.empty()) {
    const VpdnGroup* group = vpdn.groups.find(client.group);
    if (group != nullptr && group->use == VpdnGroup::Use::kDialoutPppoe) return group;
    context.emit(msg::PppoeVpdnGroupNotFound{.interface = InterfaceName{name_of(context, client)},
                                             .group = client.group});
    return nullptr;
  }
  // Without a choice the ASA takes any of them.
  std::vector<const VpdnGroup*> usable;
  for (const VpdnGroup& group : vpdn.groups) {
    if (group.use == VpdnGroup::Use::kDialoutPppoe) usable.push_back(&group);
  }
  return usable[context.random().below(usable.size())];
}

/// Sends a PADI. If nobody is there to answer, the client repeats it, which shows nowhere: the
/// concentrator that appears asks until_next_request() for the time of the next.
void Pppoe::dial(Context& context, Client& client) {
  enter(context, client, Phase::kDiscovery);
  if (peer_of(context, client) == nullptr) return;
  wait(context, client, std::chrono::milliseconds(context.random().between(5, 40)), kOffer);
}

/// PADIs are sent after 5 s, 10 s, 20 s and so on, then at equal intervals.
SimDuration Pppoe::until_next_request(Context& context, const Client& client) const {
  SimDuration interval = redial_;
  SimTime next = client.since + interval;
  while (next < context.now() && interval < redial_limit_) {
    interval = std::min(2 * interval, redial_limit_);
    next += interval;
  }
  if (next < context.now()) next += ((context.now() - next) / interval + 1) * interval;
  return next - context.now();
}

void Pppoe::take_offer(Context& context, Client& client, const AccessConcentrator& peer) {
  if (peer.host_unique == HostUnique::kWrongInOffer) {
    context.emit(msg::PppoeBadHostUniquePado{.access_concentrator = peer.name});
    dial_later(context, client);
    return;
  }
  if (!peer.has_any_service) {
    context.emit(msg::PppoeServiceNotReceived{.interface = InterfaceName{name_of(context, client)},
                                              .access_concentrator = peer.name});
  }
  wait(context, client, std::chrono::milliseconds(context.random().between(5, 40)), kConfirmation);
}

void Pppoe::take_confirmation(Context& context, Client& client, const AccessConcentrator& peer) {
  if (peer.host_unique == HostUnique::kWrongInConfirmation) {
    context.emit(msg::PppoeBadHostUniquePads{.access_concentrator = peer.name});
    dial_later(context, client);
    return;
  }
  enter(context, client, Phase::kNegotiation);
  const SimDuration spread(
      context.random().below(static_cast<std::uint64_t>(negotiation_.count() / 2 + 1)));
  wait(context, client, negotiation_ * 3 / 4 + spread, kNegotiated);
}

/// PPP has agreed on everything that it could: authentication, then the address, then the route.
void Pppoe::open(Context& context, Client& client, const AccessConcentrator& peer) {
  const VpdnUser* user = context.state().vpdn.users.find(client.user);
  if (!peer.password.empty() && (user == nullptr || user->password != peer.password)) {
    end(context, client, "Authentication failed");
    dial_later(context, client);
    return;
  }
  for (const Interface& other : context.state().interfaces.all()) {
    const auto length = mask_length(other.mask);
    if (!other.has_address || !length) continue;
    if (!IpPrefix(other.address, *length).contains(peer.address)) continue;
    context.emit(
        msg::PppoeAddressAssignmentFailed{.address = peer.address,
                                          .netmask = ipv4_mask(32),
                                          .interface = InterfaceName{name_of(context, client)}});
    dial_later(context, client);
    return;
  }
  enter(context, client, Phase::kUp);
  client.failures = 0;
  client.address = peer.address;
  client.gateway = peer.gateway;
  if (client.sets_route) set_route(context, client);
}

void Pppoe::set_route(Context& context, Client& client) {
  for (const Route& route : context.state().routes.all()) {
    if (route.prefix.length() != 0 || route.metric > client.distance) continue;
    context.emit(msg::PppoeDefaultRouteFailed{
        .gateway = client.gateway, .interface = InterfaceName{name_of(context, client)}});
    return;
  }
  client.has_route = true;
  context.publish(DefaultRouteLearned{client.interface, client.gateway, client.distance, true});
}

/// This attempt has failed, or the session has ended: another one follows, each failure doubling the
/// wait.
void Pppoe::dial_later(Context& context, Client& client) {
  enter(context, client, Phase::kRedial);
  SimDuration delay = redial_;
  for (unsigned i = 0; i < client.failures && delay < redial_limit_; ++i) delay *= 2;
  delay = std::min(delay, redial_limit_);
  ++client.failures;
  // A little chance, so that the clients of one provider do not dial in step.
  delay += SimDuration(context.random().below(static_cast<std::uint64_t>(redial_.count() / 5 + 1)));
  wait(context, client, delay, kDial);
}

/// The PPP link is down, for a reason that may be empty.
void Pppoe::end(Context& context, Client& client, std::string_view reason) {
  stop(context, client);
  context.emit(msg::PppoeLinkDown{.header = kHeader, .reason = reason});
}

void Pppoe::stop(Context& context, Client& client) {
  context.cancel(client.timer);
  client.timer = {};
  enter(context, client, Phase::kDown);
  if (!client.has_route) return;
  client.has_route = false;
  context.publish(DefaultRouteLearned{client.interface, client.gateway, client.distance, false});
}

void Pppoe::wait(Context& context, Client& client, SimDuration delay, Timer tag) {
  context.cancel(client.timer);
  client.timer = context.after(delay, tag, static_cast<std::uint64_t>(client.interface));
}

void Pppoe::show_address(Context& context, const Arguments& arguments) {
  const auto& nameif = arguments.get<std::string>("interface");
  const Client* client = clients_.find(context.state().interfaces.find_nameif(nameif));
  if (client == nullptr || client->phase != Phase::kUp) return;
  context.print(fmt::format(
      "PPPoE Assigned IP addr: {} 255.255.255.255 on Interface: {}\nRemote IP addr: {}\n",
      to_string(client->address), nameif, to_string(client->gateway)));
}

void Pppoe::show_sessions(Context& context, const Arguments&) {
  std::size_t sessions = 0;
  for (const Client& client : clients_) sessions += client.phase == Phase::kUp ? 1 : 0;
  if (sessions == 0) {
    context.print("%No active PPPoE tunnels\n");
    return;
  }
  context.print(
      fmt::format("PPPoE Session Information (Total tunnels={0} sessions={0})\n", sessions));
  std::size_t number = 0;
  for (const Client& client : clients_) {
    if (client.phase != Phase::kUp) continue;
    const auto age =
        std::chrono::duration_cast<std::chrono::seconds>(context.now() - client.since).count();
    context.print(
        fmt::format("Remote Internet Address is {}\n"
                    "  Session state is SESSION_UP\n"
                    "    Time since event change {} secs, interface {}\n"
                    "    PPP interface id is {}\n",
                    to_string(client.gateway), age, name_of(context, client), ++number));
  }
}

}  // namespace

void register_pppoe(Registry& registry);
void register_pppoe(Registry& registry) {
  registry.add<Pppoe>("pppoe");
}

}  // namespace asaemu
