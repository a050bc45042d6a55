// IKE: agrees on SAs with peers and users, and notices that they are gone.
//
// Scope: negotiation of IPsec SAs for LAN-to-LAN peers and remote-access users, in either role; dead
//   peer detection; the world events `ipsec-peer`, `vpn-user-connects` and `vpn-user-leaves`.
// Limitations: a negotiation is a delay and an outcome; IKE's own messages (713xxx, 113019, 602303)
//   and SAs are not modelled, IKEv1 and IKEv2 differ in name only. A peer agrees to whatever this
//   device is configured for, and knows its keys. No NAT traversal, no idle or session timeout. A
//   user's inner address is what the world says; there are no pools.
// State: the negotiations under way, at most SaDatabase::kBound; the peers that are away, as many,
//   which a reload does not bring back.
// Validation: none against a device; keepalive defaults and timings from asa-behaviour C.1 and C.2.
// References: asa-behaviour C.1 to C.3; RFC 2367 for the division of work with the SA database.
#include "model/contract/declarations.hpp"
#include "model/state/crypto_policy.hpp"

namespace asaemu {

namespace {

/// A peer that answers nothing.
struct AwayPeer {
  TimerHandle declared_dead;
};

/// By address, in the order they went.
struct AwayPeers {
  BoundedTable<IpAddress, AwayPeer> peers{SaDatabase::kBound};
};

class Ike final : public Subsystem {
 public:
  explicit Ike(Claims& claims)
      : away_(claims.kept<AwayPeers>().peers),
        setup_(claims.option<SimDuration>("ike-setup")),
        timeout_(claims.option<SimDuration>("ike-timeout")),
        questions_(claims.option<std::uint64_t>("ike-keepalive-questions")) {}

  static void declare(Declarations<Ike>& declare);

 private:
  enum Timer : std::uint16_t { kNegotiationEnds, kPeerIsDead };
  using What = VpnPeerChanged::What;

  void on_needed(Context& context, const SaNeeded& event) { begin(context, event.request); }
  void begin(Context& context, const SaRequest& request);
  void end_negotiation(Context& context, std::uint64_t number);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  void on_peer(Context& context, const Arguments& arguments);
  void connect(Context& context, const IpAddress& peer);
  void vanish(Context& context, const IpAddress& peer);
  void come_back(Context& context, const IpAddress& peer);
  void on_user_connects(Context& context, const Arguments& arguments);
  void on_user_leaves(Context& context, const Arguments& arguments);

  [[nodiscard]] bool is_away(const IpAddress& peer) const { return away_.find(peer) != nullptr; }

  static bool is_configured(const DeviceState& state, const SaRequest& request);

