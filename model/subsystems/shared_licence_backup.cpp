// Shared licences, the backup: it stands in for the licence server while its allowance lasts.
//
// Scope: what `license-server backup enable` makes of a device that knows a main server
//   (shared_licence.cpp); messages 444109 to 444111. The backup has to have met the main server; it
//   then gains a day of allowance a day, from five to thirty, and loses one for each day that it is
//   active. The participants it serves meanwhile are in shared_licence_server.cpp.
// Limitations: a backup borrows no sessions for itself. 444110 is documented for fifteen days left;
//   that it comes at takeover, too, and how long the backup waits before that (option
//   `backup-takeover`), is inferred. Time that the device is off neither drains nor charges.
// State: the allowance and whether the main server was ever met, kept over reloads; at most three
//   timers.
// Validation: none; days and intervals as documented (asa-behaviour E.2).
// References: asa-behaviour E.2; syslog guide 444109 to 444111.
#include "messages/shared_license.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/backup_allowance.hpp"
#include "model/state/device_state.hpp"

namespace asaemu {

namespace {

// A long stay is reported when so much is left (asa-behaviour E.2).
constexpr SimDuration kNoticeLeft = std::chrono::days(15);

/// What outlives a boot.
struct Kept {
  BackupAllowance allowance;
  bool has_met_main = false;
};

class SharedLicenceBackup final : public Subsystem {
 public:
  explicit SharedLicenceBackup(Claims& claims)
      : allowance_(claims.kept<Kept>().allowance),
        has_met_main_(claims.kept<Kept>().has_met_main),
        role_(claims.own(&DeviceState::shared_backup)),
        takeover_(claims.option<SimDuration>("backup-takeover")) {}

  static void declare(Declarations<SharedLicenceBackup>& declare) {
    declare.option(
        FieldDef{.name = "backup-takeover", .kind = FieldKind::kDuration}, "0:00:30",
        "how long a backup licence server does without the main one before it takes over");
    declare.on<&SharedLicenceBackup::on_booted>();
    declare.on<&SharedLicenceBackup::on_shutdown>();
    declare.on<&SharedLicenceBackup::on_change>();
  }

 private:
  enum Timer : std::uint16_t { kMainLost, kMainMet, kNotice, kEnd };
  using MaybeTimer = std::optional<TimerHandle>;
  using Flow = BackupAllowance::Flow;
  using Role = msg::SharedLicenseBackupRoleChanged::State;

  void on_booted(Context& context, const Booted&);
  void on_shutdown(Context& context, const ShuttingDown&) {
    allowance_.set_flow(context.now(), Flow::kStill);
  }
  void on_change(Context& context, const SharedLicenceChanged&) { watch(context); }
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  [[nodiscard]] static bool is_main_there(const Context& context);
  void watch(Context& context);
  void resign(Context& context);
  void lose_main(Context& context);
  void meet_main(Context& context);
  void stand_down(Context& context);
  void exhaust(Context& context);
  void report_days(Context& context);

  static void stop(Context& context, MaybeTimer& timer) {
    if (timer) context.cancel(*timer);
    timer.reset();
  }

  BackupAllowance& allowance_;
  bool& has_met_main_;
  SharedBackup& role_;
  SimDuration takeover_;
  bool is_up_ = false;     ///< booted
  bool has_main_ = false;  ///< as this device believes
  SimTime sync_origin_{};
  SimTime last_sync_{};    ///< before the main server was lost
  MaybeTimer main_timer_;  ///< when this device will notice that the main server went or came
  MaybeTimer notice_timer_;
  MaybeTimer end_timer_;
};

void SharedLicenceBackup::on_booted(Context& context, const Booted&) {
  is_up_ = true;
  sync_origin_ = context.now();
  // Until it finds out otherwise, a backup takes the main server it once met to be there.
  const bool is_backup = context.state().shared_licence.is_backup;
  has_main_ = is_backup && has_met_main_;
  if (has_main_) allowance_.set_flow(context.now(), Flow::kCharging);
  watch(context);
}

bool SharedLicenceBackup::is_main_there(const Context& context) {
  return context.state().shared_licence.would_register_at(context.state().shared_licence.server);
}

/// Sets the moment at which this device will notice what the world has changed.
void SharedLicenceBackup::watch(Context& context) {
  const SharedLicence& config = context.state().shared_licence;
  if (!is_up_) return;
  if (!config.is_backup || !config.has_server()) {
    resign(context);
    return;
  }
  if (is_main_there(context) == has_main_) {
    stop(context, main_timer_);
    return;
  }
  if (main_timer_) return;
  if (has_main_) {
    last_sync_ = last_on_grid(sync_origin_, kLicenceSyncInterval, context.now());
    main_timer_ = context.after(last_sync_ + takeover_ - context.now(), kMainLost);
  } else {
    const SimTime next = next_on_grid(sync_origin_, kLicenceSyncInterval, context.now());
    main_timer_ = context.after(next - context.now(), kMainMet);
  }
}

/// The device is no backup any more.
void SharedLicenceBackup::resign(Context& context) {
  stop(context, main_timer_);
  has_main_ = false;
  if (role_.is_active) stand_down(context);
  allowance_.set_flow(context.now(), Flow::kStill);
}

void SharedLicenceBackup::on_timer(Context& context, std::uint16_t tag, std::uint64_t) {
  switch (tag) {
    case kMainLost:
      return lose_main(context);
    case kMainMet:
      return meet_main(context);
    case kNotice:
      notice_timer_.reset();
      return report_days(context);
    default:
      return exhaust(context);
  }
}

void SharedLicenceBackup::lose_main(Context& context) {
  main_timer_.reset();
  has_main_ = false;
  allowance_.set_flow(context.now(), Flow::kDraining);
  const SimDuration left = allowance_.left(context.now());
  if (left == SimDuration::zero()) return;
  role_.is_active = true;
  context.emit(msg::SharedLicenseBackupRoleChanged{.state = Role::kActive});
  report_days(context);
  end_timer_ = context.after(left, kEnd);
  if (left > kNoticeLeft) notice_timer_ = context.after(left - kNoticeLeft, kNotice);
  context.publish(SharedLicenceChanged{});
}

void SharedLicenceBackup::meet_main(Context& context) {
  main_timer_.reset();
  has_main_ = has_met_main_ = true;
  if (role_.is_active) stand_down(context);
  allowance_.set_flow(context.now(), Flow::kCharging);
}

void SharedLicenceBackup::stand_down(Context& context) {
  stop(context, notice_timer_);
  stop(context, end_timer_);
  role_.is_active = false;
  context.emit(msg::SharedLicenseBackupRoleChanged{.state = Role::kInactive});
  context.publish(SharedLicenceChanged{});
}

void SharedLicenceBackup::exhaust(Context& context) {
  end_timer_.reset();
  const auto away = std::chrono::floor<std::chrono::days>(context.now() - last_sync_);
  context.emit(
      msg::SharedLicenseBackupTerminated{.address = context.state().shared_licence.server,
                                         .days = static_cast<std::uint64_t>(away.count())});
  stand_down(context);
}

void SharedLicenceBackup::report_days(Context& context) {
  context.emit(msg::SharedLicenseBackupDaysLeft{.days = allowance_.days_left(context.now())});
}

}  // namespace

void register_shared_licence_backup(Registry& registry);
void register_shared_licence_backup(Registry& registry) {
  registry.add<SharedLicenceBackup>("shared_licence_backup");
}

}  // namespace asaemu
