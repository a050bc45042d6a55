// Lines to a capture file, as if it had been taken on the wire.
#pragma once

#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/transport.hpp"

#include <map>
#include <vector>

namespace asaemu {

/// Writes a pcap file (nanoseconds, Ethernet) with one UDP datagram for each line, LF included:
/// from the device's address on the interface towards the logging host, port 514, to the host's
/// address and port, at the time of the device's clock. Lines of TCP hosts become datagrams too. A
/// device without an address there sends from 0.0.0.0 or ::. Lines too long for an Ethernet frame
/// become one longer frame, not fragments. The first error is the last, as with FileTransport.
class PcapTransport : public Transport {
 public:
  explicit PcapTransport(Destination destination);
  std::string open() override;
  void introduce(const LogHostSpec& host) override;

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override;

 private:
  /// The headers in front of a line, complete but for lengths, checksums and IPv4's identification.
  struct Flow {
    std::vector<std::uint8_t> header;
    bool is_v6 = false;
    std::uint16_t identification = 0;
    std::uint32_t address_sum = 0;  ///< of the UDP pseudo header, without its length
  };

  void disconnect() override;
  void write_buffer();
  void write_frame(const Line& line, std::span<const char> text);
  void finish_headers(Flow& flow, std::size_t at, std::size_t text_size);

  FileDescriptor file_;
  std::map<const DestinationAccount*, Flow> flows_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace asaemu
