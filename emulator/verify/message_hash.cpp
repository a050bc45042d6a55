#include "emulator/verify/message_hash.hpp"

#include "emulator/truth/line_hash.hpp"
#include "emulator/verify/json_line.hpp"
#include "emulator/yaml/utf8.hpp"

#include <algorithm>

namespace asaemu {

std::uint64_t MessageHash::of_bytes(std::string_view content) {
  const auto is_ascii = [](char c) { return c >= 0; };
  if (std::ranges::all_of(content, is_ascii)) return line_hash(content);
  scratch_.clear();
  while (!content.empty()) {
    const std::size_t size = character_size(content);
    scratch_ += size == 0 ? "\xEF\xBF\xBD" : content.substr(0, size);
    content.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return line_hash(scratch_);
}

std::uint64_t MessageHash::of_json(std::string_view raw) {
  const auto plain = plain_string(raw);
  if (plain.find('\\') == std::string_view::npos) return of_bytes(plain);
  return of_bytes(json_string(raw).value_or(std::string()));
}

}  // namespace asaemu
