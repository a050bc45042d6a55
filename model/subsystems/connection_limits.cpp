// Connection limits: half-open connections to hosts behind old static translations, and the pinholes
// that RPC opens.
//
// Scope: `static (real,mapped) …` with a limit of embryonic connections; `inspect sunrpc` opening a
//   pinhole for what a client asks the portmapper for; messages 407002, 407003;
//   show sunrpc-server active.
// Limitations: of a static only the way in is translated, and only of single hosts; a SYN above the
//   limit is answered by the device (as TCP intercept does) and its client never gets further; the
//   portmapper is taken to answer every question at once; what uses a pinhole is not checked.
// State: at most kStaticsMax statics, each with at most kInterceptedMax SYNs of the last embryonic
//   timeout; at most the option `rpc-pinhole-limit` pinholes.
// Validation: 407002 against a captured line (real-lines.tsv); the bound on pinholes is inferred.
// References: syslog guide 407002, 407003; asa-behaviour F (embryonic limits).
#include "messages/connection_limits.hpp"

#include "model/contract/declarations.hpp"
#include "model/contract/packet_content.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <deque>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kPortmapper = 100000;
constexpr std::uint64_t kGetPort = 3;

class ConnectionLimits final : public Subsystem {
 public:
  explicit ConnectionLimits(Claims& claims)
      : pinholes_(std::max<std::size_t>(claims.option<std::uint64_t>("rpc-pinhole-limit"), 1)),
        pinhole_timeout_(claims.option<SimDuration>("rpc-pinhole-timeout")) {}

  static void declare(Declarations<ConnectionLimits>& declare) {
    declare.option(FieldDef{.name = "rpc-pinhole-limit", .kind = FieldKind::kNumber}, "500",
                   "most pinholes that RPC may have opened at a time (inferred)");
    declare.option(FieldDef{.name = "rpc-pinhole-timeout", .kind = FieldKind::kDuration}, "0:10:00",
                   "how long an RPC pinhole stays open, as `timeout sunrpc` has it by default");
    declare.config<&ConnectionLimits::add_static>(
        "static <word:interfaces> <ip:mapped> <ip:real> [netmask <ip:mask>] "
        "[<number:connections:0-65535> [<number:embryonic:0-65535>]]",
        "Translate a host's address, and limit the half-open connections to it");
    declare.config<&ConnectionLimits::remove_static>(
        "no static <word:interfaces> <ip:mapped> <ip:real> [netmask <ip:mask>] "
        "[<number:connections:0-65535> [<number:embryonic:0-65535>]]",
        "Translate a host's address no more");
    declare.exec<&ConnectionLimits::show_pinholes>("show sunrpc-server active",
                                                   "Show the pinholes that RPC has opened");
    rpc_fields = RpcContent::declare(declare);
    declare.stage<&ConnectionLimits::untranslate>(PathStage::kConnection);
    declare.stage<&ConnectionLimits::limit>(PathStage::kLimits);
    declare.stage<&ConnectionLimits::inspect_rpc>(PathStage::kInspection);
    declare.on<&ConnectionLimits::on_built>();
    declare.on<&ConnectionLimits::on_changed>();
    declare.on<&ConnectionLimits::on_closed>();
  }

 private:
  static constexpr std::size_t kStaticsMax = 4096;
  static constexpr std::size_t kInterceptedMax = 65536;
  static constexpr SimDuration kInterceptedLife = 30s;  ///< the embryonic timeout

  struct Static {
    InterfaceId real_interface = kNoInterface;
    InterfaceId mapped_interface = kNoInterface;
    IpAddress real;
    IpAddress mapped;
    std::uint64_t limit = 0;          ///< of embryonic connections; 0 is none
    std::uint64_t embryonic = 0;      ///< in the connection table
    std::deque<SimTime> intercepted;  ///< SYNs that the device answered itself
  };

