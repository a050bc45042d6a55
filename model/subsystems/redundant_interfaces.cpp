// Redundant interfaces: two ports behind one interface, of which one carries the traffic and the other
// takes over when the first loses its link.
//
// Scope: interface Redundant1 to Redundant8, member-interface, redundant-interface … active-member;
//   messages 425001 to 425006; what show interface says about pairs and members (GroupNotes).
// Limitations: traffic is not counted by member. A switchover takes the option
//   `redundant-switchover`; while it is under way the pair keeps its carrier, so that an attempt that
//   succeeds leaves no 411002 of the pair itself. There is no preemption: a port that comes back does
//   not take its role back. When a switchover fails is not documented: here, when the port it leads to
//   has no link at its end, or at the moment an operator orders it. The order of messages, and that the
//   removal of a pair reports its members first, are inferred.
// State: RedundantTable, at most eight pairs of two ports; one timer a pair.
// Validation: none against a device.
// References: asa-behaviour D.2; syslog guide 425001 to 425006.
#include "messages/redundant_interfaces.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

class RedundantInterfaces final : public Subsystem {
 public:
  explicit RedundantInterfaces(Claims& claims)
      : pairs_(claims.own(&DeviceState::redundants)),
        switchover_(claims.option<std::uint64_t>("redundant-switchover")) {}

  static void declare(Declarations<RedundantInterfaces>& declare) {
    declare.option(FieldDef{.name = "redundant-switchover", .kind = FieldKind::kNumber}, "500",
                   "milliseconds from a lost link until the other member is active (inferred)");
    declare.command<&RedundantInterfaces::add_member>(kInterfaceMode,
                                                      "member-interface <interface:member>",
                                                      "Add a port to the redundant interface");
    declare.command<&RedundantInterfaces::remove_member>(
        kInterfaceMode, "no member-interface <interface:member>",
        "Take a port out of the redundant interface");
    declare.exec<&RedundantInterfaces::order_switchover>(
        "redundant-interface <interface:redundant> active-member <interface:member>",
        "Make a member of a redundant interface the active one");
    declare.on<&RedundantInterfaces::on_added>();
    declare.on<&RedundantInterfaces::on_removed>();
    declare.on<&RedundantInterfaces::on_line_protocol>();
  }

 private:
  static constexpr std::uint16_t kSwitchover = 1;

  static InterfaceName name_of(Context& context, InterfaceId id) {
    return InterfaceName{context.state().interfaces[id].hardware};
  }

  static bool is_up(Context& context, InterfaceId id) {
    return id != kNoInterface && context.state().interfaces[id].line_up;
  }

  RedundantPair* find(InterfaceId interface) {
    const auto found = std::ranges::find(pairs_, interface, &RedundantPair::interface);
    return found == pairs_.end() ? nullptr : &*found;
  }

  RedundantPair* find_by_member(InterfaceId port) {
    const auto found =
        std::ranges::find_if(pairs_, [&](const RedundantPair& pair) { return pair.has(port); });
    return found == pairs_.end() ? nullptr : &*found;
  }

  void on_added(Context& context, const InterfaceAdded& event) {
    const Interface& added = context.state().interfaces[event.interface];
    if (!added.is_virtual || !added.hardware.starts_with("Redundant")) return;
    RedundantPair pair;
    pair.interface = event.interface;
    pairs_.push_back(std::move(pair));
    context.emit(
        msg::RedundantInterfaceCreated{.redundant_interface = name_of(context, event.interface)});
  }

  void on_removed(Context& context, const InterfaceRemoved& event) {
    RedundantPair* pair = find(event.interface);
    if (pair == nullptr) return;
    abandon_switchover(context, *pair);
    for (const InterfaceId member : pair->members) let_go(context, *pair, member);
    set_carrier(context, *pair, kNoInterface);
    context.emit(
        msg::RedundantInterfaceRemoved{.redundant_interface = name_of(context, event.interface)});
    std::erase_if(pairs_,
                  [&](const RedundantPair& other) { return other.interface == event.interface; });
  }

  /// The pair whose configuration is being entered; nullptr, and an error, if it is another interface.
  RedundantPair* current(Context& context) {
    RedundantPair* pair = find(static_cast<InterfaceId>(context.mode_object()));
    if (pair == nullptr) context.print("ERROR: Only a redundant interface has members\n");
    return pair;
  }

  /// The interface that an argument names; kNoInterface, and an error, if there is none.
  static InterfaceId named(Context& context, const Arguments& arguments,
                           std::string_view argument) {
    const auto& name = arguments.get<std::string>(argument);
    const InterfaceId id = context.state().interfaces.find_hardware(name);
    if (id == kNoInterface) {
      context.print(fmt::format("ERROR: {} does not exist on this platform\n", name));
    }
    return id;
  }

  void add_member(Context& context, const Arguments& arguments);
  void remove_member(Context& context, const Arguments& arguments);
  static void let_go(Context& context, const RedundantPair& pair, InterfaceId member);
  void order_switchover(Context& context, const Arguments& arguments);

  void on_line_protocol(Context& context, const LineProtocolChanged& event) {
    if (RedundantPair* pair = find_by_member(event.interface)) review(context, *pair);
  }

  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void review(Context& context, RedundantPair& pair);
  static void activate(Context& context, RedundantPair& pair, InterfaceId member);
  static void fail(Context& context, const RedundantPair& pair, InterfaceId member);
  static void abandon_switchover(Context& context, RedundantPair& pair);
  static void set_carrier(Context& context, const RedundantPair& pair, InterfaceId from);

  RedundantTable& pairs_;
  std::chrono::milliseconds switchover_;
};

