#include "emulator/yaml/utf8.hpp"

namespace asaemu {
namespace {

/// A row of RFC 3629 section 4: first bytes, the second byte's range, the length.
struct Row {
  unsigned char first_low, first_high, second_low, second_high;
  std::size_t size;
};

constexpr Row kRows[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool between(char byte, unsigned char low, unsigned char high) {
  const auto value = static_cast<unsigned char>(byte);
  return low <= value && value <= high;
}

}  // namespace

std::size_t character_size(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text[0]) < 0x80) return 1;
  for (const Row& row : kRows) {
    if (!between(text[0], row.first_low, row.first_high)) continue;
    if (text.size() < row.size || !between(text[1], row.second_low, row.second_high)) return 0;
    for (std::size_t i = 2; i < row.size; ++i) {
      if (!between(text[i], 0x80, 0xBF)) return 0;
    }
    return row.size;
  }
  return 0;
}

}  // namespace asaemu
