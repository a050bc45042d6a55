#include "emulator/truth/json_text.hpp"

#include "emulator/yaml/utf8.hpp"
#include "model/base/print.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace asaemu {

namespace {

/// Sixteen bytes that are looked at together; GCC and Clang know how on every processor.
using Piece = std::uint8_t __attribute__((vector_size(16)));
using Halves = std::uint64_t __attribute__((vector_size(16)));
constexpr std::size_t kPiece = sizeof(Piece);

Piece load(const char* from) {
  Piece piece;
  std::memcpy(&piece, from, kPiece);
  return piece;
}

/// Whether all are printable ASCII without quotes and backslashes.
bool are_plain(Piece bytes) {
  constexpr std::uint8_t kDelete = 0x7f;
  const auto special = (bytes < ' ') | (bytes >= kDelete) | (bytes == '"') | (bytes == '\\');
  Halves halves;
  std::memcpy(&halves, &special, kPiece);
  return (halves[0] | halves[1]) == 0;
}

template <class T>
std::uint64_t load_as(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// The same of fewer than kPiece: seen from both ends, which may overlap.
bool is_plain(std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  Halves halves{};
  if (text.size() >= 8) {
    halves = Halves{load_as<std::uint64_t>(begin), load_as<std::uint64_t>(end - 8)};
  } else if (text.size() >= 4) {
    const std::uint64_t both = load_as<std::uint32_t>(begin) | load_as<std::uint32_t>(end - 4)
                                                                   << 32;
    halves = Halves{both, both};
  } else {
    return std::ranges::all_of(
        text, [](char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; });
  }
  Piece piece;
  std::memcpy(&piece, &halves, kPiece);
  return are_plain(piece);
}

char* write_escape(char* out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out = write_text(out, "\\u00");
  *out++ = kHex[static_cast<unsigned char>(c) >> 4];
  *out++ = kHex[static_cast<unsigned char>(c) & 15];
  return out;
}

/// One character from the front of `text`, which is shortened by it.
char* write_character(char* out, std::string_view& text) {
  const char first = text.front();
  std::size_t size = 1;
  if (first == '"' || first == '\\') {
    *out++ = '\\';
    *out++ = first;
  } else if (first >= ' ' && first < '\x7f') {
    *out++ = first;
  } else if (first >= 0) {
    out = write_escape(out, first);
  } else if (size = character_size(text); size > 0) {
    out = write_text(out, text.substr(0, size));
  } else {
    out = write_text(out, "\xEF\xBF\xBD");
    size = 1;
  }
  text.remove_prefix(size);
  return out;
}

}  // namespace

char* write_json_characters(char* out, std::string_view text) {
  while (text.size() >= kPiece) {
    if (!are_plain(load(text.data()))) {
      const std::size_t rest = text.size() - kPiece;
      while (text.size() > rest) out = write_character(out, text);
      continue;
    }
    std::memcpy(out, text.data(), kPiece);
    out += kPiece;
    text.remove_prefix(kPiece);
    if (text.empty() || text.size() >= kPiece) continue;
    // What is left, with some of what is written already.
    const std::size_t back = kPiece - text.size();
    if (!are_plain(load(text.data() - back))) break;
    std::memcpy(out - back, text.data() - back, kPiece);
    return out + text.size();
  }
  if (is_plain(text)) return write_text(out, text);
  while (!text.empty()) out = write_character(out, text);
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  const std::size_t size = out.size();
  out.resize(size + json_string_room(text));
  const char* const end = write_json_string(out.data() + size, text);
  out.resize(static_cast<std::size_t>(end - out.data()));
}

}  // namespace asaemu
