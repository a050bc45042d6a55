// Shared licences, the borrowing side: a participant that gets AnyConnect Premium sessions from a
// licence server when its users need more than it has of its own.
//
// Scope: a device with `license-server address` (shared_licence.cpp), a participant licence (the
//   feature Shared License) and no backup role; the world event `anyconnect-sessions`; messages
//   444100 to 444102 and 444105. It registers with the main server, or with the backup after three
//   refreshes without an answer, gets and releases sessions in blocks, takes what it holds with it to
//   the other server (transfer), and gives up what it holds when it has heard of no server for a day.
// Limitations: which users there are is what the world says; that a user without a session is turned
//   away is not logged here. A request that failed is made again when demand or a server changes, not
//   on every refresh. That a server which answers but refuses (secret, version) counts like one that
//   is silent is inferred from the advice in the guide's 444102.
// State: what is held and counted (SharedUse); two timers. All of it is lost at reload, when the
//   users are gone, too.
// Validation: none; blocks, refreshes and the 24 hours as documented (asa-behaviour E.2).
// References: asa-behaviour E.2; syslog guide 444100 to 444102, 444105.
#include "messages/shared_license.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

namespace asaemu {

namespace {

constexpr std::string_view kLicenceType = "AnyConnect Premium";
// How long sessions may be used without word from a server (asa-behaviour E.2).
constexpr SimDuration kGrace = std::chrono::hours(24);

class SharedLicenceParticipant final : public Subsystem {
 public:
  explicit SharedLicenceParticipant(Claims& claims) : use_(claims.own(&DeviceState::shared_use)) {}

  static void declare(Declarations<SharedLicenceParticipant>& declare) {
    declare.world<&SharedLicenceParticipant::on_sessions>(
        "anyconnect-sessions", "remote-access users with AnyConnect Premium are connected",
        {{FieldDef{.name = "anyconnect-sessions", .kind = FieldKind::kNumber},
          "how many there are now"}});
    declare.on<&SharedLicenceParticipant::on_booted>();
    declare.on<&SharedLicenceParticipant::on_licence>();
    declare.on<&SharedLicenceParticipant::on_change>();
  }

 private:
  enum Timer : std::uint16_t { kRefresh, kGraceOver };
  using MaybeTimer = std::optional<TimerHandle>;
  using Request = msg::SharedLicenseRequestFailed::Request;
  using Reason = msg::SharedLicenseRequestFailed::Reason;

  void on_sessions(Context& context, const Arguments& arguments);
  void on_booted(Context& context, const Booted&);
  void on_licence(Context& context, const LicenceChanged&) { update(context); }
  void on_change(Context& context, const SharedLicenceChanged&) { update(context); }
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  void update(Context& context);
  void withdraw(Context& context);
  void refresh(Context& context);
  void stay(Context& context);
  void miss(Context& context, const IpAddress& other);
  void fail_to_register(Context& context);
  void register_at(Context& context, const IpAddress& address);
  void adjust(Context& context);
  void give_up(Context& context);

  [[nodiscard]] static IpAddress best_server(const SharedLicence& config);
  [[nodiscard]] std::uint32_t sessions_needed(const Context& context) const;
  [[nodiscard]] std::optional<Reason> refusal(const SharedLicence& config,
                                              std::uint32_t sessions) const;
  bool ask(Context& context, Request request, SharedRequests& count, std::uint32_t sessions);

  static void stop(Context& context, MaybeTimer& timer) {
    if (timer) context.cancel(*timer);
    timer.reset();
  }
  [[nodiscard]] bool is_registered() const { return use_.serving != IpAddress(); }

