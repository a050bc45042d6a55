// BGP: sessions with neighbours, from the first attempt to connect to the loss of the session.
//
// Scope: router bgp, address-family ipv4, neighbor remote-as, shutdown, timers, timers bgp, clear bgp;
//   what neighbours do as the world events `bgp-peer` and `bgp-notification`; messages 418018, 418019,
//   418040 and 418044; show bgp summary.
// Limitations: no routes are exchanged, and only IPv4 unicast exists; neighbours do not connect to us,
//   we connect to them. The guide gives 418044 for a hold time that expired although its text speaks of
//   a connection that was closed: both cause it here. The words after `Down` are those of the vendor's
//   router software, of which the guide shows only `User reset` and `BGP Notification sent`.
// State: neighbours, at most kNeighborBound; one timer each, and only while something will happen. What
//   neighbours are is the world's and outlives a reload.
// Validation: the message order against the router software's; none against an ASA.
// References: asa-behaviour F (BGP): hold time 180 s, keepalive 60 s, connect retry 120 s; syslog guide
//   418018 to 418044; RFC 4271.
#include "messages/bgp.hpp"

#include "model/base/bounded_table.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/bgp_peers.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

using namespace std::chrono_literals;
using PeerState = BgpPeer::State;

constexpr std::size_t kNeighborBound = 256;
constexpr Mode kRouterMode{"config-router"};
constexpr Mode kFamilyMode{"config-router-af"};
/// The configuration of OSPF has the same mode; its objects are process numbers.
constexpr std::uint64_t kBgpObject = std::uint64_t{1} << 32;
/// What two-byte fields hold in place of a four-byte AS number (RFC 6793).
constexpr std::uint64_t kAsTrans = 23456;

struct FarEnds {
  BoundedTable<IpAddress, BgpPeer> peers{kNeighborBound};
};

class Bgp final : public Subsystem {
 public:
  explicit Bgp(Claims& claims)
      : far_ends_(claims.kept<FarEnds>()),
        retry_(claims.option<SimDuration>("bgp-connect-retry")),
        start_delay_(claims.option<SimDuration>("bgp-start-delay")) {}

  static void declare(Declarations<Bgp>& declare);

 private:
  enum Timer : std::uint16_t { kTry, kAnswer, kHoldExpired };

  void enter_router(Context& context, const Arguments& arguments);
  void remove_router(Context& context, const Arguments& arguments);
  void enter_family(Context& context, const Arguments& arguments);
  void leave_family(Context& context, const Arguments& arguments);
  void set_timers(Context& context, const Arguments& arguments);
  void add_neighbor(Context& context, const Arguments& arguments);
  void remove_neighbor(Context& context, const Arguments& arguments);
  void shut_neighbor(Context& context, const Arguments& arguments);
  void set_neighbor_timers(Context& context, const Arguments& arguments);
  void reset_timers(Context&, const Arguments&) { timers_ = BgpTimers{}; }
  void reset_neighbor_timers(Context& context, const Arguments& arguments) {
    if (BgpNeighbor* neighbor = configured(context, arguments)) neighbor->has_own_timers = false;
  }
  void accept(Context&, const Arguments&) {}
  void reset(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments&);
  void on_peer(Context& context, const Arguments& arguments);
  void on_notification(Context& context, const Arguments& arguments);
  void on_booted(Context& context, const Booted&);
  void on_line(Context& context, const LineProtocolChanged& event);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  BgpNeighbor* configured(Context& context, const Arguments& arguments);
  void start(Context& context, BgpNeighbor& neighbor);
  void await_try(Context& context, BgpNeighbor& neighbor);
  void conclude(Context& context, BgpNeighbor& neighbor);
  void establish(Context& context, BgpNeighbor& neighbor, const BgpPeer& peer);
  void lose(Context& context, BgpNeighbor& neighbor, std::string_view reason, SimDuration pause);
  void arm(Context& context, BgpNeighbor& neighbor, SimTime at, Timer tag);
  [[nodiscard]] SimDuration some_delay(Context& context) const;

  [[nodiscard]] const BgpPeer* peer_of(const BgpNeighbor& neighbor) const {
    return far_ends_.peers.find(neighbor.address);
  }

  BoundedTable<IpAddress, BgpNeighbor> neighbors_{kNeighborBound};
  FarEnds& far_ends_;
  std::uint64_t own_as_ = 0;  // 0: BGP is not configured
  std::uint64_t last_number_ = 0;
  BgpTimers timers_;
  SimDuration retry_;
  SimDuration start_delay_;
};

