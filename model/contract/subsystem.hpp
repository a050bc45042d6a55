// What a subsystem is: state of its own, and handlers that Declarations wires to the device.
#pragma once

#include "model/contract/context.hpp"
#include "model/contract/packet.hpp"

#include <memory>

namespace asaemu {

/// One of a device's subsystems. Made anew at every boot of its device.
class Subsystem {
 public:
  Subsystem() = default;
  Subsystem(const Subsystem&) = delete;
  Subsystem& operator=(const Subsystem&) = delete;
  virtual ~Subsystem() = default;

  /// A timer set with Context::after() has come.
  virtual void on_timer(Context& /*context*/, std::uint16_t /*tag*/, std::uint64_t /*data*/) {}
};

/// What a subsystem keeps over reloads and while the device is off, as a device keeps files on flash.
/// Held by the device, one object a subsystem.
class Keepsakes {
 public:
  /// The subsystem's object, made when first asked for.
  template <class T>
  T& of(std::size_t subsystem) {
    if (objects_.size() <= subsystem) objects_.resize(subsystem + 1);
    auto& object = objects_[subsystem];
    if (object == nullptr) object = std::make_unique<Holder<T>>();
    return static_cast<Holder<T>&>(*object).value;
  }

 private:
  struct Base {
    Base() = default;
    Base(const Base&) = delete;
    Base& operator=(const Base&) = delete;
    virtual ~Base() = default;
  };
  template <class T>
  struct Holder final : Base {
    T value;
  };
  std::vector<std::unique_ptr<Base>> objects_;
};

/// A table's write access: each table of DeviceState has exactly one owner, which claims it when it
/// is made.
class Claims {
 public:
  Claims(DeviceState& state, Keepsakes& keepsakes, const Arguments& options,
         const Platform& platform)
      : state_(state), keepsakes_(keepsakes), options_(options), platform_(platform) {}

  /// The subsystem that is made next.
  void begin(std::size_t subsystem) { subsystem_ = subsystem; }

  /// The table to write. Claiming one twice is our mistake (asserted).
  template <class Table>
  Table& own(Table DeviceState::*table) {
    Table& claimed = state_.*table;
    for (const void* other : claimed_) ASAEMU_ASSERT(other != &claimed);
    claimed_.push_back(&claimed);
    return claimed;
  }

  /// This subsystem's own object that survives reloads and power failures: a `T{}` at the first boot,
  /// later what it was left as. Always ask for the same T.
  template <class T>
  [[nodiscard]] T& kept() {
    return keepsakes_.of<T>(subsystem_);
  }

  /// The device's value of a declared option.
  template <class T>
  [[nodiscard]] const T& option(std::string_view name) const {
    return options_.get<T>(name);
  }

  [[nodiscard]] const Platform& platform() const { return platform_; }
  /// Any table to read.
  [[nodiscard]] const DeviceState& state() const { return state_; }

 private:
  DeviceState& state_;
  Keepsakes& keepsakes_;
  const Arguments& options_;
  const Platform& platform_;
  std::size_t subsystem_ = 0;
  std::vector<const void*> claimed_;
};

}  // namespace asaemu
