// Smart Licensing: the agent of an ASAv that registers the device with the vendor's licensing cloud,
// asks for its licences there, and falls back to an evaluation period without a registration.
//
// Scope: license smart (feature tier, throughput level, feature strong-encryption), license smart
//   register, deregister, renew and reservation, service call-home; show license; messages 444302
//   to 444307; the protected storage as a world event. The cloud is the subsystem licensing_cloud's.
// Limitations: an ASAv only; other platforms of the time have activation keys. Licences limit
//   nothing here: an unlicensed ASAv is not throttled. The cloud is reached without a packet: routes,
//   names and proxies are world. An ASA has no command that switches the agent off: here `license
//   smart reservation` does (444306 DISABLED), and the codes of a reservation are not modelled. A
//   standby unit asks the cloud for nothing. Up to a day of the evaluation period is given back by
//   a reload. `feature strong-encryption` is documented for Firepower chassis alone. A change of
//   `license smart` is taken up a second after the last command, not when the mode is left.
// State: AgentStore, which outlives a boot; at most one request of each kind at the cloud, and one
//   timer for whatever is due next.
// Validation: `show license all` against three captured consoles of agent 1.6 and one of 4.9; dates
//   and intervals against them; the order of messages against logs of other platforms with the same
//   agent (asa-behaviour E.3). Cadence of warnings, retries after the first and answers to
//   commands: nothing.
// References: asa-behaviour E.3; syslog guide 444302 to 444307.
#include "messages/smart_license.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/licensing_report.hpp"
#include "model/state/platform.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

using namespace std::chrono_literals;

constexpr Mode kSmartMode{"config-smart-lic"};

/// Releases from 9.14 on carry an agent of the 4.x line (inferred from captured consoles).
AgentGeneration generation_of(const Release& release) {
  return release < Release{.major = 9, .minor = 14} ? AgentGeneration::kFirst
                                                    : AgentGeneration::kFourth;
}

// ---- What the agent tells, as messages --------------------------------------------------------

using Teller = void (*)(Context&, const AgentNote&);

template <class M>
void tell_plain(Context& context, const AgentNote&) {
  context.emit(M{});
}

void tell_communication_failed(Context& context, const AgentNote& note) {
  context.emit(msg::SmartLicenseCommunicationFailed{.reason = note.reason});
}

template <class M>
void tell_span(Context& context, const AgentNote& note) {
  context.emit(M{.time = describe_span(note.span)});
}

void tell_evaluation_expired_on(Context& context, const AgentNote& note) {
  context.emit(msg::SmartLicenseEvaluationExpiredOn{
      .time = describe_date(note.date, generation_of(context.release()))});
}

void tell_config_out_of_sync(Context& context, const AgentNote& note) {
  context.emit(msg::SmartLicenseConfigOutOfSync{.ts_flag = note.flag ? "1" : "0",
                                                .config_flag = note.flag ? "0" : "1"});
}

template <class M>
void tell_role(Context& context, const AgentNote& note) {
  context.emit(M{.role = note.flag ? M::Role::kActive : M::Role::kStandby});
}

void tell_export_control(Context& context, const AgentNote& note) {
  using M = msg::SmartLicenseExportControl;
  context.emit(M{.status = note.flag ? M::Status::kAllowed : M::Status::kNotAllowed});
}

