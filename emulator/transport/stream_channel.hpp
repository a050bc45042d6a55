// One connection to a collector, which is made again when it ends.
#pragma once

#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/socket_address.hpp"
#include "emulator/transport/tls.hpp"
#include "model/logging/outlet.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace asaemu {

/// How patient a connection is. How often an ASA tries again is not documented; these are ours.
struct ChannelTiming {
  using Milliseconds = std::chrono::milliseconds;

  Milliseconds retry_first{100};     ///< from one attempt to the next, doubled every time …
  Milliseconds retry_longest{5000};  ///< … up to this
  Milliseconds attempt{5000};        ///< an attempt that takes longer has failed
  /// Only where the sender waits: how long for a collector that went away.
  Milliseconds outage{5000};
  /// How long a collector may take, once it is told that nothing follows, to end its side as well.
  Milliseconds last_word{5000};
  /// A collector has stored after this time what it has read.
  Milliseconds stored_by{10000};
};

/// What all connections of a transport share.
struct ChannelTarget {
  std::vector<SocketAddress> addresses;
  const TlsContext* tls = nullptr;  ///< none for plain TCP
  std::string identity;             ///< of the certificate; empty: any
  int send_buffer = 0;              ///< bytes in the kernel; 0: as it likes
  IpAddress source{};               ///< to bind, or with `proxy` to tell; IpAddress() for none
  bool proxy = false;               ///< a connection begins with a PROXY protocol v2 header
  std::uint16_t port = 0;           ///< the collector's, for that header
};

/// A connection that does not block. A connection that stood only shortly is followed by a longer
/// wait than the one before.
class StreamChannel {
 public:
  using Clock = std::chrono::steady_clock;
  using Cause = CollectorStatus::Cause;
  enum class State : std::uint8_t { kDown, kConnecting, kShaking, kUp };

  StreamChannel(const ChannelTarget& target, const ChannelTiming& timing)
      : target_(&target), timing_(&timing), wait_(timing.retry_first) {}

  /// Goes on: begins an attempt that is due, ends one, notices the collector's end. Never waits.
  void tend(Clock::time_point now);

  /// How many bytes it took. Fewer than all: it is full, or not up any more.
  std::size_t write(std::span<const char> bytes);

  /// Says that nothing follows. What the kernel has yet to send, it sends.
  void end();
  /// What the collector answers to end().
  enum class Answer : std::uint8_t {
    kNone,   ///< nothing yet
    kEnded,  ///< it ended its side: it has read all there was, for its kernel resets a connection
             ///< whose bytes nobody has read
    kLost    ///< the connection is gone
  };
  [[nodiscard]] Answer answer();
  /// Bytes, as TCP counts them, that the collector's kernel has not acknowledged.
  [[nodiscard]] std::size_t unacknowledged() const;
  /// The most that the collector's kernel can acknowledge before anybody reads it: no receiver has
  /// a larger window than the scale allows that it has chosen for this connection.
  [[nodiscard]] std::size_t window_max() const;
  /// Lets go of the connection; no further attempts unless tend() is called.
  void close(std::string reason) { set_down(std::move(reason), Cause::kNone); }

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool is_up() const { return state_ == State::kUp; }
  [[nodiscard]] bool was_up() const { return was_up_; }
  /// Attempts that led to no connection.
  [[nodiscard]] std::size_t failures() const { return failures_; }
  /// -1 if there is none; what poll() is to wait for there, if `has_bytes` wait to be written.
  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] short events(bool has_bytes) const;
  /// When the next attempt is due, if it is down.
  [[nodiscard]] Clock::time_point next_attempt() const { return last_attempt_ + wait_; }

  /// Why it is not up.
  [[nodiscard]] const std::string& reason() const { return reason_; }
  [[nodiscard]] Cause cause() const { return cause_; }

 private:
  void begin_attempt(Clock::time_point now);
  void end_connect();
  bool send_proxy_header();
  void shake_hands();
  void notice_close();
  void set_up();
  void set_down(std::string reason, Cause cause);
  void fail_tls(bool is_closed);
  void fail_socket(int error);
  std::size_t write_tls(std::span<const char> bytes);

  const ChannelTarget* target_;
  const ChannelTiming* timing_;
  std::size_t next_address_ = 0;
  FileDescriptor socket_;
  std::unique_ptr<TlsStream> tls_;  ///< after socket_: it uses it to its end
  bool wants_write_ = false;        ///< of a handshake
  State state_ = State::kDown;
  bool was_up_ = false;
  std::string reason_ = "it is not open";
  Cause cause_ = Cause::kNone;
  std::size_t failures_ = 0;
  Clock::time_point last_attempt_;
  Clock::time_point up_since_;
  std::chrono::milliseconds wait_;
};

}  // namespace asaemu
