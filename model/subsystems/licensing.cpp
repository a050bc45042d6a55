// Licensing: activation keys, permanent and for so many days, and what the device may do with them.
//
// Scope: the commands activation-key, show activation-key, show version; messages 444004 to 444009;
//   what is in effect, for other subsystems to read (Licence). A key is opaque: the world event
//   `key-issued` says what the vendor put into it, before or after it is typed in. The days of an
//   active key count while the device is off; a calendar set ahead or back counts at the next boot
//   (DayCounter). Security Plus comes and goes only with a reload: if it runs out, the device holds
//   on to it for thirty days and then reloads.
// Limitations: which feature needs a reload is documented for Security Plus and the encryption
//   licence, of which only the former is modelled; every device has strong encryption. Days of two
//   keys for the same feature are not joined. Messages of a key come at its own time of day, counted
//   from its activation; that there is none at zero days but the expiry is inferred. Lines of the
//   device at `activation-key` are inferred. `show version` leaves out what nothing here knows: image
//   file, memory, when the configuration was changed.
// State: at most LicenceKeys::kBound keys, a timer for each active one, and one for the countdown to
//   a reload. Keys and their counters are kept over reloads and without power; the countdown is not,
//   for a device that boots without Security Plus has nothing left to lose.
// Validation: layouts against captured consoles (asa-behaviour E.1, G.2); the text of 444005 and its
//   unpadded words against a device's line (E.1); no trace has the order of messages at expiry.
// References: asa-behaviour E.1, G.2; syslog guide 444004 to 444009.
#include "messages/licensing.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/licence_keys.hpp"
#include "model/state/licence_report.hpp"

#include <fmt/format.h>

#include <optional>

namespace asaemu {

namespace {

constexpr SimDuration kDay = std::chrono::days(1);
constexpr auto kPlus = LicensedFeature::kSecurityPlus;
// Days from the loss of a licence to the reload (syslog guide 444009).
constexpr std::uint64_t kGraceDays = 30;
// Up to release 8.2 every key with an end was of the temporary form (asa-behaviour E.1).
constexpr Release kTimebasedRelease{8, 3, 0, 0};

constexpr std::array<std::string_view, 2> kPlatformLicences{"Base", "Security Plus"};
constexpr std::array<std::string_view, 3> kForms{"permanent", "timebased", "temporary"};

class Licensing final : public Subsystem {
 public:
  explicit Licensing(Claims& claims);
  static void declare(Declarations<Licensing>& declare);

 private:
  using Index = LicenceKeys::Index;
  using Form = LicenceKey::Form;
  enum Timer : std::uint16_t { kKeyDay, kCountdownDay };

  void on_key_issued(Context& context, const Arguments& arguments);
  void on_booted(Context& context, const Booted&);
  void on_shutdown(Context& context, const ShuttingDown&) { keys_.suspend(context.now()); }
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;

  void apply_key(Context& context, const Arguments& arguments);
  void apply_permanent(Context& context, Index index);
  void apply_timebased(Context& context, Index index, bool is_activation);
  void show_keys(Context& context, const Arguments& arguments);
  void show_version(Context& context, const Arguments&);

  [[nodiscard]] LicenceView view(const Context& context) const;
  void draw_identity(RandomStream& random);
  [[nodiscard]] Form form_here(const Context& context, Index index) const;
  void schedule(Context& context);
  void count_day(Context& context, Index index);
  void expire(Context& context, Index index);
  void report_expiry(Context& context, Index index, bool has_successor);
  void settle(Context& context);
  void begin_countdown(Context& context);
  void count_down(Context& context);
  void recompute();

  /// By the keys on flash, as they are now.
  [[nodiscard]] bool will_boot_with_plus() const {
    return keys_.gives(kPlus, keys_.permanent_grant);
  }

