// Texts that differ from device to device: `10.{n/250}.{n%250}.1`, `{name}.example.org`.
#pragma once

#include "emulator/scenario/generator.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A variable of an entry's devices: a list or a range, of which the first device has the first
/// value, the second device the second, and so on, over again where there are more devices.
struct DeviceVariable {
  std::string name;
  Generator values;
  /// The value of the entry's device `place`, counted from 0.
  [[nodiscard]] std::string value(std::uint64_t place) const;
};

/// The device that a text is for.
struct DeviceIdentity {
  std::uint64_t number = 1;  ///< fw-{001..250} are 1 to 250; a single device is 1
  std::string_view name;
  std::uint64_t place = 0;  ///< among its entry's devices, from 0
  std::span<const DeviceVariable> variables{};
};

/// A text taken apart at its places: `{n}` the device's number, `{n/K}` and `{n%K}` that number
/// divided by K (a whole number from 1) and what is left over, `{name}` the device's name, `{site}` its
/// variable of that name. Other braces are text.
class TextTemplate {
 public:
  /// `variables` are the names of variables that devices have.
  explicit TextTemplate(std::string_view text, std::span<const std::string> variables = {});

  /// Whether the text differs from device to device.
  [[nodiscard]] bool has_places() const { return !places_.empty(); }
  /// What looks like a place but is none (`{n+1}`, `{n/0}`); empty if there is nothing such.
  [[nodiscard]] const std::string& malformed() const { return malformed_; }
  /// A variable that the device does not have stays as it stands in the text.
  [[nodiscard]] std::string render(const DeviceIdentity& device) const;
  /// The first variable in the text that the device does not have; empty if it has all.
  [[nodiscard]] std::string_view lacks(const DeviceIdentity& device) const;

 private:
  enum class Kind : std::uint8_t { kNumber, kQuotient, kRemainder, kName, kVariable };
  /// A place: where its braces stand in the text, both included.
  struct Place {
    std::size_t begin;
    std::size_t size;
    Kind kind;
    std::uint64_t divisor;
  };

  [[nodiscard]] const DeviceVariable* find(const DeviceIdentity& device, const Place& place) const;
  /// Whether the braces' content is a place; remembers a malformed one.
  bool read_place(std::string_view content, Place& place);

  std::string text_;
  std::vector<Place> places_;
  std::string malformed_;
};

}  // namespace asaemu
