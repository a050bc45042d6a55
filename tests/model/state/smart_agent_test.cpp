#include "model/state/smart_agent.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;
using std::chrono::days;
using Notice = AgentNotice;
using Notices = std::vector<AgentNotice>;

namespace {

/// An agent with a storage and a cloud that answers at once, on a clock of its own.
class Desk {
 public:
  explicit Desk(AgentSettings settings = {}) : agent(store, settings) {}

  [[nodiscard]] AgentMoment now() { return {time, clock, random}; }

  /// Lets time pass, from deadline to deadline.
  Desk& pass(SimDuration length) {
    const SimTime until = time + length;
    for (answer(); agent.until_due(now()); answer()) {
      const SimDuration wait = *agent.until_due(now());
      if (time + wait > until) break;
      shift(wait);
      agent.run_due(now());
    }
    shift(until - time);
    answer();
    return *this;
  }

  /// Sets the clock, which does not make time pass.
  Desk& set_clock(SimDuration by) {
    clock += by;
    agent.change_clock(now());
    return *this;
  }

  Desk& boot() {
    agent.boot(now(), {});
    pass(10s);
    take();
    return *this;
  }

  Desk& enrol() {
    agent.enrol("T", false);
    pass(11s);
    take();
    REQUIRE(store.is_registered);
    return *this;
  }

  /// What the agent has told since it was last asked.
  Notices take() { return std::exchange(heard, {}); }
  /// The same, without the daily sign of life.
  Notices take_news() {
    Notices news = take();
    std::erase(news, Notice::kDailyTimerReset);
    return news;
  }

  AgentStore store;
  LicensingCloud cloud;
  SmartAgent agent;
  SimTime time{};
  CalendarTime clock = *parse_calendar("2026-11-20T08:00:00Z");
  CalendarTime truth = clock;
  RandomStream random;
  Notices heard;

 private:
  void shift(SimDuration length) {
    time += length;
    clock += length;
    truth += length;
  }

  void answer() {
    for (const AgentRequest request : agent.take_requests()) {
      agent.receive_answer(
          now(), request,
          cloud.answer({.request = request, .token = agent.token(), .time = truth}));
    }
    for (const AgentNote& note : agent.take_notes()) heard.push_back(note.notice);
  }
};

const EntitlementSet kOne{0b10};

}  // namespace

TEST_CASE("a registration is renewed a second before 180 days are over, and not earlier") {
  Desk desk;
  desk.boot().enrol();
  const CalendarTime renewal = desk.store.next_renewal;
  REQUIRE(renewal == desk.store.registration.at + days(180) - 1s);
  desk.pass(renewal - desk.clock - 1ns);
  const Notices before = desk.take();
  CHECK(std::ranges::count(before, Notice::kCertificateRenewed) == 0);
  desk.pass(1ns);
  CHECK(desk.take() == Notices{Notice::kCertificateRenewed});
  CHECK(desk.store.certificate.until == renewal + days(365));
}

TEST_CASE("an authorization is renewed a second before 30 days are over") {
  Desk desk;
  desk.boot().enrol();
  const CalendarTime next = desk.store.next_communication;
  REQUIRE(next == desk.store.communication.at + days(30) - 1s);
  desk.pass(next - desk.clock - 1ns);
  CHECK(desk.take_news().empty());
  desk.pass(1ns);
  CHECK(desk.take_news() == Notices{Notice::kAuthorizationRenewed});
}

TEST_CASE("an authorization expires 90 days after the last contact, to the moment") {
  Desk desk;
  desk.boot().enrol();
  const CalendarTime deadline = desk.store.authorization_deadline;
  REQUIRE(deadline == desk.store.communication.at + days(90));
  desk.cloud.set_reach(LicensingCloud::Reach::kSilent);
  desk.pass(deadline - desk.clock - 1ns);
  CHECK(desk.store.authorization == AuthorizationStatus::kAuthorized);
  CHECK(std::ranges::count(desk.take(), Notice::kAuthorizationExpired) == 0);
  desk.pass(1ns);
  CHECK(desk.store.authorization == AuthorizationStatus::kExpired);
  CHECK(std::ranges::count(desk.take(), Notice::kAuthorizationExpired) == 1);
}

