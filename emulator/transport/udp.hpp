// Lines to a UDP collector, one datagram each.
#pragma once

#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/transport.hpp"

#include <sys/socket.h>
#include <vector>

namespace asaemu {

/// Sends datagrams through a connected socket. What the kernel takes counts as sent, whatever the
/// network does with it. A datagram that the kernel refuses counts as failed and the rest goes on.
/// After an ICMP "port unreachable" the kernel refuses the next datagram it is given; inside a
/// batch sendmmsg() swallows that error and the datagram leaves at the second try. So a closed port
/// shows as about one failed line per batch, not as a failure of each.
class UdpTransport : public Transport {
 public:
  explicit UdpTransport(const Destination& destination);
  std::string open() override;
  /// Live: down while the collector's host says that nobody listens there.
  [[nodiscard]] CollectorStatus status() const override { return status_; }

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override;

 private:
  UdpTransport(const Destination& destination, std::size_t bytes_max, std::size_t lines_max);
  void disconnect() override { socket_.close(); }
  void prepare(std::span<const char> bytes, std::span<const Line> lines);
  void count(std::span<const Line> lines, std::size_t first);
  bool wait_for_room(int error);
  void set_refused(bool refused);

  FileDescriptor socket_;
  CollectorStatus status_;
  std::vector<mmsghdr> messages_;
  std::vector<iovec> payloads_;
};

}  // namespace asaemu