void Bgp::declare(Declarations<Bgp>& declare) {
  static constexpr std::array<std::string_view, 3> kStates{"speaking", "silent", "closed"};
  static constexpr std::array<std::string_view, 2> kHandshakes{"normal", "malformed"};
  declare.option(FieldDef{.name = "bgp-connect-retry", .kind = FieldKind::kDuration}, "0:02:00",
                 "time between BGP's attempts to connect (inferred)");
  declare.option(FieldDef{.name = "bgp-start-delay", .kind = FieldKind::kDuration}, "0:00:10",
                 "longest time until the first attempt (inferred)");
  declare.config<&Bgp::enter_router>("router bgp <number:as:1-4294967295>", "Configure BGP");
  declare.config<&Bgp::remove_router>("no router bgp <number:as:1-4294967295>", "Remove BGP");
  declare.command<&Bgp::accept>(kRouterMode, "bgp {log-neighbor-changes|router-id <ip:router-id>}",
                                "Always logged here; the router id is accepted");
  declare.command<&Bgp::set_timers>(kRouterMode,
                                    "timers bgp <number:keepalive:1-65535> <number:hold:3-65535>",
                                    "Set keepalive and hold time");
  declare.command<&Bgp::reset_timers>(
      kRouterMode, "no timers bgp [<number:keepalive:1-65535> <number:hold:3-65535>]",
      "Back to the default keepalive and hold time");
  declare.command<&Bgp::enter_family>(kRouterMode, "address-family ipv4 [unicast]",
                                      "Configure IPv4 neighbours");
  declare.command<&Bgp::leave_family>(kFamilyMode, "exit-address-family",
                                      "Return to the router's configuration");
  const auto in = [&declare]<auto kHandler>(std::string_view pattern, std::string_view help) {
    declare.template command<kHandler>(kFamilyMode, pattern, help);
  };
  in.template operator()<&Bgp::add_neighbor>(
      "neighbor <ip:neighbor> remote-as <number:as:1-4294967295>", "Add a neighbour");
  in.template operator()<&Bgp::remove_neighbor>(
      "no neighbor <ip:neighbor> [remote-as [<number:as:1-4294967295>]]", "Remove a neighbour");
  in.template operator()<&Bgp::shut_neighbor>("[no] neighbor <ip:neighbor> shutdown",
                                              "Disable a neighbour");
  in.template operator()<&Bgp::set_neighbor_timers>(
      "neighbor <ip:neighbor> timers <number:keepalive:1-65535> <number:hold:3-65535>",
      "Set a neighbour's keepalive and hold time");
  in.template operator()<&Bgp::reset_neighbor_timers>(
      "no neighbor <ip:neighbor> timers [<number:keepalive:1-65535> <number:hold:3-65535>]",
      "Give a neighbour the keepalive and hold time of the others");
  in.template operator()<&Bgp::accept>(
      "{neighbor <ip:neighbor> {activate|description <line:text>|password <word:password>}"
      "|network <ip:network> [mask <ip:mask>]|no auto-summary|no synchronization}",
      "Accepted; no routes are exchanged here");
  declare.exec<&Bgp::reset>("clear bgp {all|<ip:neighbor>}", "End sessions and begin them anew");
  declare.exec<&Bgp::show>("show bgp summary", "Show the neighbours");
  declare.world<&Bgp::on_peer>(
      "bgp-peer", "a BGP neighbour comes, changes or goes",
      {{FieldDef{.name = "bgp-peer", .kind = FieldKind::kIp}, "its address"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
        "speaking; silent: lost without a word; closed: it closes its connections"},
       {FieldDef{.name = "as", .kind = FieldKind::kNumber}, "the AS it belongs to", false},
       {FieldDef{.name = "expects", .kind = FieldKind::kNumber}, "the AS it takes us for", false},
       {FieldDef{.name = "handshake", .kind = FieldKind::kOneOf, .choices = kHandshakes},
        "whether its first messages make sense", false},
       {FieldDef{.name = "hold-time", .kind = FieldKind::kDuration}, "its hold time", false}});
  declare.world<&Bgp::on_notification>(
      "bgp-notification", "a BGP neighbour ends the session with a notification",
      {{FieldDef{.name = "bgp-notification", .kind = FieldKind::kIp}, "its address"},
       {FieldDef{.name = "code", .kind = FieldKind::kNumber}, "error code of RFC 4271"},
       {FieldDef{.name = "subcode", .kind = FieldKind::kNumber}, "error subcode"}});
  declare.on<&Bgp::on_booted>();
  declare.on<&Bgp::on_line>();
}

