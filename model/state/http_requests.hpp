// HTTP requests that wait for their responses, connection by connection.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/state/connection_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

class HttpRequests {
 public:
  /// Connections; the one that asked first of all is forgotten for a new one. Inferred.
  static constexpr std::size_t kBound = 16384;
  /// Bytes of an Accept field; a longer one counts as taking everything. Inferred.
  static constexpr std::size_t kAcceptBound = 256;

  /// `unanswered_max`: requests of a connection that may wait, at least 1.
  explicit HttpRequests(std::uint64_t unanswered_max, std::size_t bound = kBound)
      : unanswered_max_(unanswered_max), waiting_(bound) {}

  /// A request with this Accept field (empty if it has none); false if there are too many without an
  /// answer, and then it does not count.
  bool ask(ConnectionId connection, std::string_view accept);
  /// A response: the Accept field of the oldest request that waits, empty if there is none.
  std::string answer(ConnectionId connection);
  void forget(ConnectionId connection) { waiting_.erase(connection); }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

 private:
  std::uint64_t unanswered_max_;
  /// The Accept fields, the oldest first.
  BoundedTable<ConnectionId, std::vector<std::string>> waiting_;
};

}  // namespace asaemu
