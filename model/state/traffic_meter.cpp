#include "model/state/traffic_meter.hpp"

namespace asaemu {

namespace {

std::int64_t minute_of(SimTime now) {
  return std::chrono::duration_cast<std::chrono::minutes>(now.time_since_epoch()).count();
}

}  // namespace

void TrafficMeter::advance(Minutes& minutes, std::int64_t minute) {
  if (minute - minutes.running >= static_cast<std::int64_t>(kMinutes)) {
    minutes.counters = {};
    minutes.running = minute;
  }
  while (minutes.running < minute) {
    ++minutes.running;
    minutes.counters[static_cast<std::size_t>(minutes.running) % kMinutes] = {};
  }
}

void TrafficMeter::note(SimTime now, Direction direction, std::uint64_t bytes) {
  ++totals_[direction].packets;
  totals_[direction].bytes += bytes;
  const std::int64_t minute = minute_of(now);
  if (!minutes_) {
    minutes_ = std::make_unique<Minutes>();
    minutes_->running = minute;
  }
  if (minute != minutes_->running) advance(*minutes_, minute);
  Counter& counter = minutes_->counters[static_cast<std::size_t>(minute) % kMinutes][direction];
  ++counter.packets;
  counter.bytes += bytes;
}

TrafficMeter::Counter TrafficMeter::rate(SimTime now, Direction direction, unsigned minutes) const {
  Counter sum;
  if (!minutes_) return sum;
  const std::int64_t minute = minute_of(now);
  for (std::int64_t past = minute - minutes; past < minute; ++past) {
    const bool kept = past >= 0 && past <= minutes_->running &&
                      minutes_->running - past < static_cast<std::int64_t>(kMinutes);
    if (!kept) continue;
    const Counter& counter =
        minutes_->counters[static_cast<std::size_t>(past) % kMinutes][direction];
    sum.packets += counter.packets;
    sum.bytes += counter.bytes;
  }
  const std::uint64_t seconds = std::uint64_t{60} * minutes;
  return {sum.packets / seconds, sum.bytes / seconds};
}

}  // namespace asaemu
