// A collector: listens, counts, prints and writes until its end.
#pragma once

#include "emulator/sink/line_writer.hpp"
#include "emulator/sink/listener.hpp"
#include "emulator/sink/tally.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <vector>

namespace asaemu {

/// Used by one thread, except for expect().
class Collector : private LineConsumer {
 public:
  /// When to end, whichever comes first.
  struct Limits {
    std::optional<std::uint64_t> messages;  ///< at least one; later ones are not looked at
    std::optional<SimDuration> idle;        ///< without a message, from the start on
    std::optional<SimDuration> duration;
  };

  enum class End : std::uint8_t { kMessages, kIdle, kDuration, kSignal, kOutput };

  /// A socket and what happened on it.
  struct ListenerReport {
    std::string address;            ///< `udp://127.0.0.1:5514`
    std::uint64_t connections = 0;  ///< of tcp
    std::uint64_t lost = 0;     ///< of udp: datagrams, or pieces, that the kernel had no room for
    std::uint64_t refused = 0;  ///< of tls: connections without an agreement
  };

  Collector() = default;

  /// For listeners of tls, which come later: PEM files of our chain, its key, and of those who sign
  /// for clients (anyone may come if empty). What went wrong, or an empty string. Makes the process
  /// ignore SIGPIPE.
  std::string use_tls(const std::string& certificate, const std::string& key,
                      const std::string& authorities);
  /// For listeners of udp, which come later: datagrams of one sender that reach the kernel in one
  /// piece are taken in one piece (UDP_GRO), where it can do that. That costs far less, and the
  /// kernel counts a piece that it has no room for as one, however many datagrams it is.
  void use_gro() { gro_ = true; }
  /// Opens a socket; an address's port 0 becomes a free one. What went wrong, or an empty string.
  std::string listen(const ListenAddress& address);
  /// Lines go to this descriptor too, which is borrowed; more than one may be given.
  void write_to(int descriptor, std::string name) {
    writers_.emplace_back(descriptor, std::move(name));
  }
  /// The number of messages so far is kept at the beginning of this file, which is borrowed: several
  /// times a second, and when run() ends. It only grows, so a reader never sees half of it.
  void count_to(int descriptor) { counter_ = descriptor; }
  /// SIGINT and SIGTERM end run().
  void end_on_signals();

  /// Receives until a limit is reached, a signal comes or a descriptor takes no more; what has
  /// arrived by then is taken too, except beyond Limits::messages.
  End run(const Limits& limits);

  /// Replaces the limits of run(): ends when so many messages have arrived in total, or after a
  /// silence, which begins now. May be called from any thread.
  void expect(std::uint64_t messages, SimDuration idle);

  [[nodiscard]] const Tally& tally() const { return tally_; }
  [[nodiscard]] std::vector<ListenerReport> listeners() const;
  /// The descriptor that took no more; null if all did.
  [[nodiscard]] const LineWriter* broken_output() const;
  /// Where it listens, with the ports it got.
  [[nodiscard]] const std::vector<ListenAddress>& addresses() const { return addresses_; }

 private:
  bool take_line(const ReceivedLine& line) override;
  void end_batch() override;
  [[nodiscard]] bool is_complete() const {
    return limits_.messages && tally_.messages() >= *limits_.messages;
  }
  void end(End reason);
  void watch_idle();
  void keep_count();
  void write_count() const;

  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_{context_};
  boost::asio::steady_timer duration_timer_{context_};
  boost::asio::steady_timer idle_timer_{context_};
  std::unique_ptr<TlsContext> tls_;  ///< before listeners_, which use it to their end
  boost::asio::steady_timer counter_timer_{context_};
  int counter_ = -1;
  bool gro_ = false;
  std::vector<ListenAddress> addresses_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::deque<LineWriter> writers_;
  Tally tally_;
  Limits limits_;
  std::optional<End> end_;
  bool in_batch_ = false;
  CalendarTime batch_time_;                             ///< the clock is read once per batch
  std::chrono::steady_clock::time_point last_arrival_;  ///< when the last batch was done with
};

}  // namespace asaemu
