#include "emulator/run/agenda.hpp"

#include <algorithm>

namespace asaemu {

Agenda::Agenda(std::size_t devices, SimTime end)
    : queues_(devices), heap_(devices), positions_(devices), end_(end) {
  for (std::size_t i = 0; i < devices; ++i) put(i, {kNever, static_cast<std::uint32_t>(i)});
}

void Agenda::set_slice(SimDuration slice) {
  slice_ = slice;
  turn_end_ = kStart;
  if (!queues_.empty()) end_turn(next_);
}

/// The device's place in the order is what its next event says, and somebody has the next turn.
void Agenda::end_turn(std::size_t place) {
  move(positions_[place], {queues_[place].next_time(), static_cast<std::uint32_t>(place)});
  begin_turn();
}

void Agenda::begin_turn() {
  const Entry& first = heap_.front();
  next_ = first.place;
  turn_end_ = kStart;
  turn_ = 0;
  if (slice_.count() == 0 || first.at >= end_) return;
  const SimDuration into = (first.at - kStart) % slice_;
  turn_end_ = std::min(end_, first.at - into + slice_);
}

void Agenda::move(std::size_t position, const Entry& entry) {
  while (position > 0) {
    const std::size_t parent = (position - 1) / 4;
    if (!before(entry, heap_[parent])) break;
    put(position, heap_[parent]);
    position = parent;
  }
  for (;;) {
    const std::size_t first = 4 * position + 1;
    if (first >= heap_.size()) break;
    const std::size_t end = std::min(first + 4, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (before(heap_[child], heap_[least])) least = child;
    }
    if (!before(heap_[least], entry)) break;
    put(position, heap_[least]);
    position = least;
  }
  put(position, entry);
}

}  // namespace asaemu
