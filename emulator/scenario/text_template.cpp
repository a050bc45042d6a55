#include "emulator/scenario/text_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

/// A whole number from 1; 0 for anything else.
std::uint64_t read_divisor(std::string_view digits) {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value);
  return error == std::errc{} && at == end ? value : 0;
}

}  // namespace

std::string DeviceVariable::value(std::uint64_t place) const {
  RandomStream unused;
  FieldValue scratch;
  const FieldValue& value = values.next(unused, place, scratch);
  if (const auto* address = std::get_if<IpAddress>(&value)) return to_string(*address);
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : std::string();
}

TextTemplate::TextTemplate(std::string_view text, std::span<const std::string> variables)
    : text_(text) {
  std::size_t at = 0;
  while ((at = text_.find('{', at)) != std::string::npos) {
    const std::size_t close = text_.find('}', at);
    if (close == std::string::npos) return;
    const std::string_view content = std::string_view(text_).substr(at + 1, close - at - 1);
    Place place{at, close + 1 - at, Kind::kNumber, 1};
    if (std::ranges::find(variables, content) != variables.end()) {
      place.kind = Kind::kVariable;
      places_.push_back(place);
      at = close + 1;
    } else if (content.starts_with('n') && read_place(content, place)) {
      places_.push_back(place);
      at = close + 1;
    } else {
      ++at;
    }
  }
}

bool TextTemplate::read_place(std::string_view content, Place& place) {
  if (content == "n") return true;
  if (content == "name") {
    place.kind = Kind::kName;
    return true;
  }
  const char sign = content[1];
  if (sign == '/' || sign == '%') {
    place.kind = sign == '/' ? Kind::kQuotient : Kind::kRemainder;
    place.divisor = read_divisor(content.substr(2));
    if (place.divisor > 0) return true;
  }
  constexpr std::string_view kSigns = "/%+-* ";
  if (kSigns.find(sign) != std::string_view::npos && malformed_.empty()) {
    malformed_ = fmt::format("{{{}}}", content);
  }
  return false;
}

const DeviceVariable* TextTemplate::find(const DeviceIdentity& device, const Place& place) const {
  const auto name = std::string_view(text_).substr(place.begin + 1, place.size - 2);
  const auto found = std::ranges::find(device.variables, name, &DeviceVariable::name);
  return found != device.variables.end() ? &*found : nullptr;
}

std::string_view TextTemplate::lacks(const DeviceIdentity& device) const {
  for (const Place& place : places_) {
    if (place.kind == Kind::kVariable && find(device, place) == nullptr) {
      return std::string_view(text_).substr(place.begin + 1, place.size - 2);
    }
  }
  return {};
}

std::string TextTemplate::render(const DeviceIdentity& device) const {
  std::string result;
  result.reserve(text_.size() + 8 * places_.size());
  std::size_t done = 0;
  for (const Place& place : places_) {
    result.append(text_, done, place.begin - done);
    switch (place.kind) {
      case Kind::kNumber:
        result += std::to_string(device.number);
        break;
      case Kind::kQuotient:
        result += std::to_string(device.number / place.divisor);
        break;
      case Kind::kRemainder:
        result += std::to_string(device.number % place.divisor);
        break;
      case Kind::kName:
        result += device.name;
        break;
      case Kind::kVariable: {
        const auto* variable = find(device, place);
        result += variable != nullptr ? variable->value(device.place)
                                      : text_.substr(place.begin, place.size);
        break;
      }
    }
    done = place.begin + place.size;
  }
  return result.append(text_, done);
}

}  // namespace asaemu
