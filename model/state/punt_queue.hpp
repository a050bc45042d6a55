// Packets that wait in the control plane because their tunnel is not negotiated yet.
#pragma once

#include "model/state/sa_database.hpp"

namespace asaemu {

/// A bounded queue of which only the lengths matter: what waits is lost, but holds its place until
/// the negotiation that it asked for has ended.
class PuntQueue {
 public:
  explicit PuntQueue(std::uint64_t bound) : bound_(bound) {}

  [[nodiscard]] bool full() const { return size_ >= bound_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Queues a packet for a tunnel; whether it is the first one. The queue must not be full.
  bool push(const Selectors& selectors) {
    ASAEMU_ASSERT(!full());
    const auto [count, is_first] = by_tunnel_.insert(selectors, 0);
    ++*count;
    ++size_;
    return is_first;
  }

  /// The negotiation for this tunnel is over, one way or the other.
  void release(const Selectors& selectors) {
    const std::uint64_t* const count = by_tunnel_.find(selectors);
    if (count == nullptr) return;
    size_ -= *count;
    by_tunnel_.erase(selectors);
  }

 private:
  std::uint64_t bound_;
  std::uint64_t size_ = 0;
  HashIndex<Selectors, std::uint64_t, SelectorsHash> by_tunnel_;
};

}  // namespace asaemu