  BoundedTable<IpAddress, AwayPeer>& away_;
  SimDuration setup_;
  SimDuration timeout_;
  std::uint64_t questions_;
  BoundedTable<std::uint64_t, SaRequest> negotiations_{SaDatabase::kBound};
  HashIndex<Selectors, std::uint64_t, SelectorsHash> by_selectors_;
  std::uint64_t last_number_ = 0;
};

void Ike::declare(Declarations<Ike>& declare) {
  declare.option(FieldDef{.name = "ike-setup", .kind = FieldKind::kDuration}, "0:00:01",
                 "longest time a negotiation of SAs takes with a peer that answers");
  declare.option(FieldDef{.name = "ike-timeout", .kind = FieldKind::kDuration}, "0:00:32",
                 "time after which a negotiation with a silent peer is given up (inferred)");
  declare.option(FieldDef{.name = "ike-keepalive-questions", .kind = FieldKind::kNumber}, "3",
                 "unanswered keepalives after which a peer is taken for dead (inferred)");

  static constexpr std::array<std::string_view, 5> kDoings{"connect", "disconnect", "vanish",
                                                           "return", "restart"};
  declare.world<&Ike::on_peer>(
      "ipsec-peer", "something happens at the far end of LAN-to-LAN tunnels",
      {{FieldDef{.name = "ipsec-peer", .kind = FieldKind::kIp}, "the peer's address"},
       {FieldDef{.name = "does", .kind = FieldKind::kOneOf, .choices = kDoings},
        "connect: it sets up its tunnels; disconnect: it takes them down; vanish: it neither "
        "sends nor answers; return: it is there again, with the SAs it had; restart: it lost "
        "them"}});
  declare.world<&Ike::on_user_connects>(
      "vpn-user-connects", "a remote-access user sets up a tunnel",
      {{FieldDef{.name = "vpn-user-connects", .kind = FieldKind::kWord}, "the user's name"},
       {FieldDef{.name = "from", .kind = FieldKind::kIp}, "the user's public address"},
       {FieldDef{.name = "assigned", .kind = FieldKind::kIp}, "the inner address the user gets"}});
  static constexpr std::array<std::string_view, 2> kWays{"disconnect", "vanish"};
  declare.world<&Ike::on_user_leaves>(
      "vpn-user-leaves", "a remote-access user is gone",
      {{FieldDef{.name = "vpn-user-leaves", .kind = FieldKind::kWord}, "the user's name"},
       {FieldDef{.name = "how", .kind = FieldKind::kOneOf, .choices = kWays},
        "disconnect: in good order; vanish: without a word"}});
  declare.on<&Ike::on_needed>();
}

/// Whether this device would negotiate for that: entry, algorithms and connection profile are there.
bool Ike::is_configured(const DeviceState& state, const SaRequest& request) {
  const CryptoMapEntry* const entry = find_entry(state, request);
  if (entry == nullptr || state.crypto.transform_of(*entry) == nullptr) return false;
  if (!entry->dynamic_map.empty()) return !request.user.empty();
  const TunnelGroup* const group = state.crypto.find_tunnel_group(to_string(request.peer));
  return entry->peer == request.peer && group != nullptr && group->is_l2l;
}

void Ike::begin(Context& context, const SaRequest& request) {
  if (by_selectors_.find(request.selectors) != nullptr) return;
  const bool is_silent = is_away(request.peer);
  if (!is_configured(context.state(), request) || (is_silent && request.peer_initiates) ||
      negotiations_.insert(last_number_ + 1, request) == nullptr) {
    context.publish(SaRefused{request});
    return;
  }
  by_selectors_.insert(request.selectors, ++last_number_);
  const auto longest = static_cast<std::uint64_t>(setup_.count());
  const SimDuration takes(context.random().between(longest / 5, longest));
  context.after(is_silent ? timeout_ : takes, kNegotiationEnds, last_number_);
}

void Ike::end_negotiation(Context& context, std::uint64_t number) {
  const SaRequest* const found = negotiations_.find(number);
  if (found == nullptr) return;
  const SaRequest request = *found;
  negotiations_.erase(number);
  by_selectors_.erase(request.selectors);
  if (is_away(request.peer) || !is_configured(context.state(), request)) {
    context.publish(SaRefused{request});
  } else {
    context.publish(SaNegotiated{request});
  }
}

void Ike::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  if (tag == kNegotiationEnds) {
    end_negotiation(context, data);
  } else {
    context.publish(
        VpnPeerChanged{IpAddress::v4(static_cast<std::uint32_t>(data)), What::kDeclaredDead});
  }
}

void Ike::on_peer(Context& context, const Arguments& arguments) {
  const auto& peer = arguments.get<IpAddress>("ipsec-peer");
  const auto& does = arguments.get<std::string>("does");
  if (does == "vanish") {
    vanish(context, peer);
    return;
  }
  come_back(context, peer);
  if (does == "connect") {
    connect(context, peer);
  } else if (does == "disconnect") {
    context.publish(VpnPeerChanged{peer, What::kDisconnected});
  } else if (does == "restart") {
    context.publish(VpnPeerChanged{peer, What::kRestarted});
  }
}

void Ike::connect(Context& context, const IpAddress& peer) {
  for (SaRequest& request : policies_of_peer(context.state(), peer)) {
    request.peer_initiates = true;
    begin(context, request);
  }
}

/// The peer is silent from now on. The device finds out when it has heard nothing for the keepalive
/// threshold, and its questions after that go unanswered (asa-behaviour C.1).
void Ike::vanish(Context& context, const IpAddress& peer) {
  if (peer.is_v6() || is_away(peer)) return;
  AwayPeer* const away = away_.insert(peer, AwayPeer());
  if (away == nullptr) return;
  context.publish(VpnPeerChanged{peer, What::kVanished});
  const Tunnel* last = nullptr;
  for (const Tunnel& tunnel : context.state().sas) {
    if (tunnel.request.peer != peer) continue;
    if (last == nullptr || tunnel.last_heard > last->last_heard) last = &tunnel;
  }
  if (last == nullptr) return;
  const Keepalive keepalive = keepalive_of(context.state().crypto, last->request);
  if (!keepalive.is_enabled) return;
  const std::chrono::seconds silence(keepalive.threshold);
  const std::chrono::seconds asking(keepalive.retry * questions_);
  const SimTime asks = std::max(last->last_heard + silence, context.now());
  away->declared_dead = context.after(asks + asking - context.now(), kPeerIsDead, peer.v4_value());
}

void Ike::come_back(Context& context, const IpAddress& peer) {
  const AwayPeer* const away = away_.find(peer);
  if (away == nullptr) return;
  context.cancel(away->declared_dead);
  away_.erase(peer);
  context.publish(VpnPeerChanged{peer, What::kReturned});
}

/// A user comes in through the first crypto map that has an entry for peers without a fixed address.
void Ike::on_user_connects(Context& context, const Arguments& arguments) {
  const auto& from = arguments.get<IpAddress>("from");
  const auto& assigned = arguments.get<IpAddress>("assigned");
  if (from.is_v6() || assigned.is_v6()) return;
  come_back(context, from);
  for (const CryptoMap& map : context.state().crypto.maps) {
    if (map.interface == kNoInterface) continue;
    for (const CryptoMapEntry& entry : map.entries) {
      if (entry.dynamic_map.empty()) continue;
      begin(context, SaRequest{.selectors = Selectors::to_host(assigned),
                               .peer = from,
                               .user = arguments.get<std::string>("vpn-user-connects"),
                               .interface = map.interface,
                               .map_sequence = entry.sequence,
                               .peer_initiates = true});
      return;
    }
  }
}

void Ike::on_user_leaves(Context& context, const Arguments& arguments) {
  const auto& user = arguments.get<std::string>("vpn-user-leaves");
  for (const Tunnel& tunnel : context.state().sas) {
    if (tunnel.request.user != user) continue;
    const IpAddress from = tunnel.request.peer;
    if (arguments.get<std::string>("how") == "vanish") {
      vanish(context, from);
    } else {
      context.publish(VpnPeerChanged{from, What::kDisconnected});
    }
    return;
  }
}

}  // namespace

void register_ike(Registry& registry);
void register_ike(Registry& registry) {
  registry.add<Ike>("ike");
}

}  // namespace asaemu
