// CSC module: what becomes of flows that `csc` in a policy sends through the content security module,
// and who counts as its user.
//
// Scope: `csc {fail-open|fail-close}` in a service policy; the protocols the module can scan; flows
//   whose module fails before they begin or in their middle; users, counted once between two midnights
//   of the device's clock, and their total; frames that the module injects (world event `csc-inject`);
//   show csc node-count; messages 421001 to 421007.
// Limitations: what the module finds in a flow, it logs itself. The module stands in for a TCP flow as
//   a proxy, so a flow is scanned from its beginning or not at all; one that a failure interrupted
//   goes on unscanned. Inferred: that the failure is looked at before the protocol (captured lines have
//   DNS flows skipped for it); that the second text of 421001 is for flows in their middle and 421007
//   for new ones, once for each; that a dropped flow is closed; that a user is the host on the more
//   secure side; that a total is logged with a module fitted only. A clock that is set past midnight
//   has no total until the next one. The module's licence is not enforced by the device.
// State: scanned flows, at most the option `csc-flows`, further ones pass unscanned; the users since
//   midnight, at most the option `csc-users`, further ones are not counted. Both are lost at reload.
// Validation: texts of 421001, 421002, 421007 against lines of wazuh (real-lines.tsv); none for `show
//   csc node-count` and for when messages come.
// References: syslog guide 421001 to 421007; asa-behaviour F; ASA command reference, `csc`, `show csc
//   node-count`.
#include "messages/csc_module.hpp"

#include "model/contract/module_packets.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

constexpr std::string_view kApplication = "CSC SSM";
/// What the lines say instead of the application that the guide has there (templates/csc_module.yaml).
constexpr std::string_view kInFlows = "application";

// FTP, SMTP, HTTP and POP3: what the module scans (ASA configuration guide, "CSC SSM").
constexpr auto kScannedPorts = std::to_array<std::uint16_t>({21, 25, 80, 110});

class CscModule final : public Subsystem {
 public:
  explicit CscModule(Claims& claims)
      : scanned_(bound(claims, "csc-flows")), users_(bound(claims, "csc-users")) {}

  static void declare(Declarations<CscModule>& declare) {
    static constexpr std::array<std::string_view, 2> kHeaders{"valid", "invalid"};
    declare.option(FieldDef{.name = "csc-flows", .kind = FieldKind::kNumber}, "10000",
                   "flows that the CSC module scans at a time, 1 to 1000000 (inferred)");
    declare.option(FieldDef{.name = "csc-users", .kind = FieldKind::kNumber}, "1000",
                   "users of the CSC module that are counted a day, 1 to 1000000; the largest "
                   "licence");
    declare.exec<&CscModule::show>("show csc node-count [yesterday]",
                                   "Show how many hosts use the CSC module");
    declare.world<&CscModule::on_inject>(
        "csc-inject", "the CSC module has the device send a packet for it",
        {{FieldDef{.name = "csc-inject", .kind = FieldKind::kOneOf, .choices = kHeaders},
          "the packet's header on the data plane"},
         {FieldDef{.name = "proto", .kind = FieldKind::kProtocol}, "tcp or udp"},
         {FieldDef{.name = "src", .kind = FieldKind::kIp}, "source address"},
         {FieldDef{.name = "sport", .kind = FieldKind::kPort}, "source port"},
         {FieldDef{.name = "dst", .kind = FieldKind::kIp}, "destination address"},
         {FieldDef{.name = "dport", .kind = FieldKind::kPort}, "destination port"}});
    declare.stage<&CscModule::redirect>(PathStage::kServiceModule);
    declare.on<&CscModule::on_booted>();
    declare.on<&CscModule::on_policies>();
    declare.on<&CscModule::on_built>();
    declare.on<&CscModule::on_closed>();
    declare.on<&CscModule::on_module>();
    declare.on<&CscModule::on_clock>();
  }

 private:
  static constexpr std::uint16_t kMidnight = 1;

  static std::size_t bound(const Claims& claims, std::string_view option) {
    return std::clamp<std::uint64_t>(claims.option<std::uint64_t>(option), 1, 1'000'000);
  }

  Verdict redirect(Context& context, Packet& packet);
  Verdict begin(Context& context, const Connection& connection, const ModuleRedirect& redirect);
  Verdict go_on(Context& context, const Connection& connection, const ModuleRedirect& redirect);
  static Verdict drop(Context& context, const Connection& connection);
  void count_user(Context& context, const Connection& connection);

  // Policies are looked through when they change, so that packets need not where none redirects.
  void on_booted(Context& context, const Booted&) { look(context); }
  void on_policies(Context& context, const ServicePoliciesChanged&) {
    if (!context.is_booting()) look(context);
  }
  void look(Context& context) {
    is_configured_ = is_redirecting(ModuleKind::kCsc, context.state().service_policies);
  }
  void on_built(Context&, const ConnectionBuilt& event) { new_flow_ = event.connection.id; }
  void on_closed(Context&, const ConnectionClosed& event) { scanned_.erase(event.connection.id); }
  void on_inject(Context& context, const Arguments& arguments);
  void on_module(Context& context, const ModuleChanged& event);
  void on_clock(Context& context, const ClockChanged& event);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void arm(Context& context);
  void show(Context& context, const Arguments& arguments);

  /// As the flow's initiator began it, whichever end the packet comes from.
  template <class M>
  static void report(Context& context, const Connection& connection) {
    const DeviceState& state = context.state();
    const FiveTuple flow = connection.tuple();
    context.emit(M{.protocol = flow.protocol,
                   .source_interface = module_interface(state, connection.initiator.interface),
                   .source = flow.source,
                   .source_port = flow.source_port,
                   .destination_interface = module_interface(state, connection.responder.interface),
                   .destination = flow.destination,
                   .destination_port = flow.destination_port,
                   .application = kInFlows});
  }

