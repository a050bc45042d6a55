// Packet tracer: what would become of a packet, asked at the console.
//
// Scope: packet-tracer input for TCP, UDP, ICMP and other protocols, brief and detailed. The packet walks
//   the device as it stands; the answer names the verdict of each stage, and with `detailed` that of each
//   subsystem and the messages that it would have logged. Nothing is logged, counted, timed or sent.
// Limitations: packets have no application content (`asaemu packet-tracer` can give them some). Phases
//   are the stages of the emulated packet path rather than those of an ASA; a phase quotes no
//   configuration; XML output and the options vlan-id, decrypted, transmit and persist are not taken.
// State: none. A trace copies the tables of the device and forgets the copy.
// Validation: the frame of the answer (Phase, Type, Subtype, Result, Config, Additional Information;
//   the result with its drop reason) against the command reference's examples; the phases are our own.
// References: ASA command reference, `packet-tracer`.
#include "model/contract/declarations.hpp"
#include "model/contract/packet_trace.hpp"
#include "model/state/device_state.hpp"

namespace asaemu {

namespace {

class PacketTracer final : public Subsystem {
 public:
  explicit PacketTracer(Claims&) {}

  static void declare(Declarations<PacketTracer>& declare) {
    declare.exec<&PacketTracer::trace_ports>(
        "packet-tracer input <nameif:interface> {tcp|udp} <ip:source> <port:sport> "
        "<ip:destination> <port:dport> [detailed]",
        "Show what would become of a TCP SYN or a UDP packet");
    declare.exec<&PacketTracer::trace_icmp>(
        "packet-tracer input <nameif:interface> icmp <ip:source> <number:type:0-255> "
        "<number:code:0-255> [<number:ident:0-65535>] <ip:destination> [detailed]",
        "Show what would become of an ICMP packet");
    declare.exec<&PacketTracer::trace_raw>(
        "packet-tracer input <nameif:interface> rawip <ip:source> <number:protocol:0-255> "
        "<ip:destination> [detailed]",
        "Show what would become of a packet of another IP protocol");
  }

 private:
  static Packet packet_of(Context& context, const Arguments& arguments) {
    Packet packet;
    packet.in = context.state().interfaces.find_nameif(arguments.get<std::string>("interface"));
    packet.source = arguments.get<IpAddress>("source");
    packet.destination = arguments.get<IpAddress>("destination");
    return packet;
  }

  static void answer(Context& context, const Packet& packet, const Arguments& arguments) {
    const PacketTrace trace = context.trace(packet);
    context.print(describe_trace(trace, context.state(), arguments.has("detailed")));
  }

  void trace_ports(Context& context, const Arguments& arguments) {
    Packet packet = packet_of(context, arguments);
    packet.protocol = arguments.has("tcp") ? kProtocolTcp : kProtocolUdp;
    packet.source_port = arguments.get<Port>("sport");
    packet.destination_port = arguments.get<Port>("dport");
    answer(context, packet, arguments);
  }

  void trace_icmp(Context& context, const Arguments& arguments) {
    Packet packet = packet_of(context, arguments);
    packet.protocol = kProtocolIcmp;
    packet.icmp_type = static_cast<std::uint8_t>(arguments.get<std::uint64_t>("type"));
    packet.icmp_code = static_cast<std::uint8_t>(arguments.get<std::uint64_t>("code"));
    answer(context, packet, arguments);
  }

  void trace_raw(Context& context, const Arguments& arguments) {
    Packet packet = packet_of(context, arguments);
    packet.protocol =
        IpProtocol{static_cast<std::uint8_t>(arguments.get<std::uint64_t>("protocol"))};
    answer(context, packet, arguments);
  }
};

}  // namespace

void register_packet_tracer(Registry& registry);
void register_packet_tracer(Registry& registry) {
  registry.add<PacketTracer>("packet_tracer");
}

}  // namespace asaemu
