#include "model/state/smart_agent.hpp"

#include "model/base/assert.hpp"

namespace asaemu {

using namespace std::chrono_literals;

namespace {

constexpr SimDuration kDay = std::chrono::days(1);

/// A random length between the two, to the millisecond.
SimDuration between(RandomStream& random, std::chrono::milliseconds low,
                    std::chrono::milliseconds high) {
  return std::chrono::milliseconds(random.between(static_cast<std::uint64_t>(low.count()),
                                                  static_cast<std::uint64_t>(high.count())));
}

/// The roles that failover can give a unit from the role it had (inferred: a unit that has failed
/// must be a healthy standby before it may take over).
bool can_follow(FailoverRole from, FailoverRole to) {
  return !(from == FailoverRole::kFailed && to == FailoverRole::kActive) &&
         !(from == FailoverRole::kNone && to == FailoverRole::kFailed);
}

}  // namespace

// ---- What the configuration says --------------------------------------------------------------

void SmartAgent::set_entitlements(const AgentMoment& now, EntitlementSet wanted) {
  const EntitlementSet added = wanted & ~entitlements_;
  const bool is_changed = wanted != entitlements_;
  entitlements_ = wanted;
  if (!is_changed || !is_serving()) return;
  if (store_.is_registered) {
    send(AgentRequest::kEntitle);
  } else if (evaluation_since_ && wanted.any()) {
    start_evaluation_of(now, added.count());
  } else {
    settle_evaluation(now);
  }
}

void SmartAgent::set_enabled(const AgentMoment& now, bool enabled) {
  if (enabled == is_enabled_) return;
  is_enabled_ = enabled;
  if (phase_ != Phase::kRunning) return;
  store_.is_enabled = enabled;
  if (enabled) {
    tell(AgentNotice::kEnabled);
    if (!is_first_generation()) tell_export_control();
    timer(Job::kDaily) = now.time + kDay;
    check_validity(now, false);
  } else {
    tell(AgentNotice::kDisabled);
    in_flight_.reset();
    timers_.fill(std::nullopt);
  }
  settle_evaluation(now);
}

// ---- What an operator asks for ----------------------------------------------------------------

void SmartAgent::enrol(std::string token, bool force) {
  if (phase_ == Phase::kBroken) {
    tell(AgentNotice::kPlatformError);
    tell(AgentNotice::kRegistrationFailed);
    return;
  }
  if (!is_serving()) return;
  if (store_.is_registered && !force) {
    tell(AgentNotice::kAlreadyRegistered);
    return;
  }
  token_ = std::move(token);
  registration_retry_.reset();
  timer(Job::kRegister).reset();
  send(AgentRequest::kRegister);
}

void SmartAgent::leave() {
  if (!is_serving()) return;
  timer(Job::kRegister).reset();
  if (store_.is_registered) {
    send(AgentRequest::kDeregister);
  } else {
    tell(AgentNotice::kAlreadyDeregistered);
  }
}

void SmartAgent::renew_certificate() {
  if (is_serving() && store_.is_registered) send(AgentRequest::kRenewCertificate);
}

void SmartAgent::renew_authorization() {
  if (is_serving() && store_.is_registered) send(AgentRequest::kAuthorize);
}

void SmartAgent::send(AgentRequest request) {
  in_flight_.set(static_cast<std::size_t>(request));
  requests_.push_back(request);
}

// ---- Boot and timers --------------------------------------------------------------------------

void SmartAgent::boot(const AgentMoment& now, const AgentBoot& boot) {
  boot_ = boot;
  // The 4.x agent says what it is allowed to do, and is ready a second or two later (E.3).
  timer(is_first_generation() ? Job::kReady : Job::kAnnounce) =
      now.time + between(now.random, 2s, 5s);
}

/// The agent is initialized; the order of what it says is that of E.3.
void SmartAgent::start(const AgentMoment& now) {
  if (store_.is_failing) {
    phase_ = Phase::kBroken;
    tell(AgentNotice::kPlatformError);
    return;
  }
  phase_ = Phase::kRunning;
  tell(AgentNotice::kReady);
  if (is_enabled_ && !is_first_generation()) {
    tell(AgentNotice::kEnabled);
    tell_export_control();
  }
  if (store_.is_used && store_.is_enabled != is_enabled_) {
    tell({.notice = AgentNotice::kConfigOutOfSync, .flag = store_.is_enabled});
  }
  store_.is_used = true;
  store_.is_enabled = is_enabled_;
  change_role(now, boot_.failover.unit);
  change_chassis_role(boot_.failover.chassis);
  if (is_enabled_) timer(Job::kDaily) = now.time + kDay;
  check_validity(now, false);
  settle_evaluation(now);
}

std::optional<SimTime> SmartAgent::due(Job job, const AgentMoment& now) const {
  if (job == Job::kRegister && !is_serving()) return std::nullopt;
  if (job < Job::kTimerCount) return timers_[static_cast<std::size_t>(job)];
  if (job == Job::kEvaluationEnd) {
    if (!evaluation_since_) return std::nullopt;
    return *evaluation_since_ + store_.evaluation_left;
  }
  // The rest are dates of a registration that holds; a clock that is wrong suspends them.
  const bool is_wrong = timers_[static_cast<std::size_t>(Job::kGraceEnd)].has_value();
  if (!is_serving() || !store_.is_registered || is_wrong) return std::nullopt;
  const auto at = [&now](CalendarTime date) { return now.time + (date - now.clock); };
  switch (job) {
    case Job::kCertificateEnd:
      return at(store_.certificate.until);
    case Job::kAuthorizationEnd:
      if (store_.authorization == AuthorizationStatus::kNone ||
          store_.authorization == AuthorizationStatus::kExpired) {
        return std::nullopt;
      }
      return at(store_.authorization_deadline);
    case Job::kRenewal:
      if (in_flight(AgentRequest::kRenewCertificate)) return std::nullopt;
      return at(store_.next_renewal);
    case Job::kAuthorization:
      if (in_flight(AgentRequest::kAuthorize) || in_flight(AgentRequest::kEntitle)) {
        return std::nullopt;
      }
      return at(store_.next_communication);
    default:
      ASAEMU_ASSERT(false);
      return std::nullopt;
  }
}

std::optional<std::pair<SimTime, SmartAgent::Job>> SmartAgent::next_job(
    const AgentMoment& now) const {
  std::optional<std::pair<SimTime, Job>> next;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Job::kCount); ++i) {
    const Job job = static_cast<Job>(i);
    const auto at = due(job, now);
    if (at && (!next || *at < next->first)) next = {*at, job};
  }
  return next;
}

