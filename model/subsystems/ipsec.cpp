// IPsec: the SA database, and what the data path does with packets that belong into tunnels.
//
// Scope: inbound ESP and AH, outbound traffic of crypto maps, clear text that should be encrypted;
//   lifetimes in seconds and kilobytes, rekeying with an overlap of both pairs; messages 402114 to
//   402122 and 402130; clear crypto ipsec sa, show crypto ipsec sa, show crypto ipsec stats.
// Limitations: ESP in tunnel mode over IPv4 only, so AH is never what was agreed on; no extended
//   sequence numbers, path MTU or fragmentation. Packets that wait for a tunnel are dropped as an ASA
//   drops them, and each holds a place in the punt queue until the negotiation ends; the size of that
//   queue, the time a tunnel takes to go down and the overlap are inferred. Of the reasons of 402121
//   and 402122 two are modelled: a tunnel that is going down, and a full punt queue.
// State: DeviceState::sas, at most SaDatabase::kBound tunnels or the option `ipsec-tunnel-limit`; lost
//   at reload.
// Validation: the texts and the layout of `show crypto ipsec sa` against captured lines (asa-behaviour
//   C.3, G.2), the window against RFC 4303; timings against nothing. `show crypto ipsec stats` is laid out
//   from memory.
// References: asa-behaviour C.1 to C.3, G.2; syslog guide 402114 to 402122, 402130; RFC 4303.
#include "messages/ipsec.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/crypto_policy.hpp"
#include "model/state/ipsec_report.hpp"
#include "model/state/punt_queue.hpp"

namespace asaemu {

namespace {

constexpr IpProtocol kProtocolAh{51};
constexpr std::string_view kTornDown = "Tunnel has been torn down";
constexpr std::string_view kPuntQueueFull = "Punt event queue is full";
/// A fragment of a tunnelled datagram that begins this early could overwrite inspected headers.
constexpr std::uint64_t kEarliestFragment = 128;

/// A LAN-to-LAN tunnel's user is its tunnel group, which is named by the peer's address.
std::string user_of(const Tunnel& tunnel) {
  return tunnel.request.user.empty() ? to_string(tunnel.request.peer) : tunnel.request.user;
}

class Ipsec final : public Subsystem {
 public:
  explicit Ipsec(Claims& claims)
      : sas_(claims.own(&DeviceState::sas)),
        tunnel_limit_(claims.option<std::uint64_t>("ipsec-tunnel-limit")),
        punted_(claims.option<std::uint64_t>("ipsec-punt-queue")),
        teardown_(claims.option<SimDuration>("ipsec-teardown")),
        overlap_(claims.option<SimDuration>("ipsec-rekey-overlap")),
        percent_initiator_(claims.option<std::uint64_t>("ipsec-rekey-percent-initiator")),
        percent_responder_(claims.option<std::uint64_t>("ipsec-rekey-percent-responder")) {}

  static void declare(Declarations<Ipsec>& declare);

 private:
  enum Timer : std::uint16_t { kRekeyDue, kExpired, kOverlapEnds, kGone };

  static void declare_options(Declarations<Ipsec>& declare);

  void install(Context& context, const SaNegotiated& event);
  void on_refused(Context& context, const SaRefused& event);
  void on_peer(Context& context, const VpnPeerChanged& event);
  void on_policy(Context& context, const CryptoPolicyChanged& event);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void schedule_rekey(Context& context, Tunnel& tunnel);
  void rekey(Context& context, Tunnel& tunnel);
  void take_down(Context& context, Tunnel& tunnel);
  void remove(Context& context, Tunnel& tunnel);
  void count_volume(Context& context, Tunnel& tunnel, SaPair& pair);

