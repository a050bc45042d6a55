// Port channels: EtherChannels of ports that a switch bundles with us, by LACP or without it.
//
// Scope: interface Port-channel1 to 48, channel-group, lacp system-priority, port-priority, rate and
//   max-bundle, port-channel min-bundle and span-cluster; the partner's side as the world event
//   `lacp-partner`; messages 426001 to 426004. Which ports are selected is decided in lacp_selection,
//   what operators are shown in port_channel_show.
// Limitations: a partner's LACPDU is a moment in time, not a packet. A port bundles Aggregate_Wait_Time
//   after the partner's first LACPDU, which comes at a random moment of its interval; a standby port
//   that is promoted bundles at once. At a boot the channels stand as soon as their links do. Ports
//   without LACP (mode on) beyond the maximum stand by, too. The interval of `lacp rate` is the one
//   that both ends use. A standby of a spanned channel is reported by the cluster only, and a port that
//   is suspended there keeps its share. A port that fits in speed and duplex but whose partner or key
//   is another is suspended without a message, as no text says so. The order of messages is inferred.
// State: ChannelTable: at most 48 channels with 16 members each, one timer a member; what the world
//   said of the partners, one entry a port, which a reload does not undo.
// Validation: the selection against its specification by properties; none against a device.
// References: asa-behaviour D.3; IEEE 802.3ad-2000, clause 43.4; syslog guide 426001 to 426004.
#include "messages/port_channel.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

// IEEE 802.3ad-2000, 43.4.4: constants of the LACP state machines.
constexpr SimDuration kFastPeriodicTime = 1s;
constexpr SimDuration kSlowPeriodicTime = 30s;
constexpr SimDuration kAggregateWaitTime = 2s;
constexpr int kTimeoutIntervals = 3;

/// By the hardware name of our port; a port of the platform has at most one.
using LacpPartners = std::map<std::string, LacpPartner, std::less<>>;

class PortChannels final : public Subsystem {
 public:
  explicit PortChannels(Claims& claims)
      : table_(claims.own(&DeviceState::channels)), partners_(claims.kept<LacpPartners>()) {}

  static void declare(Declarations<PortChannels>& declare);

 private:
  /// A member's timer is for one of these.
  enum Tag : std::uint16_t { kExchanged = 1, kSilent, kNews };

  static InterfaceId current(Context& context) {
    return static_cast<InterfaceId>(context.mode_object());
  }

  Channel* current_channel(Context& context);
  void join(Context& context, const Arguments& arguments);
  void leave(Context& context, const Arguments& arguments);
  void let_go(Context& context, ChannelMember& member);
  void set_system_priority(Context& context, const Arguments& arguments);
  void set_port_priority(Context& context, const Arguments& arguments);
  void set_rate(Context& context, const Arguments& arguments);
  void set_max_bundle(Context& context, const Arguments& arguments);
  void set_min_bundle(Context& context, const Arguments& arguments);
  void set_spanned(Context& context, const Arguments& arguments);

  void on_added(Context& context, const InterfaceAdded& event);
  void on_removed(Context& context, const InterfaceRemoved& event);
  void on_line_protocol(Context& context, const LineProtocolChanged& event);
  void on_spanned_selection(Context& context, const SpannedSelectionMade& event) {
    reselect(context, event.channel);
  }
  void on_partner(Context& context, const Arguments& arguments);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  [[nodiscard]] LacpPartner partner_of(Context& context, const ChannelMember& member) const;
  [[nodiscard]] static bool converses(const ChannelMember& member, const LacpPartner& partner) {
    return partner.answers && (member.mode == ChannelMode::kActive || partner.is_active);
  }
  void arm(Context& context, ChannelMember& member);

  void refresh(Context& context, InterfaceId channel);
  void reselect(Context& context, InterfaceId channel);
  void select(Context& context, InterfaceId channel);
  [[nodiscard]] LacpCandidate candidate_of(Context& context, const ChannelMember& member,
                                           bool is_spanned) const;
  void change(Context& context, const Channel& channel, ChannelMember& member,
              const LacpVerdict& verdict, InterfaceId reference);
  static void report_misfit(Context& context, InterfaceId port, Misfit misfit,
                            InterfaceId reference);

  ChannelTable& table_;
  LacpPartners& partners_;
};

