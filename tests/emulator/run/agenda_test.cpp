// In which order devices have their turns.
#include "emulator/run/agenda.hpp"

#include "model/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

/// An event as it came: when, whose, and its number among the device's.
using Came = std::tuple<SimTime, std::uint32_t, std::uint64_t>;

SimTime time_of(const Came& came) {
  return std::get<0>(came);
}

/// Numbers events as devices do, and takes them as a worker does.
class Fleet {
 public:
  Fleet(std::size_t devices, SimTime end) : agenda(devices, end), sequences_(devices) {}

  void schedule(SimTime at, std::uint32_t device) {
    schedule_unheard(at, device);
    agenda.renew(device);
  }
  TimerHandle schedule_unheard(SimTime at, std::uint32_t device) {
    const std::uint64_t sequence = sequences_[device]++;
    return agenda.events_of(device).schedule(at, device, sequence,
                                             Event{.device = device, .data = sequence});
  }

  /// The next event; what it sets off is scheduled before the agenda hears of anything.
  Came take(const std::function<void(const Came&)>& run = {}) {
    const std::size_t place = agenda.next();
    const SimTime at = agenda.next_time();
    const Event event = agenda.events_of(place).pop();
    const Came came{at, event.device, event.data};
    REQUIRE(event.device == place);
    if (run) run(came);
    agenda.renew(place);
    return came;
  }

  Agenda agenda;

 private:
  std::vector<std::uint64_t> sequences_;
};

/// A fleet whose devices each have chains of events that set off the next: everything that came, when
/// the slice is `slice`.
std::vector<Came> play(SimDuration slice) {
  constexpr std::uint32_t kDevices = 23;
  Fleet fleet(kDevices, kStart + 5s);
  std::vector<RandomStream> random;
  for (std::uint32_t i = 0; i < kDevices; ++i) {
    random.emplace_back(1, std::to_string(i), "agenda");
    for (int chain = 0; chain < 3; ++chain) {
      fleet.schedule(kStart + SimDuration(static_cast<std::int64_t>(random[i].below(500)) * 1ms),
                     i);
    }
  }
  fleet.agenda.set_slice(slice);
  std::vector<Came> all;
  while (fleet.agenda.next_time() != kNever) {
    all.push_back(fleet.take([&](const Came& came) {
      const std::uint32_t device = std::get<1>(came);
      const auto later = SimDuration(static_cast<std::int64_t>(random[device].below(40)) * 1ms);
      fleet.schedule_unheard(time_of(came) + later, device);
    }));
  }
  return all;
}

std::map<std::uint32_t, std::vector<Came>> by_device(const std::vector<Came>& all) {
  std::map<std::uint32_t, std::vector<Came>> devices;
  for (const Came& came : all) devices[std::get<1>(came)].push_back(came);
  return devices;
}

}  // namespace

TEST_CASE("without slices events of devices come by time and then by place") {
  Fleet fleet(3, kNever);
  fleet.schedule(kStart + 2s, 0);
  fleet.schedule(kStart + 1s, 2);
  fleet.schedule(kStart + 1s, 1);
  fleet.schedule(kStart + 1s, 1);
  REQUIRE(fleet.take() == Came{kStart + 1s, 1, 0});
  REQUIRE(fleet.take() == Came{kStart + 1s, 1, 1});
  REQUIRE(fleet.take() == Came{kStart + 1s, 2, 0});
  REQUIRE(fleet.take() == Came{kStart + 2s, 0, 0});
  REQUIRE(fleet.agenda.next_time() == kNever);
}

TEST_CASE("an agenda of nobody has nothing to do") {
  Agenda agenda(0, kNever);
  agenda.set_slice(1s);
  REQUIRE(agenda.next_time() == kNever);
}

TEST_CASE("nothing happens at the end or later") {
  for (const SimDuration slice : {SimDuration{}, SimDuration{1s}}) {
    Fleet fleet(2, kStart + 1500ms);
    fleet.schedule(kStart + 1500ms - 1ns, 1);
    fleet.schedule(kStart + 1500ms, 1);
    fleet.schedule(kStart + 1400ms, 0);
    fleet.schedule(kStart + 1500ms, 0);
    fleet.agenda.set_slice(slice);
    REQUIRE(fleet.take() == Came{kStart + 1400ms, 0, 0});
    REQUIRE(fleet.take() == Came{kStart + 1500ms - 1ns, 1, 0});
    REQUIRE(fleet.agenda.next_time() == kNever);
  }
}

