// What a subsystem is: state of its own, and handlers that Declarations wires to the device.
#pragma once

#include "model/contract/context.hpp"
#include "model/contract/packet.hpp"

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

/// A table's write access: each table of DeviceState has exactly one owner, which claims it when it
/// is made.
class Claims {
 public:
  Claims(DeviceState& state, const Arguments& options, const Platform& platform)
      : state_(state), options_(options), platform_(platform) {}

  /// The table to write. Claiming one twice is our mistake (asserted).
  template <class Table>
  Table& own(Table DeviceState::*table) {
    Table& claimed = state_.*table;
    for (const void* other : claimed_) ASAEMU_ASSERT(other != &claimed);
    claimed_.push_back(&claimed);
    return claimed;
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
  const Arguments& options_;
  const Platform& platform_;
  std::vector<const void*> claimed_;
};

}  // namespace asaemu
