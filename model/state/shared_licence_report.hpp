// Shared licences as `show shared license` prints them.
#pragma once

#include "model/state/shared_pool.hpp"

namespace asaemu {

/// What the report is about.
struct SharedLicenceView {
  const SharedLicence& config;
  const SharedUse& use;
  const SharedPool& pool;
  bool is_lending = false;           ///< as a server or an active backup
  std::uint32_t platform_limit = 0;  ///< VPN sessions that the model takes
  IpAddress backup;                  ///< a server's own backup, if it has one
  std::string_view backup_id = {};
  bool is_backup_there = false;
};

std::string describe_shared_licence(const SharedLicenceView& view, bool detail);

}  // namespace asaemu
