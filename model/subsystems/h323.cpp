// H.323 inspection: calls followed from their signalling (H.225) over their control (H.245) to their
// media, for which pinholes are opened.
//
// Scope: `inspect h323 h225` with its maps (match media-type, called-party, calling-party;
//   rtp-conformance, h245-tunnel-block, state-checking h225, early-message facility,
//   call-party-number, call-duration-limit); timeout h225, timeout h323; several calls on one
//   signalling connection; messages 405102 to 405104, 405106, 405107; show h225, show h245. The
//   gatekeeper's side is h323_ras.
// Limitations: no address translation; no fast connect: only H.245 opens media; T.120 and HSI groups
//   are not modelled. When a pinhole cannot be opened for media there is no message. A changed timeout
//   holds for connections and pinholes to come. Inferred: that a message before SETUP is dropped; that
//   405106 is logged if the refusing action has `log`, with the logical channel's number and the ends
//   of the H.245 connection; that `h245-tunnel-block action log` has no message, as the one there is
//   tells of a dropped connection; that an unused pinhole closes after `timeout h323`; that the end of
//   a call closes its connections.
// State: H323Tables: connections, calls and pinholes, each at most what its option says; the channels,
//   pinholes and connections of one call as H323Call bounds them. Lost at reload.
// Validation: show commands against the configuration guide's samples; none for the messages.
// References: syslog guide 405102 to 405107; ASA configuration guide, H.323 inspection; ASA command
//   reference, `timeout`; ITU-T H.225.0, H.245.
#include "messages/h323.hpp"

#include "model/contract/voice_content.hpp"
#include "model/state/h323_report.hpp"
#include "model/state/h323_rules.hpp"
#include "model/state/inspection.hpp"

#include <algorithm>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kDiscriminator = 8;  ///< of Q.931
constexpr std::uint64_t kDefaultReference = 1;
/// `timeout h225 0:00:01` means: when the last call has gone.
constexpr SimDuration kWithLastCall = 1s;

/// Names of Q.931 messages as they are printed: `call-proceeding` is CALL PROCEEDING.
std::string upper_text(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(), [](char c) {
    return c == '-' ? ' ' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  });
  return text;
}

template <class T>
T value_or(const Packet& packet, std::uint16_t field, T otherwise) {
  const T* value = packet.find<T>(field);
  return value != nullptr ? *value : otherwise;
}

class H323 final : public Subsystem {
 public:
  explicit H323(Claims& claims) : tables_(claims.own(&DeviceState::h323)) {
    const auto bound = [&claims](std::string_view option) {
      return std::max<std::size_t>(claims.option<std::uint64_t>(option), 1);
    };
    tables_ = H323Tables({.connections = bound("h323-connections"),
                          .calls = bound("h323-calls"),
                          .pinholes = bound("h323-pinholes")});
  }

  static void declare(Declarations<H323>& declare);

 private:
  void on_line(Context& context, const InspectLineTyped& line);
  void on_built(Context& context, const ConnectionBuilt& event);
  void on_closed(Context& context, const ConnectionClosed& event);
  void on_pinhole(Context& context, const H323PinholeOrder& order);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  Verdict expect(Context& context, Packet& packet);
  Verdict inspect(Context& context, Packet& packet);

  Verdict inspect_signalling(Context& context, const Packet& packet, H323Connection& connection);
  Verdict begin_call(Context& context, const Packet& packet, H323Connection& connection);
  Verdict follow_call(Context& context, const Packet& packet, const H323Connection& connection);
  void offer_control(Context& context, const Packet& packet, H323Call* call);
  void end_call(Context& context, const H323CallKey& key);

  Verdict inspect_control(Context& context, const Packet& packet, H323Call& call);
  Verdict ask_channel(Context& context, const Packet& packet, H323Call& call);
  void acknowledge_channel(Context& context, const Packet& packet, H323Call& call);
  bool open(Context& context, H323Call& call, H323Pinhole pinhole);

  void show_h225(Context& context, const Arguments&) {
    context.print(h225_report(tables_, context.state().connections));
  }
  void show_h245(Context& context, const Arguments&) {
    context.print(h245_report(tables_, context.state().connections));
  }

