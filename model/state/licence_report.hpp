// Licences as `show activation-key` and `show version` print them (asa-behaviour E.1 and G.2).
#pragma once

#include "model/state/licence_keys.hpp"

namespace asaemu {

/// What a report is about.
struct LicenceView {
  const Platform& platform;
  const Release& release;
  const LicenceKeys& keys;
  const ActivationKey& running_key;  ///< the permanent key in use since boot
  FeatureValues permanent;           ///< what that key alone allows
  const FeatureValues& in_effect;    ///< what is in effect with all keys
  SimTime now;
};

/// `0x1 0x2 0x3 0x4 0x5`.
std::string to_string(const ActivationKey& key);
/// `9.20`, `9.8(2)32`.
std::string to_string(const Release& release);
/// `2 days 5 hours`, `3 mins 10 secs`: the two largest units of a time the device has been up.
std::string uptime_text(SimDuration uptime);

/// All rows from `Licensed features for this platform:` on, and the line about the kind of licence.
std::string describe_features(const LicenceView& view);
/// `Running Permanent Activation Key: …`, and a line for each active time-based key.
std::string running_keys_text(const LicenceView& view);
/// The answer to `show activation-key`; `detail` lists inactive time-based keys, too.
std::string describe_keys(const LicenceView& view, bool detail);

}  // namespace asaemu
