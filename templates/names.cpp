#include "templates/names.hpp"

#include <algorithm>
#include <array>

namespace asaemu {
namespace {

// Sorted, for binary_search. C++20 [lex.key], [lex.digraph]; then macros of <errno.h>, <assert.h>,
// <stdio.h> and GCC's own, and the namespace every generated member type stands in.
constexpr auto kReserved = std::to_array<std::string_view>({
    "alignas",       "alignof",     "and",       "and_eq",    "asm",          "assert",
    "auto",          "bitand",      "bitor",     "bool",      "break",        "case",
    "catch",         "char",        "char16_t",  "char32_t",  "char8_t",      "class",
    "co_await",      "co_return",   "co_yield",  "compl",     "concept",      "const",
    "const_cast",    "consteval",   "constexpr", "constinit", "continue",     "decltype",
    "default",       "delete",      "do",        "double",    "dynamic_cast", "else",
    "enum",          "errno",       "explicit",  "export",    "extern",       "false",
    "float",         "for",         "friend",    "goto",      "if",           "inline",
    "int",           "linux",       "long",      "mutable",   "namespace",    "new",
    "noexcept",      "not",         "not_eq",    "nullptr",   "operator",     "or",
    "or_eq",         "private",     "protected", "public",    "register",     "reinterpret_cast",
    "requires",      "return",      "short",     "signed",    "sizeof",       "static",
    "static_assert", "static_cast", "std",       "stderr",    "stdin",        "stdout",
    "struct",        "switch",      "template",  "this",      "thread_local", "throw",
    "true",          "try",         "typedef",   "typeid",    "typename",     "union",
    "unix",          "unsigned",    "using",     "virtual",   "void",         "volatile",
    "wchar_t",       "while",       "xor",       "xor_eq",
});
static_assert(std::ranges::is_sorted(kReserved));

constexpr auto kFieldTypes = std::to_array<std::string_view>({
    "ActivationKey",
    "Hex32",
    "InterfaceName",
    "IpAddress",
    "IpProtocol",
    "MacAddress",
    "Port",
    "Required",
    "SimDuration",
    "Spi",
});

bool is_lower(char c) {
  return 'a' <= c && c <= 'z';
}
bool is_upper(char c) {
  return 'A' <= c && c <= 'Z';
}
bool is_digit(char c) {
  return '0' <= c && c <= '9';
}
bool is_word(char c) {
  return is_lower(c) || is_upper(c) || is_digit(c);
}
char to_upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

void append_capitalised(std::string_view word, std::string& out) {
  const bool capitals = std::ranges::none_of(word, is_lower);
  out += to_upper(word[0]);
  for (const char c : word.substr(1)) out += capitals ? to_lower(c) : c;
}

}  // namespace

bool is_snake_case(std::string_view name) {
  if (name.empty() || !is_lower(name[0]) || name.back() == '_') return false;
  if (name.find("__") != std::string_view::npos) return false;
  return std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

bool is_reserved_in_cpp(std::string_view word) {
  return std::ranges::binary_search(kReserved, word);
}

bool hides_field_type(std::string_view type_name) {
  return std::ranges::find(kFieldTypes, type_name) != kFieldTypes.end();
}

std::string pascal_case(std::string_view snake_case) {
  std::string result;
  bool at_start = true;
  for (const char c : snake_case) {
    if (c != '_') result += at_start ? to_upper(c) : c;
    at_start = c == '_';
  }
  return result;
}

std::string enumerator(std::string_view words) {
  std::string joined;
  std::size_t at = 0;
  while (at < words.size()) {
    const auto end = std::ranges::find_if_not(words.substr(at), is_word);
    const auto size = static_cast<std::size_t>(end - words.substr(at).begin());
    if (size > 0) append_capitalised(words.substr(at, size), joined);
    at += size + 1;
  }
  if (joined.empty()) return "";
  return (is_digit(joined[0]) ? "kN" : "k") + joined;
}

}  // namespace asaemu
