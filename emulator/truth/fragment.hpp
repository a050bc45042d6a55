// Text that stays the same and is written often.
#pragma once

#include "model/base/print.hpp"

#include <string>

namespace asaemu {

/// Written in blocks, which spares the size classes of write_text() and the loop of memcpy().
class Fragment {
 public:
  /// Bytes that write() may touch beyond the text.
  static constexpr std::size_t kSlack = 32;

  Fragment() : Fragment(std::string()) {}
  explicit Fragment(std::string text) : padded_(std::move(text)), size_(padded_.size()) {
    padded_.resize(size_ + kSlack);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  char* write(char* out) const { return write_blocks(out, padded_.data(), size_); }

 private:
  std::string padded_;
  std::size_t size_;
};

}  // namespace asaemu
