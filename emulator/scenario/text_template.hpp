// Texts that differ from device to device: `10.{n/250}.{n%250}.1`, `{name}.example.org`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// The device that a text is for.
struct DeviceIdentity {
  std::uint64_t number = 1;  ///< fw-{001..250} are 1 to 250; a single device is 1
  std::string_view name;
};

/// A text taken apart at its places: `{n}` the device's number, `{n/K}` and `{n%K}` that number
/// divided by K (a whole number from 1) and what is left over, `{name}` the device's name. Other
/// braces are text.
class TextTemplate {
 public:
  explicit TextTemplate(std::string_view text);

  /// Whether the text differs from device to device.
  [[nodiscard]] bool has_places() const { return !places_.empty(); }
  /// What looks like a place but is none (`{n+1}`, `{n/0}`); empty if there is nothing such.
  [[nodiscard]] const std::string& malformed() const { return malformed_; }
  [[nodiscard]] std::string render(const DeviceIdentity& device) const;

 private:
  enum class Kind : std::uint8_t { kNumber, kQuotient, kRemainder, kName };
  /// A place: where its braces stand in the text, both included.
  struct Place {
    std::size_t begin;
    std::size_t size;
    Kind kind;
    std::uint64_t divisor;
  };

  /// Whether the braces' content is a place; remembers a malformed one.
  bool read_place(std::string_view content, Place& place);

  std::string text_;
  std::vector<Place> places_;
  std::string malformed_;
};

}  // namespace asaemu