std::optional<SimDuration> SmartAgent::until_due(const AgentMoment& now) const {
  const auto next = next_job(now);
  if (!next) return std::nullopt;
  return std::max(next->first - now.time, SimDuration::zero());
}

void SmartAgent::run_due(const AgentMoment& now) {
  for (auto next = next_job(now); next && next->first <= now.time; next = next_job(now)) {
    if (next->second < Job::kTimerCount) timer(next->second).reset();
    run(next->second, now);
  }
}

void SmartAgent::run(Job job, const AgentMoment& now) {
  switch (job) {
    case Job::kAnnounce:
      if (!store_.is_failing) tell_export_control();
      timer(Job::kReady) = now.time + between(now.random, 1s, 2s);
      return;
    case Job::kReady:
      start(now);
      return;
    case Job::kGraceEnd:
      unregister(now);
      return;
    case Job::kEvaluationStart:
      tell(AgentNotice::kEvaluationStarted);
      if (--evaluation_starts_ > 0) {
        timer(Job::kEvaluationStart) = now.time + between(now.random, 60ms, 80ms);
      }
      return;
    case Job::kRegister:
      send(AgentRequest::kRegister);
      return;
    case Job::kDaily:
      run_daily(now);
      return;
    case Job::kEvaluationEnd:
      end_evaluation(now);
      return;
    case Job::kCertificateEnd:
      tell(AgentNotice::kCertificateExpired);
      unregister(now);
      return;
    case Job::kAuthorizationEnd:
      tell(AgentNotice::kAuthorizationExpired);
      adopt(now, AuthorizationStatus::kExpired);
      return;
    case Job::kRenewal:
      send(AgentRequest::kRenewCertificate);
      return;
    case Job::kAuthorization:
      send(AgentRequest::kAuthorize);
      return;
    case Job::kCount:
      return;
  }
}

void SmartAgent::run_daily(const AgentMoment& now) {
  commit_evaluation(now.time);
  if (!is_saved_) tell(AgentNotice::kConfigNotSaved);
  const SimDuration left = store_.evaluation_left;
  if (evaluation_since_ && left > 0ns && left <= settings_.evaluation_warning) {
    tell({.notice = AgentNotice::kEvaluationWillExpire, .span = left});
  }
  if (store_.evaluation_expired && is_serving() && !store_.is_registered && entitlements_.any()) {
    tell({.notice = AgentNotice::kEvaluationExpiredOn, .date = *store_.evaluation_expired});
  }
  const SimDuration valid = store_.certificate.until - now.clock;
  if (store_.is_registered && is_serving() && valid > 0ns && valid <= kRegistrationWarning) {
    tell({.notice = AgentNotice::kRegistrationWillExpire, .span = valid});
  }
  tell(AgentNotice::kDailyTimerReset);
  timer(Job::kDaily) = now.time + kDay;
}

