#include "model/logging/log_queue.hpp"

#include <algorithm>

namespace asaemu {

bool LogQueue::hold(std::uint64_t message, DestinationAccount& host, std::string_view line) {
  if (entries_.empty() || entries_.back().message != message) {
    if (entries_.size() >= limit_) {
      host.drop_from_queue();
      if (last_discarded_ != message) ++discarded_;
      last_discarded_ = message;
      return false;
    }
    entries_.push_back({message, {}});
    most_ = std::max(most_, entries_.size());
  }
  entries_.back().lines.emplace_back(&host, line);
  return true;
}

std::size_t LogQueue::waiting(const DestinationAccount& host) const {
  std::size_t lines = 0;
  for (const Entry& entry : entries_) {
    for (const auto& [own, line] : entry.lines) lines += own == &host ? 1 : 0;
  }
  return lines;
}

void LogQueue::forget(DestinationAccount& host) {
  const std::size_t lines = release(host, [](std::string_view) { return true; });
  for (std::size_t i = 0; i < lines; ++i) host.drop_from_queue();
}

void LogQueue::clear() {
  for (const Entry& entry : entries_) {
    for (const auto& [host, line] : entry.lines) host->drop_from_queue();
  }
  entries_.clear();
}

}  // namespace asaemu
