// The IPsec SA database. Written by the ipsec subsystem.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/event_queue.hpp"
#include "model/base/random.hpp"
#include "model/state/access_list.hpp"
#include "model/state/interface_table.hpp"
#include "model/state/replay_window.hpp"

#include <optional>

namespace asaemu {

/// The traffic that a tunnel may carry: the proxy identities of both ends, IPv4 only. Small, because
/// it is the key of several tables.
struct Selectors {
  std::uint32_t local = 0;
  std::uint32_t local_mask = 0;
  std::uint32_t remote = 0;
  std::uint32_t remote_mask = 0;
  IpProtocol protocol = kProtocolIp;  ///< 0 is any
  Port local_port;                    ///< 0 is any
  Port remote_port;

  /// What a crypto access list's rule asks for, its source being the local side. A range of ports is
  /// negotiated as any port. nullopt for IPv6.
  static std::optional<Selectors> of(const AccessRule& rule);
  /// Everything to one remote address: a remote-access user's tunnel.
  static Selectors to_host(const IpAddress& remote);

  /// Whether a packet from the remote to the local side may travel in the tunnel.
  [[nodiscard]] bool allow(const FiveTuple& inbound) const;

  friend bool operator==(const Selectors&, const Selectors&) = default;
};

struct SelectorsHash {
  std::uint64_t operator()(const Selectors& key) const;
};

/// An inbound and an outbound SA that were negotiated together.
struct SaPair {
  Spi inbound;
  Spi outbound;
  SimTime established{};
  std::uint32_t lifetime_seconds = 0;
  std::uint32_t lifetime_kilobytes = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint32_t sent = 0;  ///< the last outbound sequence number
  bool is_rekeying = false;
  ReplayWindow window;
  TimerHandle timer;  ///< the pair's next deadline

  [[nodiscard]] std::uint64_t bytes() const { return std::max(bytes_in, bytes_out); }
};

/// Who wants a pair of SAs, for what traffic, and by which entry of which interface's crypto map.
struct SaRequest {
  Selectors selectors;
  IpAddress peer;
  std::string user;  ///< of a remote-access tunnel; empty for LAN-to-LAN
  InterfaceId interface = kNoInterface;
  std::uint16_t map_sequence = 0;
  bool peer_initiates = false;
};

/// A tunnel's packets, since it was set up or its counters were cleared.
struct TunnelCounters {
  std::uint64_t encapsulated = 0;
  std::uint64_t decapsulated = 0;
  std::uint64_t send_errors = 0;
  std::uint64_t receive_errors = 0;
};

/// The SAs of one pair of proxy identities: the current pair, and after a rekey for a while the one
/// before it.
struct Tunnel {
  SaRequest request;
  std::uint32_t connection = 0;  ///< `conn_id`
  SaPair current;
  std::optional<SaPair> previous;
  /// The control plane is taking the tunnel down; its SAs pass nothing any more.
  bool is_going_down = false;
  SimTime last_heard{};
  TunnelCounters counters;
};

/// Tunnels by the traffic they carry, and SAs by their inbound SPI.
class SaDatabase {
 public:
  /// As many peers as the largest platform takes; the option `ipsec-tunnel-limit` lowers it.
  static constexpr std::size_t kBound = 10000;

  struct Sa {
    Tunnel* tunnel = nullptr;
    SaPair* pair = nullptr;
  };

  [[nodiscard]] Tunnel* find(const Selectors& selectors) { return tunnels_.find(selectors); }
  [[nodiscard]] const Tunnel* find(const Selectors& selectors) const {
    return tunnels_.find(selectors);
  }
  /// The tunnel and pair that this inbound SPI belongs to; nullptr in both if none.
  [[nodiscard]] Sa find(Spi inbound);
  [[nodiscard]] bool contains(Spi inbound) const { return by_spi_.find(inbound) != nullptr; }

  /// Adds a tunnel, for whose selectors there is none; nullptr if the table is full.
  Tunnel* add(Tunnel tunnel);
  /// Makes `pair` the current one and the current one the previous one, which must not be set.
  void rekey(Tunnel& tunnel, SaPair pair);
  void drop_previous(Tunnel& tunnel);
  void remove(const Selectors& selectors);

  /// A random SPI that no inbound SA has: at least 256, as RFC 4303 reserves those below.
  [[nodiscard]] Spi unused_spi(RandomStream& random) const;

  [[nodiscard]] std::size_t size() const { return tunnels_.size(); }
  [[nodiscard]] auto begin() { return tunnels_.begin(); }
  [[nodiscard]] auto end() { return tunnels_.end(); }
  [[nodiscard]] auto begin() const { return tunnels_.begin(); }
  [[nodiscard]] auto end() const { return tunnels_.end(); }

 private:
  BoundedTable<Selectors, Tunnel, SelectorsHash> tunnels_{kBound};
  HashIndex<Spi, Selectors> by_spi_;
};

/// What `show crypto ipsec stats` counts, since boot.
struct IpsecStatistics {
  struct Direction {
    std::uint64_t bytes = 0;
    std::uint64_t packets = 0;
    std::uint64_t drops = 0;
  };
  Direction in;
  Direction out;
  std::uint64_t previous_tunnels = 0;
  std::uint64_t replay_failures = 0;
  std::uint64_t authentication_failures = 0;
  std::uint64_t fragments = 0;
  std::uint64_t protocol_failures = 0;
  std::uint64_t missing_sa_failures = 0;
  std::uint64_t capacity_failures = 0;
};

/// Bytes of an ESP packet in tunnel mode around an IP packet of `length` bytes: outer header, ESP
/// header, IV, padding to the cipher's block, trailer, and a 96-bit ICV, for AES in CBC mode.
constexpr std::uint16_t esp_length(std::uint16_t length) {
  constexpr unsigned kBlock = 16;
  const unsigned encrypted = (length + 2U + kBlock - 1) / kBlock * kBlock;
  const unsigned total = 20 + 8 + kBlock + encrypted + 12;
  return static_cast<std::uint16_t>(std::min(total, 65535U));
}

}  // namespace asaemu
