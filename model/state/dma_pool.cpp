#include "model/state/dma_pool.hpp"

#include <algorithm>

namespace asaemu {

std::optional<std::uint32_t> DmaPool::allocate(std::uint64_t size) {
  if (size > size_ || blocks_.size() >= kBound) return std::nullopt;
  const auto wanted =
      (static_cast<std::uint32_t>(std::max<std::uint64_t>(size, 1)) + kAlignment - 1) / kAlignment *
      kAlignment;
  std::uint32_t at = base_;
  auto next = blocks_.begin();
  while (next != blocks_.end() && next->address - at < wanted) {
    at = next->address + next->size;
    ++next;
  }
  if (next == blocks_.end() && base_ + size_ - at < wanted) return std::nullopt;
  blocks_.insert(next, {at, wanted});
  return at;
}

bool DmaPool::release(std::uint32_t address) {
  const auto block = std::ranges::find(blocks_, address, &Block::address);
  if (block == blocks_.end()) return false;
  blocks_.erase(block);
  return true;
}

std::uint32_t DmaPool::largest_gap() const {
  if (blocks_.size() >= kBound) return 0;
  std::uint32_t largest = 0;
  std::uint32_t at = base_;
  for (const Block& block : blocks_) {
    largest = std::max(largest, block.address - at);
    at = block.address + block.size;
  }
  return std::max(largest, base_ + size_ - at);
}

}  // namespace asaemu
