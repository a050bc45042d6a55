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
  Subsystem& operator=(const Subsystem&) = delete;
  virtual ~Subsystem() = default;

  /// A timer set with Context::after() has come.
  virtual void on_timer(Context& /*context*/, std::uint16_t /*tag*/, std::uint64_t /*data*/) {}

 protected:
  /// A copy stands in for a subsystem while a packet is traced (Device::trace): it works on the same
  /// tables, and whatever it holds itself is its own.
  Subsystem(const Subsystem&) = default;
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

  /// Copies of all objects.
  [[nodiscard]] Keepsakes copy() const {
    Keepsakes copies;
    for (const auto& object : objects_) {
      copies.objects_.push_back(object == nullptr ? nullptr : object->copy());
    }
    return copies;
  }
  /// Changes the values of all objects for those of `other`, a copy of this. The objects stay where
  /// they are, so references to them hold.
  void swap_values(Keepsakes& other) {
    ASAEMU_ASSERT(objects_.size() == other.objects_.size());
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      if (objects_[i] != nullptr) objects_[i]->swap_value(*other.objects_[i]);
    }
  }

 private:
  struct Base {
    Base() = default;
    Base(const Base&) = delete;
    Base& operator=(const Base&) = delete;
    virtual ~Base() = default;
    [[nodiscard]] virtual std::unique_ptr<Base> copy() const = 0;
    virtual void swap_value(Base& other) = 0;
  };
  template <class T>
  struct Holder final : Base {
    [[nodiscard]] std::unique_ptr<Base> copy() const override {
      auto other = std::make_unique<Holder>();
      other->value = value;
      return other;
    }
    void swap_value(Base& other) override { std::swap(value, static_cast<Holder&>(other).value); }
    T value{};
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
