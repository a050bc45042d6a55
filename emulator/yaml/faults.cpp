#include "emulator/yaml/faults.hpp"

#include "emulator/yaml/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace asaemu {
namespace {

constexpr std::size_t kQuotedMax = 60;

}  // namespace

std::string to_string(const Position& position) {
  if (position.line == 0) return position.file;
  return fmt::format("{}:{}:{}", position.file, position.line, position.column);
}

void Faults::add(Position where, std::string what) {
  faults_.push_back({std::move(where), std::move(what)});
}

std::vector<Fault> Faults::sorted() const {
  std::vector<Fault> sorted = faults_;
  std::ranges::stable_sort(sorted, [](const Fault& a, const Fault& b) {
    return std::tie(a.where.file, a.where.line, a.where.column) <
           std::tie(b.where.file, b.where.line, b.where.column);
  });
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

std::string Faults::to_string() const {
  std::string lines;
  for (const Fault& fault : sorted()) {
    lines += fmt::format("{}: {}\n", asaemu::to_string(fault.where), fault.what);
  }
  return lines;
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  std::size_t at = 0;
  while (at < text.size() && at < kQuotedMax) {
    const std::size_t size = character_size(text.substr(at));
    const auto first = static_cast<unsigned char>(text[at]);
    if (size == 0 || first < 0x20 || first == 0x7F) {
      result += fmt::format("\\x{:02X}", first);
      ++at;
    } else {
      result += text.substr(at, size);
      at += size;
    }
  }
  result += at < text.size() ? "…'" : "'";
  return result;
}

}  // namespace asaemu
