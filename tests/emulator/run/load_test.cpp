#include "emulator/run/load.hpp"

#include "tests/emulator/scenario/scenario_files.hpp"

using namespace asaemu;

namespace {

constexpr CalendarTime kMonday{std::chrono::sys_days{std::chrono::year(2026) / 11 / 16}};

const std::string kFleet =
    "name: t\nsummary: A test.\nduration: 100s\ndevices: [{name: 'fw-{1..4}'}]\ntimeline:\n";

Plan plan_of(const std::string& timeline) {
  const test::ScenarioFiles files;
  files.write("t.yaml", kFleet + timeline);
  return files.plan("t.yaml");
}

}  // namespace

TEST_CASE("a load is what all devices do together, on average over its time") {
  const Plan plan = plan_of(
      "  - {at: 0s, rate: {constant: 10/s}, cli: show clock}\n"
      "  - {at: 50s, device: fw-1, rate: {poisson: 40/s}, cli: show clock}\n"
      "  - {at: 0s, every: 1s, cli: show clock}\n"
      "  - {at: 0s, rate: {constant: 1000/s}, count: 10, cli: show clock}\n");
  REQUIRE(average_load(plan, kMonday) == Approx(60));
}

TEST_CASE("a scaled load is the total that was asked for, in the old proportions") {
  Plan plan = plan_of(
      "  - {at: 0s, rate: {constant: 10/s}, cli: show clock}\n"
      "  - {at: 0s, rate: {ramp: {from: 0/s, to: 20/s, over: 100s}}, cli: show clock}\n"
      "  - {at: 0s, rate: {constant: 7/s}, count: 10, cli: show clock}\n");
  REQUIRE(scale_load(plan, 50'000, kMonday).empty());
  REQUIRE(average_load(plan, kMonday) == Approx(50'000));
  REQUIRE(plan.steps[0].schedule.per_second == Approx(6250));
  REQUIRE(plan.steps[1].schedule.shape->rate(100) == Approx(12500));
  REQUIRE(plan.steps[2].schedule.per_second == 7);
}

TEST_CASE("a load is scaled up to the highest rate of a device and no further") {
  Plan plan = plan_of("  - {at: 0s, rate: {constant: 10/s}, cli: show clock}\n");
  REQUIRE(scale_load(plan, 40e6, kMonday).empty());
  REQUIRE_FALSE(scale_load(plan, 40.1e6, kMonday).empty());
}

TEST_CASE("a scenario without a rate has no load to scale") {
  Plan plan = plan_of("  - {at: 0s, every: 1s, cli: show clock}\n");
  REQUIRE(average_load(plan, kMonday) == 0);
  REQUIRE(scale_load(plan, 10, kMonday).find("no step with a rate") != std::string::npos);
}

TEST_CASE("a rate of the run is shared by its devices") {
  const Plan plan = plan_of(
      "  - {at: 0s, rate: {constant: 100/s, per: run}, cli: show clock}\n"
      "  - {at: 0s, rate: {sine: {mean: 8/s, amplitude: 4/s, period: 10s}, per: run}, cli: show "
      "clock}\n");
  REQUIRE(plan.steps[0].schedule.per_second == Approx(25));
  REQUIRE(plan.steps[1].schedule.shape->rate(0) == Approx(2));
  REQUIRE(average_load(plan, kMonday) == Approx(108));
}

TEST_CASE("a mix shares its rate by weight") {
  const Plan plan = plan_of(
      "  - at: 0s\n    rate: {poisson: 100/s}\n    step: mixed\n    mix:\n"
      "      - {weight: 3, cli: show clock}\n      - {weight: 1.5, cli: show shun}\n"
      "      - {weight: 0.5, cli: show arp}\n");
  REQUIRE(plan.steps.size() == 3);
  REQUIRE(plan.steps[0].schedule.per_second == Approx(60));
  REQUIRE(plan.steps[1].schedule.per_second == Approx(30));
  REQUIRE(plan.steps[2].schedule.per_second == Approx(10));
  REQUIRE(plan.steps[2].label == "mixed");
  REQUIRE(std::get<CliStimulus>(plan.steps[1].stimulus).lines ==
          std::vector<std::string>{"show shun"});
}
