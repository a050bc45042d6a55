#include "emulator/transport/udp.hpp"

#include "emulator/transport/socket_address.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <netinet/in.h>
#include <netinet/udp.h>

namespace asaemu {

namespace {

/// The most that one sendmmsg() takes.
constexpr std::size_t kLinesMax = 1024;
constexpr std::size_t kBytesMax = 256 * std::size_t{1024};
/// The more lines there are, the more of them have the same length.
constexpr std::size_t kBundledLinesMax = 2048;
constexpr std::size_t kBundledBytesMax = 512 * std::size_t{1024};
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

/// The largest payload that the path takes whole, as far as the kernel knows. 0 if it cannot cut
/// bundles: before Linux 4.18 it would send one as it is.
std::size_t segment_max(int socket, int family) {
  constexpr int kNoSize = 0;
  if (setsockopt(socket, SOL_UDP, UDP_SEGMENT, &kNoSize, sizeof kNoSize) != 0) return 0;
  constexpr int kHeaders4 = 20 + 8;
  constexpr int kHeaders6 = 40 + 8;
  const bool is_v4 = family == AF_INET;
  int size = 0;
  socklen_t length = sizeof size;
  if (getsockopt(socket, is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_MTU : IPV6_MTU, &size,
                 &length) != 0) {
    return 0;
  }
  return static_cast<std::size_t>(std::max(0, size - (is_v4 ? kHeaders4 : kHeaders6)));
}

/// What a kernel answers that does not take a bundle, or not of datagrams of this size.
bool is_about_bundles(int error) {
  return error == EINVAL || error == EMSGSIZE || error == EIO || error == ENOPROTOOPT ||
         error == EOPNOTSUPP;
}

}  // namespace

UdpTransport::UdpTransport(const Destination& destination)
    : UdpTransport(destination, capacity_of(destination)) {}

UdpTransport::UdpTransport(const Destination& destination, const Capacity& capacity)
    : Transport(destination, capacity.bytes, capacity.lines), may_bundle_(capacity.bundles) {}

// A sender with an address of its own is one of many, with few lines each: its batch is small.
UdpTransport::Capacity UdpTransport::capacity_of(const Destination& destination) {
  if (destination.has_source()) return {kOwnBytesMax, kOwnLinesMax, false};
  if (!destination.offload) return {kBytesMax, kLinesMax, false};
  return {kBundledBytesMax, kBundledLinesMax, true};
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
  family_ = address.family();
  if (may_bundle_) size_max_ = segment_max(socket_.get(), family_);
  return {};
}

void UdpTransport::transmit(std::span<const char> bytes, std::span<const Line> lines) {
  if (!socket_.is_open()) {
    drop(lines, "it is not open");
    return;
  }
  put_in_order(bytes, lines);
  bool refused = false;
  std::size_t done = 0;
  while (done < sends_.size()) {
    const int taken = sendmmsg(socket_.get(), &messages_[done],
                               static_cast<unsigned>(sends_.size() - done), MSG_NOSIGNAL);
    if (taken > 0) {
      count(done, done + static_cast<std::size_t>(taken));
      done += static_cast<std::size_t>(taken);
      continue;
    }
    const int error = errno;
    if (error == EINTR) continue;
    if (error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS) {
      if (wait_for_room(error)) continue;
      drop(std::span(lines_).subspan(sends_[done].first), error_text(ECANCELED));
      return;
    }
    if (sends_[done].count > 1 && is_about_bundles(error)) {
      reconsider_bundles(texts_[sends_[done].first].size(), error);
      send_singly(sends_[done].first);
      done = 0;
      continue;
    }
    refused = refused || error == ECONNREFUSED;
    if (!drop_first(done, error)) ++done;
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

/// Decides in which order the lines leave, and which of them together.
void UdpTransport::put_in_order(std::span<const char> bytes, std::span<const Line> lines) {
  const std::size_t without = destination().line_feed ? 0 : 1;
  texts_.clear();
  std::size_t begin = 0;
  for (const Line& line : lines) {
    texts_.emplace_back(bytes.data() + begin, line.end - begin - without);
    begin = line.end;
  }
  lines_.assign(lines.begin(), lines.end());
  if (size_max_ > 0 && lines.size() > 1) {
    bundle(lines);
  } else {
    send_singly(0);
  }
}

void UdpTransport::bundle(std::span<const Line> lines) {
  datagrams_.clear();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    datagrams_.push_back({lines[i].device, static_cast<std::uint32_t>(texts_[i].size())});
  }
  bundler_.arrange(datagrams_, size_max_);
  gathered_.resize(std::max<std::size_t>(gathered_.size(), lines.back().end));
  char* to = gathered_.data();
  unordered_.swap(texts_);
  texts_.clear();
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::uint32_t from = bundler_.order()[at];
    lines_[at] = lines[from];
    // One copy: the kernel takes one piece faster than 64.
    const std::string_view text = unordered_[from];
    texts_.emplace_back(to, text.size());
    to = std::copy(text.begin(), text.end(), to);
  }
  sends_.assign(bundler_.bundles().begin(), bundler_.bundles().end());
  prepare_sends();
}

/// From this line on.
void UdpTransport::send_singly(std::size_t line) {
  sends_.clear();
  for (; line < lines_.size(); ++line) sends_.push_back({static_cast<std::uint32_t>(line), 1});
  prepare_sends();
}

void UdpTransport::prepare_sends() {
  if (messages_.size() < sends_.size()) {
    messages_.resize(sends_.size());
    payloads_.resize(sends_.size());
    controls_.resize(sends_.size());
  }
  for (std::size_t i = 0; i < sends_.size(); ++i) prepare(i);
}

/// The texts of a bundle lie behind each other.
void UdpTransport::prepare(std::size_t send) {
  const auto [first, count] = sends_[send];
  const std::string_view text = texts_[first];
  const std::string_view last = texts_[first + count - 1];
  // The kernel only reads what an iovec points to; its type serves both directions.
  payloads_[send].iov_base = const_cast<char*>(text.data());  // NOLINT
  payloads_[send].iov_len = static_cast<std::size_t>(last.data() + last.size() - text.data());
  msghdr& header = messages_[send].msg_hdr;
  header.msg_iov = &payloads_[send];
  header.msg_iovlen = 1;
  if (count == 1) {
    header.msg_control = nullptr;
    header.msg_controllen = 0;
    return;
  }
  header.msg_control = controls_[send].bytes.data();
  header.msg_controllen = controls_[send].bytes.size();
  cmsghdr* const control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = SOL_UDP;
  control->cmsg_type = UDP_SEGMENT;
  control->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
  const auto size = static_cast<std::uint16_t>(text.size());
  std::memcpy(CMSG_DATA(control), &size, sizeof size);
}

void UdpTransport::count(std::size_t send, std::size_t end) {
  const std::size_t first = sends_[send].first;
  const std::size_t behind = sends_[end - 1].first + sends_[end - 1].count;
  std::size_t bytes = 0;
  for (std::size_t i = first; i < behind; ++i) {
    count_sent(lines_[i], texts_[i].size());
    bytes += texts_[i].size();
  }
  add_sent(behind - first, bytes);
}

/// A path may have become narrower, or this is news of a datagram before (EMSGSIZE). Otherwise the
/// kernel, or what is on the way, does not take bundles.
void UdpTransport::reconsider_bundles(std::size_t size, int error) {
  size_max_ = segment_max(socket_.get(), family_);
  if (size > size_max_ || error == EMSGSIZE) return;
  size_max_ = 0;
  spdlog::debug("{}: lines leave one by one: {}", to_string(destination()), error_text(error));
}

/// Counts the first line of a refused send as failed, for nothing of it has left. False if there
/// are no others.
bool UdpTransport::drop_first(std::size_t send, int error) {
  Bundle& bundle = sends_[send];
  drop({&lines_[bundle.first], 1}, error_text(error));
  ++bundle.first;
  --bundle.count;
  if (bundle.count > 0) prepare(send);
  return bundle.count > 0;
}

/// ENOBUFS comes from a device's queue, which poll() knows nothing of.
bool UdpTransport::wait_for_room(int error) {
  return error == ENOBUFS ? waiting().briefly() : waiting().until_writable(socket_.get());
}

}  // namespace asaemu
