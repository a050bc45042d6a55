// The configuration of dial-in and dial-out over PPP: vpdn groups, their users, address pools.
// Written by the vpdn subsystem, read by the PPPoE client and by PPTP.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/ip_address.hpp"
#include "model/base/time.hpp"

#include <string>

namespace asaemu {

struct VpdnGroup {
  enum class Use : std::uint8_t { kUnset, kDialoutPppoe, kDialinPptp };
  enum class ClientCheck : std::uint8_t { kUnset, kLocal, kAaa };

  std::string name;
  Use use = Use::kUnset;
  std::string authentication;  ///< `pap`, `chap`, `mschap`; empty if not configured
  std::string local_name;      ///< who we are when we dial out
  bool encrypts = false;       ///< `ppp encryption mppe`
  std::string address_pool;    ///< for clients that dial in
  ClientCheck client_check = ClientCheck::kUnset;
  std::string aaa_group;        ///< for ClientCheck::kAaa
  SimDuration echo_interval{};  ///< PPTP; zero if not configured
};

struct VpdnUser {
  std::string name;
  std::string password;
};

struct AddressPool {
  IpAddress first;
  IpAddress last;
};

struct VpdnConfig {
  // An ASA documents no bounds here; these hold any configuration that a person writes.
  BoundedTable<std::string, VpdnGroup> groups{64};
  BoundedTable<std::string, VpdnUser> users{1024};
  BoundedTable<std::string, AddressPool> pools{256};

  /// Whether any group has this use.
  [[nodiscard]] bool has_group_for(VpdnGroup::Use use) const {
    for (const VpdnGroup& group : groups) {
      if (group.use == use) return true;
    }
    return false;
  }
};

}  // namespace asaemu