void PortChannels::declare(Declarations<PortChannels>& declare) {
  const auto in = [&declare]<auto kHandler>(std::string_view pattern, std::string_view help) {
    declare.template command<kHandler>(kInterfaceMode, pattern, help);
  };
  in.template operator()<&PortChannels::join>(
      "channel-group <number:channel:1-48> mode {active|passive|on}",
      "Make the port a member of a port channel");
  in.template operator()<&PortChannels::leave>(
      "no channel-group [<number:channel:1-48> [mode {active|passive|on}]]",
      "Take the port out of its port channel");
  in.template operator()<&PortChannels::set_port_priority>(
      "{lacp port-priority <number:priority:1-65535>|no lacp port-priority}",
      "Prefer the port over others; the smaller number wins");
  in.template operator()<&PortChannels::set_rate>("{lacp rate {normal|fast}|no lacp rate}",
                                                  "Ask the partner for a LACPDU each 30 s or 1 s");
  in.template operator()<&PortChannels::set_max_bundle>(
      "{lacp max-bundle <number:ports:1-16>|no lacp max-bundle}",
      "Bundle so many ports at most; others stand by");
  in.template operator()<&PortChannels::set_min_bundle>(
      "{port-channel min-bundle <number:ports:1-16>|no port-channel min-bundle}",
      "Be up with so many bundled ports at least");
  in.template operator()<&PortChannels::set_spanned>("[no] port-channel span-cluster",
                                                     "Span all units of the cluster");
  declare.config<&PortChannels::set_system_priority>(
      "{lacp system-priority <number:priority:1-65535>|no lacp system-priority}",
      "Be the system whose port priorities count; the smaller number wins");
  static constexpr std::array<std::string_view, 2> kAnswers{"yes", "no"};
  static constexpr std::array<std::string_view, 2> kModes{"active", "passive"};
  const auto number = [](std::string_view name) {
    return FieldDef{.name = name, .kind = FieldKind::kNumber};
  };
  declare.world_always<&PortChannels::on_partner>(
      "lacp-partner",
      "The switch at the other end of a port says something else by LACP, or nothing",
      {{FieldDef{.name = "lacp-partner", .kind = FieldKind::kWord}, "our port, by hardware name",
        true, WorldParameter::Names::kHardwareInterface},
       {FieldDef{.name = "answers", .kind = FieldKind::kOneOf, .choices = kAnswers},
        "whether it sends LACPDUs at all", false},
       {FieldDef{.name = "mode", .kind = FieldKind::kOneOf, .choices = kModes},
        "passive: it answers only who speaks first", false},
       {FieldDef{.name = "system", .kind = FieldKind::kMac}, "its MAC address", false},
       {number("system-priority"), "the smaller of both ends' priorities decides", false},
       {number("key"), "its key for the port; 0 for the one that fits our channel", false},
       {number("port-priority"), "its priority for the port", false}});
  declare.on<&PortChannels::on_added>();
  declare.on<&PortChannels::on_removed>();
  declare.on<&PortChannels::on_line_protocol>();
  declare.on<&PortChannels::on_spanned_selection>();
}

/// The channel whose configuration is being entered; nullptr, and an error, if it is none.
Channel* PortChannels::current_channel(Context& context) {
  Channel* channel = table_.find(current(context));
  if (channel == nullptr) context.print("ERROR: Only a port-channel interface can be bundled\n");
  return channel;
}

void PortChannels::join(Context& context, const Arguments& arguments) {
  const InterfaceId port = current(context);
  const auto& interfaces = context.state().interfaces;
  const auto hardware = fmt::format("Port-channel{}", arguments.get<std::uint64_t>("channel"));
  if (const auto reason = interfaces.why_not_member(port, interfaces.find_hardware(hardware))) {
    context.print(fmt::format("ERROR: {}\n", *reason));
    return;
  }
  // The first member makes the channel.
  context.publish(InterfaceWanted{hardware});
  const InterfaceId id = interfaces.find_hardware(hardware);
  if (id == kNoInterface) {
    context.print("ERROR: This platform has no port channels\n");
    return;
  }
  ChannelMember& member = table_.member(port);
  if (member.channel != id && table_.count(id) == ChannelTable::kMembersBound) {
    context.print(
        fmt::format("ERROR: {} has {} members already\n", hardware, ChannelTable::kMembersBound));
    return;
  }
  member.mode = arguments.has("on")        ? ChannelMode::kOn
                : arguments.has("passive") ? ChannelMode::kPassive
                                           : ChannelMode::kActive;
  if (member.channel == id) {
    // Another mode begins the conversation anew.
    context.cancel(member.timer);
    member.is_synced = false;
    if (member.state == MemberState::kWaiting) member.state = MemberState::kDown;
  } else {
    member.channel = id;
    context.publish(MembershipChanged{port, id});
  }
  refresh(context, id);
}