/// In the order of AgentNotice.
constexpr std::array<Teller, static_cast<std::size_t>(AgentNotice::kCount)> kTellers{
    tell_plain<msg::SmartLicensePlatformError>,
    tell_plain<msg::SmartLicenseRegistrationFailed>,
    tell_plain<msg::SmartLicenseDeregistrationFailed>,
    tell_plain<msg::SmartLicenseOutOfCompliance>,
    tell_plain<msg::SmartLicenseEvaluationExpired>,
    tell_plain<msg::SmartLicenseBadMode>,
    tell_plain<msg::SmartLicenseBadNotification>,
    tell_plain<msg::SmartLicenseCertificateExpired>,
    tell_plain<msg::SmartLicenseCertificateNotYetValid>,
    tell_plain<msg::SmartLicenseCertificateRenewalFailed>,
    tell_plain<msg::SmartLicenseEntitlementRenewalFailed>,
    tell_communication_failed,
    tell_plain<msg::SmartLicenseCertificateValidationFailed>,
    tell_plain<msg::SmartLicenseAuthorizationRenewalFailed>,
    tell_plain<msg::SmartLicenseInvalidTag>,
    tell_plain<msg::SmartLicenseInvalidRoleState>,
    tell_span<msg::SmartLicenseEvaluationWillExpire>,
    tell_evaluation_expired_on,
    tell_span<msg::SmartLicenseRegistrationWillExpire>,
    tell_config_out_of_sync,
    tell_plain<msg::SmartLicenseRegistrationExpiredByClock>,
    tell_plain<msg::SmartLicenseRootCertificateMismatch>,
    tell_plain<msg::SmartLicenseStandbyOutOfSync>,
    tell_plain<msg::SmartLicenseInOverage>,
    tell_plain<msg::SmartLicenseConfigNotSaved>,
    tell_plain<msg::SmartLicenseClockChanged>,
    tell_plain<msg::SmartLicenseInCompliance>,
    tell_plain<msg::SmartLicenseEvaluationStarted>,
    tell_plain<msg::SmartLicenseAuthorizationExpired>,
    tell_plain<msg::SmartLicenseCommunicationRestored>,
    tell_plain<msg::SmartLicenseCommunicationInitFailed>,
    tell_plain<msg::SmartLicenseAgentReady>,
    tell_plain<msg::SmartLicenseAgentEnabled>,
    tell_plain<msg::SmartLicenseRegistrationSucceeded>,
    tell_plain<msg::SmartLicenseDeregistrationSucceeded>,
    tell_plain<msg::SmartLicenseAgentDisabled>,
    tell_plain<msg::SmartLicenseCertificateRenewed>,
    tell_plain<msg::SmartLicenseEntitlementRenewed>,
    tell_plain<msg::SmartLicenseAuthorizationRenewed>,
    tell_role<msg::SmartLicenseHaRoleChanged>,
    tell_role<msg::SmartLicenseHaChassisRoleChanged>,
    tell_plain<msg::SmartLicenseAlreadyRegistered>,
    tell_plain<msg::SmartLicenseAlreadyDeregistered>,
    tell_export_control,
    tell_plain<msg::SmartLicenseDailyTimerReset>,
};

// ---- The world's words ------------------------------------------------------------------------

constexpr std::array<std::string_view, 2> kYesNo{"yes", "no"};
constexpr std::array<std::string_view, 2> kStores{"working", "failing"};

FieldDef one_of(std::string_view name, std::span<const std::string_view> choices) {
  return {.name = name, .kind = FieldKind::kOneOf, .choices = choices};
}

class SmartLicensing final : public Subsystem {
 public:
  explicit SmartLicensing(Claims& claims)
      : kept_(claims.kept<Kept>()),
        is_supported_(claims.platform().name == "ASAv"),
        account_(claims.option<std::string>("smart-account")),
        virtual_account_(claims.option<std::string>("smart-virtual-account")),
        prints_reason_(claims.option<std::string>("smart-failure-reason") == "yes"),
        agent_(kept_.store,
               {.retry_most = claims.option<SimDuration>("smart-retry-most"),
                .evaluation_warning = claims.option<SimDuration>("smart-evaluation-warning"),
                .out_of_compliance_interval =
                    claims.option<SimDuration>("smart-out-of-compliance-interval")}) {}

  static void declare(Declarations<SmartLicensing>& declare);

 private:
  /// What outlives a boot.
  struct Kept {
    AgentStore store;
    std::string serial;
  };

  enum Timer : std::uint16_t { kDue, kApply, kNoTransport };