  LicenceKeys& keys_;
  Licence& licence_;
  const Platform& platform_;
  ActivationKey option_key_;
  ActivationKey running_key_{};
  FeatureValues running_grant_;
  bool booted_with_plus_;
  SimTime booted_at_{};
  std::array<std::optional<TimerHandle>, LicenceKeys::kBound> timers_{};
  std::uint64_t countdown_days_ = 0;  ///< until the reload; 0 while there is no countdown
  TimerHandle countdown_timer_;
};

Licensing::Licensing(Claims& claims)
    : keys_(claims.kept<LicenceKeys>()),
      licence_(claims.own(&DeviceState::licence)),
      platform_(claims.platform()),
      option_key_(claims.option<ActivationKey>("permanent-key")) {
  if (keys_.serial.empty()) {
    // A device as it leaves the factory.
    keys_.permanent_grant[kPlus] =
        claims.option<std::string>("platform-licence") == "Security Plus" ? 1 : 0;
  }
  running_grant_ = keys_.permanent_grant;
  booted_with_plus_ = will_boot_with_plus();
  recompute();
}

void Licensing::declare(Declarations<Licensing>& declare) {
  declare.option(FieldDef{.name = "permanent-key", .kind = FieldKind::kActivationKey},
                 "0x0 0x0 0x0 0x0 0x0",
                 "the permanent activation key a new device has; drawn if it is all zeros");
  declare.option(
      FieldDef{.name = "platform-licence", .kind = FieldKind::kOneOf, .choices = kPlatformLicences},
      "Base", "what a new device's permanent key is for");
  declare.exec<&Licensing::apply_key>(
      "activation-key <word:first> <word:second> <word:third> <word:fourth> [<word:fifth>] "
      "[activate|deactivate]",
      "Enter a licence key, or switch a time-based one on or off");
  declare.exec<&Licensing::show_keys>("show activation-key [detail]",
                                      "Show the licence keys and what they allow");
  declare.exec<&Licensing::show_version>("show version", "Show software, licences and uptime");
  declare.world_always<&Licensing::on_key_issued>(
      "key-issued",
      "the vendor issues an activation key for this device, which does nothing until it is typed "
      "in; a key of several features is issued once for each",
      {{FieldDef{.name = "key-issued", .kind = FieldKind::kActivationKey}, "its five words"},
       {FieldDef{.name = "feature", .kind = FieldKind::kOneOf, .choices = grantable_features()},
        "what it unlocks"},
       {FieldDef{.name = "count", .kind = FieldKind::kNumber},
        "how many, for a feature that is counted; all the model can have if left out", false},
       {FieldDef{.name = "days", .kind = FieldKind::kNumber},
        "how long it lasts once activated; permanent if left out", false},
       {FieldDef{.name = "form", .kind = FieldKind::kOneOf, .choices = kForms},
        "timebased unless said otherwise, if it has days; temporary is the form that was issued "
        "before release 8.3",
        false}});
  declare.on<&Licensing::on_booted>();
  declare.on<&Licensing::on_shutdown>();
}

void Licensing::on_key_issued(Context&, const Arguments& arguments) {
  const auto feature = *find_grantable_feature(arguments.get<std::string>("feature"));
  const auto days = arguments.get_or<std::uint64_t>("days", 0);
  const bool is_temporary = arguments.get_or<std::string>("form", {}) == "temporary";
  const Form form = days == 0      ? Form::kPermanent
                    : is_temporary ? Form::kTemporary
                                   : Form::kTimebased;
  const auto count = arguments.get_or<std::uint64_t>("count", whole_grant(feature));
  keys_.issue(arguments.get<ActivationKey>("key-issued"), form, days, feature,
              static_cast<std::uint32_t>(std::min<std::uint64_t>(count, kUnlimited)));
}

void Licensing::on_booted(Context& context, const Booted&) {
  booted_at_ = context.now();
  if (keys_.serial.empty()) draw_identity(context.random());
  running_key_ = keys_.permanent;
  keys_.resume(context.now(), context.calendar());
  for (Index i = 0; i < keys_.size(); ++i) {
    if (keys_[i].is_active && keys_[i].counter.left(context.now()) == SimDuration::zero()) {
      expire(context, i);
    }
  }
  booted_with_plus_ = will_boot_with_plus();
  settle(context);
}

/// What the factory gave the device: a serial number like JMX1628X0P9 and its permanent key.
void Licensing::draw_identity(RandomStream& random) {
  static constexpr std::string_view kLetters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  // One after the other: arguments of a call are drawn in no order.
  const std::uint64_t year = random.between(12, 26);
  const std::uint64_t week = random.between(1, 52);
  keys_.serial = fmt::format("JMX{:02}{:02}", year, week);
  for (int i = 0; i < 4; ++i) keys_.serial += kLetters[random.below(kLetters.size())];
  keys_.permanent = option_key_;
  if (option_key_ != ActivationKey{}) return;
  for (auto& word : keys_.permanent.words) word = static_cast<std::uint32_t>(random.next());
}

void Licensing::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  if (tag == kCountdownDay) {
    count_down(context);
  } else {
    count_day(context, static_cast<Index>(data));
  }
}

void Licensing::apply_key(Context& context, const Arguments& arguments) {
  // Keys of old had four words.
  const auto text = fmt::format(
      "{} {} {} {} {}", arguments.get<std::string>("first"), arguments.get<std::string>("second"),
      arguments.get<std::string>("third"), arguments.get<std::string>("fourth"),
      arguments.get_or<std::string>("fifth", "0x0"));
  const auto key = ActivationKey::parse(text);
  context.print("Validating activation key. This may take a few minutes...\n");
  const Index index = key ? keys_.find(*key) : LicenceKeys::kNone;
  if (key && *key == keys_.permanent) {
    context.print("The requested key is the SAME as the flash permanent activation key.\n");
  } else if (index == LicenceKeys::kNone) {
    context.print(
        "ERROR: The requested activation key was not saved because it is not valid for this "
        "system.\n");
  } else if (keys_[index].form == Form::kPermanent) {
    apply_permanent(context, index);
  } else {
    apply_timebased(context, index, !arguments.has("deactivate"));
  }
}

void Licensing::apply_permanent(Context& context, Index index) {
  keys_.permanent = keys_[index].key;
  keys_.permanent_grant = keys_[index].grant;
  keys_[index].is_installed = true;
  if (keys_.permanent_grant[kPlus] != running_grant_[kPlus]) {
    context.print(
        "WARNING: The flash permanent activation key was updated with the requested key,\n"
        "and will become active after the next reload.\n");
  } else {
    running_key_ = keys_.permanent;
    running_grant_ = keys_.permanent_grant;
    context.print(
        "Both Running and Flash permanent activation key was updated with the requested key.\n");
  }
  settle(context);
}

void Licensing::apply_timebased(Context& context, Index index, bool is_activation) {
  LicenceKey& key = keys_[index];
  if (key.is_expired) {
    context.print("ERROR: The requested activation key has expired.\n");
    return;
  }
  if (!is_activation && !key.is_active) {
    context.print("ERROR: The requested activation key is not active.\n");
    return;
  }
  if (is_activation) {
    key.form = form_here(context, index);
    keys_.activate(index, context.now(), context.calendar());
  } else {
    keys_.deactivate(index, context.now());
  }
  context.print(fmt::format(
      "The requested key is a timebased key and is {}, it has {} days remaining.\n",
      is_activation ? "activated" : "deactivated", key.counter.days_left(context.now())));
  if (will_boot_with_plus() != booted_with_plus_) {
    context.print("WARNING: The Security Plus license changes after the next reload.\n");
  }
  settle(context);
}

LicenceKey::Form Licensing::form_here(const Context& context, Index index) const {
  return context.release() < kTimebasedRelease ? Form::kTemporary : keys_[index].form;
}

/// A timer for each active key, and for no other. A timer that runs stays as it is: it may be due at
/// this very moment.
void Licensing::schedule(Context& context) {
  for (Index i = 0; i < keys_.size(); ++i) {
    auto& timer = timers_[i];
    if (keys_[i].is_active && !timer) {
      timer = context.after(keys_[i].counter.until_next_day(context.now()), kKeyDay, i);
    } else if (!keys_[i].is_active && timer) {
      context.cancel(*timer);
      timer.reset();
    }
  }
}

void Licensing::count_day(Context& context, Index index) {
  timers_[index].reset();
  const LicenceKey& key = keys_[index];
  if (key.counter.left(context.now()) > SimDuration::zero()) {
    context.emit(
        msg::TimebasedKeyExpiring{.key = key.key, .days = key.counter.days_left(context.now())});
    schedule(context);
    return;
  }
  expire(context, index);
  settle(context);
  const bool is_needed = booted_with_plus_ && key.grant[kPlus] != 0;
  if (is_needed && !will_boot_with_plus()) begin_countdown(context);
}

/// Ends the key; one that waits for its feature takes its place.
void Licensing::expire(Context& context, Index index) {
  keys_.expire(index, context.now());
  const Index successor = keys_.successor(index);
  report_expiry(context, index, successor != LicenceKeys::kNone);
  if (successor != LicenceKeys::kNone) {
    keys_.activate(successor, context.now(), context.calendar());
  }
}

void Licensing::report_expiry(Context& context, Index index, bool has_successor) {
  const LicenceKey& key = keys_[index];
  if (key.form == Form::kTemporary) {
    context.emit(msg::TimebasedKeyReplaced{.key = key.key, .permanent_key = running_key_});
    return;
  }
  using RevertingTo = msg::TimebasedKeyExpired::RevertingTo;
  context.emit(msg::TimebasedKeyExpired{
      .key = key.key,
      .reverting_to = has_successor ? RevertingTo::kTimebased : RevertingTo::kPermanent,
      .features = feature_list(key.grant)});
}

/// After any change of the keys: timers, what is in effect, and whether a reload is still due.
void Licensing::settle(Context& context) {
  schedule(context);
  recompute();
  context.publish(LicenceChanged{});
  if (countdown_days_ == 0 || !will_boot_with_plus()) return;
  context.cancel(countdown_timer_);
  countdown_days_ = 0;
}

void Licensing::begin_countdown(Context& context) {
  countdown_days_ = kGraceDays + 1;
  count_down(context);
}

void Licensing::count_down(Context& context) {
  --countdown_days_;
  const auto type = feature_name(kPlus);
  if (countdown_days_ == 0) {
    context.emit(msg::LicenseExpiredReloadNow{.license_type = type});
    context.request(DeviceRequest::kReload);
    return;
  }
  context.emit(msg::LicenseExpiredReloadScheduled{.license_type = type, .days = countdown_days_});
  countdown_timer_ = context.after(kDay, kCountdownDay);
}

void Licensing::recompute() {
  licence_.features = keys_.combined(platform_, running_grant_, booted_with_plus_);
  const std::uint32_t hosts = licence_.features[LicensedFeature::kInsideHosts];
  licence_.inside_hosts = hosts == kUnlimited ? 0 : hosts;
}

LicenceView Licensing::view(const Context& context) const {
  return {platform_,
          context.release(),
          keys_,
          running_key_,
          with_permanent(platform_, running_grant_),
          licence_.features,
          context.now()};
}

void Licensing::show_keys(Context& context, const Arguments& arguments) {
  context.print(describe_keys(view(context), arguments.has("detail")));
}

void Licensing::show_version(Context& context, const Arguments&) {
  const LicenceView licences = view(context);
  context.print(
      fmt::format("Cisco Adaptive Security Appliance Software Version {} \n\n"
                  "Config file at boot was \"startup-config\"\n\n{} up {}\n\nHardware:   {}\n\n",
                  to_string(context.release()), context.hostname(),
                  uptime_text(context.now() - booted_at_), platform_.hardware));
  context.print(describe_features(licences));
  context.print(
      fmt::format("\nSerial Number: {}\n{}Configuration register is 0x1\n\n"
                  "Image type                : Release\n"
                  "Key Version               : A\n",
                  keys_.serial, running_keys_text(licences)));
}

}  // namespace

void register_licensing(Registry& registry);
void register_licensing(Registry& registry) {
  registry.add<Licensing>("licensing");
}

}  // namespace asaemu