TEST_CASE("a turn in slices goes on to the end of the slice and not beyond") {
  Fleet fleet(2, kNever);
  fleet.agenda.set_slice(1s);
  fleet.schedule(kStart + 100ms, 0);
  fleet.schedule(kStart + 200ms, 1);
  fleet.schedule(kStart + 1s - 1ns, 0);
  fleet.schedule(kStart + 1s, 0);
  REQUIRE(fleet.take() == Came{kStart + 100ms, 0, 0});
  REQUIRE(fleet.take() == Came{kStart + 1s - 1ns, 0, 1});
  REQUIRE(fleet.take() == Came{kStart + 200ms, 1, 0});
  REQUIRE(fleet.take() == Came{kStart + 1s, 0, 2});
  REQUIRE(fleet.agenda.next_time() == kNever);
}

TEST_CASE("a turn takes in what it schedules within the slice") {
  Fleet fleet(2, kNever);
  fleet.agenda.set_slice(1s);
  fleet.schedule(kStart + 5100ms, 0);
  fleet.schedule(kStart + 5200ms, 1);
  const auto first = fleet.take([&fleet](const Came&) {
    fleet.schedule_unheard(kStart + 5900ms, 0);
    fleet.schedule_unheard(kStart + 6000ms, 0);
  });
  REQUIRE(first == Came{kStart + 5100ms, 0, 0});
  REQUIRE(fleet.take() == Came{kStart + 5900ms, 0, 1});
  REQUIRE(fleet.take() == Came{kStart + 5200ms, 1, 0});
  REQUIRE(fleet.take() == Came{kStart + 6000ms, 0, 2});
}

TEST_CASE("a turn whose other events are cancelled ends") {
  Fleet fleet(2, kNever);
  fleet.agenda.set_slice(1s);
  fleet.schedule(kStart + 100ms, 0);
  fleet.schedule(kStart + 200ms, 1);
  const TimerHandle timer = fleet.schedule_unheard(kStart + 300ms, 0);
  fleet.take([&](const Came&) { REQUIRE(fleet.agenda.events_of(0).cancel(timer)); });
  REQUIRE(fleet.take() == Came{kStart + 200ms, 1, 0});
  REQUIRE(fleet.agenda.next_time() == kNever);
}

TEST_CASE("slices change the order of different devices only and by less than a slice") {
  const std::vector<Came> ordered = play({});
  REQUIRE(ordered.size() > 10'000);
  REQUIRE(std::is_sorted(ordered.begin(), ordered.end(), [](const Came& a, const Came& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  }));
  for (const SimDuration slice : {SimDuration{1ms}, SimDuration{70ms}, SimDuration{1s}}) {
    const std::vector<Came> sliced = play(slice);
    REQUIRE(by_device(sliced) == by_device(ordered));
    SimTime latest = kStart;
    for (const Came& came : sliced) {
      latest = std::max(latest, time_of(came));
      REQUIRE(latest - time_of(came) < slice);
    }
    if (slice > 70ms) continue;
    // One turn a device and slice, as long as none is too long.
    std::map<std::pair<std::int64_t, std::uint32_t>, int> turns;
    for (std::size_t i = 0; i < sliced.size(); ++i) {
      const auto turn = [&](const Came& came) {
        return std::pair{(time_of(came) - kStart) / slice, std::get<1>(came)};
      };
      if (i == 0 || turn(sliced[i]) != turn(sliced[i - 1])) ++turns[turn(sliced[i])];
    }
    for (const auto& [turn, times] : turns) REQUIRE(times == 1);
  }
}

TEST_CASE("a turn in slices ends after its most events") {
  for (const unsigned events : {Agenda::kTurnMax - 1, Agenda::kTurnMax, Agenda::kTurnMax + 1}) {
    Fleet fleet(2, kNever);
    for (unsigned i = 0; i < events; ++i) fleet.schedule(kStart + 1ms * (2 * i), 0);
    fleet.schedule(kStart + 1ms, 1);
    fleet.agenda.set_slice(1s);
    unsigned before = 0;
    while (std::get<1>(fleet.take()) == 0) ++before;
    REQUIRE(before == std::min(events, Agenda::kTurnMax));
  }
}

TEST_CASE("an agenda that goes back to order has lost nothing") {
  Fleet fleet(3, kNever);
  fleet.agenda.set_slice(1s);
  fleet.schedule(kStart + 100ms, 0);
  fleet.schedule(kStart + 900ms, 0);
  fleet.schedule(kStart + 300ms, 1);
  fleet.schedule(kStart + 200ms, 2);
  REQUIRE(fleet.take() == Came{kStart + 100ms, 0, 0});
  fleet.agenda.set_slice({});
  REQUIRE(fleet.take() == Came{kStart + 200ms, 2, 0});
  REQUIRE(fleet.take() == Came{kStart + 300ms, 1, 0});
  REQUIRE(fleet.take() == Came{kStart + 900ms, 0, 1});
}