void Bgp::enter_router(Context& context, const Arguments& arguments) {
  const auto as = arguments.get<std::uint64_t>("as");
  if (own_as_ != 0 && own_as_ != as) {
    context.print(fmt::format("ERROR: BGP is already running; AS is {}\n", own_as_));
    return;
  }
  own_as_ = as;
  context.enter_mode(kRouterMode, kBgpObject);
}

void Bgp::remove_router(Context& context, const Arguments& arguments) {
  if (own_as_ == 0 || own_as_ != arguments.get<std::uint64_t>("as")) {
    context.print("ERROR: BGP is not running with this AS\n");
    return;
  }
  for (BgpNeighbor& neighbor : neighbors_) {
    if (neighbor.is_established) lose(context, neighbor, "BGP protocol initialization", 0s);
    context.cancel(neighbor.timer);
  }
  neighbors_.clear();
  own_as_ = 0;
}

void Bgp::enter_family(Context& context, const Arguments&) {
  if (context.mode_object() != kBgpObject) {
    context.print("ERROR: Address families belong to BGP\n");
    return;
  }
  context.enter_mode(kFamilyMode, kBgpObject);
}

void Bgp::leave_family(Context& context, const Arguments&) {
  context.enter_mode(kRouterMode, kBgpObject);
}

void Bgp::set_timers(Context&, const Arguments& arguments) {
  timers_ = {std::chrono::seconds(arguments.get<std::uint64_t>("keepalive")),
             std::chrono::seconds(arguments.get<std::uint64_t>("hold"))};
}

void Bgp::add_neighbor(Context& context, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("neighbor");
  BgpNeighbor* neighbor = neighbors_.find(address);
  if (neighbor == nullptr) neighbor = neighbors_.insert(address, BgpNeighbor{});
  if (neighbor == nullptr) {
    context.print("ERROR: Maximum number of BGP neighbors reached\n");
    return;
  }
  if (neighbor->number == 0) neighbor->number = ++last_number_;
  neighbor->address = address;
  neighbor->remote_as = arguments.get<std::uint64_t>("as");
  if (!context.is_booting()) start(context, *neighbor);
}

/// The neighbour that a line is about; nullptr, and said so, if it has no remote-as yet.
BgpNeighbor* Bgp::configured(Context& context, const Arguments& arguments) {
  BgpNeighbor* neighbor = neighbors_.find(arguments.get<IpAddress>("neighbor"));
  if (neighbor == nullptr) context.print("ERROR: Specify remote-as or peer-group commands first\n");
  return neighbor;
}

void Bgp::remove_neighbor(Context& context, const Arguments& arguments) {
  BgpNeighbor* neighbor = configured(context, arguments);
  if (neighbor == nullptr) return;
  if (neighbor->is_established) lose(context, *neighbor, "Neighbor deleted", 0s);
  context.cancel(neighbor->timer);
  neighbors_.erase(arguments.get<IpAddress>("neighbor"));
}

void Bgp::shut_neighbor(Context& context, const Arguments& arguments) {
  BgpNeighbor* neighbor = configured(context, arguments);
  if (neighbor == nullptr) return;
  neighbor->is_shut = !arguments.has("no");
  if (!neighbor->is_shut) {
    if (!context.is_booting() && !neighbor->is_established) start(context, *neighbor);
    return;
  }
  context.cancel(neighbor->timer);
  if (neighbor->is_established) lose(context, *neighbor, "Admin. shutdown", 0s);
}

void Bgp::set_neighbor_timers(Context& context, const Arguments& arguments) {
  BgpNeighbor* neighbor = configured(context, arguments);
  if (neighbor == nullptr) return;
  neighbor->has_own_timers = true;
  neighbor->configured = {std::chrono::seconds(arguments.get<std::uint64_t>("keepalive")),
                          std::chrono::seconds(arguments.get<std::uint64_t>("hold"))};
}

/// `clear bgp`: sessions end, and begin anew after a moment.
void Bgp::reset(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<IpAddress>("neighbor");
  for (BgpNeighbor& neighbor : neighbors_) {
    if (only != nullptr && neighbor.address != *only) continue;
    if (!neighbor.is_established) continue;
    lose(context, neighbor, "User reset", some_delay(context));
    context.emit(msg::BgpTopologyRemovedUserReset{.neighbor = neighbor.address});
  }
}

