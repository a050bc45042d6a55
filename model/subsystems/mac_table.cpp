// MAC table: transparent mode's bridge, which learns behind which interface a hardware address is.
//
// Scope: firewall transparent, show firewall; bridge groups (bridge-group); the MAC address table,
//   learned and configured (mac-address-table aging-time, mac-address-table static, mac-learn, show
//   mac-address-table, show mac-learn, clear mac-address-table); where a frame leaves; messages 412001
//   when an address moves to another interface, 412002 when the table is full.
// Limitations: changing the mode does not erase the configuration as a device does. Interfaces
//   without a bridge group form one of their own, as before groups existed; the BVI and its address
//   are not modelled. A frame without a known `dmac` leaves through the next interface of its group,
//   as if the device had asked for its place before. A frame from a configured address at the wrong
//   interface is dropped without a word, because 322001 is not in the catalogue. Which entry is the
//   oldest (the one heard of longest ago) is inferred.
// State: MacTable: configured and learned entries, together at most what the option
//   `mac-table-limit` says; the oldest learned one makes room for a new one. Two values an
//   interface. Lost at reload.
// Validation: none against a device; the layouts of show against documentation only.
// References: asa-behaviour D.5; syslog guide 412001, 412002; ASA configuration guide, transparent
//   firewall, and command reference, `mac-address-table`, `mac-learn`.
#include "messages/mac_table.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// The bit of a group address: no frame comes from one.
constexpr std::uint64_t kGroupBit = std::uint64_t{1} << 40;

class MacTableSubsystem final : public Subsystem {
 public:
  explicit MacTableSubsystem(Claims& claims)
      : table_(claims.own(&DeviceState::macs)),
        limit_(std::clamp<std::uint64_t>(claims.option<std::uint64_t>("mac-table-limit"), 1,
                                         MacTable::kBound)) {}

  static void declare(Declarations<MacTableSubsystem>& declare);

 private:
  /// What the bridge knows of an interface.
  struct Port {
    std::uint16_t group = 0;  ///< 0 for those without one
    bool is_deaf = false;     ///< learns no addresses
  };

  void set_mode(Context& context, const Arguments& arguments);
  void set_group(Context& context, const Arguments& arguments);
  void set_aging_time(Context& context, const Arguments& arguments);
  void configure(Context& context, const Arguments& arguments);
  void remove(Context& context, const Arguments& arguments);
  void set_learning(Context& context, const Arguments& arguments);
  void clear(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);
  void show_count(Context& context, const Arguments&);
  void show_learning(Context& context, const Arguments&);
  void show_mode(Context& context, const Arguments&);

  Verdict bridge(Context& context, Packet& packet);
  bool learn(Context& context, const Packet& packet);
  bool make_room(Context& context, const MacKey& key, InterfaceId interface);
  [[nodiscard]] InterfaceId way_out(Context& context, const Packet& packet) const;

  Port& port(InterfaceId interface) {
    const auto index = static_cast<std::size_t>(interface);
    if (index >= ports_.size()) ports_.resize(index + 1);
    return ports_[index];
  }
  [[nodiscard]] Port port(InterfaceId interface) const {
    const auto index = static_cast<std::size_t>(interface);
    return index < ports_.size() ? ports_[index] : Port{};
  }
  [[nodiscard]] static InterfaceId named(Context& context, const Arguments& arguments) {
    return context.state().interfaces.find_nameif(arguments.get<std::string>("interface"));
  }
  bool is_refused_in_routed_mode(Context& context) const {
    if (table_.is_transparent) return false;
    context.print("ERROR: This command is only available in transparent firewall mode\n");
    return true;
  }

  MacTable& table_;
  std::uint64_t limit_;
  std::vector<Port> ports_;  ///< by interface
};

