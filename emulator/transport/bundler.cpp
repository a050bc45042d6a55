#include "emulator/transport/bundler.hpp"

#include "model/base/assert.hpp"

#include <algorithm>
#include <bit>

namespace asaemu {

void Bundler::arrange(std::span<const Datagram> batch, std::size_t size_max) {
  batch_ = batch;
  order_.clear();
  bundles_.clear();
  link_devices();
  while (order_.size() < batch.size()) make_bundle(size_max);
}

/// Chains each device's datagrams. The first of each is ready.
void Bundler::link_devices() {
  constexpr std::size_t kSlotsPerDatagram = 2;
  const std::size_t count = batch_.size();
  next_of_device_.assign(count, kNone);
  next_of_size_.resize(count);
  seen_.assign(std::bit_ceil(kSlotsPerDatagram * count), Seen{0, kNone});
  for (std::uint32_t i = 0; i < count; ++i) {
    Seen& its = seen(batch_[i].device);
    if (its.last == kNone) {
      make_ready(i);
    } else {
      next_of_device_[its.last] = i;
    }
    its = {batch_[i].device, i};
  }
}

/// The device's slot: at least half of all are free, so that one is found soon.
Bundler::Seen& Bundler::seen(std::uint32_t device) {
  constexpr std::uint32_t kSpread = 0x9E3779B1;  // 2^32 by the golden ratio
  constexpr unsigned kUpper = 15;
  const std::size_t mask = seen_.size() - 1;
  const std::uint32_t spread = device * kSpread;
  std::size_t slot = (spread ^ (spread >> kUpper)) & mask;
  while (seen_[slot].last != kNone && seen_[slot].device != device) slot = (slot + 1) & mask;
  return seen_[slot];
}

void Bundler::make_ready(std::uint32_t datagram) {
  const std::uint32_t size = batch_[datagram].size;
  ASAEMU_ASSERT(size <= kBytesMax);
  if (size >= ready_.size()) ready_.resize(size + std::size_t{1});
  Ready& ready = ready_[size];
  next_of_size_[datagram] = kNone;
  if (ready.count == 0) {
    ready.first = datagram;
    ready.place = static_cast<std::uint32_t>(sizes_.size());
    sizes_.push_back(size);
  } else {
    next_of_size_[ready.last] = datagram;
  }
  ready.last = datagram;
  ++ready.count;
}

/// Moves the oldest ready datagram of this size to the order; its device's next is ready then.
void Bundler::take_first(std::uint32_t size) {
  Ready& ready = ready_[size];
  const std::uint32_t datagram = ready.first;
  order_.push_back(datagram);
  ready.first = next_of_size_[datagram];
  if (--ready.count == 0) {
    sizes_[ready.place] = sizes_.back();
    ready_[sizes_.back()].place = ready.place;
    sizes_.pop_back();
  }
  if (next_of_device_[datagram] != kNone) make_ready(next_of_device_[datagram]);
}

/// Other sizes gain company meanwhile.
std::uint32_t Bundler::most_ready() const {
  return *std::max_element(sizes_.begin(), sizes_.end(), [this](auto left, auto right) {
    return ready_[left].count < ready_[right].count;
  });
}

/// The size to end a bundle with: where little company is to be expected. kNone if there is none.
std::uint32_t Bundler::fewest_ready_below(std::uint32_t size, std::size_t room) const {
  std::uint32_t best = kNone;
  for (const std::uint32_t other : sizes_) {
    if (other == 0 || other >= size || other > room) continue;
    if (best == kNone || ready_[other].count < ready_[best].count) best = other;
  }
  return best;
}

void Bundler::make_bundle(std::size_t size_max) {
  const std::uint32_t size = most_ready();
  const bool is_alone = size == 0 || size > size_max;
  const std::size_t count_max = is_alone ? 1 : std::min(kCountMax, kBytesMax / size);
  const std::size_t first = order_.size();
  std::size_t count = 0;
  for (; count < count_max && ready_[size].count > 0; ++count) take_first(size);
  const bool is_full = is_alone || count == kCountMax;
  const std::uint32_t last = is_full ? kNone : fewest_ready_below(size, kBytesMax - count * size);
  if (last != kNone) take_first(last);
  bundles_.push_back(
      {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(order_.size() - first)});
}

}  // namespace asaemu
