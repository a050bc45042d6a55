// Interfaces: administrative state, link and line protocol of ports, of subinterfaces, and of the
// interfaces that stand for a group of ports.
//
// Scope: interface configuration (nameif, security-level, ip address, vlan, speed, shutdown, …); the
//   world events `link`, `link-partner` and `transmit-hang`; messages 411001 to 411005; the first and
//   the last stage of the packet path, which count packets. What `show interface` prints is
//   elsewhere. Redundant interfaces, port channels and bridge groups exist once they are configured; their
//   members and their carrier are the business of others, who ask by events.
// Limitations: IPv4 addresses only. A link runs at the lower of both ends' speeds; two ends set to
//   different duplex modes do not disturb each other. A 5505's VLANs have a carrier of their own, its
//   switch ports carry none of them. No trace shows in which order a device prints the lines of a port
//   and of the names above it: the option `line-protocol-order` chooses, the port first by default. A
//   subinterface is reported by its nameif alone. Autonegotiation after `no shutdown` or another speed
//   takes the option `autonegotiation`, 2 s by default (1 to 3 s are usual).
// State: InterfaceTable, at most InterfaceTable::kBound; meters of interfaces that saw packets; what
//   the world did to the ports' cables, which a reload does not undo.
// Validation: none against a device; the order of messages is inferred.
// References: asa-behaviour D.1 to D.3; syslog guide 411001 to 411005.
#include "messages/interfaces.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/cable_ends.hpp"
#include "model/state/device_state.hpp"
#include "model/state/platform.hpp"

#include <fmt/format.h>

#include <utility>

namespace asaemu {

namespace {

class Interfaces final : public Subsystem {
 public:
  explicit Interfaces(Claims& claims)
      : table_(claims.own(&DeviceState::interfaces)),
        far_ends_(claims.kept<CableEnds>()),
        physical_first_(claims.option<std::string>("line-protocol-order") == "physical-first"),
        autonegotiation_(claims.option<SimDuration>("autonegotiation")) {
    for (const PortGroup& group : claims.platform().ports) {
      for (unsigned i = 0; i < group.count; ++i) add_port(group, group.first + i);
    }
  }

  static void declare(Declarations<Interfaces>& declare);

 private:
  static constexpr std::uint16_t kNegotiated = 1;

  void add_port(const PortGroup& group, unsigned number);
  InterfaceId create(Context& context, const std::string& name);
  void enter(Context& context, const Arguments& arguments);
  void remove(Context& context, const Arguments& arguments);

  Interface& current(Context& context) {
    return table_[static_cast<InterfaceId>(context.mode_object())];
  }

  void set_nameif(Context& context, const Arguments& arguments);
  void clear_nameif(Context& context, const Arguments&) {
    take_nameif(context, static_cast<InterfaceId>(context.mode_object()));
  }
  void take_nameif(Context& context, InterfaceId id);
  void set_address(Context& context, const Arguments& arguments);

  void clear_address(Context& context, const Arguments&) {
    const auto id = static_cast<InterfaceId>(context.mode_object());
    table_.clear_address(id);
    context.publish(InterfaceConfigured{id});
  }

  void set_security_level(Context& context, const Arguments& arguments) {
    const auto level = arguments.get_or("level", default_security_level(current(context).nameif));
    current(context).security_level = static_cast<std::uint16_t>(level);
  }

  void set_vlan(Context& context, const Arguments& arguments) {
    if (current(context).parent == kNoInterface) {
      context.print("ERROR: VLAN can only be configured on a subinterface\n");
      return;
    }
    const std::uint64_t vlan = arguments.has("no") ? 0 : arguments.get<std::uint64_t>("vlan");
    current(context).vlan = static_cast<std::uint16_t>(vlan);
  }

  void set_management_only(Context& context, const Arguments& arguments) {
    current(context).management_only = !arguments.has("no");
  }

  void set_description(Context& context, const Arguments& arguments) {
    current(context).description = arguments.get_or<std::string>("text", {});
  }

  void set_mac(Context& context, const Arguments& arguments) {
    Interface& interface = current(context);
    interface.mac =
        arguments.has("no") ? interface.burned_in_mac : arguments.get<MacAddress>("mac");
  }

  void set_speed(Context& context, const Arguments& arguments);
  void set_duplex(Context& context, const Arguments& arguments);
  void shut(Context& context, const Arguments&);
  void unshut(Context& context, const Arguments&);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void on_link(Context& context, const Arguments& arguments);
  void on_link_partner(Context& context, const Arguments& arguments);
  void on_transmit_hang(Context& context, const Arguments& arguments);

