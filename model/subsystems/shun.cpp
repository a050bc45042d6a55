// Shun: sources whose packets are dropped on an interface until an operator (or an IPS) lets them in.
//
// Scope: the commands shun, no shun, clear shun, show shun; messages 401001 to 401005; the packet
//   path's shun stage. The block holds for the source on the interface where it is shunned, whatever
//   the protocol; the 4-tuple only names one connection, which is torn down, and packets towards the
//   source pass. A shun goes with the name of its interface.
// Limitations: the teardown is silent (302014 is outside this program's messages). Without a protocol
//   the 4-tuple names a TCP connection, or else one of UDP, which is inferred. Which interface a source
//   without a route is shunned on is not documented: such a shun is refused here. What the device
//   answers to shunning its own address, to a source shunned twice and to a full table is inferred.
// State: one entry a source in ShunTable, at most kShunBound or the option `shun-limit`. Lost at
//   reload.
// Validation: command output against captured 7.4.1 and 9.x consoles (asa-behaviour B.3); none for
//   the behaviour at the bound.
// References: asa-behaviour B.1 to B.3; syslog guide 401001 to 401005.
#include "messages/shun.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

class ShunSubsystem final : public Subsystem {
 public:
  explicit ShunSubsystem(Claims& claims)
      : table_(claims.own(&DeviceState::shuns)),
        limit_(claims.option<std::uint64_t>("shun-limit")) {}

  static void declare(Declarations<ShunSubsystem>& declare) {
    declare.option(FieldDef{.name = "shun-limit", .kind = FieldKind::kNumber}, "65536",
                   "most shuns the device has memory for; one more is 401005");
    declare.exec<&ShunSubsystem::add>(
        "shun <ip:source> [<ip:destination> <port:sport> <port:dport> [<protocol:protocol>]] "
        "[vlan <number:vlan:1-4094>|interface <nameif:interface>]",
        "Drop all packets from a source; the connection given with it is the one that attacked");
    declare.exec<&ShunSubsystem::remove>(
        "no shun <ip:source> [vlan <number:vlan:1-4094>|interface <nameif:interface>]",
        "Let a shunned source in again");
    declare.exec<&ShunSubsystem::clear>("clear shun", "Remove all shuns");
    declare.exec<&ShunSubsystem::clear_statistics>("clear shun statistics",
                                                   "Zero the shun counters");
    declare.exec<&ShunSubsystem::show>("show shun [<ip:source>]", "Show the shuns");
    declare.exec<&ShunSubsystem::show_statistics>("show shun statistics",
                                                  "Show how often each shun dropped a packet");
    declare.on<&ShunSubsystem::on_interface>();
    declare.stage<&ShunSubsystem::inspect>(PathStage::kShun);
  }

 private:
  void add(Context& context, const Arguments& arguments) {
    const auto& source = arguments.get<IpAddress>("source");
    const auto& interfaces = context.state().interfaces;
    if (interfaces.owns(source)) {
      context.print(fmt::format("ERROR: {} is an address of this device\n", to_string(source)));
      return;
    }
    Shun shun;
    shun.source = source;
    shun.destination = arguments.get_or("destination", IpAddress());
    shun.source_port = arguments.get_or("sport", Port{});
    shun.destination_port = arguments.get_or("dport", Port{});
    shun.protocol = arguments.get_or("protocol", kProtocolIp);
    shun.vlan = static_cast<std::uint16_t>(arguments.get_or<std::uint64_t>("vlan", 0));
    shun.added = context.now();
    shun.interface = find_interface(context, arguments, source);
    if (shun.interface == kNoInterface) {
      context.print(fmt::format("ERROR: No interface found for {}\n", to_string(source)));
      return;
    }
    if (table_.find(source) != nullptr) {
      context.print(fmt::format("Shun {} already exists\n", to_string(source)));
      return;
    }
    if (table_.size() >= limit_ || table_.insert(source, shun) == nullptr) {
      context.emit(msg::ShunAddFailed{.source = source,
                                      .destination = shun.destination,
                                      .source_port = shun.source_port,
                                      .destination_port = shun.destination_port});
      context.print(fmt::format("ERROR: Shun {} failed\n", to_string(source)));
      return;
    }
    tear_down(context, shun);
    context.emit(msg::ShunAdded{.source = source,
                                .destination = shun.destination,
                                .source_port = shun.source_port,
                                .destination_port = shun.destination_port});
    context.print(fmt::format("Shun {0} added in context: single_vf\nShun {0} successful\n",
                              to_string(source)));
  }

