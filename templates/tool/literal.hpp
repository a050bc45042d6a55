// Text as C++ source.
#pragma once

#include <string>
#include <string_view>

namespace asaemu {

/// A string literal of one line, in ASCII, that denotes exactly these bytes.
std::string literal(std::string_view text);

/// The same as one literal per line of the text, each on a line of its own: the compiler joins
/// them. Fast to compile, and a changed line changes one line.
std::string literal_lines(std::string_view text);

/// The text for use in a `//` comment: on one line, and nothing at its end that would continue the
/// comment.
std::string comment(std::string_view text);

}  // namespace asaemu
