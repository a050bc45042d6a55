// Cluster channels: port channels that span the units of a cluster, and cluster LACP, which deals the
// channel's working places out among the units' ports.
//
// Scope: cluster group with the settings that cLACP looks at (enable, local-unit, clacp …); the other
//   units' ports as the world event `cluster-member`; messages 426101 to 426104; show cluster info.
//   This unit is the one that decides; how places are dealt out is select_spanned().
// Limitations: no cluster control link, no election, no data path: a unit is as many working ports as
//   the world gives it. Only decisions about this unit's own ports are logged. In what order cLACP
//   prefers ports is not documented beyond its name for it, dynamic port priority: every unit gets its
//   fair share, this unit's ports first within a round; with `clacp static-port-priority` port
//   priorities alone decide. A port that gives way is reported as unselected and then as standby; a
//   port whose link goes is not reported by cLACP. All this is inferred.
// State: SpannedTable, one choice a port; the other units' working ports, at most kUnitsBound units in
//   48 channels, which a reload of this one does not undo.
// Validation: none against a device.
// References: asa-behaviour D.3; syslog guide 426101 to 426104.
#include "messages/port_channel.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <map>

namespace asaemu {

namespace {

constexpr Mode kClusterMode{"config-cluster"};

/// A cluster has at most sixteen units, this one included.
constexpr std::size_t kUnitsBound = 15;
/// Active links of a spanned channel with static port priorities, where the switch has its say alone.
constexpr std::size_t kStaticLinks = 32;

/// Working ports by channel number, by the unit's name.
using ClusterUnits = std::map<std::string, std::map<std::uint64_t, std::uint64_t>, std::less<>>;

class ClusterChannels final : public Subsystem {
 public:
  explicit ClusterChannels(Claims& claims)
      : table_(claims.own(&DeviceState::spanned)), units_(claims.kept<ClusterUnits>()) {}

  static void declare(Declarations<ClusterChannels>& declare) {
    declare.config<&ClusterChannels::enter>("cluster group <word:name>", "Configure the cluster");
    declare.config<&ClusterChannels::accept>("cluster interface-mode {spanned|individual} [force]",
                                             "How the units share their interfaces");
    const auto in = [&declare]<auto kHandler>(std::string_view pattern, std::string_view help) {
      declare.template command<kHandler>(kClusterMode, pattern, help);
    };
    in.template operator()<&ClusterChannels::set_enabled>("enable [noconfirm]", "Join the cluster");
    in.template operator()<&ClusterChannels::set_enabled>("no enable", "Leave the cluster");
    in.template operator()<&ClusterChannels::set_local_unit>("local-unit <word:name>",
                                                             "Name this unit");
    in.template operator()<&ClusterChannels::set_static_priority>(
        "[no] clacp static-port-priority", "Let port priorities alone decide who bundles");
    in.template operator()<&ClusterChannels::accept>(
        "{clacp system-mac {auto|<mac:mac>}|priority <number:priority:1-100>|"
        "cluster-interface <interface:link> ip <ip:address> <ip:mask>|health-check <line:rest>}",
        "Settings that make no difference here");
    declare.exec<&ClusterChannels::show>("show cluster info", "Show the units of the cluster");
    declare.world_always<&ClusterChannels::on_member>(
        "cluster-member", "Another unit of the cluster gets or loses ports of a spanned channel",
        {{FieldDef{.name = "cluster-member", .kind = FieldKind::kWord}, "the unit's name"},
         {FieldDef{.name = "channel", .kind = FieldKind::kNumber}, "the port channel's number"},
         {FieldDef{.name = "ports", .kind = FieldKind::kNumber},
          "how many of its ports there work; 0 if it has left"}});
    declare.on<&ClusterChannels::on_candidates>();
  }

 private:
  void enter(Context& context, const Arguments& arguments) {
    group_ = arguments.get<std::string>("name");
    context.enter_mode(kClusterMode, 0);
  }

  void accept(Context&, const Arguments&) {}

  void set_local_unit(Context&, const Arguments& arguments) {
    local_unit_ = arguments.get<std::string>("name");
  }

  void set_enabled(Context& context, const Arguments& arguments) {
    is_enabled_ = !arguments.has("no");
    select_all(context);
  }

  void set_static_priority(Context& context, const Arguments& arguments) {
    has_static_priority_ = !arguments.has("no");
    select_all(context);
  }

  void on_candidates(Context& context, const SpannedCandidatesChanged& event) {
    const Channel* channel = context.state().channels.find(event.channel);
    ASAEMU_ASSERT(channel != nullptr);
    select(context, *channel);
  }

  void on_member(Context& context, const Arguments& arguments);
  void select_all(Context& context);
  void select(Context& context, Channel channel);
  [[nodiscard]] std::vector<const ChannelMember*> local_ports(Context& context,
                                                              InterfaceId channel) const;
  void decide(Context& context, InterfaceId port, std::uint64_t channel, SpannedChoice choice);
  void show(Context& context, const Arguments&);

