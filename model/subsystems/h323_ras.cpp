// H.323 RAS inspection: what endpoints and their gatekeepers tell each other, and the calls that are
// admitted by it.
//
// Scope: `inspect h323 ras` with its maps (state-checking ras, ras-rcf-pinholes); discovery (port 1718),
//   registration and admission (port 1719); pre-allocated call signalling; messages 405101, 405105;
//   show h323-ras.
// Limitations: discovery by multicast, requests between gatekeepers (LRQ), bandwidth and lifetimes of
//   registrations are not modelled. Inferred: that an AdmissionConfirm that nobody asked for passes
//   without opening anything, and is dropped under `state-checking ras`; that an unused pinhole closes
//   after `timeout h323`; that the pinhole of a registered endpoint, whose callers are not known,
//   stays until it has unregistered.
// State: endpoints, and requests that wait for their answer, each at most the option `h323-endpoints`;
//   the oldest request makes room. Pinholes are those of h323. Lost at reload.
// Validation: the show command against the configuration guide's sample; none for the messages.
// References: syslog guide 405101, 405105; ASA configuration guide, H.323 inspection; ITU-T H.225.0
//   (timeouts of RAS requests).
#include "messages/h323.hpp"
#include "model/base/aging_table.hpp"
#include "model/contract/voice_content.hpp"
#include "model/state/device_state.hpp"
#include "model/state/h323_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr Port kSignallingPort{1720};
constexpr Port kRasPort{1719};
/// How long a request may wait for its answer: 5 s, sent three times (H.225.0, recommended timeouts
/// and retry counts).
constexpr SimDuration kRequestLife = 15s;

struct Pair {
  IpAddress gatekeeper;
  IpAddress endpoint;
  friend bool operator==(const Pair&, const Pair&) = default;
};

struct PairHash {
  std::uint64_t operator()(const Pair& key) const {
    return combine_hash(KeyHash<IpAddress>()(key.gatekeeper), KeyHash<IpAddress>()(key.endpoint));
  }
};

/// An endpoint that a gatekeeper has registered or admitted.
struct Endpoint323 {
  Pair pair;
  std::optional<H323PinholeKey> pinhole;  ///< of `ras-rcf-pinholes`
};

/// What was asked, until the answer comes.
struct Request {
  enum class Kind : std::uint8_t { kRegistration, kAdmission };
  Kind kind = Kind::kAdmission;
  IpAddress signal_address;  ///< of the endpoint
  Port signal_port;
};
struct RequestKey {
  Pair pair;
  std::uint64_t sequence = 0;
  friend bool operator==(const RequestKey&, const RequestKey&) = default;
};
struct RequestHash {
  std::uint64_t operator()(const RequestKey& key) const {
    return combine_hash(PairHash()(key.pair), key.sequence);
  }
};

template <class T>
T value_or(const Packet& packet, std::uint16_t field, T otherwise) {
  const T* value = packet.find<T>(field);
  return value != nullptr ? *value : otherwise;
}

class H323Ras final : public Subsystem {
 public:
  explicit H323Ras(Claims& claims) : H323Ras(bound(claims)) {}

  static void declare(Declarations<H323Ras>& declare) {
    declare.option(
        FieldDef{.name = "h323-endpoints", .kind = FieldKind::kNumber}, "10000",
        "most H.323 endpoints, and as many requests to gatekeepers that wait (inferred)");
    ras = RasContent::declare(declare);
    declare.exec<&H323Ras::show>("show h323-ras", "Show gatekeepers and their endpoints");
    declare.stage<&H323Ras::inspect>(PathStage::kInspection);
  }

 private:
  explicit H323Ras(std::size_t bound) : endpoints_(bound), requests_(bound, kRequestLife) {}
  static std::size_t bound(const Claims& claims) {
    return std::max<std::size_t>(claims.option<std::uint64_t>("h323-endpoints"), 1);
  }

