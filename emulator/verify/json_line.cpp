#include "emulator/verify/json_line.hpp"

#include <charconv>

namespace asaemu {

namespace {

/// Where the value that begins at `at` ends; npos if it does not.
std::size_t value_end(std::string_view text, std::size_t at) {
  unsigned depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\')
        ++at;
      else if (c == '"') {
        in_string = false;
        if (depth == 0) return at + 1;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (depth == 0 && (c == ',' || c == ' ' || c == '\t')) {
      return at;
    }
  }
  return in_string || depth > 0 ? std::string_view::npos : at;
}

void append_utf8(std::string& out, unsigned code) {
  const auto add = [&out](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6);
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

/// The four hex digits at `at`; nullopt if there are none.
std::optional<unsigned> code_unit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  unsigned unit = 0;
  const char* const begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
  if (error != std::errc{} || end != begin + 4) return std::nullopt;
  return unit;
}

/// The character of the escape whose `u` stands at `at`, which moves to its last digit.
std::optional<unsigned> code_point(std::string_view text, std::size_t& at) {
  const auto unit = code_unit(text, at + 1);
  if (!unit) return std::nullopt;
  at += 4;
  if (*unit < 0xD800 || *unit > 0xDBFF) return unit;
  const auto low = text.substr(at + 1, 2) == "\\u" ? code_unit(text, at + 3) : std::nullopt;
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return 0xFFFDU;
  at += 6;
  return 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
}

char plain_escape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return c;
  }
}

}  // namespace

JsonLine::JsonLine(std::string_view line) : text_(line) {
  skip_blanks();
  ok_ = take('{');
}

void JsonLine::skip_blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

bool JsonLine::take(char c) {
  skip_blanks();
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

std::optional<JsonLine::Member> JsonLine::next() {
  if (!ok_ || take('}')) return std::nullopt;
  ok_ = first_ || take(',');
  first_ = false;
  skip_blanks();
  const std::size_t key_end = ok_ ? value_end(text_, at_) : std::string_view::npos;
  ok_ = key_end != std::string_view::npos && key_end >= at_ + 2 && text_[at_] == '"';
  if (!ok_) return std::nullopt;
  const auto key = text_.substr(at_ + 1, key_end - at_ - 2);
  at_ = key_end;
  ok_ = take(':');
  skip_blanks();
  const std::size_t end = ok_ ? value_end(text_, at_) : std::string_view::npos;
  ok_ = end != std::string_view::npos && end > at_;
  if (!ok_) return std::nullopt;
  const auto raw = text_.substr(at_, end - at_);
  at_ = end;
  return Member{key, raw};
}

std::optional<std::string_view> next_item(std::string_view raw_array, std::size_t& at) {
  ++at;  // The bracket, or the comma behind the item before.
  while (at < raw_array.size() && raw_array[at] == ' ') ++at;
  const std::size_t end = at < raw_array.size() ? value_end(raw_array, at) : std::string_view::npos;
  if (end == std::string_view::npos || end == at) return std::nullopt;
  const auto item = raw_array.substr(at, end - at);
  at = end;
  return item;
}

std::string_view plain_string(std::string_view raw) {
  return raw.size() >= 2 && raw.front() == '"' ? raw.substr(1, raw.size() - 2) : raw;
}

std::optional<std::string> json_string(std::string_view raw) {
  if (raw.size() < 2 || raw.front() != '"') return std::nullopt;
  const auto text = raw.substr(1, raw.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      out += text[at];
      continue;
    }
    if (++at == text.size()) break;
    if (text[at] != 'u') {
      out += plain_escape(text[at]);
      continue;
    }
    const auto code = code_point(text, at);
    if (!code) return std::nullopt;
    append_utf8(out, *code);
  }
  return out;
}

}  // namespace asaemu
