#include "emulator/run/run.hpp"

#include "emulator/run/lane.hpp"
#include "emulator/run/metrics.hpp"
#include "emulator/run/outlets.hpp"
#include "emulator/run/progress.hpp"
#include "emulator/run/stop_signal.hpp"
#include "emulator/sink/embedded_sink.hpp"
#include "emulator/sink/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <sys/resource.h>
#include <thread>

namespace asaemu {

namespace {

using WallClock = Pacer::WallClock;

/// Threads need a moment to start; time begins when all are there, so that none has to catch up.
constexpr std::chrono::milliseconds kRunUp{5};

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
  /// From any thread.
  void write(SimTime at, std::string_view device, std::string_view text) {
    const std::lock_guard lock(mutex_);
    fmt::print(file_, "! {} at {}\n{}", device, to_string(at.time_since_epoch()), text);
    std::fflush(file_);
  }

 private:
  std::mutex mutex_;
  std::FILE* file_ = nullptr;
};

/// A socket for each device takes more files than a process has as a rule.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Whether lines of several devices may meet where their order shows.
bool has_order(const Plan& plan, const std::optional<Destination>& to) {
  if (to) return has_order(*to);
  bool has_default = false;
  for (const auto& [address, destination] : plan.collectors) {
    if (has_order(destination)) return true;
    has_default = has_default || address == kAnyLoggingHost;
  }
  return !has_default;  // Hosts without an entry go to standard output.
}

}  // namespace

CalendarTime wall_calendar() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

struct Run::Parts {
  Parts(const Plan& p, const Catalogue& c, const RunOptions& o)
      : plan(p), catalogue(c), options(o), progress(o.quiet), observation(p, c, o.truth_file) {}

  const Plan& plan;
  const Catalogue& catalogue;
  const RunOptions& options;
  Progress progress;
  ConsoleFile console;
  std::unique_ptr<EmbeddedSink> sink;
  Observation observation;
  SharedOutputs shared;
  RunFrame frame;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::unique_ptr<MetricsServer> metrics;  ///< after the lanes, which it reads
  RunResult result;

  [[nodiscard]] std::uint32_t lane_count() const;
  void for_each_lane(const std::function<void(Lane&)>& work);
  void carry_out(WallClock::time_point began);
  void conclude(WallClock::time_point began);
  void collect();
  void add_destination(const Transport& transport);
};

Run::Run(const Plan& plan, const Catalogue& catalogue, const RunOptions& options)
    : parts_(std::make_unique<Parts>(plan, catalogue, options)) {}

Run::~Run() = default;

std::uint32_t Run::Parts::lane_count() const {
  const std::size_t devices = Share::of(options.shard, 0, 1).size(plan.devices.size());
  std::uint32_t wanted = std::max(1U, std::thread::hardware_concurrency());
  if (options.threads) {
    wanted = *options.threads;
  } else if (frame.shows_order) {
    wanted = 1;
  }
  return static_cast<std::uint32_t>(
      std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(devices, 1)));
}

/// Each in a thread of its own; returns when all have done.
void Run::Parts::for_each_lane(const std::function<void(Lane&)>& work) {
  std::vector<std::thread> threads;
  threads.reserve(lanes.size());
  for (const auto& lane : lanes) threads.emplace_back([&work, &lane] { work(*lane); });
  for (auto& thread : threads) thread.join();
}

std::string Run::open() {
  Parts& parts = *parts_;
  if (auto error = parts.console.open(parts.options.console_file); !error.empty()) return error;
  RunFrame& frame = parts.frame;
  frame.to = parts.options.to;
  if (frame.to && frame.to->kind == Destination::Kind::kSink) {
    parts.sink = std::make_unique<EmbeddedSink>();
    if (auto error = parts.sink->start(); !error.empty()) return error;
    frame.to = parts.sink->destination();
  }
  parts.result.start = parts.plan.start.value_or(wall_calendar());
  frame.plan = &parts.plan;
  frame.catalogue = &parts.catalogue;
  frame.speed = parts.options.speed;
  frame.start = parts.result.start;
  if (parts.plan.duration) frame.end = kStart + *parts.plan.duration;
  if (auto error = parts.observation.open(parts.result.start); !error.empty()) return error;
  frame.observation = &parts.observation;
  frame.is_watched = parts.progress.is_shown() || parts.options.metrics.has_value();
  if (!parts.plan.sources.empty()) raise_file_limit();
  frame.shows_order =
      parts.console.is_open() || parts.sink || has_order(parts.plan, parts.frame.to);
  const std::uint32_t count = parts.lane_count();
  if (count > 1) frame.shared = &parts.shared;
  for (std::uint32_t i = 0; i < count; ++i) {
    parts.lanes.push_back(std::make_unique<Lane>(frame, Share::of(parts.options.shard, i, count),
                                                 parts.observation.add_worker()));
  }
  Worker::ConsoleSink console;
  if (parts.console.is_open()) {
    console = [&parts](SimTime at, std::string_view device, std::string_view text) {
      parts.console.write(at, device, text);
    };
  }
  parts.for_each_lane([&console](Lane& lane) { lane.open(console); });
  std::string errors;
  for (const auto& lane : parts.lanes) {
    const std::string& more = lane->outlets().open_errors();
    // Workers fail alike; once is enough.
    if (errors.find(more) == std::string::npos) errors += more;
  }
  if (errors.empty() && parts.options.metrics) {
    parts.metrics = std::make_unique<MetricsServer>(
        [&parts] { return metrics_text(parts.plan.name, parts.catalogue, parts.lanes); });
    errors = parts.metrics->listen(*parts.options.metrics);
  }
  return errors;
}

