// Sockets at the other end of a transport under test, and lines to send there.
#pragma once

#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/socket_address.hpp"
#include "emulator/transport/transport.hpp"
#include "tests/support/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <vector>

namespace asaemu::test {

/// A line that tells its number, of varying length, with its LF.
inline std::string line(std::size_t number) {
  return fmt::format("<164>Nov 20 2026 08:00:30 fw-edge : %ASA-4-401004: line {} {}\n", number,
                     std::string(number % 97, 'x'));
}

inline std::string lines(std::size_t begin, std::size_t end) {
  std::string all;
  for (std::size_t i = begin; i < end; ++i) all += line(i);
  return all;
}

/// Offers lines [begin, end) as a device does.
inline void offer(Outlet& outlet, DestinationAccount& account, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const auto text = line(i);
    char* const at = outlet.begin_line();
    ++account.offered;
    outlet.end_line(std::copy(text.begin(), text.end(), at), account);
  }
}

/// Lines of a fleet: line(i) is of device i modulo their number. Not all lengths are different.
struct FleetOfLines {
  explicit FleetOfLines(std::size_t devices) : accounts(devices) {}

  static std::string line(std::size_t number) {
    return fmt::format("<164>fw : %ASA-4-401004: line {:06} {}\n", number,
                       std::string(number * 7 % 5, 'x'));
  }
  static std::size_t number(std::string_view line) {
    return std::stoul(std::string(line.substr(line.find("line ") + 5, 6)));
  }
  void offer(Outlet& outlet, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto text = line(i);
      const std::size_t device = i % accounts.size();
      char* const at = outlet.begin_line();
      ++accounts[device].offered;
      outlet.end_line(std::copy(text.begin(), text.end(), at), accounts[device], {},
                      static_cast<std::uint32_t>(device));
    }
  }
  /// Of all devices.
  [[nodiscard]] DestinationAccount sum() const {
    DestinationAccount all;
    for (const auto& account : accounts) {
      all.offered += account.offered;
      all.sent += account.sent;
      all.dropped_error += account.dropped_error;
      all.bytes += account.bytes;
    }
    return all;
  }

  std::vector<DestinationAccount> accounts;
};

/// A name with a label longer than 63 characters: it is refused without asking a name server.
inline std::string impossible_host() {
  return std::string(64, 'x');
}

/// A socket on a free loopback port. What it waits for, it waits for at most ten seconds.
inline FileDescriptor loopback_socket(int type, int family = AF_INET) {
  FileDescriptor made{socket(family, type | SOCK_CLOEXEC, 0)};
  std::string error;
  const auto address = resolve({family == AF_INET ? "127.0.0.1" : "::1", 0}, error);
  const timeval patience{10, 0};
  setsockopt(made.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (address.empty() || bind(made.get(), address.front().data(), address.front().size) != 0) {
    made.close();
  }
  return made;
}

inline Destination udp_to(const FileDescriptor& receiver) {
  return {Destination::Kind::kUdp, {"127.0.0.1", bound_port(receiver.get())}, {}, true};
}

inline Destination tcp_to(const FileDescriptor& receiver) {
  return {Destination::Kind::kTcp, {"127.0.0.1", bound_port(receiver.get())}, {}, true, 1};
}

/// A listening socket with small buffers, so that a batch does not fit into the kernel whole.
inline FileDescriptor listening_socket() {
  auto made = loopback_socket(SOCK_STREAM);
  constexpr int kReceiveBuffer = 16 * 1024;
  setsockopt(made.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  listen(made.get(), 16);
  return made;
}

inline FileDescriptor accept_one(const FileDescriptor& listener) {
  return FileDescriptor{accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
}

/// Tends a transport until something holds; false if that takes half a minute.
template <typename Condition>
bool tend_until(Transport& transport, Condition holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    transport.tend();
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

/// The next datagram, or an empty string if none comes.
inline std::string receive_datagram(const FileDescriptor& receiver) {
  std::array<char, 4096> buffer;
  const auto size = recv(receiver.get(), buffer.data(), buffer.size(), 0);
  return size < 0 ? std::string{} : std::string{buffer.data(), static_cast<std::size_t>(size)};
}

/// Reads until the peer closes or `most` bytes have come.
inline std::string read_stream(const FileDescriptor& connection, std::size_t most = SIZE_MAX) {
  std::string all;
  std::array<char, 65536> buffer;
  while (all.size() < most) {
    const auto size =
        ::read(connection.get(), buffer.data(), std::min(buffer.size(), most - all.size()));
    if (size <= 0) break;
    all.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return all;
}

/// Closes a connection with a reset, as a collector that was killed does.
inline void reset(FileDescriptor connection) {
  const linger at_once{1, 0};
  setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

inline bool adds_up(const DestinationAccount& account) {
  return account.offered == account.sent + account.dropped_error && account.pending() == 0;
}

/// Whether the transport's own figures say the same as the account.
inline bool agrees(const Transport& transport, const DestinationAccount& account) {
  const auto& statistics = transport.statistics();
  std::uint64_t by_reason = 0;
  for (const auto& [reason, count] : statistics.errors) by_reason += count;
  return statistics.lines == account.sent && statistics.bytes == account.bytes &&
         statistics.lines_failed == account.dropped_error && by_reason == account.dropped_error;
}

inline std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace asaemu::test
