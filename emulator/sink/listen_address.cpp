#include "emulator/sink/listen_address.hpp"

#include <fmt/core.h>

namespace asaemu {

std::optional<ListenAddress> ListenAddress::parse(std::string_view text, std::string& complaint) {
  constexpr std::string_view kUdp = "udp://";
  constexpr std::string_view kTcp = "tcp://";
  constexpr std::string_view kTls = "tls://";
  ListenAddress result;
  result.tls = text.starts_with(kTls);
  result.tcp = result.tls || text.starts_with(kTcp);
  std::string reason = "expected udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT";
  if (result.tcp || text.starts_with(kUdp)) {
    static_assert(kUdp.size() == kTcp.size() && kUdp.size() == kTls.size());
    const auto local = parse_host_port(text.substr(kUdp.size()), 0, reason);
    if (local) {
      result.local = *local;
      return result;
    }
  }
  complaint = fmt::format("listener '{}': {}", text, reason);
  return std::nullopt;
}

std::string to_string(const ListenAddress& address) {
  return fmt::format("{}://{}",
                     address.tls   ? "tls"
                     : address.tcp ? "tcp"
                                   : "udp",
                     to_string(address.local));
}

}  // namespace asaemu
