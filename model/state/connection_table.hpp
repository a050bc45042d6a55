// The connections through the device. Written by the connections subsystem, read by all that look at
// flows rather than packets.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/event_queue.hpp"
#include "model/base/time.hpp"
#include "model/state/access_list.hpp"
#include "model/state/interface_table.hpp"

#include <optional>

namespace asaemu {

/// Numbers connections of one boot in the order they were built, from 1.
enum class ConnectionId : std::uint32_t {};
inline constexpr ConnectionId kNoConnection{0};

struct Endpoint {
  InterfaceId interface = kNoInterface;
  IpAddress address;
  Port port;
};

struct Connection {
  /// Of TCP; connections of other protocols are established from their first packet.
  enum class Phase : std::uint8_t {
    kEmbryonic,    ///< SYN seen, handshake not complete
    kEstablished,  ///< both directions
    kHalfClosed,   ///< one side has sent its FIN
  };

  ConnectionId id = kNoConnection;
  IpProtocol protocol;
  Phase phase = Phase::kEmbryonic;
  bool is_inbound = false;       ///< built from a lower security level to a higher one
  bool responder_acked = false;  ///< the SYN was answered
  bool initiator_closed = false;
  bool responder_closed = false;
  std::uint32_t initial_sequence = 0;  ///< of the initiator's SYN
  Endpoint initiator;
  Endpoint responder;
  SimTime built;
  SimTime last_seen;
  std::uint64_t bytes = 0;  ///< of IP packets, both directions
  TimerHandle timer;        ///< of the idle timeout
  /// Of an inspection, in place of the configured idle timeout; zero: it never ends.
  std::optional<SimDuration> idle_limit = {};

  [[nodiscard]] FiveTuple tuple() const {
    return {initiator.address, responder.address, protocol, initiator.port, responder.port};
  }
};

/// Connections by id and by their 5-tuple, whichever end a packet comes from.
class ConnectionTable {
 public:
  /// As many as the largest platform known here (ASA5585-X SSP-60) is said to hold is 10 million;
  /// a model's memory is dearer. The option `connection-limit` sets the device's own.
  static constexpr std::size_t kBound = 2'000'000;

  ConnectionTable() : connections_(kBound) {}

  /// nullptr if there is none.
  [[nodiscard]] Connection* find(const FiveTuple& tuple);
  [[nodiscard]] const Connection* find(const FiveTuple& tuple) const;
  [[nodiscard]] Connection* find(ConnectionId id) { return connections_.find(id); }
  [[nodiscard]] const Connection* find(ConnectionId id) const { return connections_.find(id); }

  /// Numbers and adds a connection whose tuple is not there yet; nullptr if the table is full.
  Connection* add(Connection connection);
  void remove(ConnectionId id);
  void clear();

  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  [[nodiscard]] std::size_t most() const { return most_; }
  /// In the order they were built.
  [[nodiscard]] const auto& all() const { return connections_; }

 private:
  /// A tuple and its reverse have the same key.
  struct Key {
    IpProtocol protocol;
    IpAddress low;
    IpAddress high;
    Port low_port;
    Port high_port;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::uint64_t operator()(const Key& key) const;
  };
  static Key key_of(const FiveTuple& tuple);

  BoundedTable<ConnectionId, Connection> connections_;
  HashIndex<Key, ConnectionId, Hash> by_tuple_;
  std::uint32_t last_id_ = 0;
  std::size_t most_ = 0;
};

}  // namespace asaemu
