// DNS inspection: lengths, ids and contents of the DNS messages of connections that `inspect dns` takes.
//
// Scope: inspect dns with a map: message-length maximum, client, server, auto; protocol-enforcement;
//   dns-guard; id-mismatch; nat-rewrite (kept only); match header-flag, question, resource-record, dns-type,
//   dns-class and domain-name with drop, drop-connection, mask, enforce-tsig and log; messages 410001 to
//   410004; show service-policy inspect dns.
// Limitations: UDP only; a packet without DNS fields is looked at for its length alone. Names in records
//   behind the question are not. Of reset, only the drop. A message of the length `client` or `server` sets
//   is one to the client, or to the server (inferred). A reply is matched by its id alone, requests beyond
//   kRequestBound wait unasked for. Messages on the wire are not changed by `mask`. An id-mismatch window
//   begins with its first mismatch and is per connection (inferred).
// State: per connection the ids asked and the window of mismatches, at most DnsExchanges::kBound connections (the
//   oldest goes first; its replies then pass unasked), kRequestBound ids each; counters of at most
//   kCounterBound maps. Lost at reload.
// Validation: 410001 against captured lines; 410003 against one captured line; defaults against the
//   command reference; the rest none.
// References: syslog guide 410001-410004; asa-behaviour F, T; ASA configuration guide, DNS inspection;
//   RFC 1035.
#include "messages/dns_inspection.hpp"

#include "model/contract/declarations.hpp"
#include "model/contract/packet_content.hpp"
#include "model/state/dns_exchanges.hpp"
#include "model/state/dns_message.hpp"
#include "model/state/dns_parameters.hpp"
#include "model/state/inspection.hpp"

#include <fmt/format.h>

#include <map>

namespace asaemu {

namespace {

class DnsInspection final : public Subsystem {
 public:
  explicit DnsInspection(Claims&) {}

  static void declare(Declarations<DnsInspection>& declare);

 private:
  static constexpr std::size_t kCounterBound = 64;  ///< maps that are counted; inferred
  static constexpr std::uint16_t kAnswered = 1;     ///< timer: DNS Guard closes the connection

  /// What `show service-policy` counts, by the map's name.
  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t drops = 0;
    std::uint64_t too_long = 0;
    std::uint64_t guarded = 0;
    std::uint64_t enforced = 0;
    std::uint64_t mismatches = 0;
  };

  /// A packet on its way through the inspection.
  struct Inspected {
    const Packet& packet;
    const DnsMessage& message;
    const InspectPolicy* map;
    DnsParameters parameters;
    Counters& counters;
  };

  void on_line(Context& context, const InspectLineTyped& event);
  void on_closed(Context& context, const ConnectionClosed& event);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void show(Context& context, const Arguments& arguments);

  Verdict inspect(Context& context, Packet& packet);
  static DnsMessage describe(const Packet& packet);
  static bool has_content(const Packet& packet);
  bool is_too_long(Context& context, const Inspected& inspected);
  static bool breaks_protocol(Context& context, const Inspected& inspected);
  static Verdict classify(Context& context, const Inspected& inspected);
  bool is_unasked(Context& context, const Inspected& inspected);

  /// Those of the map; of all maps beyond the bound together, which are not shown.
  Counters& counters_of(std::string_view name) {
    const auto known = counters_.find(name);
    if (known != counters_.end()) return known->second;
    return counters_.size() == kCounterBound ? uncounted_ : counters_[std::string(name)];
  }

  template <class M>
  static void report_class(Context& context, const Inspected& inspected, const InspectEntry& entry,
                           typename M::Action action);
  static void report_length(Context& context, const Inspected& inspected,
                            msg::DnsLengthExceeded::Measured measured, std::uint64_t length,
                            msg::DnsLengthExceeded::LimitKind kind, std::uint64_t limit);

  static inline DnsContent fields;
  static inline UdpContent udp;