TEST_CASE("a registration ends a year after it was made if it cannot be renewed") {
  Desk desk;
  desk.agent.set_entitlements(desk.now(), kOne);
  desk.boot().enrol();
  const CalendarTime end = desk.store.certificate.until;
  REQUIRE(end == desk.store.registration.at + days(365));
  desk.cloud.set_reach(LicensingCloud::Reach::kSilent);
  desk.pass(end - desk.clock - 1ns);
  CHECK(desk.store.is_registered);
  desk.take();
  desk.pass(1ns);
  CHECK_FALSE(desk.store.is_registered);
  CHECK(desk.take() ==
        Notices{Notice::kCertificateExpired, Notice::kExportControl, Notice::kEvaluationStarted});
}

TEST_CASE("the evaluation period takes 90 days of running time") {
  Desk desk;
  desk.agent.set_entitlements(desk.now(), kOne);
  desk.boot();
  const SimDuration left = desk.agent.evaluation_left(desk.time);
  CHECK(left < days(90));
  CHECK(left > days(90) - 10s);
  desk.pass(left - 1ns);
  CHECK(std::ranges::count(desk.take(), Notice::kEvaluationExpired) == 0);
  desk.pass(1ns);
  CHECK(desk.take() == Notices{Notice::kDailyTimerReset, Notice::kEvaluationExpired});
  desk.pass(days(1));
  CHECK(desk.take() == Notices{Notice::kEvaluationExpiredOn, Notice::kDailyTimerReset});
}

TEST_CASE("the evaluation period rests while nothing is asked for or the device is registered") {
  Desk desk;
  desk.boot().pass(days(100)).take();
  CHECK(desk.agent.evaluation_left(desk.time) == days(90));
  desk.agent.set_entitlements(desk.now(), kOne);
  desk.pass(days(1));
  CHECK(desk.agent.evaluation_left(desk.time) == days(89));
  desk.agent.enrol("T", false);
  desk.pass(days(20));
  CHECK(desk.agent.evaluation_left(desk.time) == days(89));
  desk.agent.leave();
  desk.pass(days(1));
  CHECK(desk.agent.evaluation_left(desk.time) == days(88));
  desk.agent.set_entitlements(desk.now(), {});
  desk.pass(days(10));
  CHECK(desk.agent.evaluation_left(desk.time) == days(88));
}

TEST_CASE("the end of the evaluation period is warned of daily from the given time on") {
  Desk desk({.evaluation_warning = days(3)});
  desk.agent.set_entitlements(desk.now(), kOne);
  desk.boot().pass(days(100));
  const Notices heard = desk.take();
  CHECK(std::ranges::count(heard, Notice::kEvaluationWillExpire) == 3);
  CHECK(std::ranges::count(heard, Notice::kEvaluationExpired) == 1);
}

TEST_CASE("each licence enters evaluation by itself, 60 to 80 ms after the one before") {
  Desk desk;
  desk.agent.set_entitlements(desk.now(), EntitlementSet{0b100010});
  desk.agent.boot(desk.now(), {});
  SimTime first{};
  while (std::ranges::count(desk.heard, Notice::kEvaluationStarted) == 0) desk.pass(1ms);
  first = desk.time;
  while (std::ranges::count(desk.heard, Notice::kEvaluationStarted) == 1) desk.pass(1ms);
  CHECK(desk.time - first >= 60ms);
  CHECK(desk.time - first <= 80ms);
}

TEST_CASE("attempts that fail come after 30 s, then twice as long each, up to a day") {
  Desk desk;
  desk.boot().enrol();
  desk.cloud.set_reach(LicensingCloud::Reach::kSilent);
  std::vector<SimDuration> waits;
  desk.agent.renew_authorization();
  desk.pass(0s);
  for (int i = 0; i < 14; ++i) {
    waits.push_back(desk.store.next_communication - desk.clock + 1s);
    desk.pass(desk.store.next_communication - desk.clock);
  }
  SimDuration expected = 30s;
  for (const SimDuration wait : waits) {
    CHECK(wait == std::min<SimDuration>(expected, 24h));
    expected *= 2;
  }
  desk.cloud.set_reach(LicensingCloud::Reach::kReachable);
  desk.pass(days(1)).take();
  desk.cloud.set_reach(LicensingCloud::Reach::kSilent);
  desk.agent.renew_authorization();
  desk.pass(0s);
  CHECK(desk.store.next_communication - desk.clock == 29s);
}

