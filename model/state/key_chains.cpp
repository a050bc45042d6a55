#include "model/state/key_chains.hpp"

#include <algorithm>

namespace asaemu {

const ChainKey* KeyChain::find(std::uint64_t id) const {
  const auto at =
      std::find_if(keys.begin(), keys.end(), [id](const ChainKey& key) { return key.id == id; });
  return at == keys.end() ? nullptr : &*at;
}

ChainKey* KeyChain::find(std::uint64_t id) {
  return const_cast<ChainKey*>(std::as_const(*this).find(id));  // NOLINT: the same lookup
}

std::optional<CalendarTime> KeyChain::next_change(CalendarTime now) const {
  std::optional<CalendarTime> next;
  for (const ChainKey& key : keys) {
    for (const CalendarTime edge :
         {key.accept.start, key.accept.end, key.send.start, key.send.end}) {
      const bool is_ahead = edge > now && edge != CalendarTime::max();
      if (is_ahead && (!next || edge < *next)) next = edge;
    }
  }
  return next;
}

}  // namespace asaemu
