#include "emulator/transport/standard_output.hpp"

namespace asaemu {

namespace {

/// A pipe's buffer is 64 KiB; more would only wait longer for its reader.
constexpr std::size_t kBytesMax = 64 * std::size_t{1024};
constexpr std::size_t kLinesMax = 2048;

}  // namespace

StandardOutputTransport::StandardOutputTransport(Destination destination, int descriptor)
    : Transport(std::move(destination), kBytesMax, kLinesMax), descriptor_(descriptor) {}

std::string StandardOutputTransport::open() {
  ignore_broken_pipes();
  return {};
}

void StandardOutputTransport::transmit(std::span<const char> bytes, std::span<const Line> lines) {
  write_lines(descriptor_, bytes, lines);
}

}  // namespace asaemu
