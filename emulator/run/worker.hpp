// A worker: a set of devices with their events, random streams and counters, run by one thread.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/truth/observer.hpp"

#include <functional>
#include <memory>

namespace asaemu {

/// What the stimuli of a run came to.
struct StimulusCounts {
  std::uint64_t executed = 0;
  std::uint64_t missed = 0;  ///< due before the run ended, but not executed
};

class Worker {
 public:
  /// Receives the console text of each `cli` step.
  using ConsoleSink = std::function<void(SimTime, std::string_view device, std::string_view text)>;

  /// Devices are made and booted, and each step's first occurrence is scheduled. `end` is the first
  /// instant that no longer belongs to the run. Everything given must outlive the worker; `observer`
  /// is null if nobody watches.
  Worker(const Plan& plan, const Catalogue& catalogue, OutletProvider& outlets, CalendarTime start,
         SimTime end, Observer* observer = nullptr);

  /// When the next event is due; kNever if nothing is left before the end.
  [[nodiscard]] SimTime next_time() const;
  /// Runs the next event and returns when it was due. There must be one.
  SimTime run_next();
  /// True if the event that ran last was a stimulus (not a timer).
  [[nodiscard]] bool last_was_stimulus() const { return last_was_stimulus_; }
  /// Counts as missed what was due up to `until` and has not run.
  void abandon(SimTime until);

  void set_console(ConsoleSink sink) { console_ = std::move(sink); }

  [[nodiscard]] const StimulusCounts& stimuli() const { return counts_; }
  /// Steps that still have an occurrence before the end.
  [[nodiscard]] std::uint64_t live_processes() const { return live_; }
  [[nodiscard]] SimTime now() const { return now_; }
  /// Messages that passed the filters, by catalogue index.
  [[nodiscard]] const std::vector<std::uint64_t>& message_counts() const { return message_counts_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Device>>& devices() const { return devices_; }

 private:
  /// A step on one device.
  struct Process {
    const Step* step;
    Device* device;
    std::uint64_t occurrence = 0;  ///< of the one that is scheduled
    SimTime base;                  ///< its instant without jitter
    double phase = 0;              ///< of a constant rate: part of an interval, 0 to 1
    RandomStream times;
    RandomStream values;
    InterfaceId in = kNoInterface;
  };

  void add_process(const Step& step, std::size_t step_index, std::size_t rank);
  /// Schedules the process's occurrence, or ends the process.
  void schedule(std::size_t index, SimTime at);
  void schedule_next(std::size_t index);
  void execute(Process& process);
  void perform(Process& process, const CliStimulus& stimulus);
  void perform(Process& process, const PacketStimulus& stimulus);
  void perform(Process& process, const WorldStimulus& stimulus);
  void perform(Process& process, const EmitStimulus& stimulus);

  const Plan& plan_;
  SimTime end_;
  Observer* observer_;
  Scheduler scheduler_;
  std::vector<std::uint64_t> message_counts_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<Process> processes_;
  ConsoleSink console_;
  StimulusCounts counts_;
  std::uint64_t live_ = 0;
  SimTime now_{};
  bool last_was_stimulus_ = false;
  Packet packet_;
  FieldValue scratch_;
};

}  // namespace asaemu