  SpannedTable& table_;
  ClusterUnits& units_;
  std::string group_;
  std::string local_unit_;
  bool is_enabled_ = false;
  bool has_static_priority_ = false;
};

void ClusterChannels::on_member(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("cluster-member");
  const auto number = arguments.get<std::uint64_t>("channel");
  const auto ports =
      std::min<std::uint64_t>(arguments.get<std::uint64_t>("ports"), ChannelTable::kMembersBound);
  if (number == 0 || number > ChannelTable::kBound) return;
  const auto unit = units_.find(name);
  if (unit == units_.end()) {
    if (ports == 0 || units_.size() == kUnitsBound) return;
    units_[name][number] = ports;
  } else if (ports > 0) {
    unit->second[number] = ports;
  } else {
    unit->second.erase(number);
    if (unit->second.empty()) units_.erase(unit);
  }
  if (!context.is_running()) return;
  for (const Channel& channel : context.state().channels.channels()) {
    if (channel.number == number && channel.is_spanned) select(context, channel);
  }
}

void ClusterChannels::select_all(Context& context) {
  for (const Channel& channel : context.state().channels.channels()) {
    if (channel.is_spanned) select(context, channel);
  }
}

/// This unit's ports that could carry traffic in the channel; none if it spans nothing.
std::vector<const ChannelMember*> ClusterChannels::local_ports(Context& context,
                                                               InterfaceId channel) const {
  std::vector<const ChannelMember*> ports;
  for (const ChannelMember& member : context.state().channels.members()) {
    const bool is_up = context.state().interfaces[member.port].line_up;
    if (member.channel == channel && is_up) ports.push_back(&member);
  }
  return ports;
}

/// Deals the channel's places out anew, and has its ports follow.
void ClusterChannels::select(Context& context, Channel channel) {
  std::vector<const ChannelMember*> local;
  if (channel.is_spanned) local = local_ports(context, channel.interface);
  std::vector<SpannedPort> ports;
  ports.reserve(local.size());
  for (const ChannelMember* member : local) {
    ports.push_back({0, member->priority, static_cast<std::uint16_t>(member->port)});
  }
  std::uint16_t unit = 0;
  for (const auto& [name, channels] : units_) {
    ++unit;
    const auto working = channels.find(channel.number);
    if (!is_enabled_ || working == channels.end()) continue;
    for (std::uint16_t port = 0; port < working->second; ++port) {
      ports.push_back({unit, LacpCandidate{}.priority, port});
    }
  }
  const std::size_t links = channel.max_bundle.value_or(default_max_bundle(context.release()));
  const auto selected =
      select_spanned(has_static_priority_ ? kStaticLinks : links, !has_static_priority_, ports);
  // Who gives way comes first, then who takes the place; a port without a link is no longer anything.
  for (const ChannelMember& member : context.state().channels.members()) {
    const bool is_local = std::ranges::find(local, &member) != local.end();
    if (member.channel == channel.interface && !is_local) {
      table_.set(member.port, SpannedChoice::kNone);
    }
  }
  for (const SpannedChoice choice : {SpannedChoice::kStandby, SpannedChoice::kBundle}) {
    for (std::size_t i = 0; i < local.size(); ++i) {
      const auto chosen = selected[i] ? SpannedChoice::kBundle : SpannedChoice::kStandby;
      if (chosen == choice) decide(context, local[i]->port, channel.number, choice);
    }
  }
  context.publish(SpannedSelectionMade{channel.interface});
}

void ClusterChannels::decide(Context& context, InterfaceId port, std::uint64_t channel,
                             SpannedChoice choice) {
  const SpannedChoice before = table_.of(port);
  if (before == choice) return;
  table_.set(port, choice);
  const InterfaceName name{context.state().interfaces[port].hardware};
  if (choice == SpannedChoice::kBundle) {
    if (before == SpannedChoice::kStandby) {
      context.emit(msg::ClusterPortPromoted{.interface = name, .port_channel = channel});
    } else {
      context.emit(msg::ClusterPortBundled{.interface = name, .port_channel = channel});
    }
    return;
  }
  if (before == SpannedChoice::kBundle) {
    context.emit(msg::ClusterPortUnselected{.interface = name, .port_channel = channel});
  }
  context.emit(msg::ClusterPortStandby{.interface = name, .port_channel = channel});
}

void ClusterChannels::show(Context& context, const Arguments&) {
  if (!is_enabled_) {
    context.print("Clustering is not enabled\n");
    return;
  }
  context.print(fmt::format(
      "Cluster {}: On\n    Interface mode: spanned\n    This is \"{}\" in state MASTER\n", group_,
      local_unit_.empty() ? context.hostname() : local_unit_));
  if (!units_.empty()) context.print("Other members in the cluster:\n");
  for (const auto& [name, channels] : units_) {
    context.print(fmt::format("    Unit \"{}\" in state SLAVE\n", name));
  }
}

}  // namespace

void register_cluster_channels(Registry& registry);
void register_cluster_channels(Registry& registry) {
  registry.add<ClusterChannels>("cluster_channels");
}

}  // namespace asaemu
