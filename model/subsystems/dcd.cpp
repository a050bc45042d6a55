// Dead connection detection: idle TCP connections are not ended before their ends have been asked.
//
// Scope: `set connection timeout … dcd [retry-interval [max-retries]]` of a service policy; messages
//   419004 to 419006; which hosts answer is the world's (`host`).
// Limitations: half-closed and embryonic connections are not probed, as on a device. An answer takes
//   the option `dcd-round-trip`, the same for all hosts. No address translation, so the mapped
//   endpoints are the real ones.
// State: one entry a connection being probed, which the connection table bounds; at most kSilentMax
//   silent hosts.
// Validation: defaults, number of probes and the outcome against the configuration guide
//   (asa-behaviour F: 15 s, 5 retries, 75 s in all); texts against the syslog guide.
// References: asa-behaviour F (DCD); syslog guide 419004 to 419006.
#include "messages/dcd.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <charconv>
#include <map>
#include <set>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

class Dcd final : public Subsystem {
 public:
  explicit Dcd(Claims& claims)
      : silent_(claims.kept<std::set<IpAddress>>()),
        round_trip_(claims.option<SimDuration>("dcd-round-trip")) {}

  static void declare(Declarations<Dcd>& declare) {
    static constexpr std::array<std::string_view, 2> kStates{"silent", "answering"};
    declare.option(FieldDef{.name = "dcd-round-trip", .kind = FieldKind::kDuration}, "0:00:01",
                   "time until both ends have answered a probe (inferred; whole seconds)");
    declare.world<&Dcd::on_host>(
        "host", "a host stops answering, or answers again",
        {{FieldDef{.name = "host", .kind = FieldKind::kIp}, "its address"},
         {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
          "what it does"}});
    declare.on<&Dcd::on_idle>();
    declare.on<&Dcd::on_closed>();
  }

 private:
  static constexpr std::size_t kSilentMax = 65536;
  static constexpr std::uint16_t kAnswers = 1;
  static constexpr std::uint16_t kRetry = 2;

  /// A connection whose ends have been asked.
  struct Probe {
    SimTime begin;
    SimDuration interval{};
    std::uint64_t retries = 0;
    std::uint64_t sent = 1;
    TimerHandle timer;
  };

  void on_host(Context&, const Arguments& arguments) {
    const auto& host = arguments.get<IpAddress>("host");
    if (arguments.get<std::string>("state") == "answering") {
      silent_.erase(host);
    } else if (silent_.size() < kSilentMax) {
      silent_.insert(host);
    }
  }

  void on_idle(Context& context, const ConnectionIdle& event);
  void on_closed(Context& context, const ConnectionClosed& event);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void schedule(Context& context, ConnectionId id, Probe& probe);

  [[nodiscard]] bool is_silent(const Connection& connection) const {
    return silent_.contains(connection.initiator.address) ||
           silent_.contains(connection.responder.address);
  }

  /// A message whose fields begin with what all three say of a connection, in the catalogue's order.
  template <class M, class... Rest>
  static M about(Context& context, const Connection& connection, Rest... rest) {
    const auto& interfaces = context.state().interfaces;
    const Endpoint& from = connection.initiator;
    const Endpoint& to = connection.responder;
    return M{static_cast<std::uint64_t>(connection.id),
             InterfaceName{interfaces[from.interface].nameif},
             from.address,
             from.port,
             from.address,
             from.port,
             InterfaceName{interfaces[to.interface].nameif},
             to.address,
             to.port,
             to.address,
             to.port,
             rest...};
  }

  std::set<IpAddress>& silent_;
  SimDuration round_trip_;
  std::map<ConnectionId, Probe> probes_;
};

void Dcd::on_idle(Context& context, const ConnectionIdle& event) {
  const Connection& connection = event.connection;
  const bool can_be_probed =
      connection.protocol == kProtocolTcp && connection.phase == Connection::Phase::kEstablished;
  if (!can_be_probed) return;
  const DeviceState& state = context.state();
  const auto policy = state.service_policies.find(
      "set connection timeout", connection.tuple(), connection.initiator.interface,
      connection.responder.interface, state.access_lists);
  if (!policy || !policy.action->has("dcd")) return;
  // asa-behaviour F: a probe every 15 seconds, and five retries, unless configured.
  Probe probe{.begin = context.now(), .interval = 15s, .retries = 5, .timer = {}};
  const auto& words = policy.action->words;
  auto word = std::ranges::find(words, "dcd") + 1;
  const FieldDef field{.name = "interval", .kind = FieldKind::kDuration};
  if (word != words.end()) {
    if (const auto interval = parse_field(field, *word)) {
      probe.interval = std::get<SimDuration>(*interval);
      ++word;
    }
  }
  if (word != words.end()) {
    std::from_chars(word->data(), word->data() + word->size(), probe.retries);
  }
  event.is_kept = true;
  context.emit(about<msg::DcdProbeSent>(context, connection));
  schedule(context, connection.id, probes_.insert_or_assign(connection.id, probe).first->second);
}

/// Both answers, or the end of the wait for them.
void Dcd::schedule(Context& context, ConnectionId id, Probe& probe) {
  const Connection* connection = context.state().connections.find(id);
  const bool answers = !is_silent(*connection) && round_trip_ < probe.interval;
  probe.timer = context.after(answers ? round_trip_ : probe.interval, answers ? kAnswers : kRetry,
                              static_cast<std::uint64_t>(id));
}

void Dcd::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  const auto id = static_cast<ConnectionId>(data);
  const auto found = probes_.find(id);
  if (found == probes_.end()) return;
  Probe& probe = found->second;
  const Connection& connection = *context.state().connections.find(id);
  if (connection.last_seen > probe.begin) {
    // Traffic has answered the question.
    probes_.erase(found);
    context.publish(ConnectionOrder{id, ConnectionOrder::What::kRefresh});
    return;
  }
  if (tag == kAnswers) {
    context.emit(about<msg::DcdConnectionKept>(context, connection,
                                               context.now() - connection.built, connection.bytes));
    probes_.erase(found);
    context.publish(ConnectionOrder{id, ConnectionOrder::What::kRefresh});
    return;
  }
  if (probe.sent < probe.retries) {
    ++probe.sent;
    schedule(context, id, probe);
    return;
  }
  // The client's silence is named if both are silent: it is the one that began.
  const bool is_client = silent_.contains(connection.initiator.address);
  using Side = msg::DcdConnectionTornDown::Side;
  const Endpoint& end = is_client ? connection.initiator : connection.responder;
  context.emit(about<msg::DcdConnectionTornDown>(
      context, connection, context.now() - connection.built, connection.bytes,
      is_client ? Side::kClient : Side::kServer,
      InterfaceName{context.state().interfaces[end.interface].nameif}));
  context.publish(ConnectionOrder{id, ConnectionOrder::What::kClose});
}

void Dcd::on_closed(Context& context, const ConnectionClosed& event) {
  const auto found = probes_.find(event.connection.id);
  if (found == probes_.end()) return;
  context.cancel(found->second.timer);
  probes_.erase(found);
}

}  // namespace

void register_dcd(Registry& registry);
void register_dcd(Registry& registry) {
  registry.add<Dcd>("dcd");
}

}  // namespace asaemu
