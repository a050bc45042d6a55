// A device: one emulated ASA. Its subsystems hold the state, react to stimuli, and log.
#pragma once

#include "model/contract/packet_trace.hpp"
#include "model/contract/registry.hpp"
#include "model/logging/logging.hpp"
#include "model/state/device_state.hpp"
#include "model/state/platform.hpp"

#include <deque>

namespace asaemu {

/// What a device is before it boots.
struct DeviceSpec {
  std::string name;         ///< in the scenario; also the hostname until one is configured
  std::uint32_t index = 0;  ///< place in the whole scenario, the same in every shard
  const Platform* platform = nullptr;
  Release release;
  std::string config;  ///< running-config text, read at every boot
  Arguments options;   ///< every declared option has a value
  std::uint64_t seed = 0;
  CalendarTime start;  ///< the device's clock at SimTime zero, UTC
};

/// What is around a device; all of it outlives the device.
struct DeviceEnvironment {
  const Catalogue* catalogue = nullptr;
  Scheduler* scheduler = nullptr;
  OutletProvider* outlets = nullptr;
  std::uint64_t* message_counts = nullptr;  ///< of the worker, by catalogue index
  Witness* witness = nullptr;               ///< of this device; null if nobody watches
};

/// A configuration line that the device did not take.
struct ConfigNote {
  std::size_t line = 0;  ///< 1-based, in the configuration text
  std::string text;
  std::string answer;  ///< what the device said; empty for a command that nothing models
};

class Device final : private DeviceServices {
 public:
  Device(DeviceSpec spec, const DeviceEnvironment& environment);
  ~Device() override;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  /// Reads the startup configuration; nothing is logged meanwhile.
  void boot(SimTime now);

  /// A packet arrives at interface packet.in. A device that boots takes none.
  void receive(SimTime now, Packet& packet);

  /// What would become of a packet at interface packet.in, or of a flow that it begins: it walks the
  /// device, whose state, counters, timers and random streams are afterwards what they were, and
  /// nothing is sent or logged. Costs a copy of the device's tables. Only for a device that runs.
  [[nodiscard]] PacketTrace trace(SimTime now, const Packet& packet) override;

  /// An operator types lines into a new privileged session; the console's text, prompts included,
  /// comes back.
  struct ConsoleOutput {
    std::string text;
    bool has_fault = false;  ///< a line was not a command, or the device answered with an ERROR
  };
  ConsoleOutput type_lines(SimTime now, const std::vector<std::string>& lines);

  /// Something happens outside. A device that is off or boots notices only what reaches it there.
  void happen(SimTime now, const WorldEvent& event, const Arguments& arguments);

  /// Collectors' transports may have news (Outlet::status, Outlet::is_ready). Called in real time
  /// only, so that a run at maximum speed depends on nothing but its scenario.
  void look_at_collectors(SimTime now);

  /// The run is over: lines that wait for collectors leave if those take them, and nothing else
  /// happens. Returns how many are left that a collector may yet take. In real time only.
  std::size_t drain_lines(SimTime now);

  /// Logs a message that nothing in the device caused: the scenario's escape hatch.
  void emit(SimTime now, const Message& message) {
    log(now, message.type->index(), message.fields);
  }

  /// A scheduled event of this device has come.
  void run(SimTime now, const Event& event);

  [[nodiscard]] const DeviceSpec& spec() const { return spec_; }
  [[nodiscard]] const DeviceState& tables() const { return *state_; }
  [[nodiscard]] const LogAccount& account() const { return account_; }
  /// Startup configuration lines that nothing models, and those the device refused, as of the last
  /// boot.
  [[nodiscard]] const std::vector<ConfigNote>& unmodelled() const { return unmodelled_; }
  [[nodiscard]] const std::vector<ConfigNote>& refused() const { return refused_; }
  [[nodiscard]] bool is_booted() const { return phase_ == Phase::kRunning; }

  /// The next sequence number for events of this device, whoever schedules them.
  std::uint64_t next_sequence() { return sequence_++; }

 private:
  enum class Phase : std::uint8_t { kOff, kBooting, kRunning };
  /// Where a session is: its mode, and what the mode is about.
  struct Session {
    Mode mode = kPrivilegedMode;
    std::uint64_t object = 0;
  };
  /// A rehearsal: everything that a packet could change is a copy while it lives.
  class Rehearsal;
  enum class LineResult : std::uint8_t { kDone, kRefused, kUnknown };

