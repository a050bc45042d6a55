// Whose event is next: the order in which a worker's devices have their turns.
#pragma once

#include "model/base/event_queue.hpp"

#include <vector>

namespace asaemu {

/// The events of many devices, a queue for each. Devices have their turns by (time, place): in order,
/// a turn is one event, so that all events come by (time, place, sequence). In slices a device whose
/// turn it is runs all its events up to the end of the slice before the next device does: what it
/// works on stays in the caches. Events of different devices then come up to a slice out of order;
/// each device's own keep theirs, so a device's doings are the same either way. A turn in slices is at
/// most kTurnMax events, so that transports that send lines of different devices together find some.
class Agenda {
 public:
  static constexpr unsigned kTurnMax = 32;

  /// Of `devices` devices; nothing happens at or after `end`. In order.
  Agenda(std::size_t devices, SimTime end);

  /// From now on in slices of this length, the first of which begins at kStart; in order if it is
  /// zero.
  void set_slice(SimDuration slice);

  /// The events of the device at a place. Call renew() when one has run, or when they may have
  /// changed otherwise.
  [[nodiscard]] Scheduler& events_of(std::size_t place) { return queues_[place]; }
  void renew(std::size_t place) {
    if (place == next_ && queues_[place].next_time() < turn_end_ && ++turn_ < kTurnMax) {
      return;
    }
    end_turn(place);
  }

  /// Whose turn it is; there must be a device.
  [[nodiscard]] std::size_t next() const { return next_; }
  /// When its next event is due; kNever if no device has any before the end.
  [[nodiscard]] SimTime next_time() const {
    if (queues_.empty()) return kNever;
    const SimTime at = queues_[next_].next_time();
    return at < end_ ? at : kNever;
  }

 private:
  struct Entry {
    SimTime at;
    std::uint32_t place;
  };
  static bool before(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at < b.at : a.place < b.place;
  }
  void end_turn(std::size_t place);
  void begin_turn();
  void put(std::size_t position, const Entry& entry) {
    heap_[position] = entry;
    positions_[entry.place] = static_cast<std::uint32_t>(position);
  }
  void move(std::size_t position, const Entry& entry);

  std::vector<Scheduler> queues_;         ///< by place
  std::vector<Entry> heap_;               ///< four-way: every device with its next event
  std::vector<std::uint32_t> positions_;  ///< in heap_, by place
  SimTime end_;
  SimDuration slice_{};
  std::size_t next_ = 0;
  SimTime turn_end_ = kStart;  ///< of the device whose turn it is
  unsigned turn_ = 0;          ///< events of its turn so far
};

}  // namespace asaemu
