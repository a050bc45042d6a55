// Memory that the crypto hardware reads and writes by itself, given out in blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace asaemu {

/// Blocks are given out at the lowest address that has room, so an address that was given back is
/// soon another's. At most kBound blocks at a time.
class DmaPool {
 public:
  static constexpr std::size_t kBound = 1024;
  static constexpr std::uint32_t kAlignment = 64;

  /// The pool lies from `base` on, which like `size` is a multiple of kAlignment.
  DmaPool(std::uint32_t base, std::uint32_t size) : base_(base), size_(size) {}

  /// The address of a block of at least `size` bytes; nullopt if no gap is that large.
  std::optional<std::uint32_t> allocate(std::uint64_t size);
  /// False if no block begins at the address.
  bool release(std::uint32_t address);

  [[nodiscard]] std::size_t blocks() const { return blocks_.size(); }
  /// The most that allocate() would give now.
  [[nodiscard]] std::uint32_t largest_gap() const;

 private:
  struct Block {
    std::uint32_t address;
    std::uint32_t size;
  };

  std::uint32_t base_;
  std::uint32_t size_;
  std::vector<Block> blocks_;  ///< by address
};

}  // namespace asaemu
