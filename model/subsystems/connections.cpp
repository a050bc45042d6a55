// Connections: the flows through the device, from their first packet to their end.
//
// Scope: connection lookup and building, access-group (in, out, global), same-security-traffic,
//   the `timeout` command, show conn, show conn count, clear conn; TCP handshake, FINs and RST;
//   idle timeouts, also by `set connection timeout` of a service policy. Others hear of connections by
//   events, and may have them closed, kept, or idle for a time of their own; what an inspection
//   expects (Packet::is_expected) needs no permission.
// Limitations: no address translation; interfaces of a connection do not change with routes; TCP
//   sequence numbers are not followed beyond the first SYN, a lone FIN from both sides ends the
//   connection at once; ICMP connections are per pair of addresses. What is denied is dropped
//   silently, also while the syslog servers' state forbids new connections (asa-behaviour A.6):
//   106xxx and 302xxx are outside this program's messages. Packets to and from the device itself are
//   no connections.
// State: Timeouts; ConnectionTable, at most the option `connection-limit` (500,000 by default, what an
//   ASA5525 is sold for); one timer for each connection; a list name for each interface and direction.
// Validation: default timeouts against asa-behaviour F (DCD paragraph) and the configuration guide;
//   `show conn count` against captured consoles; the layout of `show conn` only inferred.
// References: asa-behaviour F; ASA configuration guide, connection settings.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <map>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

class Connections final : public Subsystem {
 public:
  explicit Connections(Claims& claims)
      : table_(claims.own(&DeviceState::connections)),
        limit_(claims.option<std::uint64_t>("connection-limit")),
        timeouts_(claims.own(&DeviceState::timeouts)) {}

  static void declare(Declarations<Connections>& declare);

 private:
  static constexpr std::uint16_t kIdle = 1;

  /// Which access list filters what enters and leaves an interface.
  struct Group {
    std::string in;
    std::string out;
  };

  void set_group(Context& context, const Arguments& arguments);
  void set_same_security(Context& context, const Arguments& arguments);
  void set_timeouts(Context& context, const Arguments& arguments);
  void reset_timeout(Context&, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("name");
    timeouts_.set(name, Timeouts().of(name));
  }
  void show(Context& context, const Arguments& arguments);
  void show_count(Context& context, const Arguments& arguments);
  void clear(Context& context, const Arguments& arguments);

  Verdict look_up(Context& context, Packet& packet);
  Verdict build(Context& context, Packet& packet);
  void advance(Context& context, Connection& connection, const Packet& packet);
  void enter(Context& context, Connection& connection, Connection::Phase phase);
  void close(Context& context, ConnectionId id, ConnectionClosed::Reason reason);
  void arm(Context& context, Connection& connection);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void on_order(Context& context, const ConnectionOrder& order);
  void on_interface(Context& context, const InterfaceConfigured& event);

  [[nodiscard]] SimDuration timeout(const DeviceState& state, const Connection& connection) const;
  [[nodiscard]] bool is_permitted(const Context& context, const Packet& packet) const;
  [[nodiscard]] static bool is_through(const DeviceState& state, const Packet& packet);

  ConnectionTable& table_;
  std::uint64_t limit_;
  std::map<InterfaceId, Group> groups_;
  std::string global_group_;
  bool between_equals_ = false;
  bool within_interface_ = false;
  Timeouts& timeouts_;
};

void Connections::declare(Declarations<Connections>& declare) {
  declare.option(FieldDef{.name = "connection-limit", .kind = FieldKind::kNumber}, "500000",
                 "most connections at a time; what an ASA5525 is sold for");
  declare.config<&Connections::set_group>(
      "[no] access-group <word:list> {in|out} interface <nameif:interface>",
      "Filter what enters or leaves an interface by an access list");
  declare.config<&Connections::set_group>("[no] access-group <word:list> global",
                                          "Filter what enters any interface by an access list");
  declare.config<&Connections::set_same_security>(
      "[no] same-security-traffic permit {inter-interface|intra-interface}",
      "Let traffic pass between interfaces of one level, or out where it came in");
  declare.config<&Connections::set_timeouts>(
      "timeout <line:settings>",
      "Set idle timeouts: conn, half-closed, embryonic, udp, icmp, h225, h323 H:MM:SS");
  declare.config<&Connections::reset_timeout>("no timeout <word:name> [<word:was>]",
                                              "Back to a default idle timeout");
  declare.exec<&Connections::show>("show conn", "Show the connections");
  declare.exec<&Connections::show_count>("show conn count", "Show how many connections there are");
  declare.exec<&Connections::clear>("clear conn [all]", "Remove all connections");
  declare.stage<&Connections::look_up>(PathStage::kConnection);
  declare.stage<&Connections::build>(PathStage::kNewConnection);
  declare.on<&Connections::on_order>();
  declare.on<&Connections::on_interface>();
}

