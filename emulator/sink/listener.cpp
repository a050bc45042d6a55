#include "emulator/sink/listener.hpp"

#include "emulator/transport/transport.hpp"

namespace asaemu {

FileDescriptor bind_socket(const SocketAddress& address, int type, std::string& error) {
  FileDescriptor opened{socket(address.family(), type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  constexpr int kOn = 1;
  bool good = opened.is_open();
  if (good && type == SOCK_STREAM) {
    // Connections of an earlier run that are still winding down do not hold the port.
    setsockopt(opened.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
  }
  good = good && bind(opened.get(), address.data(), address.size) == 0;
  if (good && type == SOCK_STREAM) good = listen(opened.get(), SOMAXCONN) == 0;
  if (good) return opened;
  error = error_text(errno);
  return {};
}

}  // namespace asaemu