  void log(SimTime now, std::size_t message_index, const std::byte* fields) override;
  TimerHandle schedule(SimTime at, std::uint16_t subsystem, std::uint16_t tag,
                       std::uint64_t data) override;
  bool cancel(TimerHandle handle) override;
  void publish(SimTime now, EventKind kind, const void* event) override;
  void print(std::string_view text) override {
    if (rehearsal_ == nullptr) output_.append(text);
  }
  void request(SimTime now, DeviceRequest request) override;
  void enter_mode(Mode mode, std::uint64_t object) override {
    if (rehearsal_ != nullptr) return;
    session_ = {mode, object};
    mode_entered_ = true;
  }
  void leave_mode() override;
  void decline() override { declined_ = true; }
  [[nodiscard]] std::uint64_t mode_object() const override { return session_.object; }
  RandomStream& random(std::uint16_t subsystem) override;
  [[nodiscard]] std::string configuration() const override { return saved_config_ + typed_config_; }
  void withdraw_nameif(SimTime now, InterfaceId interface) override;
  void rename_nameif(InterfaceId interface, std::string_view name) override;
  [[nodiscard]] const DeviceState& state() const override { return *state_; }
  [[nodiscard]] const Platform& platform() const override { return *spec_.platform; }
  [[nodiscard]] const Release& release() const override { return spec_.release; }
  [[nodiscard]] std::string_view hostname() const override { return state_->identity.hostname; }
  [[nodiscard]] CalendarTime calendar(SimTime now) const override {
    return spec_.start + state_->clock.offset + now.time_since_epoch();
  }
  [[nodiscard]] bool is_booting() const override { return phase_ == Phase::kBooting; }
  [[nodiscard]] bool is_running() const override { return phase_ == Phase::kRunning; }

  void make_subsystems();
  /// The subsystem that acts now: in a rehearsal a copy.
  Subsystem& acting(std::uint16_t subsystem);
  void note_rehearsed(std::size_t message_index, const std::byte* fields);
  void read_config(SimTime now);
  void schedule_boot(SimTime now);
  void publish_shutdown(SimTime now);
  void finish_request(SimTime now);
  std::string prompt() const;
  LineResult execute(SimTime now, std::string_view line, std::span<const Mode> modes,
                     std::size_t prompt_size);
  void account_for(SimTime now, std::string_view line);
  void report_fault(const CommandFault& fault, std::size_t prompt_size);
  std::vector<Mode> mode_chain() const;

  // What every packet and every message needs stands together: of many devices, most are not in the
  // caches when their turn comes.
  std::unique_ptr<DeviceState> state_;
  std::vector<Subsystem*> on_path_;  ///< whom each stage of registry().path() asks
  Logging* logging_ = nullptr;
  Rehearsal* rehearsal_ = nullptr;  ///< null but during trace()
  Phase phase_ = Phase::kOff;
  bool is_powered_ = true;
  std::optional<DeviceRequest> request_;
  std::uint32_t generation_ = 0;
  std::uint64_t sequence_ = 0;
  DeviceSpec spec_;
  DeviceEnvironment environment_;
  LogAccount account_;

  Keepsakes keepsakes_;
  std::vector<std::unique_ptr<Subsystem>> subsystems_;
  std::deque<RandomStream> streams_;
  Session session_;
  bool mode_entered_ = false;  ///< by the command that is running
  bool declined_ = false;      ///< likewise
  std::string output_;
  std::string carried_out_;   ///< the last command, as accounting shows it
  std::string kept_line_;     ///< the same as the configuration keeps it, with its indentation
  std::string follow_up_;     ///< configuration lines that the command that is running brings along
  std::string saved_config_;  ///< what the next boot reads
  std::string typed_config_;  ///< configuration lines typed since the last save
  std::vector<ConfigNote> unmodelled_;
  std::vector<ConfigNote> refused_;
};

/// The number of the logging subsystem in registry().
std::uint16_t logging_subsystem();

/// What `write memory` prints for a configuration of this text.
std::string describe_save(std::string_view config);

/// The option that says how long a reload takes (declared by the system subsystem).
inline constexpr std::string_view kBootTimeOption = "boot-time";

}  // namespace asaemu
