// Which fragments of which datagrams have passed, so that one that covers another is noticed.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/time.hpp"

namespace asaemu {

/// What the fragments of one datagram have in common (RFC 791, 2.3).
struct DatagramKey {
  IpAddress source;
  IpAddress destination;
  IpProtocol protocol;
  std::uint16_t id = 0;
  friend bool operator==(const DatagramKey&, const DatagramKey&) = default;
};

struct DatagramKeyHash {
  std::uint64_t operator()(const DatagramKey& key) const {
    const auto addresses =
        combine_hash(KeyHash<IpAddress>()(key.source), KeyHash<IpAddress>()(key.destination));
    return combine_hash(combine_hash(addresses, key.protocol.value), key.id);
  }
};

/// The bytes of a datagram that a fragment brings: [begin, end).
struct FragmentRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool is_last = false;  ///< more-fragments is clear
};

/// The fragments on one interface. A datagram is forgotten when it is complete or kTimeout after its
/// first fragment. Bounds and timeout are the defaults of the ASA's fragment database (`fragment size
/// 200`, `fragment chain 24`, `fragment timeout 5`); what goes beyond a bound is not remembered.
class FragmentTracker {
 public:
  static constexpr std::size_t kFragmentsMax = 200;
  static constexpr std::size_t kChainMax = 24;
  static constexpr SimDuration kTimeout = std::chrono::seconds(5);

  /// Notes a fragment; true if it covers bytes that an earlier one of its datagram brought.
  bool note(const DatagramKey& key, const FragmentRange& range, SimTime now);

  /// Fragments remembered, those included that time out with the next one noted.
  [[nodiscard]] std::size_t size() const { return fragments_; }

 private:
  struct Datagram {
    SimTime first;
    std::vector<FragmentRange> ranges;
  };

  void forget_old(SimTime now);
  void forget(const DatagramKey& key);

  BoundedTable<DatagramKey, Datagram, DatagramKeyHash> datagrams_{kFragmentsMax};
  std::size_t fragments_ = 0;
};

}  // namespace asaemu
