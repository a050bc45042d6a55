// A stream of bytes becomes lines.
#pragma once

#include "emulator/sink/received_line.hpp"

#include <string>

namespace asaemu {

/// Cuts one connection's bytes at LF.
class LineSplitter {
 public:
  /// What follows this many bytes of a line is thrown away.
  static constexpr std::size_t kLineMax = 64 * std::size_t{1024};

  explicit LineSplitter(std::string peer) : peer_(std::move(peer)) {}

  /// Hands on the lines that `chunk` ends. False once the consumer wants no more.
  bool feed(std::string_view chunk, LineConsumer& consumer);

  /// The connection has ended: hands on the unfinished line, if there is one.
  bool finish(LineConsumer& consumer);

 private:
  bool hand_on(std::string_view text, LineConsumer& consumer, bool unfinished);
  void keep(std::string_view text);

  std::string peer_;
  std::string unfinished_;
  std::size_t beyond_ = 0;  ///< bytes of the unfinished line that were thrown away
};

}  // namespace asaemu