  static void declare_options(Declarations<SmartLicensing>& declare);
  static void declare_world(Declarations<SmartLicensing>& declare);

  [[nodiscard]] static AgentMoment moment(Context& context) {
    return {context.now(), context.calendar(), context.random()};
  }
  [[nodiscard]] bool refuses(Context& context) const;

  void settle(Context& context);
  void send(Context& context, AgentRequest request);
  void change(Context& context);
  void apply(Context& context);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void on_booted(Context& context, const Booted&);
  void on_clock(Context& context, const ClockChanged&);
  void on_answer(Context& context, const LicensingAnswered& event);
  void on_notice(Context& context, const LicensingNoticed& event);
  void on_role(Context& context, const FailoverRoleChanged& event);
  void on_replicated(Context& context, const LicensingDataReplicated& event);
  void on_saved(Context&, const ConfigurationSaved&) { agent_.set_saved(true); }

  void enter(Context& context, const Arguments&);
  void remove(Context& context, const Arguments&);
  void set_tier(Context& context, const Arguments& arguments);
  void set_level(Context& context, const Arguments& arguments);
  void set_strong_encryption(Context& context, const Arguments& arguments);
  void set_reservation(Context& context, const Arguments& arguments);
  void set_transport(Context&, const Arguments& arguments) {
    has_transport_ = !arguments.has("no");
  }

  void enrol(Context& context, const Arguments& arguments);
  void leave(Context& context, const Arguments&);
  void renew(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);

  void on_store(Context&, const Arguments& arguments) {
    kept_.store.is_failing = arguments.get<std::string>("trusted-store") == "failing";
  }

  Kept& kept_;
  bool is_supported_;
  std::string account_;
  std::string virtual_account_;
  bool prints_reason_;
  SmartAgent agent_;

  bool has_tier_ = false;
  std::optional<std::size_t> level_;
  bool has_strong_encryption_ = false;
  bool is_reserved_ = false;
  bool has_transport_ = true;

  TimerHandle due_;
  TimerHandle apply_;
};

void SmartLicensing::declare(Declarations<SmartLicensing>& declare) {
  declare_options(declare);
  declare.config<&SmartLicensing::enter>("license smart", "Configure the licences to ask for");
  declare.config<&SmartLicensing::remove>("no license smart", "Ask for no licence");
  declare.config<&SmartLicensing::set_reservation>(
      "[no] license smart reservation", "Reserve a licence for good and do without the cloud");
  declare.config<&SmartLicensing::set_transport>("[no] service call-home",
                                                 "Let the device call its vendor");
  declare.command<&SmartLicensing::set_tier>(kSmartMode, "[no] feature tier standard",
                                             "Ask for the standard feature tier");
  declare.command<&SmartLicensing::set_level>(
      kSmartMode, "{throughput level {100M|1G|2G|10G|20G}|no throughput level}",
      "Ask for a throughput level");
  declare.command<&SmartLicensing::set_strong_encryption>(
      kSmartMode, "[no] feature strong-encryption", "Ask for strong encryption");

  declare.exec<&SmartLicensing::enrol>("license smart register idtoken <word:token> [force]",
                                       "Register the device with a token from the portal");
  declare.exec<&SmartLicensing::leave>("license smart deregister", "Give the registration up");
  declare.exec<&SmartLicensing::renew>("license smart renew {auth|id}",
                                       "Renew the authorization or the registration at once");
  declare.exec<&SmartLicensing::show>("show license {all|status|summary|usage|udi}",
                                      "Show registration, authorization and licences");

  declare_world(declare);
  declare.on<&SmartLicensing::on_booted>();
  declare.on<&SmartLicensing::on_clock>();
  declare.on<&SmartLicensing::on_saved>();
  declare.on<&SmartLicensing::on_answer>();
  declare.on<&SmartLicensing::on_notice>();
  declare.on<&SmartLicensing::on_role>();
  declare.on<&SmartLicensing::on_replicated>();
}