void Connections::set_group(Context& context, const Arguments& arguments) {
  const auto& list = arguments.get<std::string>("list");
  const auto set = [&](std::string& group) {
    if (!arguments.has("no")) {
      group = list;
    } else if (group == list) {
      group.clear();
    } else {
      context.print(fmt::format("ERROR: access-list <{}> is not applied here\n", list));
    }
  };
  if (!arguments.has("no") && context.state().access_lists.find(list) == nullptr) {
    context.print(fmt::format("ERROR: access-list <{}> does not exist\n", list));
    return;
  }
  if (arguments.has("global")) {
    set(global_group_);
    return;
  }
  const auto& interfaces = context.state().interfaces;
  Group& group = groups_[interfaces.find_nameif(arguments.get<std::string>("interface"))];
  set(arguments.has("in") ? group.in : group.out);
}

void Connections::set_same_security(Context&, const Arguments& arguments) {
  const bool on = !arguments.has("no");
  (arguments.has("inter-interface") ? between_equals_ : within_interface_) = on;
}

/// `conn 1:00:00 half-closed 0:10:00 …`: names and times in turn. The running configuration has many
/// more names than there are connections here; they are taken and do nothing.
void Connections::set_timeouts(Context& context, const Arguments& arguments) {
  std::string_view rest = arguments.get<std::string>("settings");
  const auto next_word = [&] {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    return word;
  };
  const FieldDef field{.name = "timeout", .kind = FieldKind::kDuration};
  for (std::string_view name = next_word(); !name.empty(); name = next_word()) {
    if (name == "absolute" || name == "inactivity") continue;  // of `uauth 0:05:00 absolute`
    if (name == "igp") name = next_word();                     // `igp stale-route 0:01:10`
    const auto value = parse_field(field, next_word());
    if (!value) {
      context.print(fmt::format("ERROR: Invalid timeout value for {}\n", name));
      return;
    }
    timeouts_.set(name, std::get<SimDuration>(*value));
  }
}

/// A packet of another device's to another one's, with a way out.
bool Connections::is_through(const DeviceState& state, const Packet& packet) {
  if (packet.out == kNoInterface) return false;
  return !state.interfaces.owns(packet.destination) && !state.interfaces.owns(packet.source);
}

Verdict Connections::look_up(Context& context, Packet& packet) {
  if (table_.size() == 0) return Verdict::kPass;
  Connection* connection = table_.find(packet.tuple());
  if (connection == nullptr) return Verdict::kPass;
  packet.connection = connection->id;
  connection->last_seen = context.now();
  connection->bytes += packet.length;
  if (connection->protocol == kProtocolTcp) advance(context, *connection, packet);
  return Verdict::kPass;
}

void Connections::advance(Context& context, Connection& connection, const Packet& packet) {
  const auto has = [&](std::uint8_t flag) { return (packet.flags.bits & flag) != 0; };
  const bool from_initiator = packet.source == connection.initiator.address &&
                              packet.source_port == connection.initiator.port;
  if (has(TcpFlags::kRst)) {
    close(context, connection.id, ConnectionClosed::Reason::kReset);
    return;
  }
  if (has(TcpFlags::kFin)) {
    (from_initiator ? connection.initiator_closed : connection.responder_closed) = true;
    if (connection.initiator_closed && connection.responder_closed) {
      close(context, connection.id, ConnectionClosed::Reason::kFins);
    } else {
      enter(context, connection, Connection::Phase::kHalfClosed);
    }
    return;
  }
  if (connection.phase != Connection::Phase::kEmbryonic || !has(TcpFlags::kAck)) return;
  if (!from_initiator) {
    connection.responder_acked = connection.responder_acked || has(TcpFlags::kSyn);
  } else if (connection.responder_acked) {
    enter(context, connection, Connection::Phase::kEstablished);
  }
}

void Connections::enter(Context& context, Connection& connection, Connection::Phase phase) {
  if (connection.phase == phase) return;
  const Connection::Phase before = std::exchange(connection.phase, phase);
  arm(context, connection);
  context.publish(ConnectionChanged{connection, before});
}

