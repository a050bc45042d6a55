#include "emulator/transport/backlog.hpp"

#include <algorithm>

namespace asaemu {

void Backlog::append(std::span<const char> bytes, std::span<const Line> lines, std::size_t begin) {
  compact();
  const std::size_t base = bytes_.size();
  const std::size_t end = lines.empty() ? begin : lines.back().end;
  const auto wanted = bytes.subspan(begin, end - begin);
  bytes_.insert(bytes_.end(), wanted.begin(), wanted.end());
  for (Line line : lines) {
    line.end = static_cast<std::uint32_t>(line.end - begin + base);
    lines_.push_back(line);
  }
}

void Backlog::pop(std::size_t count) {
  next_ += count;
  written_ = std::max(written_, begin());
  if (is_empty()) clear();
}

void Backlog::clear() {
  bytes_.clear();
  lines_.clear();
  next_ = 0;
  written_ = 0;
}

/// Forgets the lines that are done with.
void Backlog::compact() {
  const std::size_t gone = begin();
  if (gone == 0) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(gone));
  lines_.erase(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(next_));
  for (Line& line : lines_) line.end -= static_cast<std::uint32_t>(gone);
  next_ = 0;
  written_ -= gone;
}

}  // namespace asaemu