void PortChannels::leave(Context& context, const Arguments&) {
  ChannelMember* member = table_.find_member(current(context));
  if (member == nullptr || member->channel == kNoInterface) {
    context.print("ERROR: The interface is not in a channel group\n");
    return;
  }
  const InterfaceId id = member->channel;
  let_go(context, *member);
  refresh(context, id);
}

void PortChannels::let_go(Context& context, ChannelMember& member) {
  const Channel* channel = table_.find(member.channel);
  context.cancel(member.timer);
  member.is_synced = false;
  if (member.state == MemberState::kBundled) {
    context.emit(msg::PortChannelMemberUnbundled{
        .interface = InterfaceName{context.state().interfaces[member.port].hardware},
        .port_channel = channel->number});
  }
  member.state = MemberState::kDown;
  member.channel = kNoInterface;
  context.publish(MembershipChanged{member.port, kNoInterface});
}

void PortChannels::set_system_priority(Context& context, const Arguments& arguments) {
  table_.system_priority =
      static_cast<std::uint16_t>(arguments.get_or<std::uint64_t>("priority", 32768));
  for (const Channel& channel : table_.channels()) refresh(context, channel.interface);
}

void PortChannels::set_port_priority(Context& context, const Arguments& arguments) {
  ChannelMember& member = table_.member(current(context));
  member.priority = static_cast<std::uint16_t>(arguments.get_or<std::uint64_t>("priority", 32768));
  if (member.channel != kNoInterface) refresh(context, member.channel);
}

void PortChannels::set_rate(Context& context, const Arguments& arguments) {
  ChannelMember& member = table_.member(current(context));
  if (member.has_fast_rate == arguments.has("fast")) return;
  member.has_fast_rate = arguments.has("fast");
  member.pdu_phase = context.now();
  if (member.channel != kNoInterface) arm(context, member);
}

void PortChannels::set_max_bundle(Context& context, const Arguments& arguments) {
  Channel* channel = current_channel(context);
  if (channel == nullptr) return;
  channel->max_bundle.reset();
  if (const auto* ports = arguments.find<std::uint64_t>("ports")) {
    channel->max_bundle = static_cast<std::uint16_t>(*ports);
  }
  refresh(context, channel->interface);
}

void PortChannels::set_min_bundle(Context& context, const Arguments& arguments) {
  Channel* channel = current_channel(context);
  if (channel == nullptr) return;
  channel->min_bundle = static_cast<std::uint16_t>(arguments.get_or<std::uint64_t>("ports", 1));
  refresh(context, channel->interface);
}

void PortChannels::set_spanned(Context& context, const Arguments& arguments) {
  Channel* channel = current_channel(context);
  if (channel == nullptr) return;
  channel->is_spanned = !arguments.has("no");
  context.publish(SpannedCandidatesChanged{channel->interface});
}

void PortChannels::on_added(Context& context, const InterfaceAdded& event) {
  static constexpr std::string_view kType = "Port-channel";
  const Interface& added = context.state().interfaces[event.interface];
  if (!added.is_virtual || !added.hardware.starts_with(kType)) return;
  Channel channel;
  channel.interface = event.interface;
  std::from_chars(added.hardware.data() + kType.size(),
                  added.hardware.data() + added.hardware.size(), channel.number);
  table_.channels().push_back(channel);
}

void PortChannels::on_removed(Context& context, const InterfaceRemoved& event) {
  if (table_.find(event.interface) == nullptr) return;
  for (ChannelMember& member : table_.members()) {
    if (member.channel == event.interface) let_go(context, member);
  }
  refresh(context, event.interface);
  std::erase_if(table_.channels(),
                [&](const Channel& channel) { return channel.interface == event.interface; });
}

void PortChannels::on_line_protocol(Context& context, const LineProtocolChanged& event) {
  const ChannelMember* member = table_.find_member(event.interface);
  if (member != nullptr && member->channel != kNoInterface) refresh(context, member->channel);
}

