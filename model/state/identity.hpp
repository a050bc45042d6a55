// Who the device says it is. Written by the system subsystem.
#pragma once

#include <string>

namespace asaemu {

struct Identity {
  std::string hostname;     ///< at most 63 characters
  std::string domain_name;  ///< empty if not configured
};

}  // namespace asaemu
