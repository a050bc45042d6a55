// The reversible "type 7" hiding of passwords in configurations: an XOR with a fixed, public text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

/// `00071A150754` is `cisco`: two decimal digits choose where in the fixed text to begin (0 to 15), then
/// a hex byte for each character. nullopt if it is not of this form or hides unprintable bytes.
std::optional<std::string> reveal_type7(std::string_view hidden);

/// The inverse. `start` is 0 to 15.
std::string hide_type7(std::string_view clear, unsigned start);

}  // namespace asaemu
