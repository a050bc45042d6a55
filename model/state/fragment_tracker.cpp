#include "model/state/fragment_tracker.hpp"

#include <algorithm>

namespace asaemu {

namespace {

/// Whether the ranges, of which none overlap, make up a whole datagram.
bool is_complete(const std::vector<FragmentRange>& ranges) {
  std::uint32_t covered = 0;
  std::uint32_t end = 0;
  bool has_last = false;
  for (const FragmentRange& range : ranges) {
    covered += range.end - range.begin;
    if (range.is_last) {
      has_last = true;
      end = range.end;
    }
  }
  return has_last && covered == end;
}

}  // namespace

bool FragmentTracker::note(const DatagramKey& key, const FragmentRange& range, SimTime now) {
  forget_old(now);
  Datagram* datagram = datagrams_.find(key);
  if (datagram != nullptr) {
    const bool overlaps = std::ranges::any_of(datagram->ranges, [&](const FragmentRange& other) {
      return range.begin < other.end && other.begin < range.end;
    });
    if (overlaps) return true;
  }
  if (fragments_ == kFragmentsMax) return false;
  if (datagram == nullptr) datagram = datagrams_.insert(key, Datagram{now, {}});
  if (datagram->ranges.size() == kChainMax) return false;
  datagram->ranges.push_back(range);
  ++fragments_;
  if (is_complete(datagram->ranges)) forget(key);
  return false;
}

/// Datagrams stand in the order of their first fragments, so the old ones are in front.
void FragmentTracker::forget_old(SimTime now) {
  while (!datagrams_.empty() && now - datagrams_.begin()->first >= kTimeout) {
    forget(DatagramKey(datagrams_.begin().key()));
  }
}

void FragmentTracker::forget(const DatagramKey& key) {
  fragments_ -= datagrams_.find(key)->ranges.size();
  datagrams_.erase(key);
}

}  // namespace asaemu
