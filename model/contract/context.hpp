// What a subsystem may do while it is called: send messages, set timers, print, tell others.
// Nothing else.
#pragma once

#include "model/base/event_queue.hpp"
#include "model/base/message.hpp"
#include "model/contract/events.hpp"
#include "model/contract/grammar.hpp"

namespace asaemu {

struct DeviceState;
struct Packet;
struct PacketTrace;
struct Platform;

/// What a subsystem may ask the device itself to do.
enum class DeviceRequest : std::uint8_t { kReload, kSaveConfiguration, kPowerOff, kPowerOn };

/// The device, as the contract shows it to subsystems. Implemented by Device alone.
class DeviceServices {
 public:
  virtual ~DeviceServices() = default;

  /// Logs the message at this index of the catalogue, with its struct's bytes.
  virtual void log(SimTime now, std::size_t message_index, const std::byte* fields) = 0;
  virtual TimerHandle schedule(SimTime at, std::uint16_t subsystem, std::uint16_t tag,
                               std::uint64_t data) = 0;
  virtual bool cancel(TimerHandle handle) = 0;
  virtual void publish(SimTime now, EventKind kind, const void* event) = 0;
  virtual void print(std::string_view text) = 0;
  virtual void request(SimTime now, DeviceRequest request) = 0;
  virtual void enter_mode(Mode mode, std::uint64_t object) = 0;
  virtual void leave_mode() = 0;
  virtual void decline() = 0;
  [[nodiscard]] virtual PacketTrace trace(SimTime now, const Packet& packet) = 0;
  [[nodiscard]] virtual std::uint64_t mode_object() const = 0;
  virtual RandomStream& random(std::uint16_t subsystem) = 0;
  [[nodiscard]] virtual std::string configuration() const = 0;
  virtual void withdraw_nameif(SimTime now, InterfaceId interface) = 0;
  virtual void rename_nameif(InterfaceId interface, std::string_view name) = 0;
  [[nodiscard]] virtual const DeviceState& state() const = 0;
  [[nodiscard]] virtual const Platform& platform() const = 0;
  [[nodiscard]] virtual const Release& release() const = 0;
  [[nodiscard]] virtual std::string_view hostname() const = 0;
  [[nodiscard]] virtual CalendarTime calendar(SimTime now) const = 0;
  /// True while the startup configuration is read: nothing is logged then.
  [[nodiscard]] virtual bool is_booting() const = 0;
  /// False while it is off or boots.
  [[nodiscard]] virtual bool is_running() const = 0;
};

/// Handed to every handler; valid during that call only.
class Context {
 public:
  Context(DeviceServices& services, SimTime now, std::uint16_t subsystem)
      : services_(services), now_(now), subsystem_(subsystem) {}

  [[nodiscard]] SimTime now() const { return now_; }

  /// Logs a message: `context.emit(msg::ShunnedPacket{.source = …})`.
  template <class M>
  void emit(const M& message) {
    services_.log(now_, M::kIndex, reinterpret_cast<const std::byte*>(&message));
  }

  /// Calls this subsystem's on_timer(tag, data) after `delay`, unless cancelled or the device
  /// reboots.
  TimerHandle after(SimDuration delay, std::uint16_t tag, std::uint64_t data = 0) {
    return services_.schedule(now_ + delay, subsystem_, tag, data);
  }
  bool cancel(TimerHandle handle) { return services_.cancel(handle); }

  /// Tells all subsystems that declared a handler for this event.
  template <class E>
  void publish(const E& event) {
    services_.publish(now_, E::kKind, &event);
  }

  /// Adds text to the command's output; a line ends with '\n'.
  void print(std::string_view text) { services_.print(text); }
  /// Asks the device to do something when this call has ended. A reload or power-off ends all timers;
  /// what the subsystem was is gone but for Claims::kept() and the tables that outlive a boot.
  void request(DeviceRequest request) { services_.request(now_, request); }
  /// The next lines of this session belong to `mode`, about `object` (an interface id, …).
  void enter_mode(Mode mode, std::uint64_t object) { services_.enter_mode(mode, object); }
  /// Back from a sub-mode to configuration mode, from there to privileged mode, from there out.
  void leave_mode() { services_.leave_mode(); }
  [[nodiscard]] std::uint64_t mode_object() const { return services_.mode_object(); }
  /// The line that is carried out is none of this mode's, though its pattern takes it, and nothing came
  /// of it: the modes above are asked.
  void decline() { services_.decline(); }

  /// What would become of a packet. Nothing comes of asking: see Device::trace().
  [[nodiscard]] PacketTrace trace(const Packet& packet);

  /// This subsystem's own random stream.
  RandomStream& random() { return services_.random(subsystem_); }
  [[nodiscard]] const DeviceState& state() const { return services_.state(); }
  [[nodiscard]] const Platform& platform() const { return services_.platform(); }
  [[nodiscard]] const Release& release() const { return services_.release(); }
  [[nodiscard]] std::string_view hostname() const { return services_.hostname(); }
  /// The lines of the configuration that the next boot would read after a `write memory`: as they
  /// were saved, then those typed since.
  [[nodiscard]] std::string configuration() const { return services_.configuration(); }
  /// The interface, which still has its nameif, is to lose it: every line of the configuration that
  /// refers to the name is negated, as though somebody had typed `no …`.
  void withdraw_nameif(InterfaceId interface) { services_.withdraw_nameif(now_, interface); }
  /// The interface, which still has its nameif, is to have another: the lines of the configuration
  /// that refer to it will say `name`. Nothing is carried out, for the interface is the same.
  void rename_nameif(InterfaceId interface, std::string_view name) {
    services_.rename_nameif(interface, name);
  }
  /// The device's clock, UTC.
  [[nodiscard]] CalendarTime calendar() const { return services_.calendar(now_); }
  [[nodiscard]] bool is_booting() const { return services_.is_booting(); }
  [[nodiscard]] bool is_running() const { return services_.is_running(); }

 private:
  DeviceServices& services_;
  SimTime now_;
  std::uint16_t subsystem_;
};

}  // namespace asaemu
