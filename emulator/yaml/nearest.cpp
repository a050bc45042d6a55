#include "emulator/yaml/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace asaemu {
namespace {

constexpr std::size_t kWordMax = 64;

char lower(char letter) {
  return 'A' <= letter && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Optimal string alignment distance, row by row. Both words at most kWordMax long.
std::size_t edits(std::string_view from, std::string_view to) {
  using Row = std::array<std::size_t, kWordMax + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const bool same = lower(from[i - 1]) == lower(to[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && lower(from[i - 1]) == lower(to[j - 2]) &&
                           lower(from[i - 2]) == lower(to[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last[to.size()];
}

/// The candidate that begins like the word, or that the word begins like: the one whose length is
/// nearest.
std::optional<std::string_view> abbreviation(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  constexpr std::size_t kLettersMin = 3;
  std::optional<std::string_view> found;
  std::size_t least = 0;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kWordMax) continue;
    const std::size_t common = std::min(word.size(), candidate.size());
    const bool is_alike =
        common >= kLettersMin &&
        std::equal(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(common),
                   candidate.begin(),
                   [](char one, char other) { return lower(one) == lower(other); });
    const std::size_t surplus = std::max(word.size(), candidate.size()) - common;
    if (!is_alike || (found && surplus >= least)) continue;
    found = candidate;
    least = surplus;
  }
  return found;
}

}  // namespace

std::optional<std::string_view> nearest_name(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  if (word.size() > kWordMax) return std::nullopt;
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::optional<std::string_view> nearest;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kWordMax) continue;
    const std::size_t distance = edits(word, candidate);
    // A distance of the whole word is no likeness: `x` is not a misspelt `y`.
    if (distance >= best || distance >= std::max(word.size(), candidate.size())) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest ? nearest : abbreviation(word, candidates);
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  if (const auto nearest = nearest_name(word, candidates)) {
    return fmt::format("; did you mean '{}'?", *nearest);
  }
  if (candidates.empty()) return "";
  return fmt::format("; expected {}{}", candidates.size() > 1 ? "one of " : "",
                     fmt::join(candidates, ", "));
}

}  // namespace asaemu
