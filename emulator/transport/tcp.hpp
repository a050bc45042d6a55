// Lines to a TCP collector, each ended by LF.
#pragma once

#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/socket_address.hpp"
#include "emulator/transport/transport.hpp"

#include <vector>

namespace asaemu {

/// Sends lines over one connection, which it makes again when it breaks, with at most one attempt
/// per retry interval. No byte is ever sent twice and no connection begins inside a line:
/// - lines that the kernel took whole count as sent, even if the connection breaks before the
///   collector has read them;
/// - the line that a break cut counts as failed: its beginning may have reached the collector, and
///   collectors take an unfinished last line for a message;
/// - the lines behind it go out on the new connection if there is one at once, and count as failed
///   if not.
/// A destination's own source address is bound, or with `?proxy=v2` told to the collector.
/// A collector that does not read holds the sender up (held_up()) until it does, or cancel().
class TcpTransport : public Transport {
 public:
  explicit TcpTransport(const Destination& destination,
                        std::chrono::milliseconds retry_interval = std::chrono::seconds{1});
  /// Waits up to five seconds for each of the host's addresses.
  std::string open() override;

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override;

 private:
  enum class State : std::uint8_t { kDown, kConnecting, kConnected };

  void disconnect() override;
  bool ensure_connected();
  void begin_connect();
  void await_connect(std::chrono::milliseconds patience);
  bool send_proxy_header();
  void set_down(std::string reason);
  void notice_close();

  std::chrono::milliseconds retry_interval_;
  std::vector<SocketAddress> addresses_;
  std::size_t next_address_ = 0;
  FileDescriptor socket_;
  State state_ = State::kDown;
  std::string down_reason_ = "it is not open";
  std::chrono::steady_clock::time_point last_attempt_;
};

}  // namespace asaemu
