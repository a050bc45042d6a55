// PPTP: clients that dial in; a control connection, a PPP session over GRE, an address from a pool.
//
// Scope: `vpdn enable`; calls as the world event `pptp-call` places them and `pptp-hangup` ends them:
//   control connection, PPP negotiation against the vpdn group, user check by the local list or an AAA
//   server, MPPE keys, address, echo requests; GRE packets to the device; messages 403101 to 403110;
//   show vpdn session pptp.
// Limitations: the first group that accepts dial-in answers every call; user traffic inside a call is
//   not routed. Real releases dropped PPTP termination with the PIX. In which order the group's faults
//   are found, what the reasons of 403102 are and what 403109 shows of a packet is inferred. Call and
//   tunnel have the same number.
// State: a call a client, at most kCallBound or the option `pptp-connections`. Lost at reload.
// Validation: none against a device.
// References: asa-behaviour F (PPTP/PPPoE); syslog guide 403101 to 403110; RFC 2637 (echo requests
//   after 60 s, another 60 s for the reply).
#include "messages/pptp.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kCallBound = 4096;
constexpr IpProtocol kProtocolGre{47};
constexpr std::uint64_t kEnhancedGre = 1;  ///< the GRE version of PPTP
constexpr SimDuration kEchoInterval = 60s;
constexpr SimDuration kEchoReply = 60s;

// PPP protocol numbers.
constexpr std::uint64_t kPppIp = 0x0021;
constexpr auto kPppProtocols =
    std::to_array<std::uint64_t>({kPppIp, 0x00FD, 0x8021, 0x80FD, 0xC021, 0xC023, 0xC223});

struct Call {
  enum class Phase : std::uint8_t { kControl, kNegotiation, kUp };

  std::uint16_t id = 0;
  std::string interface;  ///< the PPP virtual interface, a number
  IpAddress client;
  IpAddress assigned;
  std::string user;
  std::string group;
  InterfaceId in = kNoInterface;
  Phase phase = Phase::kControl;
  SimTime since{};
  TimerHandle timer{};
};

using Phase = Call::Phase;

/// The numbers of our packet fields, given when the program's registry is built.
struct GreFields {
  std::uint16_t version = 0;
  std::uint16_t call_id = 0;
  std::uint16_t ppp_protocol = 0;
};
GreFields gre;

class Pptp final : public Subsystem {
 public:
  explicit Pptp(Claims& claims)
      : limit_(claims.option<std::uint64_t>("pptp-connections")),
        negotiation_(claims.option<SimDuration>("pptp-negotiation")) {}

  static void declare(Declarations<Pptp>& declare);

 private:
  enum Timer : std::uint16_t { kConnected, kNegotiated, kSilent };

  void enable(Context& context, const Arguments& arguments);
  void on_call(Context& context, const Arguments& arguments);
  void on_hangup(Context& context, const Arguments& arguments);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void show(Context& context, const Arguments&);
  Verdict receive(Context& context, Packet& packet);

  [[nodiscard]] static const VpdnGroup* answering_group(const VpdnConfig& vpdn);
  [[nodiscard]] bool is_enabled(InterfaceId interface) const {
    return std::find(enabled_.begin(), enabled_.end(), interface) != enabled_.end();
  }
  [[nodiscard]] std::uint16_t free_id() const;
  [[nodiscard]] bool is_group_fit(Context& context, const VpdnGroup& group, const Call& call) const;
  [[nodiscard]] bool admits(Context& context, const VpdnGroup& group, const Call& call) const;
  [[nodiscard]] std::optional<IpAddress> free_address(const AddressPool& pool) const;
  void negotiate(Context& context, Call& call);
  void open(Context& context, Call& call);
  void end(Context& context, const Call& call);
  Verdict receive_ppp(Context& context, const Call& call, std::uint64_t protocol) const;

  BoundedTable<IpAddress, Call> calls_{kCallBound};
  std::vector<InterfaceId> enabled_;
  std::uint64_t limit_;
  SimDuration negotiation_;
};

