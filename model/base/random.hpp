// Random streams: reproducible, independent, derived from (seed, device, purpose) and nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace asaemu {

/// A stream of random numbers (xoshiro256**, Blackman and Vigna 2018; seeded through splitmix64).
/// The same three names give the same numbers on every machine and for every number of threads.
class RandomStream {
 public:
  RandomStream() : RandomStream(0, "", "") {}
  RandomStream(std::uint64_t seed, std::string_view device, std::string_view purpose);

  /// 64 random bits.
  std::uint64_t next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  /// Uniform in [0, bound); 0 if bound is 0. Multiply-shift: bias below 2^-32 for bounds below
  /// 2^32.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
  }

  /// Uniform in [low, high].
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    const std::uint64_t span = high - low + 1;  // 0 if every number is allowed
    return span == 0 ? next() : low + below(span);
  }

  /// Uniform in [0, 1).
  double fraction() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  /// Exponentially distributed with the given mean (same unit as the mean).
  double exponential(double mean);

 private:
  __extension__ using Wide = unsigned __int128;
  static std::uint64_t rotate(std::uint64_t value, int bits) {
    return value << bits | value >> (64 - bits);
  }
  std::array<std::uint64_t, 4> state_;
};

/// A well-mixed 64-bit hash of bytes (FNV-1a, finished by splitmix64). Stable across machines and
/// releases.
std::uint64_t stable_hash(std::string_view text, std::uint64_t seed = 0);

}  // namespace asaemu
