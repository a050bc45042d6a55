#include "model/state/route_table.hpp"

#include <algorithm>

namespace asaemu {

bool RouteTable::add(const Route& route) {
  remove(route.prefix, route.interface, route.gateway);
  if (routes_.size() >= kBound) return false;
  const auto place =
      std::upper_bound(routes_.begin(), routes_.end(), route, [](const Route& a, const Route& b) {
        if (a.prefix.length() != b.prefix.length()) return a.prefix.length() > b.prefix.length();
        return a.metric < b.metric;
      });
  routes_.insert(place, route);
  return true;
}

bool RouteTable::remove(const IpPrefix& prefix, InterfaceId interface, const IpAddress& gateway) {
  return std::erase_if(routes_, [&](const Route& route) {
           return route.prefix == prefix && route.interface == interface &&
                  route.gateway == gateway;
         }) > 0;
}

InterfaceId RouteTable::lookup(const IpAddress& destination,
                               const InterfaceTable& interfaces) const {
  InterfaceId best = kNoInterface;
  unsigned best_length = 0;
  for (const InterfaceId id : interfaces.addressed()) {
    const Interface& candidate = interfaces[id];
    if (!candidate.line_up || destination.is_v6()) continue;
    const std::uint32_t mask = candidate.mask.v4_value();
    if (((destination.v4_value() ^ candidate.address.v4_value()) & mask) != 0) continue;
    const auto length = static_cast<unsigned>(__builtin_popcount(mask));
    if (best == kNoInterface || length > best_length) {
      best = id;
      best_length = length;
    }
  }
  for (const Route& route : routes_) {
    if (best != kNoInterface && route.prefix.length() <= best_length) break;
    if (route.prefix.contains(destination) && interfaces[route.interface].line_up) {
      return route.interface;
    }
  }
  return best;
}

}  // namespace asaemu
