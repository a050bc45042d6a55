// A line as it arrived, and who takes it.
#pragma once

#include <cstddef>
#include <string_view>

namespace asaemu {

/// A line as it arrived; its views live for the duration of a call.
struct ReceivedLine {
  std::string_view text;    ///< without the LF that ended it
  std::string_view peer;    ///< the address it came from
  std::size_t bytes = 0;    ///< on the wire, with its LF
  bool cut = false;         ///< it was longer than LineSplitter::kLineMax
  bool unfinished = false;  ///< its connection ended before an LF
};

/// Takes lines from listeners.
class LineConsumer {
 public:
  virtual ~LineConsumer() = default;
  /// False if no further line is wanted.
  virtual bool take_line(const ReceivedLine& line) = 0;
  /// What had arrived was taken.
  virtual void end_batch() = 0;
};

}  // namespace asaemu