void Pptp::declare(Declarations<Pptp>& declare) {
  static constexpr std::array<std::string_view, 2> kEnds{"closes", "vanishes"};
  declare.option(FieldDef{.name = "pptp-connections", .kind = FieldKind::kNumber}, "255",
                 "most PPTP connections; one more is 403103 (inferred)");
  declare.option(FieldDef{.name = "pptp-negotiation", .kind = FieldKind::kDuration}, "0:00:02",
                 "time PPP takes to agree in a PPTP call, about (inferred)");
  declare.config<&Pptp::enable>("[no] vpdn enable <nameif:interface>",
                                "Let clients dial in on an interface");
  declare.exec<&Pptp::show>("show vpdn session pptp [state]", "Show PPTP sessions");
  declare.world<&Pptp::on_call>(
      "pptp-call", "a PPTP client dials in",
      {{FieldDef{.name = "pptp-call", .kind = FieldKind::kIp}, "the client's address"},
       {FieldDef{.name = "user", .kind = FieldKind::kWord}, "whom it logs in as"}});
  declare.world<&Pptp::on_hangup>(
      "pptp-hangup", "a PPTP client is gone",
      {{FieldDef{.name = "pptp-hangup", .kind = FieldKind::kIp}, "the client's address"},
       {FieldDef{.name = "how", .kind = FieldKind::kOneOf, .choices = kEnds},
        "whether it closes the call (default) or just falls silent", false}});
  gre.version = declare.packet_field(FieldDef{.name = "gre-version", .kind = FieldKind::kNumber},
                                     "GRE version; 1, that of PPTP, if left out");
  gre.call_id = declare.packet_field(FieldDef{.name = "gre-call-id", .kind = FieldKind::kNumber},
                                     "PPTP call the GRE packet belongs to");
  gre.ppp_protocol =
      declare.packet_field(FieldDef{.name = "ppp-protocol", .kind = FieldKind::kNumber},
                           "PPP protocol inside GRE; encrypted data if left out");
  declare.stage<&Pptp::receive>(PathStage::kConnection);
}

void Pptp::enable(Context& context, const Arguments& arguments) {
  const InterfaceId id =
      context.state().interfaces.find_nameif(arguments.get<std::string>("interface"));
  std::erase(enabled_, id);
  if (!arguments.has("no")) enabled_.push_back(id);
}

const VpdnGroup* Pptp::answering_group(const VpdnConfig& vpdn) {
  for (const VpdnGroup& group : vpdn.groups) {
    if (group.use == VpdnGroup::Use::kDialinPptp) return &group;
  }
  return nullptr;
}

/// The lowest number that no call has.
std::uint16_t Pptp::free_id() const {
  std::vector<bool> taken(calls_.size() + 2);
  for (const Call& call : calls_) {
    if (call.id < taken.size()) taken[call.id] = true;
  }
  std::uint16_t id = 1;
  while (taken[id]) ++id;
  return id;
}

void Pptp::on_call(Context& context, const Arguments& arguments) {
  const auto& client = arguments.get<IpAddress>("pptp-call");
  const auto& state = context.state();
  const InterfaceId in = state.routes.lookup(client, state.interfaces);
  const VpdnGroup* group = answering_group(state.vpdn);
  if (in == kNoInterface || !is_enabled(in) || group == nullptr) return;
  if (calls_.find(client) != nullptr) return;
  if (calls_.size() >= limit_ || calls_.full()) {
    context.emit(msg::PppMaxConnectionsReached{});
    return;
  }
  Call call;
  call.id = free_id();
  call.interface = fmt::to_string(call.id);
  call.client = client;
  call.user = arguments.get<std::string>("user");
  call.group = group->name;
  call.in = in;
  call.since = context.now();
  const auto handshake = std::chrono::milliseconds(context.random().between(40, 200));
  call.timer = context.after(handshake, kConnected, call.id);
  calls_.insert(client, std::move(call));
}