  /// Line protocol as the states say: enabled, link present, parent up.
  [[nodiscard]] bool should_be_up(const Interface& interface) const {
    if (!interface.admin_up || !interface.link_up || interface.negotiating) return false;
    return interface.parent == kNoInterface || table_[interface.parent].line_up;
  }

  void on_wanted(Context& context, const InterfaceWanted& wanted);
  void on_membership(Context& context, const MembershipChanged& change);
  void on_carrier(Context& context, const CarrierChanged& change);

  void renegotiate(Context& context, InterfaceId id);
  void start_negotiation(Context& context, InterfaceId id);
  void settle(Context& context, InterfaceId id);
  void change_line(Context& context, InterfaceId id, bool up);
  static void report_line(Context& context, std::string_view name, bool up);

  Verdict receive(Context& context, Packet& packet);
  Verdict forward(Context& context, Packet& packet);

  InterfaceTable& table_;
  CableEnds& far_ends_;
  bool physical_first_;
  SimDuration autonegotiation_;
};

void Interfaces::declare(Declarations<Interfaces>& declare) {
  static constexpr std::array<std::string_view, 2> kOrders{"physical-first", "nameif-first"};
  static constexpr std::array<std::string_view, 2> kLinkStates{"up", "down"};
  static constexpr std::array<std::string_view, 5> kSpeeds{"auto", "10", "100", "1000", "10000"};
  static constexpr std::array<std::string_view, 3> kDuplexes{"auto", "full", "half"};
  declare.option(
      FieldDef{.name = "line-protocol-order", .kind = FieldKind::kOneOf, .choices = kOrders},
      "physical-first", "which 411001/411002 comes first, that of the port or that of its nameif");
  declare.option(FieldDef{.name = "autonegotiation", .kind = FieldKind::kDuration}, "0:00:02",
                 "time from `no shutdown` until a port with a link is up");

  declare.config<&Interfaces::enter>("interface <interface:name>", "Configure an interface");
  declare.config<&Interfaces::remove>("no interface <interface:name>",
                                      "Remove an interface that has no hardware of its own");
  const auto in = [&declare]<auto kHandler>(std::string_view pattern, std::string_view help) {
    declare.template command<kHandler>(kInterfaceMode, pattern, help);
  };
  in.template operator()<&Interfaces::set_nameif>("nameif <word:name>", "Name the interface");
  in.template operator()<&Interfaces::clear_nameif>("no nameif", "Take the name away");
  in.template operator()<&Interfaces::set_security_level>(
      "{security-level <number:level:0-100>|no security-level [<number:was:0-100>]}",
      "Set the security level");
  in.template operator()<&Interfaces::set_address>(
      "ip address <ip:address> [<ip:mask>] [standby <ip:standby>]", "Set the IPv4 address");
  in.template operator()<&Interfaces::clear_address>(
      "no ip address [<ip:address> [<ip:mask>] [standby <ip:standby>]]", "Take the address away");
  in.template operator()<&Interfaces::set_vlan>(
      "{vlan <number:vlan:1-4094>|no vlan [<number:vlan:1-4094>]}", "Set a subinterface's VLAN");
  in.template operator()<&Interfaces::set_management_only>("[no] management-only",
                                                           "Carry management traffic only");
  in.template operator()<&Interfaces::set_description>("{description <line:text>|no description}",
                                                       "Describe the interface");
  in.template operator()<&Interfaces::set_mac>("{mac-address <mac:mac>|no mac-address [<mac:mac>]}",
                                               "Set the MAC address");
  in.template operator()<&Interfaces::set_speed>(
      "{speed auto|no speed|speed <number:mbps:10-10000>}", "Set the speed in Mbps");
  in.template operator()<&Interfaces::set_duplex>("{duplex {auto|full|half}|no duplex}",
                                                  "Set the duplex mode");
  in.template operator()<&Interfaces::shut>("shutdown", "Disable the interface");
  in.template operator()<&Interfaces::unshut>("no shutdown", "Enable the interface");

  declare.world_always<&Interfaces::on_link>(
      "link", "A port's carrier appears or goes, and stays so over a reload",
      {{FieldDef{.name = "link", .kind = FieldKind::kWord}, "the port, by hardware name", true,
        WorldParameter::Names::kHardwareInterface},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kLinkStates},
        "whether the carrier is there"}});
  declare.world_always<&Interfaces::on_link_partner>(
      "link-partner", "The other end of a port's cable gets another speed or duplex mode",
      {{FieldDef{.name = "link-partner", .kind = FieldKind::kWord}, "the port, by hardware name",
        true, WorldParameter::Names::kHardwareInterface},
       {FieldDef{.name = "speed", .kind = FieldKind::kOneOf, .choices = kSpeeds},
        "Mbps it can do at most; auto: what the port can do", false},
       {FieldDef{.name = "duplex", .kind = FieldKind::kOneOf, .choices = kDuplexes},
        "its duplex mode", false}});
  declare.world<&Interfaces::on_transmit_hang>(
      "transmit-hang", "A port's hardware stops sending; the device resets it (411005)",
      {{FieldDef{.name = "transmit-hang", .kind = FieldKind::kWord}, "the port, by hardware name",
        true, WorldParameter::Names::kHardwareInterface}});

