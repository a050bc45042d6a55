// Which datagrams of a batch leave together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace asaemu {

/// Arranges the datagrams of a batch in bundles that the kernel takes at once and cuts again
/// (UDP_SEGMENT): all of a bundle have the same size, but for the last, which may be smaller.
/// The datagrams of each device stay in their order; those of different devices change places.
/// What a batch costs grows with its datagrams, and with its bundles times its different sizes.
class Bundler {
 public:
  /// What every kernel with UDP_SEGMENT takes (udp(7); UDP_MAX_SEGMENTS is 128 in newer ones).
  static constexpr std::size_t kCountMax = 64;
  /// The largest payload of an IPv4 packet with a UDP header.
  static constexpr std::size_t kBytesMax = 65'507;

  struct Datagram {
    std::uint32_t device;  ///< any number that is the device's own
    std::uint32_t size;    ///< at most kBytesMax
  };
  /// order()[first] up to order()[first + count - 1].
  struct Bundle {
    std::uint32_t first;
    std::uint32_t count;  ///< 1 to kCountMax
  };

  /// Arranges a batch. Datagrams of more than `size_max` bytes, and empty ones, stay alone.
  void arrange(std::span<const Datagram> batch, std::size_t size_max);

  /// Positions in the batch, in the order in which they are to leave.
  [[nodiscard]] std::span<const std::uint32_t> order() const { return order_; }
  /// All of order(), from its beginning to its end.
  [[nodiscard]] std::span<const Bundle> bundles() const { return bundles_; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// Datagrams of one size before which nothing of their devices is left, the oldest first.
  struct Ready {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    std::uint32_t count = 0;
    std::uint32_t place = kNone;  ///< in sizes_
  };
  struct Seen {
    std::uint32_t device;
    std::uint32_t last;  ///< its newest datagram so far; kNone if this slot is free
  };

  void link_devices();
  Seen& seen(std::uint32_t device);
  void make_ready(std::uint32_t datagram);
  void take_first(std::uint32_t size);
  [[nodiscard]] std::uint32_t most_ready() const;
  [[nodiscard]] std::uint32_t fewest_ready_below(std::uint32_t size, std::size_t room) const;
  void make_bundle(std::size_t size_max);

  std::span<const Datagram> batch_;
  std::vector<std::uint32_t> next_of_device_;  ///< by datagram
  std::vector<std::uint32_t> next_of_size_;    ///< by datagram
  std::vector<Seen> seen_;                     ///< a power of two of slots
  std::vector<Ready> ready_;                   ///< by size
  std::vector<std::uint32_t> sizes_;           ///< those of which something is ready
  std::vector<std::uint32_t> order_;
  std::vector<Bundle> bundles_;
};

}  // namespace asaemu
