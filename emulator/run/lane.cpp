#include "emulator/run/lane.hpp"

#include <algorithm>
#include <thread>

namespace asaemu {

namespace {

/// Longest stay away from signals, and from news of collectors.
constexpr std::chrono::milliseconds kNap{100};
/// The same while a collector keeps lines waiting, or is to be connected to.
constexpr std::chrono::milliseconds kShortNap{5};
/// What connections may take to come about before the simulation begins in real time.
constexpr std::chrono::milliseconds kConnectTime{2000};
/// How long after the end in real time lines may still leave devices' queues, in all and while no
/// collector takes any.
constexpr std::chrono::seconds kDrainTime{30};
constexpr std::chrono::seconds kDrainPatience{5};
/// In real time lines wait for company at most this long (DESIGN section 7).
constexpr std::chrono::milliseconds kBatch{1};
/// At maximum speed the clock and signals are looked at once in so many events.
constexpr unsigned kEventsBetweenLooks = 4096;
/// In real time the clock is read once in so many events.
constexpr unsigned kEventsBetweenClocks = 16;
/// Where nobody sees the order of different devices' lines, and devices are too many for the caches,
/// they have their turns in slices of this length (see Agenda).
constexpr SimDuration kSlice = std::chrono::seconds(10);
constexpr std::size_t kDevicesInOrder = 32;
/// Accounts of so many devices are read at one look, so that a look is short.
constexpr std::size_t kDevicesPerLook = 2000;

void set(std::atomic<std::uint64_t>& gauge, std::uint64_t value) {
  gauge.store(value, std::memory_order_relaxed);
}

}  // namespace

Lane::Lane(RunFrame& frame, const Share& share, Observer* observer)
    : frame_(frame),
      share_(share),
      observer_(observer),
      pacer_(frame.speed),
      outlets_(*frame.plan, frame.to, !frame.speed.is_max, frame.shared),
      gauges_(frame.catalogue->size()) {}

void Lane::open(const Worker::ConsoleSink& console) {
  worker_ = std::make_unique<Worker>(*frame_.plan, *frame_.catalogue, outlets_, frame_.start,
                                     frame_.end, share_, observer_);
  if (console) worker_->set_console(console);
  const bool shows_order = !frame_.speed.is_max || frame_.shows_order || observer_ != nullptr;
  if (!shows_order && worker_->devices().size() > kDevicesInOrder) worker_->set_slice(kSlice);
  outlets_.await_connections(kConnectTime);
  // Devices know what has become of that before anything happens to them.
  if (!pacer_.is_max() && outlets_.has_news() && kStart < frame_.end) tell_devices(kStart);
}

/// Connections have their turn where nothing is due.
void Lane::wait(SimTime until) {
  pacer_.wait(until, outlets_.is_busy() ? kShortNap : kNap);
  if (!pacer_.is_max()) outlets_.tend();
}

bool Lane::is_stopped() {
  if (outlets_.has_ended() || (frame_.observation != nullptr && frame_.observation->failed()))
    frame_.stop.store(true, std::memory_order_relaxed);
  was_stopped_ = frame_.stop.load(std::memory_order_relaxed);
  return was_stopped_;
}

void Lane::run(WallClock::time_point began) {
  pacer_.begin(began);
  last_flush_ = began;
  last_look_ = began;
  for (SimTime next = worker_->next_time(); next != kNever; next = worker_->next_time()) {
    wait(next);
    if (is_stopped()) break;
    const auto now = WallClock::now();
    if (frame_.end != kNever && pacer_.lateness(frame_.end, now) > kPatience) {
      abandon(frame_.end);
      break;
    }
    if (pacer_.due(now) >= next) run_batch();
    look_around(now);
  }
  // A run with a duration lasts that long, even if nothing happens at its end.
  while (!pacer_.is_max() && frame_.end != kNever && !is_stopped() &&
         pacer_.due(WallClock::now()) < frame_.end) {
    wait(frame_.end);
    look_around(WallClock::now());
  }
  flush();
  drain();
  if (frame_.is_watched) publish();
}

/// Runs what is due. In real time the batch is sent when nothing else is due, or after kBatch.
void Lane::run_batch() {
  auto now = WallClock::now();
  SimTime horizon = pacer_.due(now);
  for (unsigned events = 0; events < kEventsBetweenLooks; ++events) {
    const SimTime next = worker_->next_time();
    if (next == kNever) break;
    if (next > horizon) {
      now = WallClock::now();
      horizon = pacer_.due(now);
      if (next > horizon) break;
    }
    const SimTime due = worker_->run_next();
    if (pacer_.is_max()) continue;
    if (worker_->last_was_stimulus()) unflushed_.push_back(due);
    if (outlets_.is_wide()) outlets_.touch(worker_->last_device().spec().name);
    const bool look = events % kEventsBetweenClocks == kEventsBetweenClocks - 1;
    if (look && WallClock::now() - last_flush_ > kBatch) flush();
  }
  if (!pacer_.is_max()) flush();
}

void Lane::flush() {
  outlets_.flush();
  if (observer_ != nullptr) observer_->release_idle();
  last_flush_ = WallClock::now();
  const auto done = last_flush_ - pacer_.began();
  for (const SimTime due : unflushed_) pace_.add(pacer_.due_offset(due), done);
  if (!unflushed_.empty()) {
    gauges_.lateness.store((done - pacer_.due_offset(unflushed_.back())).count(),
                           std::memory_order_relaxed);
  }
  unflushed_.clear();
}

/// What is not part of the simulation: collectors' news (in real time only) and what the watcher
/// sees.
void Lane::look_around(WallClock::time_point now) {
  if (!frame_.is_watched && pacer_.is_max()) return;
  // Many transports are looked at no more often than the watcher looks.
  const bool is_time = now - last_look_ >= kNap;
  if (!pacer_.is_max() && (is_time || !outlets_.is_wide()) && outlets_.has_news()) {
    const SimTime at =
        std::max(worker_->now(), std::min(pacer_.due(WallClock::now()), worker_->next_time()));
    if (at < frame_.end) tell_devices(at);
  }
  if (!is_time) return;
  last_look_ = now;
  if (frame_.is_watched) publish();
}

/// That collectors have news.
void Lane::tell_devices(SimTime at) {
  worker_->look_at_collectors(at);
  flush_devices();
}

/// Sends what any device has handed over.
void Lane::flush_devices() {
  if (outlets_.is_wide()) {
    for (const auto& device : worker_->devices()) outlets_.touch(device->spec().name);
  }
  outlets_.flush();
}

/// What collectors still take is not left behind in devices' queues.
void Lane::drain() {
  if (pacer_.is_max()) return;
  const auto end = WallClock::now() + kDrainTime;
  auto patience = WallClock::now() + kDrainPatience;
  std::uint64_t known = outlets_.lines_sent();
  for (;;) {
    const bool is_done = worker_->drain_lines() == 0;
    flush_devices();
    const auto now = WallClock::now();
    if (const auto sent = outlets_.lines_sent(); sent > known) {
      patience = now + kDrainPatience;
      known = sent;
    }
    if (is_done || outlets_.is_cancelled() || now >= std::min(patience, end)) return;
    std::this_thread::sleep_for(outlets_.is_wide() ? kNap : kShortNap);
    outlets_.tend();
  }
}

void Lane::publish() {
  gauges_.now.store(worker_->now().time_since_epoch().count(), std::memory_order_relaxed);
  set(gauges_.executed, worker_->stimuli().executed);
  set(gauges_.missed, worker_->stimuli().missed);
  std::uint64_t logged = 0;
  const auto& counts = worker_->message_counts();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    set(gauges_.by_id[i], counts[i]);
    logged += counts[i];
  }
  set(gauges_.logged, logged);
  publish_transports();
  const Histogram& lateness = pace_.lateness();
  for (std::size_t i = 0; i < kLateBounds.size(); ++i) {
    set(gauges_.late_up_to[i], lateness.count_up_to(kLateBounds[i]));
  }
  set(gauges_.late_up_to.back(), lateness.count());
  set(gauges_.late_sum, lateness.sum());
  sum_devices();
}

