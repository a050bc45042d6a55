// NetBIOS inspection: name service (UDP 137) and datagram service (UDP 138) packets that are malformed,
// or that answer what nobody asked.
//
// Scope: `inspect netbios [MAP]` in a service policy; policy-map type inspect netbios with
//   `protocol-violation action {drop [log]|log}`; messages 423001 to 423005; show service-policy
//   inspect netbios. A name service answer must have the transaction id of a request between the two
//   hosts, an answer of the datagram service the id of a query; fragments of a datagram must come in
//   order, the first one first.
// Limitations: no address translation, so none of addresses in payloads; resource records behind the
//   question are not read; a fragment that overtakes another is out of order. Without a map, or with one
//   that says nothing of violations, they pass and are logged (inferred); `drop` without `log` drops
//   silently. Names of packet types and of what is wrong are our own, after RFC 1002.
// State: requests without an answer, of either service, and datagrams in pieces, each at most the option
//   `netbios-transaction-limit`; the one heard of longest ago makes room. A request waits for kAnswerTime,
//   a datagram's next piece for kFragmentTime. Lost at reload.
// Validation: the messages' frame against the guide; formats and timeouts against RFC 1002; nothing
//   against a device.
// References: syslog guide 423001 to 423005; asa-behaviour F; ASA configuration guide, "NetBIOS
//   Inspection"; RFC 1001, 1002 (4.2, 4.4, 6).
#include "messages/netbios.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/inspection.hpp"
#include "model/state/netbios_packet.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

/// UCAST_REQ_RETRY_TIMEOUT, three times (RFC 1002, 6).
constexpr SimDuration kAnswerTime = 15s;
/// FRAGMENT_TO (RFC 1002, 6).
constexpr SimDuration kFragmentTime = 2s;

/// Names a request, or a datagram in pieces.
struct ExchangeKey {
  IpAddress asker;
  IpAddress answerer;
  std::uint64_t id = 0;
  friend bool operator==(const ExchangeKey&, const ExchangeKey&) = default;
};

struct ExchangeKeyHash {
  std::uint64_t operator()(const ExchangeKey& key) const {
    const KeyHash<IpAddress> hash;
    return combine_hash(combine_hash(hash(key.asker), key.id), hash(key.answerer));
  }
};

template <class Entry>
using Exchanges = AgingTable<ExchangeKey, Entry, ExchangeKeyHash>;

/// What is done with packets that violate the protocol.
struct Handling {
  bool drops = false;
  bool logs = true;
};

/// The numbers of the packet fields.
struct NetbiosFields {
  std::uint16_t name = 0;
  std::uint16_t label_length = 0;
  std::uint16_t opcode = 0;
  std::uint16_t response = 0;
  std::uint16_t rcode = 0;
  std::uint16_t id = 0;
  std::uint16_t questions = 0;
  std::uint16_t answers = 0;
  std::uint16_t question_type = 0;
  std::uint16_t type = 0;
  std::uint16_t datagram = 0;
  std::uint16_t source = 0;
  std::uint16_t source_port = 0;
  std::uint16_t length = 0;
  std::uint16_t offset = 0;
  std::uint16_t first = 0;
  std::uint16_t more = 0;
};

class NetbiosInspection final : public Subsystem {
 public:
  explicit NetbiosInspection(Claims& claims)
      : NetbiosInspection(std::clamp<std::size_t>(
            claims.option<std::uint64_t>("netbios-transaction-limit"), 1, kExchangesMax)) {}

  static void declare(Declarations<NetbiosInspection>& declare);

 private:
  static constexpr std::size_t kExchangesMax = 1'000'000;

  struct Nothing {};
  /// A datagram in pieces: where the next one must begin.
  struct Pieces {
    std::uint64_t next = 0;
  };

  explicit NetbiosInspection(std::size_t limit)
      : requests_(limit, kAnswerTime),
        queries_(limit, kAnswerTime),
        pieces_(limit, kFragmentTime) {}

  static void declare_fields(Declarations<NetbiosInspection>& declare);
  void check_line(Context& context, const InspectLineTyped& line);
  static Handling handling_of(const AppliedInspection& inspection);
  void show(Context& context, const Arguments& arguments);

  Verdict inspect(Context& context, Packet& packet);
  Verdict inspect_name(Context& context, const Packet& packet, Handling handling);
  Verdict inspect_datagram(Context& context, const Packet& packet, Handling handling);
  /// What is wrong with a fragment; empty if nothing is.
  std::string_view take_fragment(Context& context, const Packet& packet,
                                 const NbdgmPacket& datagram);

