// HTTP inspection: the requests and responses of connections that `inspect http` takes, held against the
// criteria of its map.
//
// Scope: inspect http with a map: match request and response by method, URI, arguments, status line, header,
//   transfer encoding, content type and body; req-resp content-type mismatch; protocol-violation action,
//   body-match-maximum; drop-connection, reset and log; messages 415001 to 415020.
// Limitations: a packet's text is a message, or the begin of one: nothing is put together over packets, and a
//   pattern across two is not found. spoof-server changes nothing on the wire. ActiveX and Java are known by
//   their HTML elements. Text of scenarios is UTF-8, so content of other bytes has no type of its own. A class
//   that asks of a request and of a response in one takes neither. Header fields named by a pattern
//   are not supported. Java and ActiveX are reported as a matched body (inferred).
// State: per connection the Accept fields of requests without an answer, at most the option
//   `http-unanswered-requests`, for at most HttpRequests::kBound connections (the oldest goes first). Lost at
//   reload.
// Validation: none against a device; ids and severities against the syslog guide, what is printed for a class
//   against its explanation.
// References: syslog guide 415001-415020; asa-behaviour F; ASA configuration guide, HTTP inspection; RFC 9112.
#include "messages/http_inspection.hpp"

#include "model/contract/declarations.hpp"
#include "model/contract/packet_content.hpp"
#include "model/state/http_criteria.hpp"
#include "model/state/http_requests.hpp"
#include "model/state/inspection.hpp"

#include <charconv>

namespace asaemu {

namespace {

using Fate = InspectActions::Fate;

struct HttpParameters {
  Fate violation = Fate::kPass;  ///< what happens to what is no HTTP
  bool logs_violation = false;
  std::uint64_t body_searched = 200;  ///< command reference, body-match-maximum
};

/// A packet with what is reported of it.
struct Reported {
  const Packet& packet;
  std::string_view map;
  Fate fate;
};

/// The fields that all messages of the family have.
template <class M>
M fill(Context& context, const Reported& reported, auto&& make) {
  using Action = typename M::ConnectionAction;
  const auto& interfaces = context.state().interfaces;
  const auto action = reported.fate == Fate::kReset  ? Action::kResettingConnection
                      : reported.fate == Fate::kPass ? Action::kLogging
                                                     : Action::kDroppingConnection;
  return make(action, InterfaceName{interfaces[reported.packet.in].nameif},
              InterfaceName{interfaces[reported.packet.out].nameif});
}

/// A message that names what was matched.
template <class M>
void report_match(Context& context, const Reported& reported, const std::string& matched) {
  const Packet& packet = reported.packet;
  context.emit(fill<M>(context, reported, [&](auto action, InterfaceName from, InterfaceName to) {
    return M{.matched_string = matched,
             .policy_map = reported.map,
             .connection_action = action,
             .source_interface = from,
             .source = packet.source,
             .source_port = packet.source_port,
             .destination_interface = to,
             .destination = packet.destination,
             .destination_port = packet.destination_port};
  }));
}

/// A message about the protocol itself.
template <class M>
void report_violation(Context& context, const Reported& reported) {
  const Packet& packet = reported.packet;
  context.emit(fill<M>(context, reported, [&](auto action, InterfaceName from, InterfaceName to) {
    return M{.policy_map = reported.map,
             .connection_action = action,
             .source_interface = from,
             .source = packet.source,
             .source_port = packet.source_port,
             .destination_interface = to,
             .destination = packet.destination,
             .destination_port = packet.destination_port};
  }));
}

using Report = void (*)(Context&, const Reported&, const std::string&);

/// By HttpCriterion::Kind.
constexpr auto kReports = std::to_array<Report>({
    report_match<msg::HttpMethodMatched>,
    report_match<msg::HttpStatusLineMatched>,
    report_match<msg::HttpUriLengthExceeded>,
    report_match<msg::HttpUriMatched>,
    report_match<msg::HttpArgumentsMatched>,
    report_match<msg::HttpHeaderLengthExceeded>,
    report_match<msg::HttpHeaderCountExceeded>,
    report_match<msg::HttpHeaderFieldLengthExceeded>,
    report_match<msg::HttpNonAsciiMatched>,
    report_match<msg::HttpHeaderMatched>,
    report_match<msg::HttpTransferEncodingMatched>,
    report_match<msg::HttpTransferEncodingUnknown>,
    report_match<msg::HttpContentTypeUnknown>,
    report_match<msg::HttpContentTypeVerificationFailed>,
    report_match<msg::HttpMimeTypeNotAccepted>,
    report_match<msg::HttpBodyLengthExceeded>,
    report_match<msg::HttpBodyMatched>,
});
static_assert(kReports.size() == static_cast<std::size_t>(HttpCriterion::Kind::kBody) + 1);

std::optional<Fate> parse_violation_action(std::string_view word) {
  if (word == "reset") return Fate::kReset;
  if (word == "drop" || word == "drop-connection") return Fate::kDropConnection;
  return word == "log" ? std::optional(Fate::kPass) : std::nullopt;
}

std::optional<std::uint64_t> parse_body_maximum(std::string_view text) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_good = error == std::errc{} && end == text.data() + text.size() && value > 0;
  return is_good ? std::optional<std::uint64_t>(value) : std::nullopt;
}

bool is_parameter(const LineWords& words) {
  if (words.front() == "spoof-server") return words.size() == 2;
  if (words.front() == "body-match-maximum") {
    return words.size() == 2 && parse_body_maximum(words[1]).has_value();
  }
  const bool is_violation = words.size() > 2 && words[0] == "protocol-violation" &&
                            words[1] == "action" && parse_violation_action(words[2]).has_value();
  return is_violation &&
         (words.size() == 3 || (words.size() == 4 && words[2] != "log" && words[3] == "log"));
}

HttpParameters parameters_of(const InspectPolicy& map) {
  HttpParameters parameters;
  if (const LineWords* line = map.parameter("protocol-violation")) {
    parameters.violation = parse_violation_action((*line)[2]).value_or(Fate::kPass);
    parameters.logs_violation = line->back() == "log";
  }
  if (const LineWords* line = map.parameter("body-match-maximum")) {
    parameters.body_searched = parse_body_maximum((*line)[1]).value_or(parameters.body_searched);
  }
  return parameters;
}

class HttpInspection final : public Subsystem {
 public:
  explicit HttpInspection(Claims& claims)
      : requests_(claims.option<std::uint64_t>("http-unanswered-requests")) {}