  [[nodiscard]] static const InspectPolicy* map_of(const DeviceState& state,
                                                   const std::string& name) {
    return name.empty() ? nullptr : state.inspect_maps.find_policy("h323", name);
  }
  /// When a pinhole that is opened now closes, if nothing comes through.
  [[nodiscard]] static std::optional<SimTime> pinhole_end(Context& context) {
    const SimDuration timeout = context.state().timeouts.of("h323");
    return timeout == 0s ? std::nullopt : std::optional(context.now() + timeout);
  }
  static Verdict drop_connection(Context& context, ConnectionId id) {
    context.publish(ConnectionOrder{id, ConnectionOrder::What::kClose});
    return Verdict::kDrop;
  }
  static Verdict enforce(Context& context, const Packet& packet, InspectActions::Fate fate);

  static inline H225Content h225;
  static inline H245Content h245;

  H323Tables& tables_;
};

void H323::declare(Declarations<H323>& declare) {
  const auto bound = [&declare](std::string_view name, std::string_view otherwise,
                                std::string_view help) {
    declare.option(FieldDef{.name = name, .kind = FieldKind::kNumber}, otherwise, help);
  };
  bound("h323-connections", "65536",
        "most connections under H.323 inspection, signalling to media (inferred)");
  bound("h323-calls", "10000", "most H.323 calls at a time (inferred)");
  bound("h323-pinholes", "20000", "most connections that H.323 may pre-allocate (inferred)");
  h225 = H225Content::declare(declare);
  h245 = H245Content::declare(declare);
  declare.exec<&H323::show_h225>("show h225", "Show H.225 sessions and their calls");
  declare.exec<&H323::show_h245>("show h245", "Show H.245 sessions and their media");
  declare.on<&H323::on_line>();
  declare.on<&H323::on_built>();
  declare.on<&H323::on_closed>();
  declare.on<&H323::on_pinhole>();
  declare.stage<&H323::expect>(PathStage::kLimits);
  declare.stage<&H323::inspect>(PathStage::kInspection);
}

void H323::on_line(Context& context, const InspectLineTyped& line) {
  if (line.protocol != "h323") return;
  line.answer = line.section == InspectLineTyped::Section::kMatch
                    ? answer_h323_match(line.words, context.state().inspect_maps)
                    : answer_h323_parameter(line.words);
}

void H323::on_pinhole(Context& context, const H323PinholeOrder& order) {
  if (order.is_closed) {
    tables_.close(order.pinhole.key);
    order.is_done = true;
  } else {
    order.is_done = tables_.open(order.pinhole, context.now());
  }
}

/// Before the packet is asked whether it may begin a connection.
Verdict H323::expect(Context& context, Packet& packet) {
  if (packet.connection == kNoConnection) {
    packet.is_expected =
        packet.is_expected || tables_.find_pinhole(packet.tuple(), context.now()) != nullptr;
  }
  return Verdict::kPass;
}

void H323::on_built(Context& context, const ConnectionBuilt& event) {
  const Connection& built = event.connection;
  H323Connection connection;
  if (const auto* pinhole = tables_.find_pinhole(built.tuple(), context.now())) {
    connection.role = pinhole->role;
    connection.call = pinhole->call;
    connection.map = pinhole->map;
    connection.media = pinhole->media;
    const H323PinholeKey key = pinhole->key;
    if (!pinhole->serves_many) tables_.close(key);
    if (H323Call* call = tables_.calls.find(connection.call)) std::erase(call->pinholes, key);
  } else {
    const bool is_tcp = built.protocol == kProtocolTcp;
    if (!is_tcp && built.protocol != kProtocolUdp) return;
    const auto inspection = find_inspection(
        context.state(), built.id, is_tcp ? "inspect h323 h225" : "inspect h323 ras", "h323");
    if (!inspection) return;
    connection.role = is_tcp ? H323Role::kSignalling : H323Role::kRas;
    if (inspection.map != nullptr) connection.map = inspection.map->name;
  }
  const H323Role role = connection.role;
  const H323CallKey key = connection.call;
  if (tables_.connections.insert(built.id, std::move(connection)) == nullptr) return;
  H323Call* call = tables_.calls.find(key);
  if (call != nullptr && call->connections.size() < H323Call::kConnectionBound) {
    call->connections.push_back(built.id);
  }
  if (role == H323Role::kRas) return;
  const auto& timeouts = context.state().timeouts;
  SimDuration idle = timeouts.of(role == H323Role::kSignalling ? "h225" : "h323");
  if (role == H323Role::kSignalling && idle == kWithLastCall) idle = 0s;
  context.publish(ConnectionOrder{built.id, ConnectionOrder::What::kSetIdle, idle});
}

