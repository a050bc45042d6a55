#include "emulator/yaml/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace asaemu {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string cannot_be_read(int error) {
  return fmt::format("cannot be read: {}", std::strerror(error));
}

/// Empty if the file may be read, else the complaint.
std::string check(const struct stat& status, std::size_t size_max) {
  if (S_ISDIR(status.st_mode)) return "is a directory; a file was expected";
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (std::cmp_greater(status.st_size, size_max)) {
    return fmt::format("file is {} bytes; at most {} are read", status.st_size, size_max);
  }
  return "";
}

/// Reads to the end. The size may differ from what fstat said: files of /proc say 0, others may be
/// growing.
std::string read_all(int descriptor, std::size_t size_max, std::string& text) {
  std::size_t size = 0;
  while (size <= size_max) {
    text.resize(std::min(size + (std::size_t{64} << 10), size_max + 1));
    const ssize_t got = ::read(descriptor, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_be_read(errno);
    size += static_cast<std::size_t>(got);
    if (got == 0) {
      text.resize(size);
      return "";
    }
  }
  return fmt::format("file is more than {} bytes; at most that many are read", size_max);
}

}  // namespace

std::optional<std::string> read_text_file(const std::string& path, std::size_t size_max,
                                          Faults& faults) {
  const auto fail = [&](std::string what) {
    faults.add({path}, std::move(what));
    return std::nullopt;
  };
  // Without O_NONBLOCK, opening a FIFO waits for somebody who writes.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file.number() < 0) return fail(cannot_be_read(errno));
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return fail(cannot_be_read(errno));
  if (auto complaint = check(status, size_max); !complaint.empty())
    return fail(std::move(complaint));
  std::string text;
  if (auto complaint = read_all(file.number(), size_max, text); !complaint.empty()) {
    return fail(std::move(complaint));
  }
  return text;
}

}  // namespace asaemu