TEST_CASE("a clock set out of the registration's dates leaves an hour to put it right") {
  Desk desk;
  desk.boot().enrol();
  desk.set_clock(days(365)).pass(0s);
  CHECK(desk.take() == Notices{Notice::kClockChanged, Notice::kRegistrationExpiredByClock});
  desk.pass(59min).set_clock(-days(365)).pass(0s);
  CHECK(desk.take() == Notices{Notice::kClockChanged});
  desk.pass(2h);
  CHECK(desk.take().empty());
  CHECK(desk.store.is_registered);

  desk.set_clock(-days(1)).pass(60min - 1ns);
  CHECK(desk.store.is_registered);
  desk.pass(1ns);
  CHECK_FALSE(desk.store.is_registered);
}

TEST_CASE("setting a wrong clock once more does not prolong the hour") {
  Desk desk;
  desk.boot().enrol();
  desk.set_clock(days(400)).pass(30min).set_clock(days(1)).pass(30min);
  CHECK_FALSE(desk.store.is_registered);
  CHECK(desk.take() == Notices{Notice::kClockChanged, Notice::kRegistrationExpiredByClock,
                               Notice::kClockChanged, Notice::kExportControl});
}

TEST_CASE("a certificate that is not valid yet by the device's clock is refused") {
  Desk desk;
  desk.boot();
  desk.set_clock(-5min - 1ns).pass(0s).take();
  desk.agent.enrol("T", false);
  desk.pass(0s);
  CHECK(desk.take() == Notices{Notice::kCertificateNotYetValid, Notice::kRegistrationFailed});
  desk.set_clock(1ns).pass(0s).take();
  desk.agent.enrol("T", false);
  desk.pass(0s);
  CHECK(desk.store.is_registered);
}

TEST_CASE("a certificate that is over by the device's clock does not validate") {
  Desk desk;
  desk.boot();
  desk.set_clock(days(365)).pass(0s).take();
  desk.agent.enrol("T", false);
  desk.pass(0s);
  CHECK(desk.take() == Notices{Notice::kCertificateValidationFailed, Notice::kRegistrationFailed});
}

TEST_CASE("failover roles follow each other as the agent allows") {
  using Role = FailoverRole;
  const auto told = [](Role from, Role to) {
    Desk desk;
    const Role at_boot = from == Role::kFailed ? Role::kActive : from;
    desk.agent.boot(desk.now(), {.failover = {.unit = at_boot}});
    desk.pass(10s);
    if (from == Role::kFailed) desk.agent.change_role(desk.now(), Role::kFailed);
    desk.pass(0s).take();
    desk.agent.change_role(desk.now(), to);
    desk.pass(0s);
    return desk.take();
  };
  const Notices changed{Notice::kRoleChanged};
  const Notices refused{Notice::kInvalidRoleState};
  CHECK(told(Role::kNone, Role::kActive) == changed);
  CHECK(told(Role::kNone, Role::kStandby) == changed);
  CHECK(told(Role::kNone, Role::kFailed) == refused);
  CHECK(told(Role::kActive, Role::kStandby) == changed);
  CHECK(told(Role::kActive, Role::kActive).empty());
  CHECK(told(Role::kActive, Role::kFailed).empty());
  CHECK(told(Role::kStandby, Role::kActive) == changed);
  CHECK(told(Role::kFailed, Role::kStandby) == changed);
  CHECK(told(Role::kFailed, Role::kActive) == refused);
}

TEST_CASE("a standby unit asks the cloud for nothing until it takes over") {
  Desk desk;
  desk.boot().enrol();
  desk.agent.change_role(desk.now(), FailoverRole::kStandby);
  desk.pass(days(200));
  CHECK(desk.take_news() == Notices{Notice::kRoleChanged});
  desk.agent.change_role(desk.now(), FailoverRole::kActive);
  desk.pass(0s);
  // The authorization had run out meanwhile, and so had the time to renew the registration.
  CHECK(desk.take() == Notices{Notice::kRoleChanged, Notice::kAuthorizationExpired,
                               Notice::kCertificateRenewed, Notice::kInCompliance,
                               Notice::kAuthorizationRenewed});
}

TEST_CASE("ten years without an operator pass from deadline to deadline") {
  Desk desk;
  desk.agent.set_entitlements(desk.now(), kOne);
  desk.boot().enrol().pass(days(3650));
  const Notices heard = desk.take();
  CHECK(std::ranges::count(heard, Notice::kDailyTimerReset) == 3650);
  CHECK(std::ranges::count(heard, Notice::kAuthorizationRenewed) == 121);
  CHECK(std::ranges::count(heard, Notice::kCertificateRenewed) == 20);
  CHECK(heard.size() == 3650 + 121 + 20);
  CHECK(desk.store.is_registered);
}
