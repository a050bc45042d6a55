#include "model/state/backup_allowance.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <rapidcheck.h>

using asaemu::BackupAllowance;
using asaemu::SimDuration;
using asaemu::SimTime;
using namespace std::chrono_literals;
using std::chrono::days;
using Flow = BackupAllowance::Flow;

namespace {

SimTime at(SimDuration since_start) {
  return asaemu::kStart + since_start;
}

}  // namespace

TEST_CASE("a new backup has five days, which only service uses") {
  BackupAllowance allowance;
  REQUIRE(allowance.left(at(days(100))) == days(5));
  allowance.set_flow(at(days(100)), Flow::kDraining);
  REQUIRE(allowance.days_left(at(days(100))) == 5);
  REQUIRE(allowance.days_left(at(days(101))) == 4);
  REQUIRE(allowance.left(at(days(105) - 1ns)) == 1ns);
  REQUIRE(allowance.left(at(days(105))) == 0s);
  REQUIRE(allowance.left(at(days(300))) == 0s);
}

TEST_CASE("an allowance grows by a day a day up to thirty") {
  BackupAllowance allowance;
  allowance.set_flow(at(0s), Flow::kCharging);
  REQUIRE(allowance.left(at(days(10))) == days(15));
  REQUIRE(allowance.left(at(days(25) - 1ns)) == days(29));
  REQUIRE(allowance.left(at(days(25))) == days(30));
  REQUIRE(allowance.left(at(days(99))) == days(30));
  allowance.set_flow(at(days(99)), Flow::kDraining);
  allowance.set_flow(at(days(109)), Flow::kCharging);
  REQUIRE(allowance.left(at(days(112))) == days(23));
}

TEST_CASE("an allowance is that of a step-by-step account, hour by hour") {
  REQUIRE(rc::check([] {
    BackupAllowance allowance;
    SimTime now = asaemu::kStart;
    SimDuration naive = BackupAllowance::kFirst;
    Flow before = Flow::kStill;
    int charged_hours = 0;
    const auto steps = *rc::gen::inRange(1, 20);
    for (int i = 0; i < steps; ++i) {
      const auto flow = *rc::gen::element(Flow::kStill, Flow::kDraining, Flow::kCharging);
      allowance.set_flow(now, flow);
      if (flow != before) charged_hours = 0;
      before = flow;
      const auto hours = *rc::gen::inRange(0, 24 * 40);
      for (int hour = 0; hour < hours; ++hour) {
        now += 1h;
        if (flow == Flow::kDraining && naive > 0s) naive -= 1h;
        if (flow == Flow::kCharging && ++charged_hours % 24 == 0) {
          naive = std::min<SimDuration>(naive + 24h, BackupAllowance::kMost);
        }
      }
      RC_ASSERT(allowance.left(now) == naive);
    }
  }));
}
