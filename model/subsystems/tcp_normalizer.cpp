// TCP normaliser: segments that break what the handshake agreed on, and stray urgent data.
//
// Scope: tcp-map with exceed-mss and urgent-flag, applied by `set connection advanced-options` of a
//   service policy; `sysopt connection tcpmss`; messages 419001 to 419003; the packet fields mss and
//   urgent-pointer.
// Limitations: the other settings of a tcp-map are accepted and do nothing; sequence numbers are
//   compared for SYNs only; a segment's data is its IP length less 40 bytes, so IP and TCP options
//   count as data.
// State: the tcp-maps, at most kMapsMax; the largest segment each end of a connection takes, for as
//   long as the connection lasts.
// Validation: texts of 419001 and 419002 against captured lines; that the urgent flag is cleared and
//   large segments pass by default is inferred (asa-behaviour F).
// References: asa-behaviour F (TCP normalizer); syslog guide 419001 to 419003; RFC 9293, 3.7.1.
#include "messages/tcp_normalizer.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <map>

namespace asaemu {

namespace {

constexpr Mode kTcpMapMode{"config-tcp-map"};
constexpr std::uint16_t kHeaders = 40;            ///< bytes of IPv4 and TCP without options
constexpr std::uint64_t kMssDefault = 536;        ///< of an end that names none (RFC 9293)
constexpr std::uint64_t kMssClampDefault = 1380;  ///< `sysopt connection tcpmss`

class TcpNormalizer final : public Subsystem {
 public:
  explicit TcpNormalizer(Claims& /*claims*/) {}

  static void declare(Declarations<TcpNormalizer>& declare) {
    declare.config<&TcpNormalizer::enter_map>("tcp-map <word:name>", "Name a set of TCP checks");
    declare.config<&TcpNormalizer::remove_map>("no tcp-map <word:name>", "Remove a set of checks");
    declare.command<&TcpNormalizer::set_exceed_mss>(
        kTcpMapMode, "{exceed-mss {allow|drop}|no exceed-mss [allow|drop]}",
        "What becomes of segments above the agreed size");
    declare.command<&TcpNormalizer::set_urgent>(kTcpMapMode,
                                                "{urgent-flag {allow|clear}|"
                                                "no urgent-flag [allow|clear]}",
                                                "What becomes of the urgent flag");
    declare.command<&TcpNormalizer::accept>(
        kTcpMapMode,
        "[no] {check-retransmission|checksum-verification|syn-data|synack-data|tcp-options|"
        "ttl-evasion-protection|window-variation|queue-limit|reserved-bits|seq-past-window|"
        "invalid-ack} [<line:settings>]",
        "A check that is not modelled");
    declare.config<&TcpNormalizer::set_mss>(
        "{sysopt connection tcpmss <number:bytes:0-65535>|"
        "no sysopt connection tcpmss [<number:bytes:0-65535>]}",
        "Set the largest segment that ends may agree on");
    urgent_pointer_field = declare.packet_field(
        FieldDef{.name = "urgent-pointer", .kind = FieldKind::kNumber}, "TCP urgent pointer");
    mss_field = declare.packet_field(FieldDef{.name = "mss", .kind = FieldKind::kNumber},
                                     "largest segment a SYN announces, in bytes of data");
    declare.stage<&TcpNormalizer::check>(PathStage::kTcpNormalizer);
    declare.stage<&TcpNormalizer::remember>(PathStage::kInspection);
    declare.on<&TcpNormalizer::on_closed>();
  }

 private:
  static constexpr std::size_t kMapsMax = 64;

  struct TcpMap {
    bool drops_exceeding = false;
    bool clears_urgent = true;
  };
  /// The largest segments that each end takes, in bytes of data; 0 while it has named none.
  struct Agreed {
    std::uint64_t initiator = 0;
    std::uint64_t responder = 0;
  };

  void enter_map(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("name");
    if (maps_.size() == kMapsMax && !maps_.contains(name)) {
      context.print("ERROR: Too many tcp-maps\n");
      return;
    }
    current_ = &maps_[name];
    context.enter_mode(kTcpMapMode, 0);
  }
  void remove_map(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("name");
    if (maps_.erase(name) == 0) context.print("ERROR: tcp-map " + name + " not configured\n");
  }
  void set_exceed_mss(Context&, const Arguments& arguments) {
    current_->drops_exceeding = arguments.has("drop") && !arguments.has("no");
  }
  void set_urgent(Context&, const Arguments& arguments) {
    current_->clears_urgent = arguments.has("clear") || arguments.has("no");
  }
  void accept(Context&, const Arguments&) {}
  void set_mss(Context&, const Arguments& arguments) {
    mss_clamp_ = arguments.has("no") ? kMssClampDefault : arguments.get<std::uint64_t>("bytes");
  }

  Verdict check(Context& context, Packet& packet);
  Verdict remember(Context& context, Packet& packet);
  void check_urgent(Context& context, const TcpMap& map, Packet& packet);
  [[nodiscard]] bool exceeds(Context& context, const Connection& connection, const Packet& packet);
  [[nodiscard]] TcpMap map_for(Context& context, const Packet& packet) const;
  void on_closed(Context&, const ConnectionClosed& event) { agreed_.erase(event.connection.id); }

