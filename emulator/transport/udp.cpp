#include "emulator/transport/udp.hpp"

#include "emulator/transport/socket_address.hpp"

#include <fmt/core.h>

namespace asaemu {

namespace {

/// The most that one sendmmsg() takes.
constexpr std::size_t kLinesMax = 1024;
constexpr std::size_t kBytesMax = 256 * std::size_t{1024};
constexpr std::size_t kOwnLinesMax = 16;
constexpr std::size_t kOwnBytesMax = 2 * Outlet::kLineMax;
/// A few batches, with the kernel's overhead per datagram.
constexpr int kSendBuffer = 4 * 1024 * 1024;

void raise_send_buffer(int socket) {
  // The first is for root and knows no limit; the second is cut to the system's.
  if (setsockopt(socket, SOL_SOCKET, SO_SNDBUFFORCE, &kSendBuffer, sizeof kSendBuffer) != 0) {
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
  }
}

}  // namespace

// A sender with an address of its own is one of many, with few lines each: its batch is small.
UdpTransport::UdpTransport(const Destination& destination)
    : UdpTransport(destination, destination.has_source() ? kOwnBytesMax : kBytesMax,
                   destination.has_source() ? kOwnLinesMax : kLinesMax) {}

UdpTransport::UdpTransport(const Destination& destination, std::size_t bytes_max,
                           std::size_t lines_max)
    : Transport(destination, bytes_max, lines_max), messages_(lines_max), payloads_(lines_max) {
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    messages_[i].msg_hdr.msg_iov = &payloads_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
}

std::string UdpTransport::open() {
  std::string error;
  const auto addresses = resolve(destination().peer, error);
  if (addresses.empty()) return fmt::format("{}: {}", to_string(destination()), error);
  const auto& address = addresses.front();
  FileDescriptor opened{socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (const auto trouble = bind_source(opened.get(), destination().source, address.family());
      !trouble.empty()) {
    return fmt::format("{}: {}", to_string(destination()), trouble);
  }
  if (!opened.is_open() || connect(opened.get(), address.data(), address.size) != 0) {
    return fmt::format("{}: {}", to_string(destination()), error_text(errno));
  }
  if (!destination().has_source()) raise_send_buffer(opened.get());
  socket_ = std::move(opened);
  return {};
}

void UdpTransport::transmit(std::span<const char> bytes, std::span<const Line> lines) {
  if (!socket_.is_open()) {
    drop(lines, "it is not open");
    return;
  }
  prepare(bytes, lines);
  bool refused = false;
  std::size_t done = 0;
  while (done < lines.size()) {
    const auto rest = lines.subspan(done);
    const int taken =
        sendmmsg(socket_.get(), &messages_[done], static_cast<unsigned>(rest.size()), MSG_NOSIGNAL);
    if (taken > 0) {
      count(rest.first(static_cast<std::size_t>(taken)), done);
      done += static_cast<std::size_t>(taken);
      continue;
    }
    const int error = errno;
    if (error == EINTR) continue;
    if (error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS) {
      if (wait_for_room(error)) continue;
      drop(rest, error_text(ECANCELED));
      return;
    }
    drop(rest.first(1), error_text(error));
    refused = refused || error == ECONNREFUSED;
    ++done;
  }
  set_refused(refused);
}

void UdpTransport::set_refused(bool refused) {
  using State = CollectorStatus::State;
  const auto state = refused ? State::kDown : State::kUp;
  if (!is_live() || state == status_.state) return;
  status_.state = state;
  status_.cause = refused ? CollectorStatus::Cause::kRefused : CollectorStatus::Cause::kNone;
  status_.channels_up = refused ? 0 : 1;
  ++status_.changes;
}

void UdpTransport::prepare(std::span<const char> bytes, std::span<const Line> lines) {
  const std::size_t without = destination().line_feed ? 0 : 1;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // The kernel only reads what an iovec points to; its type serves both directions.
    payloads_[i].iov_base = const_cast<char*>(bytes.data() + begin);  // NOLINT
    payloads_[i].iov_len = lines[i].end - begin - without;
    begin = lines[i].end;
  }
}

void UdpTransport::count(std::span<const Line> lines, std::size_t first) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t size = payloads_[first + i].iov_len;
    count_sent(lines[i], size);
    bytes += size;
  }
  add_sent(lines.size(), bytes);
}

/// ENOBUFS comes from a device's queue, which poll() knows nothing of.
bool UdpTransport::wait_for_room(int error) {
  return error == ENOBUFS ? waiting().briefly() : waiting().until_writable(socket_.get());
}

}  // namespace asaemu
