#include "emulator/run/run.hpp"

#include "emulator/run/outlets.hpp"
#include "emulator/run/progress.hpp"
#include "emulator/run/stop_signal.hpp"
#include "emulator/sink/embedded_sink.hpp"
#include "emulator/sink/tally.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>

namespace asaemu {

namespace {

using WallClock = Pacer::WallClock;

/// After the last step, timers it set off (an autonegotiation, a retry) still get this long.
constexpr SimDuration kLinger = std::chrono::seconds(10);
/// Longest stay away from signals and the progress line.
constexpr std::chrono::milliseconds kNap{100};
/// In real time lines wait for company at most this long (DESIGN section 7).
constexpr std::chrono::milliseconds kBatch{1};
/// At maximum speed the clock and signals are looked at once in so many events.
constexpr unsigned kEventsBetweenLooks = 4096;

CalendarTime wall_calendar() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

/// Where `cli` steps' output goes.
class ConsoleFile {
 public:
  ~ConsoleFile() {
    if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  }
  std::string open(const std::string& path) {
    if (path.empty()) return {};
    file_ = path == "-" ? stdout : std::fopen(path.c_str(), "we");
    return file_ != nullptr ? std::string() : fmt::format("{}: {}", path, std::strerror(errno));
  }
  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  void write(SimTime at, std::string_view device, std::string_view text) {
    fmt::print(file_, "! {} at {}\n{}", device, to_string(at.time_since_epoch()), text);
    std::fflush(file_);
  }

 private:
  std::FILE* file_ = nullptr;
};

}  // namespace

struct Run::Parts {
  Parts(const Plan& p, const Catalogue& c, const RunOptions& o)
      : plan(p),
        catalogue(c),
        options(o),
        pacer(o.speed),
        progress(o.quiet),
        observation(p, c, o.truth_file) {}

  const Plan& plan;
  const Catalogue& catalogue;
  const RunOptions& options;
  Pacer pacer;
  Progress progress;
  ConsoleFile console;
  std::unique_ptr<EmbeddedSink> sink;
  Observation observation;
  Observer* observer = nullptr;
  std::unique_ptr<Outlets> outlets;
  std::unique_ptr<Worker> worker;
  std::unique_ptr<StopSignal> stop;
  SimTime end = kNever;
  RunResult result;
  /// Stimuli that ran since the last flush, by the instant they were due.
  std::vector<SimTime> unflushed;
  WallClock::time_point last_flush;