void SmartLicensing::declare_options(Declarations<SmartLicensing>& declare) {
  const auto duration = [&declare](std::string_view name, std::string_view otherwise,
                                   std::string_view help) {
    declare.option(FieldDef{.name = name, .kind = FieldKind::kDuration}, otherwise, help);
  };
  duration("smart-retry-most", "24:00:00",
           "longest wait between two attempts of the agent, which double up to it (inferred)");
  duration("smart-evaluation-warning", "504:00:00",
           "how long before its end the evaluation period is warned of daily (inferred)");
  duration("smart-out-of-compliance-interval", "12:00:00",
           "how often the agent asks the cloud while out of compliance (inferred)");
  declare.option(one_of("smart-failure-reason", kYesNo), "no",
                 "whether COMM_FAILED names a reason, as on other platforms with this agent");
  declare.option(FieldDef{.name = "smart-account", .kind = FieldKind::kText}, "EXAMPLE LLC",
                 "the account that tokens come from, as `show license all` prints it");
  declare.option(FieldDef{.name = "smart-virtual-account", .kind = FieldKind::kText}, "DEFAULT",
                 "its virtual account");
}

void SmartLicensing::declare_world(Declarations<SmartLicensing>& declare) {
  declare.world<&SmartLicensing::on_store>(
      "trusted-store", "the protected storage, which the platform owes the agent, breaks or works",
      {{one_of("trusted-store", kStores), "its state"}});
}

// ---- The agent, its timer and its requests ----------------------------------------------------

/// Does what is due, says what the agent has to tell, and waits for what is due next.
void SmartLicensing::settle(Context& context) {
  const AgentMoment now = moment(context);
  agent_.run_due(now);
  for (AgentNote& note : agent_.take_notes()) {
    if (!prints_reason_) note.reason = {};
    kTellers[static_cast<std::size_t>(note.notice)](context, note);
  }
  for (const AgentRequest request : agent_.take_requests()) send(context, request);
  context.cancel(due_);
  if (const auto wait = agent_.until_due(now)) due_ = context.after(*wait, kDue);
}

void SmartLicensing::send(Context& context, AgentRequest request) {
  if (has_transport_) {
    context.publish(LicensingRequested{request, agent_.token()});
  } else {
    context.after(0s, kNoTransport, static_cast<std::uint64_t>(request));
  }
}

void SmartLicensing::on_answer(Context& context, const LicensingAnswered& event) {
  agent_.receive_answer(moment(context), event.request, event.answer);
  settle(context);
}

void SmartLicensing::on_notice(Context& context, const LicensingNoticed& event) {
  agent_.receive_notice(event.is_known);
  settle(context);
}

void SmartLicensing::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  switch (static_cast<Timer>(tag)) {
    case kDue:
      return settle(context);
    case kApply:
      return apply(context);
    case kNoTransport: {
      CloudAnswer none;
      none.result = CloudAnswer::Result::kNoTransport;
      return on_answer(context, {static_cast<AgentRequest>(data), none});
    }
  }
}

void SmartLicensing::on_booted(Context& context, const Booted&) {
  if (!is_supported_) return;
  if (kept_.serial.empty()) {
    static constexpr std::string_view kDigits = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    kept_.serial = "9A";
    while (kept_.serial.size() < 11) {
      kept_.serial += kDigits[context.random().below(kDigits.size())];
    }
  }
  agent_.boot(moment(context), {.generation = generation_of(context.release()),
                                .failover = context.state().failover});
  apply(context);
}

void SmartLicensing::on_clock(Context& context, const ClockChanged&) {
  agent_.change_clock(moment(context));
  settle(context);
}

void SmartLicensing::on_role(Context& context, const FailoverRoleChanged& event) {
  if (event.is_chassis) {
    agent_.change_chassis_role(event.role);
  } else {
    agent_.change_role(moment(context), event.role);
  }
  settle(context);
}