  template <class M>
  Verdict refuse(Context& context, const Packet& packet, Handling handling,
                 std::string_view packet_type, std::string_view reason);
  template <class Entry>
  static void hear(Exchanges<Entry>& table, const ExchangeKey& key, Entry entry, SimTime now);

  static std::uint64_t number(const Packet& packet, std::uint16_t field, std::uint64_t otherwise) {
    const auto* value = packet.find<std::uint64_t>(field);
    return value == nullptr ? otherwise : *value;
  }
  static bool flag(const Packet& packet, std::uint16_t field, bool otherwise) {
    const auto* value = packet.find<std::string>(field);
    return value == nullptr ? otherwise : *value == "yes";
  }
  static std::uint64_t label_length(const Packet& packet) {
    const auto* name = packet.find<std::string>(fields.name);
    return number(packet, fields.label_length,
                  netbios_label_length(name == nullptr ? 0 : name->size()));
  }
  static std::uint64_t payload(const Packet& packet) {
    constexpr std::uint64_t kHeaders = 28;  // of IPv4 and UDP
    return packet.length > kHeaders ? packet.length - kHeaders : 0;
  }
  static NbnsPacket read_name_packet(const Packet& packet);
  static NbdgmPacket read_datagram(const Packet& packet);

  /// The same in every device.
  static inline NetbiosFields fields;

  Exchanges<Nothing> requests_;  ///< of the name service
  Exchanges<Nothing> queries_;   ///< of the datagram service
  Exchanges<Pieces> pieces_;
  std::uint64_t packets_ = 0;
  std::uint64_t drops_ = 0;
};

void NetbiosInspection::declare(Declarations<NetbiosInspection>& declare) {
  declare.option(FieldDef{.name = "netbios-transaction-limit", .kind = FieldKind::kNumber}, "10000",
                 "most NetBIOS requests, queries and datagrams in pieces remembered, each, 1 to "
                 "1000000 (inferred)");
  declare.exec<&NetbiosInspection::show>("show service-policy inspect netbios",
                                         "Show what NetBIOS inspection counted");
  declare.stage<&NetbiosInspection::inspect>(PathStage::kInspection);
  declare.on<&NetbiosInspection::check_line>();
  declare_fields(declare);
}

void NetbiosInspection::declare_fields(Declarations<NetbiosInspection>& declare) {
  static constexpr std::array<std::string_view, 2> kNoYes{"no", "yes"};
  const auto number_field = [&declare](std::string_view name, std::string_view help) {
    return declare.packet_field(FieldDef{.name = name, .kind = FieldKind::kNumber}, help);
  };
  const auto flag_field = [&declare](std::string_view name, std::string_view help) {
    return declare.packet_field(
        FieldDef{.name = name, .kind = FieldKind::kOneOf, .choices = kNoYes}, help);
  };
  fields.name = declare.packet_field(
      FieldDef{.name = "netbios-name", .kind = FieldKind::kText},
      "NetBIOS: the name that the packet is about; honest ones have at most 15 characters");
  fields.label_length = number_field(
      "netbios-label-length",
      "NetBIOS: the length byte before the encoded name; without, as the name has it (32)");
  fields.opcode = number_field(
      "nbns-opcode",
      "NetBIOS name service: 0 query, 5 registration, 6 release, 7 wait acknowledgement, 8 or 9 "
      "refresh, 15 multi-homed registration; makes the packet one");
  fields.response = flag_field("nbns-response", "NetBIOS name service: an answer: no or yes");
  fields.rcode =
      number_field("nbns-rcode", "NetBIOS name service: the answer's code, 0 for success");
  fields.id = number_field("nbns-id", "NetBIOS name service: the transaction id");
  fields.questions = number_field(
      "nbns-questions", "NetBIOS name service: questions; without, 1 in a request, 0 in an answer");
  fields.answers = number_field(
      "nbns-answers", "NetBIOS name service: answers; without, 0 in a request and 1 in an answer");
  fields.question_type = number_field(
      "nbns-question-type", "NetBIOS name service: 32 for NB (as without), 33 for NBSTAT");
  fields.type = number_field(
      "nbdgm-type",
      "NetBIOS datagram: 16 direct unique, 17 direct group, 18 broadcast, 19 error, 20 query, 21 "
      "positive and 22 negative answer; makes the packet one");
  fields.datagram = number_field("nbdgm-id", "NetBIOS datagram: its id");
  fields.source =
      declare.packet_field(FieldDef{.name = "nbdgm-source", .kind = FieldKind::kIp},
                           "NetBIOS datagram: the source in its header; without, the packet's");
  fields.source_port = number_field("nbdgm-source-port",
                                    "NetBIOS datagram: the port in its header; without, the "
                                    "packet's source port");
  fields.length = number_field("nbdgm-length",
                               "NetBIOS datagram: bytes of names and data that the header claims; "
                               "without, what there is");
  fields.offset =
      number_field("nbdgm-offset", "NetBIOS datagram: where a fragment's data belong, in bytes");
  fields.first =
      flag_field("nbdgm-first", "NetBIOS datagram: the first fragment: yes (as without) or no");
  fields.more = flag_field("nbdgm-more",
                           "NetBIOS datagram: further fragments follow: no (as without) or yes");
}

