// Command patterns taken apart: `shun <ip:source> [vlan <number:vlan:1-4094>]` becomes its possible
// atom sequences.
#pragma once

#include "model/contract/grammar.hpp"

namespace asaemu {

/// Every sequence of atoms that the pattern allows; optional parts double them, alternatives
/// multiply them. Empty if the pattern is malformed.
std::vector<std::vector<Grammar::Atom>> expand_pattern(std::string_view pattern);

}  // namespace asaemu