void PortChannels::on_partner(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("lacp-partner");
  const InterfaceId port = context.state().interfaces.find_hardware(name);
  if (port == kNoInterface) return;
  LacpPartner& partner = partners_[name];
  ChannelMember* member = table_.find_member(port);
  const bool conversed = member != nullptr && converses(*member, partner);
  const auto read = [&](std::string_view parameter, std::uint16_t& number) {
    const auto* given = arguments.find<std::uint64_t>(parameter);
    if (given != nullptr)
      number = static_cast<std::uint16_t>(std::min<std::uint64_t>(*given, 65535));
  };
  read("system-priority", partner.system.priority);
  read("key", partner.key);
  read("port-priority", partner.port_priority);
  partner.system.mac = arguments.get_or("system", partner.system.mac);
  if (const auto* mode = arguments.find<std::string>("mode")) partner.is_active = *mode == "active";
  if (const auto* answers = arguments.find<std::string>("answers")) {
    partner.answers = *answers == "yes";
  }
  if (!context.is_running() || member == nullptr || member->channel == kNoInterface) return;
  if (member->is_synced || conversed != converses(*member, partner)) arm(context, *member);
}

/// The partner as the world has it, its key said out.
LacpPartner PortChannels::partner_of(Context& context, const ChannelMember& member) const {
  const auto found = partners_.find(context.state().interfaces[member.port].hardware);
  LacpPartner partner = found == partners_.end() ? LacpPartner{} : found->second;
  const Channel* channel = table_.find(member.channel);
  if (partner.key == 0 && channel != nullptr) partner.key = channel->number;
  return partner;
}

/// Sets the member's timer to the next thing that its conversation with the partner brings.
void PortChannels::arm(Context& context, ChannelMember& member) {
  context.cancel(member.timer);
  if (member.mode == ChannelMode::kOn) return;
  const SimDuration interval = member.has_fast_rate ? kFastPeriodicTime : kSlowPeriodicTime;
  const LacpPartner partner = partner_of(context, member);
  const auto port = static_cast<std::uint64_t>(member.port);
  if (!member.is_synced) {
    if (member.state != MemberState::kWaiting || !converses(member, partner)) return;
    const auto span = static_cast<std::uint64_t>(interval.count());
    const SimDuration first_pdu(static_cast<std::int64_t>(context.random().below(span)));
    member.timer = context.after(first_pdu + kAggregateWaitTime, kExchanged, port);
    return;
  }
  const SimDuration since_pdu = (context.now() - member.pdu_phase) % interval;
  if (!converses(member, partner)) {
    member.timer = context.after(kTimeoutIntervals * interval - since_pdu, kSilent, port);
  } else if (member.heard != partner) {
    member.timer = context.after(interval - since_pdu, kNews, port);
  }
}

void PortChannels::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  ChannelMember* member = table_.find_member(static_cast<InterfaceId>(data));
  ASAEMU_ASSERT(member != nullptr && member->channel != kNoInterface);
  if (tag == kExchanged) member->pdu_phase = context.now();
  member->is_synced = tag != kSilent;
  if (member->is_synced) member->heard = partner_of(context, *member);
  refresh(context, member->channel);
}

/// Something about the channel's ports has changed. If it spans a cluster, what has been lost is let go
/// first; then the cluster says which ports may bundle, and SpannedSelectionMade leads to reselect().
void PortChannels::refresh(Context& context, InterfaceId channel) {
  if (!table_.find(channel)->is_spanned) {
    reselect(context, channel);
    return;
  }
  select(context, channel);
  context.publish(SpannedCandidatesChanged{channel});
}

LacpCandidate PortChannels::candidate_of(Context& context, const ChannelMember& member,
                                         bool is_spanned) const {
  const Interface& port = context.state().interfaces[member.port];
  return {.number = static_cast<std::uint16_t>(member.port),
          .priority = member.priority,
          .speed_mbps = port.speed_mbps,
          .is_full_duplex = port.is_full_duplex,
          .has_link = port.line_up,
          .is_synced = member.is_synced || member.mode == ChannelMode::kOn,
          .is_bundled = member.state == MemberState::kBundled,
          .is_held_back =
              is_spanned && context.state().spanned.of(member.port) != SpannedChoice::kBundle,
          .partner = member.heard.system,
          .partner_key = member.heard.key,
          .partner_port_priority = member.heard.port_priority};
}

