// What the modules that are shown packets (IPS, CX, SFR) have in common: messages about a packet's
// ends, and the drops and resets that a module asks for.
#pragma once

#include "model/contract/packet_content.hpp"
#include "model/state/module_redirect.hpp"

namespace asaemu {

inline InterfaceName module_interface(const DeviceState& state, InterfaceId id) {
  return InterfaceName{id == kNoInterface ? std::string_view("identity")
                                          : std::string_view(state.interfaces[id].nameif)};
}

/// A message of type M, which names a packet's protocol and ends. Ports of protocols without them
/// are 0.
template <class M>
void report_packet(Context& context, const Packet& packet) {
  const DeviceState& state = context.state();
  const FiveTuple flow = packet.tuple();
  context.emit(M{.protocol = flow.protocol,
                 .source_interface = module_interface(state, packet.in),
                 .source = flow.source,
                 .source_port = flow.source_port,
                 .destination_interface = module_interface(state, packet.out),
                 .destination = flow.destination,
                 .destination_port = flow.destination_port});
}

/// A message of type M, which names a packet's ends.
template <class M>
void report_ends(Context& context, const Packet& packet) {
  const DeviceState& state = context.state();
  context.emit(M{.source_interface = module_interface(state, packet.in),
                 .source = packet.source,
                 .source_port = packet.source_port,
                 .destination_interface = module_interface(state, packet.out),
                 .destination = packet.destination,
                 .destination_port = packet.destination_port});
}

/// A message of type M, which names a packet's ends and the user at its source, if one is known.
template <class M>
void report_override(Context& context, const Packet& packet) {
  const DeviceState& state = context.state();
  context.emit(M{.source_interface = module_interface(state, packet.in),
                 .source = packet.source,
                 .source_port = packet.source_port,
                 .destination_interface = module_interface(state, packet.out),
                 .destination = packet.destination,
                 .destination_port = packet.destination_port,
                 .user = user_at(state, packet.source)});
}

/// A message of type M, which names a flow's protocol and ends, as its initiator began it.
template <class M>
void report_flow(Context& context, const Connection& connection) {
  const DeviceState& state = context.state();
  const FiveTuple flow = connection.tuple();
  context.emit(M{.protocol = flow.protocol,
                 .source_interface = module_interface(state, connection.initiator.interface),
                 .source = flow.source,
                 .source_port = flow.source_port,
                 .destination_interface = module_interface(state, connection.responder.interface),
                 .destination = flow.destination,
                 .destination_port = flow.destination_port});
}

/// Does what the module wants of a packet it was shown: `DropMessage` and `ResetMessage` are its
/// messages. A reset of what is not TCP is a drop.
template <class DropMessage, class ResetMessage>
Verdict obey_module(Context& context, const Packet& packet, std::string_view wanted) {
  if (wanted == "reset" && packet.protocol == kProtocolTcp) {
    report_ends<ResetMessage>(context, packet);
    context.publish(ConnectionOrder{packet.connection, ConnectionOrder::What::kClose});
    return Verdict::kReset;
  }
  if (wanted != "drop" && wanted != "reset") return Verdict::kPass;
  report_packet<DropMessage>(context, packet);
  return Verdict::kDrop;
}

/// The packet's verdict field; empty if the scenario says nothing.
inline std::string_view wanted_by_module(const Packet& packet, ModuleContent fields) {
  const auto* wanted = packet.find<std::string>(fields.verdict);
  return wanted == nullptr ? std::string_view() : std::string_view(*wanted);
}

}  // namespace asaemu
