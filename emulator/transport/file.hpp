// Lines to a file.
#pragma once

#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/transport.hpp"

namespace asaemu {

/// Writes to a file, which open() empties or creates; its folder must exist. The first error (disk
/// full, I/O error) is the last: failed() becomes true, later lines are dropped. A regular file
/// then ends with a whole line. open() makes the process ignore SIGPIPE, because the path may be a
/// pipe.
class FileTransport : public Transport {
 public:
  explicit FileTransport(Destination destination);
  std::string open() override;

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override;

 private:
  void disconnect() override;
  void remove_tail(std::size_t size) const;

  FileDescriptor file_;
};

}  // namespace asaemu
