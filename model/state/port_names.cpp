#include "model/state/port_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace asaemu {

namespace {

enum class Of : std::uint8_t { kTcp, kUdp, kBoth };

struct PortName {
  std::string_view name;
  std::uint16_t port;
  Of of;
};

/// Of two names for a port the first is printed. Source: ASA CLI configuration guide, "TCP and UDP
/// Ports".
constexpr auto kNames = std::to_array<PortName>({{"echo", 7, Of::kBoth},
                                                 {"discard", 9, Of::kBoth},
                                                 {"daytime", 13, Of::kTcp},
                                                 {"chargen", 19, Of::kTcp},
                                                 {"ftp-data", 20, Of::kTcp},
                                                 {"ftp", 21, Of::kTcp},
                                                 {"ssh", 22, Of::kTcp},
                                                 {"telnet", 23, Of::kTcp},
                                                 {"smtp", 25, Of::kTcp},
                                                 {"time", 37, Of::kUdp},
                                                 {"nameserver", 42, Of::kUdp},
                                                 {"whois", 43, Of::kTcp},
                                                 {"tacacs", 49, Of::kBoth},
                                                 {"domain", 53, Of::kBoth},
                                                 {"bootps", 67, Of::kUdp},
                                                 {"bootpc", 68, Of::kUdp},
                                                 {"tftp", 69, Of::kUdp},
                                                 {"gopher", 70, Of::kTcp},
                                                 {"finger", 79, Of::kTcp},
                                                 {"www", 80, Of::kBoth},
                                                 {"http", 80, Of::kBoth},
                                                 {"hostname", 101, Of::kTcp},
                                                 {"pop2", 109, Of::kTcp},
                                                 {"pop3", 110, Of::kTcp},
                                                 {"sunrpc", 111, Of::kBoth},
                                                 {"ident", 113, Of::kTcp},
                                                 {"nntp", 119, Of::kTcp},
                                                 {"ntp", 123, Of::kUdp},
                                                 {"netbios-ns", 137, Of::kUdp},
                                                 {"netbios-dgm", 138, Of::kUdp},
                                                 {"netbios-ssn", 139, Of::kTcp},
                                                 {"imap4", 143, Of::kTcp},
                                                 {"snmp", 161, Of::kUdp},
                                                 {"snmptrap", 162, Of::kUdp},
                                                 {"xdmcp", 177, Of::kUdp},
                                                 {"bgp", 179, Of::kTcp},
                                                 {"irc", 194, Of::kTcp},
                                                 {"dnsix", 195, Of::kUdp},
                                                 {"ldap", 389, Of::kTcp},
                                                 {"mobile-ip", 434, Of::kUdp},
                                                 {"https", 443, Of::kTcp},
                                                 {"pim-auto-rp", 496, Of::kBoth},
                                                 {"isakmp", 500, Of::kUdp},
                                                 {"exec", 512, Of::kTcp},
                                                 {"biff", 512, Of::kUdp},
                                                 {"login", 513, Of::kTcp},
                                                 {"who", 513, Of::kUdp},
                                                 {"rsh", 514, Of::kTcp},
                                                 {"cmd", 514, Of::kTcp},
                                                 {"syslog", 514, Of::kUdp},
                                                 {"lpd", 515, Of::kTcp},
                                                 {"talk", 517, Of::kBoth},
                                                 {"rip", 520, Of::kUdp},
                                                 {"uucp", 540, Of::kTcp},
                                                 {"klogin", 543, Of::kTcp},
                                                 {"kshell", 544, Of::kTcp},
                                                 {"rtsp", 554, Of::kTcp},
                                                 {"ldaps", 636, Of::kTcp},
                                                 {"kerberos", 750, Of::kBoth},
                                                 {"lotusnotes", 1352, Of::kTcp},
                                                 {"citrix-ica", 1494, Of::kTcp},
                                                 {"sqlnet", 1521, Of::kTcp},
                                                 {"radius", 1645, Of::kUdp},
                                                 {"radius-acct", 1646, Of::kUdp},
                                                 {"h323", 1720, Of::kTcp},
                                                 {"pptp", 1723, Of::kTcp},
                                                 {"nfs", 2049, Of::kBoth},
                                                 {"ctiqbe", 2748, Of::kTcp},
                                                 {"cifs", 3020, Of::kBoth},
                                                 {"vxlan", 4789, Of::kUdp},
                                                 {"sip", 5060, Of::kBoth},
                                                 {"aol", 5190, Of::kTcp},
                                                 {"secureid-udp", 5510, Of::kUdp},
                                                 {"pcanywhere-data", 5631, Of::kTcp},
                                                 {"pcanywhere-status", 5632, Of::kUdp}});

bool is_of(const PortName& name, IpProtocol protocol) {
  return name.of == Of::kBoth || (name.of == Of::kUdp) == (protocol == kProtocolUdp);
}

}  // namespace

std::optional<Port> parse_port_name(IpProtocol protocol, std::string_view text) {
  for (const PortName& known : kNames) {
    if (known.name == text && is_of(known, protocol)) return Port{known.port};
  }
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return Port{port};
}

std::string port_name(IpProtocol protocol, Port port) {
  const auto* const known = std::ranges::find_if(kNames, [&](const PortName& name) {
    return name.port == port.value && is_of(name, protocol);
  });
  return known != kNames.end() ? std::string(known->name) : fmt::format("{}", port.value);
}

}  // namespace asaemu
