// OSPF authentication: hellos that need a valid key of a key chain, and neighbours whose keys we know
// or do not.
//
// Scope: [no] router ospf, network … area; ospf authentication key-chain, ospf hello-interval; the world
//   event `ospf-neighbor`; messages 409014 to 409017; show ospf interface.
// Limitations: only authentication is modelled: no adjacencies, databases or routes. A hello's faults
//   are reported each time it is due; of several valid keys the one whose send lifetime began last is
//   used, the higher id if equal. What direction words other than `send` and `received` there are is
//   not known. Distance-vector neighbours and virtual links are left out.
// State: an interface a hello timer, at most kInterfaceBound, and one a wrong neighbour; timers run only
//   while something is wrong, otherwise they wait for the next lifetime to begin or end. Neighbours, at
//   most kNeighborBound, are the world's and outlive a reload.
// Validation: none against a device; the repetition with every hello from asa-behaviour F.
// References: asa-behaviour F (OSPF); syslog guide 409014 to 409017.
#include "messages/ospf.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr Mode kRouterMode{"config-router"};
constexpr std::size_t kInterfaceBound = 256;
constexpr std::size_t kNeighborBound = 256;
constexpr std::size_t kNetworkBound = 256;
// The only ids that an OSPF packet can carry.
constexpr std::uint64_t kKeyIdMin = 1;
constexpr std::uint64_t kKeyIdMax = 255;

constexpr std::chrono::seconds kDefaultHello = 10s;

struct OspfNetwork {
  IpPrefix prefix;
  std::uint64_t area = 0;
};

struct OspfInterface {
  std::string key_chain;  ///< empty: no authentication
  SimDuration hello = kDefaultHello;
  SimTime first_hello{};  ///< where its hellos' rhythm begins
  TimerHandle timer{};
};

struct OspfNeighbor {
  IpAddress address;
  std::string nameif;
  std::uint64_t key_id = 0;
  bool is_up = true;
  SimTime first_hello{};
};

struct FarEnds {
  BoundedTable<IpAddress, OspfNeighbor> neighbors{kNeighborBound};
};

/// The first instant not before `earliest` in a rhythm.
SimTime next_beat(SimTime first, SimDuration interval, SimTime earliest) {
  if (earliest <= first) return first;
  return first + ((earliest - first - 1ns) / interval + 1) * interval;
}

class Ospf final : public Subsystem {
 public:
  explicit Ospf(Claims& claims) : far_ends_(claims.kept<FarEnds>()) {}

  static void declare(Declarations<Ospf>& declare);

 private:
  enum Timer : std::uint16_t { kHello, kReceived };

  void enter_router(Context& context, const Arguments& arguments);
  void remove_router(Context& context, const Arguments&);
  void set_network(Context& context, const Arguments& arguments);
  void set_key_chain(Context& context, const Arguments& arguments);
  void set_hello(Context& context, const Arguments& arguments);
  void on_neighbor(Context& context, const Arguments& arguments);
  void on_booted(Context& context, const Booted&) { settle_all(context); }
  void on_keys(Context& context, const KeyChainsChanged&) { settle_all(context); }
  void on_clock(Context& context, const ClockChanged&) { settle_all(context); }
  void on_line(Context& context, const LineProtocolChanged&) { settle_all(context); }
  void on_interface(Context& context, const InterfaceConfigured&) { settle_all(context); }
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void show(Context& context, const Arguments&);

  OspfInterface* current(Context& context);
  [[nodiscard]] bool runs_on(Context& context, InterfaceId id) const;
  void settle_all(Context& context);
  void settle(Context& context, InterfaceId id, SimTime earliest);
  bool say_hello(Context& context, InterfaceId id, const OspfInterface& interface, bool aloud);
  void listen(Context& context, const OspfNeighbor& neighbor, SimTime earliest);
  [[nodiscard]] bool knows_key(Context& context, const OspfNeighbor& neighbor) const;
  [[nodiscard]] static const ChainKey* send_key(const KeyChain& chain, CalendarTime now);

