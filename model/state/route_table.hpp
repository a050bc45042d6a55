// Static routes. Written by the routing subsystem; connected networks are read from the interface
// table.
#pragma once

#include "model/state/interface_table.hpp"

#include <vector>

namespace asaemu {

struct Route {
  IpPrefix prefix;
  IpAddress gateway;
  InterfaceId interface = kNoInterface;
  std::uint8_t metric = 1;  ///< administrative distance, 1 to 255
};

/// At most kBound static routes, longest prefix first, then lowest metric.
class RouteTable {
 public:
  static constexpr std::size_t kBound = 4096;

  /// False if the table is full. The same prefix, gateway and interface replaces the metric.
  bool add(const Route& route);
  /// False if there is no such route.
  bool remove(const IpPrefix& prefix, InterfaceId interface, const IpAddress& gateway);
  [[nodiscard]] const std::vector<Route>& all() const { return routes_; }

  /// Where a packet to `destination` leaves: connected networks of interfaces whose line is up,
  /// then static routes over such interfaces; the longest prefix wins, connected before static.
  /// kNoInterface if none.
  [[nodiscard]] InterfaceId lookup(const IpAddress& destination,
                                   const InterfaceTable& interfaces) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace asaemu
