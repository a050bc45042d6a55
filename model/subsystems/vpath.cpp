// vPath: how an ASA 1000V gets the traffic of virtual machines from the switch modules (VEMs) of a
// Nexus 1000V, each of which must be licensed for it.
//
// Scope: platform ASA1000V; `service-interface security-profile all`; flows that a module steers
//   here; the world event `vpath-licence`, by which the switch's supervisor grants or withdraws a
//   module's licence: the flows of a module without one are torn down, message 450002; show vsn ip
//   binding.
// Limitations: security profiles, the policy agent and the supervisor itself are not modelled; every
//   module is licensed until the world says otherwise. A flow is known by its first packet, so that it
//   stays with its module when the machine moves. That a flow of an unlicensed module is built first
//   and torn down at its first packet is inferred, as is the layout of the show command.
// State: the steered flows, at most the option `vpath-flows`, beyond which a flow passes without being
//   known; the modules without licence, at most kModuleMax. Lost at reload.
// Validation: none against a device; 200,000 connections are what an ASA 1000V is sold for.
// References: syslog guide 450002; asa-behaviour F; ASA 1000V CLI configuration guide.
#include "messages/vpath.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace asaemu {

namespace {

class Vpath final : public Subsystem {
 public:
  explicit Vpath(Claims& claims)
      : is_virtual_(claims.platform().name == "ASA1000V"),
        flows_(std::max<std::size_t>(claims.option<std::uint64_t>("vpath-flows"), 1)) {}

  static void declare(Declarations<Vpath>& declare) {
    static constexpr std::array<std::string_view, 2> kStates{"granted", "withdrawn"};
    declare.option(FieldDef{.name = "vpath-flows", .kind = FieldKind::kNumber}, "200000",
                   "most flows that vPath steers at a time; what an ASA 1000V is sold for");
    module_field = declare.packet_field(
        FieldDef{.name = "vpath-module", .kind = FieldKind::kNumber},
        "vPath: number of the switch module (VEM) that steered the packet to the ASA 1000V, 3 to "
        "130");
    declare.config<&Vpath::set_interface>(
        "[no] service-interface security-profile all <nameif:interface>",
        "Take the traffic of virtual machines through an interface");
    declare.exec<&Vpath::show>("show vsn ip binding",
                               "Show the virtual machines whose traffic is steered here");
    declare.world<&Vpath::on_licence>(
        "vpath-licence", "the switch's supervisor grants or withdraws a module's vPath licence",
        {{FieldDef{.name = "vpath-licence", .kind = FieldKind::kNumber}, "the module's number"},
         {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
          "granted (as from the start) or withdrawn"}});
    declare.stage<&Vpath::steer>(PathStage::kInspection);
    declare.on<&Vpath::on_closed>();
  }

 private:
  static constexpr std::size_t kModuleMax = 128;  ///< VEMs of a switch; Nexus 1000V data sheet

  struct Flow {
    ConnectionId connection = kNoConnection;
    std::uint64_t module = 0;
    IpAddress machine;
  };

  void set_interface(Context& context, const Arguments& arguments) {
    const InterfaceId id =
        context.state().interfaces.find_nameif(arguments.get<std::string>("interface"));
    if (!is_virtual_) {
      context.print("ERROR: vPath is not available on this platform\n");
    } else if (!arguments.has("no")) {
      interface_ = id;
    } else if (interface_ == id) {
      interface_ = kNoInterface;
    }
  }

  Verdict steer(Context& context, Packet& packet) {
    const auto* module = packet.find<std::uint64_t>(module_field);
    if (module == nullptr || interface_ == kNoInterface || packet.in != interface_) {
      return Verdict::kPass;
    }
    const Connection* connection = context.state().connections.find(packet.connection);
    if (connection == nullptr || flows_.find(connection->id) != nullptr) return Verdict::kPass;
    if (unlicensed_.contains(*module)) {
      tear_down(context, *connection);
      return Verdict::kDrop;
    }
    flows_.insert(connection->id, Flow{connection->id, *module, packet.source});
    return Verdict::kPass;
  }

  void on_licence(Context& context, const Arguments& arguments) {
    const auto module = arguments.get<std::uint64_t>("vpath-licence");
    if (arguments.get<std::string>("state") == "granted") {
      unlicensed_.erase(module);
      return;
    }
    if (unlicensed_.size() == kModuleMax) return;
    unlicensed_.insert(module);
    std::vector<ConnectionId> lost;
    for (const Flow& flow : flows_) {
      if (flow.module == module) lost.push_back(flow.connection);
    }
    for (const ConnectionId id : lost) {
      if (const Connection* connection = context.state().connections.find(id)) {
        tear_down(context, *connection);
      }
    }
  }

  static void tear_down(Context& context, const Connection& connection) {
    const auto& interfaces = context.state().interfaces;
    // The end on the less secure side stands first, as in other lines about connections.
    const Endpoint& outer = connection.is_inbound ? connection.initiator : connection.responder;
    const Endpoint& inner = connection.is_inbound ? connection.responder : connection.initiator;
    context.emit(msg::VpathConnectionTeardown{
        .protocol = connection.protocol,
        .connection = static_cast<std::uint64_t>(connection.id),
        .source_interface = InterfaceName{interfaces[outer.interface].nameif},
        .source = outer.address,
        .source_port = outer.port,
        .destination_interface = InterfaceName{interfaces[inner.interface].nameif},
        .destination = inner.address,
        .destination_port = inner.port,
        .duration = context.now() - connection.built,
        .bytes = connection.bytes,
        .reason = "vPath license failure"});
    context.publish(ConnectionOrder{connection.id, ConnectionOrder::What::kClose});
  }

  void on_closed(Context&, const ConnectionClosed& event) { flows_.erase(event.connection.id); }

  void show(Context& context, const Arguments&) {
    struct Binding {
      std::uint64_t module = 0;
      std::size_t flows = 0;
    };
    std::map<IpAddress, Binding> machines;
    for (const Flow& flow : flows_) {
      Binding& binding = machines[flow.machine];
      binding.module = flow.module;
      ++binding.flows;
    }
    context.print(fmt::format("{:<40}{:<10}{}\n", "VM IP address", "Module", "Flows"));
    for (const auto& [machine, binding] : machines) {
      context.print(
          fmt::format("{:<40}{:<10}{}\n", to_string(machine), binding.module, binding.flows));
    }
  }

  static inline std::uint16_t module_field = 0;

  bool is_virtual_;
  InterfaceId interface_ = kNoInterface;  ///< where vPath's traffic comes in
  BoundedTable<ConnectionId, Flow> flows_;
  std::set<std::uint64_t> unlicensed_;
};

}  // namespace

void register_vpath(Registry& registry);
void register_vpath(Registry& registry) {
  registry.add<Vpath>("vpath");
}

}  // namespace asaemu
