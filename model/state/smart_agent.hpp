// The Smart Licensing agent as a state machine: registration, authorization, evaluation period and
// every timer of theirs. It says what it has to tell (notes) and what it asks the cloud (requests);
// it neither logs nor sends.
#pragma once

#include "model/base/random.hpp"
#include "model/state/failover.hpp"
#include "model/state/licensing_cloud.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace asaemu {

/// What the agent can have to tell, in the order of the messages 444302 to 444307.
enum class AgentNotice : std::uint8_t {
  kPlatformError,
  kRegistrationFailed,
  kDeregistrationFailed,
  kOutOfCompliance,
  kEvaluationExpired,
  kBadMode,
  kBadNotification,
  kCertificateExpired,
  kCertificateNotYetValid,
  kCertificateRenewalFailed,
  kEntitlementRenewalFailed,
  kCommunicationFailed,
  kCertificateValidationFailed,
  kAuthorizationRenewalFailed,
  kInvalidTag,
  kInvalidRoleState,
  kEvaluationWillExpire,    ///< with `span`
  kEvaluationExpiredOn,     ///< with `date`
  kRegistrationWillExpire,  ///< with `span`
  kConfigOutOfSync,         ///< `flag`: the protected storage says enabled
  kRegistrationExpiredByClock,
  kRootCertificateMismatch,
  kStandbyOutOfSync,
  kInOverage,
  kConfigNotSaved,
  kClockChanged,
  kInCompliance,
  kEvaluationStarted,
  kAuthorizationExpired,
  kCommunicationRestored,
  kCommunicationInitFailed,
  kReady,
  kEnabled,
  kRegistrationSucceeded,
  kDeregistrationSucceeded,
  kDisabled,
  kCertificateRenewed,
  kEntitlementRenewed,
  kAuthorizationRenewed,
  kRoleChanged,         ///< `flag`: to active
  kChassisRoleChanged,  ///< `flag`: to active
  kAlreadyRegistered,
  kAlreadyDeregistered,
  kExportControl,  ///< `flag`: allowed
  kDailyTimerReset,
  kCount
};

struct AgentNote {
  AgentNotice notice;
  bool flag = false;
  SimDuration span{};
  CalendarTime date{};
  std::string_view reason = {};  ///< of kCommunicationFailed
};

/// Agents of the 1.x and the 4.x line differ in what they print (asa-behaviour E.3).
enum class AgentGeneration : std::uint8_t { kFirst, kFourth };

/// The last time something was tried.
struct AgentAttempt {
  bool is_made = false;
  bool is_successful = false;
  CalendarTime at{};
  std::string reason;  ///< of a failure
};

enum class AuthorizationStatus : std::uint8_t {
  kNone,
  kAuthorized,
  kOverage,
  kOutOfCompliance,
  kExpired
};

/// The agent's protected storage, which outlives reloads and power failures.
struct AgentStore {
  bool is_failing = false;  ///< hardware: nothing can be read or written
  bool is_used = false;     ///< an agent has run with it before
  bool is_enabled = true;

  bool is_registered = false;
  bool is_export_allowed = false;
  IdentityCertificate certificate{};
  AgentAttempt registration;
  AgentAttempt renewal;
  CalendarTime next_renewal{};

  AuthorizationStatus authorization = AuthorizationStatus::kNone;
  CalendarTime authorization_since{};
  CalendarTime authorization_deadline{};
  AgentAttempt communication;
  CalendarTime next_communication{};
  std::array<Compliance, kEntitlementCount> compliance{};

  /// Of the evaluation period, which only running time without a registration uses up.
  SimDuration evaluation_left = std::chrono::days(90);
  std::optional<CalendarTime> evaluation_expired;
};

/// Timings that no source settles.
struct AgentSettings {
  SimDuration retry_most = std::chrono::days(1);
  SimDuration evaluation_warning = std::chrono::days(21);
  SimDuration out_of_compliance_interval = std::chrono::hours(12);
};

