// Datagrams, many at a time.
#include "emulator/sink/listener.hpp"
#include "emulator/transport/transport.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cstring>
#include <linux/sock_diag.h>

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

class UdpListener : public Listener {
 public:
  UdpListener(boost::asio::io_context& context, FileDescriptor socket, LineConsumer& consumer);
  void start() override;
  void drain(Deadline deadline) override;
  [[nodiscard]] std::uint64_t lost() const override;

 private:
  /// One batch; false if no more is there or wanted.
  bool receive();
  std::string_view peer(const sockaddr_storage& address);

  int number_;
  boost::asio::posix::stream_descriptor socket_;
  LineConsumer& consumer_;
  std::unique_ptr<char[]> bytes_;  // NOLINT(modernize-avoid-c-arrays): never cleared
  std::array<sockaddr_storage, kSlots> peers_{};
  std::array<iovec, kSlots> payloads_{};
  std::array<mmsghdr, kSlots> messages_{};
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
  for (auto& message : messages_) message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
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
    ReceivedLine line{payload, peer(peers_[i]), payload.size()};
    if (payload.ends_with('\n')) line.text.remove_suffix(1);
    if (!consumer_.take_line(line)) return false;
  }
  return static_cast<std::size_t>(count) == kSlots;
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
                                            LineConsumer& consumer) {
  return std::make_unique<UdpListener>(context, std::move(socket), consumer);
}

}  // namespace asaemu