void H323::on_closed(Context& context, const ConnectionClosed& event) {
  const ConnectionId id = event.connection.id;
  const H323Connection* connection = tables_.connections.find(id);
  if (connection == nullptr) return;
  if (H323Call* call = tables_.calls.find(connection->call)) std::erase(call->connections, id);
  const std::vector<std::uint16_t> calls = connection->calls;
  for (const std::uint16_t reference : calls) end_call(context, {id, reference});
  tables_.connections.erase(id);
}

Verdict H323::inspect(Context& context, Packet& packet) {
  H323Connection* connection = tables_.connections.find(packet.connection);
  if (connection == nullptr) return Verdict::kPass;
  switch (connection->role) {
    case H323Role::kSignalling:
      return inspect_signalling(context, packet, *connection);
    case H323Role::kControl:
      if (H323Call* call = tables_.calls.find(connection->call)) {
        return inspect_control(context, packet, *call);
      }
      break;
    case H323Role::kRas:
    case H323Role::kRtp:
    case H323Role::kRtcp:
      break;
  }
  return Verdict::kPass;
}

/// A message about the packet's own ends.
template <class M>
void report_ends(Context& context, const Packet& packet, std::string_view detail) {
  context.emit(M{.source = packet.source,
                 .source_port = packet.source_port,
                 .destination = packet.destination,
                 .destination_port = packet.destination_port,
                 .detail = detail});
}

/// What an action of the map does to a packet and its connection.
Verdict H323::enforce(Context& context, const Packet& packet, InspectActions::Fate fate) {
  switch (fate) {
    case InspectActions::Fate::kPass:
      return Verdict::kPass;
    case InspectActions::Fate::kDropPacket:
      return Verdict::kDrop;
    case InspectActions::Fate::kDropConnection:
      return drop_connection(context, packet.connection);
    case InspectActions::Fate::kReset:
      break;
  }
  drop_connection(context, packet.connection);
  return Verdict::kReset;
}

Verdict H323::inspect_signalling(Context& context, const Packet& packet,
                                 H323Connection& connection) {
  const auto discriminator = value_or(packet, h225.discriminator, kDiscriminator);
  if (discriminator != kDiscriminator) {
    context.emit(msg::H225BadProtocolDiscriminator{
        .source = packet.source,
        .source_port = packet.source_port,
        .destination = packet.destination,
        .destination_port = packet.destination_port,
        .discriminator = Hex32{static_cast<std::uint32_t>(discriminator)}});
    return Verdict::kPass;
  }
  const auto* message = packet.find<std::string>(h225.message);
  if (message == nullptr) return Verdict::kPass;
  const H323Rules rules = h323_rules(map_of(context.state(), connection.map));
  if (!connection.has_setup && *message != "setup") {
    if (*message == "facility" && rules.takes_early_facility) return Verdict::kPass;
    const std::string text = upper_text(*message);
    context.emit(msg::H225MessageBeforeSetup{.message_type = text,
                                             .source = packet.source,
                                             .source_port = packet.source_port,
                                             .destination = packet.destination,
                                             .destination_port = packet.destination_port});
    return Verdict::kDrop;
  }
  if (rules.blocks_tunnel && value_or(packet, h225.tunneling, std::string()) == "yes") {
    report_ends<msg::H245TunnelDropped>(context, packet, "matched h245-tunnel-block");
    return drop_connection(context, packet.connection);
  }
  return *message == "setup" ? begin_call(context, packet, connection)
                             : follow_call(context, packet, connection);
}

Verdict H323::begin_call(Context& context, const Packet& packet, H323Connection& connection) {
  const InspectPolicy* map = map_of(context.state(), connection.map);
  const auto* calling = packet.find<std::string>(h225.calling_party);
  const auto* called = packet.find<std::string>(h225.called_party);
  if (h323_rules(map).wants_parties && (calling == nullptr || called == nullptr)) {
    return Verdict::kDrop;
  }
  if (map != nullptr) {
    const InspectMaps& maps = context.state().inspect_maps;
    const auto test = [&](const InspectMatch& match) -> std::optional<bool> {
      const std::string* party = match.words[0] == "called-party"    ? called
                                 : match.words[0] == "calling-party" ? calling
                                                                     : nullptr;
      if (party == nullptr) return std::nullopt;
      return maps.regex_finds(match.words, 2, *party);
    };
    const auto fate = maps.evaluate(*map, test, [](const InspectEntry&, const InspectMatch&) {});
    if (const Verdict verdict = enforce(context, packet, fate); verdict != Verdict::kPass) {
      return verdict;
    }
  }
  connection.has_setup = true;
  const auto reference = value_or(packet, h225.call_reference, kDefaultReference);
  const H323CallKey key{packet.connection, static_cast<std::uint16_t>(reference)};
  H323Call* call = tables_.calls.find(key);
  if (call != nullptr) return h323_rules(map).checks_h225 ? Verdict::kDrop : Verdict::kPass;
  H323Call fresh;
  fresh.key = key;
  fresh.map = connection.map;
  call = tables_.calls.insert(key, std::move(fresh));
  if (call != nullptr) connection.calls.push_back(key.reference);
  offer_control(context, packet, call);
  return call != nullptr ? inspect_control(context, packet, *call) : Verdict::kPass;
}