// ---- Evaluation -------------------------------------------------------------------------------

SimDuration SmartAgent::evaluation_left(SimTime now) const {
  return store_.evaluation_left - (evaluation_since_ ? now - *evaluation_since_ : 0ns);
}

/// Writes down what has been used up. A power failure gives back what ran since.
void SmartAgent::commit_evaluation(SimTime now) {
  if (!evaluation_since_) return;
  store_.evaluation_left -= now - *evaluation_since_;
  evaluation_since_ = now;
}

/// The period runs while licences are in use without a registration.
void SmartAgent::settle_evaluation(const AgentMoment& now) {
  const bool is_needed = is_serving() && !store_.is_registered && entitlements_.any();
  if (is_needed == evaluation_since_.has_value()) return;
  if (is_needed) {
    if (store_.evaluation_left <= 0ns) return;
    evaluation_since_ = now.time;
    start_evaluation_of(now, entitlements_.count());
    return;
  }
  commit_evaluation(now.time);
  evaluation_since_.reset();
  evaluation_starts_ = 0;
  timer(Job::kEvaluationStart).reset();
}

/// Each licence enters evaluation by itself, a moment after the one before (E.3).
void SmartAgent::start_evaluation_of(const AgentMoment& now, std::size_t entitlements) {
  evaluation_starts_ += entitlements;
  if (evaluation_starts_ > 0 && !timer(Job::kEvaluationStart)) {
    timer(Job::kEvaluationStart) = now.time;
  }
}

void SmartAgent::end_evaluation(const AgentMoment& now) {
  store_.evaluation_left = 0ns;
  store_.evaluation_expired = now.clock;
  evaluation_since_.reset();
  tell(AgentNotice::kEvaluationExpired);
}

// ---- Clock and failover -----------------------------------------------------------------------

void SmartAgent::change_clock(const AgentMoment& now) {
  if (phase_ != Phase::kRunning || !is_enabled_) return;
  tell(AgentNotice::kClockChanged);
  check_validity(now, true);
}

/// A registration holds only between the dates of its certificate. If a clock that was set says
/// otherwise, an hour is left to put it right; a certificate that ran out on its own has no grace.
void SmartAgent::check_validity(const AgentMoment& now, bool is_clock_set) {
  if (!is_serving() || !store_.is_registered) return;
  const bool is_early = now.clock + kClockTolerance < store_.certificate.from;
  const bool is_late = now.clock >= store_.certificate.until;
  if (!is_early && !is_late) {
    timer(Job::kGraceEnd).reset();
    return;
  }
  if (timer(Job::kGraceEnd) || (is_late && !is_clock_set)) return;
  tell(AgentNotice::kRegistrationExpiredByClock);
  timer(Job::kGraceEnd) = now.time + kClockGrace;
}

void SmartAgent::change_role(const AgentMoment& now, FailoverRole role) {
  if (phase_ != Phase::kRunning) {
    boot_.failover.unit = role;
    return;
  }
  if (role == failover_.unit) return;
  if (!can_follow(failover_.unit, role)) {
    tell(AgentNotice::kInvalidRoleState);
    return;
  }
  const bool was_standby = failover_.unit == FailoverRole::kStandby;
  failover_.unit = role;
  if (role == FailoverRole::kActive || role == FailoverRole::kStandby) {
    tell({.notice = AgentNotice::kRoleChanged, .flag = role == FailoverRole::kActive});
  }
  if (!is_serving()) in_flight_.reset();
  if (was_standby && is_serving() && store_.is_registered) {
    // It takes over from here on, and what it does not know for sure it asks for at once.
    store_.next_communication = now.clock;
    if (!is_synced_) store_.next_renewal = now.clock;
  }
  is_synced_ = true;
  check_validity(now, false);
  settle_evaluation(now);
}

void SmartAgent::change_chassis_role(FailoverRole role) {
  if (phase_ != Phase::kRunning) {
    boot_.failover.chassis = role;
    return;
  }
  if (role == failover_.chassis) return;
  if (!can_follow(failover_.chassis, role)) {
    tell(AgentNotice::kInvalidRoleState);
    return;
  }
  failover_.chassis = role;
  if (role == FailoverRole::kActive || role == FailoverRole::kStandby) {
    tell({.notice = AgentNotice::kChassisRoleChanged, .flag = role == FailoverRole::kActive});
  }
}

void SmartAgent::receive_sync(bool is_readable) {
  if (phase_ != Phase::kRunning || failover_.unit != FailoverRole::kStandby) return;
  if (is_synced_ && !is_readable) tell(AgentNotice::kStandbyOutOfSync);
  is_synced_ = is_readable;
}

}  // namespace asaemu
