// The device's clock against simulated time. Written by the system subsystem; survives a reload.
#pragma once

#include "model/base/time.hpp"

namespace asaemu {

struct Clock {
  SimDuration offset{};  ///< what `clock set` and the world have added to the clock so far
};

}  // namespace asaemu