void SmartLicensing::on_replicated(Context& context, const LicensingDataReplicated& event) {
  agent_.receive_sync(event.is_readable);
  settle(context);
}

// ---- Configuration ----------------------------------------------------------------------------

/// True, and says so, on a platform without the agent.
bool SmartLicensing::refuses(Context& context) const {
  if (is_supported_) return false;
  context.print("ERROR: Smart licensing is not supported on this platform\n");
  return true;
}

void SmartLicensing::change(Context& context) {
  if (context.is_booting()) return;
  agent_.set_saved(false);
  context.cancel(apply_);
  apply_ = context.after(1s, kApply);
}

/// Tells the agent what the configuration asks for: a licence takes both a tier and a level.
void SmartLicensing::apply(Context& context) {
  EntitlementSet wanted;
  if (has_tier_ && level_) wanted.set(*level_);
  if (has_tier_ && has_strong_encryption_) wanted.set(kStrongEncryption);
  agent_.set_enabled(moment(context), !is_reserved_);
  agent_.set_entitlements(moment(context), wanted);
  settle(context);
}

void SmartLicensing::enter(Context& context, const Arguments&) {
  if (!refuses(context)) context.enter_mode(kSmartMode, 0);
}

void SmartLicensing::remove(Context& context, const Arguments&) {
  has_tier_ = has_strong_encryption_ = false;
  level_.reset();
  change(context);
}

void SmartLicensing::set_tier(Context& context, const Arguments& arguments) {
  has_tier_ = !arguments.has("no");
  change(context);
}

void SmartLicensing::set_level(Context& context, const Arguments& arguments) {
  level_.reset();
  for (std::size_t i = 0; i < kEntitlementCount; ++i) {
    if (arguments.has(kEntitlements[i].level)) level_ = i;
  }
  change(context);
}

void SmartLicensing::set_strong_encryption(Context& context, const Arguments& arguments) {
  has_strong_encryption_ = !arguments.has("no");
  change(context);
}

void SmartLicensing::set_reservation(Context& context, const Arguments& arguments) {
  if (refuses(context)) return;
  is_reserved_ = !arguments.has("no");
  change(context);
}

// ---- Commands ---------------------------------------------------------------------------------

void SmartLicensing::enrol(Context& context, const Arguments& arguments) {
  if (refuses(context)) return;
  agent_.enrol(arguments.get<std::string>("token"), arguments.has("force"));
  if (agent_.is_registering()) {
    context.print(
        "Registration process is in progress. Use the 'show license status' command to check the "
        "progress and result\n");
  }
  settle(context);
}

void SmartLicensing::leave(Context& context, const Arguments&) {
  if (refuses(context)) return;
  agent_.leave();
  settle(context);
}

void SmartLicensing::renew(Context& context, const Arguments& arguments) {
  if (refuses(context)) return;
  if (!agent_.store().is_registered) {
    context.print("ERROR: The device is not registered\n");
    return;
  }
  if (arguments.has("id")) {
    agent_.renew_certificate();
  } else {
    agent_.renew_authorization();
  }
  settle(context);
}

void SmartLicensing::show(Context& context, const Arguments& arguments) {
  if (refuses(context)) return;
  const LicensingReport report(agent_, {.generation = generation_of(context.release()),
                                        .now = context.now(),
                                        .clock = context.calendar(),
                                        .account = account_,
                                        .virtual_account = virtual_account_,
                                        .serial = kept_.serial});
  context.print(arguments.has("all")       ? report.all()
                : arguments.has("status")  ? report.status()
                : arguments.has("summary") ? report.summary()
                : arguments.has("usage")   ? report.usage()
                                           : report.udi());
}

}  // namespace

void register_smart_licensing(Registry& registry);
void register_smart_licensing(Registry& registry) {
  registry.add<SmartLicensing>("smart_licensing");
}

}  // namespace asaemu
