#include "model/base/ftp_command.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

bool is_port_verb(std::string_view text) {
  constexpr std::string_view kVerb = "port ";
  if (text.size() < kVerb.size()) return false;
  for (std::size_t i = 0; i < kVerb.size(); ++i) {
    if ((text[i] | 0x20) != kVerb[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<FtpDataAddress> parse_ftp_port(std::string_view line) {
  constexpr std::size_t kVerbSize = 5;
  constexpr std::uint32_t kNumberMax = 999;  // three digits
  if (!is_port_verb(line)) return std::nullopt;
  std::array<std::uint32_t, 6> numbers{};
  const char* at = line.data() + kVerbSize;
  const char* const end = line.data() + line.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && (at == end || *at++ != ',')) return std::nullopt;
    const auto [stop, error] = std::from_chars(at, end, numbers.at(i));
    if (error != std::errc{} || numbers.at(i) > (i < 4 ? 255 : kNumberMax)) return std::nullopt;
    at = stop;
  }
  if (at != end) return std::nullopt;
  const auto [a, b, c, d, high, low] = numbers;
  return FtpDataAddress{IpAddress::v4(a << 24 | b << 16 | c << 8 | d), high * 256 + low};
}

}  // namespace asaemu
