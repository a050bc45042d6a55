// Backup interface: a second way out that stays quiet while the first works.
//
// Scope: backup interface (on an ASA5505's VLANs) and its two packet checks, messages 424001 and 424002.
//   While the default route through the primary interface stands, the backup is quiet; while it does
//   not, the primary is. A packet through the device from or to the quiet interface is denied
//   (424001), as is one that is meant for the device itself (424002).
// Limitations: a default route stands while the line protocol of its interface is up; no tracked
//   routes. The device's answer to a second `backup interface` on one primary, which replaces the
//   first, and to platforms that have no such command are inferred. There is no show command for it
//   on a device, either.
// State: at most one pair a VLAN interface, kBound of them.
// Validation: none against a device; the fields of both texts follow the captured 418001, which is of
//   the same kind (asa-behaviour D.4).
// References: asa-behaviour D.4; syslog guide 424001, 424002.
#include "messages/backup_interface.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// A 5505 has twenty VLANs at most.
constexpr std::size_t kBound = 20;

class BackupInterface final : public Subsystem {
 public:
  explicit BackupInterface(Claims&) {}

  static void declare(Declarations<BackupInterface>& declare) {
    declare.command<&BackupInterface::set>(kInterfaceMode, "backup interface <interface:backup>",
                                           "Have another interface take over when this one fails");
    declare.command<&BackupInterface::clear>(kInterfaceMode,
                                             "no backup interface [<interface:backup>]",
                                             "Do without the backup interface");
    declare.on<&BackupInterface::on_removed>();
    declare.stage<&BackupInterface::inspect>(PathStage::kManagementOnly);
  }

 private:
  struct Pair {
    InterfaceId primary;
    InterfaceId backup;
  };

  void set(Context& context, const Arguments& arguments) {
    const auto& interfaces = context.state().interfaces;
    const auto& name = arguments.get<std::string>("backup");
    const auto primary = static_cast<InterfaceId>(context.mode_object());
    if (!interfaces[primary].hardware.starts_with("Vlan")) {
      context.print("ERROR: This platform has no backup interfaces\n");
      return;
    }
    // In a running configuration the primary stands before its backup.
    if (name.starts_with("Vlan")) context.publish(InterfaceWanted{name});
    const InterfaceId backup = interfaces.find_hardware(name);
    if (backup == kNoInterface || backup == primary || !name.starts_with("Vlan")) {
      context.print(
          fmt::format("ERROR: {} cannot be a backup of {}\n", name, interfaces[primary].hardware));
      return;
    }
    std::erase_if(pairs_, [&](const Pair& pair) { return pair.primary == primary; });
    if (pairs_.size() == kBound) {
      context.print("ERROR: Too many backup interfaces\n");
      return;
    }
    pairs_.push_back({primary, backup});
  }

  void clear(Context& context, const Arguments&) {
    const auto primary = static_cast<InterfaceId>(context.mode_object());
    std::erase_if(pairs_, [&](const Pair& pair) { return pair.primary == primary; });
  }

  void on_removed(Context&, const InterfaceRemoved& event) {
    std::erase_if(pairs_, [&](const Pair& pair) {
      return pair.primary == event.interface || pair.backup == event.interface;
    });
  }

  static bool has_default_route(Context& context, InterfaceId through) {
    const auto& routes = context.state().routes.all();
    return context.state().interfaces[through].line_up &&
           std::ranges::any_of(routes, [&](const Route& route) {
             return route.interface == through && route.prefix.length() == 0;
           });
  }

  /// Whether one of a pair must be quiet, and this is it.
  [[nodiscard]] bool is_quiet(Context& context, InterfaceId interface) const {
    return std::ranges::any_of(pairs_, [&](const Pair& pair) {
      if (pair.primary != interface && pair.backup != interface) return false;
      return (has_default_route(context, pair.primary) ? pair.backup : pair.primary) == interface;
    });
  }

  Verdict inspect(Context& context, Packet& packet);
  static void deny_through(Context& context, const Packet& packet, InterfaceId quiet);
  static void deny_to_us(Context& context, const Packet& packet, InterfaceId addressed);

  std::vector<Pair> pairs_;
};

Verdict BackupInterface::inspect(Context& context, Packet& packet) {
  if (pairs_.empty()) return Verdict::kPass;
  const auto& all = context.state().interfaces.all();
  const auto own = std::ranges::find_if(all, [&](const Interface& interface) {
    return interface.has_address && interface.address == packet.destination;
  });
  if (own != all.end()) {
    const auto addressed = static_cast<InterfaceId>(own - all.begin());
    if (!is_quiet(context, packet.in) && !is_quiet(context, addressed)) return Verdict::kPass;
    deny_to_us(context, packet, addressed);
    return Verdict::kDrop;
  }
  if (packet.out == kNoInterface) return Verdict::kPass;
  const bool is_in_quiet = is_quiet(context, packet.in);
  if (!is_in_quiet && !is_quiet(context, packet.out)) return Verdict::kPass;
  deny_through(context, packet, is_in_quiet ? packet.in : packet.out);
  return Verdict::kDrop;
}

void BackupInterface::deny_through(Context& context, const Packet& packet, InterfaceId quiet) {
  const auto& interfaces = context.state().interfaces;
  context.emit(msg::BackupInterfacePacketDenied{
      .protocol = packet.protocol,
      .source_interface = InterfaceName{interfaces[packet.in].nameif},
      .source = packet.source,
      .source_port = packet.source_port,
      .destination_interface = InterfaceName{interfaces[packet.out].nameif},
      .destination = packet.destination,
      .destination_port = packet.destination_port,
      .interface = InterfaceName{interfaces[quiet].nameif}});
}

void BackupInterface::deny_to_us(Context& context, const Packet& packet, InterfaceId addressed) {
  const auto& interfaces = context.state().interfaces;
  context.emit(msg::BackupInterfaceConnectionDenied{
      .protocol = packet.protocol,
      .source_interface = InterfaceName{interfaces[packet.in].nameif},
      .source = packet.source,
      .source_port = packet.source_port,
      .destination_interface = InterfaceName{interfaces[addressed].nameif},
      .destination = packet.destination,
      .destination_port = packet.destination_port});
}

}  // namespace

void register_backup_interface(Registry& registry);
void register_backup_interface(Registry& registry) {
  registry.add<BackupInterface>("backup_interface");
}

}  // namespace asaemu