  Verdict inspect(Context& context, Packet& packet);
  void ask(Context& context, const Packet& packet, Request::Kind kind);
  std::optional<Request> answer(Context& context, const Packet& packet, Request::Kind kind);
  void confirm_registration(Context& context, const Packet& packet, const std::string& map);
  Verdict confirm_admission(Context& context, const Packet& packet, const std::string& map);
  void confirm_discovery(Context& context, const Packet& packet, const std::string& map);
  void forget(Context& context, const Pair& pair);
  void show(Context& context, const Arguments& arguments);

  static H323Rules rules_of(const Context& context, const std::string& map) {
    return h323_rules(map.empty() ? nullptr
                                  : context.state().inspect_maps.find_policy("h323", map));
  }
  /// Whether there was room for it.
  static bool open(Context& context, const H323Pinhole& pinhole) {
    bool is_open = false;
    context.publish(H323PinholeOrder{pinhole, false, is_open});
    return is_open;
  }
  static std::optional<SimTime> pinhole_end(Context& context) {
    const SimDuration timeout = context.state().timeouts.of("h323");
    return timeout == 0s ? std::nullopt : std::optional(context.now() + timeout);
  }

  static inline RasContent ras;

  BoundedTable<Pair, Endpoint323, PairHash> endpoints_;
  AgingTable<RequestKey, Request, RequestHash> requests_;
};

Verdict H323Ras::inspect(Context& context, Packet& packet) {
  const auto* message = packet.find<std::string>(ras.message);
  if (message == nullptr) return Verdict::kPass;
  const H323Connection* connection = context.state().h323.connections.find(packet.connection);
  if (connection == nullptr || connection->role != H323Role::kRas) return Verdict::kPass;
  const std::string map = connection->map;
  if (*message == "rrq") ask(context, packet, Request::Kind::kRegistration);
  if (*message == "arq") ask(context, packet, Request::Kind::kAdmission);
  if (*message == "rrj") answer(context, packet, Request::Kind::kRegistration);
  if (*message == "arj") answer(context, packet, Request::Kind::kAdmission);
  if (*message == "gcf") confirm_discovery(context, packet, map);
  if (*message == "rcf") confirm_registration(context, packet, map);
  if (*message == "acf") return confirm_admission(context, packet, map);
  if (*message == "ucf") {
    // Either side may have asked.
    forget(context, {packet.source, packet.destination});
    forget(context, {packet.destination, packet.source});
  }
  return Verdict::kPass;
}

void H323Ras::ask(Context& context, const Packet& packet, Request::Kind kind) {
  const RequestKey key{{packet.destination, packet.source},
                       value_or(packet, ras.sequence, std::uint64_t{1})};
  const Request request{kind, value_or(packet, ras.signal_address, packet.source),
                        value_or(packet, ras.signal_port, kSignallingPort)};
  requests_.expire(context.now());
  if (requests_.hear(key, request, context.now())) return;
  requests_.drop_oldest();
  requests_.hear(key, request, context.now());
}

/// The request that a gatekeeper's message answers, which is then forgotten; nullopt if nobody asked,
/// or too long ago.
std::optional<Request> H323Ras::answer(Context& context, const Packet& packet, Request::Kind kind) {
  const RequestKey key{{packet.source, packet.destination},
                       value_or(packet, ras.sequence, std::uint64_t{1})};
  const Request* found = requests_.find(key, context.now());
  if (found == nullptr || found->kind != kind) return std::nullopt;
  const Request request = *found;
  requests_.erase(key);
  return request;
}

void H323Ras::confirm_discovery(Context& context, const Packet& packet, const std::string& map) {
  const auto* gatekeeper = packet.find<IpAddress>(ras.ras_address);
  if (gatekeeper == nullptr) return;
  H323Pinhole pinhole;
  pinhole.key = {kProtocolUdp, packet.destination, *gatekeeper,
                 value_or(packet, ras.ras_port, kRasPort)};
  pinhole.role = H323Role::kRas;
  pinhole.map = map;
  pinhole.end = pinhole_end(context);
  open(context, pinhole);
}

