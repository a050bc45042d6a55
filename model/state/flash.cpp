#include "model/state/flash.hpp"

#include "model/base/assert.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

void Flash::format(std::uint64_t capacity) {
  ASAEMU_ASSERT(capacity != 0);
  *this = Flash();
  capacity_ = capacity;
}

FlashResult Flash::write(std::string_view path, std::uint64_t size, CalendarTime time) {
  const FlashEntry* old = find(path);
  if (old != nullptr && old->is_directory) return FlashResult::kIsDirectory;
  if (!has_parent(path)) return FlashResult::kNotFound;
  const std::uint64_t given_back = old != nullptr ? room_for(old->size) : 0;
  // A size beyond the capacity is ruled out first, so that rounding it up cannot overflow.
  if (!is_formatted() || size > capacity_ || room_for(size) > free_bytes() + given_back)
    return FlashResult::kNoSpace;
  if (old != nullptr) erase(path);
  return add({.path = std::string(path), .size = size, .modified = time});
}

FlashResult Flash::make_directory(std::string_view path, CalendarTime time) {
  if (path.empty() || find(path) != nullptr) return FlashResult::kExists;
  if (!has_parent(path)) return FlashResult::kNotFound;
  if (kBlock > free_bytes()) return FlashResult::kNoSpace;
  return add({.path = std::string(path), .size = kBlock, .modified = time, .is_directory = true});
}

FlashResult Flash::remove_file(std::string_view path) {
  const FlashEntry* entry = find(path);
  if (entry == nullptr) return path.empty() ? FlashResult::kIsDirectory : FlashResult::kNotFound;
  if (entry->is_directory) return FlashResult::kIsDirectory;
  erase(path);
  return FlashResult::kDone;
}

FlashResult Flash::remove_directory(std::string_view path) {
  const FlashEntry* entry = find(path);
  if (entry == nullptr) return FlashResult::kNotFound;
  if (!entry->is_directory) return FlashResult::kNotDirectory;
  const bool is_used = std::ranges::any_of(
      entries_, [path](const FlashEntry& other) { return parent_of(other.path) == path; });
  if (is_used) return FlashResult::kNotEmpty;
  erase(path);
  return FlashResult::kDone;
}

const FlashEntry* Flash::find(std::string_view path) const {
  const auto found = std::ranges::find(entries_, path, &FlashEntry::path);
  return found == entries_.end() ? nullptr : &*found;
}

std::optional<std::string> Flash::parse_path(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kNames{"disk0:", "flash:"};
  for (const std::string_view name : kNames) {
    if (text.starts_with(name)) text.remove_prefix(name.size());
  }
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  // Whatever still names a file system names another one.
  if (text.find(':') != std::string_view::npos) return std::nullopt;
  return std::string(text);
}

std::string_view Flash::parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

bool Flash::has_parent(std::string_view path) const {
  const std::string_view parent = parent_of(path);
  if (parent.empty()) return !path.empty();
  const FlashEntry* entry = find(parent);
  return entry != nullptr && entry->is_directory;
}

FlashResult Flash::add(FlashEntry entry) {
  if (entries_.size() >= kBound) return FlashResult::kNoSpace;
  entry.number = next_number_++;
  used_ += room_for(entry.size);
  entries_.push_back(std::move(entry));
  return FlashResult::kDone;
}

void Flash::erase(std::string_view path) {
  const auto found = std::ranges::find(entries_, path, &FlashEntry::path);
  used_ -= room_for(found->size);
  entries_.erase(found);
}

}  // namespace asaemu