/// The lines of a map: `protocol-violation action {drop [log]|log}` below `parameters`, no criteria.
void NetbiosInspection::check_line(Context&, const InspectLineTyped& line) {
  if (line.protocol != "netbios") return;
  static const LineWords drop{"protocol-violation", "action", "drop"};
  static const LineWords drop_log{"protocol-violation", "action", "drop", "log"};
  static const LineWords log{"protocol-violation", "action", "log"};
  const bool is_known = line.words == drop || line.words == drop_log || line.words == log;
  line.answer.is_refused = line.section != InspectLineTyped::Section::kParameter || !is_known;
  line.answer.key_words = 1;
}

Handling NetbiosInspection::handling_of(const AppliedInspection& inspection) {
  const LineWords* line =
      inspection.map == nullptr ? nullptr : inspection.map->parameter("protocol-violation");
  if (line == nullptr) return {};
  const auto has = [line](std::string_view word) {
    return std::ranges::find(*line, word) != line->end();
  };
  return {has("drop"), has("log")};
}

void NetbiosInspection::show(Context& context, const Arguments&) {
  context.print(
      fmt::format("      Inspect: netbios, packet {}, drop {}, reset-drop 0\n", packets_, drops_));
}

Verdict NetbiosInspection::inspect(Context& context, Packet& packet) {
  if (packet.protocol != kProtocolUdp || packet.extras.empty() || packet.source.is_v6()) {
    return Verdict::kPass;
  }
  const auto is_of = [&packet](Port port, std::uint16_t field) {
    return (packet.destination_port == port || packet.source_port == port) &&
           packet.find<std::uint64_t>(field) != nullptr;
  };
  const bool is_name = is_of(kNbnsPort, fields.opcode);
  if (!is_name && !is_of(kNbdgmPort, fields.type)) return Verdict::kPass;
  const auto inspection =
      find_inspection(context.state(), packet.connection, "inspect netbios", "netbios");
  if (!inspection) return Verdict::kPass;
  ++packets_;
  const Handling handling = handling_of(inspection);
  return is_name ? inspect_name(context, packet, handling)
                 : inspect_datagram(context, packet, handling);
}

NbnsPacket NetbiosInspection::read_name_packet(const Packet& packet) {
  NbnsPacket read;
  read.opcode = number(packet, fields.opcode, 0);
  read.is_response = flag(packet, fields.response, false);
  read.rcode = number(packet, fields.rcode, 0);
  read.id = number(packet, fields.id, 0);
  read.questions = number(packet, fields.questions, read.is_response ? 0 : 1);
  read.answers = number(packet, fields.answers, read.is_response ? 1 : 0);
  read.question_type = number(packet, fields.question_type, NbnsPacket::kTypeNb);
  read.label_length = label_length(packet);
  read.payload = payload(packet);
  return read;
}

NbdgmPacket NetbiosInspection::read_datagram(const Packet& packet) {
  NbdgmPacket read;
  read.type = number(packet, fields.type, 0);
  read.id = number(packet, fields.datagram, 0);
  const auto* source = packet.find<IpAddress>(fields.source);
  read.source = source == nullptr ? packet.source : *source;
  read.source_port = number(packet, fields.source_port, packet.source_port.value);
  read.sender = packet.source;
  read.sender_port = packet.source_port;
  read.payload = payload(packet);
  read.length =
      number(packet, fields.length,
             read.payload > NbdgmPacket::kHeader ? read.payload - NbdgmPacket::kHeader : 0);
  read.offset = number(packet, fields.offset, 0);
  read.is_first = flag(packet, fields.first, true);
  read.has_more = flag(packet, fields.more, false);
  read.label_length = label_length(packet);
  return read;
}

