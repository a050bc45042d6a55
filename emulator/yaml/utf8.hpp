// UTF-8, as far as a check needs it.
#pragma once

#include <cstddef>
#include <string_view>

namespace asaemu {

/// The number of bytes (1 to 4) of the character that `text` starts with; 0 if it starts with none:
/// empty, cut off, overlong, a surrogate, or beyond U+10FFFF (RFC 3629).
std::size_t character_size(std::string_view text);

}  // namespace asaemu