  Verdict receive(Context& context, Packet& packet);
  Verdict refuse_unknown(Context& context, const Packet& packet, const EspContent& esp);
  bool is_authentic(Context& context, const Packet& packet, const EspContent& esp,
                    const SaDatabase::Sa& sa);
  static bool is_allowed(Context& context, const Packet& packet, const EspContent& esp,
                         const Tunnel& tunnel);
  Verdict decapsulate(Context& context, Packet& packet);
  static void become_inner(Context& context, Packet& packet, const EspContent& esp);
  static Verdict refuse_clear_text(Context& context, const Packet& packet);

  Verdict send(Context& context, Packet& packet);
  Verdict wait_for_sa(Context& context, const Packet& packet, const SaRequest& request);
  Verdict drop_outbound(Context& context, const Packet& packet, std::string_view reason);

  void clear(Context& context, const Arguments& arguments);
  void clear_counters(Context&, const Arguments&) {
    for (Tunnel& tunnel : sas_) tunnel.counters = {};
  }
  void show(Context& context, const Arguments& arguments) {
    const auto* const peer = arguments.find<IpAddress>("peer");
    context.print(describe_tunnels(context.state(), peer, context.now()));
  }
  void show_statistics(Context& context, const Arguments&) {
    context.print(describe_ipsec_statistics(statistics_, sas_.size()));
  }

  template <class M>
  static void report(Context& context, const Packet& packet, const EspContent& esp,
                     const Tunnel& tunnel) {
    const std::string user = user_of(tunnel);
    context.emit(M{.protocol = M::Protocol::kEsp,
                   .spi = esp.spi,
                   .sequence = esp.sequence,
                   .source = packet.source,
                   .user = user,
                   .destination = packet.destination});
  }

