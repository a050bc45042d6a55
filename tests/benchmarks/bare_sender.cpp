// The bare loops that asaemu is measured against: the same bytes over and over, with nothing behind them.
//   bare_sender udp HOST PORT SECONDS SIZE   sendmmsg() of 1,024 datagrams of SIZE bytes
//   bare_sender tcp HOST PORT SECONDS SIZE   write() of 256 KiB of lines of SIZE bytes
// Prints the lines sent a second.
#include <arpa/inet.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 1024;
constexpr std::size_t kWrite = std::size_t{256} * 1024;
constexpr int kArguments = 6;

std::size_t send_datagrams(int socket, const std::string& line, Clock::time_point end) {
  std::vector<iovec> payloads(kBatch);
  std::vector<mmsghdr> messages(kBatch);
  std::string text = line;
  for (std::size_t i = 0; i < kBatch; ++i) {
    payloads[i] = {text.data(), text.size()};
    messages[i].msg_hdr.msg_iov = &payloads[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  std::size_t sent = 0;
  while (Clock::now() < end) {
    const int taken = sendmmsg(socket, messages.data(), kBatch, MSG_NOSIGNAL);
    if (taken > 0) sent += static_cast<std::size_t>(taken);
  }
  return sent;
}

std::size_t write_lines(int socket, const std::string& line, Clock::time_point end) {
  std::string block;
  while (block.size() + line.size() <= kWrite) block += line;
  std::size_t bytes = 0;
  while (Clock::now() < end) {
    std::size_t done = 0;
    while (done < block.size()) {
      const ssize_t taken = send(socket, block.data() + done, block.size() - done, MSG_NOSIGNAL);
      if (taken <= 0) return bytes / line.size();
      done += static_cast<std::size_t>(taken);
    }
    bytes += done;
  }
  return bytes / line.size();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != kArguments) {
    std::fputs("bare_sender udp|tcp HOST PORT SECONDS SIZE\n", stderr);
    return 2;
  }
  const bool is_udp = std::string_view(argv[1]) == "udp";
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[3])));
  inet_pton(AF_INET, argv[2], &target.sin_addr);
  const int socket = ::socket(AF_INET, is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0) {
    std::perror("connect");
    return 3;
  }
  std::string line(static_cast<std::size_t>(std::atoi(argv[5])), 'x');
  line.back() = '\n';
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(std::atof(argv[4])));
  const std::size_t lines =
      is_udp ? send_datagrams(socket, line, end) : write_lines(socket, line, end);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::printf("%.0f\n", static_cast<double>(lines) / seconds);
  close(socket);
  return 0;
}