  static void declare(Declarations<HttpInspection>& declare);

 private:
  void on_line(Context& context, const InspectLineTyped& event);
  void on_closed(Context& context, const ConnectionClosed& event);

  Verdict inspect(Context& context, Packet& packet);
  Fate judge(Context& context, const Packet& packet, const InspectPolicy& map,
             std::string_view text, bool is_request);

  static inline HttpContent fields;

  HttpRequests requests_;
};

void HttpInspection::declare(Declarations<HttpInspection>& declare) {
  declare.option(FieldDef{.name = "http-unanswered-requests", .kind = FieldKind::kNumber}, "64",
                 "requests without an answer on one connection that HTTP inspection allows; the "
                 "device's own number is not documented");
  declare.stage<&HttpInspection::inspect>(PathStage::kInspection);
  declare.on<&HttpInspection::on_line>();
  declare.on<&HttpInspection::on_closed>();
  fields = HttpContent::declare(declare);
}

void HttpInspection::on_line(Context&, const InspectLineTyped& event) {
  if (event.protocol != "http") return;
  if (event.section == InspectLineTyped::Section::kMatch) {
    const auto criterion = parse_http_criterion(event.words);
    event.answer.is_refused = !criterion;
    if (criterion) event.answer.rank = static_cast<std::uint16_t>(criterion->kind);
    return;
  }
  event.answer.is_refused = !is_parameter(event.words);
  if (!event.answer.is_refused) event.answer.key_words = 1;
}

void HttpInspection::on_closed(Context&, const ConnectionClosed& event) {
  requests_.forget(event.connection.id);
}

Verdict HttpInspection::inspect(Context& context, Packet& packet) {
  if (packet.protocol != kProtocolTcp || packet.connection == kNoConnection) return Verdict::kPass;
  const auto* request = packet.find<std::string>(fields.request);
  const auto* response = packet.find<std::string>(fields.response);
  if (request == nullptr && response == nullptr) return Verdict::kPass;
  const auto applied = find_inspection(context.state(), packet.connection, "inspect http", "http");
  if (applied.map == nullptr) return Verdict::kPass;
  const Fate fate = request != nullptr ? judge(context, packet, *applied.map, *request, true)
                                       : judge(context, packet, *applied.map, *response, false);
  if (fate >= Fate::kDropConnection) {
    context.publish(ConnectionOrder{packet.connection, ConnectionOrder::What::kClose});
  }
  if (fate == Fate::kReset) return Verdict::kReset;
  return fate == Fate::kPass ? Verdict::kPass : Verdict::kDrop;
}

Fate HttpInspection::judge(Context& context, const Packet& packet, const InspectPolicy& map,
                           std::string_view text, bool is_request) {
  const HttpParameters parameters = parameters_of(map);
  const Reported violation{packet, map.name, parameters.violation};
  const auto message = is_request ? parse_http_request(text) : parse_http_response(text);
  if (!message) {
    if (parameters.logs_violation) report_violation<msg::HttpProtocolViolation>(context, violation);
    return parameters.violation;
  }
  if (message->has_bad_chunks) {
    if (parameters.logs_violation) {
      report_violation<msg::HttpChunkedEncodingMalformed>(context, violation);
    }
    if (parameters.violation != Fate::kPass) return parameters.violation;
  }
  const HttpField* accepted = message->find("accept");
  const std::string_view asked = accepted == nullptr ? std::string_view() : accepted->value;
  if (is_request && !requests_.ask(packet.connection, asked)) {
    if (parameters.logs_violation) {
      report_violation<msg::HttpUnansweredRequestsExceeded>(context, violation);
    }
    if (parameters.violation != Fate::kPass) return parameters.violation;
  }
  const std::string accept = is_request ? std::string() : requests_.answer(packet.connection);
  const HttpExchange exchange{*message, accept, parameters.body_searched};
  const InspectMaps& maps = context.state().inspect_maps;
  return maps.evaluate(
      map, [&](const InspectMatch& match) { return http_criterion_holds(maps, match, exchange); },
      [&](const InspectEntry& entry, const InspectMatch& match) {
        const auto criterion = parse_http_criterion(match.words);
        if (!entry.actions.logs() || !criterion) return;
        kReports.at(static_cast<std::size_t>(criterion->kind))(
            context, {packet, map.name, entry.actions.fate()}, entry.matched_string());
      });
}

}  // namespace

void register_http_inspection(Registry& registry);
void register_http_inspection(Registry& registry) {
  registry.add<HttpInspection>("http_inspection");
}

}  // namespace asaemu
