// Which ids DNS clients have asked under and not had an answer for, and how many replies came under others.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/time.hpp"
#include "model/state/connection_table.hpp"

#include <array>
#include <optional>

namespace asaemu {

class DnsExchanges {
 public:
  /// Connections; the one that asked first of all is forgotten for a new one. Inferred.
  static constexpr std::size_t kBound = 16384;
  /// Ids of a connection that wait for a reply. Inferred: a resolver asks one thing a port.
  static constexpr std::size_t kRequestBound = 8;

  explicit DnsExchanges(std::size_t bound = kBound) : exchanges_(bound) {}

  /// A request; `offered` is the size of a reply in bytes that its OPT record offers to take, 0 for none.
  /// The oldest id goes if there are kRequestBound.
  void ask(ConnectionId connection, std::uint16_t id, std::uint64_t offered);
  /// A reply: whether it was asked for; then its id is asked for no more. A connection that is not
  /// known counts as asking for everything.
  bool answer(ConnectionId connection, std::uint16_t id);
  /// The connection asked, and has had all its replies.
  [[nodiscard]] bool is_answered(ConnectionId connection) const;
  /// What the connection's last request offered to take; nullopt if nothing.
  [[nodiscard]] std::optional<std::uint64_t> offered_size(ConnectionId connection) const;

  /// A reply under a wrong id: true if it is number `count` within less than `window` since the first,
  /// with which counting then begins anew.
  bool count_mismatch(ConnectionId connection, std::uint64_t count, SimDuration window,
                      SimTime now);
  void forget(ConnectionId connection) { exchanges_.erase(connection); }
  [[nodiscard]] std::size_t size() const { return exchanges_.size(); }

 private:
  struct Exchange {
    std::array<std::uint16_t, kRequestBound> ids{};
    std::uint8_t waiting = 0;  ///< how many of them, the oldest first
    std::uint64_t offered = 0;
    std::uint64_t mismatches = 0;
    SimTime window_begin;
  };

  BoundedTable<ConnectionId, Exchange> exchanges_;
};

}  // namespace asaemu
