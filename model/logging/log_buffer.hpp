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

  void add(std::string_view line) {
    lines_.emplace_back(line);
    bytes_ += line.size() + 1;
    shrink();
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
  }
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
  std::size_t size_ = kSizeDefault;
};

}  // namespace asaemu