void Pptp::on_hangup(Context& context, const Arguments& arguments) {
  Call* call = calls_.find(arguments.get<IpAddress>("pptp-hangup"));
  if (call == nullptr) return;
  context.cancel(call->timer);
  if (arguments.get_or<std::string>("how", "closes") == "closes" || call->phase != Phase::kUp) {
    end(context, *call);
    return;
  }
  const VpdnGroup* group = context.state().vpdn.groups.find(call->group);
  const bool has_interval = group != nullptr && group->echo_interval > SimDuration{};
  const SimDuration interval = has_interval ? group->echo_interval : kEchoInterval;
  const SimDuration until_echo = interval - (context.now() - call->since) % interval;
  call->timer = context.after(until_echo + kEchoReply, kSilent, call->id);
}

void Pptp::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  for (Call& call : calls_) {
    if (call.id != data) continue;
    if (tag == kConnected) {
      negotiate(context, call);
    } else if (tag == kNegotiated) {
      open(context, call);
    } else {
      end(context, call);
    }
    return;
  }
}

/// PPP begins: the group must say all that a session needs.
void Pptp::negotiate(Context& context, Call& call) {
  const VpdnGroup* group = context.state().vpdn.groups.find(call.group);
  if (group == nullptr || !is_group_fit(context, *group, call)) {
    end(context, call);
    return;
  }
  call.phase = Phase::kNegotiation;
  const SimDuration spread(
      context.random().below(static_cast<std::uint64_t>(negotiation_.count() / 2 + 1)));
  call.timer = context.after(negotiation_ * 3 / 4 + spread, kNegotiated, call.id);
}

bool Pptp::is_group_fit(Context& context, const VpdnGroup& group, const Call& call) const {
  const InterfaceName interface { call.interface };
  if (group.encrypts && group.authentication != "mschap") {
    context.emit(msg::PppMppeRequiresMschap{.interface = interface});
    return false;
  }
  if (group.client_check != VpdnGroup::ClientCheck::kLocal) {
    const auto* servers = context.state().aaa_servers.groups.find(group.aaa_group);
    if (servers == nullptr || servers->servers.empty()) {
      context.emit(msg::PppMissingAaaServerGroup{.interface = interface});
      return false;
    }
    if (group.encrypts && servers->protocol != "radius") {
      context.emit(msg::PppMppeRequiresRadius{.interface = interface});
      return false;
    }
  }
  if (context.state().vpdn.pools.find(group.address_pool) == nullptr) {
    context.emit(msg::PppMissingClientAddress{.interface = interface});
    return false;
  }
  return true;
}

/// Whether the user may come in, with the keys that encryption needs.
bool Pptp::admits(Context& context, const VpdnGroup& group, const Call& call) const {
  const DeviceState& state = context.state();
  if (group.client_check == VpdnGroup::ClientCheck::kLocal) {
    return state.vpdn.users.find(call.user) != nullptr;
  }
  const auto* servers = state.aaa_servers.groups.find(group.aaa_group);
  if (servers == nullptr) return false;
  for (const AaaServer& server : servers->servers) {
    const AaaFarEnd far_end = state.aaa_servers.far_end(server.address);
    if (!far_end.answers) continue;
    if (!group.encrypts || far_end.sends_mppe_keys) return true;
    context.emit(
        msg::PppMissingMppeKey{.interface = InterfaceName{call.interface}, .user = call.user});
    return false;
  }
  return false;
}

std::optional<IpAddress> Pptp::free_address(const AddressPool& pool) const {
  for (IpAddress address = pool.first; address <= pool.last; address = address.plus(1)) {
    bool is_taken = false;
    for (const Call& call : calls_) is_taken = is_taken || call.assigned == address;
    if (!is_taken) return address;
    if (address == pool.last) break;
  }
  return std::nullopt;
}

void Pptp::open(Context& context, Call& call) {
  const VpdnGroup* group = context.state().vpdn.groups.find(call.group);
  const AddressPool* pool =
      group == nullptr ? nullptr : context.state().vpdn.pools.find(group->address_pool);
  const auto address = pool == nullptr ? std::nullopt : free_address(*pool);
  if (!address || !admits(context, *group, call)) {
    end(context, call);
    return;
  }
  call.assigned = *address;
  call.phase = Phase::kUp;
  call.since = context.now();
}

