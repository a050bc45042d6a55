// What all transports share: they open, they count, and they can fail.
#pragma once

#include "emulator/transport/destination.hpp"
#include "emulator/transport/writing.hpp"
#include "model/logging/outlet.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace asaemu {

/// What a transport did so far. Lines are whole: lines + lines_failed is all that it was given.
struct TransportStatistics {
  std::uint64_t lines = 0;  ///< taken by the operating system
  std::uint64_t bytes = 0;  ///< of those lines, as they went out
  std::uint64_t lines_failed = 0;
  /// Of `lines`: those of connections that ended before it was sure that the collector had them. It
  /// may have them all the same. Zero where nothing is acknowledged (UDP).
  std::uint64_t lines_unacknowledged = 0;
  std::map<std::string, std::uint64_t, std::less<>> errors;  ///< failed lines by their reason
};

/// A batch on its way to one destination. Used by one thread, except for cancel(). Lines still
/// waiting when it is destroyed without close() stay `pending` in their account.
class Transport : public Outlet {
 public:
  /// Makes the destination ready. What went wrong, or an empty string. Lines may be sent after a
  /// failure too; they are counted as dropped as long as the destination cannot be reached.
  virtual std::string open() = 0;

  /// In real time nothing may hold up the sender: a stream keeps what its collector does not take,
  /// as much as it has room for, and is_ready() says whether there is room. Before open(). Without
  /// it, as at maximum speed, the sender waits.
  void set_live() { is_live_ = true; }
  [[nodiscard]] bool is_live() const { return is_live_; }

  /// Tells whose lines will come, and from where. For transports that write that down.
  virtual void introduce(const LogHostSpec& /*host*/) {}

  /// Goes on with what does not need lines: connects, sends what was kept, notices a collector's
  /// end. Never waits. To be called often while is_busy().
  virtual void tend() {}
  [[nodiscard]] virtual bool is_busy() const { return false; }

  /// Sends what waits and says that nothing follows. Of many transports, each hears the answer while
  /// others still wait for theirs.
  void end();
  /// Ends, hears what the destination has to say to that, and lets go of it.
  void close();

  /// Ends a wait for a destination that takes nothing; lines are dropped from then on where they
  /// would have to wait. May be called from any thread and from a signal handler.
  void cancel() { waiting_.cancel(); }

  /// From now on this transport writes its batches with `lock` held: others write to the same file
  /// or pipe, and lines are to stay whole. Before open(): a file then keeps what it has.
  void share(std::shared_ptr<std::mutex> lock, bool is_first) {
    shared_ = std::move(lock);
    keeps_file_ = !is_first;
  }

  [[nodiscard]] const Destination& destination() const { return destination_; }
  [[nodiscard]] const TransportStatistics& statistics() const { return statistics_; }
  /// How long the sender was held up because the destination took nothing.
  [[nodiscard]] std::chrono::nanoseconds held_up() const { return waiting_.total(); }

  /// Whether nothing can be sent any more, whatever happens; failure() says why.
  [[nodiscard]] bool failed() const { return !failure_.empty(); }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// Whether the reader of a pipe went away. It has what it wanted (`| head`), so this is a reason
  /// to end but none to complain.
  [[nodiscard]] bool reader_left() const { return reader_left_; }

 protected:
  Transport(Destination destination, std::size_t bytes_max, std::size_t lines_max);

  virtual void say_farewell() {}
  virtual void disconnect() = 0;

  /// Counts as sent those of `lines`, the first of which begins at `begin`, that end at or before
  /// `end`. Returns the others.
  std::span<const Line> take_sent(std::span<const Line> lines, std::size_t begin, std::size_t end);
  /// Counts lines of together `bytes` bytes as sent in the statistics only.
  void add_sent(std::size_t lines, std::size_t bytes);
  void add_unacknowledged(std::uint64_t lines) { statistics_.lines_unacknowledged += lines; }
  /// Counts lines as failed. The first of each reason is reported.
  void drop(std::span<const Line> lines, std::string_view reason);
  /// From now on nothing can be sent.
  void fail(std::string reason);
  /// Writes to a file or pipe whose first error is its last. Returns how many bytes of a line that
  /// did not fit were written behind the last whole one.
  std::size_t write_lines(int descriptor, std::span<const char> bytes, std::span<const Line> lines);
  [[nodiscard]] Waiting& waiting() { return waiting_; }
  /// Whether somebody else has already begun the file.
  [[nodiscard]] bool keeps_file() const { return keeps_file_; }

 private:
  Destination destination_;
  TransportStatistics statistics_;
  Waiting waiting_;
  std::string failure_;
  bool reader_left_ = false;
  bool is_live_ = false;
  std::shared_ptr<std::mutex> shared_;
  bool keeps_file_ = false;
};

/// The system's text for an errno; for ECANCELED, what cancel() does.
std::string error_text(int error);

/// The transport for a destination, not yet open. Not for `sink:`, which stands for the address of
/// an EmbeddedSink; whoever runs one passes that.
std::unique_ptr<Transport> make_transport(const Destination& destination);

}  // namespace asaemu
