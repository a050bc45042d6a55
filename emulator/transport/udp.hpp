// Lines to a UDP collector, one datagram each.
#pragma once

#include "emulator/transport/bundler.hpp"
#include "emulator/transport/file_descriptor.hpp"
#include "emulator/transport/transport.hpp"

#include <array>
#include <sys/socket.h>
#include <vector>

namespace asaemu {

/// Sends datagrams through a connected socket. What the kernel takes counts as sent, whatever the
/// network does with it. A datagram that the kernel refuses counts as failed and the rest goes on.
/// After an ICMP "port unreachable" the kernel refuses the next datagram it is given; inside a
/// batch sendmmsg() swallows that error and the datagram leaves at the second try. So a closed port
/// shows as about one failed line per batch, not as a failure of each.
/// Lines of the same length are handed to the kernel together, and it cuts them apart again
/// (UDP_SEGMENT), unless the destination says `offload=off` or the sender has an address of its
/// own: those are many, with few lines each. Each device's lines stay in their order; within a
/// batch those of different devices do not. A kernel or a path that does not take bundles gets the
/// same lines one by one.
class UdpTransport : public Transport {
 public:
  explicit UdpTransport(const Destination& destination);
  std::string open() override;
  /// Live: down while the collector's host says that nobody listens there.
  [[nodiscard]] CollectorStatus status() const override { return status_; }

 protected:
  void transmit(std::span<const char> bytes, std::span<const Line> lines) override;

 private:
  using Bundle = Bundler::Bundle;
  /// Room for the size of a bundle's datagrams.
  struct Control {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes{};
  };
  struct Capacity {
    std::size_t bytes;
    std::size_t lines;
    bool bundles;
  };

  static Capacity capacity_of(const Destination& destination);
  UdpTransport(const Destination& destination, const Capacity& capacity);
  void disconnect() override { socket_.close(); }
  void put_in_order(std::span<const char> bytes, std::span<const Line> lines);
  void bundle(std::span<const Line> lines);
  void send_singly(std::size_t line);
  void prepare_sends();
  void prepare(std::size_t send);
  void count(std::size_t send, std::size_t end);
  void reconsider_bundles(std::size_t size, int error);
  bool drop_first(std::size_t send, int error);
  bool wait_for_room(int error);
  void set_refused(bool refused);

  FileDescriptor socket_;
  int family_ = 0;
  CollectorStatus status_;
  bool may_bundle_;
  std::size_t size_max_ = 0;  ///< of a bundle's datagrams; 0: there are no bundles
  Bundler bundler_;
  std::vector<Bundler::Datagram> datagrams_;
  std::vector<char> gathered_;
  std::vector<Line> lines_;              ///< of the batch, in the order in which they leave
  std::vector<std::string_view> texts_;  ///< of lines_, as they leave
  std::vector<std::string_view> unordered_;
  std::vector<Bundle> sends_;      ///< of lines_
  std::vector<mmsghdr> messages_;  ///< as are the next two: by send
  std::vector<iovec> payloads_;
  std::vector<Control> controls_;
};

}  // namespace asaemu
