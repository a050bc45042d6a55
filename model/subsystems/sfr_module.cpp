// SFR module: what becomes of traffic that `sfr` in a policy sends through the FirePOWER module.
//
// Scope: `sfr {fail-open|fail-close} [monitor-only]` in a service policy; drops, resets and bypasses
//   that the module asks for (packet field `module-verdict`); precedence over Scansafe; messages
//   434001 to 434007.
// Limitations: what the module's policy says of a packet comes with the packet, for the module is a
//   box of its own. A policy is asked for each packet, so that one that is changed concerns flows
//   that are under way. Scansafe is known by its policy (`inspect scansafe`) only: there is no cloud.
//   That 434007 comes once, with a flow's first packet, whether or not the module is up, is inferred,
//   and so is that a reset of what is not TCP is a drop.
// State: the flows that the module has seen enough of, at most the option `sfr-bypassed-flows`; further
//   ones go on being redirected. Entries go with their connections, and at reload.
// Validation: text of 434002 against a device's line (real-lines.tsv), those of 434004 against
//   captured ones (asa-behaviour F); none for when they come.
// References: syslog guide 434001 to 434007; asa-behaviour F; ASA configuration guide, "ASA FirePOWER
//   Module".
#include "messages/sfr_module.hpp"

#include "model/contract/module_packets.hpp"

namespace asaemu {

namespace {

class SfrModule final : public Subsystem {
 public:
  explicit SfrModule(Claims& claims)
      : bypassed_(std::clamp<std::uint64_t>(claims.option<std::uint64_t>("sfr-bypassed-flows"), 1,
                                            kBypassedMax)) {}

  static void declare(Declarations<SfrModule>& declare) {
    declare.option(FieldDef{.name = "sfr-bypassed-flows", .kind = FieldKind::kNumber}, "65536",
                   "flows that the SFR module can have handled without it at a time, 1 to 1000000 "
                   "(inferred)");
    fields = ModuleContent::declare(declare);
    declare.stage<&SfrModule::redirect>(PathStage::kServiceModule);
    declare.on<&SfrModule::on_booted>();
    declare.on<&SfrModule::on_policies>();
    declare.on<&SfrModule::on_built>();
    declare.on<&SfrModule::on_closed>();
  }

 private:
  static constexpr std::uint64_t kBypassedMax = 1'000'000;

  Verdict redirect(Context& context, Packet& packet) {
    if (!is_configured_) return Verdict::kPass;
    const DeviceState& state = context.state();
    const Connection* connection = state.connections.find(packet.connection);
    const bool is_new = std::exchange(new_flow_, kNoConnection) == packet.connection;
    if (connection == nullptr || bypassed_.find(packet.connection) != nullptr) {
      return Verdict::kPass;
    }
    const ModuleRedirect redirect = redirect_to(ModuleKind::kSfr, state, *connection);
    if (redirect.fate == ModuleRedirect::Fate::kNone) return Verdict::kPass;
    if (is_new && is_for_scansafe(state, *connection)) {
      report_override<msg::SfrOverridesScansafe>(context, packet);
    }
    if (redirect.fate == ModuleRedirect::Fate::kSkip) return Verdict::kPass;
    if (redirect.fate == ModuleRedirect::Fate::kDrop) {
      report_packet<msg::SfrFailCloseDrop>(context, packet);
      return Verdict::kDrop;
    }
    if (redirect.is_copy) return Verdict::kPass;
    const std::string_view wanted = wanted_by_module(packet, fields);
    if (wanted == "bypass" && bypassed_.insert(packet.connection, packet.connection) != nullptr) {
      report_flow<msg::SfrRequestedBypass>(context, *connection);
    }
    return obey_module<msg::SfrRequestedDrop, msg::SfrRequestedReset>(context, packet, wanted);
  }

  // Policies are looked through when they change, so that packets need not where none redirects.
  void on_booted(Context& context, const Booted&) { look(context); }
  void on_policies(Context& context, const ServicePoliciesChanged&) {
    if (!context.is_booting()) look(context);
  }
  void look(Context& context) {
    is_configured_ = is_redirecting(ModuleKind::kSfr, context.state().service_policies);
  }
  void on_built(Context&, const ConnectionBuilt& event) { new_flow_ = event.connection.id; }
  void on_closed(Context&, const ConnectionClosed& event) { bypassed_.erase(event.connection.id); }

  /// Numbers of the packet fields, the same in every device.
  static inline ModuleContent fields;

  BoundedTable<ConnectionId, ConnectionId> bypassed_;
  bool is_configured_ = false;             ///< some policy redirects
  ConnectionId new_flow_ = kNoConnection;  ///< whose first packet is on its way
};

}  // namespace

void register_sfr_module(Registry& registry);
void register_sfr_module(Registry& registry) {
  registry.add<SfrModule>("sfr_module");
}

}  // namespace asaemu