  SharedUse& use_;
  bool is_up_ = false;  ///< booted
  bool takes_part_ = false;
  bool is_loss_reported_ = false;  ///< 444102 was sent, and no server found since
  SimTime origin_{};               ///< of the refreshes: the last registration, or attempt at one
  SimDuration interval_{};         ///< between refreshes, as the server said
  int missed_ = 0;                 ///< refreshes without an answer
  IpAddress lender_;               ///< the server that lent what is held
  std::uint32_t times_forgotten_ = 0;  ///< by that server, when this device registered
  MaybeTimer refresh_timer_;
  MaybeTimer grace_timer_;
};

void SharedLicenceParticipant::on_sessions(Context& context, const Arguments& arguments) {
  use_.in_use = static_cast<std::uint32_t>(std::min<std::uint64_t>(
      arguments.get<std::uint64_t>("anyconnect-sessions"), kMaxSharedSessions));
  use_.most_used = std::max(use_.most_used, use_.in_use);
  if (takes_part_) adjust(context);
}

void SharedLicenceParticipant::on_booted(Context& context, const Booted&) {
  is_up_ = true;
  update(context);
}

void SharedLicenceParticipant::on_timer(Context& context, std::uint16_t tag, std::uint64_t) {
  if (tag == kRefresh) {
    refresh_timer_.reset();
    refresh(context);
  } else {
    grace_timer_.reset();
    give_up(context);
  }
}

/// Something changed. A refresh while all is well has no effect that anybody could see, so the device
/// refreshes only after a change; but it does so when the next refresh is due.
void SharedLicenceParticipant::update(Context& context) {
  if (!is_up_) return;
  const SharedLicence& config = context.state().shared_licence;
  const bool is_licensed = context.state().licence.features[LicensedFeature::kShared] != 0;
  if (!config.is_participant() || !is_licensed) {
    if (takes_part_) withdraw(context);
  } else if (!takes_part_) {
    takes_part_ = true;
    refresh(context);
  } else if (!refresh_timer_) {
    const SimTime next = next_on_grid(origin_, interval_, context.now());
    refresh_timer_ = context.after(next - context.now(), kRefresh);
  }
}

void SharedLicenceParticipant::withdraw(Context& context) {
  stop(context, refresh_timer_);
  stop(context, grace_timer_);
  takes_part_ = is_loss_reported_ = false;
  missed_ = 0;
  use_.serving = lender_ = IpAddress();
  use_.held = use_.pool = 0;
}

/// The main server if the device gets on with it, else the backup; unspecified if with neither.
IpAddress SharedLicenceParticipant::best_server(const SharedLicence& config) {
  if (config.would_register_at(config.server)) return config.server;
  const bool has_backup = config.backup != IpAddress();
  return has_backup && config.would_register_at(config.backup) ? config.backup : IpAddress();
}

void SharedLicenceParticipant::refresh(Context& context) {
  const SharedLicence& config = context.state().shared_licence;
  const IpAddress best = best_server(config);
  if (!is_registered()) {
    best == IpAddress() ? fail_to_register(context) : register_at(context, best);
  } else if (best == use_.serving) {
    stay(context);
  } else if (best == config.server) {
    register_at(context, best);  // The main server is back.
  } else {
    miss(context, best);
  }
}

/// The server answered as ever, but may have forgotten who asks: then it took its sessions back.
void SharedLicenceParticipant::stay(Context& context) {
  missed_ = 0;
  stop(context, grace_timer_);
  const auto server = context.state().shared_licence.remote(use_.serving);
  interval_ = server.refresh_interval;
  use_.pool = server.sessions;
  if (server.times_forgotten != times_forgotten_) {
    times_forgotten_ = server.times_forgotten;
    ++use_.registration.sent;
    use_.held = 0;
  }
  adjust(context);
}

/// The server didn't answer. After three times `other` may take its place.
void SharedLicenceParticipant::miss(Context& context, const IpAddress& other) {
  ++missed_;
  if (missed_ == 1) grace_timer_ = context.after(kGrace - interval_, kGraceOver);
  if (missed_ < kMissedRefreshesMax) {
    refresh_timer_ = context.after(interval_, kRefresh);
    return;
  }
  if (other != IpAddress()) {
    register_at(context, other);
    return;
  }
  use_.serving = IpAddress();
  fail_to_register(context);
}

/// Waits for the world to change. Told once until a server is found.
void SharedLicenceParticipant::fail_to_register(Context& context) {
  const SharedLicence& config = context.state().shared_licence;
  if (interval_ == SimDuration::zero()) {
    origin_ = context.now();
    interval_ = config.remote(config.server).refresh_interval;
  }
  ++use_.registration.sent;
  ++use_.registration.failed;
  if (is_loss_reported_) return;
  is_loss_reported_ = true;
  context.emit(msg::SharedLicenseServiceInactive{});
}

void SharedLicenceParticipant::register_at(Context& context, const IpAddress& address) {
  const auto server = context.state().shared_licence.remote(address);
  stop(context, grace_timer_);
  is_loss_reported_ = false;
  missed_ = 0;
  origin_ = context.now();
  interval_ = server.refresh_interval;
  use_.serving = address;
  use_.pool = server.sessions;
  times_forgotten_ = server.times_forgotten;
  ++use_.registration.sent;
  context.emit(msg::SharedLicenseServiceActive{.address = address});
  if (use_.held != 0 && lender_ != address) {
    ask(context, Request::kTransferAnyConnectPremium, use_.transfer, use_.held);
  }
  lender_ = address;
  adjust(context);
}

/// No server heard of for a day. Users that are connected stay; new ones find no session.
void SharedLicenceParticipant::give_up(Context& context) {
  if (use_.held == 0) return;
  context.emit(
      msg::SharedLicenseReleased{.value = std::uint64_t{use_.held}, .license_type = kLicenceType});
  use_.held = 0;
}

/// What the users need beyond the device's own licence, in blocks.
std::uint32_t SharedLicenceParticipant::sessions_needed(const Context& context) const {
  const auto& features = context.state().licence.features;
  const std::uint32_t most = features[LicensedFeature::kTotalVpnPeers];
  const std::uint32_t own = features[LicensedFeature::kPremiumPeers];
  const std::uint32_t wanted = std::min(use_.in_use, most);
  return wanted > own ? in_blocks(wanted - own) : 0;
}

void SharedLicenceParticipant::adjust(Context& context) {
  const std::uint32_t needed = sessions_needed(context);
  while (use_.held < needed) {
    const std::uint32_t more = use_.held + kSharedBlock;
    if (!ask(context, Request::kGetAnyConnectPremium, use_.get, more)) return;
    use_.held = more;
  }
  if (use_.held > needed && ask(context, Request::kReleaseAnyConnectPremium, use_.release, 0)) {
    use_.held = needed;
  }
}

/// A request for which the server must have so many sessions in all. False if it failed, which is
/// logged.
bool SharedLicenceParticipant::ask(Context& context, Request request, SharedRequests& count,
                                   std::uint32_t sessions) {
  ++count.sent;
  const auto reason = refusal(context.state().shared_licence, sessions);
  if (!reason) return true;
  ++count.failed;
  context.emit(msg::SharedLicenseRequestFailed{.request = request, .reason = *reason});
  return false;
}

/// Why the server says no; an unregistered device asks the main one. nullopt if it says yes.
std::optional<msg::SharedLicenseRequestFailed::Reason> SharedLicenceParticipant::refusal(
    const SharedLicence& config, std::uint32_t sessions) const {
  const auto server = config.remote(is_registered() ? use_.serving : config.server);
  if (!config.reaches(server)) return Reason::kConnectionFailedToServer;
  if (!server.speaks_our_version) return Reason::kVersionNotSupportedByServer;
  if (!config.shares_secret(server)) return Reason::kMessageSignatureInvalid;
  if (!is_registered() || server.times_forgotten != times_forgotten_) {
    return Reason::kClientIdUnknownByServer;
  }
  if (!server.is_serving) return Reason::kServerIsNotActive;
  if (sessions > server.sessions) return Reason::kLicenseCapacityReached;
  return std::nullopt;
}

}  // namespace

void register_shared_licence_participant(Registry& registry);
void register_shared_licence_participant(Registry& registry) {
  registry.add<SharedLicenceParticipant>("shared_licence_participant");
}

}  // namespace asaemu
