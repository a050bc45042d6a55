// Reads `expect:`, the list of what a scenario's messages must be.
#pragma once

#include "emulator/scenario/device_selector.hpp"

namespace asaemu {

/// Most entries of `expect:`.
inline constexpr std::size_t kExpectationsMax = 1000;
/// Most messages that `at_most` with `per` may allow; so many times are remembered.
inline constexpr std::uint64_t kPerMax = 100'000;

/// Adds the expectations of a list to the plan, whose devices and steps must be complete.
/// `has_devices` and `has_steps` are false if some are missing because of faults.
void read_expectations(const Node& list, Plan& plan, const Catalogue& catalogue, const Scope& scope,
                       bool has_devices, bool has_steps);

/// Reads `tags:`, a list of words.
std::vector<std::string> read_tags(const Node& list, const Scope& scope);

}  // namespace asaemu
