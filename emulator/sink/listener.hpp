// A socket that lines arrive on.
#pragma once

#include "emulator/sink/listen_address.hpp"
#include "emulator/sink/received_line.hpp"
#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/socket_address.hpp"
#include "emulator/transport/tls.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <memory>

namespace asaemu {

/// Hands what arrives to its consumer while its io_context runs.
class Listener {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  Listener() = default;
  virtual ~Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  virtual void start() = 0;
  /// Hands on what has arrived already: one piece, and more of them until the deadline.
  virtual void drain(Deadline deadline) = 0;
  /// Connections accepted so far.
  [[nodiscard]] virtual std::uint64_t connections() const { return 0; }
  /// Connections that did not agree on TLS or had no certificate we believe.
  [[nodiscard]] virtual std::uint64_t refused() const { return 0; }
  /// Datagrams that the kernel threw away because they came faster than they were taken.
  [[nodiscard]] virtual std::uint64_t lost() const { return 0; }
};

/// A bound socket of this type that does not block; a stream socket listens. None if that fails,
/// and then `error` says why.
FileDescriptor bind_socket(const SocketAddress& address, int type, std::string& error);

/// For bound sockets from bind_socket(). With `gro`, datagrams that reach the kernel in one piece are
/// taken in one piece, and lost() counts pieces.
std::unique_ptr<Listener> make_udp_listener(boost::asio::io_context& context, FileDescriptor socket,
                                            LineConsumer& consumer, bool gro);
/// `tls`, if not null, makes it a TLS listener, which it must outlive.
std::unique_ptr<Listener> make_tcp_listener(boost::asio::io_context& context, FileDescriptor socket,
                                            LineConsumer& consumer, const TlsContext* tls);

}  // namespace asaemu
