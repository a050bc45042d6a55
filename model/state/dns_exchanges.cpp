#include "model/state/dns_exchanges.hpp"

#include <algorithm>

namespace asaemu {

void DnsExchanges::ask(ConnectionId connection, std::uint16_t id, std::uint64_t offered) {
  Exchange* exchange = exchanges_.find(connection);
  if (exchange == nullptr) {
    if (exchanges_.full()) {
      const ConnectionId oldest = exchanges_.begin().key();
      exchanges_.erase(oldest);
    }
    exchange = exchanges_.insert(connection, {});
  }
  if (exchange->waiting == kRequestBound) {
    std::shift_left(exchange->ids.begin(), exchange->ids.end(), 1);
    --exchange->waiting;
  }
  exchange->ids.at(exchange->waiting) = id;
  ++exchange->waiting;
  exchange->offered = offered;
}

bool DnsExchanges::answer(ConnectionId connection, std::uint16_t id) {
  Exchange* exchange = exchanges_.find(connection);
  if (exchange == nullptr) return true;
  auto* const end = exchange->ids.begin() + exchange->waiting;
  auto* const found = std::find(exchange->ids.begin(), end, id);
  if (found == end) return false;
  std::copy(found + 1, end, found);
  --exchange->waiting;
  return true;
}

bool DnsExchanges::is_answered(ConnectionId connection) const {
  const Exchange* exchange = exchanges_.find(connection);
  return exchange != nullptr && exchange->waiting == 0;
}

std::optional<std::uint64_t> DnsExchanges::offered_size(ConnectionId connection) const {
  const Exchange* exchange = exchanges_.find(connection);
  if (exchange == nullptr || exchange->offered == 0) return std::nullopt;
  return exchange->offered;
}

bool DnsExchanges::count_mismatch(ConnectionId connection, std::uint64_t count, SimDuration window,
                                  SimTime now) {
  Exchange* exchange = exchanges_.find(connection);
  if (exchange == nullptr) return false;
  if (exchange->mismatches == 0 || now - exchange->window_begin >= window) {
    exchange->mismatches = 0;
    exchange->window_begin = now;
  }
  if (++exchange->mismatches < count) return false;
  exchange->mismatches = 0;
  return true;
}

}  // namespace asaemu
