#include "model/contract/registry.hpp"

#include <algorithm>

namespace asaemu {

Registry::Registry() {
  const auto base = base_packet_fields();
  packet_fields_.assign(base.begin(), base.end());
}

const WorldEvent* Registry::find_world_event(std::string_view name) const {
  for (const auto& event : world_events_) {
    if (event.name == name) return &event;
  }
  return nullptr;
}

void Registry::add_stage(const Stage& stage) {
  const auto place =
      std::upper_bound(path_.begin(), path_.end(), stage,
                       [](const Stage& a, const Stage& b) { return a.stage < b.stage; });
  path_.insert(place, stage);
}

}  // namespace asaemu
