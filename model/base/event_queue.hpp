// The scheduler: events of many devices in one total order that no thread or shard can change.
#pragma once

#include "model/base/assert.hpp"
#include "model/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace asaemu {

/// Names one scheduled event; stale once it has run or been cancelled. Default: names nothing.
struct TimerHandle {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

/// Events ordered by (time, device, sequence). A device numbers its own events as it schedules
/// them, so the order among one device's events does not depend on which other devices share the
/// queue. A four-way heap with known positions: cancelling costs O(log n) and leaves nothing
/// behind.
template <class Payload>
class EventQueue {
 public:
  /// Schedules an event of `device`. `sequence` must grow with every call for the same device.
  TimerHandle schedule(SimTime at, std::uint32_t device, std::uint64_t sequence, Payload payload) {
    std::uint32_t slot = free_;
    if (slot == kNoSlot) {
      slot = static_cast<std::uint32_t>(slots_.size());
      slots_.push_back(Slot{});
    } else {
      free_ = slots_[slot].next_free;
    }
    slots_[slot].payload = std::move(payload);
    heap_.push_back(Entry{at, sequence, device, slot});
    rise(heap_.size() - 1);
    return {slot, slots_[slot].generation};
  }

  /// Takes an event out before it runs. False if it has run, or was cancelled, or the handle names
  /// nothing.
  bool cancel(TimerHandle handle) {
    if (!is_pending(handle)) return false;
    remove(slots_[handle.slot].position);
    release(handle.slot);
    return true;
  }

  [[nodiscard]] bool is_pending(TimerHandle handle) const {
    return handle.slot < slots_.size() && handle.generation != 0 &&
           slots_[handle.slot].generation == handle.generation &&
           slots_[handle.slot].position != kNoSlot;
  }

  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  /// When the next event is due; kNever if there is none.
  [[nodiscard]] SimTime next_time() const { return heap_.empty() ? kNever : heap_.front().at; }

  /// Takes the next event. The queue must not be empty.
  Payload pop() {
    ASAEMU_ASSERT(!heap_.empty());
    const std::uint32_t slot = heap_.front().slot;
    remove(0);
    Payload payload = std::move(slots_[slot].payload);
    release(slot);
    return payload;
  }

 private:
  static constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;

  struct Entry {
    SimTime at;
    std::uint64_t sequence;
    std::uint32_t device;
    std::uint32_t slot;
  };

  struct Slot {
    Payload payload{};
    std::uint32_t generation = 1;
    std::uint32_t position = kNoSlot;  ///< in heap_; kNoSlot when free
    std::uint32_t next_free = kNoSlot;
  };

  static bool before(const Entry& a, const Entry& b) {
    if (a.at != b.at) return a.at < b.at;
    if (a.device != b.device) return a.device < b.device;
    return a.sequence < b.sequence;
  }

  void place(std::size_t position, const Entry& entry) {
    heap_[position] = entry;
    slots_[entry.slot].position = static_cast<std::uint32_t>(position);
  }

  void rise(std::size_t position) {
    const Entry entry = heap_[position];
    while (position > 0) {
      const std::size_t parent = (position - 1) / 4;
      if (!before(entry, heap_[parent])) break;
      place(position, heap_[parent]);
      position = parent;
    }
    place(position, entry);
  }

  void sink(std::size_t position) {
    const Entry entry = heap_[position];
    for (;;) {
      const std::size_t first = 4 * position + 1;
      if (first >= heap_.size()) break;
      std::size_t least = first;
      for (std::size_t child = first + 1; child < first + 4 && child < heap_.size(); ++child) {
        if (before(heap_[child], heap_[least])) least = child;
      }
      if (!before(heap_[least], entry)) break;
      place(position, heap_[least]);
      position = least;
    }
    place(position, entry);
  }

  void remove(std::size_t position) {
    const Entry last = heap_.back();
    heap_.pop_back();
    if (position == heap_.size()) return;
    place(position, last);
    rise(position);
    sink(slots_[last.slot].position);
  }

  void release(std::uint32_t slot) {
    slots_[slot].position = kNoSlot;
    ++slots_[slot].generation;
    if (slots_[slot].generation == 0) slots_[slot].generation = 1;
    slots_[slot].next_free = free_;
    free_ = slot;
  }

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::uint32_t free_ = kNoSlot;
};

/// What is scheduled: a subsystem's timer or, with `subsystem` = kStimulus, a step of the scenario.
struct Event {
  static constexpr std::uint16_t kStimulus = 0xFFFF;
  static constexpr std::uint16_t kDevice = 0xFFFE;  ///< the device's own: boot complete
  std::uint32_t device = 0;
  std::uint16_t subsystem = kStimulus;
  std::uint16_t tag = 0;         ///< the subsystem's own meaning
  std::uint32_t generation = 0;  ///< the device's boot count; events of an earlier boot are void
  std::uint64_t data = 0;        ///< the subsystem's own meaning
  std::uint64_t cause = 0;       ///< what set the timer, see Witness::cause
};

using Scheduler = EventQueue<Event>;

}  // namespace asaemu
