// Far ends: what peers and users put on the wire as ESP, so that a scenario need not know SPIs.
//
// Scope: the packet fields esp-* and inner-*; which SA and sequence number a sender uses, whether the
//   device still has that SA or not; peers that find out that it is gone, and negotiate a new one.
// Limitations: a far end has one SA for each tunnel, and the one before it. It notices a loss only
//   while it sends, as dead peer detection on demand does, and after a time that is drawn anew each
//   time (options `ipsec-peer-notice-…`). A user does not come back by itself.
// State: one record a tunnel, at most SaDatabase::kBound, the oldest goes first. It is the far ends'
//   own, so a reload does not touch it.
// Validation: none; how long a peer goes on is known from operators' reports (asa-behaviour C.3).
// References: asa-behaviour C.1, C.3; RFC 3706 for dead peer detection; RFC 4303.
#include "model/state/far_ends.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/crypto_policy.hpp"

namespace asaemu {

namespace {

constexpr IpProtocol kProtocolAh{51};

/// The numbers of this subsystem's packet fields.
struct EspFields {
  std::uint16_t sa, spi, sequence, late, gap, held, icv, padding;
  std::uint16_t source, destination, protocol, source_port, destination_port, offset, length;
};

/// What outlives a reload.
struct FarEndsKept {
  FarEnds tunnels;
};

template <class T>
const T* find_extra(const Packet& packet, std::uint16_t field) {
  for (const Packet::Extra& extra : packet.extras) {
    if (extra.field == field) return std::get_if<T>(&extra.value);
  }
  return nullptr;
}

template <class T>
T extra_or(const Packet& packet, std::uint16_t field, T otherwise) {
  const T* const value = find_extra<T>(packet, field);
  return value != nullptr ? *value : otherwise;
}

bool is_bad(const Packet& packet, std::uint16_t field) {
  return extra_or<std::string>(packet, field, "good") == "bad";
}

/// A host of a network: the first one, or the network itself if it is a host.
IpAddress host_of(std::uint32_t network, std::uint32_t mask) {
  return IpAddress::v4(mask == ~std::uint32_t{0} ? network : network + 1);
}

class FarEndsSubsystem final : public Subsystem {
 public:
  explicit FarEndsSubsystem(Claims& claims)
      : tunnels_(claims.kept<FarEndsKept>().tunnels),
        notice_min_(claims.option<SimDuration>("ipsec-peer-notice-min")),
        notice_max_(claims.option<SimDuration>("ipsec-peer-notice-max")) {}

  static void declare(Declarations<FarEndsSubsystem>& declare);

 private:
  void on_installed(Context&, const SaInstalled& event) {
    tunnels_.learn(event.request.peer, event.request.selectors, event.inbound);
  }
  void on_expired(Context&, const SaExpired& event) { tunnels_.forget(event.selectors); }
  void on_peer(Context& context, const VpnPeerChanged& event);

  Verdict send(Context& context, Packet& packet);
  FarEnd* find_sender(Context& context, const Packet& packet);
  Verdict negotiate_first(Context& context, const Packet& packet);
  Hex32 choose_number(Context& context, const Packet& packet, FarEnd* sender, Spi spi);
  void await_notice(Context& context, FarEnd& sender);
  static FiveTuple inner_of(const Packet& packet, const Selectors& selectors);
  static std::uint16_t inner_length_of(const Packet& packet);

  // Known once the fields are declared, which is before the first device is made.
  static inline EspFields fields;

