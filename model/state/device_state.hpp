// The tables of one device. Each is written by the subsystem that claims it (Claims::own) and read
// by all.
#pragma once

#include "model/state/aaa_servers.hpp"
#include "model/state/access_list.hpp"
#include "model/state/arp_table.hpp"
#include "model/state/channel_table.hpp"
#include "model/state/clock.hpp"
#include "model/state/connection_table.hpp"
#include "model/state/crypto_config.hpp"
#include "model/state/failover.hpp"
#include "model/state/flash.hpp"
#include "model/state/ftp_pinholes.hpp"
#include "model/state/h323_tables.hpp"
#include "model/state/identity.hpp"
#include "model/state/inspect_maps.hpp"
#include "model/state/interface_table.hpp"
#include "model/state/key_chains.hpp"
#include "model/state/licence.hpp"
#include "model/state/local_hosts.hpp"
#include "model/state/mac_table.hpp"
#include "model/state/modules.hpp"
#include "model/state/redundant_table.hpp"
#include "model/state/route_table.hpp"
#include "model/state/sa_database.hpp"
#include "model/state/service_policy.hpp"
#include "model/state/shared_licence.hpp"
#include "model/state/shun_table.hpp"
#include "model/state/spanned_table.hpp"
#include "model/state/syslog_policy.hpp"
#include "model/state/time_zone.hpp"
#include "model/state/timeouts.hpp"
#include "model/state/uauth_table.hpp"
#include "model/state/user_identities.hpp"
#include "model/state/vpdn_config.hpp"
#include "model/state/waas_table.hpp"

namespace asaemu {

struct DeviceState {
  // What every packet asks stands first and together: the clock, which outlives a boot
  // (Device::make_subsystems), and tables that are fresh after one.
  Clock clock;
  InterfaceTable interfaces;
  RouteTable routes;
  ShunTable shuns{kShunBound};

  // This outlives a boot, too.
  Flash flash;

  // These are fresh after a boot.
  AccessLists access_lists{kAccessListBound};
  ArpTable arp;
  ChannelTable channels;
  ConnectionTable connections;
  CryptoConfig crypto;
  Failover failover;
  H323Tables h323;
  FtpPinholes ftp_pinholes{kFtpPinholeBound, kFtpPinholeLife};
  AaaServers aaa_servers;
  Identity identity;
  KeyChains key_chains{kKeyChainBound};
  InspectMaps inspect_maps;
  Licence licence;
  LocalHosts local_hosts;
  MacTable macs;
  ServiceModules modules;
  RedundantTable redundants;
  SaDatabase sas;
  ServicePolicies service_policies;
  SharedBackup shared_backup;
  SharedLicence shared_licence;
  SharedUse shared_use;
  SpannedTable spanned;
  Timeouts timeouts;
  SyslogPolicy syslog;
  TimeZone time_zone;
  UauthTable uauth;
  UserIdentities users{kUserIdentityBound};
  WaasTable waas{kWaasBound};
  VpdnConfig vpdn;
};

}  // namespace asaemu