  static std::uint64_t extra(const Packet& packet, std::uint16_t field) {
    for (const auto& each : packet.extras) {
      if (each.field == field) return std::get<std::uint64_t>(each.value);
    }
    return 0;
  }
  static InterfaceName name_of(Context& context, InterfaceId id) {
    return id == kNoInterface ? InterfaceName{"identity"}
                              : InterfaceName{context.state().interfaces[id].nameif};
  }
  static bool is_from_initiator(const Connection& connection, const Packet& packet) {
    return connection.initiator.address == packet.source &&
           connection.initiator.port == packet.source_port;
  }

  static inline std::uint16_t urgent_pointer_field = 0;
  static inline std::uint16_t mss_field = 0;

  std::map<std::string, TcpMap, std::less<>> maps_;
  TcpMap* current_ = nullptr;  ///< whose sub-mode the session is in
  std::uint64_t mss_clamp_ = kMssClampDefault;
  std::map<ConnectionId, Agreed> agreed_;
};

/// Classes see a flow as its initiator began it, whichever end a packet comes from.
TcpNormalizer::TcpMap TcpNormalizer::map_for(Context& context, const Packet& packet) const {
  const DeviceState& state = context.state();
  const Connection* connection = state.connections.find(packet.connection);
  const FiveTuple flow = connection == nullptr ? packet.tuple() : connection->tuple();
  const auto policy = state.service_policies.find("set connection advanced-options", flow,
                                                  packet.in, packet.out, state.access_lists);
  if (!policy || policy.action->words.empty()) return {};
  const auto found = maps_.find(policy.action->words.front());
  return found == maps_.end() ? TcpMap{} : found->second;
}

Verdict TcpNormalizer::check(Context& context, Packet& packet) {
  if (packet.protocol != kProtocolTcp) return Verdict::kPass;
  const TcpMap map = map_for(context, packet);
  check_urgent(context, map, packet);
  const Connection* connection = context.state().connections.find(packet.connection);
  if (connection == nullptr) return Verdict::kPass;
  constexpr std::uint8_t kSynAck = TcpFlags::kSyn | TcpFlags::kAck;
  const bool is_again = (packet.flags.bits & kSynAck) == TcpFlags::kSyn &&
                        connection->phase == Connection::Phase::kEmbryonic &&
                        is_from_initiator(*connection, packet);
  if (is_again && packet.sequence != connection->initial_sequence) {
    context.emit(msg::TcpDuplicateSyn{.source_interface = name_of(context, packet.in),
                                      .source = packet.source,
                                      .source_port = packet.source_port,
                                      .destination_interface = name_of(context, packet.out),
                                      .destination = packet.destination,
                                      .destination_port = packet.destination_port});
    return Verdict::kDrop;
  }
  return map.drops_exceeding && exceeds(context, *connection, packet) ? Verdict::kDrop
                                                                      : Verdict::kPass;
}

/// A set flag is cleared by the map; a pointer without the flag points nowhere and is cleared always.
void TcpNormalizer::check_urgent(Context& context, const TcpMap& map, Packet& packet) {
  const bool is_urgent = (packet.flags.bits & TcpFlags::kUrg) != 0;
  if (is_urgent && map.clears_urgent) {
    packet.flags.bits = static_cast<std::uint8_t>(packet.flags.bits & ~TcpFlags::kUrg);
    context.emit(msg::TcpUrgentFlagCleared{.source_interface = name_of(context, packet.in),
                                           .source = packet.source,
                                           .source_port = packet.source_port,
                                           .destination_interface = name_of(context, packet.out),
                                           .destination = packet.destination,
                                           .destination_port = packet.destination_port});
  } else if (!is_urgent && extra(packet, urgent_pointer_field) != 0) {
    context.emit(msg::TcpUrgentFlagClearedDebug{});
  }
}

bool TcpNormalizer::exceeds(Context& context, const Connection& connection, const Packet& packet) {
  const auto found = agreed_.find(connection.id);
  if (found == agreed_.end() || packet.length <= kHeaders) return false;
  const bool from_initiator = is_from_initiator(connection, packet);
  const std::uint64_t named = from_initiator ? found->second.responder : found->second.initiator;
  const std::uint64_t mss = named == 0 ? kMssDefault : named;
  const std::uint64_t data = packet.length - kHeaders;
  if (data <= mss) return false;
  context.emit(
      msg::TcpPacketDroppedByNormalizer{.source_interface = name_of(context, packet.in),
                                        .source = packet.source,
                                        .source_port = packet.source_port,
                                        .destination_interface = name_of(context, packet.out),
                                        .destination = packet.destination,
                                        .destination_port = packet.destination_port,
                                        .reason = "MSS exceeded",
                                        .mss = mss,
                                        .data = data});
  return true;
}

/// What a SYN announces, and no more than the device lets the ends agree on. Behind the stage that
/// builds connections, so that the first SYN has one.
Verdict TcpNormalizer::remember(Context& context, Packet& packet) {
  if (packet.protocol != kProtocolTcp || (packet.flags.bits & TcpFlags::kSyn) == 0) {
    return Verdict::kPass;
  }
  const Connection* connection = context.state().connections.find(packet.connection);
  const std::uint64_t named = extra(packet, mss_field);
  if (connection == nullptr || named == 0) return Verdict::kPass;
  Agreed& agreed = agreed_[connection->id];
  const std::uint64_t mss = mss_clamp_ == 0 ? named : std::min(named, mss_clamp_);
  (is_from_initiator(*connection, packet) ? agreed.initiator : agreed.responder) = mss;
  return Verdict::kPass;
}

}  // namespace

void register_tcp_normalizer(Registry& registry);
void register_tcp_normalizer(Registry& registry) {
  registry.add<TcpNormalizer>("tcp_normalizer");
}

}  // namespace asaemu
