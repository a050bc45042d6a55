#include "model/base/random.hpp"

#include <cmath>

namespace asaemu {

namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBU;
  return mixed ^ mixed >> 31;
}

}  // namespace

std::uint64_t stable_hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325U ^ seed;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  return split_mix(hash);
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view device, std::string_view purpose) {
  std::uint64_t state = stable_hash(purpose, stable_hash(device, seed));
  for (auto& word : state_) word = split_mix(state);
}

double RandomStream::exponential(double mean) {
  return -mean * std::log1p(-fraction());
}

}  // namespace asaemu