void Pptp::end(Context& context, const Call& call) {
  context.cancel(call.timer);
  calls_.erase(IpAddress(call.client));
}

/// GRE to an address of an interface where clients may dial in is PPTP's, or pretends to be.
Verdict Pptp::receive(Context& context, Packet& packet) {
  if (packet.protocol != kProtocolGre || !is_enabled(packet.in)) return Verdict::kPass;
  if (context.state().interfaces[packet.in].address != packet.destination) return Verdict::kPass;
  const auto field = [&](std::uint16_t number, std::uint64_t otherwise) {
    for (const auto& extra : packet.extras) {
      if (extra.field == number) return std::get<std::uint64_t>(extra.value);
    }
    return otherwise;
  };
  const std::uint64_t id = field(gre.call_id, 0);
  const Call* call = calls_.find(packet.source);
  const bool is_foreign = std::any_of(calls_.begin(), calls_.end(), [&](const Call& other) {
    return other.id == id && other.client != packet.source;
  });
  if (field(gre.version, kEnhancedGre) != kEnhancedGre || is_foreign) {
    // What an IP packet of this length begins with.
    const std::string data = fmt::format("4500{:04x}", packet.length);
    context.emit(msg::PptpSpoofedPacket{
        .destination = packet.destination, .source = packet.source, .data = data});
    return Verdict::kDrop;
  }
  if (call == nullptr || call->id != id) {
    context.emit(msg::PptpSessionNotEstablished{.tunnel_id = id, .session_id = id});
    return Verdict::kDrop;
  }
  const VpdnGroup* group = context.state().vpdn.groups.find(call->group);
  const bool encrypts = group != nullptr && group->encrypts;
  return receive_ppp(context, *call, field(gre.ppp_protocol, encrypts ? 0x00FD : kPppIp));
}

Verdict Pptp::receive_ppp(Context& context, const Call& call, std::uint64_t protocol) const {
  const VpdnGroup* group = context.state().vpdn.groups.find(call.group);
  const bool is_known =
      std::find(kPppProtocols.begin(), kPppProtocols.end(), protocol) != kPppProtocols.end();
  const bool is_clear = protocol == kPppIp && group != nullptr && group->encrypts;
  // Network protocols begin when the link is up (RFC 1661).
  const bool is_early = call.phase != Phase::kUp && (protocol == kPppIp || protocol == 0x00FD);
  if (is_known && !is_clear && !is_early) return Verdict::kPass;
  const std::string number = fmt::format("0x{:04x}", protocol);
  context.emit(msg::PppInvalidProtocol{.interface = InterfaceName{call.interface},
                                       .protocol = number,
                                       .reason = !is_known  ? "unknown protocol"
                                                 : is_early ? "link not up"
                                                            : "not encrypted"});
  return Verdict::kDrop;
}

void Pptp::show(Context& context, const Arguments&) {
  const auto is_up = [](const Call& call) { return call.phase == Phase::kUp; };
  const auto up = std::count_if(calls_.begin(), calls_.end(), is_up);
  if (up == 0) {
    context.print("%No active PPTP tunnels\n");
    return;
  }
  context.print(fmt::format("PPTP Session Information (Total tunnels={0} sessions={0})\n\n", up));
  for (const Call& call : calls_) {
    if (!is_up(call)) continue;
    const auto age =
        std::chrono::duration_cast<std::chrono::seconds>(context.now() - call.since).count();
    context.print(
        fmt::format("Call id {0} is up on tunnel id {0}\n"
                    "  Internet Address is {1}\n"
                    "  Session username is {2}, state is estabd\n"
                    "    Time since change {3} secs, interface {4}\n"
                    "    PPP interface id is {0}\n"
                    "    Client IP address is {5}\n",
                    call.id, to_string(call.client), call.user, age,
                    context.state().interfaces[call.in].nameif, to_string(call.assigned)));
  }
}

}  // namespace

void register_pptp(Registry& registry);
void register_pptp(Registry& registry) {
  registry.add<Pptp>("pptp");
}

}  // namespace asaemu
