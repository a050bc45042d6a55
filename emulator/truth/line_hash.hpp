// The hash of ground truth: XXH3 with 64 bits and no seed, from libxxhash. `xxhsum -H3` computes the same.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace asaemu {

std::uint64_t line_hash(std::string_view bytes);

namespace detail {

/// The eight lower-case hex digits of a number, the first one in the lowest byte.
inline std::uint64_t spread_hex(std::uint32_t value) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kEach = 0x0101010101010101;
  constexpr std::uint64_t kLetter = 'a' - '0' - 10;
  std::uint64_t digits = __builtin_bswap32(value);
  digits = (digits | digits << 16) & 0x0000FFFF0000FFFF;
  digits = (digits | digits << 8) & 0x00FF00FF00FF00FF;
  digits = (digits >> 4 | digits << 8) & 0x0F0F0F0F0F0F0F0F;
  const std::uint64_t letters = (digits + 6 * kEach) >> 4 & kEach;
  return digits + '0' * kEach + letters * kLetter;
}

}  // namespace detail

/// Its sixteen lower-case hex digits.
inline char* write_hash(char* out, std::uint64_t hash) {
  const std::uint64_t high = detail::spread_hex(static_cast<std::uint32_t>(hash >> 32));
  const std::uint64_t low = detail::spread_hex(static_cast<std::uint32_t>(hash));
  std::memcpy(out, &high, sizeof high);
  std::memcpy(out + sizeof high, &low, sizeof low);
  return out + sizeof high + sizeof low;
}

}  // namespace asaemu