bool Connections::is_permitted(const Context& context, const Packet& packet) const {
  const DeviceState& state = context.state();
  const auto passes = [&](const std::string& name) {
    const AccessList* list = state.access_lists.find(name);
    if (list == nullptr) return false;
    const AccessRule* rule = list->match(packet.tuple());
    return rule != nullptr && rule->is_permit;
  };
  const auto entry = groups_.find(packet.in);
  const auto exit = groups_.find(packet.out);
  if (packet.in == packet.out && !within_interface_) return false;
  // `sysopt connection permit-vpn`, the default: a tunnel's policy has let the packet in already.
  if (packet.is_decapsulated || packet.is_expected) return true;
  // FTP inspection waits for some data connections, and lets them in.
  if (packet.protocol == kProtocolTcp &&
      state.ftp_pinholes.find(
          FtpDataFlow{packet.source, packet.destination, packet.destination_port}, context.now()) !=
          nullptr) {
    return true;
  }
  if (exit != groups_.end() && !exit->second.out.empty() && !passes(exit->second.out)) return false;
  if (entry != groups_.end() && !entry->second.in.empty()) return passes(entry->second.in);
  if (!global_group_.empty()) return passes(global_group_);
  const auto from = state.interfaces[packet.in].security_level;
  const auto to = state.interfaces[packet.out].security_level;
  return from > to || (from == to && (packet.in == packet.out || between_equals_));
}

Verdict Connections::build(Context& context, Packet& packet) {
  const DeviceState& state = context.state();
  if (packet.connection != kNoConnection || !is_through(state, packet)) return Verdict::kPass;
  const bool is_tcp = packet.protocol == kProtocolTcp;
  constexpr std::uint8_t kHandshake =
      TcpFlags::kSyn | TcpFlags::kAck | TcpFlags::kRst | TcpFlags::kFin;
  if (is_tcp && (packet.flags.bits & kHandshake) != TcpFlags::kSyn) return Verdict::kDrop;
  if (!is_permitted(context, packet) || table_.size() >= limit_) return Verdict::kDrop;
  if (context.state().syslog.denies_connections) return Verdict::kDrop;
  const FiveTuple tuple = packet.tuple();
  Connection* connection =
      table_.add({.protocol = packet.protocol,
                  .phase = is_tcp ? Connection::Phase::kEmbryonic : Connection::Phase::kEstablished,
                  .is_inbound = state.interfaces[packet.in].security_level <
                                state.interfaces[packet.out].security_level,
                  .initial_sequence = packet.sequence,
                  .initiator = {packet.in, tuple.source, tuple.source_port},
                  .responder = {packet.out, tuple.destination, tuple.destination_port},
                  .built = context.now(),
                  .last_seen = context.now(),
                  .bytes = packet.length,
                  .timer = {}});
  if (connection == nullptr) return Verdict::kDrop;
  packet.connection = connection->id;
  arm(context, *connection);
  context.publish(ConnectionBuilt{*connection});
  return Verdict::kPass;
}

SimDuration Connections::timeout(const DeviceState& state, const Connection& connection) const {
  const auto policy = state.service_policies.find(
      "set connection timeout", connection.tuple(), connection.initiator.interface,
      connection.responder.interface, state.access_lists);
  const auto of = [&](std::string_view name) {
    const FieldDef field{.name = "timeout", .kind = FieldKind::kDuration};
    const auto own =
        policy && name != "udp" && name != "icmp"
            ? parse_field(field, policy.action->value_of(name == "conn" ? "idle" : name))
            : std::nullopt;
    return own ? std::get<SimDuration>(*own) : timeouts_.of(name);
  };
  if (connection.protocol == kProtocolIcmp) return of("icmp");
  if (connection.protocol != kProtocolTcp) return connection.idle_limit.value_or(of("udp"));
  switch (connection.phase) {
    case Connection::Phase::kEmbryonic:
      return of("embryonic");
    case Connection::Phase::kHalfClosed:
      return of("half-closed");
    case Connection::Phase::kEstablished:
      break;
  }
  return connection.idle_limit.value_or(of("conn"));
}

/// Sets the timer for the end of the idle timeout. Packets do not move it: when it comes, it looks
/// how long the connection has been idle by then. A timeout of zero never ends a connection.
void Connections::arm(Context& context, Connection& connection) {
  context.cancel(connection.timer);
  const SimDuration limit = timeout(context.state(), connection);
  if (limit == SimDuration(0)) return;
  const SimDuration left = connection.last_seen + limit - context.now();
  connection.timer = context.after(std::max(left, SimDuration(0)), kIdle,
                                   static_cast<std::uint64_t>(connection.id));
}

