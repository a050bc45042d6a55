#include "emulator/transport/socket_address.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <system_error>

namespace asaemu {

namespace {

using boost::asio::ip::udp;

SocketAddress socket_address(const udp::endpoint& endpoint) {
  SocketAddress address;
  address.size = static_cast<socklen_t>(endpoint.size());
  std::memcpy(&address.storage, endpoint.data(), endpoint.size());
  return address;
}

}  // namespace

const sockaddr* SocketAddress::data() const {
  return reinterpret_cast<const sockaddr*>(&storage);  // NOLINT: the socket API's own kind of union
}

std::vector<SocketAddress> resolve(const HostPort& host_port, std::string& error) {
  boost::asio::io_context context;
  udp::resolver resolver(context);
  boost::system::error_code code;
  const auto found = resolver.resolve(host_port.host, std::to_string(host_port.port),
                                      udp::resolver::numeric_service, code);
  if (code) {
    error = fmt::format("'{}' has no address: {}", host_port.host, code.message());
    return {};
  }
  std::vector<SocketAddress> addresses;
  for (const auto& entry : found) addresses.push_back(socket_address(entry.endpoint()));
  std::stable_partition(addresses.begin(), addresses.end(),
                        [](const SocketAddress& a) { return a.family() == AF_INET; });
  return addresses;
}

std::string address_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return text.data();
  }
  if (address.ss_family != AF_INET6) return "unknown";
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

std::string bind_source(int socket, const IpAddress& source, int family) {
  if (source == IpAddress()) return {};
  if (source.is_v6() != (family == AF_INET6)) {
    return fmt::format("source {} is of another family than the collector", to_string(source));
  }
  constexpr int kOn = 1;
  // The port is chosen when the socket connects, for its whole pair of addresses: one address can then
  // have more than 28,000 connections.
  setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &kOn, sizeof kOn);
  setsockopt(socket, IPPROTO_IP, IP_FREEBIND, &kOn, sizeof kOn);
  const HostPort here{to_string(source), 0};
  std::string error;
  const auto addresses = resolve(here, error);
  if (addresses.empty()) return error;
  if (bind(socket, addresses.front().data(), addresses.front().size) == 0) return {};
  return fmt::format("source {}: {}", here.host, std::generic_category().message(errno));
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;  // NOLINT
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return ntohs(v4.sin_port);
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return address.ss_family == AF_INET6 ? ntohs(v6.sin6_port) : std::uint16_t{0};
}

}  // namespace asaemu
