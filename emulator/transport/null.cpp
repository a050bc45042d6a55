#include "emulator/transport/null.hpp"

namespace asaemu {

NullTransport::NullTransport(Destination destination)
    : Transport(std::move(destination), 256 * std::size_t{1024}, 1024) {}

void NullTransport::transmit(std::span<const char> bytes, std::span<const Line> lines) {
  take_sent(lines, 0, bytes.size());
}

}  // namespace asaemu