void Bgp::on_peer(Context& context, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("bgp-peer");
  BgpPeer* peer = far_ends_.peers.find(address);
  if (peer == nullptr) peer = far_ends_.peers.insert(address, BgpPeer{});
  if (peer == nullptr) return;
  const auto& state = arguments.get<std::string>("state");
  peer->state = state == "speaking" ? PeerState::kSpeaking
                : state == "silent" ? PeerState::kSilent
                                    : PeerState::kClosed;
  peer->as = arguments.get_or("as", peer->as);
  peer->expects = arguments.get_or("expects", peer->expects);
  peer->is_malformed = arguments.get_or<std::string>("handshake", "normal") == "malformed";
  // Less than three seconds is not allowed (RFC 4271).
  peer->hold = std::max<SimDuration>(arguments.get_or("hold-time", peer->hold), 3s);

  BgpNeighbor* neighbor = neighbors_.find(address);
  if (neighbor == nullptr) return;
  if (!neighbor->is_established) {
    await_try(context, *neighbor);
  } else if (peer->state == PeerState::kSpeaking) {
    context.cancel(neighbor->timer);
    neighbor->heard_from = context.now();
  } else if (peer->state == PeerState::kSilent) {
    arm(context, *neighbor, neighbor->last_heard(context.now()) + neighbor->agreed.hold,
        kHoldExpired);
  } else {
    context.emit(msg::BgpConnectionClosedRemotely{.neighbor = address});
    lose(context, *neighbor, "Peer closed the session", retry_);
  }
}

void Bgp::on_notification(Context& context, const Arguments& arguments) {
  BgpNeighbor* neighbor = neighbors_.find(arguments.get<IpAddress>("bgp-notification"));
  if (neighbor == nullptr || !neighbor->is_established) return;
  const auto code = arguments.get<std::uint64_t>("code");
  const auto subcode = arguments.get<std::uint64_t>("subcode");
  context.emit(msg::BgpNotificationReceived{.neighbor = neighbor->address,
                                            .error_code = code,
                                            .error_subcode = subcode,
                                            .error_text = bgp_notification_text(code, subcode),
                                            .data_bytes = 0U,
                                            .data = ""});
  lose(context, *neighbor, "BGP Notification received", retry_);
}

void Bgp::on_booted(Context& context, const Booted&) {
  for (BgpNeighbor& neighbor : neighbors_) start(context, neighbor);
}

/// A session over a network that is gone does not wait for the hold time.
void Bgp::on_line(Context& context, const LineProtocolChanged& event) {
  if (context.is_booting()) return;
  const Interface& interface = context.state().interfaces[event.interface];
  const auto length = mask_length(interface.mask);
  for (BgpNeighbor& neighbor : neighbors_) {
    if (event.up) {
      if (!neighbor.is_established) await_try(context, neighbor);
      continue;
    }
    const bool is_next_door = interface.has_address && length &&
                              IpPrefix(interface.address, *length).contains(neighbor.address);
    if (neighbor.is_established && is_next_door) lose(context, neighbor, "Interface flap", retry_);
  }
}

SimDuration Bgp::some_delay(Context& context) const {
  return SimDuration(context.random().between(static_cast<std::uint64_t>(start_delay_.count()) / 5,
                                              static_cast<std::uint64_t>(start_delay_.count())));
}

void Bgp::start(Context& context, BgpNeighbor& neighbor) {
  neighbor.next_try = context.now() + some_delay(context);
  await_try(context, neighbor);
}

/// Sets the timer for the next attempt, unless it is bound to fail in silence: then whoever makes it
/// worth while comes here again.
void Bgp::await_try(Context& context, BgpNeighbor& neighbor) {
  context.cancel(neighbor.timer);
  neighbor.timer = {};
  const BgpPeer* peer = peer_of(neighbor);
  if (neighbor.is_shut || peer == nullptr || peer->state != PeerState::kSpeaking) return;
  if (!peer->is_malformed && peer->as != neighbor.remote_as) return;
  const auto& state = context.state();
  if (state.routes.lookup(neighbor.address, state.interfaces) == kNoInterface) return;
  SimTime at = neighbor.next_try;
  if (at <= context.now()) at += ((context.now() - at) / retry_ + 1) * retry_;
  arm(context, neighbor, at, kTry);
}

void Bgp::arm(Context& context, BgpNeighbor& neighbor, SimTime at, Timer tag) {
  context.cancel(neighbor.timer);
  neighbor.timer = context.after(std::max(at - context.now(), SimDuration{}), tag, neighbor.number);
}

