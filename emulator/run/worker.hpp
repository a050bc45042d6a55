// A worker: a set of devices with their events, random streams and counters, run by one thread.
#pragma once

#include "emulator/run/agenda.hpp"
#include "emulator/run/arrivals.hpp"
#include "emulator/run/share.hpp"
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

  /// The devices of `share` are made and booted, and each step's first occurrence on them is
  /// scheduled. `end` is the first instant that no longer belongs to the run; without one (kNever) a
  /// device ends when all steps have, its timers lingering a little. Everything given must outlive
  /// the worker; `observer` is null if nobody watches.
  Worker(const Plan& plan, const Catalogue& catalogue, OutletProvider& outlets, CalendarTime start,
         SimTime end, const Share& share = {}, Observer* observer = nullptr);

  /// From now on devices have their turns in slices of so much simulated time (see Agenda).
  void set_slice(SimDuration slice) { agenda_.set_slice(slice); }

  /// When the next event is due; kNever if nothing is left before the end.
  [[nodiscard]] SimTime next_time() const { return agenda_.next_time(); }
  /// Runs the next event and returns when it was due. There must be one.
  SimTime run_next();
  /// True if the event that ran last was a stimulus (not a timer).
  [[nodiscard]] bool last_was_stimulus() const { return last_was_stimulus_; }
  /// The device of the event that ran last; there must have been one.
  [[nodiscard]] const Device& last_device() const { return *devices_[last_slot_]; }
  /// Counts as missed the stimuli that were due up to `until` and have not run, and tells each one's
  /// instant.
  void abandon(SimTime until, const std::function<void(SimTime)>& on_missed = {});

  void set_console(ConsoleSink sink) { console_ = std::move(sink); }

  [[nodiscard]] const StimulusCounts& stimuli() const { return counts_; }
  /// Tells every device that collectors may have news (real time only). `now` is not before now()
  /// and not after next_time().
  void look_at_collectors(SimTime now);
  /// After the last event: devices hand lines that wait to collectors that take them. Returns how
  /// many they have left for collectors that may yet take them.
  std::size_t drain_lines();

  /// The latest instant at which anything has happened.
  [[nodiscard]] SimTime now() const { return latest_; }
  /// Messages that passed the filters, by catalogue index.
  [[nodiscard]] const std::vector<std::uint64_t>& message_counts() const { return message_counts_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Device>>& devices() const { return devices_; }

 private:
  /// What all packets of a step have in common, and what is set in each anew.
  struct Draft {
    Packet packet;
    std::vector<const PacketStimulus::Field*> others;
  };
  static Draft make_draft(const Step& step);

  /// A step on one device.
  struct Process {
    const Step* step;
    const Draft* draft;
    Device* device;
    InterfaceId in = kNoInterface;
    RandomStream values;
    Arrivals arrivals;
  };

  /// What decides when a device of a run without a duration ends.
  struct Life {
    SimTime last;            ///< when something happened last
    std::uint32_t live = 0;  ///< steps that still have an occurrence
  };

  void add_process(const Step& step, std::size_t step_index, std::size_t rank);
  /// Schedules the process's occurrence, or ends the process.
  void schedule(std::size_t index, SimTime at);
  /// Takes the next event.
  Event take();
  void drop_lingering();
  void execute(Process& process);
  void perform(Process& process, const CliStimulus& stimulus);
  void perform(Process& process, const PacketStimulus& stimulus);
  void perform(Process& process, const WorldStimulus& stimulus);
  void perform(Process& process, const EmitStimulus& stimulus);

  const Plan& plan_;
  CalendarTime start_;
  SimTime end_;
  Share share_;
  SimTime steps_end_;        ///< when the last step has ended, as far as the plan tells
  std::vector<Life> lives_;  ///< of the devices, if there is no end
  Observer* observer_;
  Agenda agenda_;  ///< by slot
  std::vector<std::uint64_t> message_counts_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<Draft> drafts_;  ///< by step; empty ones of steps that are no packets
  std::vector<Process> processes_;
  ConsoleSink console_;
  StimulusCounts counts_;
  SimTime now_{};  ///< of the event that runs
  SimTime latest_{};
  bool last_was_stimulus_ = false;
  std::size_t last_slot_ = 0;
  Packet packet_;
  FieldValue scratch_;
};

}  // namespace asaemu