void Connections::on_timer(Context& context, std::uint16_t /*tag*/, std::uint64_t data) {
  Connection* connection = table_.find(static_cast<ConnectionId>(data));
  if (connection == nullptr) return;
  connection->timer = {};
  if (context.now() - connection->last_seen < timeout(context.state(), *connection)) {
    arm(context, *connection);
    return;
  }
  bool is_kept = false;
  context.publish(ConnectionIdle{*connection, is_kept});
  if (!is_kept) close(context, connection->id, ConnectionClosed::Reason::kIdle);
}

void Connections::on_order(Context& context, const ConnectionOrder& order) {
  Connection* connection = table_.find(order.connection);
  if (connection == nullptr) return;
  if (order.what == ConnectionOrder::What::kClose) {
    close(context, order.connection, ConnectionClosed::Reason::kOrdered);
    return;
  }
  if (order.what == ConnectionOrder::What::kSetIdle) connection->idle_limit = order.idle;
  connection->last_seen = context.now();
  arm(context, *connection);
}

/// Nothing passes an interface without a name.
void Connections::on_interface(Context& context, const InterfaceConfigured& event) {
  if (!context.state().interfaces[event.interface].nameif.empty()) return;
  std::vector<ConnectionId> gone;
  for (const Connection& connection : table_.all()) {
    if (connection.initiator.interface == event.interface ||
        connection.responder.interface == event.interface) {
      gone.push_back(connection.id);
    }
  }
  for (const ConnectionId id : gone) close(context, id, ConnectionClosed::Reason::kCleared);
}

void Connections::close(Context& context, ConnectionId id, ConnectionClosed::Reason reason) {
  const Connection* connection = table_.find(id);
  context.cancel(connection->timer);
  context.publish(ConnectionClosed{*connection, reason});
  table_.remove(id);
}

/// The flags of `show conn` that follow from what is modelled here.
std::string flags_of(const Connection& connection) {
  if (connection.protocol != kProtocolTcp) return "-";
  const bool inbound = connection.is_inbound;
  std::string flags;
  if (connection.phase == Connection::Phase::kEmbryonic) {
    flags = connection.responder_acked ? (inbound ? "a" : "A") : (inbound ? "SaA" : "saA");
  } else {
    flags = "U";
    if (connection.initiator_closed) flags += inbound ? "R" : "f";
    if (connection.responder_closed) flags += inbound ? "f" : "R";
  }
  return inbound ? flags + "B" : flags;
}

void Connections::show_count(Context& context, const Arguments&) {
  context.print(fmt::format("{} in use, {} most used\n", table_.size(), table_.most()));
}

void Connections::show(Context& context, const Arguments& arguments) {
  show_count(context, arguments);
  const auto& interfaces = context.state().interfaces;
  const auto end_text = [&](const Endpoint& end, bool has_ports) {
    std::string text = interfaces[end.interface].nameif + "  " + to_string(end.address);
    return has_ports ? fmt::format("{}:{}", text, end.port.value) : text;
  };
  for (const Connection& connection : table_.all()) {
    const bool tcp = connection.protocol == kProtocolTcp;
    const bool has_ports = tcp || connection.protocol == kProtocolUdp;
    // The end on the less secure side stands first.
    const Endpoint& outer = connection.is_inbound ? connection.initiator : connection.responder;
    const Endpoint& inner = connection.is_inbound ? connection.responder : connection.initiator;
    const auto idle =
        std::chrono::duration_cast<std::chrono::seconds>(context.now() - connection.last_seen)
            .count();
    const FieldDef name{.name = "protocol", .kind = FieldKind::kProtocolUpper};
    context.print(fmt::format("{} {} {}, idle {}:{:02}:{:02}, bytes {}, flags {}\n",
                              field_to_string(name, connection.protocol),
                              end_text(outer, has_ports), end_text(inner, has_ports), idle / 3600,
                              idle / 60 % 60, idle % 60, connection.bytes, flags_of(connection)));
  }
}

void Connections::clear(Context& context, const Arguments&) {
  const std::size_t count = table_.size();
  while (table_.size() > 0) {
    close(context, table_.all().begin()->id, ConnectionClosed::Reason::kCleared);
  }
  context.print(fmt::format("{} connection(s) deleted.\n", count));
}

}  // namespace

void register_connections(Registry& registry);
void register_connections(Registry& registry) {
  registry.add<Connections>("connections");
}

}  // namespace asaemu
