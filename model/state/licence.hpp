// What the device is licensed for at this moment. Written by the licensing subsystem, read by those
// whose limits it sets.
#pragma once

#include "model/state/licence_features.hpp"

namespace asaemu {

struct Licence {
  FeatureValues features;  ///< in effect, by all keys together
  /// Hosts on the inside that may use the device at a time; 0 is unlimited (all but the ASA5505).
  std::uint32_t inside_hosts = 0;
};

}  // namespace asaemu