  BoundedTable<ConnectionId, ConnectionId> scanned_;
  BoundedTable<IpAddress, IpAddress> users_;
  std::size_t users_yesterday_ = 0;
  bool is_configured_ = false;             ///< some policy redirects
  ConnectionId new_flow_ = kNoConnection;  ///< whose first packet is on its way
  TimerHandle midnight_;
};

Verdict CscModule::redirect(Context& context, Packet& packet) {
  if (!is_configured_) return Verdict::kPass;
  const DeviceState& state = context.state();
  const Connection* connection = state.connections.find(packet.connection);
  const bool is_new = std::exchange(new_flow_, kNoConnection) == packet.connection;
  if (connection == nullptr) return Verdict::kPass;
  if (!is_new && scanned_.find(packet.connection) == nullptr) return Verdict::kPass;
  const ModuleRedirect redirect = redirect_to(ModuleKind::kCsc, state, *connection);
  if (redirect.fate == ModuleRedirect::Fate::kNone) {
    scanned_.erase(packet.connection);
    return Verdict::kPass;
  }
  return is_new ? begin(context, *connection, redirect) : go_on(context, *connection, redirect);
}

Verdict CscModule::begin(Context& context, const Connection& connection,
                         const ModuleRedirect& redirect) {
  if (redirect.fate == ModuleRedirect::Fate::kDrop) return drop(context, connection);
  if (redirect.fate == ModuleRedirect::Fate::kSkip) {
    report<msg::CscFlowSkippedModuleFailed>(context, connection);
    return Verdict::kPass;
  }
  const bool can_scan =
      connection.protocol == kProtocolTcp &&
      std::ranges::find(kScannedPorts, connection.responder.port.value) != kScannedPorts.end();
  if (!can_scan) {
    report<msg::CscFlowBypassed>(context, connection);
    return Verdict::kPass;
  }
  if (scanned_.insert(connection.id, connection.id) != nullptr) count_user(context, connection);
  return Verdict::kPass;
}

Verdict CscModule::go_on(Context& context, const Connection& connection,
                         const ModuleRedirect& redirect) {
  if (redirect.fate == ModuleRedirect::Fate::kInspect) return Verdict::kPass;
  scanned_.erase(connection.id);
  if (redirect.fate == ModuleRedirect::Fate::kDrop) return drop(context, connection);
  report<msg::CscFlowSkipped>(context, connection);
  return Verdict::kPass;
}

Verdict CscModule::drop(Context& context, const Connection& connection) {
  report<msg::CscFlowDropped>(context, connection);
  context.publish(ConnectionOrder{connection.id, ConnectionOrder::What::kClose});
  return Verdict::kDrop;
}

void CscModule::count_user(Context& context, const Connection& connection) {
  const Endpoint& user = connection.is_inbound ? connection.responder : connection.initiator;
  if (users_.find(user.address) != nullptr) return;
  if (users_.insert(user.address, user.address) == nullptr) return;
  context.emit(msg::CscUserCounted{.interface = module_interface(context.state(), user.interface),
                                   .address = user.address,
                                   .application = kApplication});
}

void CscModule::on_inject(Context& context, const Arguments& arguments) {
  const DeviceState& state = context.state();
  const Module* module = state.modules.find(ModuleKind::kCsc);
  if (module == nullptr || !module->takes_traffic()) return;
  if (arguments.get<std::string>("csc-inject") == "invalid") {
    context.emit(msg::CscInvalidEncapsulation{});
    return;
  }
  const FiveTuple flow{arguments.get<IpAddress>("src"), arguments.get<IpAddress>("dst"),
                       arguments.get<IpProtocol>("proto"), arguments.get<Port>("sport"),
                       arguments.get<Port>("dport")};
  if (state.connections.find(flow) != nullptr) return;
  context.emit(msg::CscInjectionFailed{.protocol = flow.protocol,
                                       .source = flow.source,
                                       .source_port = flow.source_port,
                                       .destination = flow.destination,
                                       .destination_port = flow.destination_port});
}

void CscModule::on_module(Context& context, const ModuleChanged& event) {
  if (event.module.known == nullptr || event.module.known->kind != ModuleKind::kCsc) return;
  if (event.what == ModuleChanged::What::kRemoved) {
    context.cancel(midnight_);
    midnight_ = {};
  } else if (event.what == ModuleChanged::What::kInserted) {
    arm(context);
  }
}

void CscModule::on_clock(Context& context, const ClockChanged&) {
  if (context.state().modules.find(ModuleKind::kCsc) != nullptr) arm(context);
}

/// Sets the timer for the next midnight of the device's clock; at midnight, for the one after it.
void CscModule::arm(Context& context) {
  context.cancel(midnight_);
  const CalendarTime now = context.calendar();
  const CalendarTime next = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
  midnight_ = context.after(next - now, kMidnight);
}

void CscModule::on_timer(Context& context, std::uint16_t /*tag*/, std::uint64_t /*data*/) {
  users_yesterday_ = users_.size();
  context.emit(msg::CscDailyUserTotal{.users = users_yesterday_, .application = kApplication});
  users_.clear();
  arm(context);
}

void CscModule::show(Context& context, const Arguments& arguments) {
  context.print(arguments.has("yesterday")
                    ? fmt::format("Yesterday's node count is {}\n", users_yesterday_)
                    : fmt::format("Current node count is {}\n", users_.size()));
}

}  // namespace

void register_csc_module(Registry& registry);
void register_csc_module(Registry& registry) {
  registry.add<CscModule>("csc_module");
}

}  // namespace asaemu
