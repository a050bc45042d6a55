// The week of an office's firewall.
#pragma once

#include "emulator/scenario/shape.hpp"

namespace asaemu {

/// A rate over a week that begins on Monday at midnight: nights, mornings with the logins, lunch, the
/// evening's log-offs and backups (three peaks of about an hour on weekdays, 2 to 5 times the
/// weekdays' average), quiet weekends, and with `has_spikes` three spikes of five seconds on each
/// weekday, 20 times the weekdays' average. `mean` is the average of the whole week, spikes included.
/// Shape and factors: asa-behaviour H, where operators report them; the hours within are inferred.
Shape diurnal_shape(double mean, bool has_spikes);

}  // namespace asaemu