Verdict H323::follow_call(Context& context, const Packet& packet,
                          const H323Connection& connection) {
  const auto& message = *packet.find<std::string>(h225.message);
  const auto reference = value_or(packet, h225.call_reference, kDefaultReference);
  const H323CallKey key{packet.connection, static_cast<std::uint16_t>(reference)};
  H323Call* call = tables_.calls.find(key);
  if (call == nullptr) {
    // There may have been no room for it; otherwise nobody has begun it.
    if (tables_.calls.full()) offer_control(context, packet, call);
    return Verdict::kPass;
  }
  if (message == "release-complete") {
    end_call(context, key);
    if (connection.calls.empty() && context.state().timeouts.of("h225") == kWithLastCall) {
      context.publish(ConnectionOrder{packet.connection, ConnectionOrder::What::kClose});
    }
    return Verdict::kPass;
  }
  const H323Rules rules = h323_rules(map_of(context.state(), call->map));
  const bool was_active = call->phase == H323Call::Phase::kActive;
  if (!call->advance(message) && rules.checks_h225) return Verdict::kDrop;
  if (!was_active && call->phase == H323Call::Phase::kActive && rules.call_limit > 0s) {
    const auto data = static_cast<std::uint64_t>(key.signalling) << 16 | key.reference;
    call->limit = context.after(rules.call_limit, 0, data);
  }
  offer_control(context, packet, call);
  return inspect_control(context, packet, *call);
}

/// The end of a call's `call-duration-limit`.
void H323::on_timer(Context& context, std::uint16_t /*tag*/, std::uint64_t data) {
  const H323CallKey key{static_cast<ConnectionId>(data >> 16),
                        static_cast<std::uint16_t>(data & 0xFFFF)};
  end_call(context, key);
  const H323Connection* connection = tables_.connections.find(key.signalling);
  if (connection != nullptr && connection->calls.empty()) {
    context.publish(ConnectionOrder{key.signalling, ConnectionOrder::What::kClose});
  }
}

void H323::end_call(Context& context, const H323CallKey& key) {
  H323Call* call = tables_.calls.find(key);
  if (call == nullptr) return;
  const H323Call ended = std::move(*call);
  tables_.calls.erase(key);
  context.cancel(ended.limit);
  for (const H323PinholeKey& pinhole : ended.pinholes) tables_.close(pinhole);
  if (H323Connection* signalling = tables_.connections.find(key.signalling)) {
    std::erase(signalling->calls, key.reference);
  }
  for (const ConnectionId id : ended.connections) {
    context.publish(ConnectionOrder{id, ConnectionOrder::What::kClose});
  }
}

bool H323::open(Context& context, H323Call& call, H323Pinhole pinhole) {
  const H323PinholeKey key = pinhole.key;
  pinhole.call = call.key;
  pinhole.map = call.map;
  pinhole.end = pinhole_end(context);
  const bool is_known = std::ranges::find(call.pinholes, key) != call.pinholes.end();
  if (!is_known && call.pinholes.size() == H323Call::kPinholeBound) return false;
  if (!tables_.open(std::move(pinhole), context.now())) return false;
  if (!is_known) call.pinholes.push_back(key);
  return true;
}

/// A message with an address for H.245: the other end will connect to it.
void H323::offer_control(Context& context, const Packet& packet, H323Call* call) {
  const auto* port = packet.find<Port>(h225.h245_port);
  if (port == nullptr) return;
  const IpAddress address = value_or(packet, h225.h245_address, packet.source);
  H323Pinhole pinhole;
  pinhole.key = {kProtocolTcp, packet.destination, address, *port};
  pinhole.role = H323Role::kControl;
  if (call != nullptr && open(context, *call, std::move(pinhole))) return;
  const auto& interfaces = context.state().interfaces;
  if (interfaces[packet.in].security_level > interfaces[packet.out].security_level) {
    context.emit(msg::H245PreallocateFailedLocalPort{
        .foreign = packet.destination, .local = address, .local_port = *port});
  } else {
    context.emit(msg::H245PreallocateFailedForeignPort{
        .foreign = address, .foreign_port = *port, .local = packet.destination});
  }
}

