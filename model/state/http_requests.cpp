#include "model/state/http_requests.hpp"

namespace asaemu {

bool HttpRequests::ask(ConnectionId connection, std::string_view accept) {
  auto* waiting = waiting_.find(connection);
  if (waiting == nullptr) {
    if (waiting_.full()) {
      const ConnectionId oldest = waiting_.begin().key();
      waiting_.erase(oldest);
    }
    waiting = waiting_.insert(connection, {});
  }
  if (waiting->size() >= unanswered_max_) return false;
  waiting->emplace_back(accept.size() <= kAcceptBound ? accept : std::string_view());
  return true;
}

std::string HttpRequests::answer(ConnectionId connection) {
  auto* waiting = waiting_.find(connection);
  if (waiting == nullptr || waiting->empty()) return {};
  std::string accept = std::move(waiting->front());
  waiting->erase(waiting->begin());
  return accept;
}

}  // namespace asaemu
