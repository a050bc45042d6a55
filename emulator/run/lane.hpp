// A lane: one worker with its transports and its pacer, run by one thread.
#pragma once

#include "emulator/run/outlets.hpp"
#include "emulator/run/pace.hpp"
#include "emulator/run/pacer.hpp"
#include "emulator/run/worker.hpp"
#include "emulator/truth/observation.hpp"

#include <array>
#include <atomic>
#include <mutex>

namespace asaemu {

/// What all lanes of a run have in common; outlives them.
struct RunFrame {
  const Plan* plan = nullptr;
  const Catalogue* catalogue = nullptr;
  Speed speed;
  std::optional<Destination> to;  ///< where all lines go; nullopt: as the plan says
  CalendarTime start;
  SimTime end = kNever;     ///< the first instant that no longer belongs to the run
  bool is_watched = false;  ///< somebody looks at the gauges
  bool shows_order = true;  ///< of lines of different devices, as its destinations do
  SharedOutputs* shared = nullptr;
  const Observation* observation = nullptr;  ///< null if nobody watches
  std::atomic<bool> stop{false};  ///< a signal, or a lane whose destination can take no more
};

/// What other threads may know of a lane while it runs: written now and then by its thread, each
/// number for itself.
struct Gauges {
  explicit Gauges(std::size_t message_types) : by_id(message_types) {}
  std::atomic<std::int64_t> now{0};  ///< simulated nanoseconds
  std::atomic<std::uint64_t> executed{0};
  std::atomic<std::uint64_t> missed{0};
  std::atomic<std::uint64_t> logged{0};  ///< messages that passed the filters
  std::atomic<std::uint64_t> lines{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> failed{0};   ///< lines that a transport could not send
  std::atomic<std::uint64_t> dropped{0};  ///< lines that found their host's queue full
  std::atomic<std::uint64_t> pending{0};  ///< lines in queues
  std::atomic<std::int64_t> lateness{0};  ///< wall nanoseconds, of the last batch
  std::vector<std::atomic<std::uint64_t>> by_id;
  /// Lateness of stimuli by upper bound: 100 us, 1 ms, 10 ms, 100 ms, 1 s, and all.
  std::array<std::atomic<std::uint64_t>, 6> late_up_to{};
  std::atomic<std::uint64_t> late_sum{0};  ///< wall nanoseconds

  /// A transport; beyond kDestinationsMax only the sums above are kept.
  struct ToDestination {
    std::string name;
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    std::uint64_t failed = 0;
  };
  static constexpr std::size_t kDestinationsMax = 100;
  [[nodiscard]] std::vector<ToDestination> destinations() const {
    const std::lock_guard lock(mutex);
    return to_destinations;
  }
  mutable std::mutex mutex;  ///< of to_destinations; nobody waits for it on a message's path
  std::vector<ToDestination> to_destinations;
};

/// Upper bounds of Gauges::late_up_to but the last, in nanoseconds.
inline constexpr std::array<std::uint64_t, 5> kLateBounds{100'000, 1'000'000, 10'000'000,
                                                          100'000'000, 1'000'000'000};

class Lane {
 public:
  /// How long after its end a run in real time goes on with what is due; the rest is missed.
  static constexpr std::chrono::seconds kPatience{60};

  /// `observer` is null if nobody watches.
  Lane(RunFrame& frame, const Share& share, Observer* observer);

  /// Opens transports and boots devices: takes a while and may be called in any one thread.
  void open(const Worker::ConsoleSink& console);
  /// Runs to the end or until frame.stop; simulated time zero is `began`. Sends all that waits.
  void run(Pacer::WallClock::time_point began);
  /// Ends a wait of run(). From any thread.
  void wake() { pacer_.wake(); }
  /// After run() was stopped: counts as missed what was due up to `reached`. Then end().
  void abandon(SimTime reached);
  /// Where a stopped run has come to.
  [[nodiscard]] SimTime reached() const;
  /// The last line is sent. All lanes end before one closes: a collector that does not answer is
  /// waited for once.
  void end() { outlets_.end(); }
  void close() { outlets_.close(); }

  [[nodiscard]] Outlets& outlets() { return outlets_; }
  [[nodiscard]] const Worker& worker() const { return *worker_; }
  [[nodiscard]] const Pace& pace() const { return pace_; }
  [[nodiscard]] const Gauges& gauges() const { return gauges_; }
  [[nodiscard]] bool was_stopped() const { return was_stopped_; }
  /// When the last line was sent, without those that waited in a queue at the end.
  [[nodiscard]] Pacer::WallClock::time_point finished() const { return last_flush_; }

 private:
  using WallClock = Pacer::WallClock;

  bool is_stopped();
  void wait(SimTime until);
  void run_batch();
  void flush();
  void look_around(WallClock::time_point now);
  void tell_devices(SimTime at);
  void flush_devices();
  void drain();
  void publish();
  void publish_transports();
  void sum_devices();

  RunFrame& frame_;
  Share share_;
  Observer* observer_;
  Pacer pacer_;
  Outlets outlets_;
  std::unique_ptr<Worker> worker_;
  Pace pace_;
  /// Stimuli that ran since the last flush, by the instant they were due.
  std::vector<SimTime> unflushed_;
  WallClock::time_point last_flush_;
  WallClock::time_point last_look_;
  bool was_stopped_ = false;
  Gauges gauges_;
  std::size_t summed_ = 0;  ///< devices of the sums below
  std::uint64_t dropped_ = 0;
  std::uint64_t pending_ = 0;
};

}  // namespace asaemu
