// Regular expressions as the ASA's `regex` command takes them, searched in time proportional to the
// text whatever the pattern.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace asaemu {

/// A compiled pattern. Metacharacters: `.`, `( )`, `|`, `?`, `*`, `+`, `{x}`, `{x,}`, `[abc]`,
/// `[^abc]`, `[a-c]`, `^` (begin of a line), and the escapes `\r \n \t \f \xNN \NNN` (octal) and `\`
/// before any other character for that character. Source: ASA configuration guide, table of regex
/// metacharacters; `$` is none there.
class Regex {
 public:
  static constexpr std::size_t kPatternBound = 100;  ///< characters; ASA command reference, `regex`
  /// Steps of a compiled pattern: nested repeats multiply. Inferred.
  static constexpr std::size_t kStepBound = 2048;
  static constexpr std::uint32_t kRepeatBound = 255;  ///< of `{x}`; inferred

  /// nullopt if the pattern is empty, malformed, or beyond a bound.
  static std::optional<Regex> compile(std::string_view pattern);

  /// Whether some part of the text matches.
  [[nodiscard]] bool finds_in(std::string_view text) const;

  [[nodiscard]] std::size_t steps() const { return steps_.size(); }

  using CharacterSet = std::bitset<256>;
  struct Step {
    enum class Kind : std::uint8_t { kSet, kFork, kJump, kLineBegin, kEnd };
    Kind kind = Kind::kEnd;
    std::int16_t other = 0;  ///< kFork, kJump: where it (also) goes on, counted from this step
    CharacterSet set;        ///< kSet: what it takes
  };

 private:
  explicit Regex(std::vector<Step> steps);

  std::vector<Step> steps_;
  CharacterSet first_;      ///< what a match can begin with
  bool is_always_ = false;  ///< the empty text matches
};

}  // namespace asaemu