  struct Pinhole {
    IpAddress client;
    IpAddress server;
    std::uint64_t program = 0;
    SimTime end;
  };
  struct PinholeKey {
    IpAddress client;
    IpAddress server;
    std::uint64_t program = 0;
    friend bool operator==(const PinholeKey&, const PinholeKey&) = default;
  };
  struct PinholeHash {
    std::uint64_t operator()(const PinholeKey& key) const {
      const std::uint64_t ends = combine_hash(KeyHash<IpAddress>()(key.client), key.program);
      return combine_hash(ends, KeyHash<IpAddress>()(key.server));
    }
  };

  void add_static(Context& context, const Arguments& arguments);
  void remove_static(Context& context, const Arguments& arguments);
  void show_pinholes(Context& context, const Arguments& arguments);
  Verdict untranslate(Context& context, Packet& packet);
  Verdict limit(Context& context, Packet& packet);
  Verdict inspect_rpc(Context& context, Packet& packet);

  Static* static_of(const Connection& connection) {
    const auto found = std::ranges::find(statics_, connection.responder.address, &Static::real);
    return found == statics_.end() || !connection.is_inbound ? nullptr : &*found;
  }
  void on_built(Context&, const ConnectionBuilt& event) {
    const bool counts = event.connection.phase == Connection::Phase::kEmbryonic;
    if (Static* entry = static_of(event.connection); entry != nullptr && counts) ++entry->embryonic;
  }
  void on_changed(Context&, const ConnectionChanged& event) {
    if (event.before == Connection::Phase::kEmbryonic) leave(event.connection);
  }
  void on_closed(Context&, const ConnectionClosed& event) {
    if (event.connection.phase == Connection::Phase::kEmbryonic) leave(event.connection);
  }
  void leave(const Connection& connection) {
    Static* entry = static_of(connection);
    if (entry != nullptr && entry->embryonic > 0) --entry->embryonic;
  }

  static inline RpcContent rpc_fields;

  std::vector<Static> statics_;
  BoundedTable<PinholeKey, Pinhole, PinholeHash> pinholes_;
  SimDuration pinhole_timeout_;
};

void ConnectionLimits::add_static(Context& context, const Arguments& arguments) {
  // `(inside,outside)`: the real side first.
  std::string_view names = arguments.get<std::string>("interfaces");
  const auto comma = names.find(',');
  Static entry;
  if (names.starts_with('(') && names.ends_with(')') && comma != std::string_view::npos) {
    const auto& interfaces = context.state().interfaces;
    entry.real_interface = interfaces.find_nameif(names.substr(1, comma - 1));
    entry.mapped_interface =
        interfaces.find_nameif(names.substr(comma + 1, names.size() - comma - 2));
  }
  if (entry.real_interface == kNoInterface || entry.mapped_interface == kNoInterface) {
    context.print(fmt::format("ERROR: {} does not name two interfaces\n", names));
    return;
  }
  entry.mapped = arguments.get<IpAddress>("mapped");
  entry.real = arguments.get<IpAddress>("real");
  entry.limit = arguments.get_or<std::uint64_t>("embryonic", 0);
  if (std::ranges::find(statics_, entry.mapped, &Static::mapped) != statics_.end() ||
      std::ranges::find(statics_, entry.real, &Static::real) != statics_.end()) {
    context.print("ERROR: mapped-address conflict with existing static\n");
    return;
  }
  if (statics_.size() == kStaticsMax) {
    context.print("ERROR: Too many statics\n");
    return;
  }
  statics_.push_back(std::move(entry));
}

void ConnectionLimits::remove_static(Context& context, const Arguments& arguments) {
  const auto& mapped = arguments.get<IpAddress>("mapped");
  const auto removed =
      std::erase_if(statics_, [&](const Static& entry) { return entry.mapped == mapped; });
  if (removed == 0) context.print("ERROR: static not found\n");
}