  /// Ends the connection that the shun names, if there is one.
  static void tear_down(Context& context, const Shun& shun) {
    if (shun.destination.is_unspecified()) return;
    for (const IpProtocol protocol : {kProtocolTcp, kProtocolUdp}) {
      if (shun.protocol != kProtocolIp && shun.protocol != protocol) continue;
      const Connection* connection = context.state().connections.find(FiveTuple{
          shun.source, shun.destination, protocol, shun.source_port, shun.destination_port});
      if (connection == nullptr) continue;
      context.publish(ConnectionOrder{connection->id, ConnectionOrder::What::kClose});
      return;
    }
  }

  /// The interface given, or that of the VLAN, or the one the route to the source leaves through.
  static InterfaceId find_interface(Context& context, const Arguments& arguments,
                                    const IpAddress& source) {
    const auto& state = context.state();
    if (const auto* name = arguments.find<std::string>("interface")) {
      return state.interfaces.find_nameif(*name);
    }
    if (const auto* vlan = arguments.find<std::uint64_t>("vlan")) {
      const auto& all = state.interfaces.all();
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].vlan == *vlan && !all[i].nameif.empty()) return static_cast<InterfaceId>(i);
      }
      return kNoInterface;
    }
    return state.routes.lookup(source, state.interfaces);
  }

  void remove(Context& context, const Arguments& arguments) {
    const auto& source = arguments.get<IpAddress>("source");
    const Shun* shun = table_.find(source);
    const bool named = arguments.has("interface") || arguments.has("vlan");
    const bool elsewhere =
        shun != nullptr && named && find_interface(context, arguments, source) != shun->interface;
    if (shun == nullptr || elsewhere) {
      context.print(fmt::format("ERROR: Shun {} does not exist\n", to_string(source)));
      return;
    }
    table_.erase(source);
    context.emit(msg::ShunDeleted{.source = source});
  }

  void clear(Context& context, const Arguments&) {
    table_.clear();
    context.emit(msg::ShunsCleared{});
  }

  void clear_statistics(Context&, const Arguments&) {
    for (Shun& shun : table_) shun.packets = 0;
  }

  void show(Context& context, const Arguments& arguments) {
    const auto* only = arguments.find<IpAddress>("source");
    for (const Shun& shun : table_) {
      if (only != nullptr && shun.source != *only) continue;
      context.print(fmt::format(
          "shun ({}) {} {} {} {} {}\n", context.state().interfaces[shun.interface].nameif,
          to_string(shun.source), to_string(shun.destination), shun.source_port.value,
          shun.destination_port.value, shun.protocol.value));
    }
  }

  void show_statistics(Context& context, const Arguments&) {
    const auto& all = context.state().interfaces.all();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].nameif.empty()) continue;
      std::uint64_t packets = 0;
      bool on = false;
      for (const Shun& shun : table_) {
        if (shun.interface != static_cast<InterfaceId>(i)) continue;
        on = true;
        packets += shun.packets;
      }
      context.print(fmt::format("{}={}, cnt={}\n", all[i].nameif, on ? "ON" : "OFF", packets));
    }
    for (const Shun& shun : table_) {
      const auto age =
          std::chrono::duration_cast<std::chrono::seconds>(context.now() - shun.added).count();
      context.print(fmt::format("Shun {} cnt={}, time=({}:{:02}:{:02})\n", to_string(shun.source),
                                shun.packets, age / 3600, age / 60 % 60, age % 60));
    }
  }

  /// A shun goes with the name of the interface where it blocks.
  void on_interface(Context& context, const InterfaceConfigured& event) {
    if (!context.state().interfaces[event.interface].nameif.empty()) return;
    std::vector<IpAddress> gone;
    for (const Shun& shun : table_) {
      if (shun.interface == event.interface) gone.push_back(shun.source);
    }
    for (const IpAddress& source : gone) table_.erase(source);
  }

  Verdict inspect(Context& context, Packet& packet) {
    if (table_.empty()) return Verdict::kPass;
    Shun* shun = table_.find(packet.source);
    if (shun == nullptr || shun->interface != packet.in) return Verdict::kPass;
    ++shun->packets;
    context.emit(msg::ShunnedPacket{
        .source = packet.source,
        .destination = packet.destination,
        .interface = InterfaceName{context.state().interfaces[packet.in].nameif}});
    return Verdict::kDrop;
  }

  ShunTable& table_;
  std::uint64_t limit_;
};

}  // namespace

void register_shun(Registry& registry);
void register_shun(Registry& registry) {
  registry.add<ShunSubsystem>("shun");
}

}  // namespace asaemu
