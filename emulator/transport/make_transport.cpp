#include "emulator/transport/file.hpp"
#include "emulator/transport/null.hpp"
#include "emulator/transport/pcap.hpp"
#include "emulator/transport/standard_output.hpp"
#include "emulator/transport/tcp.hpp"
#include "emulator/transport/udp.hpp"
#include "model/base/assert.hpp"

namespace asaemu {

std::unique_ptr<Transport> make_transport(const Destination& destination) {
  ASAEMU_ASSERT(destination.kind != Destination::Kind::kSink);
  switch (destination.kind) {
    case Destination::Kind::kUdp:
      return std::make_unique<UdpTransport>(destination);
    case Destination::Kind::kTcp:
    case Destination::Kind::kTls:
      return std::make_unique<TcpTransport>(destination);
    case Destination::Kind::kFile:
      return std::make_unique<FileTransport>(destination);
    case Destination::Kind::kPcap:
      return std::make_unique<PcapTransport>(destination);
    case Destination::Kind::kStandardOutput:
      return std::make_unique<StandardOutputTransport>(destination);
    case Destination::Kind::kNull:
      return std::make_unique<NullTransport>(destination);
    case Destination::Kind::kSink:
      break;
  }
  return nullptr;
}

}  // namespace asaemu
