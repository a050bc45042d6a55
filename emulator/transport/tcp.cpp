#include "emulator/transport/tcp.hpp"

#include "emulator/transport/proxy_header.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

namespace asaemu {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBytesMax = 256 * std::size_t{1024};
/// Room for a full batch of the shortest lines a device sends, about 60 bytes.
constexpr std::size_t kLinesMax = 5000;
constexpr std::size_t kOwnLinesMax = 64;
constexpr std::size_t kOwnBytesMax = 8192;

constexpr milliseconds kOpenPatience{5000};
/// How long a broken connection may hold up the sender; longer attempts go on beside the batches.
constexpr milliseconds kReconnectPatience{50};

/// Waits for the end of a connection attempt: 0, its errno, or EINPROGRESS.
int connect_result(int socket, milliseconds patience, const Waiting& waiting) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wanted{socket, POLLOUT, 0};
    const int count = poll(&wanted, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (count > 0) break;
    if (count == 0 || waiting.is_cancelled()) return EINPROGRESS;
  }
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

// A sender with an address of its own is one of many, with few lines each: its batch is small.
TcpTransport::TcpTransport(const Destination& destination, milliseconds retry_interval)
    : Transport(destination, destination.has_source() ? kOwnBytesMax : kBytesMax,
                destination.has_source() ? kOwnLinesMax : kLinesMax),
      retry_interval_(retry_interval) {}

std::string TcpTransport::open() {
  std::string error;
  addresses_ = resolve(destination().peer, error);
  if (addresses_.empty()) {
    down_reason_ = error;
    return fmt::format("{}: {}", to_string(destination()), error);
  }
  for (std::size_t i = 0; i < addresses_.size() && state_ != State::kConnected; ++i) {
    begin_connect();
    await_connect(kOpenPatience);
    if (state_ == State::kConnecting) set_down(error_text(ETIMEDOUT));
  }
  if (state_ == State::kConnected) return {};
  return fmt::format("{}: {}", to_string(destination()), down_reason_);
}

void TcpTransport::transmit(std::span<const char> bytes, std::span<const Line> lines) {
  notice_close();
  std::size_t at = 0;
  while (!lines.empty()) {
    if (!ensure_connected()) {
      drop(lines, down_reason_);
      return;
    }
    const auto outcome = send_all(socket_.get(), bytes.subspan(at), waiting());
    const std::size_t end = at + outcome.written;
    const auto rest = take_sent(lines, at, end);
    if (rest.size() < lines.size()) at = lines[lines.size() - rest.size() - 1].end;
    lines = rest;
    if (outcome.error == 0) continue;
    set_down(error_text(outcome.error));
    spdlog::warn("{}: connection lost: {}", to_string(destination()), down_reason_);
    if (end > at) {
      drop(lines.first(1), "cut by the end of its connection");
      at = lines.front().end;
      lines = lines.subspan(1);
    }
  }
}

/// The collector sees the end of the stream behind the last whole line.
void TcpTransport::disconnect() {
  if (state_ == State::kConnected) {
    shutdown(socket_.get(), SHUT_WR);
    notice_close();
  }
  if (state_ != State::kDown) set_down("it is closed");
  addresses_.clear();
}

bool TcpTransport::ensure_connected() {
  if (state_ == State::kConnected) return true;
  const auto now = std::chrono::steady_clock::now();
  if (state_ == State::kConnecting) {
    await_connect(milliseconds{0});
    const bool late = now - last_attempt_ > kOpenPatience;
    if (state_ == State::kConnecting && late) set_down(error_text(ETIMEDOUT));
  } else if (!addresses_.empty() && now - last_attempt_ >= retry_interval_ &&
             !waiting().is_cancelled()) {
    begin_connect();
    await_connect(kReconnectPatience);
  }
  if (state_ == State::kConnected) spdlog::info("{}: connected again", to_string(destination()));
  return state_ == State::kConnected;
}

void TcpTransport::begin_connect() {
  last_attempt_ = std::chrono::steady_clock::now();
  const auto& address = addresses_[next_address_ % addresses_.size()];
  socket_ = FileDescriptor{socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!socket_.is_open()) {
    set_down(error_text(errno));
    return;
  }
  // Batches are cut by time; what is in one is to leave at once.
  constexpr int kOn = 1;
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
  state_ = State::kConnecting;
  down_reason_ = "it is not connected yet";
  if (!destination().proxy) {
    const auto trouble = bind_source(socket_.get(), destination().source, address.family());
    if (!trouble.empty()) {
      set_down(trouble);
      return;
    }
  }
  const int result = connect(socket_.get(), address.data(), address.size);
  // An interrupted attempt goes on like one that was never to block.
  if (result != 0 && errno != EINPROGRESS && errno != EINTR) set_down(error_text(errno));
}

void TcpTransport::await_connect(milliseconds patience) {
  if (state_ != State::kConnecting) return;
  const int error = connect_result(socket_.get(), patience, waiting());
  if (error == EINPROGRESS) return;
  if (error != 0) {
    set_down(error_text(error));
  } else if (!destination().proxy || send_proxy_header()) {
    state_ = State::kConnected;
  } else {
    set_down("the PROXY header could not be sent");
  }
}

/// A new connection has room for it.
bool TcpTransport::send_proxy_header() {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&storage), &size) != 0) {  // NOLINT
    return false;
  }
  const auto& target = addresses_[next_address_ % addresses_.size()];
  const auto here = IpAddress::parse(address_text(storage)).value_or(IpAddress());
  const auto there = IpAddress::parse(address_text(target.storage)).value_or(IpAddress());
  const auto header = proxy_v2_header(destination().has_source() ? destination().source : here,
                                      bound_port(socket_.get()), there, destination().peer.port);
  return send_all(socket_.get(), header, waiting()).error == 0;
}

/// After an attempt that failed, the next one goes to the host's next address.
void TcpTransport::set_down(std::string reason) {
  if (state_ == State::kConnecting) ++next_address_;
  socket_.close();
  state_ = State::kDown;
  down_reason_ = std::move(reason);
}

/// A collector that has closed its end would take a batch and throw it away. What collectors say
/// (nothing, as a rule) is read and forgotten so that it cannot fill up.
void TcpTransport::notice_close() {
  std::array<char, 4096> ignored;
  while (state_ == State::kConnected) {
    const ssize_t size = recv(socket_.get(), ignored.data(), ignored.size(), MSG_DONTWAIT);
    if (size > 0 || (size < 0 && errno == EINTR)) continue;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    set_down(size == 0 ? std::string{"the collector closed the connection"} : error_text(errno));
    spdlog::warn("{}: connection lost: {}", to_string(destination()), down_reason_);
  }
}

}  // namespace asaemu
