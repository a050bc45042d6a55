// Connections, and the lines that arrive on them.
#include "emulator/sink/line_splitter.hpp"
#include "emulator/sink/listener.hpp"
#include "emulator/transport/transport.hpp"

#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <list>

namespace asaemu {

namespace {

using boost::asio::posix::descriptor_base;
using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr std::size_t kReadSize = 256 * std::size_t{1024};
/// How many reads of one connection before others have their turn.
constexpr int kRounds = 16;
/// How long to wait for a free file descriptor.
constexpr std::chrono::milliseconds kAcceptPause{100};

class TcpListener : public Listener {
 public:
  TcpListener(boost::asio::io_context& context, FileDescriptor socket, LineConsumer& consumer,
              const TlsContext* tls);
  void start() override;
  void drain(Deadline deadline) override;
  [[nodiscard]] std::uint64_t connections() const override { return connections_; }
  [[nodiscard]] std::uint64_t refused() const override { return refused_; }

 private:
  struct Session {
    stream_descriptor socket;
    LineSplitter splitter;
    std::unique_ptr<TlsStream> tls{};  ///< after socket, which it uses to its end
    bool wants_write = false;          ///< of TLS: it can go on when the socket takes bytes
  };
  using Place = std::list<Session>::iterator;
  enum class Progress : std::uint8_t { kMore, kNothing, kEnd };

  /// Takes the connections that wait. False if they have to go on waiting.
  bool accept_all();
  void begin(FileDescriptor socket, std::string peer);
  void wait(Place session);
  /// One piece of a connection.
  Progress read(Session& session);
  Progress read_tls(Session& session);

  boost::asio::io_context& context_;
  stream_descriptor socket_;
  boost::asio::steady_timer pause_;
  LineConsumer& consumer_;
  const TlsContext* tls_;
  std::unique_ptr<char[]> bytes_;  // NOLINT(modernize-avoid-c-arrays): never cleared
  std::list<Session> sessions_;
  std::uint64_t connections_ = 0;
  std::uint64_t refused_ = 0;
};

TcpListener::TcpListener(boost::asio::io_context& context, FileDescriptor socket,
                         LineConsumer& consumer, const TlsContext* tls)
    : context_(context),
      socket_(context, socket.release()),
      pause_(context),
      consumer_(consumer),
      tls_(tls),
      bytes_(std::make_unique_for_overwrite<char[]>(kReadSize)) {}  // NOLINT

void TcpListener::start() {
  socket_.async_wait(descriptor_base::wait_read, [this](const error_code& error) {
    if (error) return;
    if (accept_all()) {
      start();
      return;
    }
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const error_code& stopped) {
      if (!stopped) start();
    });
  });
}

bool TcpListener::accept_all() {
  for (;;) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    const int number =
        accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&peer),  // NOLINT
                &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (number >= 0) {
      ++connections_;
      begin(FileDescriptor{number}, address_text(peer));
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
    spdlog::warn("a connection has to wait: {}", error_text(errno));
    return false;
  }
}

void TcpListener::begin(FileDescriptor socket, std::string peer) {
  const auto session = sessions_.insert(
      sessions_.end(), Session{stream_descriptor{context_}, LineSplitter{std::move(peer)}});
  error_code error;
  session->socket.assign(socket.get(), error);
  if (error) {
    spdlog::warn("a connection is refused: {}", error.message());
    sessions_.erase(session);
    return;
  }
  const int number = socket.release();
  if (tls_ != nullptr) session->tls = std::make_unique<TlsStream>(*tls_, number);
  wait(session);
}

/// A session is erased only here, and with its listener: its handler may be on its way whenever
/// other code runs.
void TcpListener::wait(Place session) {
  const auto wanted =
      session->wants_write ? descriptor_base::wait_write : descriptor_base::wait_read;
  session->socket.async_wait(wanted, [this, session](const error_code& error) {
    if (error) return;
    auto progress = Progress::kMore;
    for (int round = 0; round < kRounds && progress == Progress::kMore; ++round) {
      progress = read(*session);
    }
    consumer_.end_batch();
    if (progress == Progress::kEnd) {
      sessions_.erase(session);
    } else {
      wait(session);
    }
  });
}

TcpListener::Progress TcpListener::read_tls(Session& session) {
  const auto result = session.tls->read({bytes_.get(), kReadSize});
  session.wants_write = result.progress == TlsStream::Progress::kWantsWrite;
  switch (result.progress) {
    case TlsStream::Progress::kDone:
      return session.splitter.feed({bytes_.get(), result.size}, consumer_) ? Progress::kMore
                                                                           : Progress::kNothing;
    case TlsStream::Progress::kWantsRead:
    case TlsStream::Progress::kWantsWrite:
      return Progress::kNothing;
    case TlsStream::Progress::kClosed:
    case TlsStream::Progress::kFailed:
      break;
  }
  if (!session.tls->is_ready() && result.progress == TlsStream::Progress::kFailed) {
    ++refused_;
    spdlog::warn("a connection is refused: {}", session.tls->failure());
  }
  session.splitter.finish(consumer_);
  return Progress::kEnd;
}

TcpListener::Progress TcpListener::read(Session& session) {
  if (session.tls) return read_tls(session);
  const ssize_t size = ::read(session.socket.native_handle(), bytes_.get(), kReadSize);
  if (size > 0) {
    const std::string_view chunk{bytes_.get(), static_cast<std::size_t>(size)};
    return session.splitter.feed(chunk, consumer_) ? Progress::kMore : Progress::kNothing;
  }
  if (size < 0 && errno == EINTR) return Progress::kMore;
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Progress::kNothing;
  session.splitter.finish(consumer_);
  return Progress::kEnd;
}

void TcpListener::drain(Deadline deadline) {
  accept_all();
  for (auto& session : sessions_) {
    while (read(session) == Progress::kMore && std::chrono::steady_clock::now() < deadline) {
    }
  }
  consumer_.end_batch();
}

}  // namespace

std::unique_ptr<Listener> make_tcp_listener(boost::asio::io_context& context, FileDescriptor socket,
                                            LineConsumer& consumer, const TlsContext* tls) {
  return std::make_unique<TcpListener>(context, std::move(socket), consumer, tls);
}

}  // namespace asaemu
