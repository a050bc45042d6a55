// A growing block of bytes, for text that is written fast.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace asaemu {

/// Unlike std::string it neither clears what it grows by nor ends its text with a NUL, so that text
/// can be written straight to where it stays.
class ByteBlock {
 public:
  ByteBlock() = default;
  explicit ByteBlock(std::string_view text) {
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ = text.size();
  }

  /// Where the next bytes go: at least `wanted` of them fit. Good until the next call.
  char* room(std::size_t wanted) {
    if (capacity_ - size_ < wanted) [[unlikely]]
      grow(wanted);
    return bytes_.get() + size_;
  }
  /// Takes what was written from room() to `end`.
  void take(const char* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }
  void clear() { size_ = 0; }

  [[nodiscard]] char* data() { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool is_empty() const { return size_ == 0; }
  [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  void grow(std::size_t wanted) {
    capacity_ = std::max(capacity_ + capacity_ / 2, size_ + wanted);
    // NOLINTNEXTLINE(modernize-avoid-c-arrays): must not be cleared.
    std::unique_ptr<char[]> bytes(new char[capacity_]);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
  }

  // NOLINTNEXTLINE(modernize-avoid-c-arrays)
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace asaemu
