#include "model/base/type7.hpp"

#include "model/base/assert.hpp"

#include <fmt/format.h>

#include <charconv>

namespace asaemu {

namespace {

constexpr std::string_view kPad = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
constexpr unsigned kStartMax = 15;

std::optional<unsigned> read(std::string_view digits, int base) {
  unsigned value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> reveal_type7(std::string_view hidden) {
  if (hidden.size() < 4 || hidden.size() % 2 != 0) return std::nullopt;
  const auto start = read(hidden.substr(0, 2), 10);
  if (!start || *start > kStartMax) return std::nullopt;
  std::string clear;
  for (std::size_t i = 2; i < hidden.size(); i += 2) {
    const auto byte = read(hidden.substr(i, 2), 16);
    if (!byte) return std::nullopt;
    const auto pad = static_cast<unsigned char>(kPad[(*start + clear.size()) % kPad.size()]);
    const unsigned character = *byte ^ pad;
    if (character < 0x20 || character > 0x7E) return std::nullopt;
    clear.push_back(static_cast<char>(character));
  }
  return clear;
}

std::string hide_type7(std::string_view clear, unsigned start) {
  ASAEMU_ASSERT(start <= kStartMax);
  std::string hidden = fmt::format("{:02}", start);
  for (std::size_t i = 0; i < clear.size(); ++i) {
    const auto pad = static_cast<unsigned char>(kPad[(start + i) % kPad.size()]);
    hidden += fmt::format("{:02X}", static_cast<unsigned char>(clear[i]) ^ pad);
  }
  return hidden;
}

}  // namespace asaemu
