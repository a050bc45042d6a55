// WAAS: connections that WAN accelerators rewrite, which no inspection can read any longer.
//
// Scope: `inspect waas` in a service policy; the TCP option by which the accelerators find each other;
//   message 428002; WaasTable, by which inspections know the connections to leave alone.
// Limitations: the sequence numbers that accelerators shift are not followed. That a connection counts
//   as confirmed when the option stands in the SYN and in the answer to it is inferred from how
//   accelerators find each other; counters of `inspect waas` are not modelled.
// State: WaasTable, at most kWaasBound; a further connection is not recognised, and inspected. Entries
//   go with their connections, and at reload.
// Validation: none against a device.
// References: syslog guide 428002; ASA configuration guide, "WAAS"; TCP option 33 of WAAS
//   auto-discovery.
#include "messages/waas.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

namespace asaemu {

namespace {

class Waas final : public Subsystem {
 public:
  explicit Waas(Claims& claims) : table_(claims.own(&DeviceState::waas)) {}

  static void declare(Declarations<Waas>& declare) {
    static constexpr std::array<std::string_view, 2> kChoices{"no", "yes"};
    option_field = declare.packet_field(
        FieldDef{.name = "waas-option", .kind = FieldKind::kOneOf, .choices = kChoices},
        "TCP: whether option 33 is there, by which WAN accelerators find each other");
    declare.stage<&Waas::inspect>(PathStage::kInspection);
    declare.on<&Waas::on_closed>();
  }

 private:
  Verdict inspect(Context& context, Packet& packet) {
    constexpr std::uint8_t kHandshake = TcpFlags::kSyn | TcpFlags::kAck;
    const std::uint8_t handshake = packet.flags.bits & kHandshake;
    if (packet.protocol != kProtocolTcp || packet.connection == kNoConnection) {
      return Verdict::kPass;
    }
    if (handshake == TcpFlags::kSyn) {
      begin(context, packet);
    } else if (handshake == kHandshake) {
      confirm(context, packet);
    }
    return Verdict::kPass;
  }

  [[nodiscard]] static bool has_option(const Packet& packet) {
    const auto* value = packet.find<std::string>(option_field);
    return value != nullptr && *value == "yes";
  }

  void begin(Context& context, const Packet& packet) {
    if (!has_option(packet) || table_.find(packet.connection) != nullptr) return;
    const DeviceState& state = context.state();
    const auto policy = state.service_policies.find("inspect waas", packet.tuple(), packet.in,
                                                    packet.out, state.access_lists);
    // A full table leaves the connection to the inspections.
    if (policy) table_.insert(packet.connection, {});
  }

  void confirm(Context& context, const Packet& packet) {
    WaasConnection* entry = table_.find(packet.connection);
    if (entry == nullptr || entry->is_confirmed) return;
    if (!has_option(packet)) {
      table_.erase(packet.connection);
      return;
    }
    entry->is_confirmed = true;
    const DeviceState& state = context.state();
    const Connection* connection = state.connections.find(packet.connection);
    if (connection == nullptr) return;
    const auto name = [&state](const Endpoint& end) {
      return InterfaceName{state.interfaces[end.interface].nameif};
    };
    const Endpoint& from = connection->initiator;
    const Endpoint& to = connection->responder;
    context.emit(msg::WaasInspectionBypassed{.source_interface = name(from),
                                             .source = from.address,
                                             .source_port = from.port,
                                             .destination_interface = name(to),
                                             .destination = to.address,
                                             .destination_port = to.port});
  }

  void on_closed(Context&, const ConnectionClosed& event) { table_.erase(event.connection.id); }

  /// The number of the packet field, the same in every device.
  static inline std::uint16_t option_field = 0;

  WaasTable& table_;
};

}  // namespace

void register_waas(Registry& registry);
void register_waas(Registry& registry) {
  registry.add<Waas>("waas");
}

}  // namespace asaemu
