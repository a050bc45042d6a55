// The one piece of tidy that has to know C++: where comments and literals begin and end.
#include "tests/tidy.hpp"

#include <algorithm>
#include <cctype>

namespace asaemu::tidy {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (starts("//")) {
        blank_to(line_comment_end());
      } else if (starts("/*")) {
        blank_to(after(text_.find("*/", at_ + 2), 2));
      } else if (c == '#' && is_include()) {
        const std::size_t open = text_.find_first_of("\"<", at_);
        at_ = after(text_.find_first_of("\">\n", open + 1), 1);
      } else if (c == '"' && is_raw()) {
        raw_string();
      } else if (c == '"' || (c == '\'' && !is_digit_separator())) {
        literal(c);
      } else {
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool starts(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }

  [[nodiscard]] std::size_t after(std::size_t found, std::size_t size) const {
    return found == std::string_view::npos ? text_.size() : found + size;
  }

  void blank_to(std::size_t end) {
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  // A backslash before the line end carries the comment on.
  [[nodiscard]] std::size_t line_comment_end() const {
    std::size_t end = std::min(text_.find('\n', at_), text_.size());
    while (end < text_.size() && text_[end - 1] == '\\')
      end = std::min(text_.find('\n', end + 1), text_.size());
    return end;
  }

  // `#include "` or `#include <`, alone at its line's start.
  [[nodiscard]] bool is_include() const {
    const std::string_view before = text_.substr(0, at_);
    const std::size_t line = before.find_last_of('\n') + 1;
    if (before.find_first_not_of(" \t", line) != std::string_view::npos) return false;
    std::string_view rest = text_.substr(at_ + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    if (!rest.starts_with("include")) return false;
    rest.remove_prefix(7);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    return rest.starts_with('"') || rest.starts_with('<');
  }

  // The word that ends just before the current place.
  [[nodiscard]] std::string_view word_before() const {
    std::size_t begin = at_;
    while (begin > 0 && is_word(text_[begin - 1])) --begin;
    return text_.substr(begin, at_ - begin);
  }

  [[nodiscard]] bool is_raw() const {
    const std::string_view prefix = word_before();
    return prefix == "R" || prefix == "LR" || prefix == "uR" || prefix == "UR" || prefix == "u8R";
  }

  // As in 1'000'000 and 0xFF'FF: the number may hold further separators before this one.
  [[nodiscard]] bool is_digit_separator() const {
    std::size_t begin = at_;
    while (begin > 0 && (is_word(text_[begin - 1]) || text_[begin - 1] == '\'')) --begin;
    return begin < at_ && std::isdigit(static_cast<unsigned char>(text_[begin])) != 0;
  }

  void raw_string() {
    const std::size_t open = std::min(text_.find('(', at_), text_.size());
    const std::string end = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    ++at_;
    blank_to(std::min(text_.find(end, open), text_.size()));
    at_ = std::min(at_ + end.size(), text_.size());
  }

  // Ends at the line's end too: an apostrophe in an #error line opens nothing.
  void literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    ++at_;
    blank_to(std::min(end, text_.size()));
    if (at_ < text_.size()) ++at_;
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
};

}  // namespace

std::string code_only(std::string_view text) {
  return Blanker(text).run();
}

}  // namespace asaemu::tidy