  BoundedTable<InterfaceId, OspfInterface> interfaces_{kInterfaceBound};
  BoundedTable<IpAddress, TimerHandle> receptions_{kNeighborBound};  // by neighbour
  std::vector<OspfNetwork> networks_;
  FarEnds& far_ends_;
};

void Ospf::declare(Declarations<Ospf>& declare) {
  static constexpr std::array<std::string_view, 2> kStates{"up", "down"};
  declare.config<&Ospf::enter_router>("router ospf <number:process:1-65535>", "Configure OSPF");
  declare.config<&Ospf::remove_router>("no router ospf <number:process:1-65535>", "Remove OSPF");
  declare.command<&Ospf::set_network>(
      kRouterMode, "[no] network <ip:network> <ip:mask> area <number:area:0-4294967295>",
      "Run OSPF on the interfaces of a network");
  declare.command<&Ospf::set_key_chain>(kInterfaceMode,
                                        "ospf authentication key-chain <word:chain>",
                                        "Authenticate OSPF with a key chain");
  declare.command<&Ospf::set_key_chain>(kInterfaceMode,
                                        "no ospf authentication [key-chain [<word:was>]]",
                                        "Do not authenticate OSPF");
  declare.command<&Ospf::set_hello>(kInterfaceMode,
                                    "{ospf hello-interval <number:seconds:1-8192>|"
                                    "no ospf hello-interval [<number:was:1-8192>]}",
                                    "Set the time between hellos");
  declare.exec<&Ospf::show>("show ospf interface", "Show interfaces that run OSPF");
  declare.world<&Ospf::on_neighbor>(
      "ospf-neighbor", "an OSPF neighbour comes, changes its key, or goes",
      {{FieldDef{.name = "ospf-neighbor", .kind = FieldKind::kIp}, "its address"},
       {FieldDef{.name = "interface", .kind = FieldKind::kWord}, "the nameif it is behind"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
        "whether it sends hellos"},
       {FieldDef{.name = "key-id", .kind = FieldKind::kNumber}, "the key it signs with", false}});
  declare.on<&Ospf::on_booted>();
  declare.on<&Ospf::on_keys>();
  declare.on<&Ospf::on_clock>();
  declare.on<&Ospf::on_line>();
  declare.on<&Ospf::on_interface>();
}

void Ospf::enter_router(Context& context, const Arguments& arguments) {
  context.enter_mode(kRouterMode, arguments.get<std::uint64_t>("process"));
}

void Ospf::remove_router(Context& context, const Arguments&) {
  networks_.clear();
  settle_all(context);
}

void Ospf::set_network(Context& context, const Arguments& arguments) {
  const auto length = mask_length(arguments.get<IpAddress>("mask"));
  if (!length) {
    context.print("ERROR: Invalid netmask\n");
    return;
  }
  const IpPrefix prefix(arguments.get<IpAddress>("network"), *length);
  std::erase_if(networks_, [&](const OspfNetwork& network) { return network.prefix == prefix; });
  if (!arguments.has("no")) {
    if (networks_.size() == kNetworkBound) {
      context.print("ERROR: Maximum number of networks reached\n");
      return;
    }
    networks_.push_back({prefix, arguments.get<std::uint64_t>("area")});
  }
  settle_all(context);
}

/// The interface that is configured, made if there is none.
OspfInterface* Ospf::current(Context& context) {
  const auto id = static_cast<InterfaceId>(context.mode_object());
  OspfInterface* interface = interfaces_.find(id);
  if (interface == nullptr) {
    interface = interfaces_.insert(id, OspfInterface{});
    if (interface == nullptr) {
      context.print("ERROR: Maximum number of OSPF interfaces reached\n");
      return nullptr;
    }
    // Interfaces do not send their hellos in step.
    interface->first_hello =
        context.now() + std::chrono::milliseconds(context.random().between(50, 9950));
  }
  return interface;
}

