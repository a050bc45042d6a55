#include "emulator/transport/file.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <sys/stat.h>

namespace asaemu {

namespace {

constexpr std::size_t kBytesMax = 1024 * std::size_t{1024};
/// Room for a full batch of the shortest lines a device sends, about 60 bytes.
constexpr std::size_t kLinesMax = 20'000;

}  // namespace

FileTransport::FileTransport(Destination destination)
    : Transport(std::move(destination), kBytesMax, kLinesMax) {}

std::string FileTransport::open() {
  ignore_broken_pipes();
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  constexpr mode_t kMode = 0644;
  int number = -1;
  do {
    number = ::open(destination().path.c_str(), kFlags | (keeps_file() ? 0 : O_TRUNC), kMode);
  } while (number < 0 && errno == EINTR && !waiting().is_cancelled());
  if (number < 0) {
    const auto reason = error_text(errno);
    fail(reason);
    return fmt::format("cannot open {}: {}", to_string(destination()), reason);
  }
  file_ = FileDescriptor{number};
  return {};
}

void FileTransport::transmit(std::span<const char> bytes, std::span<const Line> lines) {
  remove_tail(write_lines(file_.get(), bytes, lines));
}

void FileTransport::disconnect() {
  const int error = file_.close();
  if (error == 0) return;
  fail(error_text(error));
  spdlog::warn("{}: closing: {}; lines counted as sent may be missing", to_string(destination()),
               error_text(error));
}

/// Cuts the part of a line that still fitted off a regular file.
void FileTransport::remove_tail(std::size_t size) const {
  struct stat status {};
  if (size == 0 || fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (ftruncate(file_.get(), status.st_size - static_cast<off_t>(size)) != 0) {
    spdlog::warn("{}: its last line is not whole: {}", to_string(destination()), error_text(errno));
  }
}

}  // namespace asaemu
