#include "model/base/ip_options.hpp"

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

/// A well-formed option. Length 1 is the type alone; otherwise type, length, and zeros but for the
/// pointer that the routes and the timestamp have.
struct NamedOption {
  std::string_view name;
  std::uint8_t type;
  std::uint8_t length;
  std::uint8_t pointer;
};

/// Room for three addresses or two stamps, so that several options fit into one header.
constexpr std::array<NamedOption, 8> kNamed{{{"nop", 0x01, 1, 0},
                                             {"record-route", 0x07, 15, 4},
                                             {"timestamp", 0x44, 12, 5},
                                             {"security", 0x82, 11, 0},
                                             {"loose-source-route", 0x83, 7, 4},
                                             {"stream-id", 0x88, 4, 0},
                                             {"strict-source-route", 0x89, 7, 4},
                                             {"router-alert", 0x94, 4, 0}}};

constexpr std::uint8_t kNumberMask = 0x1F;

}  // namespace

std::optional<IpOptions> IpOptions::parse(std::string_view text) {
  IpOptions options;
  for (;;) {
    const auto plus = text.find('+');
    const std::string_view item = text.substr(0, plus);
    const bool added =
        item.starts_with("0x") ? options.add_raw(item.substr(2)) : options.add_named(item);
    if (!added) return std::nullopt;
    if (plus == std::string_view::npos) break;
    text.remove_prefix(plus + 1);
  }
  options.size_ = static_cast<std::uint8_t>((options.size_ + 3) / 4 * 4);
  return options;
}

bool IpOptions::add(std::uint8_t byte) {
  if (size_ == kBytesMax) return false;
  bytes_.at(size_++) = byte;
  return true;
}

bool IpOptions::add_named(std::string_view name) {
  const auto* option = std::ranges::find(kNamed, name, &NamedOption::name);
  if (option == kNamed.end()) return false;
  for (unsigned i = 0; i < option->length; ++i) {
    const unsigned byte = i == 0   ? option->type
                          : i == 1 ? option->length
                          : i == 2 ? option->pointer
                                   : 0U;
    if (!add(static_cast<std::uint8_t>(byte))) return false;
  }
  return true;
}

bool IpOptions::add_raw(std::string_view hex) {
  if (hex.empty() || hex.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    std::uint8_t byte = 0;
    const char* const end = hex.data() + i + 2;
    const auto [stop, error] = std::from_chars(hex.data() + i, end, byte, 16);
    if (error != std::errc{} || stop != end || !add(byte)) return false;
  }
  return true;
}

IpOptionScan IpOptions::scan() const {
  IpOptionScan scan;
  for (std::size_t at = 0; at < size_;) {
    const std::uint8_t number = bytes_.at(at) & kNumberMask;
    if (bytes_.at(at) == 0) break;
    if (bytes_.at(at) == 1) {
      scan.numbers |= 1U << number;
      ++at;
      continue;
    }
    const std::size_t length = at + 1 < size_ ? bytes_.at(at + 1) : 0;
    if (length < 2 || at + length > size_) {
      scan.is_malformed = true;
      break;
    }
    scan.numbers |= 1U << number;
    at += length;
  }
  return scan;
}

}  // namespace asaemu
