// Who sits at which address, as the identity firewall learns it. Written by the user_identity
// subsystem.
#pragma once

#include "model/base/bounded_table.hpp"

namespace asaemu {

/// A user who logged on at an address; the table's key is the address.
struct UserIdentity {
  std::string name;  ///< `CORP\jdoe`
};

/// The most addresses with a user: 64,000 on all models but the ASA5505 (ASA configuration guide,
/// "Identity Firewall", guidelines).
inline constexpr std::size_t kUserIdentityBound = 64000;

/// In the order of the logons.
using UserIdentities = BoundedTable<IpAddress, UserIdentity>;

}  // namespace asaemu