void Bgp::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  const auto at = std::find_if(neighbors_.begin(), neighbors_.end(),
                               [data](const BgpNeighbor& other) { return other.number == data; });
  if (at == neighbors_.end()) return;
  BgpNeighbor& neighbor = *at;
  if (tag == kTry) {
    const auto handshake = std::chrono::milliseconds(context.random().between(30, 400));
    arm(context, neighbor, context.now() + handshake, kAnswer);
  } else if (tag == kAnswer) {
    conclude(context, neighbor);
  } else {
    context.emit(msg::BgpConnectionClosedRemotely{.neighbor = neighbor.address});
    lose(context, neighbor, "BGP Notification sent", retry_);
    context.emit(msg::BgpTopologyRemovedNotificationSent{.neighbor = neighbor.address});
  }
}

/// The handshake has come to its end.
void Bgp::conclude(Context& context, BgpNeighbor& neighbor) {
  const BgpPeer* peer = peer_of(neighbor);
  const bool speaks = peer != nullptr && peer->state == PeerState::kSpeaking;
  if (speaks && peer->is_malformed) {
    context.emit(msg::BgpMessageMalformed{.neighbor = neighbor.address});
  } else if (speaks && peer->expects != 0 && peer->expects != own_as_) {
    const std::string data = fmt::format("{:04X}", own_as_ > 0xFFFF ? kAsTrans : own_as_);
    context.emit(msg::BgpNotificationReceived{.neighbor = neighbor.address,
                                              .error_code = 2U,
                                              .error_subcode = 2U,
                                              .error_text = bgp_notification_text(2, 2),
                                              .data_bytes = 2U,
                                              .data = data});
  } else if (speaks && peer->as == neighbor.remote_as) {
    establish(context, neighbor, *peer);
    return;
  }
  neighbor.next_try = context.now() + retry_;
  await_try(context, neighbor);
}

void Bgp::establish(Context& context, BgpNeighbor& neighbor, const BgpPeer& peer) {
  const BgpTimers& own = neighbor.has_own_timers ? neighbor.configured : timers_;
  neighbor.agreed.hold = std::min(own.hold, peer.hold);
  neighbor.agreed.keepalive = std::min(own.keepalive, neighbor.agreed.hold / 3);
  neighbor.is_established = neighbor.was_up = true;
  neighbor.since = neighbor.heard_from = context.now();
  neighbor.timer = {};
  context.emit(msg::BgpNeighborUp{.neighbor = neighbor.address});
}

/// The session is gone; the next attempt follows after `pause`.
void Bgp::lose(Context& context, BgpNeighbor& neighbor, std::string_view reason,
               SimDuration pause) {
  neighbor.is_established = false;
  neighbor.since = context.now();
  context.emit(msg::BgpNeighborDown{.neighbor = neighbor.address,
                                    .reason = reason,
                                    .vrf = "",
                                    .topology = "",
                                    .address_family = "",
                                    .state_change = ""});
  neighbor.next_try = context.now() + pause;
  await_try(context, neighbor);
}

void Bgp::show(Context& context, const Arguments&) {
  if (own_as_ == 0) {
    context.print("% BGP not active\n");
    return;
  }
  context.print(fmt::format(
      "BGP router identifier {}, local AS number {}\n"
      "BGP table version is 1, main routing table version 1\n\n"
      "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  "
      "State/PfxRcd\n",
      [&] {
        IpAddress highest;
        for (const Interface& interface : context.state().interfaces.all()) {
          if (interface.has_address) highest = std::max(highest, interface.address);
        }
        return to_string(highest);
      }(),
      own_as_));
  for (const BgpNeighbor& neighbor : neighbors_) {
    const auto age = context.now() - neighbor.since;
    const auto seconds = age / 1s;
    // An OPEN each, then the keepalives that have passed since.
    const auto heard = neighbor.is_established ? 2 + age / neighbor.agreed.keepalive : 0;
    context.print(fmt::format(
        "{:<15} 4 {:>12} {:>7} {:>7} {:>8} {:>4} {:>4} {:>8} {}\n", to_string(neighbor.address),
        neighbor.remote_as, heard, heard, 1, 0, 0,
        neighbor.was_up
            ? fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
            : "never",
        neighbor.is_established ? "0"
        : neighbor.is_shut      ? "Idle (Admin)"
                                : "Active"));
  }
}

}  // namespace

void register_bgp(Registry& registry);
void register_bgp(Registry& registry) {
  registry.add<Bgp>("bgp");
}

}  // namespace asaemu
