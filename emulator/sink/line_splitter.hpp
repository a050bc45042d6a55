// A stream of bytes becomes lines.
#pragma once

#include "emulator/sink/received_line.hpp"

#include <string>

namespace asaemu {

/// Cuts one connection's bytes into lines: at LF, or where a count says so (RFC 6587). Which of the
/// two is seen at each line's beginning: a number from 1, without leading zeros and of at most
/// kDigitsMax digits, with a blank behind it is a count, as collectors take it.
class LineSplitter {
 public:
  /// What follows this many bytes of a line is thrown away.
  static constexpr std::size_t kLineMax = 64 * std::size_t{1024};
  static constexpr std::size_t kDigitsMax = 9;

  explicit LineSplitter(std::string peer) : peer_(std::move(peer)) {}

  /// Hands on the lines that `chunk` ends. False once the consumer wants no more.
  bool feed(std::string_view chunk, LineConsumer& consumer);

  /// The connection has ended: hands on the unfinished line, if there is one.
  bool finish(LineConsumer& consumer);

 private:
  enum class Framing : std::uint8_t { kUnknown, kLineFeed, kCounted };

  bool take_line_feed(std::string_view& chunk, LineConsumer& consumer);
  bool take_counted(std::string_view& chunk, LineConsumer& consumer);
  void look_for_count(std::string_view& chunk);
  bool hand_on(std::string_view text, LineConsumer& consumer, bool unfinished);
  void keep(std::string_view text);
  void begin_line();

  std::string peer_;
  std::string unfinished_;
  std::size_t beyond_ = 0;  ///< bytes of the unfinished line that were thrown away
  Framing framing_ = Framing::kUnknown;
  std::size_t missing_ = 0;  ///< of a counted line: bytes that have not come yet
  std::size_t header_ = 0;   ///< of a counted line: bytes of the count and its blank
};

}  // namespace asaemu
