// The anti-replay window of an IPsec SA.
#pragma once

#include "model/base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace asaemu {

/// The sliding window of RFC 4303, section 3.4.3, with 32-bit sequence numbers: of the `size` numbers
/// up to the highest accepted one, those not seen yet are fresh; older ones and zero never are.
///
/// The bits form a ring in which number n has bit n modulo size, so sliding clears only the bits of
/// the numbers that come into view.
class ReplayWindow {
 public:
  ReplayWindow() : ReplayWindow(64) {}
  /// `size` is a positive multiple of 64.
  explicit ReplayWindow(std::uint32_t size) : bits_(size / 64, 0) {
    ASAEMU_ASSERT(size >= 64 && size % 64 == 0);
  }

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(bits_.size()) * 64; }

  /// Whether a packet with this number may pass. To be asked before its integrity is checked.
  [[nodiscard]] bool is_fresh(std::uint32_t number) const {
    if (number == 0) return false;
    if (number > highest_) return true;
    return highest_ - number < size() && !is_seen(number);
  }

  /// Remembers a fresh number, once its packet has proved genuine.
  void accept(std::uint32_t number) {
    ASAEMU_ASSERT(is_fresh(number));
    if (number > highest_) {
      const std::uint32_t steps = number - highest_;
      if (steps >= size()) {
        std::fill(bits_.begin(), bits_.end(), 0);
      } else {
        for (std::uint32_t i = 1; i < steps; ++i) word(highest_ + i) &= ~bit(highest_ + i);
      }
      highest_ = number;
    }
    word(number) |= bit(number);
  }

  /// The highest number accepted; 0 before the first.
  [[nodiscard]] std::uint32_t highest() const { return highest_; }

  /// Whether the number that lies `age` below the highest was seen. `age` is below size().
  [[nodiscard]] bool was_seen(std::uint32_t age) const {
    return age < highest_ && is_seen(highest_ - age);
  }

 private:
  [[nodiscard]] std::size_t place(std::uint32_t number) const { return number % size() / 64; }
  [[nodiscard]] std::uint64_t& word(std::uint32_t number) { return bits_[place(number)]; }
  static std::uint64_t bit(std::uint32_t number) { return std::uint64_t{1} << (number % 64); }
  [[nodiscard]] bool is_seen(std::uint32_t number) const {
    return (bits_[place(number)] & bit(number)) != 0;
  }

  std::vector<std::uint64_t> bits_;
  std::uint32_t highest_ = 0;
};

}  // namespace asaemu
