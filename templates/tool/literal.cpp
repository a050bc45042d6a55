#include "templates/tool/literal.hpp"

#include <fmt/format.h>

namespace asaemu {

std::string literal(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      result += "\\n";
    } else if (byte < 0x20 || byte >= 0x7F) {
      // Octal: three digits at most, so that a digit which follows is not swallowed.
      result += fmt::format("\\{:03o}", byte);
    } else {
      // `\?` keeps trigraphs apart, which -Wall warns about.
      if (c == '"' || c == '\\' || c == '?') result += '\\';
      result += c;
    }
  }
  return result + '"';
}

std::string literal_lines(std::string_view text) {
  if (text.empty()) return "\"\"";
  std::string result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    result += (result.empty() ? "" : "\n    ") + literal(line);
    text.remove_prefix(line.size());
  }
  return result;
}

std::string comment(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  while (result.ends_with('\\')) result += '.';
  return result;
}

}  // namespace asaemu