/// What an agent is told when its device has booted.
struct AgentBoot {
  AgentGeneration generation = AgentGeneration::kFourth;
  Failover failover;  ///< as it has been settled by then
};

/// When something happens to the agent.
struct AgentMoment {
  SimTime time;        ///< runs evenly
  CalendarTime clock;  ///< the device's clock, which can be set
  RandomStream& random;
};

class SmartAgent {
 public:
  // Timers that the vendor's `show license all` bears out (asa-behaviour E.3). What is due after a
  // while is printed, and done, a second before it.
  static constexpr SimDuration kOneSecondEarly = std::chrono::seconds(1);
  static constexpr SimDuration kRenewalInterval = std::chrono::days(180);
  static constexpr SimDuration kAuthorizationInterval = std::chrono::days(30);
  static constexpr SimDuration kAuthorizationLife = std::chrono::days(90);
  static constexpr SimDuration kRegistrationWarning = std::chrono::days(60);
  static constexpr SimDuration kClockGrace = std::chrono::minutes(60);
  static constexpr SimDuration kFirstAuthorizationRetry = std::chrono::seconds(30);
  static constexpr SimDuration kFirstRenewalRetry = std::chrono::minutes(15);
  /// How far a clock may be behind the cloud's for a new certificate to hold (inferred).
  static constexpr SimDuration kClockTolerance = std::chrono::minutes(5);

  SmartAgent(AgentStore& store, const AgentSettings& settings)
      : store_(store), settings_(settings) {}

  // What the configuration says.
  void set_entitlements(const AgentMoment& now, EntitlementSet wanted);
  void set_enabled(const AgentMoment& now, bool enabled);
  void set_saved(bool saved) { is_saved_ = saved; }

  // What an operator asks for.
  void enrol(std::string token, bool force);
  void leave();
  void renew_certificate();
  void renew_authorization();

  // What happens around it.
  void boot(const AgentMoment& now, const AgentBoot& boot);
  void change_clock(const AgentMoment& now);
  void change_role(const AgentMoment& now, FailoverRole role);
  void change_chassis_role(FailoverRole role);
  /// Licensing data of the active unit reaches this standby unit.
  void receive_sync(bool is_readable);
  /// The cloud asks for something; `is_known` if it is a fresh authorization, which the agent can do.
  void receive_notice(bool is_known);
  void receive_answer(const AgentMoment& now, AgentRequest request, const CloudAnswer& answer);

  /// Does everything that is due.
  void run_due(const AgentMoment& now);
  /// How long until something is due; nullopt if nothing ever is.
  [[nodiscard]] std::optional<SimDuration> until_due(const AgentMoment& now) const;

  [[nodiscard]] std::vector<AgentNote> take_notes() { return std::exchange(notes_, {}); }
  [[nodiscard]] std::vector<AgentRequest> take_requests() { return std::exchange(requests_, {}); }

  [[nodiscard]] const AgentStore& store() const { return store_; }
  [[nodiscard]] const std::string& token() const { return token_; }
  [[nodiscard]] EntitlementSet entitlements() const { return entitlements_; }
  [[nodiscard]] bool is_enabled() const { return is_enabled_; }
  [[nodiscard]] bool is_registering() const { return in_flight(AgentRequest::kRegister); }
  /// What is left of the evaluation period at this moment.
  [[nodiscard]] SimDuration evaluation_left(SimTime now) const;
  /// When a registration that failed is tried again; nullopt if it is not.
  [[nodiscard]] std::optional<SimTime> next_registration() const {
    return timers_[static_cast<std::size_t>(Job::kRegister)];
  }

 private:
  enum class Phase : std::uint8_t { kOff, kRunning, kBroken };
  enum class Link : std::uint8_t { kUp, kLost, kNoTransport };

  /// What can be due, in the order in which it is done if several are due at a time. The first have
  /// timers of their own, the last follow from dates in the store.
  enum class Job : std::uint8_t {
    kAnnounce,
    kReady,
    kGraceEnd,
    kEvaluationStart,
    kRegister,
    kDaily,
    kTimerCount,
    kEvaluationEnd = kTimerCount,
    kCertificateEnd,
    kAuthorizationEnd,
    kRenewal,
    kAuthorization,
    kCount
  };

