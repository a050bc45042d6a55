// Names to addresses, and addresses to text, for sockets.
#pragma once

#include "emulator/transport/host_port.hpp"
#include "model/base/ip_address.hpp"

#include <sys/socket.h>
#include <vector>

namespace asaemu {

/// An address as bind() and connect() want it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* data() const;
  [[nodiscard]] int family() const { return storage.ss_family; }
};

/// The addresses of a host, IPv4 before IPv6: a name with both means its IPv4 address to whoever
/// takes one only. Waits for the name service. Empty if there is none, and then `error` says why.
std::vector<SocketAddress> resolve(const HostPort& host_port, std::string& error);

/// The address without its port: `10.0.0.1`, `2001:db8::1`; an IPv4 address that came in through an
/// IPv6 socket as IPv4.
std::string address_text(const sockaddr_storage& address);

/// Binds a socket to this address with a port of the system's choice; it need not be there yet
/// (IP_FREEBIND). Error text, or empty; nothing happens for IpAddress(). `family` is the socket's.
std::string bind_source(int socket, const IpAddress& source, int family);

/// The port a socket is bound to; 0 if it is not bound.
std::uint16_t bound_port(int socket);

}  // namespace asaemu
