// `logging buffered`: the latest lines, as many as fit.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace asaemu {

/// Lines without PRI and LF, the oldest first. Together at most its size in bytes, an LF counted for
/// each.
class LogBuffer {
 public:
  static constexpr std::size_t kSizeDefault = 4096;  ///< bytes (asa-behaviour A.1)
  static constexpr std::size_t kSizeMax =
      std::size_t{1024} * 1024;  ///< bytes, as `logging buffer-size` allows

  /// Returns how many bytes of lines were there when the buffer began anew with this line: 0 if
  /// there is still room in this round.
  std::size_t add(std::string_view line) {
    const std::size_t size = line.size() + 1;
    const std::size_t full = round_ + size > size_ ? round_ : 0;
    round_ = full != 0 ? size : round_ + size;
    lines_.emplace_back(line);
    bytes_ += size;
    shrink();
    return full;
  }

  /// Loses the oldest lines that do not fit any more.
  void set_size(std::size_t bytes) {
    size_ = bytes;
    shrink();
  }
  [[nodiscard]] std::size_t size() const { return size_; }

  void clear() {
    lines_.clear();
    bytes_ = 0;
    round_ = 0;
  }
  /// Together of all lines.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] const std::deque<std::string>& lines() const { return lines_; }

 private:
  void shrink() {
    while (bytes_ > size_) {
      bytes_ -= lines_.front().size() + 1;
      lines_.pop_front();
    }
  }

  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
  std::size_t round_ = 0;  ///< bytes since the buffer last began anew
  std::size_t size_ = kSizeDefault;
};

}  // namespace asaemu