void Ospf::set_key_chain(Context& context, const Arguments& arguments) {
  OspfInterface* interface = current(context);
  if (interface == nullptr) return;
  interface->key_chain = arguments.get_or<std::string>("chain", {});
  settle_all(context);
}

void Ospf::set_hello(Context& context, const Arguments& arguments) {
  OspfInterface* interface = current(context);
  if (interface == nullptr) return;
  interface->hello =
      std::chrono::seconds(arguments.get_or<std::uint64_t>("seconds", kDefaultHello.count()));
  settle_all(context);
}

void Ospf::on_neighbor(Context& context, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("ospf-neighbor");
  OspfNeighbor* neighbor = far_ends_.neighbors.find(address);
  if (neighbor == nullptr) neighbor = far_ends_.neighbors.insert(address, OspfNeighbor{});
  if (neighbor == nullptr) return;
  neighbor->address = address;
  neighbor->nameif = arguments.get<std::string>("interface");
  neighbor->is_up = arguments.get<std::string>("state") == "up";
  neighbor->key_id = arguments.get_or("key-id", neighbor->key_id);
  neighbor->first_hello =
      context.now() + std::chrono::milliseconds(context.random().between(0, 2000));
  listen(context, *neighbor, context.now());
}

bool Ospf::runs_on(Context& context, InterfaceId id) const {
  const Interface& interface = context.state().interfaces[id];
  return interface.line_up && interface.has_address && !interface.nameif.empty() &&
         std::any_of(networks_.begin(), networks_.end(), [&](const OspfNetwork& network) {
           return network.prefix.contains(interface.address);
         });
}

/// Something changed that may make hellos right or wrong.
void Ospf::settle_all(Context& context) {
  if (context.is_booting()) return;
  for (auto at = interfaces_.begin(); at != interfaces_.end(); ++at) {
    settle(context, at.key(), context.now());
  }
  for (const OspfNeighbor& neighbor : far_ends_.neighbors) {
    listen(context, neighbor, context.now());
  }
}

/// Sets the interface's timer: to the next hello if that will be wrong, else to the first one after a
/// key's lifetime begins or ends.
void Ospf::settle(Context& context, InterfaceId id, SimTime earliest) {
  OspfInterface& interface = *interfaces_.find(id);
  context.cancel(interface.timer);
  interface.timer = {};
  if (interface.key_chain.empty() || !runs_on(context, id)) return;
  SimTime wake = earliest;
  if (say_hello(context, id, interface, false)) {
    const KeyChain* chain = context.state().key_chains.find(interface.key_chain);
    const auto change = chain->next_change(context.calendar());
    if (!change) return;
    wake = std::max(earliest, context.now() + (*change - context.calendar()));
  }
  const SimTime hello = next_beat(interface.first_hello, interface.hello, wake);
  interface.timer = context.after(hello - context.now(), kHello, static_cast<std::uint64_t>(id));
}

/// Whether a hello can be signed now, and faultlessly; `aloud` reports what is wrong.
bool Ospf::say_hello(Context& context, InterfaceId id, const OspfInterface& interface, bool aloud) {
  const InterfaceName name{context.state().interfaces[id].nameif};
  const KeyChain* chain = context.state().key_chains.find(interface.key_chain);
  if (chain == nullptr) {
    if (aloud) {
      context.emit(msg::OspfKeyChainMissing{.key_chain = interface.key_chain, .interface = name});
    }
    return false;
  }
  bool is_faultless = true;
  for (const ChainKey& key : chain->keys) {
    if (key.id >= kKeyIdMin && key.id <= kKeyIdMax) continue;
    is_faultless = false;
    if (aloud) {
      context.emit(msg::OspfKeyIdOutOfRange{.key_id = key.id, .key_chain = chain->name});
    }
  }
  if (send_key(*chain, context.calendar()) != nullptr) return is_faultless;
  if (aloud) context.emit(msg::OspfNoValidKey{.direction = "send", .interface = name});
  return false;
}