  DnsExchanges exchanges_;
  std::map<std::string, Counters, std::less<>> counters_;
  Counters uncounted_;
};

void DnsInspection::declare(Declarations<DnsInspection>& declare) {
  declare.stage<&DnsInspection::inspect>(PathStage::kInspection);
  declare.on<&DnsInspection::on_line>();
  declare.on<&DnsInspection::on_closed>();
  declare.exec<&DnsInspection::show>("show service-policy inspect dns",
                                     "Show what DNS inspection counted");
  fields = DnsContent::declare(declare);
  udp = UdpContent::declare(declare);
}

void DnsInspection::on_line(Context&, const InspectLineTyped& event) {
  if (event.protocol != "dns") return;
  if (event.section == InspectLineTyped::Section::kMatch) {
    const auto rank = dns_criterion_rank(event.words);
    event.answer.is_refused = !rank;
    event.answer.rank = rank.value_or(0);
    return;
  }
  const auto key = dns_parameter_key(event.words);
  event.answer.is_refused = !key;
  if (key) event.answer.key_words = *key;
}

void DnsInspection::on_closed(Context&, const ConnectionClosed& event) {
  exchanges_.forget(event.connection.id);
}

void DnsInspection::on_timer(Context& context, std::uint16_t /*tag*/, std::uint64_t data) {
  const auto id = static_cast<ConnectionId>(data);
  // A client that asked again from the same port meanwhile keeps its connection.
  if (!exchanges_.is_answered(id)) return;
  context.publish(ConnectionOrder{id, ConnectionOrder::What::kClose});
}

bool DnsInspection::has_content(const Packet& packet) {
  for (const auto field : {fields.query_type, fields.id, fields.name, fields.flags,
                           fields.query_class, fields.records, fields.edns_size}) {
    if (packet.find<std::string>(field) != nullptr) return true;
    if (packet.find<std::uint64_t>(field) != nullptr) return true;
  }
  return false;
}

/// The message that the packet's fields describe. Its length is that of the UDP header if the packet
/// says one, else that of the IP packet, or of what it must be for its question to fit.
DnsMessage DnsInspection::describe(const Packet& packet) {
  constexpr std::uint64_t kUdpHeader = 8;
  constexpr std::uint16_t kDnsPort = 53;
  const auto number = [&packet](std::uint16_t field) {
    const auto* value = packet.find<std::uint64_t>(field);
    return static_cast<std::uint16_t>(value == nullptr ? 0 : *value);
  };
  const auto text = [&packet](std::uint16_t field) {
    const auto* value = packet.find<std::string>(field);
    return value == nullptr ? std::string_view() : std::string_view(*value);
  };
  DnsMessage message;
  message.is_reply = packet.source_port.value == kDnsPort;
  message.id = number(fields.id);
  message.flags = parse_dns_flags(text(fields.flags)).value_or(0);
  if (message.is_reply) {
    message.flags = static_cast<std::uint16_t>(message.flags | DnsMessage::kQr);
  }
  message.type = parse_dns_type(text(fields.query_type)).value_or(message.type);
  message.query_class = parse_dns_class(text(fields.query_class)).value_or(message.query_class);
  message.name = text(fields.name);
  message.records = parse_dns_records(text(fields.records));
  const std::uint64_t headers =
      (packet.source.is_v6() ? 40U : 20U) + kUdpHeader + packet.ip_options.bytes().size();
  if (const auto* claimed = packet.find<std::uint64_t>(udp.length)) {
    message.length = *claimed > kUdpHeader ? *claimed - kUdpHeader : 0;
  } else {
    message.length = packet.length > headers ? packet.length - headers : 0;
    if (has_content(packet)) {
      message.length = std::max(message.length, dns_message_size(message.name));
    }
  }
  return message;
}

Verdict DnsInspection::inspect(Context& context, Packet& packet) {
  if (packet.protocol != kProtocolUdp || packet.connection == kNoConnection) return Verdict::kPass;
  const auto applied = find_inspection(context.state(), packet.connection, "inspect dns", "dns");
  if (!applied) return Verdict::kPass;
  const auto& words = applied.policy.action->words;
  const std::string_view name =
      words.empty() ? std::string_view() : std::string_view(words.front());
  Counters& counters = counters_of(name);
  ++counters.packets;
  const DnsMessage message = describe(packet);
  const Inspected inspected{packet, message, applied.map,
                            dns_parameters(applied.map, name == kPresetDnsMap), counters};
  Verdict verdict = Verdict::kPass;
  if (is_too_long(context, inspected)) {
    ++counters.too_long;
    verdict = Verdict::kDrop;
  } else if (has_content(packet)) {
    if (inspected.parameters.is_protocol_enforced && breaks_protocol(context, inspected)) {
      ++counters.enforced;
      verdict = Verdict::kDrop;
    } else {
      verdict = classify(context, inspected);
    }
    if (verdict == Verdict::kPass && is_unasked(context, inspected)) verdict = Verdict::kDrop;
  }
  if (verdict != Verdict::kPass) ++counters.drops;
  return verdict;
}

void DnsInspection::report_length(Context& context, const Inspected& inspected,
                                  msg::DnsLengthExceeded::Measured measured, std::uint64_t length,
                                  msg::DnsLengthExceeded::LimitKind kind, std::uint64_t limit) {
  using Message = msg::DnsLengthExceeded::Message;
  const Packet& packet = inspected.packet;
  const auto& interfaces = context.state().interfaces;
  context.emit(msg::DnsLengthExceeded{
      .message = inspected.message.is_reply ? Message::kReply : Message::kRequest,
      .source_interface = InterfaceName{interfaces[packet.in].nameif},
      .source = packet.source,
      .source_port = packet.source_port,
      .destination_interface = InterfaceName{interfaces[packet.out].nameif},
      .destination = packet.destination,
      .destination_port = packet.destination_port,
      .measured = measured,
      .length = length,
      .limit_kind = kind,
      .limit = limit});
}

bool DnsInspection::is_too_long(Context& context, const Inspected& inspected) {
  const DnsMessage& message = inspected.message;
  const auto limit = inspected.parameters.limit_of(
      message.is_reply, exchanges_.offered_size(inspected.packet.connection));
  if (!limit || message.length <= *limit) return false;
  report_length(context, inspected, msg::DnsLengthExceeded::Measured::kPacket, message.length,
                msg::DnsLengthExceeded::LimitKind::kConfigured, *limit);
  return true;
}

bool DnsInspection::breaks_protocol(Context& context, const Inspected& inspected) {
  using Report = msg::DnsLengthExceeded;
  const auto fault = check_dns_name(inspected.message);
  if (!fault) return false;
  const bool is_name = fault->kind == DnsLengthFault::Kind::kName;
  const bool is_cut = fault->kind == DnsLengthFault::Kind::kLabelBeyondPacket;
  report_length(context, inspected,
                is_name ? Report::Measured::kDomainName : Report::Measured::kLabel, fault->length,
                is_cut ? Report::LimitKind::kRemainingPacketLength : Report::LimitKind::kProtocol,
                fault->limit);
  return true;
}

template <class M>
void DnsInspection::report_class(Context& context, const Inspected& inspected,
                                 const InspectEntry& entry, typename M::Action action) {
  const Packet& packet = inspected.packet;
  const auto& interfaces = context.state().interfaces;
  const std::string id = fmt::format("{}", inspected.message.id);
  const std::string matched = "matched " + entry.class_string();
  context.emit(M{.action_class = "DNS Classification",
                 .action = action,
                 .query_response = inspected.message.is_reply ? M::QueryResponse::kReply
                                                              : M::QueryResponse::kRequest,
                 .dns_id = id,
                 .source_interface = InterfaceName{interfaces[packet.in].nameif},
                 .source = packet.source,
                 .source_port = packet.source_port,
                 .destination_interface = InterfaceName{interfaces[packet.out].nameif},
                 .destination = packet.destination,
                 .destination_port = packet.destination_port,
                 .further_info = matched});
}

/// What the map's entries make of the message. enforce-tsig concerns messages without a TSIG record only.
Verdict DnsInspection::classify(Context& context, const Inspected& inspected) {
  using Enforced = msg::DnsClassificationEnforced;
  using Logged = msg::DnsClassificationLogged;
  if (inspected.map == nullptr) return Verdict::kPass;
  const InspectMaps& maps = context.state().inspect_maps;
  bool is_unsigned = false;
  const auto hit = [&](const InspectEntry& entry, const InspectMatch&) {
    const InspectActions& actions = entry.actions;
    const auto has = [](const LineWords* line, std::string_view word) {
      return line != nullptr && std::ranges::find(*line, word) != line->end();
    };
    const LineWords* tsig = actions.find("enforce-tsig");
    if (tsig != nullptr && !is_unsigned && !inspected.message.has_tsig()) {
      is_unsigned = has(tsig, "drop");
      if (has(tsig, "log") && is_unsigned) {
        report_class<Enforced>(context, inspected, entry, Enforced::Action::kDroppedNoTsig);
      } else if (has(tsig, "log")) {
        report_class<Logged>(context, inspected, entry, Logged::Action::kReceivedNoTsig);
      }
    }
    if (is_unsigned) return;
    if (actions.fate() != InspectActions::Fate::kPass) {
      if (actions.logs()) {
        report_class<Enforced>(context, inspected, entry, Enforced::Action::kDropped);
      }
    } else if (const LineWords* mask = actions.find("mask")) {
      if (has(mask, "log")) {
        report_class<Enforced>(context, inspected, entry, Enforced::Action::kMaskedHeaderFlagsFor);
      }
    } else if (actions.find("log") != nullptr) {
      report_class<Logged>(context, inspected, entry, Logged::Action::kReceived);
    }
  };
  const auto fate = maps.evaluate(
      *inspected.map,
      [&](const InspectMatch& match) {
        return dns_criterion_holds(maps, match, inspected.message);
      },
      hit);
  if (fate >= InspectActions::Fate::kDropConnection) {
    context.publish(ConnectionOrder{inspected.packet.connection, ConnectionOrder::What::kClose});
  }
  return is_unsigned || fate != InspectActions::Fate::kPass ? Verdict::kDrop : Verdict::kPass;
}

/// Notes a request; true for a reply to none, which DNS Guard or id-mismatch has dropped.
bool DnsInspection::is_unasked(Context& context, const Inspected& inspected) {
  const Packet& packet = inspected.packet;
  const DnsMessage& message = inspected.message;
  const DnsParameters& parameters = inspected.parameters;
  if (!message.is_reply) {
    const auto* offered = packet.find<std::uint64_t>(fields.edns_size);
    exchanges_.ask(packet.connection, message.id, offered == nullptr ? 0 : *offered);
    return false;
  }
  if (!parameters.is_guarded && !parameters.id_mismatch) return false;
  if (exchanges_.answer(packet.connection, message.id)) {
    if (parameters.is_guarded) {
      ++inspected.counters.guarded;
      // Once this packet is on its way.
      if (exchanges_.is_answered(packet.connection)) {
        context.after({}, kAnswered, static_cast<std::uint64_t>(packet.connection));
      }
    }
    return false;
  }
  ++inspected.counters.mismatches;
  if (!parameters.id_mismatch) return true;
  const auto& [count, window] = *parameters.id_mismatch;
  if (exchanges_.count_mismatch(packet.connection, count, window, context.now())) {
    const auto& interfaces = context.state().interfaces;
    context.emit(
        msg::DnsIdMismatches{.count = count,
                             .seconds = static_cast<std::uint64_t>(
                                 std::chrono::duration_cast<std::chrono::seconds>(window).count()),
                             .source_interface = InterfaceName{interfaces[packet.in].nameif},
                             .source = packet.source,
                             .source_port = packet.source_port,
                             .destination_interface = InterfaceName{interfaces[packet.out].nameif},
                             .destination = packet.destination,
                             .destination_port = packet.destination_port});
  }
  return true;
}

void DnsInspection::show(Context& context, const Arguments&) {
  for (const auto& [name, counters] : counters_) {
    const InspectPolicy* map = context.state().inspect_maps.find_policy("dns", name);
    const auto parameters = dns_parameters(map, name == kPresetDnsMap);
    context.print(
        fmt::format("      Inspect: dns{}{}, packet {}, lock fail 0, drop {}, reset-drop 0\n",
                    name.empty() ? "" : " ", name, counters.packets, counters.drops));
    if (parameters.limit_of(false, std::nullopt)) {
      context.print(fmt::format("        message-length maximum {}, drop {}\n",
                                *parameters.limit_of(false, std::nullopt), counters.too_long));
    }
    if (parameters.is_guarded) {
      context.print(fmt::format("        dns-guard, count {}\n", counters.guarded));
    }
    if (parameters.is_protocol_enforced) {
      context.print(fmt::format("        protocol-enforcement, drop {}\n", counters.enforced));
    }
    if (parameters.id_mismatch) {
      context.print(fmt::format("        id-mismatch, count {}\n", counters.mismatches));
    }
  }
}

}  // namespace

void register_dns_inspection(Registry& registry);
void register_dns_inspection(Registry& registry) {
  registry.add<DnsInspection>("dns_inspection");
}

}  // namespace asaemu
