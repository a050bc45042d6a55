// Walks through a line that is a JSON object, without building anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

class JsonLine {
 public:
  explicit JsonLine(std::string_view line);

  struct Member {
    std::string_view key;  ///< as written, without its quotes
    std::string_view raw;  ///< the value as written
  };
  /// The next member; nullopt at the end of the object, and where it is no JSON.
  std::optional<Member> next();
  /// Whether all so far was JSON; tells after the last member whether the object was whole.
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  void skip_blanks();
  bool take(char c);

  std::string_view text_;
  std::size_t at_ = 0;
  bool first_ = true;
  bool ok_ = true;
};

/// The items of a raw array, one by one: call with `at` 0 first. nullopt at its end.
std::optional<std::string_view> next_item(std::string_view raw_array, std::size_t& at);

/// A raw string's text. nullopt if it is no string.
std::optional<std::string> json_string(std::string_view raw);
/// A raw string without escapes, as it stands: for what is known to be plain.
std::string_view plain_string(std::string_view raw);

}  // namespace asaemu
