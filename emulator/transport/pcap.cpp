#include "emulator/transport/pcap.hpp"

#include "model/base/assert.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>

namespace asaemu {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kBytesMax = 256 * std::size_t{1024};
constexpr std::size_t kLinesMax = 2000;

constexpr std::uint32_t kMagicNanoseconds = 0xA1B23C4D;
constexpr std::uint32_t kLinkEthernet = 1;
constexpr std::uint32_t kSnapLength = 65535;
constexpr std::size_t kEthernetSize = 14;
constexpr std::size_t kV4Size = 20;
constexpr std::size_t kV6Size = 40;
constexpr std::size_t kUdpSize = 8;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kHops = 255;  // As an ASA's own packets start.
constexpr std::uint16_t kSourcePort = 514;

void put16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}
void put32(Bytes& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xFFFF);
}
void put64(Bytes& out, std::uint64_t value) {
  put32(out, static_cast<std::uint32_t>(value >> 32));
  put32(out, static_cast<std::uint32_t>(value));
}
void set16(Bytes& out, std::size_t at, std::uint32_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}

/// A file's own numbers are in the order that its magic number shows: here little endian.
void put_little(Bytes& out, std::uint32_t value, unsigned size = 4) {
  for (unsigned i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put_address(Bytes& out, const IpAddress& address, bool as_v6) {
  if (as_v6) {
    put64(out, address.high());
    put64(out, address.low());
  } else {
    put32(out, address.v4_value());
  }
}

/// Locally administered, and the same for the same address.
void put_mac(Bytes& out, const IpAddress& address) {
  put16(out, 0x0200);
  put32(out, static_cast<std::uint32_t>(address.low()));
}

std::uint32_t sum_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? static_cast<std::uint32_t>(bytes[i]) << 8 : bytes[i];
  }
  return sum;
}

/// The Internet checksum (RFC 1071).
std::uint32_t checksum(std::uint32_t sum) {
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return ~sum & 0xFFFF;
}

}  // namespace

PcapTransport::PcapTransport(Destination destination)
    : Transport(std::move(destination), kBytesMax, kLinesMax) {}

std::string PcapTransport::open() {
  ignore_broken_pipes();
  constexpr mode_t kMode = 0644;
  const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (keeps_file() ? 0 : O_TRUNC);
  file_ = FileDescriptor{::open(destination().path.c_str(), flags, kMode)};
  if (!file_.is_open()) {
    fail(error_text(errno));
    return fmt::format("cannot open {}: {}", to_string(destination()), failure());
  }
  if (keeps_file()) return {};
  // At once: whoever shares the file may be the first to have a frame for it.
  put_little(buffer_, kMagicNanoseconds);
  put_little(buffer_, 2, 2);
  put_little(buffer_, 4, 2);
  put_little(buffer_, 0);
  put_little(buffer_, 0);
  put_little(buffer_, kSnapLength);
  put_little(buffer_, kLinkEthernet);
  write_buffer();
  return {};
}

void PcapTransport::introduce(const LogHostSpec& host) {
  Flow flow;
  flow.is_v6 = host.address.is_v6();
  Bytes& header = flow.header;
  put_mac(header, host.address);
  put_mac(header, host.source);
  put16(header, flow.is_v6 ? 0x86DD : 0x0800);
  const std::size_t network = header.size();
  if (flow.is_v6) {
    put32(header, 0x60000000);
    put16(header, 0);
    header.insert(header.end(), {kUdp, kHops});
  } else {
    put32(header, 0x45000000);
    put32(header, 0);
    header.insert(header.end(), {kHops, kUdp, 0, 0});
  }
  const std::size_t addresses = header.size();
  put_address(header, host.source, flow.is_v6);
  put_address(header, host.address, flow.is_v6);
  ASAEMU_ASSERT(header.size() - network == (flow.is_v6 ? kV6Size : kV4Size));
  flow.address_sum = sum_of(std::span<const std::uint8_t>(header).subspan(addresses)) + kUdp;
  put16(header, kSourcePort);
  put16(header, host.port.value);
  put32(header, 0);
  flows_.insert_or_assign(host.account, std::move(flow));
}

void PcapTransport::transmit(std::span<const char> bytes, std::span<const Line> lines) {
  if (failed()) {
    drop(lines, failure());
    return;
  }
  std::size_t begin = 0;
  for (const Line& line : lines) {
    write_frame(line, bytes.subspan(begin, line.end - begin));
    begin = line.end;
  }
  write_buffer();
  if (failed()) {
    // The file's last frame may be cut; which lines came before it nobody needs to know.
    drop(lines, failure());
  } else {
    take_sent(lines, 0, bytes.size());
  }
}

void PcapTransport::write_buffer() {
  const std::span<const char> written(reinterpret_cast<const char*>(buffer_.data()),  // NOLINT
                                      buffer_.size());
  const auto outcome = write_all(file_.get(), written, waiting());
  buffer_.clear();
  if (outcome.error != 0) fail(error_text(outcome.error));
}

void PcapTransport::write_frame(const Line& line, std::span<const char> text) {
  const auto known = flows_.find(line.account);
  if (known == flows_.end()) {
    introduce({.interface = {}, .address = {}, .source = {}, .account = line.account});
    write_frame(line, text);
    return;
  }
  Flow& flow = known->second;
  const auto nanoseconds = line.at.time_since_epoch().count();
  const auto size = static_cast<std::uint32_t>(flow.header.size() + text.size());
  put_little(buffer_, static_cast<std::uint32_t>(nanoseconds / 1'000'000'000));
  put_little(buffer_, static_cast<std::uint32_t>(nanoseconds % 1'000'000'000));
  put_little(buffer_, size);
  put_little(buffer_, size);
  const std::size_t at = buffer_.size();
  buffer_.insert(buffer_.end(), flow.header.begin(), flow.header.end());
  buffer_.insert(buffer_.end(), text.begin(), text.end());
  finish_headers(flow, at, text.size());
}

/// Lengths and checksums of the frame that begins at `at` in the buffer.
void PcapTransport::finish_headers(Flow& flow, std::size_t at, std::size_t text_size) {
  const std::size_t network = at + kEthernetSize;
  const std::size_t udp = network + (flow.is_v6 ? kV6Size : kV4Size);
  const auto udp_size = static_cast<std::uint32_t>(kUdpSize + text_size);
  if (flow.is_v6) {
    set16(buffer_, network + 4, udp_size);
  } else {
    set16(buffer_, network + 2, static_cast<std::uint32_t>(kV4Size) + udp_size);
    set16(buffer_, network + 4, ++flow.identification);
    const auto header = std::span<const std::uint8_t>(buffer_).subspan(network, kV4Size);
    set16(buffer_, network + 10, checksum(sum_of(header)));
  }
  set16(buffer_, udp + 4, udp_size);
  const auto datagram = std::span<const std::uint8_t>(buffer_).subspan(udp);
  const std::uint32_t sum = checksum(flow.address_sum + udp_size + sum_of(datagram));
  // Zero would mean that there is no checksum (RFC 768).
  set16(buffer_, udp + 6, sum == 0 ? 0xFFFF : sum);
}

void PcapTransport::disconnect() {
  if (const int error = file_.close(); error != 0) {
    fail(error_text(error));
    spdlog::warn("{}: closing: {}", to_string(destination()), error_text(error));
  }
}

}  // namespace asaemu
