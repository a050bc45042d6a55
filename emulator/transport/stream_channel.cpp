#include "emulator/transport/stream_channel.hpp"

#include "emulator/transport/proxy_header.hpp"
#include "emulator/transport/transport.hpp"

#include <algorithm>
#include <array>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>

namespace asaemu {

namespace {

using Cause = StreamChannel::Cause;
using Progress = TlsStream::Progress;

/// A connection that stood for so long was worth making: the next one is made soon.
constexpr std::chrono::milliseconds kWorthwhile{100};

Cause cause_of(int error) {
  switch (error) {
    case ECONNREFUSED:
      return Cause::kRefused;
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN:
      return Cause::kUnreachable;
    case ECONNRESET:
    case EPIPE:
    case ECONNABORTED:
      return Cause::kReset;
    default:
      return Cause::kOther;
  }
}

/// The end of an attempt to connect: 0, its errno, or EINPROGRESS.
int connect_result(int socket) {
  pollfd wanted{socket, POLLOUT, 0};
  if (poll(&wanted, 1, 0) <= 0) return EINPROGRESS;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

void StreamChannel::tend(Clock::time_point now) {
  if (state_ == State::kDown) {
    if (target_->addresses.empty()) return;
    const bool is_first = last_attempt_ == Clock::time_point{};
    if (!is_first && now < next_attempt()) return;
    begin_attempt(now);
  }
  if (state_ == State::kConnecting) end_connect();
  if (state_ == State::kShaking) shake_hands();
  if (state_ == State::kUp) {
    notice_close();
  } else if (state_ != State::kDown && now - last_attempt_ > timing_->attempt) {
    fail_socket(ETIMEDOUT);
  }
}

void StreamChannel::begin_attempt(Clock::time_point now) {
  const bool is_first = last_attempt_ == Clock::time_point{};
  if (!is_first) wait_ = std::min(wait_ * 2, timing_->retry_longest);
  last_attempt_ = now;
  const auto& address = target_->addresses[next_address_ % target_->addresses.size()];
  socket_ =
      FileDescriptor{::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  state_ = State::kConnecting;
  if (!socket_.is_open()) {
    fail_socket(errno);
    return;
  }
  // Batches are cut by time; what is in one is to leave at once.
  constexpr int kOn = 1;
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
  const int size = target_->send_buffer;
  if (size > 0) setsockopt(socket_.get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  if (failures_ == 0 && !was_up_) reason_ = "it is not connected yet";
  if (!target_->proxy) {
    auto trouble = bind_source(socket_.get(), target_->source, address.family());
    if (!trouble.empty()) {
      ++failures_;
      set_down(std::move(trouble), Cause::kOther);
      return;
    }
  }
  const int result = connect(socket_.get(), address.data(), address.size);
  // An interrupted attempt goes on like one that was never to block.
  if (result != 0 && errno != EINPROGRESS && errno != EINTR) fail_socket(errno);
}

void StreamChannel::end_connect() {
  const int error = connect_result(socket_.get());
  if (error == EINPROGRESS) return;
  if (error != 0) {
    fail_socket(error);
  } else if (target_->proxy && !send_proxy_header()) {
    fail_socket(EPIPE);
  } else if (target_->tls == nullptr) {
    set_up();
  } else {
    tls_ = std::make_unique<TlsStream>(*target_->tls, socket_.get(), target_->identity);
    state_ = State::kShaking;
  }
}

/// A new connection has room for it.
bool StreamChannel::send_proxy_header() {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&storage), &size) != 0) {  // NOLINT
    return false;
  }
  const auto& target = target_->addresses[next_address_ % target_->addresses.size()];
  const auto here = IpAddress::parse(address_text(storage)).value_or(IpAddress());
  const auto there = IpAddress::parse(address_text(target.storage)).value_or(IpAddress());
  const bool has_source = target_->source != IpAddress();
  const auto header = proxy_v2_header(has_source ? target_->source : here,
                                      bound_port(socket_.get()), there, target_->port);
  const ssize_t sent = send(socket_.get(), header.data(), header.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(header.size());
}

void StreamChannel::shake_hands() {
  const auto result = tls_->handshake();
  wants_write_ = result.progress == Progress::kWantsWrite;
  if (result.progress == Progress::kDone) {
    set_up();
  } else if (result.progress == Progress::kClosed || result.progress == Progress::kFailed) {
    fail_tls(result.progress == Progress::kClosed);
  }
}

/// A collector that has closed its end would take a batch and throw it away. What collectors say
/// (nothing, as a rule) is read and forgotten so that it cannot fill up.
void StreamChannel::notice_close() {
  std::array<char, 4096> ignored;
  while (state_ == State::kUp) {
    if (tls_) {
      const auto result = tls_->read(ignored);
      if (result.progress == Progress::kDone) continue;
      if (result.progress == Progress::kWantsRead || result.progress == Progress::kWantsWrite) {
        return;
      }
      fail_tls(result.progress == Progress::kClosed);
      return;
    }
    const ssize_t size = recv(socket_.get(), ignored.data(), ignored.size(), MSG_DONTWAIT);
    if (size > 0 || (size < 0 && errno == EINTR)) continue;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (size == 0) {
      set_down("the collector closed the connection", Cause::kClosed);
    } else {
      fail_socket(errno);
    }
  }
}

std::size_t StreamChannel::write(std::span<const char> bytes) {
  if (state_ != State::kUp) return 0;
  if (tls_) return write_tls(bytes);
  std::size_t written = 0;
  while (written < bytes.size()) {
    const auto rest = bytes.subspan(written);
    const ssize_t taken = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (taken >= 0) {
      written += static_cast<std::size_t>(taken);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      fail_socket(errno);
      break;
    }
  }
  return written;
}

std::size_t StreamChannel::write_tls(std::span<const char> bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const auto result = tls_->write(bytes.subspan(written));
    written += result.size;
    if (result.progress == Progress::kDone) continue;
    if (result.progress != Progress::kWantsRead && result.progress != Progress::kWantsWrite) {
      fail_tls(result.progress == Progress::kClosed);
    }
    break;
  }
  return written;
}

void StreamChannel::end() {
  if (state_ != State::kUp) return;
  if (tls_) tls_->end();
  shutdown(socket_.get(), SHUT_WR);
}

/// The collector's end alone tells nothing: it may have come before ours, or before what we sent.
StreamChannel::Answer StreamChannel::answer() {
  if (state_ != State::kUp) return Answer::kLost;
  std::array<char, 4096> ignored;
  ssize_t size = 0;
  do {
    size = recv(socket_.get(), ignored.data(), ignored.size(), MSG_DONTWAIT);
  } while (size > 0 || (size < 0 && errno == EINTR));
  if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Answer::kNone : Answer::kLost;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return Answer::kLost;
  return unacknowledged() == 0 ? Answer::kEnded : Answer::kNone;
}

std::size_t StreamChannel::unacknowledged() const {
  int waiting = 0;
  if (!socket_.is_open() || ioctl(socket_.get(), SIOCOUTQ, &waiting) != 0) return 0;
  return static_cast<std::size_t>(waiting);
}

std::size_t StreamChannel::window_max() const {
  constexpr std::size_t kUnscaled = 65535;
  constexpr std::size_t kScaleMax = 14;
  tcp_info info{};
  socklen_t size = sizeof info;
  const bool is_known = getsockopt(socket_.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
  return kUnscaled << (is_known ? std::size_t{info.tcpi_snd_wscale} : kScaleMax);
}

short StreamChannel::events(bool has_bytes) const {
  if (state_ == State::kDown) return 0;
  const bool writes = state_ == State::kConnecting || (state_ == State::kUp && has_bytes) ||
                      (state_ == State::kShaking && wants_write_);
  return static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN);
}

void StreamChannel::set_up() {
  state_ = State::kUp;
  was_up_ = true;
  wants_write_ = false;
  cause_ = Cause::kNone;
  up_since_ = Clock::now();
}

/// After an attempt that failed, the next one goes to the host's next address.
void StreamChannel::set_down(std::string reason, Cause cause) {
  if (state_ == State::kUp) {
    if (Clock::now() - up_since_ >= kWorthwhile) {
      wait_ = timing_->retry_first;
      last_attempt_ = Clock::now();
    }
  } else if (state_ != State::kDown) {
    ++next_address_;
    ++failures_;
  }
  tls_.reset();
  socket_.close();
  wants_write_ = false;
  state_ = State::kDown;
  reason_ = std::move(reason);
  cause_ = cause;
}

/// Where the handshake was not over, the end of a connection is no agreement on TLS.
void StreamChannel::fail_tls(bool is_closed) {
  const bool was_ready = state_ == State::kUp;
  auto cause = Cause::kTls;
  if (tls_->is_certificate_fault()) {
    cause = Cause::kCertificate;
  } else if (tls_->socket_error() != 0) {
    cause = cause_of(tls_->socket_error());
  } else if (is_closed && was_ready) {
    cause = Cause::kClosed;
  }
  set_down(!is_closed  ? std::string{tls_->failure()}
           : was_ready ? "the collector closed the connection"
                       : "TLS: the collector closed the connection instead of shaking hands",
           cause);
}

void StreamChannel::fail_socket(int error) {
  set_down(error_text(error), cause_of(error));
}

}  // namespace asaemu
