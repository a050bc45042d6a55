// Which part the device plays in a failover pair. Written by the failover subsystem.
#pragma once

#include <cstdint>

namespace asaemu {

enum class FailoverRole : std::uint8_t { kNone, kActive, kStandby, kFailed };

struct Failover {
  FailoverRole unit = FailoverRole::kNone;
  FailoverRole chassis = FailoverRole::kNone;  ///< of the chassis the unit runs in
};

}  // namespace asaemu
