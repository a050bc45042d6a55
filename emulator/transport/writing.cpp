#include "emulator/transport/writing.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace asaemu {

namespace {

/// How long a cancel from another thread may go unnoticed; a signal ends a wait at once.
constexpr int kSliceMs = 100;

template <typename Write>
WriteOutcome repeat(int descriptor, std::span<const char> bytes, Waiting& waiting, Write write) {
  WriteOutcome outcome;
  while (outcome.written < bytes.size()) {
    const auto rest = bytes.subspan(outcome.written);
    const ssize_t taken = write(descriptor, rest.data(), rest.size());
    if (taken >= 0) {
      outcome.written += static_cast<std::size_t>(taken);
      continue;
    }
    outcome.error = errno;
    if (outcome.error == EINTR && !waiting.is_cancelled()) continue;
    const bool full = outcome.error == EAGAIN || outcome.error == EWOULDBLOCK;
    if (full && waiting.until_writable(descriptor)) continue;
    if (full || outcome.error == EINTR) outcome.error = ECANCELED;
    return outcome;
  }
  outcome.error = 0;
  return outcome;
}

}  // namespace

bool Waiting::until_writable(int descriptor) {
  const auto begin = std::chrono::steady_clock::now();
  bool ready = false;
  while (!ready && !is_cancelled()) {
    pollfd wanted{descriptor, POLLOUT, 0};
    const int count = poll(&wanted, 1, kSliceMs);
    ready = count > 0 || (count < 0 && errno != EINTR);
  }
  total_ += std::chrono::steady_clock::now() - begin;
  return !is_cancelled();
}

bool Waiting::briefly() {
  const auto begin = std::chrono::steady_clock::now();
  poll(nullptr, 0, 1);
  total_ += std::chrono::steady_clock::now() - begin;
  return !is_cancelled();
}

bool Waiting::until_any(std::span<pollfd> descriptors, std::chrono::milliseconds longest) {
  const auto begin = std::chrono::steady_clock::now();
  const auto slice =
      std::clamp(longest, std::chrono::milliseconds{1}, std::chrono::milliseconds{kSliceMs});
  poll(descriptors.data(), descriptors.size(), static_cast<int>(slice.count()));
  total_ += std::chrono::steady_clock::now() - begin;
  return !is_cancelled();
}

WriteOutcome write_all(int descriptor, std::span<const char> bytes, Waiting& waiting) {
  return repeat(descriptor, bytes, waiting, ::write);
}

WriteOutcome send_all(int socket, std::span<const char> bytes, Waiting& waiting) {
  const auto send_some = [](int descriptor, const char* data, std::size_t size) {
    return ::send(descriptor, data, size, MSG_NOSIGNAL);
  };
  return repeat(socket, bytes, waiting, send_some);
}

void ignore_broken_pipes() {
  // A handler that somebody has set stays: with it, too, write() returns EPIPE.
  struct sigaction current {};
  if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) {
    std::signal(SIGPIPE, SIG_IGN);
  }
}

}  // namespace asaemu