Verdict H323::inspect_control(Context& context, const Packet& packet, H323Call& call) {
  const auto* message = packet.find<std::string>(h245.message);
  if (message == nullptr) return Verdict::kPass;
  const auto number = static_cast<std::uint16_t>(value_or(packet, h245.channel, std::uint64_t{1}));
  if (*message == "open-logical-channel") return ask_channel(context, packet, call);
  if (*message == "open-logical-channel-ack") acknowledge_channel(context, packet, call);
  if (*message == "open-logical-channel-reject") call.remove_channel(number, packet.destination);
  if (*message == "close-logical-channel") call.remove_channel(number, packet.source);
  return Verdict::kPass;
}

Verdict H323::ask_channel(Context& context, const Packet& packet, H323Call& call) {
  const auto number = value_or(packet, h245.channel, std::uint64_t{1});
  const std::string type = value_or(packet, h245.media_type, std::string("audio"));
  if (const InspectPolicy* map = map_of(context.state(), call.map)) {
    const auto test = [&](const InspectMatch& match) -> std::optional<bool> {
      if (match.words[0] != "media-type") return std::nullopt;
      return match.words[1] == type;
    };
    const auto hit = [&](const InspectEntry& entry, const InspectMatch&) {
      if (entry.actions.fate() == InspectActions::Fate::kPass || !entry.actions.logs()) return;
      const std::string detail = "matched " + entry.class_string();
      context.emit(msg::H323ChannelNotCreated{.channel = number,
                                              .source = packet.source,
                                              .source_port = packet.source_port,
                                              .destination = packet.destination,
                                              .destination_port = packet.destination_port,
                                              .detail = detail});
    };
    const auto fate = context.state().inspect_maps.evaluate(*map, test, hit);
    if (const Verdict verdict = enforce(context, packet, fate); verdict != Verdict::kPass) {
      return verdict;
    }
  }
  H323Channel channel;
  channel.number = static_cast<std::uint16_t>(number);
  channel.opener = packet.source;
  channel.opener_media = value_or(packet, h245.media_address, packet.source);
  channel.opener_control = value_or(packet, h245.control_port, Port{});
  channel.type = type == "audio"   ? MediaType::kAudio
                 : type == "video" ? MediaType::kVideo
                                   : MediaType::kData;
  call.add_channel(channel);
  return Verdict::kPass;
}

/// The receiver says where it takes the media: they will come from the opener's address, of any port.
void H323::acknowledge_channel(Context& context, const Packet& packet, H323Call& call) {
  const auto number = static_cast<std::uint16_t>(value_or(packet, h245.channel, std::uint64_t{1}));
  H323Channel* channel = call.find_channel(number, packet.destination);
  const auto* port = packet.find<Port>(h245.media_port);
  if (channel == nullptr || port == nullptr) return;
  channel->receiver_media = value_or(packet, h245.media_address, packet.source);
  channel->receiver_port = *port;
  channel->receiver_control =
      value_or(packet, h245.control_port, Port{static_cast<std::uint16_t>(port->value + 1)});
  const H323Rules rules = h323_rules(map_of(context.state(), call.map));
  const auto open_media = [&](const IpAddress& from, const IpAddress& to, Port at, H323Role role) {
    H323Pinhole pinhole;
    pinhole.key = {kProtocolUdp, from, to, at};
    pinhole.role = role;
    pinhole.media = {rules.checks_rtp, rules.enforces_payload_type, channel->type};
    open(context, call, std::move(pinhole));
  };
  const IpAddress& opener = channel->opener_media;
  const IpAddress& receiver = channel->receiver_media;
  open_media(opener, receiver, channel->receiver_port, H323Role::kRtp);
  open_media(opener, receiver, channel->receiver_control, H323Role::kRtcp);
  if (channel->opener_control != Port{}) {
    open_media(receiver, opener, channel->opener_control, H323Role::kRtcp);
  }
}

}  // namespace

void register_h323(Registry& registry);
void register_h323(Registry& registry) {
  registry.add<H323>("h323");
}

}  // namespace asaemu
