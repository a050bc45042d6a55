#include "emulator/scenario/text_template.hpp"

#include <fmt/format.h>

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

TextTemplate::TextTemplate(std::string_view text) : text_(text) {
  std::size_t at = 0;
  while ((at = text_.find("{n", at)) != std::string::npos) {
    const std::size_t close = text_.find('}', at);
    if (close == std::string::npos) return;
    Place place{at, close + 1 - at, Kind::kNumber, 1};
    if (read_place(std::string_view(text_).substr(at + 1, close - at - 1), place)) {
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
    }
    done = place.begin + place.size;
  }
  return result.append(text_, done);
}

}  // namespace asaemu