/// Before the connection is looked for, so that all that follow see the host behind the address.
Verdict ConnectionLimits::untranslate(Context&, Packet& packet) {
  for (const Static& entry : statics_) {
    if (packet.in != entry.mapped_interface || packet.destination != entry.mapped) continue;
    packet.destination = entry.real;
    packet.out = entry.real_interface;
    break;
  }
  return Verdict::kPass;
}

Verdict ConnectionLimits::limit(Context& context, Packet& packet) {
  const bool begins = packet.protocol == kProtocolTcp && packet.connection == kNoConnection &&
                      (packet.flags.bits & TcpFlags::kSyn) != 0;
  if (!begins) return Verdict::kPass;
  const auto found = std::ranges::find(statics_, packet.destination, &Static::real);
  if (found == statics_.end() || found->limit == 0 || packet.in != found->mapped_interface) {
    return Verdict::kPass;
  }
  auto& intercepted = found->intercepted;
  while (!intercepted.empty() && context.now() - intercepted.front() >= kInterceptedLife) {
    intercepted.pop_front();
  }
  if (found->embryonic + intercepted.size() < found->limit) return Verdict::kPass;
  if (intercepted.size() == kInterceptedMax) intercepted.pop_front();
  intercepted.push_back(context.now());
  context.emit(msg::EmbryonicThroughLimitExceeded{
      .connections = found->embryonic + intercepted.size(),
      .limit = found->limit,
      .source = packet.source,
      .source_port = packet.source_port,
      .global_address = found->mapped,
      .destination = found->real,
      .destination_port = packet.destination_port,
      .interface = InterfaceName{context.state().interfaces[packet.in].nameif}});
  return Verdict::kConsume;
}

Verdict ConnectionLimits::inspect_rpc(Context& context, Packet& packet) {
  const auto* program = packet.find<std::uint64_t>(rpc_fields.program);
  const auto* procedure = packet.find<std::uint64_t>(rpc_fields.procedure);
  const auto* wanted = packet.find<std::uint64_t>(rpc_fields.wanted_program);
  const bool asks = program != nullptr && *program == kPortmapper && procedure != nullptr &&
                    *procedure == kGetPort && wanted != nullptr;
  if (!asks) return Verdict::kPass;
  const DeviceState& state = context.state();
  if (!state.service_policies.find("inspect sunrpc", packet.tuple(), packet.in, packet.out,
                                   state.access_lists)) {
    return Verdict::kPass;
  }
  const PinholeKey key{packet.source, packet.destination, *wanted};
  const SimTime end = context.now() + pinhole_timeout_;
  if (Pinhole* known = pinholes_.find(key)) {
    known->end = end;
    return Verdict::kPass;
  }
  pinholes_.erase_if([&](const Pinhole& pinhole) { return pinhole.end <= context.now(); });
  if (pinholes_.insert(key, {packet.source, packet.destination, *wanted, end}) != nullptr) {
    return Verdict::kPass;
  }
  context.emit(msg::RpcEstablishedLimitExceeded{});
  return Verdict::kDrop;
}

void ConnectionLimits::show_pinholes(Context& context, const Arguments&) {
  context.print(
      "LOCAL FOREIGN SERVICE TIMEOUT\n"
      "-----------------------------------------------\n");
  std::size_t number = 0;
  for (const Pinhole& pinhole : pinholes_) {
    if (pinhole.end <= context.now()) continue;
    const auto left =
        std::chrono::duration_cast<std::chrono::seconds>(pinhole.end - context.now()).count();
    context.print(fmt::format("{} {}/0 {}/0 {} {}:{:02}:{:02}\n", ++number,
                              to_string(pinhole.client), to_string(pinhole.server), pinhole.program,
                              left / 3600, left / 60 % 60, left % 60));
  }
}

}  // namespace

void register_connection_limits(Registry& registry);
void register_connection_limits(Registry& registry) {
  registry.add<ConnectionLimits>("connection_limits");
}

}  // namespace asaemu