  [[nodiscard]] bool has_ended() const { return outlets->has_ended() || observation.failed(); }
  void loop();
  void run_batch();
  void flush();
  [[nodiscard]] SimTime next_time() const;
  void collect();
};

Run::Run(const Plan& plan, const Catalogue& catalogue, const RunOptions& options)
    : parts_(std::make_unique<Parts>(plan, catalogue, options)) {}

Run::~Run() = default;

std::string Run::open() {
  Parts& parts = *parts_;
  if (auto error = parts.console.open(parts.options.console_file); !error.empty()) return error;
  auto to = parts.options.to;
  if (to && to->kind == Destination::Kind::kSink) {
    parts.sink = std::make_unique<EmbeddedSink>();
    if (auto error = parts.sink->start(); !error.empty()) return error;
    to = parts.sink->destination();
  }
  parts.result.start = parts.plan.start.value_or(wall_calendar());
  if (parts.plan.duration) parts.end = kStart + *parts.plan.duration;
  if (auto error = parts.observation.open(parts.result.start); !error.empty()) return error;
  parts.observer = parts.observation.add_worker();
  parts.outlets = std::make_unique<Outlets>(parts.plan, to);
  parts.worker = std::make_unique<Worker>(parts.plan, parts.catalogue, *parts.outlets,
                                          parts.result.start, parts.end, parts.observer);
  if (parts.console.is_open()) {
    parts.worker->set_console([&parts](SimTime at, std::string_view device, std::string_view text) {
      parts.console.write(at, device, text);
    });
  }
  return parts.outlets->open_errors();
}

RunResult Run::execute() {
  Parts& parts = *parts_;
  parts.stop = std::make_unique<StopSignal>([&parts] { parts.pacer.wake(); },
                                            [&parts] { parts.outlets->cancel(); });
  parts.pacer.begin();
  parts.last_flush = parts.pacer.began();
  parts.loop();
  parts.flush();
  parts.outlets->close();
  parts.result.wall = WallClock::now() - parts.pacer.began();
  parts.progress.finish();
  parts.stop.reset();
  parts.collect();
  return std::move(parts.result);
}

/// When the next thing happens: without a duration the run ends when its steps have, timers
/// lingering a little.
SimTime Run::Parts::next_time() const {
  const SimTime next = worker->next_time();
  if (next == kNever || plan.duration || worker->live_processes() > 0) return next;
  return next - worker->now() <= kLinger ? next : kNever;
}

void Run::Parts::loop() {
  for (;;) {
    const SimTime next = next_time();
    if (next == kNever) break;
    pacer.wait(next, kNap);
    if (stop->requested() || has_ended()) break;
    const auto now = WallClock::now();
    progress.update(*worker, now, end, pacer.lateness(next, now));
    if (pacer.due(now) >= next) run_batch();
  }
  // A run with a duration lasts that long, even if nothing happens at its end.
  while (!pacer.is_max() && !stop->requested() && !has_ended() && end != kNever &&
         pacer.due(WallClock::now()) < end) {
    pacer.wait(end, kNap);
    progress.update(*worker, WallClock::now(), end, std::chrono::nanoseconds(0));
  }
  if (!stop->requested() && !has_ended()) {
    result.simulated = end != kNever ? end - kStart : worker->now() - kStart;
    return;
  }
  result.interrupted = true;
  const SimTime reached =
      pacer.is_max() ? worker->now() : std::min(pacer.due(WallClock::now()), end);
  worker->abandon(reached);
  result.simulated = reached - kStart;
}

/// Runs what is due. In real time the batch is sent when nothing else is due, or after kBatch.
void Run::Parts::run_batch() {
  auto now = WallClock::now();
  SimTime horizon = pacer.due(now);
  for (unsigned events = 0; events < kEventsBetweenLooks; ++events) {
    const SimTime next = next_time();
    if (next == kNever) break;
    if (next > horizon) {
      now = WallClock::now();
      horizon = pacer.due(now);
      if (next > horizon) break;
    }
    const SimTime due = worker->run_next();
    if (pacer.is_max()) continue;
    if (worker->last_was_stimulus()) unflushed.push_back(due);
    if ((events & 15) == 15 && WallClock::now() - last_flush > kBatch) flush();
  }
  if (!pacer.is_max()) flush();
}

void Run::Parts::flush() {
  outlets->flush();
  if (observer != nullptr) observer->release_idle();
  last_flush = WallClock::now();
  for (const SimTime due : unflushed) result.lateness.add(pacer.lateness(due, last_flush).count());
  unflushed.clear();
}

void Run::Parts::collect() {
  result.observed =
      observation.conclude(kStart + result.simulated, plan.is_whole && !result.interrupted);
  result.is_real_time = !pacer.is_max();
  result.stimuli = worker->stimuli();
  result.message_counts = worker->message_counts();
  for (const auto& device : worker->devices()) {
    result.devices.emplace_back(device->spec().name, device->account());
  }
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) result.peak_resident_kib = usage.ru_maxrss;
  std::uint64_t sent = 0;
  for (const auto& transport : outlets->transports()) {
    result.destinations.push_back({to_string(transport->destination()),
                                   transport->statistics().lines, transport->statistics().bytes,
                                   transport->failure()});
    sent += transport->statistics().lines;
  }
  if (sink) {
    result.has_received = true;
    sink->finish(sent);
    result.received = sink->tally().messages();
  }
}

}  // namespace asaemu