  declare.on<&Interfaces::on_wanted>();
  declare.on<&Interfaces::on_membership>();
  declare.on<&Interfaces::on_carrier>();
  declare.stage<&Interfaces::receive>(PathStage::kInterface);
  declare.stage<&Interfaces::forward>(PathStage::kForward);
}

void Interfaces::add_port(const PortGroup& group, unsigned number) {
  Interface port;
  // On some models the port name has no slot: Vlan1, not Vlan0/1.
  port.hardware = group.type == "Vlan" ? fmt::format("{}{}", group.type, number)
                                       : fmt::format("{}{}/{}", group.type, group.slot, number);
  port.nominal_mbps = group.speed_mbps;
  const CableEnd far_end = far_ends_.of(port.hardware);
  const LinkSettings link = negotiate(port.nominal_mbps, port.configured, far_end.settings);
  port.speed_mbps = link.speed_mbps;
  port.is_full_duplex = link.duplex != Duplex::kHalf;
  port.link_up = far_end.has_carrier.value_or(false);
  port.mac = table_.next_mac();
  table_.add(std::move(port));
}

/// A subinterface, or an interface that has no hardware of its own; kNoInterface if the name is
/// neither.
InterfaceId Interfaces::create(Context& context, const std::string& name) {
  auto added = make_interface(table_, context.platform(), name);
  if (!added) return kNoInterface;
  const InterfaceId id = table_.add(std::move(*added));
  if (id == kNoInterface) return id;
  table_[id].line_up = should_be_up(table_[id]);
  context.publish(InterfaceAdded{id});
  return id;
}

void Interfaces::enter(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  InterfaceId id = table_.find_hardware(name);
  if (id == kNoInterface) id = create(context, name);
  if (id == kNoInterface) {
    context.print(fmt::format("ERROR: {} does not exist on this platform\n", name));
    return;
  }
  // A running configuration prints `shutdown` only where it holds, and a port that is configured is
  // cabled, unless the world has pulled the cable.
  Interface& interface = table_[id];
  if (context.is_booting() && !interface.mentioned) {
    interface.mentioned = true;
    interface.admin_up = true;
    if (!interface.is_virtual) interface.link_up = far_ends_.of(name).has_carrier.value_or(true);
    settle(context, id);
  }
  context.enter_mode(kInterfaceMode, static_cast<std::uint64_t>(id));
}

void Interfaces::remove(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  const InterfaceId id = table_.find_hardware(name);
  const bool is_made = name.find('.') != name.npos || is_virtual_name(context.platform(), name);
  if (id == kNoInterface || !is_made) {
    context.print(fmt::format("ERROR: {} cannot be removed\n", name));
    return;
  }
  context.publish(InterfaceRemoved{id});
  for (std::size_t i = 0; i < table_.size(); ++i) {
    const auto each = static_cast<InterfaceId>(i);
    if (each == id || table_[each].parent == id) take_nameif(context, each);
  }
  table_.remove(id);
}

void Interfaces::set_nameif(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  const auto id = static_cast<InterfaceId>(context.mode_object());
  if (const auto reason = table_.why_not_named(id, name)) {
    context.print(fmt::format("ERROR: {}\n", *reason));
    return;
  }
  Interface& interface = table_[id];
  if (interface.nameif.empty()) {
    interface.security_level = static_cast<std::uint16_t>(default_security_level(name));
    context.print(fmt::format("INFO: Security level for \"{}\" set to {} by default.\n", name,
                              interface.security_level));
  }
  if (interface.nameif == name) return;
  if (!interface.nameif.empty()) context.rename_nameif(id, name);
  const std::string former = std::exchange(interface.nameif, name);
  context.publish(InterfaceConfigured{id, former});
}

