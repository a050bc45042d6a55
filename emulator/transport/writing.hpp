// Writing bytes to descriptors that may not take them yet.
#pragma once

#include <atomic>
#include <chrono>
#include <poll.h>
#include <span>

namespace asaemu {

/// Waits for descriptors, until they are ready or someone gives up. Used by one thread, except
/// where noted.
class Waiting {
 public:
  /// Ends present and future waits. May be called from any thread and from a signal handler.
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool is_cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  /// Waits until the descriptor takes bytes or has an error to tell. False if cancelled.
  bool until_writable(int descriptor);

  /// Waits a millisecond, for a shortage that no descriptor announces the end of. False if
  /// cancelled.
  bool briefly();

  /// Waits until one of the descriptors has an event, or for `longest`. False if cancelled.
  bool until_any(std::span<pollfd> descriptors, std::chrono::milliseconds longest);

  /// How long all waits took together.
  [[nodiscard]] std::chrono::nanoseconds total() const { return total_; }

 private:
  static_assert(std::atomic<bool>::is_always_lock_free);
  std::atomic<bool> cancelled_{false};
  std::chrono::nanoseconds total_{0};
};

/// How far writing came.
struct WriteOutcome {
  std::size_t written = 0;
  int error = 0;  ///< errno of what ended it early, ECANCELED if cancelled, or 0
};

/// Writes everything to a file, pipe or terminal, blocking or not.
WriteOutcome write_all(int descriptor, std::span<const char> bytes, Waiting& waiting);

/// Sends everything to a stream socket, which may be blocking or not; never raises SIGPIPE.
WriteOutcome send_all(int socket, std::span<const char> bytes, Waiting& waiting);

/// Makes writing to a pipe without a reader an error (EPIPE) instead of the end of the program.
/// write() has no flag for that, so this changes the whole process.
void ignore_broken_pipes();

}  // namespace asaemu
