// "Did you mean": the known name closest to a misspelt one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace asaemu {

/// The candidate with the fewest edits (a letter added, left out, changed, or two neighbours
/// swapped; upper and lower case are the same letter), the first of several; nullopt if all need
/// more than a third of the word's letters, at least one, and none begins with the word or is its
/// beginning (three letters or more: `protocol` for `proto`). Words over 64 bytes have no neighbours,
/// so the cost per candidate is bounded.
std::optional<std::string_view> nearest_name(std::string_view word,
                                             std::span<const std::string_view> candidates);

/// `; did you mean 'severity'?`, or `; expected one of a, b, c` when nothing is near; empty without
/// candidates.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace asaemu
