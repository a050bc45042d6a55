// Reads a scenario's typed values: durations, counts, rates, field values and their generators.
#pragma once

#include "emulator/scenario/generator.hpp"
#include "emulator/scenario/scope.hpp"

namespace asaemu {

// All of these complain and return nullopt if the value is not of the type; `what` names the value
// in complaints.

/// `9m30s`, `250ms`; never negative, at most 100 years.
std::optional<SimDuration> read_duration(const Scope& scope, const Node& node,
                                         std::string_view what);

/// A whole number from `low` to `high`.
std::optional<std::uint64_t> read_whole(const Scope& scope, const Node& node, std::string_view what,
                                        std::uint64_t low, std::uint64_t high);

/// `20/s`, `100/m`, `5/h` or `2/d` in occurrences a second, from kRateMin to kRateMax.
std::optional<double> read_rate(const Scope& scope, const Node& node, std::string_view what);

/// The highest rate, occurrences a second on each device.
inline constexpr double kRateMax = 10'000'000;
/// The lowest rate, once a year: the times it makes can be counted in nanoseconds.
inline constexpr double kRateMin = 1.0 / (366 * 86400);

/// One value of the field's type. A duration may be written `2s` as well as `0:00:02`.
std::optional<FieldValue> read_field(const Scope& scope, const Node& node, const FieldDef& field);

/// A value, or a mapping with one of pool, range, list and sequence; see Generator.
std::optional<Generator> read_generator(const Scope& scope, const Node& node,
                                        const FieldDef& field);

/// A number above 0, at most 1e9.
std::optional<double> read_weight(const Scope& scope, const Node& node);

/// What would be right, for a complaint: `; a port is 0 to 65535`.
std::string expected_of(const FieldDef& field, std::string_view given);

}  // namespace asaemu
