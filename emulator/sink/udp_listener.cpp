// Datagrams, many at a time.
#include "emulator/sink/listener.hpp"
#include "emulator/transport/transport.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cstring>
#include <linux/sock_diag.h>
#include <netinet/udp.h>

namespace asaemu {

namespace {

using boost::asio::posix::descriptor_base;
using boost::system::error_code;

/// Room for 50,000 messages and more to wait in the kernel.
constexpr int kReceiveBuffer = 64 * 1024 * 1024;
/// Any datagram fits; pages that none reaches cost nothing.
constexpr std::size_t kSlot = 64 * std::size_t{1024};
constexpr std::size_t kSlots = 64;
/// How many batches before others (timers, signals, other sockets) have their turn.
constexpr int kRounds = 64;

void raise_receive_buffer(int socket) {
  // The first is for root and knows no limit; the second is cut to the system's.
  if (setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  }
}

/// Datagrams that reach the kernel together stay together until here. A kernel before 5.0 cuts them
/// apart itself.
void keep_together(int socket) {
  constexpr int kOn = 1;
  setsockopt(socket, SOL_UDP, UDP_GRO, &kOn, sizeof kOn);
}

/// The size of the datagrams of a message, of which the last may be smaller.
std::size_t datagram_size(msghdr& header, std::size_t message_size) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
       control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_UDP || control->cmsg_type != UDP_GRO) continue;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(control), sizeof size);
    if (size > 0) return static_cast<std::size_t>(size);
  }
  return message_size;
}

class UdpListener : public Listener {
 public:
  UdpListener(boost::asio::io_context& context, FileDescriptor socket, LineConsumer& consumer);
  void start() override;
  void drain(Deadline deadline) override;
  [[nodiscard]] std::uint64_t lost() const override;

 private:
  /// One batch; false if no more is there or wanted.
  bool receive();
  /// False if no more is wanted.
  bool hand_on(std::string_view payload, std::size_t size, std::string_view peer);
  std::string_view peer(const sockaddr_storage& address);

  struct Control {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes;
  };

  int number_;
  boost::asio::posix::stream_descriptor socket_;
  LineConsumer& consumer_;
  std::unique_ptr<char[]> bytes_;  // NOLINT(modernize-avoid-c-arrays): never cleared
  std::array<sockaddr_storage, kSlots> peers_{};
  std::array<iovec, kSlots> payloads_{};
  std::array<mmsghdr, kSlots> messages_{};
  std::array<Control, kSlots> controls_{};
  sockaddr_storage last_peer_{};
  std::string last_peer_text_ = "unknown";
};

UdpListener::UdpListener(boost::asio::io_context& context, FileDescriptor socket,
                         LineConsumer& consumer)
    : number_(socket.release()),
      socket_(context, number_),
      consumer_(consumer),
      bytes_(std::make_unique_for_overwrite<char[]>(kSlot * kSlots)) {  // NOLINT
  raise_receive_buffer(number_);
  for (std::size_t i = 0; i < kSlots; ++i) {
    payloads_[i] = {bytes_.get() + i * kSlot, kSlot};
    messages_[i].msg_hdr.msg_iov = &payloads_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
    messages_[i].msg_hdr.msg_name = &peers_[i];
    messages_[i].msg_hdr.msg_control = controls_[i].bytes.data();
  }
}

void UdpListener::start() {
  socket_.async_wait(descriptor_base::wait_read, [this](const error_code& error) {
    if (error) return;
    for (int round = 0; round < kRounds && receive(); ++round) {
    }
    consumer_.end_batch();
    start();
  });
}

void UdpListener::drain(Deadline deadline) {
  while (receive() && std::chrono::steady_clock::now() < deadline) {
  }
  consumer_.end_batch();
}

bool UdpListener::receive() {
  for (auto& message : messages_) {
    message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    message.msg_hdr.msg_controllen = sizeof(Control);
  }
  int count = -1;
  do {
    count = recvmmsg(number_, messages_.data(), kSlots, MSG_DONTWAIT, nullptr);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
      spdlog::warn("receiving datagrams: {}", error_text(errno));
    }
    return false;
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const std::string_view payload{bytes_.get() + i * kSlot, messages_[i].msg_len};
    const std::size_t size = datagram_size(messages_[i].msg_hdr, payload.size());
    if (!hand_on(payload, size, peer(peers_[i]))) return false;
  }
  return static_cast<std::size_t>(count) == kSlots;
}

/// An empty datagram is an empty line.
bool UdpListener::hand_on(std::string_view payload, std::size_t size, std::string_view peer) {
  do {
    const std::string_view datagram = payload.substr(0, size);
    payload.remove_prefix(datagram.size());
    ReceivedLine line{datagram, peer, datagram.size()};
    if (datagram.ends_with('\n')) line.text.remove_suffix(1);
    if (!consumer_.take_line(line)) return false;
  } while (!payload.empty());
  return true;
}

/// Lines mostly come from the address that the one before came from.
std::string_view UdpListener::peer(const sockaddr_storage& address) {
  constexpr std::size_t kUsed = 28;  // sizeof(sockaddr_in6); the rest is never written
  if (std::memcmp(&address, &last_peer_, kUsed) != 0) {
    last_peer_ = address;
    last_peer_text_ = address_text(address);
  }
  return last_peer_text_;
}

std::uint64_t UdpListener::lost() const {
  std::array<std::uint32_t, SK_MEMINFO_VARS> figures{};
  socklen_t size = sizeof figures;
  if (getsockopt(number_, SOL_SOCKET, SO_MEMINFO, figures.data(), &size) != 0) return 0;
  return figures[SK_MEMINFO_DROPS];
}

}  // namespace

std::unique_ptr<Listener> make_udp_listener(boost::asio::io_context& context, FileDescriptor socket,
                                            LineConsumer& consumer, bool gro) {
  if (gro) keep_together(socket.get());
  return std::make_unique<UdpListener>(context, std::move(socket), consumer);
}

}  // namespace asaemu
