// Reads a trace: a CSV file of rates over time.
#pragma once

#include "emulator/scenario/scope.hpp"
#include "emulator/scenario/shape.hpp"

#include <optional>

namespace asaemu {

/// Most lines of a trace.
inline constexpr std::size_t kTraceLinesMax = 1'000'000;

/// A line is `time,rate`: a time in seconds (`90`, `0.5`) or as a duration (`1m30s`), rising from
/// line to line, and occurrences a second (`20`) or a rate (`100/m`), 0 allowed. Each rate holds until
/// the next line's time, the last one for ever; before the first line there is nothing. Empty lines
/// and lines that begin with `#` say nothing, and the first line may name the columns. nullopt and
/// complaints, with the file's own lines, if it is wrong; `node` is where the file is named.
std::optional<Shape> read_trace_file(const std::string& path, const Node& node, const Scope& scope);

}  // namespace asaemu
