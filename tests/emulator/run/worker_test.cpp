// Workers whose devices have their turns in slices do what those in order do.
#include "emulator/run/worker.hpp"

#include "emulator/yaml/embedded.hpp"
#include "tests/emulator/scenario/scenario_files.hpp"
#include "tests/golden/played.hpp"

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

/// Devices of which each has its own times, with operators, packets, timers and a reboot.
constexpr std::string_view kFleet = R"(name: t
summary: A test.
seed: 5
start: 2026-11-20T08:00:00Z
devices:
  - name: fw-{1..7}
    config: |
      interface GigabitEthernet0/0
       nameif outside
       ip address 203.0.113.1 255.255.255.0
      interface GigabitEthernet0/1
       nameif inside
       ip address 10.0.0.1 255.255.255.0
      route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
      logging enable
      logging timestamp
      logging trap informational
      logging host inside 10.0.0.50
timeline:
  - {at: 0s, cli: shun 198.51.100.7}
  - at: 1s
    for: 90s
    rate: {poisson: 4/s}
    packet: {in: outside, proto: tcp, src: 198.51.100.7, dst: {pool: 10.0.0.0/24}, sport: 1, dport: 22, flags: syn}
  - at: 2s
    for: 90s
    rate: {poisson: 2/s}
    packet: {in: inside, proto: udp, src: {pool: 10.0.0.0/24}, dst: 198.51.100.9, sport: 1, dport: 53}
  - {at: 5s, device: fw-3, world: {link: GigabitEthernet0/0, state: down}}
  - {at: 8s, device: fw-3, world: {link: GigabitEthernet0/0, state: up}}
  - {at: 20s, device: fw-5, cli: reload noconfirm}
)";

/// What came of a plan.
struct Outcome {
  std::vector<std::vector<std::string>> lines;  ///< of each device
  std::vector<std::uint64_t> counts;
  std::uint64_t executed = 0;
  SimTime reached;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome play(const Plan& plan, SimDuration slice) {
  test::Keeper keeper;
  const SimTime end = plan.duration ? kStart + *plan.duration : kNever;
  Worker worker(plan, test::catalogue(), keeper, plan.start.value_or(CalendarTime{}), end);
  worker.set_slice(slice);
  while (worker.next_time() != kNever) worker.run_next();
  Outcome outcome{{}, worker.message_counts(), worker.stimuli().executed, worker.now()};
  for (const auto& device : worker.devices()) {
    outcome.lines.push_back(keeper.lines_of(device->spec().name));
  }
  return outcome;
}

void check_slices(const Plan& plan) {
  const Outcome ordered = play(plan, {});
  REQUIRE(ordered.executed > 0);
  for (const SimDuration slice : {SimDuration{1ms}, SimDuration{1s}, SimDuration{1h}}) {
    INFO(to_string(slice));
    REQUIRE((play(plan, slice) == ordered));
  }
}

Plan fleet(const std::string& more) {
  const test::ScenarioFiles files;
  files.write("t.yaml", std::string(kFleet) + more);
  return files.plan("t.yaml");
}

}  // namespace

TEST_CASE("slices change nothing that a device does until its own end") {
  check_slices(fleet(""));
}

TEST_CASE("slices change nothing that a device does until the end of the run") {
  // The end lies within a slice, and on the boundary of one.
  check_slices(fleet("duration: 30s500ms\n"));
  check_slices(fleet("duration: 40s\n"));
}

TEST_CASE("slices change nothing that the devices of a shipped scenario do") {
  std::size_t scenarios = 0;
  for (const auto& file : embedded_scenarios()) {
    Faults faults;
    if (file.name.starts_with("parts/")) continue;
    Plan plan = read_scenario(std::string(file.name), {}, test::catalogue(), faults);
    REQUIRE(faults.empty());
    constexpr std::size_t kDevicesMax = 60;
    if (plan.devices.size() < 2 || plan.devices.size() > kDevicesMax) continue;
    plan.duration = std::min<SimDuration>(plan.duration.value_or(10min), 10min);
    INFO(file.name);
    const Outcome ordered = play(plan, {});
    REQUIRE((play(plan, 1s) == ordered));
    ++scenarios;
  }
  REQUIRE(scenarios > 3);
}

TEST_CASE("a worker that is stopped in a slice counts what it did not do") {
  const Plan plan = fleet("duration: 60s\n");
  const std::uint64_t all = play(plan, {}).executed;
  test::Keeper keeper;
  Worker worker(plan, test::catalogue(), keeper, *plan.start, kStart + 60s);
  worker.set_slice(10s);
  while (worker.stimuli().executed < all / 2) worker.run_next();
  const SimTime reached = worker.now();
  REQUIRE(reached > kStart + 10s);
  std::uint64_t told = 0;
  worker.abandon(reached, [&](SimTime due) {
    REQUIRE(due <= reached);
    ++told;
  });
  REQUIRE(told > 0);
  REQUIRE(worker.stimuli().missed == told);
  REQUIRE(worker.next_time() > reached);
  worker.abandon(kStart + 60s);
  REQUIRE(worker.stimuli().executed + worker.stimuli().missed == all);
}