void MacTableSubsystem::declare(Declarations<MacTableSubsystem>& declare) {
  using Self = MacTableSubsystem;
  declare.option(FieldDef{.name = "mac-table-limit", .kind = FieldKind::kNumber}, "65535",
                 "most entries of the transparent mode's MAC table, 1 to 65535");
  declare.config<&Self::set_mode>("[no] firewall transparent",
                                  "Bridge between interfaces, or route");
  declare.command<&Self::set_group>(kInterfaceMode, "bridge-group <number:group:1-250>",
                                    "Put the interface into a bridge group");
  declare.command<&Self::set_group>(kInterfaceMode, "no bridge-group [<number:group:1-250>]",
                                    "Take the interface out of its bridge group");
  declare.config<&Self::set_aging_time>("mac-address-table aging-time <number:minutes:5-720>",
                                        "Set how long a learned entry lives");
  declare.config<&Self::set_aging_time>("no mac-address-table aging-time [<number:minutes:5-720>]",
                                        "Let learned entries live for five minutes again");
  declare.config<&Self::configure>("mac-address-table static <nameif:interface> <mac:mac>",
                                   "Bind a MAC address to an interface");
  declare.config<&Self::remove>("no mac-address-table static <nameif:interface> <mac:mac>",
                                "Let a MAC address be anywhere");
  declare.config<&Self::set_learning>("[no] mac-learn <nameif:interface> disable",
                                      "Learn no MAC addresses on an interface");
  declare.exec<&Self::clear>("clear mac-address-table [<nameif:interface>]",
                             "Forget learned entries");
  declare.exec<&Self::show>("show mac-address-table [<nameif:interface>]",
                            "Show the MAC table, with the minutes that entries have left");
  declare.exec<&Self::show_count>("show mac-address-table count", "Count the MAC table's entries");
  declare.exec<&Self::show_learning>("show mac-learn", "Show which interfaces learn");
  declare.exec<&Self::show_mode>("show firewall", "Show the firewall mode");
  declare.stage<&Self::bridge>(PathStage::kMacTable);
}

void MacTableSubsystem::set_mode(Context&, const Arguments& arguments) {
  table_.is_transparent = !arguments.has("no");
  table_.learned.clear();
  if (!table_.is_transparent) table_.configured.clear();
}

/// What was learned and configured in the old group is void.
void MacTableSubsystem::set_group(Context& context, const Arguments& arguments) {
  const auto id = static_cast<InterfaceId>(context.mode_object());
  const auto group =
      arguments.has("no") ? 0 : static_cast<std::uint16_t>(arguments.get<std::uint64_t>("group"));
  if (port(id).group == group) return;
  port(id).group = static_cast<std::uint16_t>(group);
  table_.learned.erase_if([&](const auto& aged) { return aged.entry.interface == id; });
  table_.configured.erase_if([&](const MacEntry& entry) { return entry.interface == id; });
}

void MacTableSubsystem::set_aging_time(Context&, const Arguments& arguments) {
  const auto* minutes = arguments.find<std::uint64_t>("minutes");
  const bool is_default = arguments.has("no") || minutes == nullptr;
  table_.learned.set_lifetime(is_default ? MacTable::kAgingTime
                                         : SimDuration(std::chrono::minutes(*minutes)));
}

void MacTableSubsystem::configure(Context& context, const Arguments& arguments) {
  if (is_refused_in_routed_mode(context)) return;
  const InterfaceId interface = named(context, arguments);
  const MacKey key{port(interface).group, arguments.get<MacAddress>("mac")};
  table_.learned.erase(key);
  table_.configured.erase(key);
  if (table_.size() >= limit_) {
    context.print("ERROR: unable to add MAC address, table is full\n");
    return;
  }
  table_.configured.insert(key, MacEntry{key, interface});
}

void MacTableSubsystem::remove(Context& context, const Arguments& arguments) {
  const InterfaceId interface = named(context, arguments);
  const MacKey key{port(interface).group, arguments.get<MacAddress>("mac")};
  const MacEntry* entry = table_.configured.find(key);
  if (entry == nullptr || entry->interface != interface) {
    context.print(fmt::format("ERROR: no static MAC address {}\n", to_string(key.mac)));
    return;
  }
  table_.configured.erase(key);
}

void MacTableSubsystem::set_learning(Context& context, const Arguments& arguments) {
  const InterfaceId interface = named(context, arguments);
  port(interface).is_deaf = !arguments.has("no");
}

void MacTableSubsystem::clear(Context& context, const Arguments& arguments) {
  const bool is_one = arguments.find<std::string>("interface") != nullptr;
  const InterfaceId interface = is_one ? named(context, arguments) : kNoInterface;
  table_.learned.erase_if(
      [&](const auto& aged) { return !is_one || aged.entry.interface == interface; });
}

void MacTableSubsystem::show(Context& context, const Arguments& arguments) {
  if (is_refused_in_routed_mode(context)) return;
  table_.learned.expire(context.now());
  context.print(
      "interface                   mac  address          type      Age(min)   bridge-group\n"
      "-------------------------------------------------------------------------------------\n");
  const auto* only = arguments.find<std::string>("interface");
  const auto print = [&](const MacEntry& entry, std::string_view type, std::string_view age) {
    const std::string& name = context.state().interfaces[entry.interface].nameif;
    if (only != nullptr && name != *only) return;
    context.print(fmt::format("{:<28}{:<22}{:<10}{:<11}{}\n", name, to_string(entry.key.mac), type,
                              age, entry.key.group));
  };
  for (const MacEntry& entry : table_.configured) print(entry, "static", "-");
  for (const auto& aged : table_.learned) {
    const auto left = aged.heard + table_.learned.lifetime() - context.now();
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(left).count();
    print(aged.entry, "dynamic", fmt::format("{}", minutes));
  }
}

