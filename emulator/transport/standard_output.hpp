// Lines to standard output.
#pragma once

#include "emulator/transport/transport.hpp"

#include <unistd.h>

namespace asaemu {

/// Writes to standard output. When its reader goes away (`| head`), reader_left() and failed()
/// become true and nothing is logged. open() makes the process ignore SIGPIPE.
class StandardOutputTransport : public Transport {
 public:
  /// `descriptor` is borrowed.
  explicit StandardOutputTransport(Destination destination, int descriptor = STDOUT_FILENO);
  std::string open() override;

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override;

 private:
  void disconnect() override {}
  int descriptor_;
};

}  // namespace asaemu
