// Received lines on their way to a file or to standard output.
#pragma once

#include "emulator/transport/writing.hpp"

#include <string>
#include <string_view>

namespace asaemu {

/// Writes lines, each ended by exactly one LF, in large pieces.
class LineWriter {
 public:
  /// `descriptor` is borrowed; `name` is what messages call it.
  LineWriter(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}

  void add(std::string_view line);
  /// Writes what waits.
  void flush();
  /// errno of the first failure, after which nothing is written; 0 if there was none.
  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  int descriptor_;
  std::string name_;
  int error_ = 0;
  Waiting waiting_;
  std::string buffer_;
};

}  // namespace asaemu