void RedundantInterfaces::add_member(Context& context, const Arguments& arguments) {
  RedundantPair* pair = current(context);
  if (pair == nullptr) return;
  const InterfaceId member = named(context, arguments, "member");
  if (member == kNoInterface || pair->has(member)) return;
  const auto& interfaces = context.state().interfaces;
  if (pair->members.size() == RedundantPair::kMembers) {
    context.print(fmt::format("ERROR: {} has {} members already\n",
                              interfaces[pair->interface].hardware, RedundantPair::kMembers));
    return;
  }
  if (const auto reason = interfaces.why_not_member(member, pair->interface)) {
    context.print(fmt::format("ERROR: {}\n", *reason));
    return;
  }
  pair->members.push_back(member);
  if (pair->active == kNoInterface) pair->active = member;
  context.publish(MembershipChanged{member, pair->interface});
  context.emit(msg::RedundantMemberAdded{.interface = name_of(context, member),
                                         .redundant_interface = name_of(context, pair->interface)});
  review(context, *pair);
}

void RedundantInterfaces::remove_member(Context& context, const Arguments& arguments) {
  RedundantPair* pair = current(context);
  if (pair == nullptr) return;
  const InterfaceId member = named(context, arguments, "member");
  if (member == kNoInterface) return;
  if (std::erase(pair->members, member) == 0) {
    context.print(fmt::format("ERROR: {} is not a member of {}\n",
                              context.state().interfaces[member].hardware,
                              context.state().interfaces[pair->interface].hardware));
    return;
  }
  abandon_switchover(context, *pair);
  let_go(context, *pair, member);
  if (pair->active != member) return;
  pair->active = kNoInterface;
  const InterfaceId heir = pair->standby();
  if (is_up(context, heir)) {
    activate(context, *pair, heir);
  } else {
    pair->active = heir;
    set_carrier(context, *pair, kNoInterface);
  }
}

void RedundantInterfaces::let_go(Context& context, const RedundantPair& pair, InterfaceId member) {
  context.publish(MembershipChanged{member, kNoInterface});
  context.emit(
      msg::RedundantMemberRemoved{.interface = name_of(context, member),
                                  .redundant_interface = name_of(context, pair.interface)});
}

void RedundantInterfaces::order_switchover(Context& context, const Arguments& arguments) {
  const auto& interfaces = context.state().interfaces;
  const auto& name = arguments.get<std::string>("redundant");
  RedundantPair* pair = find(interfaces.find_hardware(name));
  if (pair == nullptr) {
    context.print(fmt::format("ERROR: {} is not a redundant interface\n", name));
    return;
  }
  const InterfaceId member = named(context, arguments, "member");
  if (member == kNoInterface) return;
  if (!pair->has(member)) {
    context.print(
        fmt::format("ERROR: {} is not a member of {}\n", interfaces[member].hardware, name));
    return;
  }
  if (member == pair->active) return;
  abandon_switchover(context, *pair);
  if (is_up(context, member)) {
    activate(context, *pair, member);
    return;
  }
  fail(context, *pair, member);
  context.print(fmt::format("ERROR: {} is down, {} stays active\n", interfaces[member].hardware,
                            interfaces[pair->active].hardware));
}

void RedundantInterfaces::on_timer(Context& context, std::uint16_t, std::uint64_t data) {
  RedundantPair* pair = find(static_cast<InterfaceId>(data));
  ASAEMU_ASSERT(pair != nullptr);
  const InterfaceId target = std::exchange(pair->target, kNoInterface);
  if (is_up(context, target)) {
    activate(context, *pair, target);
  } else {
    fail(context, *pair, target);
    set_carrier(context, *pair, kNoInterface);
  }
}

/// Brings the pair in line with its members' links.
void RedundantInterfaces::review(Context& context, RedundantPair& pair) {
  const InterfaceId standby = pair.standby();
  if (is_up(context, pair.active)) {
    abandon_switchover(context, pair);
    set_carrier(context, pair, pair.active);
  } else if (pair.target != kNoInterface) {
    // The switchover under way finds out for itself whether its target is up at its end.
  } else if (!is_up(context, standby)) {
    set_carrier(context, pair, kNoInterface);
  } else if (context.is_booting()) {
    activate(context, pair, standby);
  } else {
    pair.target = standby;
    pair.switchover =
        context.after(switchover_, kSwitchover, static_cast<std::uint64_t>(pair.interface));
  }
}

void RedundantInterfaces::activate(Context& context, RedundantPair& pair, InterfaceId member) {
  pair.active = member;
  if (!context.is_booting()) pair.last_switchover = context.calendar();
  context.emit(msg::RedundantMemberActive{.interface = name_of(context, member),
                                          .redundant_interface = name_of(context, pair.interface)});
  set_carrier(context, pair, member);
}

void RedundantInterfaces::fail(Context& context, const RedundantPair& pair, InterfaceId member) {
  context.emit(
      msg::RedundantSwitchoverFailed{.redundant_interface = name_of(context, pair.interface),
                                     .interface = name_of(context, member)});
}

void RedundantInterfaces::abandon_switchover(Context& context, RedundantPair& pair) {
  if (pair.target == kNoInterface) return;
  context.cancel(pair.switchover);
  pair.target = kNoInterface;
}

/// The pair's carrier is that of `from`; kNoInterface: it has none.
void RedundantInterfaces::set_carrier(Context& context, const RedundantPair& pair,
                                      InterfaceId from) {
  const bool is_present = from != kNoInterface;
  context.publish(CarrierChanged{pair.interface, is_present,
                                 is_present ? context.state().interfaces[from].speed_mbps : 0});
}

}  // namespace

void register_redundant_interfaces(Registry& registry);
void register_redundant_interfaces(Registry& registry) {
  registry.add<RedundantInterfaces>("redundant_interfaces");
}

}  // namespace asaemu
