// XXH64 with seed 0, the hash of ground truth: `xxhsum -H1` computes the same.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace asaemu {

namespace detail {

inline constexpr std::uint64_t kXxh1 = 0x9E3779B185EBCA87;
inline constexpr std::uint64_t kXxh2 = 0xC2B2AE3D27D4EB4F;
inline constexpr std::uint64_t kXxh3 = 0x165667B19E3779F9;
inline constexpr std::uint64_t kXxh4 = 0x85EBCA77C2B2AE63;
inline constexpr std::uint64_t kXxh5 = 0x27D4EB2F165667C5;

template <class T>
std::uint64_t xxh_read(const char* at) {
  static_assert(std::endian::native == std::endian::little);
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

inline std::uint64_t xxh_round(std::uint64_t sum, std::uint64_t input) {
  return std::rotl(sum + input * kXxh2, 31) * kXxh1;
}

inline std::uint64_t xxh_merge(std::uint64_t sum, std::uint64_t lane) {
  return (sum ^ xxh_round(0, lane)) * kXxh1 + kXxh4;
}

}  // namespace detail

/// XXH64 (Y. Collet, xxhash_spec.md) of the bytes, seed 0.
inline std::uint64_t xxh64(std::string_view bytes) {
  using namespace detail;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  std::uint64_t sum = kXxh5;
  if (bytes.size() >= 32) {
    std::uint64_t a = kXxh1 + kXxh2;
    std::uint64_t b = kXxh2;
    std::uint64_t c = 0;
    std::uint64_t d = 0 - kXxh1;
    for (; end - at >= 32; at += 32) {
      a = xxh_round(a, xxh_read<std::uint64_t>(at));
      b = xxh_round(b, xxh_read<std::uint64_t>(at + 8));
      c = xxh_round(c, xxh_read<std::uint64_t>(at + 16));
      d = xxh_round(d, xxh_read<std::uint64_t>(at + 24));
    }
    sum = std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
    sum = xxh_merge(xxh_merge(xxh_merge(xxh_merge(sum, a), b), c), d);
  }
  sum += bytes.size();
  for (; end - at >= 8; at += 8) {
    sum = std::rotl(sum ^ xxh_round(0, xxh_read<std::uint64_t>(at)), 27) * kXxh1 + kXxh4;
  }
  if (end - at >= 4) {
    sum = std::rotl(sum ^ xxh_read<std::uint32_t>(at) * kXxh1, 23) * kXxh2 + kXxh3;
    at += 4;
  }
  for (; at != end; ++at) sum = std::rotl(sum ^ xxh_read<std::uint8_t>(at) * kXxh5, 11) * kXxh1;
  sum = (sum ^ sum >> 33) * kXxh2;
  sum = (sum ^ sum >> 29) * kXxh3;
  return sum ^ sum >> 32;
}

/// Its sixteen lower-case hex digits.
inline char* write_hash(char* out, std::uint64_t hash) {
  for (int shift = 60; shift >= 0; shift -= 4) *out++ = "0123456789abcdef"[hash >> shift & 15];
  return out;
}

}  // namespace asaemu