  /// Waiting times that double with every failure.
  class Backoff {
   public:
    explicit Backoff(SimDuration first) : first_(first), next_(first) {}
    void reset() { next_ = first_; }
    SimDuration next(SimDuration most) {
      const SimDuration wait = std::min(next_, most);
      next_ = wait * 2;
      return wait;
    }

   private:
    SimDuration first_;
    SimDuration next_;
  };

  void tell(const AgentNote& note) { notes_.push_back(note); }
  void tell(AgentNotice notice) { notes_.push_back(AgentNote{notice}); }
  void tell_export_control() {
    tell({.notice = AgentNotice::kExportControl, .flag = store_.is_export_allowed});
  }
  void send(AgentRequest request);
  [[nodiscard]] bool in_flight(AgentRequest request) const {
    return in_flight_.test(static_cast<std::size_t>(request));
  }
  [[nodiscard]] bool is_first_generation() const {
    return boot_.generation == AgentGeneration::kFirst;
  }
  [[nodiscard]] bool is_serving() const {
    return phase_ == Phase::kRunning && is_enabled_ && failover_.unit != FailoverRole::kStandby &&
           failover_.unit != FailoverRole::kFailed;
  }
  std::optional<SimTime>& timer(Job job) { return timers_[static_cast<std::size_t>(job)]; }

  [[nodiscard]] std::optional<SimTime> due(Job job, const AgentMoment& now) const;
  [[nodiscard]] std::optional<std::pair<SimTime, Job>> next_job(const AgentMoment& now) const;
  void run(Job job, const AgentMoment& now);
  void start(const AgentMoment& now);
  void run_daily(const AgentMoment& now);

  void settle_evaluation(const AgentMoment& now);
  void commit_evaluation(SimTime now);
  void start_evaluation_of(const AgentMoment& now, std::size_t entitlements);
  void end_evaluation(const AgentMoment& now);
  void check_validity(const AgentMoment& now, bool is_clock_set);
  void unregister(const AgentMoment& now);

  [[nodiscard]] bool hear(const CloudAnswer& answer);
  [[nodiscard]] bool accept(const AgentMoment& now, const IdentityCertificate& certificate);
  void finish_registration(const AgentMoment& now, const CloudAnswer& answer, bool is_granted);
  void finish_deregistration(const AgentMoment& now, const CloudAnswer& answer, bool is_granted);
  void finish_renewal(const AgentMoment& now, const CloudAnswer& answer, bool is_granted);
  void finish_authorization(const AgentMoment& now, AgentRequest request, const CloudAnswer& answer,
                            bool is_granted);
  [[nodiscard]] std::optional<AuthorizationStatus> judge(const CloudAnswer& answer);
  void adopt(const AgentMoment& now, AuthorizationStatus status);
  [[nodiscard]] AgentAttempt attempt(const AgentMoment& now, const CloudAnswer& answer,
                                     bool is_successful) const;

  AgentStore& store_;
  AgentSettings settings_;
  AgentBoot boot_;
  Phase phase_ = Phase::kOff;
  bool is_enabled_ = true;
  bool is_saved_ = true;
  EntitlementSet entitlements_;
  std::string token_;

  Failover failover_;
  bool is_synced_ = true;

  Link link_ = Link::kUp;
  Backoff registration_retry_{kFirstRenewalRetry};
  Backoff renewal_retry_{kFirstRenewalRetry};
  Backoff authorization_retry_{kFirstAuthorizationRetry};
  std::optional<SimTime> evaluation_since_;
  std::size_t evaluation_starts_ = 0;  ///< licences whose evaluation is not told yet

  std::array<std::optional<SimTime>, static_cast<std::size_t>(Job::kTimerCount)> timers_;
  std::bitset<kAgentRequestCount> in_flight_;
  std::vector<AgentRequest> requests_;
  std::vector<AgentNote> notes_;
};

}  // namespace asaemu