/// All that is configured by the name goes with it.
void Interfaces::take_nameif(Context& context, InterfaceId id) {
  if (table_[id].nameif.empty()) return;
  context.withdraw_nameif(id);
  const std::string former = std::exchange(table_[id].nameif, {});
  context.publish(InterfaceConfigured{id, former});
}

void Interfaces::set_address(Context& context, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("address");
  if (address.is_v6()) {
    context.print("ERROR: IPv4 address expected\n");
    return;
  }
  // Without a mask the address's class decides, as it always has.
  const unsigned first = address.v4_value() >> 24;
  const unsigned length = first < 128 ? 8 : first < 192 ? 16 : 24;
  const auto mask = arguments.get_or("mask", ipv4_mask(length));
  if (!mask_length(mask)) {
    context.print(fmt::format("ERROR: Invalid netmask {}\n", to_string(mask)));
    return;
  }
  const auto id = static_cast<InterfaceId>(context.mode_object());
  table_.set_address(id, address, mask);
  table_[id].address_from_startup = context.is_booting();
  context.publish(InterfaceConfigured{id});
}

void Interfaces::shut(Context& context, const Arguments&) {
  Interface& interface = current(context);
  if (!interface.admin_up) return;
  interface.admin_up = false;
  interface.negotiating = false;
  context.emit(msg::InterfaceAdministrativelyDown{.interface = InterfaceName{interface.hardware}});
  settle(context, static_cast<InterfaceId>(context.mode_object()));
}

void Interfaces::unshut(Context& context, const Arguments&) {
  Interface& interface = current(context);
  if (interface.admin_up) return;
  interface.admin_up = true;
  context.emit(msg::InterfaceAdministrativelyUp{.interface = InterfaceName{interface.hardware}});
  const auto id = static_cast<InterfaceId>(context.mode_object());
  if (interface.parent != kNoInterface || interface.is_virtual || context.is_booting()) {
    settle(context, id);
  } else {
    start_negotiation(context, id);
  }
}

void Interfaces::start_negotiation(Context& context, InterfaceId id) {
  Interface& interface = table_[id];
  interface.negotiating = true;
  ++interface.negotiation;
  context.after(autonegotiation_, kNegotiated,
                static_cast<std::uint64_t>(id) | std::uint64_t{interface.negotiation} << 16);
}

void Interfaces::set_speed(Context& context, const Arguments& arguments) {
  const auto mbps = static_cast<std::uint32_t>(arguments.get_or<std::uint64_t>("mbps", 0));
  const Interface& port = current(context);
  if (!is_speed(mbps) || mbps > port.nominal_mbps) {
    context.print(fmt::format("ERROR: {} does not support {} Mbps\n", port.hardware, mbps));
    return;
  }
  current(context).configured.speed_mbps = mbps;
  renegotiate(context, static_cast<InterfaceId>(context.mode_object()));
}

void Interfaces::set_duplex(Context& context, const Arguments& arguments) {
  current(context).configured.duplex = duplex_named(arguments.has("full")   ? "full"
                                                    : arguments.has("half") ? "half"
                                                                            : "auto");
  renegotiate(context, static_cast<InterfaceId>(context.mode_object()));
}

/// A link whose ends agree on something else than before goes and comes back.
void Interfaces::renegotiate(Context& context, InterfaceId id) {
  Interface& port = table_[id];
  if (port.parent != kNoInterface || port.is_virtual) return;
  const LinkSettings link =
      negotiate(port.nominal_mbps, port.configured, far_ends_.of(port.hardware).settings);
  const bool is_full_duplex = link.duplex != Duplex::kHalf;
  if (link.speed_mbps == port.speed_mbps && is_full_duplex == port.is_full_duplex) return;
  port.speed_mbps = link.speed_mbps;
  port.is_full_duplex = is_full_duplex;
  if (!port.line_up || context.is_booting()) return;
  start_negotiation(context, id);
  settle(context, id);
}

void Interfaces::on_wanted(Context& context, const InterfaceWanted& wanted) {
  if (table_.find_hardware(wanted.hardware) == kNoInterface) {
    create(context, std::string(wanted.hardware));
  }
}

/// A member has no name, address or level of its own; the first one lends the group its MAC address
/// (asa-behaviour D.2).
void Interfaces::on_membership(Context& context, const MembershipChanged& change) {
  Interface& port = table_[change.port];
  port.group = change.group;
  if (change.group == kNoInterface) return;
  Interface& group = table_[change.group];
  if (group.mac.value == 0) group.mac = group.burned_in_mac = port.mac;
  if (port.has_address || port.security_level != 0) {
    context.print(
        fmt::format("INFO: security-level and IP address are cleared on {}.\n", port.hardware));
  }
  table_.clear_address(change.port);
  port.security_level = 0;
}