template <class Entry>
void NetbiosInspection::hear(Exchanges<Entry>& table, const ExchangeKey& key, Entry entry,
                             SimTime now) {
  table.expire(now);
  if (table.hear(key, entry, now)) return;
  table.drop_oldest();
  table.hear(key, entry, now);
}

template <class M>
Verdict NetbiosInspection::refuse(Context& context, const Packet& packet, Handling handling,
                                  std::string_view packet_type, std::string_view reason) {
  const auto& interfaces = context.state().interfaces;
  if (handling.logs) {
    context.emit(M{.action = handling.drops ? M::Action::kDropped : M::Action::kAllowed,
                   .packet_type = packet_type,
                   .reason = reason,
                   .source_interface = InterfaceName{interfaces[packet.in].nameif},
                   .source = packet.source,
                   .source_port = packet.source_port,
                   .destination_interface = InterfaceName{interfaces[packet.out].nameif},
                   .destination = packet.destination,
                   .destination_port = packet.destination_port});
  }
  if (!handling.drops) return Verdict::kPass;
  ++drops_;
  return Verdict::kDrop;
}

Verdict NetbiosInspection::inspect_name(Context& context, const Packet& packet, Handling handling) {
  const NbnsPacket name = read_name_packet(packet);
  const std::string_view fault = name.fault();
  if (!fault.empty()) {
    return refuse<msg::NbnsInvalidPacket>(context, packet, handling, name.type_name(), fault);
  }
  if (!name.is_response) {
    hear(requests_, {packet.source, packet.destination, name.id}, Nothing{}, context.now());
    return Verdict::kPass;
  }
  const ExchangeKey key{packet.destination, packet.source, name.id};
  if (requests_.find(key, context.now()) == nullptr) {
    return refuse<msg::NbnsMismatchedPacket>(context, packet, handling, name.type_name(),
                                             "unknown transaction ID");
  }
  // After a wait acknowledgement the answer is still to come.
  if (name.opcode == NbnsPacket::kWack) {
    hear(requests_, key, Nothing{}, context.now());
  } else {
    requests_.erase(key);
  }
  return Verdict::kPass;
}

Verdict NetbiosInspection::inspect_datagram(Context& context, const Packet& packet,
                                            Handling handling) {
  const NbdgmPacket datagram = read_datagram(packet);
  const std::string_view type = datagram.type_name();
  if (const auto fault = datagram.fault(); !fault.empty()) {
    return refuse<msg::NbdgmInvalidPacket>(context, packet, handling, type, fault);
  }
  if (datagram.is_fragment()) {
    const auto fault = take_fragment(context, packet, datagram);
    return fault.empty()
               ? Verdict::kPass
               : refuse<msg::NbdgmInvalidFragment>(context, packet, handling, type, fault);
  }
  if (datagram.type == NbdgmPacket::kQueryRequest) {
    hear(queries_, {packet.source, packet.destination, datagram.id}, Nothing{}, context.now());
  }
  if (!datagram.is_response()) return Verdict::kPass;
  const ExchangeKey key{packet.destination, packet.source, datagram.id};
  if (queries_.find(key, context.now()) == nullptr) {
    return refuse<msg::NbdgmMismatchedPacket>(context, packet, handling, type,
                                              "unknown datagram ID");
  }
  queries_.erase(key);
  return Verdict::kPass;
}

std::string_view NetbiosInspection::take_fragment(Context& context, const Packet& packet,
                                                  const NbdgmPacket& datagram) {
  const ExchangeKey key{packet.source, packet.destination, datagram.id};
  const Pieces* known = pieces_.find(key, context.now());
  if (!datagram.is_first && known == nullptr) return "no first fragment";
  const std::uint64_t expected = datagram.is_first ? 0 : known->next;
  if (datagram.offset != expected || datagram.data() == 0) {
    pieces_.erase(key);
    return datagram.offset != expected ? "bad fragment offset" : "bad fragment length";
  }
  if (datagram.has_more) {
    hear(pieces_, key, Pieces{datagram.offset + datagram.data()}, context.now());
  } else {
    pieces_.erase(key);
  }
  return {};
}

}  // namespace

void register_netbios(Registry& registry);
void register_netbios(Registry& registry) {
  registry.add<NetbiosInspection>("netbios");
}

}  // namespace asaemu
