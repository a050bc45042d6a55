// The tables of one device. Each is written by the subsystem that claims it (Claims::own) and read
// by all.
#pragma once

#include "model/state/identity.hpp"
#include "model/state/interface_table.hpp"
#include "model/state/route_table.hpp"
#include "model/state/shun_table.hpp"

namespace asaemu {

struct DeviceState {
  Identity identity;
  InterfaceTable interfaces;
  RouteTable routes;
  ShunTable shuns{kShunBound};
};

}  // namespace asaemu
