#include "model/state/http_message.hpp"

#include "model/base/characters.hpp"

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes a line off the text; its end is not part of it.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

/// `HTTP/1.1`.
bool is_version(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' &&
         is_digit(text[7]);
}

std::optional<std::uint64_t> parse_size(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Puts chunks together (RFC 9112, 7.1). A text that ends early has more to come.
void read_chunks(std::string_view text, HttpMessage& message) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const auto size = parse_size(trimmed(line.substr(0, line.find(';'))), 16);
    if (!size) {
      message.has_bad_chunks = true;
      return;
    }
    if (*size == 0) return;
    const std::string_view data = text.substr(0, *size);
    message.body.append(data);
    text.remove_prefix(data.size());
    if (text.empty()) return;
    if (!take_line(text).empty()) {
      message.has_bad_chunks = true;
      return;
    }
  }
}

/// Everything behind the start line.
void read_rest(std::string_view text, HttpMessage& message) {
  const char* const begin = text.data();
  std::size_t header_size = 0;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    header_size = static_cast<std::size_t>(text.data() - begin);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    message.fields.push_back({line.substr(0, colon), trimmed(line.substr(colon + 1))});
  }
  message.header = std::string_view(begin, header_size);
  const HttpField* encoding = message.find("transfer-encoding");
  if (encoding != nullptr && equal_ignoring_case(encoding->value, "chunked")) {
    read_chunks(text, message);
  } else {
    message.body = text;
  }
  message.body_length = message.body.size();
  if (const HttpField* length = message.find("content-length")) {
    message.body_length = parse_size(length->value, 10).value_or(message.body_length);
  }
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

const HttpField* HttpMessage::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      fields, [&](const HttpField& field) { return equal_ignoring_case(field.name, name); });
  return found == fields.end() ? nullptr : &*found;
}

std::uint64_t HttpMessage::count(std::string_view name) const {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      fields, [&](const HttpField& field) { return equal_ignoring_case(field.name, name); }));
}

std::optional<HttpMessage> parse_http_request(std::string_view text) {
  HttpMessage message;
  message.is_request = true;
  message.start_line = take_line(text);
  const std::string_view line = message.start_line;
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  message.method = line.substr(0, first);
  message.uri = line.substr(first + 1, last - first - 1);
  const bool is_request = is_token(message.method) && !message.uri.empty() &&
                          message.uri.find(' ') == std::string_view::npos &&
                          is_version(line.substr(last + 1));
  if (!is_request) return std::nullopt;
  if (const auto mark = message.uri.find('?'); mark != std::string_view::npos) {
    message.arguments = message.uri.substr(mark + 1);
  }
  read_rest(text, message);
  return message;
}

std::optional<HttpMessage> parse_http_response(std::string_view text) {
  HttpMessage message;
  message.start_line = take_line(text);
  const std::string_view line = message.start_line;
  constexpr std::size_t kVersionSize = 8;
  constexpr std::size_t kCodeEnd = kVersionSize + 4;
  const bool is_response = line.size() >= kCodeEnd && is_version(line.substr(0, kVersionSize)) &&
                           line[kVersionSize] == ' ' &&
                           std::ranges::all_of(line.substr(kVersionSize + 1, 3), is_digit) &&
                           (line.size() == kCodeEnd || line[kCodeEnd] == ' ');
  if (!is_response) return std::nullopt;
  read_rest(text, message);
  return message;
}

}  // namespace asaemu