RunResult Run::execute() {
  Parts& parts = *parts_;
  auto stop = std::make_unique<StopSignal>(
      [&parts] {
        parts.frame.stop.store(true, std::memory_order_relaxed);
        for (const auto& lane : parts.lanes) lane->wake();
      },
      [&parts] {
        for (const auto& lane : parts.lanes) lane->outlets().cancel();
      });
  auto began = WallClock::now();
  if (!parts.options.speed.is_max) began += kRunUp;
  parts.carry_out(began);
  parts.conclude(began);
  parts.progress.finish();
  stop.reset();
  parts.collect();
  return std::move(parts.result);
}

/// The lanes run; this thread watches.
void Run::Parts::carry_out(WallClock::time_point began) {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::thread crew([&] {
    for_each_lane([began](Lane& lane) { lane.run(began); });
    const std::lock_guard lock(mutex);
    done = true;
    changed.notify_one();
  });
  {
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, Progress::kRefresh, [&done] { return done; })) {
      progress.update(lanes, WallClock::now(), frame.end);
    }
  }
  crew.join();
}

/// What only all lanes together tell: where a stopped run has come to, and what it missed.
void Run::Parts::conclude(WallClock::time_point began) {
  const auto stopped = [](const auto& lane) { return lane->was_stopped(); };
  result.interrupted = std::any_of(lanes.begin(), lanes.end(), stopped);
  SimTime reached = kStart;
  for (const auto& lane : lanes) {
    reached = std::max(reached, result.interrupted ? lane->reached() : lane->worker().now());
  }
  if (result.interrupted) {
    for (const auto& lane : lanes) lane->abandon(reached);
  } else if (frame.end != kNever) {
    reached = frame.end;
  }
  result.simulated = reached - kStart;
  for (const auto& lane : lanes) {
    lane->end();
    result.sending = std::max<std::chrono::nanoseconds>(result.sending, lane->finished() - began);
  }
  result.wall = WallClock::now() - began;
  for (const auto& lane : lanes) lane->close();
}

void Run::Parts::collect() {
  // One shard sees too little for what is expected of all devices.
  const bool whole = plan.is_whole && !result.interrupted && options.shard.count == 1;
  result.observed = observation.conclude(kStart + result.simulated, whole);
  result.is_real_time = !options.speed.is_max;
  result.speed = options.speed.factor;
  result.threads = static_cast<std::uint32_t>(lanes.size());
  result.shard = options.shard;
  result.message_counts.resize(catalogue.size());
  std::uint64_t sent = 0;
  std::vector<const Device*> devices;
  for (const auto& lane : lanes) {
    const Worker& worker = lane->worker();
    result.stimuli.executed += worker.stimuli().executed;
    result.stimuli.missed += worker.stimuli().missed;
    result.pace.add(lane->pace());
    for (std::size_t i = 0; i < result.message_counts.size(); ++i) {
      result.message_counts[i] += worker.message_counts()[i];
    }
    for (const auto& device : worker.devices()) devices.push_back(device.get());
    for (const auto& transport : lane->outlets().transports()) {
      add_destination(*transport);
      sent += transport->statistics().lines;
    }
  }
  std::ranges::sort(devices, {}, [](const Device* device) { return device->spec().index; });
  for (const Device* device : devices) {
    result.devices.emplace_back(device->spec().name, device->account());
  }
  result.fell_behind = result.is_real_time && (result.pace.fell_behind() ||
                                               (!result.interrupted && result.stimuli.missed > 0));
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) result.peak_resident_kib = usage.ru_maxrss;
  if (sink) {
    result.has_received = true;
    sink->finish(sent);
    result.received = sink->tally().messages();
  }
}

/// Several workers' transports to one destination are one to the reader.
void Run::Parts::add_destination(const Transport& transport) {
  const std::string name = to_string(transport.destination());
  auto known = std::ranges::find(result.destinations, name, &DestinationResult::name);
  if (known == result.destinations.end()) {
    result.destinations.push_back({.name = name, .failure = {}});
    known = result.destinations.end() - 1;
  }
  known->lines_sent += transport.statistics().lines;
  known->bytes_sent += transport.statistics().bytes;
  known->lines_failed += transport.statistics().lines_failed;
  known->lines_unacknowledged += transport.statistics().lines_unacknowledged;
  if (known->failure.empty()) known->failure = transport.failure();
  result.held_up += transport.held_up();
}

}  // namespace asaemu
