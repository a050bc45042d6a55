#include "emulator/transport/proxy_header.hpp"

namespace asaemu {

namespace {

constexpr std::string_view kSignature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr char kVersionAndProxy = 0x21;
constexpr char kTcpOverV4 = 0x11;
constexpr char kTcpOverV6 = 0x21;
constexpr unsigned kMappedPrefix = 0xFFFF;

/// The low `bytes` of a value, the highest first.
void append(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i > 0; --i) out += static_cast<char>(value >> (8 * (i - 1)) & 0xFF);
}

void append_v6(std::string& out, const IpAddress& address) {
  append(out, address.is_v6() ? address.high() : 0, 8);
  const std::uint64_t mapped = std::uint64_t{kMappedPrefix} << 32 | address.v4_value();
  append(out, address.is_v6() ? address.low() : mapped, 8);
}

}  // namespace

std::string proxy_v2_header(const IpAddress& source, std::uint16_t source_port,
                            const IpAddress& target, std::uint16_t target_port) {
  const bool is_v6 = source.is_v6() || target.is_v6();
  std::string header(kSignature);
  header += kVersionAndProxy;
  header += is_v6 ? kTcpOverV6 : kTcpOverV4;
  append(header, is_v6 ? 36 : 12, 2);
  for (const IpAddress& address : {source, target}) {
    if (is_v6) {
      append_v6(header, address);
    } else {
      append(header, address.v4_value(), 4);
    }
  }
  append(header, source_port, 2);
  append(header, target_port, 2);
  return header;
}

}  // namespace asaemu
