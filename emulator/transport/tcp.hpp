// Lines to a TCP collector, plain or through TLS.
#pragma once

#include "emulator/transport/backlog.hpp"
#include "emulator/transport/stream_channel.hpp"
#include "emulator/transport/transport.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <poll.h>

namespace asaemu {

/// Sends lines over as many connections as the destination says, a batch to each in turn, and makes
/// connections again that end. No byte is ever sent twice and no connection begins inside a line:
/// - lines that the kernel took whole count as sent, even if the connection ends before the
///   collector has stored them. Nothing in the protocol says what it has. Those of a connection
///   that it ended count as unacknowledged as well, but for those that it must have read
///   ChannelTiming::stored_by ago: so much has been acknowledged since that no receive buffer could
///   hold them. At our own end, all count so that it does not answer by ending its side, too;
/// - the line that the end of a connection cuts counts as failed: its beginning may have reached
///   the collector, and collectors take an unfinished last line for a message;
/// - the lines behind it go to another connection, or wait for the next one.
/// Live, lines that no connection takes are kept, at most kRoom and a batch for each of them, and
/// those beyond count as failed. Otherwise the sender waits for a collector that does not read, and
/// for one that went away as long as ChannelTiming::outage says; what then waits counts as failed.
/// A destination's own source address is bound, or with `proxy=v2` told to the collector.
class TcpTransport : public Transport {
 public:
  explicit TcpTransport(const Destination& destination, ChannelTiming timing = {});

  /// Waits, unless live, until each connection stands or has failed at each of the host's
  /// addresses; an error if none stands.
  std::string open() override;
  void tend() override;
  [[nodiscard]] bool is_busy() const override;
  [[nodiscard]] CollectorStatus status() const override { return status_; }
  [[nodiscard]] bool is_ready() const override;

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override;

 private:
  using Clock = StreamChannel::Clock;

  /// A place in what was sent on a connection.
  struct Mark {
    std::uint64_t lines = 0;  ///< that end before it
    std::size_t read_by = 0;  ///< all of them are read when so many bytes are acknowledged
    std::optional<Clock::time_point> read_at;
  };

  struct Connection {
    explicit Connection(StreamChannel made) : channel(std::move(made)) {}
    StreamChannel channel;
    Backlog backlog;
    bool is_up = false;         ///< as this transport last saw it
    std::uint64_t sent = 0;     ///< lines on this connection
    std::size_t written = 0;    ///< bytes on it, without those that TLS adds
    Mark mark;                  ///< the next lines to be settled
    std::uint64_t settled = 0;  ///< of those sent: the collector must have them
  };

  void say_farewell() override;
  void disconnect() override;
  std::string prepare();
  void frame(std::span<const char> bytes, std::span<const Line> lines);
  void dispatch(std::span<const char> bytes, std::span<const Line> lines);
  Connection* choose();
  void send(Connection& connection, std::span<const char> bytes, std::span<const Line> lines);
  void pump(Connection& connection);
  void tend_all();
  void follow(Connection& connection);
  void lose(Connection& connection);
  void move_lines(Connection& from);
  void settle(Connection& connection, Clock::time_point now);
  void update_status();
  bool wait_for(const std::function<bool()>& done, Clock::time_point deadline);
  void poll_once(Clock::time_point deadline);
  void drop_backlogs(std::string_view reason);
  [[nodiscard]] bool has_backlog() const;
  [[nodiscard]] std::size_t up_count() const;
  [[nodiscard]] const std::string& down_reason() const;
  [[nodiscard]] Clock::time_point outage_end() const;

  ChannelTiming timing_;
  ChannelTarget target_;
  std::unique_ptr<TlsContext> tls_;  ///< before connections_, which use it to their end
  std::deque<Connection> connections_;
  std::size_t next_ = 0;
  std::string problem_ = "it is not open";  ///< why there are no connections at all
  Clock::time_point down_since_;
  Clock::time_point last_tended_;
  std::optional<Clock::time_point> answers_by_;  ///< once all connections are told the end
  CollectorStatus status_;
  std::vector<char> frame_bytes_;
  std::vector<Line> frame_lines_;
  std::vector<pollfd> polled_;
};

}  // namespace asaemu
