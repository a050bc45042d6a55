// Digits into a buffer: what every rendered message is made of. No bounds are checked here; the
// renderer guarantees room for the widest value (kPrintedValueMax bytes) before it calls.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
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

/// Each octet's decimal text with a dot behind it.
struct OctetTexts {
  std::array<std::array<char, 4>, 256> text{};
  std::array<std::uint8_t, 256> digits{};
};

constexpr OctetTexts make_octets() {
  OctetTexts octets;
  for (std::size_t i = 0; i < 256; ++i) {
    std::size_t at = 0;
    if (i >= 100) octets.text[i][at++] = static_cast<char>('0' + i / 100);
    if (i >= 10) octets.text[i][at++] = static_cast<char>('0' + i / 10 % 10);
    octets.text[i][at++] = static_cast<char>('0' + i % 10);
    octets.digits[i] = static_cast<std::uint8_t>(at);
    octets.text[i][at] = '.';
  }
  return octets;
}

inline constexpr OctetTexts kOctets = make_octets();

constexpr std::array<std::uint64_t, 20> make_powers_of_ten() {
  std::array<std::uint64_t, 20> powers{};
  std::uint64_t power = 1;
  for (auto& one : powers) {
    one = power;
    power *= 10;
  }
  return powers;
}

inline constexpr std::array<std::uint64_t, 20> kPowersOfTen = make_powers_of_ten();

/// Number of decimal digits; 1 for 0. 1233 / 4096 is log10(2) from below, so the guess is right or
/// one low.
inline std::size_t count_digits(std::uint64_t value) {
  const auto guess = static_cast<std::size_t>(std::bit_width(value | 1) * 1233) >> 12;
  return guess + ((value | 1) >= kPowersOfTen[guess] ? 1 : 0);
}

}  // namespace detail

/// Copies `size` bytes in blocks of 32: reads and writes up to 31 bytes beyond them (32 if there
/// are none). Both sides must have that room.
inline char* write_blocks(char* out, const char* from, std::size_t size) {
  std::memcpy(out, from, 32);
  for (std::size_t at = 32; at < size; at += 32) std::memcpy(out + at, from + at, 32);
  return out + size;
}

/// Copies exactly the text. Short texts are copied as two pieces that overlap, which spares the
/// call and the loop of memcpy().
inline char* write_text(char* out, std::string_view text) {
  const std::size_t size = text.size();
  const char* const from = text.data();
  const auto both_ends = [&]<std::size_t kPiece>() {
    std::array<char, kPiece> head;
    std::array<char, kPiece> tail;
    std::memcpy(head.data(), from, kPiece);
    std::memcpy(tail.data(), from + size - kPiece, kPiece);
    std::memcpy(out, head.data(), kPiece);
    std::memcpy(out + size - kPiece, tail.data(), kPiece);
  };
  if (size > 32) {
    std::memcpy(out, from, size);
  } else if (size >= 16) {
    both_ends.operator()<16>();
  } else if (size >= 8) {
    both_ends.operator()<8>();
  } else if (size >= 4) {
    both_ends.operator()<4>();
  } else {
    for (std::size_t i = 0; i < size; ++i) out[i] = from[i];
  }
  return out + size;
}

/// The same of a literal, whose size the compiler knows.
template <std::size_t kSize>
[[gnu::always_inline]] inline char* write_literal(
    char* out, const char (&text)[kSize]) {  // NOLINT(modernize-avoid-c-arrays): so are literals
  std::memcpy(out, text, kSize - 1);
  return out + kSize - 1;
}

/// Exactly two digits; value below 100.
inline char* write_two_digits(char* out, unsigned value) {
  std::memcpy(out, &detail::kDigitPairs[std::size_t{2} * value], 2);
  return out + 2;
}

/// Decimal without padding.
inline char* write_decimal(char* out, std::uint64_t value) {
  char* const end = out + detail::count_digits(value);
  char* at = end;
  while (value >= 100) {
    at -= 2;
    std::memcpy(at, &detail::kDigitPairs[2 * (value % 100)], 2);
    value /= 100;
  }
  if (value >= 10) {
    std::memcpy(at - 2, &detail::kDigitPairs[2 * value], 2);
  } else {
    at[-1] = static_cast<char>('0' + value);
  }
  return end;
}

/// Dotted decimal of an IPv4 address in host order. May touch two bytes beyond what it returns.
inline char* write_dotted(char* out, std::uint32_t address) {
  const auto write_octet = [&](std::size_t octet) {
    std::memcpy(out, detail::kOctets.text[octet].data(), 4);
    out += detail::kOctets.digits[octet] + 1;
  };
  write_octet(address >> 24);
  write_octet(address >> 16 & 0xFF);
  write_octet(address >> 8 & 0xFF);
  write_octet(address & 0xFF);
  return out - 1;
}

enum class HexCase : std::uint8_t { kUpper, kLower };

/// Hex digits of the value; `width` digits at least, zero-filled; 1 to 8. Touches eight bytes.
///
/// All eight digits are made at once in one register: each nibble is moved to a byte of its own,
/// and the bytes above 9 are lifted from the digits to the letters. As fast as a table of digit
/// pairs, and needs no cache.
inline char* write_hex(char* out, std::uint32_t value, HexCase letters, unsigned width = 1) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t digits = value;
  digits = (digits | digits << 16) & 0x0000FFFF0000FFFF;
  digits = (digits | digits << 8) & 0x00FF00FF00FF00FF;
  digits = (digits | digits << 4) & 0x0F0F0F0F0F0F0F0F;
  const std::uint64_t above_nine = (digits + 0x0606060606060606) >> 4 & 0x0101010101010101;
  const std::uint64_t gap = letters == HexCase::kUpper ? 'A' - '9' - 1 : 'a' - '9' - 1;
  digits += 0x3030303030303030 + above_nine * gap;
  const auto needed = (static_cast<unsigned>(std::bit_width(value | 1)) + 3) / 4;
  const unsigned count = needed > width ? needed : width;
  // The last digit is in the lowest byte; it must come last in memory.
  digits = __builtin_bswap64(digits) >> (64 - 8 * count);
  std::memcpy(out, &digits, 8);
  return out + count;
}

}  // namespace asaemu
