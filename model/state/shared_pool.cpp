#include "model/state/shared_pool.hpp"

namespace asaemu {

SharedClient* SharedPool::find_or_add(std::string_view id) {
  for (SharedClient& client : clients_) {
    if (client.id == id) return &client;
  }
  if (clients_.size() == kBound) return nullptr;
  return &clients_.emplace_back(SharedClient{.id = std::string(id)});
}

void SharedPool::get(SharedClient& client, std::uint32_t block) {
  client.lent += block;
  lent_ += block;
  client.most_lent = std::max(client.most_lent, client.lent);
}

bool SharedPool::adjust(SharedClient& client) {
  const std::uint32_t before = client.lent;
  const std::uint32_t wanted = in_blocks(client.wanted);
  while (client.lent < wanted) {
    ++client.gets.sent;
    const std::uint32_t block = std::min(kSharedBlock, available());
    if (block == 0) {
      ++client.gets.failed;
      break;
    }
    get(client, block);
  }
  if (client.lent > wanted) {
    ++client.releases.sent;
    lent_ -= client.lent - wanted;
    client.lent = wanted;
  }
  return client.lent != before;
}

bool SharedPool::reclaim(SharedClient& client) {
  const bool has_lent = client.lent != 0;
  lent_ -= client.lent;
  client.lent = 0;
  client.is_registered = false;
  return has_lent;
}

}  // namespace asaemu