void Lane::publish_transports() {
  Gauges::ToDestination sum;
  std::vector<Gauges::ToDestination> each;
  for (const auto& transport : outlets_.transports()) {
    const TransportStatistics& its = transport->statistics();
    sum.lines += its.lines;
    sum.bytes += its.bytes;
    sum.failed += its.lines_failed;
    if (each.size() == Gauges::kDestinationsMax) continue;
    each.push_back({to_string(transport->destination()), its.lines, its.bytes, its.lines_failed});
  }
  set(gauges_.lines, sum.lines);
  set(gauges_.bytes, sum.bytes);
  set(gauges_.failed, sum.failed);
  const std::lock_guard lock(gauges_.mutex);
  gauges_.to_destinations = std::move(each);
}

/// Adds up some more devices' accounts, and publishes the sums when all have been.
void Lane::sum_devices() {
  const auto& devices = worker_->devices();
  const std::size_t end = std::min(devices.size(), summed_ + kDevicesPerLook);
  for (; summed_ < end; ++summed_) {
    for (const auto& destination : devices[summed_]->account().destinations) {
      dropped_ += destination.dropped_queue;
      pending_ += destination.pending();
    }
  }
  if (summed_ < devices.size()) return;
  set(gauges_.dropped, dropped_);
  set(gauges_.pending, pending_);
  summed_ = 0;
  dropped_ = 0;
  pending_ = 0;
}

SimTime Lane::reached() const {
  if (pacer_.is_max()) return worker_->now();
  return std::min(pacer_.due(WallClock::now()), frame_.end);
}

void Lane::abandon(SimTime reached) {
  worker_->abandon(reached, [this](SimTime at) {
    if (!pacer_.is_max()) pace_.add_missed(pacer_.due_offset(at));
  });
}

}  // namespace asaemu
