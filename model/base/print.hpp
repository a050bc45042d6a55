// Digits into a buffer: what every rendered message is made of. No bounds are checked here; the
// renderer guarantees room for the widest value (kPrintedValueMax bytes) before it calls.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace asaemu {

/// No value of a fixed-size domain type prints longer than this (an activation key: 5 * 10 + 4
/// bytes).
inline constexpr std::size_t kPrintedValueMax = 64;

namespace detail {

constexpr std::array<char, 200> make_digit_pairs() {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}

inline constexpr std::array<char, 200> kDigitPairs = make_digit_pairs();

/// Each octet's decimal text, left-justified in four bytes; the fourth byte is its length.
constexpr std::array<std::array<char, 4>, 256> make_octets() {
  std::array<std::array<char, 4>, 256> octets{};
  for (std::size_t i = 0; i < 256; ++i) {
    std::size_t at = 0;
    if (i >= 100) octets[i][at++] = static_cast<char>('0' + i / 100);
    if (i >= 10) octets[i][at++] = static_cast<char>('0' + i / 10 % 10);
    octets[i][at++] = static_cast<char>('0' + i % 10);
    octets[i][3] = static_cast<char>(at);
  }
  return octets;
}

inline constexpr std::array<std::array<char, 4>, 256> kOctets = make_octets();

}  // namespace detail

inline char* write_text(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

/// Exactly two digits; value below 100.
inline char* write_two_digits(char* out, unsigned value) {
  std::memcpy(out, &detail::kDigitPairs[std::size_t{2} * value], 2);
  return out + 2;
}

/// Decimal without padding.
inline char* write_decimal(char* out, std::uint64_t value) {
  std::array<char, 20> digits;
  char* at = digits.data() + digits.size();
  while (value >= 100) {
    at -= 2;
    std::memcpy(at, &detail::kDigitPairs[2 * (value % 100)], 2);
    value /= 100;
  }
  if (value >= 10) {
    at -= 2;
    std::memcpy(at, &detail::kDigitPairs[2 * value], 2);
  } else {
    *--at = static_cast<char>('0' + value);
  }
  const auto size = static_cast<std::size_t>(digits.data() + digits.size() - at);
  std::memcpy(out, at, size);
  return out + size;
}

/// One octet of an IPv4 address, 0 to 255. Writes up to four bytes, advances by the digits.
inline char* write_octet(char* out, std::uint8_t octet) {
  const auto& text = detail::kOctets[octet];
  std::memcpy(out, text.data(), 4);
  return out + text[3];
}

inline constexpr std::string_view kUpperHex = "0123456789ABCDEF";
inline constexpr std::string_view kLowerHex = "0123456789abcdef";

/// Hex digits of the value; `width` digits at least, zero-filled.
inline char* write_hex(char* out, std::uint64_t value, int width, std::string_view digits) {
  int count = 1;
  while (count < 16 && (value >> (4 * count)) != 0) ++count;
  if (count < width) count = width;
  for (int i = count - 1; i >= 0; --i) *out++ = digits[(value >> (4 * i)) & 0xF];
  return out;
}

}  // namespace asaemu