void Interfaces::on_carrier(Context& context, const CarrierChanged& change) {
  Interface& group = table_[change.interface];
  if (change.speed_mbps != 0) group.speed_mbps = change.speed_mbps;
  group.link_up = change.is_present;
  settle(context, change.interface);
}

void Interfaces::on_timer(Context& context, std::uint16_t, std::uint64_t data) {
  const auto id = static_cast<InterfaceId>(data & 0xFFFF);
  Interface& interface = table_[id];
  if (!interface.negotiating || interface.negotiation != data >> 16) return;
  interface.negotiating = false;
  settle(context, id);
}

void Interfaces::on_link(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("link");
  const InterfaceId id = table_.find_hardware(name);
  if (id == kNoInterface || table_[id].is_virtual) return;
  const bool is_up = arguments.get<std::string>("state") == "up";
  if (table_[id].parent == kNoInterface) far_ends_.at(name).has_carrier = is_up;
  if (!context.is_running()) return;
  table_[id].link_up = is_up;
  settle(context, id);
}

void Interfaces::on_link_partner(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("link-partner");
  const InterfaceId id = table_.find_hardware(name);
  if (id == kNoInterface || table_[id].is_virtual || table_[id].parent != kNoInterface) return;
  LinkSettings& theirs = far_ends_.at(name).settings;
  if (const auto* speed = arguments.find<std::string>("speed")) {
    theirs.speed_mbps = speed_named(*speed);
  }
  if (const auto* duplex = arguments.find<std::string>("duplex")) {
    theirs.duplex = duplex_named(*duplex);
  }
  if (context.is_running()) renegotiate(context, id);
}

void Interfaces::on_transmit_hang(Context& context, const Arguments& arguments) {
  const InterfaceId id = table_.find_hardware(arguments.get<std::string>("transmit-hang"));
  if (id == kNoInterface || !table_[id].line_up) return;
  ++table_[id].resets;
  context.emit(msg::InterfaceTransmitHang{.interface = InterfaceName{table_[id].hardware}});
}

/// Makes the line protocol what the states say, and reports the change for the port and all that
/// rests on it.
void Interfaces::settle(Context& context, InterfaceId id) {
  const bool up = should_be_up(table_[id]);
  if (up == table_[id].line_up) return;
  change_line(context, id, up);
  for (std::size_t i = 0; i < table_.size(); ++i) {
    const auto child = static_cast<InterfaceId>(i);
    if (table_[child].parent != id) continue;
    const bool child_up = should_be_up(table_[child]);
    if (child_up != table_[child].line_up) change_line(context, child, child_up);
  }
}

void Interfaces::change_line(Context& context, InterfaceId id, bool up) {
  Interface& interface = table_[id];
  interface.line_up = up;
  const bool physical = interface.parent == kNoInterface;
  if (physical && physical_first_) report_line(context, interface.hardware, up);
  if (!interface.nameif.empty()) report_line(context, interface.nameif, up);
  if (physical && !physical_first_) report_line(context, interface.hardware, up);
  context.publish(LineProtocolChanged{id, up});
}

void Interfaces::report_line(Context& context, std::string_view name, bool up) {
  if (up) {
    context.emit(msg::LineProtocolUp{.interface = InterfaceName{name}});
  } else {
    context.emit(msg::LineProtocolDown{.interface = InterfaceName{name}});
  }
}

Verdict Interfaces::receive(Context& context, Packet& packet) {
  Interface& interface = table_[packet.in];
  interface.traffic.note(context.now(), TrafficMeter::kInput, packet.length);
  return interface.line_up && !interface.nameif.empty() ? Verdict::kPass : Verdict::kDrop;
}

Verdict Interfaces::forward(Context& context, Packet& packet) {
  if (packet.out == kNoInterface || !table_[packet.out].line_up) return Verdict::kDrop;
  if (table_.owns(packet.destination)) return Verdict::kPass;  // It goes no further.
  table_[packet.out].traffic.note(context.now(), TrafficMeter::kOutput, packet.length);
  return Verdict::kPass;
}

}  // namespace

void register_interfaces(Registry& registry);
void register_interfaces(Registry& registry) {
  registry.add<Interfaces>("interfaces");
}

}  // namespace asaemu
