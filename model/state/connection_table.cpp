#include "model/state/connection_table.hpp"

#include <algorithm>
#include <tuple>

namespace asaemu {

std::uint64_t ConnectionTable::Hash::operator()(const Key& key) const {
  std::uint64_t hash = combine_hash(key.protocol.value, key.low_port.value);
  hash = combine_hash(hash, key.high_port.value);
  hash = combine_hash(hash, KeyHash<IpAddress>()(key.low));
  return combine_hash(hash, KeyHash<IpAddress>()(key.high));
}

ConnectionTable::Key ConnectionTable::key_of(const FiveTuple& tuple) {
  const auto a = std::tie(tuple.source, tuple.source_port);
  const auto b = std::tie(tuple.destination, tuple.destination_port);
  if (a < b) {
    return {tuple.protocol, tuple.source, tuple.destination, tuple.source_port,
            tuple.destination_port};
  }
  return {tuple.protocol, tuple.destination, tuple.source, tuple.destination_port,
          tuple.source_port};
}

Connection* ConnectionTable::find(const FiveTuple& tuple) {
  const ConnectionId* id = by_tuple_.find(key_of(tuple));
  return id == nullptr ? nullptr : connections_.find(*id);
}

const Connection* ConnectionTable::find(const FiveTuple& tuple) const {
  const ConnectionId* id = by_tuple_.find(key_of(tuple));
  return id == nullptr ? nullptr : connections_.find(*id);
}

Connection* ConnectionTable::add(Connection connection) {
  if (connections_.full()) return nullptr;
  // Four billion connections later the numbers begin anew; one that is still there keeps its own.
  do {
    ++last_id_;
  } while (last_id_ == 0 || connections_.find(ConnectionId{last_id_}) != nullptr);
  connection.id = ConnectionId{last_id_};
  const Key key = key_of(connection.tuple());
  const ConnectionId id = connection.id;
  Connection* added = connections_.insert(id, connection);
  const bool is_new = by_tuple_.insert(key, id).second;
  ASAEMU_ASSERT(is_new);
  most_ = std::max(most_, connections_.size());
  return added;
}

void ConnectionTable::remove(ConnectionId id) {
  const Connection* connection = connections_.find(id);
  if (connection == nullptr) return;
  by_tuple_.erase(key_of(connection->tuple()));
  connections_.erase(id);
}

void ConnectionTable::clear() {
  connections_.clear();
  by_tuple_.clear();
}

}  // namespace asaemu
