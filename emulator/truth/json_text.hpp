// JSON strings, fast: what ground truth and the corpus are written with.
#pragma once

#include <string>
#include <string_view>

namespace asaemu {

/// Bytes that write_json_string() may touch: every character may need an escape.
constexpr std::size_t json_string_room(std::string_view text) {
  constexpr std::size_t kEscape = std::string_view("\\u0000").size();
  constexpr std::size_t kQuotes = 2;
  return text.size() * kEscape + kQuotes;
}

/// Writes `text` as the inside of a JSON string, without its quotes. Bytes that are not UTF-8
/// become U+FFFD each.
char* write_json_characters(char* out, std::string_view text);

/// The same in quotes.
inline char* write_json_string(char* out, std::string_view text) {
  *out++ = '"';
  out = write_json_characters(out, text);
  *out++ = '"';
  return out;
}

/// Appends `text` in quotes as a JSON string.
void append_json_string(std::string& out, std::string_view text);

}  // namespace asaemu
