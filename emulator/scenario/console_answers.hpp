// The console's text taken apart: what it said to each line that was typed.
#pragma once

#include "model/contract/grammar.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A typed line and what the console said to it.
struct Answer {
  std::string_view line;
  std::string_view prompt;
  std::string_view text;  ///< all that was printed until the next prompt

  /// `ERROR: …` without the rest of the text; empty if there is none.
  [[nodiscard]] std::string_view error() const;
  /// Whether the console did not know the command, rather than refuse what it asks for.
  [[nodiscard]] bool is_no_command() const;
  /// The modes whose commands the session took, the innermost first.
  [[nodiscard]] std::vector<Mode> modes() const;
};

/// The answers to the lines in `output`, one each, fewer if the device stopped answering. `output`
/// and `lines` must outlive them.
std::vector<Answer> answers_of(std::string_view output, const std::vector<std::string>& lines);

/// The line without ` | include …` and the like, which could hide an error.
std::string_view without_filter(std::string_view line);

}  // namespace asaemu