void MacTableSubsystem::show_count(Context& context, const Arguments&) {
  if (is_refused_in_routed_mode(context)) return;
  table_.learned.expire(context.now());
  context.print(
      fmt::format("Static     mac-address bridges (curr/max): {0}/{2}\n"
                  "Dynamic    mac-address bridges (curr/max): {1}/{2}\n",
                  table_.configured.size(), table_.learned.size(), limit_));
}

void MacTableSubsystem::show_learning(Context& context, const Arguments&) {
  if (is_refused_in_routed_mode(context)) return;
  context.print(
      "interface                   mac learn\n"
      "--------------------------------------\n");
  const auto& interfaces = context.state().interfaces.all();
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    if (interfaces[i].nameif.empty() || interfaces[i].management_only) continue;
    context.print(fmt::format("{:<28}{}\n", interfaces[i].nameif,
                              port(static_cast<InterfaceId>(i)).is_deaf ? "disabled" : "enabled"));
  }
}

void MacTableSubsystem::show_mode(Context& context, const Arguments&) {
  context.print(
      fmt::format("Firewall mode: {}\n", table_.is_transparent ? "Transparent" : "Router"));
}

Verdict MacTableSubsystem::bridge(Context& context, Packet& packet) {
  const bool is_bridged = !context.state().interfaces[packet.in].management_only;
  if (!table_.is_transparent || !is_bridged) return Verdict::kPass;
  if (!learn(context, packet)) return Verdict::kDrop;
  packet.out = way_out(context, packet);
  return Verdict::kPass;
}

/// Notes behind which interface the sender is; false if it may not be there.
bool MacTableSubsystem::learn(Context& context, const Packet& packet) {
  const MacAddress mac = packet.source_mac;
  if (mac == MacAddress{} || (mac.value & kGroupBit) != 0) return true;
  const MacKey key{port(packet.in).group, mac};
  if (const MacEntry* bound = table_.configured.find(key)) return bound->interface == packet.in;
  const MacEntry* known = table_.learned.find(key, context.now());
  if (port(packet.in).is_deaf) return known != nullptr && known->interface == packet.in;
  if (known != nullptr && known->interface != packet.in) {
    const auto& interfaces = context.state().interfaces;
    context.emit(
        msg::MacAddressMoved{.mac = mac,
                             .old_interface = InterfaceName{interfaces[known->interface].nameif},
                             .new_interface = InterfaceName{interfaces[packet.in].nameif}});
  }
  if (known == nullptr && !make_room(context, key, packet.in)) return true;
  table_.learned.hear(key, MacEntry{key, packet.in}, context.now());
  return true;
}

/// Whether there is room for a new entry; in a full table the oldest learned one makes room.
bool MacTableSubsystem::make_room(Context& context, const MacKey& key, InterfaceId interface) {
  table_.learned.expire(context.now());
  if (table_.size() < limit_) return true;
  context.emit(
      msg::BridgeTableFull{.mac = key.mac,
                           .interface = InterfaceName{context.state().interfaces[interface].nameif},
                           .entries = table_.size()});
  if (table_.learned.empty()) return false;
  table_.learned.drop_oldest();
  return true;
}

/// The interface behind which the addressee is, or else the next one of the bridge group;
/// kNoInterface if there is none, or if sender and addressee are behind the same one.
InterfaceId MacTableSubsystem::way_out(Context& context, const Packet& packet) const {
  const std::uint16_t group = port(packet.in).group;
  const MacKey key{group, packet.destination_mac};
  const MacEntry* entry = table_.configured.find(key);
  if (entry == nullptr) entry = table_.learned.find(key, context.now());
  if (entry != nullptr) return entry->interface == packet.in ? kNoInterface : entry->interface;
  const auto& all = context.state().interfaces.all();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto id = static_cast<InterfaceId>(i);
    const bool is_member = !all[i].nameif.empty() && !all[i].management_only && all[i].line_up;
    if (id != packet.in && is_member && port(id).group == group) return id;
  }
  return kNoInterface;
}

}  // namespace

void register_mac_table(Registry& registry);
void register_mac_table(Registry& registry) {
  registry.add<MacTableSubsystem>("mac_table");
}

}  // namespace asaemu