void H323Ras::confirm_registration(Context& context, const Packet& packet, const std::string& map) {
  const auto request = answer(context, packet, Request::Kind::kRegistration);
  if (!request) return;
  const Pair pair{packet.source, packet.destination};
  Endpoint323* endpoint = endpoints_.find(pair);
  if (endpoint == nullptr) endpoint = endpoints_.insert(pair, Endpoint323{pair, {}});
  if (endpoint == nullptr || !rules_of(context, map).opens_registered) return;
  H323Pinhole pinhole;
  pinhole.key = {kProtocolTcp, IpAddress(), request->signal_address, request->signal_port};
  pinhole.role = H323Role::kSignalling;
  pinhole.map = map;
  pinhole.serves_many = true;
  if (open(context, pinhole)) {
    endpoint->pinhole = pinhole.key;
    return;
  }
  context.emit(msg::H225PreallocateFailedLocalPort{.foreign = pinhole.key.from,
                                                   .local = request->signal_address,
                                                   .local_port = request->signal_port});
}

/// The endpoint may call the address that the gatekeeper names, unless that is its own: then it is
/// the called one, and is asked for its consent.
Verdict H323Ras::confirm_admission(Context& context, const Packet& packet, const std::string& map) {
  if (!answer(context, packet, Request::Kind::kAdmission)) {
    context.emit(
        msg::H323RasUnexpectedAdmissionConfirm{.source = packet.source,
                                               .source_port = packet.source_port,
                                               .destination = packet.destination,
                                               .destination_port = packet.destination_port});
    return rules_of(context, map).checks_ras ? Verdict::kDrop : Verdict::kPass;
  }
  const Pair pair{packet.source, packet.destination};
  if (endpoints_.find(pair) == nullptr) endpoints_.insert(pair, Endpoint323{pair, {}});
  const auto* called = packet.find<IpAddress>(ras.signal_address);
  if (called == nullptr || *called == packet.destination) return Verdict::kPass;
  H323Pinhole pinhole;
  pinhole.key = {kProtocolTcp, packet.destination, *called,
                 value_or(packet, ras.signal_port, kSignallingPort)};
  pinhole.role = H323Role::kSignalling;
  pinhole.map = map;
  pinhole.end = pinhole_end(context);
  if (open(context, pinhole)) return Verdict::kPass;
  const DeviceState& state = context.state();
  const InterfaceId where = state.routes.lookup(*called, state.interfaces);
  const bool is_called_inside =
      where != kNoInterface &&
      state.interfaces[where].security_level > state.interfaces[packet.out].security_level;
  if (is_called_inside) {
    context.emit(msg::H225PreallocateFailedLocalPort{
        .foreign = packet.destination, .local = *called, .local_port = pinhole.key.port});
  } else {
    context.emit(msg::H225PreallocateFailedForeignPort{
        .foreign = *called, .foreign_port = pinhole.key.port, .local = packet.destination});
  }
  return Verdict::kPass;
}

void H323Ras::forget(Context& context, const Pair& pair) {
  const Endpoint323* endpoint = endpoints_.find(pair);
  if (endpoint == nullptr) return;
  if (endpoint->pinhole) {
    H323Pinhole pinhole;
    pinhole.key = *endpoint->pinhole;
    bool is_closed = false;
    context.publish(H323PinholeOrder{pinhole, true, is_closed});
  }
  endpoints_.erase(pair);
}

void H323Ras::show(Context& context, const Arguments&) {
  context.print(fmt::format("Total: {}\n        {:<24}{}\n", endpoints_.size(), "GK", "Caller"));
  for (const Endpoint323& each : endpoints_) {
    context.print(fmt::format("        {:<24}{}\n", to_string(each.pair.gatekeeper),
                              to_string(each.pair.endpoint)));
  }
}

}  // namespace

void register_h323_ras(Registry& registry);
void register_h323_ras(Registry& registry) {
  registry.add<H323Ras>("h323_ras");
}

}  // namespace asaemu