/// Has the ports follow the selection, and the channel's carrier follow the ports.
void PortChannels::reselect(Context& context, InterfaceId id) {
  select(context, id);
  std::uint32_t speed = 0;
  for (const ChannelMember& member : table_.members()) {
    if (member.channel != id || member.state != MemberState::kBundled) continue;
    speed += context.state().interfaces[member.port].speed_mbps;
  }
  const bool is_present = table_.count(id, MemberState::kBundled) >= table_.find(id)->min_bundle;
  context.publish(CarrierChanged{id, is_present, speed});
}

void PortChannels::select(Context& context, InterfaceId id) {
  const Channel channel = *table_.find(id);
  std::vector<ChannelMember*> members;
  std::vector<LacpCandidate> candidates;
  for (ChannelMember& member : table_.members()) {
    if (member.channel != id) continue;
    members.push_back(&member);
    candidates.push_back(candidate_of(context, member, channel.is_spanned));
  }
  const auto limit = channel.max_bundle.value_or(default_max_bundle(context.release()));
  const auto verdicts =
      select_members(lacp_identity(table_, context.state().interfaces), limit, candidates);
  // Who leaves the bundle makes room first.
  bool is_settled = true;
  for (const MemberState state :
       {MemberState::kDown, MemberState::kSuspended, MemberState::kWaiting, MemberState::kStandby,
        MemberState::kBundled}) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (verdicts[i].state != state || members[i]->state == state) continue;
      change(context, channel, *members[i], verdicts[i], members[verdicts[i].reference]->port);
      // While booting nobody waits: what a partner would say in time it has said.
      is_settled = is_settled && !(state == MemberState::kWaiting && members[i]->is_synced);
    }
  }
  if (!is_settled) select(context, id);
}

/// Puts the member into the verdict's state, and says so.
void PortChannels::change(Context& context, const Channel& channel, ChannelMember& member,
                          const LacpVerdict& verdict, InterfaceId reference) {
  const InterfaceName name{context.state().interfaces[member.port].hardware};
  const MemberState before = std::exchange(member.state, verdict.state);
  if (before == MemberState::kBundled) {
    context.emit(
        msg::PortChannelMemberUnbundled{.interface = name, .port_channel = channel.number});
  }
  switch (verdict.state) {
    case MemberState::kDown:
      context.cancel(member.timer);
      member.is_synced = false;
      return;
    case MemberState::kSuspended:
      if (verdict.misfit == Misfit::kPartner) return;
      context.cancel(member.timer);
      member.is_synced = false;
      report_misfit(context, member.port, verdict.misfit, reference);
      return;
    case MemberState::kWaiting:
      if (context.is_booting() && converses(member, partner_of(context, member))) {
        member.is_synced = true;
        member.heard = partner_of(context, member);
        member.pdu_phase = context.now();
      } else {
        arm(context, member);
      }
      return;
    case MemberState::kStandby:
      if (channel.is_spanned) return;
      context.emit(
          msg::PortChannelMemberStandby{.interface = name, .port_channel = channel.number});
      return;
    case MemberState::kBundled:
      context.emit(
          msg::PortChannelMemberBundled{.interface = name, .port_channel = channel.number});
      return;
  }
}

void PortChannels::report_misfit(Context& context, InterfaceId port, Misfit misfit,
                                 InterfaceId reference) {
  const Interface& added = context.state().interfaces[port];
  const Interface& member = context.state().interfaces[reference];
  if (misfit == Misfit::kSpeed) {
    context.emit(msg::PortChannelSpeedMismatch{.interface = InterfaceName{added.hardware},
                                               .member = InterfaceName{member.hardware},
                                               .speed = added.speed_mbps,
                                               .member_speed = member.speed_mbps});
    return;
  }
  using Mismatch = msg::PortChannelDuplexMismatch;
  context.emit(Mismatch{.interface = InterfaceName{added.hardware},
                        .member = InterfaceName{member.hardware},
                        .duplex = added.is_full_duplex ? Mismatch::Duplex::kFullDuplex
                                                       : Mismatch::Duplex::kHalfDuplex,
                        .member_duplex = member.is_full_duplex
                                             ? Mismatch::MemberDuplex::kFullDuplex
                                             : Mismatch::MemberDuplex::kHalfDuplex});
}

}  // namespace

void register_port_channels(Registry& registry);
void register_port_channels(Registry& registry) {
  registry.add<PortChannels>("port_channels");
}

}  // namespace asaemu