/// The key to sign with; nullptr if none is valid.
const ChainKey* Ospf::send_key(const KeyChain& chain, CalendarTime now) {
  const ChainKey* best = nullptr;
  for (const ChainKey& key : chain.keys) {
    const bool is_usable = key.id >= kKeyIdMin && key.id <= kKeyIdMax && !key.text.empty();
    if (!is_usable || !key.send.contains(now)) continue;
    if (best == nullptr || key.send.start >= best->send.start) best = &key;
  }
  return best;
}

/// Sets a neighbour's timer to its next hello, if we will not know its key.
void Ospf::listen(Context& context, const OspfNeighbor& neighbor, SimTime earliest) {
  TimerHandle* timer = receptions_.find(neighbor.address);
  if (timer == nullptr) timer = receptions_.insert(neighbor.address, TimerHandle{});
  context.cancel(*timer);
  *timer = {};
  if (!neighbor.is_up || knows_key(context, neighbor)) return;
  const InterfaceId id = context.state().interfaces.find_nameif(neighbor.nameif);
  const SimTime hello = next_beat(neighbor.first_hello, interfaces_.find(id)->hello, earliest);
  const auto place = std::distance(
      far_ends_.neighbors.begin(),
      std::find_if(far_ends_.neighbors.begin(), far_ends_.neighbors.end(),
                   [&](const OspfNeighbor& other) { return other.address == neighbor.address; }));
  *timer = context.after(hello - context.now(), kReceived, static_cast<std::uint64_t>(place));
}

/// True also if there is nothing to know: no authentication, or no chain to look into.
bool Ospf::knows_key(Context& context, const OspfNeighbor& neighbor) const {
  const InterfaceId id = context.state().interfaces.find_nameif(neighbor.nameif);
  const OspfInterface* interface = id == kNoInterface ? nullptr : interfaces_.find(id);
  if (interface == nullptr || interface->key_chain.empty() || !runs_on(context, id)) return true;
  const KeyChain* chain = context.state().key_chains.find(interface->key_chain);
  return chain == nullptr || chain->find(neighbor.key_id) != nullptr;
}

void Ospf::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  if (tag == kHello) {
    const auto id = static_cast<InterfaceId>(data);
    say_hello(context, id, *interfaces_.find(id), true);
    settle(context, id, context.now() + 1ns);
    return;
  }
  const auto at = std::next(far_ends_.neighbors.begin(), static_cast<std::ptrdiff_t>(data));
  const OspfNeighbor& neighbor = *at;
  context.emit(msg::OspfKeyIdUnknown{.key_id = neighbor.key_id,
                                     .direction = "received",
                                     .interface = InterfaceName{neighbor.nameif}});
  listen(context, neighbor, context.now() + 1ns);
}

void Ospf::show(Context& context, const Arguments&) {
  for (auto at = interfaces_.begin(); at != interfaces_.end(); ++at) {
    if (!runs_on(context, at.key())) continue;
    const Interface& interface = context.state().interfaces[at.key()];
    context.print(fmt::format(
        "\n{} is up, line protocol is up \n"
        "  Internet Address {} mask {}\n"
        "  Timer intervals configured, Hello {}\n",
        interface.nameif, to_string(interface.address), to_string(interface.mask), at->hello / 1s));
    if (at->key_chain.empty()) continue;
    const KeyChain* chain = context.state().key_chains.find(at->key_chain);
    const ChainKey* key = chain == nullptr ? nullptr : send_key(*chain, context.calendar());
    context.print(
        fmt::format("  Cryptographic authentication enabled\n"
                    "    Sending SA: {} - Key chain {}\n",
                    key == nullptr ? "none" : fmt::format("Key {}", key->id), at->key_chain));
  }
}

}  // namespace

void register_ospf(Registry& registry);
void register_ospf(Registry& registry) {
  registry.add<Ospf>("ospf");
}

}  // namespace asaemu