  FarEnds& tunnels_;
  SimDuration notice_min_;
  SimDuration notice_max_;
};

void FarEndsSubsystem::declare(Declarations<FarEndsSubsystem>& declare) {
  static constexpr std::array<std::string_view, 2> kSas{"current", "old"};
  static constexpr std::array<std::string_view, 2> kQualities{"good", "bad"};
  static constexpr std::array<std::string_view, 2> kAnswers{"no", "yes"};
  const auto field = [&declare](std::string_view name, FieldKind kind, std::string_view help,
                                std::span<const std::string_view> choices = {}) {
    return declare.packet_field(FieldDef{.name = name, .kind = kind, .choices = choices}, help);
  };
  fields.sa = field("esp-sa", FieldKind::kOneOf,
                    "ESP, AH: current, as without, is the SA that the sender has; old the one "
                    "before its last rekey",
                    kSas);
  fields.spi = field("esp-spi", FieldKind::kSpi, "ESP, AH: a forged SPI");
  fields.sequence = field("esp-sequence", FieldKind::kHex32,
                          "ESP, AH: a forged sequence number; without, the sender's next one");
  fields.late = field("esp-late", FieldKind::kNumber,
                      "ESP, AH: the number used this many packets ago; 0 repeats the last one");
  fields.gap = field("esp-gap", FieldKind::kNumber,
                     "ESP, AH: so many packets of the sender before this one did not arrive");
  fields.held =
      field("esp-held", FieldKind::kOneOf,
            "ESP, AH: yes if it is the last packet that did not arrive, after all", kAnswers);
  fields.icv = field("esp-icv", FieldKind::kOneOf, "ESP: integrity check value", kQualities);
  fields.padding = field("esp-padding", FieldKind::kOneOf, "ESP: padding", kQualities);
  fields.source = field("inner-src", FieldKind::kIp,
                        "tunnelled packet: source; without, a host that the tunnel is for");
  fields.destination =
      field("inner-dst", FieldKind::kIp,
            "tunnelled packet: destination; without, a host that the tunnel is for");
  fields.protocol = field("inner-proto", FieldKind::kProtocol,
                          "tunnelled packet: protocol; without, the tunnel's or icmp");
  fields.source_port = field("inner-sport", FieldKind::kPort, "tunnelled packet: source port");
  fields.destination_port =
      field("inner-dport", FieldKind::kPort, "tunnelled packet: destination port");
  fields.offset = field("inner-offset", FieldKind::kNumber,
                        "tunnelled packet: offset in bytes of the fragment that it is");
  fields.length = field("inner-length", FieldKind::kNumber,
                        "tunnelled packet: length in bytes; without, what `length` has room for");
  declare.option(FieldDef{.name = "ipsec-peer-notice-min", .kind = FieldKind::kDuration}, "0:00:10",
                 "least time a peer sends on SAs that this device has lost (asa-behaviour C.3)");
  declare.option(FieldDef{.name = "ipsec-peer-notice-max", .kind = FieldKind::kDuration}, "0:01:00",
                 "most time a peer sends on SAs that this device has lost");
  // The sender's doing comes before the device's: at this stage, this subsystem precedes ipsec.
  declare.stage<&FarEndsSubsystem::send>(PathStage::kIpsecInbound);
  declare.on<&FarEndsSubsystem::on_installed>();
  declare.on<&FarEndsSubsystem::on_expired>();
  declare.on<&FarEndsSubsystem::on_peer>();
}

void FarEndsSubsystem::on_peer(Context&, const VpnPeerChanged& event) {
  switch (event.what) {
    case VpnPeerChanged::What::kVanished:
      tunnels_.silence(event.peer, true);
      return;
    case VpnPeerChanged::What::kReturned:
      tunnels_.silence(event.peer, false);
      return;
    case VpnPeerChanged::What::kRestarted:
    case VpnPeerChanged::What::kDisconnected:
      tunnels_.forget(event.peer);
      return;
    case VpnPeerChanged::What::kDeclaredDead:
      return;  // What this device believes is nothing the peer knows of.
  }
}

/// Makes the packet what its sender sends. One that the sender cannot send never arrives.
Verdict FarEndsSubsystem::send(Context& context, Packet& packet) {
  if (packet.protocol != kProtocolEsp && packet.protocol != kProtocolAh) return Verdict::kPass;
  if (packet.destination != context.state().interfaces[packet.in].address) return Verdict::kPass;
  const Spi* const forged = find_extra<Spi>(packet, fields.spi);
  FarEnd* const sender =
      forged != nullptr ? tunnels_.find(packet.source, *forged) : find_sender(context, packet);
  if (forged == nullptr && sender == nullptr) return negotiate_first(context, packet);
  if (forged == nullptr && sender->is_silent) return Verdict::kDrop;

  EspContent esp;
  if (forged != nullptr) {
    esp.spi = *forged;
  } else {
    const bool uses_old = extra_or<std::string>(packet, fields.sa, "current") == "old";
    esp.spi = uses_old ? sender->old.spi : sender->current.spi;
    if (esp.spi == Spi{}) return Verdict::kDrop;
    if (!uses_old) await_notice(context, *sender);
  }
  esp.sequence = choose_number(context, packet, sender, esp.spi);
  if (esp.sequence == Hex32{} && find_extra<Hex32>(packet, fields.sequence) == nullptr) {
    return Verdict::kDrop;  // There never was such a packet.
  }
  esp.inner = inner_of(packet, sender != nullptr ? sender->selectors : Selectors());
  esp.inner_offset = extra_or<std::uint64_t>(packet, fields.offset, 0);
  esp.inner_length = inner_length_of(packet);
  esp.has_good_icv = !is_bad(packet, fields.icv);
  esp.has_good_padding = !is_bad(packet, fields.padding);
  packet.esp = esp;
  return Verdict::kPass;
}

/// Whose packet it is; nullptr if the source has no SA, or has just noticed that we lost it.
FarEnd* FarEndsSubsystem::find_sender(Context& context, const Packet& packet) {
  FarEnd* const sender = tunnels_.choose(packet.source, [&](const Selectors& selectors) {
    return selectors.allow(inner_of(packet, selectors));
  });
  if (sender == nullptr || sender->notices_loss > context.now()) return sender;
  tunnels_.forget(Selectors(sender->selectors));
  return nullptr;
}

/// A peer that has traffic for us and no SA sets up a tunnel; this packet is lost over it.
Verdict FarEndsSubsystem::negotiate_first(Context& context, const Packet& packet) {
  std::vector<SaRequest> requests = policies_of_peer(context.state(), packet.source);
  if (requests.empty()) return Verdict::kDrop;
  const auto fitting = std::find_if(requests.begin(), requests.end(), [&](const SaRequest& one) {
    return one.selectors.allow(inner_of(packet, one.selectors));
  });
  SaRequest& request = fitting != requests.end() ? *fitting : requests.front();
  request.peer_initiates = true;
  context.publish(SaNeeded{request});
  return Verdict::kDrop;
}

/// If the device has lost the sender's SA, nothing will come back, and some time later the sender
/// knows why.
void FarEndsSubsystem::await_notice(Context& context, FarEnd& sender) {
  if (context.state().sas.contains(sender.current.spi)) return;
  if (sender.notices_loss != kNever) return;
  const auto least = static_cast<std::uint64_t>(notice_min_.count());
  const auto most = std::max(least, static_cast<std::uint64_t>(notice_max_.count()));
  sender.notices_loss = context.now() + SimDuration(context.random().between(least, most));
}

Hex32 FarEndsSubsystem::choose_number(Context& context, const Packet& packet, FarEnd* sender,
                                      Spi spi) {
  if (const Hex32* const forged = find_extra<Hex32>(packet, fields.sequence)) return *forged;
  if (sender == nullptr) {
    // Who forges an SPI and does not care for the number writes any.
    return Hex32{static_cast<std::uint32_t>(context.random().between(1, 0xFFFF))};
  }
  FarEnd::Sa& sa = spi == sender->current.spi ? sender->current : sender->old;
  if (extra_or<std::string>(packet, fields.held, "no") == "yes") {
    return Hex32{std::exchange(sa.held, 0)};
  }
  if (const auto* const late = find_extra<std::uint64_t>(packet, fields.late)) {
    return Hex32{sa.used_number(*late)};
  }
  return Hex32{sa.next_number(extra_or<std::uint64_t>(packet, fields.gap, 0))};
}

/// The tunnelled packet; what the scenario leaves open is such as the tunnel is for. A tunnel for
/// everything, which is a user's, then leads to this device itself.
FiveTuple FarEndsSubsystem::inner_of(const Packet& packet, const Selectors& selectors) {
  const IpAddress local = selectors.local_mask == 0
                              ? packet.destination
                              : host_of(selectors.local, selectors.local_mask);
  const IpAddress remote = host_of(selectors.remote, selectors.remote_mask);
  const IpProtocol protocol =
      selectors.protocol == kProtocolIp ? kProtocolIcmp : selectors.protocol;
  return {extra_or(packet, fields.source, remote), extra_or(packet, fields.destination, local),
          extra_or(packet, fields.protocol, protocol),
          extra_or(packet, fields.source_port, selectors.remote_port),
          extra_or(packet, fields.destination_port, selectors.local_port)};
}

std::uint16_t FarEndsSubsystem::inner_length_of(const Packet& packet) {
  constexpr unsigned kHeader = 20;
  constexpr unsigned kOverhead = esp_length(0);
  const unsigned room = std::max<unsigned>(packet.length, kOverhead + kHeader) - kOverhead;
  return static_cast<std::uint16_t>(
      std::min<std::uint64_t>(extra_or<std::uint64_t>(packet, fields.length, room), 65535));
}

}  // namespace

void register_far_ends(Registry& registry);
void register_far_ends(Registry& registry) {
  registry.add<FarEndsSubsystem>("far_ends");
}

}  // namespace asaemu
