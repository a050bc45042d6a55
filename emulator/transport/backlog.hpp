// Lines that a connection has not taken yet.
#pragma once

#include "model/logging/outlet.hpp"

#include <vector>

namespace asaemu {

/// Whole lines in order; the first may be written in part.
class Backlog {
 public:
  using Line = Outlet::Line;

  [[nodiscard]] bool is_empty() const { return next_ == lines_.size(); }
  /// Bytes that are not written yet.
  [[nodiscard]] std::size_t size() const { return bytes_.size() - written_; }
  [[nodiscard]] std::span<const char> unwritten() const {
    return std::span<const char>(bytes_).subspan(written_);
  }
  /// The lines that are not written whole; their ends are offsets to be compared with begin() and
  /// written().
  [[nodiscard]] std::span<const Line> lines() const {
    return std::span<const Line>(lines_).subspan(next_);
  }
  /// Where the first of lines() begins, and how far writing came.
  [[nodiscard]] std::size_t begin() const { return next_ == 0 ? 0 : lines_[next_ - 1].end; }
  [[nodiscard]] std::size_t written() const { return written_; }
  [[nodiscard]] bool is_mid_line() const { return written_ > begin(); }

  /// Adds lines, the first of which begins at `begin` in `bytes`.
  void append(std::span<const char> bytes, std::span<const Line> lines, std::size_t begin);
  /// So many further bytes are written.
  void advance(std::size_t bytes) { written_ += bytes; }
  /// The first `count` of lines() are done with. If that leaves none, all is forgotten.
  void pop(std::size_t count);
  void clear();

 private:
  void compact();

  std::vector<char> bytes_;
  std::vector<Line> lines_;
  std::size_t next_ = 0;
  std::size_t written_ = 0;
};

}  // namespace asaemu
