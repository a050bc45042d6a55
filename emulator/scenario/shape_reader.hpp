// Reads `rate:`: the shapes of a load.
#pragma once

#include "emulator/scenario/plan.hpp"
#include "emulator/scenario/scope.hpp"
#include "emulator/scenario/sources.hpp"

namespace asaemu {

/// Bytes of a line with its header where nobody says: what a relay sees at level informational
/// (asa-behaviour H: 200 to 250).
inline constexpr double kLineBytes = 220;

/// The names of all shapes.
std::span<const std::string_view> rate_shapes();

/// Reads `rate:` into the schedule. Complains about each mistake. Files are looked for beside
/// `source`, the file that the rate stands in; nullptr if there is none.
void read_rate_shape(const Node& node, const Source* source, Schedule& schedule,
                     const Scope& scope);

/// `500MB`, `2.5GB`, `1TB` in bytes, a thousand of each making one of the next; nullopt if it is
/// none or zero.
std::optional<double> parse_volume(std::string_view text);

/// Multiplies a schedule's rate, if it has one, by `factor`, more than 0.
void scale(Schedule& schedule, double factor);

}  // namespace asaemu
