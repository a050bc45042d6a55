#include "model/base/event_queue.hpp"

#include "model/base/random.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <tuple>

using namespace asaemu;
using namespace std::chrono_literals;

TEST_CASE("events run by time, then device, then the device's own sequence") {
  EventQueue<int> queue;
  queue.schedule(kStart + 2s, 0, 0, 1);
  queue.schedule(kStart + 1s, 1, 0, 2);
  queue.schedule(kStart + 1s, 0, 2, 3);
  queue.schedule(kStart + 1s, 0, 1, 4);
  REQUIRE(queue.next_time() == kStart + 1s);
  REQUIRE(queue.pop() == 4);
  REQUIRE(queue.pop() == 3);
  REQUIRE(queue.pop() == 2);
  REQUIRE(queue.pop() == 1);
  REQUIRE(queue.next_time() == kNever);
}

TEST_CASE("a cancelled event does not run, and its handle is stale for ever") {
  EventQueue<int> queue;
  const auto first = queue.schedule(kStart + 1s, 0, 0, 1);
  const auto second = queue.schedule(kStart + 2s, 0, 1, 2);
  REQUIRE(queue.cancel(first));
  REQUIRE_FALSE(queue.cancel(first));
  const auto reused = queue.schedule(kStart + 3s, 0, 2, 3);
  REQUIRE(reused.slot == first.slot);
  REQUIRE_FALSE(queue.cancel(first));
  REQUIRE(queue.pop() == 2);
  REQUIRE_FALSE(queue.is_pending(second));
  REQUIRE(queue.is_pending(reused));
  REQUIRE_FALSE(queue.cancel(TimerHandle{}));
}

TEST_CASE("the queue agrees with a sorted map through random work") {
  EventQueue<std::uint64_t> queue;
  std::map<std::tuple<SimTime, std::uint32_t, std::uint64_t>, TimerHandle> model;
  RandomStream random(1, "event queue", "test");
  std::uint64_t sequence = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto choice = random.below(10);
    if (choice < 5 || model.empty()) {
      const SimTime at = kStart + SimDuration(static_cast<std::int64_t>(random.below(1000)));
      const auto device = static_cast<std::uint32_t>(random.below(5));
      model[{at, device, sequence}] = queue.schedule(at, device, sequence, sequence);
      ++sequence;
    } else if (choice < 7) {
      auto victim = model.begin();
      std::advance(victim, static_cast<std::ptrdiff_t>(random.below(model.size())));
      REQUIRE(queue.cancel(victim->second));
      model.erase(victim);
    } else {
      REQUIRE(queue.next_time() == std::get<0>(model.begin()->first));
      REQUIRE(queue.pop() == std::get<2>(model.begin()->first));
      model.erase(model.begin());
    }
    REQUIRE(queue.size() == model.size());
  }
}
