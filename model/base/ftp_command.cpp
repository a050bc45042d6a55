#include "model/base/ftp_command.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

/// `10,0,0,5,4,1`, and nothing else.
std::optional<FtpDataAddress> parse_numbers(std::string_view text) {
  constexpr std::uint32_t kNumberMax = 999;  // three digits
  std::array<std::uint32_t, 6> numbers{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
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

}  // namespace

bool is_ftp_command(std::string_view line, std::string_view verb) {
  if (line.size() < verb.size()) return false;
  for (std::size_t i = 0; i < verb.size(); ++i) {
    if ((line[i] | 0x20) != verb[i]) return false;
  }
  return line.size() == verb.size() || line[verb.size()] == ' ';
}

std::optional<FtpDataAddress> parse_ftp_port(std::string_view line) {
  constexpr std::string_view kVerb = "port";
  if (!is_ftp_command(line, kVerb) || line.size() == kVerb.size()) return std::nullopt;
  return parse_numbers(line.substr(kVerb.size() + 1));
}

std::optional<FtpDataAddress> parse_ftp_passive(std::string_view line) {
  const auto open = line.find('(');
  const auto close = line.find(')');
  if (!line.starts_with("227 ") || open == std::string_view::npos ||
      close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  return parse_numbers(line.substr(open + 1, close - open - 1));
}

}  // namespace asaemu
