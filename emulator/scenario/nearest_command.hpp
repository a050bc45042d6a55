// What an author may have meant with a line that is no command.
#pragma once

#include "model/contract/grammar.hpp"

#include <span>

namespace asaemu {

/// Advice for a complaint about a line typed in the first of `modes`, whose commands and those of
/// the others it could be: the nearest command's pattern, the mode the line belongs to, or the
/// words that commands begin with. Starts with `; `.
std::string command_advice(const Grammar& grammar, std::span<const Mode> modes,
                           std::string_view line);

}  // namespace asaemu
