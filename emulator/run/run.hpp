// One run of a scenario: devices, pacer, transports and the report together.
#pragma once

#include "emulator/run/pace.hpp"
#include "emulator/run/pacer.hpp"
#include "emulator/run/worker.hpp"
#include "emulator/truth/observation.hpp"

#include <string>

namespace asaemu {

/// The wall clock as calendar time.
CalendarTime wall_calendar();

struct RunOptions {
  std::optional<Destination> to;  ///< overrides the scenario's collectors
  Speed speed;
  std::string report_file;   ///< JSON; empty for none
  std::string truth_file;    ///< ground truth; `-` is standard output, empty none
  std::string console_file;  ///< what `cli` steps print; `-` is standard output, empty none
  bool quiet = false;        ///< no progress, no table
  /// Worker threads, at most one a device. nullopt: one where the order of lines shows (files,
  /// pipes, a console file), else one for each core.
  std::optional<std::uint32_t> threads;
  Shard shard;                      ///< which devices are this process's
  std::optional<HostPort> metrics;  ///< where to serve metrics; port 0 lets the system choose
};

/// One transport of the run and what it did.
struct DestinationResult {
  std::string name;  ///< as a user writes it
  std::uint64_t lines_sent = 0;
  std::uint64_t bytes_sent = 0;
  std::string failure;  ///< empty if none
  std::uint64_t lines_failed = 0;
  std::uint64_t lines_unacknowledged = 0;  ///< of those sent: the collector may not have them
};

/// What a run came to.
struct RunResult {
  CalendarTime start;
  SimDuration simulated{};
  std::chrono::nanoseconds wall{};
  bool is_real_time = false;
  bool interrupted = false;
  StimulusCounts stimuli;
  Pace pace;                           ///< of stimuli, in wall time; empty at maximum speed
  std::chrono::nanoseconds sending{};  ///< wall time until the last line was sent
  double speed = 1;                    ///< simulated seconds a second, in real time
  std::uint32_t threads = 1;
  Shard shard;
  bool fell_behind = false;            ///< the run could not keep the pace it was asked for
  std::chrono::nanoseconds held_up{};  ///< all transports' waits for their collectors
  std::vector<std::uint64_t> message_counts;
  std::vector<std::pair<std::string, LogAccount>> devices;  ///< in the scenario's order
  std::vector<DestinationResult> destinations;
  std::int64_t peak_resident_kib = 0;  ///< of the process so far
  std::uint64_t received = 0;          ///< by the embedded collector
  bool has_received = false;
  Observation::Conclusion observed;  ///< ground truth's error, expectations that did not hold
};

/// Carries the plan out. A destination that cannot be opened is an error text and nothing runs.
class Run {
 public:
  Run(const Plan& plan, const Catalogue& catalogue, const RunOptions& options);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Opens the transports and boots the devices. Error text, or empty.
  [[nodiscard]] std::string open();
  /// Runs to the end, or until a signal; call once, after open() succeeded.
  [[nodiscard]] RunResult execute();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace asaemu
