// The tables of one device. Each is written by the subsystem that claims it (Claims::own) and read
// by all.
#pragma once

#include "model/state/access_list.hpp"
#include "model/state/channel_table.hpp"
#include "model/state/clock.hpp"
#include "model/state/connection_table.hpp"
#include "model/state/identity.hpp"
#include "model/state/interface_table.hpp"
#include "model/state/licence.hpp"
#include "model/state/redundant_table.hpp"
#include "model/state/route_table.hpp"
#include "model/state/service_policy.hpp"
#include "model/state/shun_table.hpp"
#include "model/state/spanned_table.hpp"

namespace asaemu {

struct DeviceState {
  // These outlive a boot (Device::make_subsystems).
  Clock clock;

  // These are fresh after a boot.
  AccessLists access_lists{kAccessListBound};
  ConnectionTable connections;
  ChannelTable channels;
  Identity identity;
  InterfaceTable interfaces;
  Licence licence;
  RedundantTable redundants;
  RouteTable routes;
  ServicePolicies service_policies;
  ShunTable shuns{kShunBound};
  SpannedTable spanned;
};

}  // namespace asaemu