  SaDatabase& sas_;
  std::uint64_t tunnel_limit_;
  PuntQueue punted_;
  SimDuration teardown_;
  SimDuration overlap_;
  std::uint64_t percent_initiator_;
  std::uint64_t percent_responder_;
  IpsecStatistics statistics_;
  std::uint32_t last_connection_ = 0;
};

void Ipsec::declare(Declarations<Ipsec>& declare) {
  declare_options(declare);
  declare.stage<&Ipsec::receive>(PathStage::kIpsecInbound);
  declare.stage<&Ipsec::send>(PathStage::kIpsecOutbound);
  declare.on<&Ipsec::install>();
  declare.on<&Ipsec::on_refused>();
  declare.on<&Ipsec::on_peer>();
  declare.on<&Ipsec::on_policy>();
  declare.exec<&Ipsec::clear>("clear [crypto] ipsec sa [peer <ip:peer>|map <word:map>]",
                              "Take tunnels down");
  declare.exec<&Ipsec::clear_counters>("clear [crypto] ipsec sa counters",
                                       "Zero the tunnels' counters");
  declare.exec<&Ipsec::show>("show [crypto] ipsec sa [peer <ip:peer>]", "Show tunnels and SAs");
  declare.exec<&Ipsec::show_statistics>("show [crypto] ipsec stats", "Show IPsec statistics");
}

void Ipsec::declare_options(Declarations<Ipsec>& declare) {
  const auto number = [&](std::string_view name, std::string_view value, std::string_view help) {
    declare.option(FieldDef{.name = name, .kind = FieldKind::kNumber}, value, help);
  };
  const auto duration = [&](std::string_view name, std::string_view value, std::string_view help) {
    declare.option(FieldDef{.name = name, .kind = FieldKind::kDuration}, value, help);
  };
  number("ipsec-tunnel-limit", "10000", "most tunnels the device has room for");
  number("ipsec-punt-queue", "1024",
         "packets that may wait for negotiations; one more is 402122 (inferred)");
  duration("ipsec-teardown", "0:00:01",
           "time from a tunnel's end until its SAs are gone; packets meanwhile are 402121 "
           "(inferred)");
  duration("ipsec-rekey-overlap", "0:00:30",
           "time an old pair of SAs goes on receiving after a rekey (asa-behaviour C.1)");
  number("ipsec-rekey-percent-initiator", "85",
         "part of an SA's lifetime after which the one who set it up rekeys");
  number("ipsec-rekey-percent-responder", "95", "the same for the one who answered");
}

void Ipsec::install(Context& context, const SaNegotiated& event) {
  const SaRequest& request = event.request;
  punted_.release(request.selectors);
  const CryptoMapEntry* const entry = find_entry(context.state(), request);
  if (entry == nullptr) return;
  const CryptoConfig& config = context.state().crypto;
  const SaLifetime lifetime = lifetime_of(config, *entry);
  SaPair pair;
  pair.inbound = sas_.unused_spi(context.random());
  pair.outbound = sas_.unused_spi(context.random());
  pair.established = context.now();
  pair.lifetime_seconds = lifetime.seconds;
  pair.lifetime_kilobytes = lifetime.kilobytes;
  if (config.replay_window != 0) pair.window = ReplayWindow(config.replay_window);

  Tunnel* tunnel = sas_.find(request.selectors);
  if (tunnel != nullptr && (tunnel->is_going_down || tunnel->request.peer != request.peer)) {
    remove(context, *tunnel);
    tunnel = nullptr;
  }
  const Spi inbound = pair.inbound;
  if (tunnel != nullptr) {
    if (tunnel->previous) context.cancel(tunnel->previous->timer);
    sas_.drop_previous(*tunnel);
    context.cancel(tunnel->current.timer);
    tunnel->current.timer = context.after(overlap_, kOverlapEnds, tunnel->current.inbound.value);
    sas_.rekey(*tunnel, std::move(pair));
    tunnel->request = request;
  } else {
    Tunnel fresh;
    fresh.request = request;
    fresh.connection = ++last_connection_ << 12;
    fresh.current = std::move(pair);
    if (sas_.size() < tunnel_limit_) tunnel = sas_.add(std::move(fresh));
  }
  if (tunnel == nullptr) {
    ++statistics_.capacity_failures;
    return;
  }
  tunnel->last_heard = context.now();
  schedule_rekey(context, *tunnel);
  context.publish(SaInstalled{request, inbound});
}

void Ipsec::schedule_rekey(Context& context, Tunnel& tunnel) {
  const auto percent = tunnel.request.peer_initiates ? percent_responder_ : percent_initiator_;
  const std::chrono::milliseconds soft(std::uint64_t{10} * percent *
                                       tunnel.current.lifetime_seconds);
  tunnel.current.timer = context.after(soft, kRekeyDue, tunnel.current.inbound.value);
}

/// Asks for a successor of the current pair. On the way out of its lifetime this device always acts
/// itself, whoever set the tunnel up.
void Ipsec::rekey(Context& context, Tunnel& tunnel) {
  tunnel.current.is_rekeying = true;
  SaRequest request = tunnel.request;
  request.peer_initiates = false;
  context.publish(SaNeeded{request});
}

void Ipsec::on_refused(Context&, const SaRefused& event) {
  punted_.release(event.request.selectors);
  Tunnel* const tunnel = sas_.find(event.request.selectors);
  if (tunnel != nullptr) tunnel->current.is_rekeying = false;
}

void Ipsec::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  const SaDatabase::Sa sa = sas_.find(Spi{static_cast<std::uint32_t>(data)});
  if (sa.tunnel == nullptr) return;
  switch (tag) {
    case kRekeyDue: {
      const std::chrono::seconds lifetime(sa.pair->lifetime_seconds);
      sa.pair->timer = context.after(sa.pair->established + lifetime - context.now(), kExpired,
                                     sa.pair->inbound.value);
      if (!sa.pair->is_rekeying) rekey(context, *sa.tunnel);
      return;
    }
    case kExpired:
      context.publish(SaExpired{sa.tunnel->request.selectors});
      take_down(context, *sa.tunnel);
      return;
    case kOverlapEnds:
      sas_.drop_previous(*sa.tunnel);
      return;
    default:
      remove(context, *sa.tunnel);
  }
}

void Ipsec::on_peer(Context& context, const VpnPeerChanged& event) {
  using What = VpnPeerChanged::What;
  if (event.what != What::kDeclaredDead && event.what != What::kDisconnected) return;
  for (Tunnel& tunnel : sas_) {
    if (tunnel.request.peer == event.peer) take_down(context, tunnel);
  }
}

void Ipsec::on_policy(Context& context, const CryptoPolicyChanged& event) {
  for (Tunnel& tunnel : sas_) {
    const bool is_concerned =
        event.interface == kNoInterface || tunnel.request.interface == event.interface;
    if (is_concerned) take_down(context, tunnel);
  }
}

/// Tells the control plane to delete a tunnel. Until it has done so the data path knows the SAs, and
/// that they are not to be used.
void Ipsec::take_down(Context& context, Tunnel& tunnel) {
  if (tunnel.is_going_down) return;
  tunnel.is_going_down = true;
  if (tunnel.previous) context.cancel(tunnel.previous->timer);
  context.cancel(tunnel.current.timer);
  tunnel.current.timer = context.after(teardown_, kGone, tunnel.current.inbound.value);
}

void Ipsec::remove(Context& context, Tunnel& tunnel) {
  if (tunnel.previous) context.cancel(tunnel.previous->timer);
  context.cancel(tunnel.current.timer);
  sas_.remove(tunnel.request.selectors);
  ++statistics_.previous_tunnels;
}

/// Rekeys or ends a pair that has carried as much as it may, or used all sequence numbers.
void Ipsec::count_volume(Context& context, Tunnel& tunnel, SaPair& pair) {
  if (&pair != &tunnel.current) return;
  const auto percent = tunnel.request.peer_initiates ? percent_responder_ : percent_initiator_;
  const std::uint64_t limit = std::uint64_t{pair.lifetime_kilobytes} * 1024;
  const bool is_limited = pair.lifetime_kilobytes != kUnlimitedKilobytes;
  if (pair.sent == ~std::uint32_t{0} || (is_limited && pair.bytes() >= limit)) {
    context.publish(SaExpired{tunnel.request.selectors});
    take_down(context, tunnel);
  } else if (is_limited && !pair.is_rekeying && pair.bytes() >= limit / 100 * percent) {
    rekey(context, tunnel);
  }
}

Verdict Ipsec::receive(Context& context, Packet& packet) {
  return packet.esp ? decapsulate(context, packet) : refuse_clear_text(context, packet);
}

/// What arrives unprotected although the crypto map, read from the other end, protects it.
Verdict Ipsec::refuse_clear_text(Context& context, const Packet& packet) {
  const DeviceState& state = context.state();
  if (packet.destination == state.interfaces[packet.in].address) return Verdict::kPass;
  if (!find_policy(state, packet.in, packet.tuple().reversed())) return Verdict::kPass;
  context.emit(msg::IpsecCleartextReceived{
      .protocol = packet.protocol, .source = packet.source, .destination = packet.destination});
  return Verdict::kDrop;
}

Verdict Ipsec::refuse_unknown(Context& context, const Packet& packet, const EspContent& esp) {
  ++statistics_.in.drops;
  ++statistics_.missing_sa_failures;
  using Protocol = msg::IpsecInvalidSpi::Protocol;
  context.emit(msg::IpsecInvalidSpi{
      .protocol = packet.protocol == kProtocolAh ? Protocol::kAh : Protocol::kEsp,
      .spi = esp.spi,
      .sequence = esp.sequence,
      .source = packet.source,
      .destination = packet.destination});
  return Verdict::kDrop;
}

/// Anti-replay, then integrity, and only then the window moves (RFC 4303, section 3.4.3).
bool Ipsec::is_authentic(Context& context, const Packet& packet, const EspContent& esp,
                         const SaDatabase::Sa& sa) {
  const bool has_window = context.state().crypto.replay_window != 0;
  if (has_window && !sa.pair->window.is_fresh(esp.sequence.value)) {
    ++statistics_.replay_failures;
    report<msg::IpsecAntiReplayFailure>(context, packet, esp, *sa.tunnel);
    return false;
  }
  if (!esp.has_good_icv) {
    ++statistics_.authentication_failures;
    report<msg::IpsecAuthenticationFailure>(context, packet, esp, *sa.tunnel);
    return false;
  }
  if (has_window) sa.pair->window.accept(esp.sequence.value);
  return true;
}

/// Whether the inner packet may come out of this tunnel.
bool Ipsec::is_allowed(Context& context, const Packet& packet, const EspContent& esp,
                       const Tunnel& tunnel) {
  const std::string user = user_of(tunnel);
  if (esp.inner_offset > 0 && esp.inner_offset <= kEarliestFragment) {
    context.emit(msg::IpsecIllegalFragment{.protocol = msg::IpsecIllegalFragment::Protocol::kEsp,
                                           .spi = esp.spi,
                                           .sequence = esp.sequence,
                                           .source = packet.source,
                                           .user = user,
                                           .destination = packet.destination,
                                           .fragment_length = std::uint64_t{esp.inner_length},
                                           .fragment_offset = esp.inner_offset});
    return false;
  }
  const Selectors& selectors = tunnel.request.selectors;
  if (selectors.allow(esp.inner)) return true;
  context.emit(msg::IpsecPolicyMismatch{.protocol = msg::IpsecPolicyMismatch::Protocol::kEsp,
                                        .spi = esp.spi,
                                        .sequence = esp.sequence,
                                        .source = packet.source,
                                        .user = user,
                                        .destination = packet.destination,
                                        .inner_destination = esp.inner.destination,
                                        .inner_source = esp.inner.source,
                                        .inner_protocol = esp.inner.protocol,
                                        .local_proxy = IpAddress::v4(selectors.local),
                                        .local_mask = IpAddress::v4(selectors.local_mask),
                                        .local_protocol = selectors.protocol,
                                        .local_port = selectors.local_port,
                                        .remote_proxy = IpAddress::v4(selectors.remote),
                                        .remote_mask = IpAddress::v4(selectors.remote_mask),
                                        .remote_protocol = selectors.protocol,
                                        .remote_port = selectors.remote_port});
  return false;
}

Verdict Ipsec::decapsulate(Context& context, Packet& packet) {
  const EspContent esp = *std::exchange(packet.esp, std::nullopt);
  const SaDatabase::Sa sa = sas_.find(esp.spi);
  if (sa.tunnel == nullptr) return refuse_unknown(context, packet, esp);
  Tunnel& tunnel = *sa.tunnel;
  const auto refuse = [&] {
    ++tunnel.counters.receive_errors;
    ++statistics_.in.drops;
    return Verdict::kDrop;
  };
  if (packet.protocol != kProtocolEsp) {
    ++statistics_.protocol_failures;
    context.emit(msg::IpsecUnexpectedProtocol{
        .source = packet.source,
        .destination = packet.destination,
        .actual_protocol = packet.protocol,
        .expected_protocol = msg::IpsecUnexpectedProtocol::ExpectedProtocol::kEsp});
    return refuse();
  }
  if (tunnel.is_going_down) {
    const std::string user = user_of(tunnel);
    context.emit(
        msg::IpsecDecapsulationDrop{.protocol = msg::IpsecDecapsulationDrop::Protocol::kEsp,
                                    .spi = esp.spi,
                                    .sequence = esp.sequence,
                                    .source = packet.source,
                                    .user = user,
                                    .destination = packet.destination,
                                    .drop_reason = kTornDown});
    return refuse();
  }
  if (!is_authentic(context, packet, esp, sa)) return refuse();
  tunnel.last_heard = context.now();
  if (!esp.has_good_padding) {
    // Some clients pad in their own way; that harms nothing.
    const std::string user = user_of(tunnel);
    context.emit(msg::IpsecIncorrectPadding{.spi = esp.spi,
                                            .sequence = esp.sequence,
                                            .source = packet.source,
                                            .user = user,
                                            .destination = packet.destination});
  }
  if (!is_allowed(context, packet, esp, tunnel)) return refuse();
  ++tunnel.counters.decapsulated;
  ++statistics_.in.packets;
  statistics_.in.bytes += packet.length;
  sa.pair->bytes_in += packet.length;
  become_inner(context, packet, esp);
  count_volume(context, tunnel, *sa.pair);
  return Verdict::kPass;
}

/// From here on the packet is the one that was tunnelled.
void Ipsec::become_inner(Context& context, Packet& packet, const EspContent& esp) {
  packet.source = esp.inner.source;
  packet.destination = esp.inner.destination;
  packet.protocol = esp.inner.protocol;
  packet.source_port = esp.inner.source_port;
  packet.destination_port = esp.inner.destination_port;
  packet.length = esp.inner_length;
  packet.is_decapsulated = true;
  const DeviceState& state = context.state();
  packet.out = state.routes.lookup(packet.destination, state.interfaces);
}

Verdict Ipsec::send(Context& context, Packet& packet) {
  if (packet.out == kNoInterface) return Verdict::kPass;
  const auto request = find_policy(context.state(), packet.out, packet.tuple());
  if (!request) return Verdict::kPass;
  Tunnel* const tunnel = sas_.find(request->selectors);
  if (tunnel == nullptr) return wait_for_sa(context, packet, *request);
  if (tunnel->is_going_down) {
    ++tunnel->counters.send_errors;
    return drop_outbound(context, packet, kTornDown);
  }
  SaPair& pair = tunnel->current;
  ++pair.sent;
  packet.source = context.state().interfaces[packet.out].address;
  packet.destination = tunnel->request.peer;
  packet.protocol = kProtocolEsp;
  packet.length = esp_length(packet.length);
  pair.bytes_out += packet.length;
  ++tunnel->counters.encapsulated;
  ++statistics_.out.packets;
  statistics_.out.bytes += packet.length;
  count_volume(context, *tunnel, pair);
  return Verdict::kPass;
}

/// The packet is lost, but it is handed to the control plane, which negotiates. It holds its place in
/// the queue there until that has come to an end.
Verdict Ipsec::wait_for_sa(Context& context, const Packet& packet, const SaRequest& request) {
  if (punted_.full()) return drop_outbound(context, packet, kPuntQueueFull);
  ++statistics_.out.drops;
  if (punted_.push(request.selectors)) context.publish(SaNeeded{request});
  return Verdict::kDrop;
}

Verdict Ipsec::drop_outbound(Context& context, const Packet& packet, std::string_view reason) {
  ++statistics_.out.drops;
  context.emit(msg::IpsecEncapsulationDrop{
      .source = packet.source, .destination = packet.destination, .drop_reason = reason});
  return Verdict::kDrop;
}

void Ipsec::clear(Context& context, const Arguments& arguments) {
  const auto* const peer = arguments.find<IpAddress>("peer");
  const auto* const name = arguments.find<std::string>("map");
  const CryptoMap* const map =
      name == nullptr ? nullptr : context.state().crypto.find_map(*name, false);
  for (Tunnel& tunnel : sas_) {
    if (peer != nullptr && tunnel.request.peer != *peer) continue;
    if (name != nullptr && (map == nullptr || map->interface != tunnel.request.interface)) continue;
    take_down(context, tunnel);
  }
}

}  // namespace

void register_ipsec(Registry& registry);
void register_ipsec(Registry& registry) {
  registry.add<Ipsec>("ipsec");
}

}  // namespace asaemu
