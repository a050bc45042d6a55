// The queue between a device and its syslog servers: rendered lines that wait for a collector.
#pragma once

#include "model/logging/account.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asaemu {

/// Messages in the order in which they were logged, at most its limit of them. A message waits until
/// the last of the hosts that want it has taken its line. Hosts are told apart by their account.
class LogQueue {
 public:
  static constexpr std::size_t kLimitDefault = 512;  ///< messages (asa-behaviour A.1)

  /// What waits stays, even if it is more than the new limit.
  void set_limit(std::size_t messages) { limit_ = messages; }
  [[nodiscard]] std::size_t limit() const { return limit_; }

  /// Keeps a host's line of a message. `message` grows from message to message. False if the queue
  /// is full; the line is then dropped, in the account too.
  bool hold(std::uint64_t message, DestinationAccount& host, std::string_view line);

  /// Hands the host's lines to `take(line)`, the oldest first, until it answers false. Returns how
  /// many were taken.
  template <class Take>
  std::size_t release(const DestinationAccount& host, Take take) {
    std::size_t taken = 0;
    for (Entry& entry : entries_) {
      const auto own = entry.find(host);
      if (own == entry.lines.end()) continue;
      if (!take(std::string_view(own->second))) break;
      entry.lines.erase(own);
      ++taken;
    }
    if (taken > 0) std::erase_if(entries_, [](const Entry& entry) { return entry.lines.empty(); });
    return taken;
  }

  /// Drops the host's lines, in the account too.
  void forget(DestinationAccount& host);
  /// Drops all lines, in the accounts too.
  void clear();

  [[nodiscard]] bool is_empty() const { return entries_.empty(); }
  /// How many lines wait for this host.
  [[nodiscard]] std::size_t waiting(const DestinationAccount& host) const;
  /// In messages.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// The most that ever waited at a time.
  [[nodiscard]] std::size_t most() const { return most_; }
  /// How many messages found the queue full.
  [[nodiscard]] std::uint64_t discarded() const { return discarded_; }

 private:
  struct Entry {
    std::uint64_t message = 0;
    std::vector<std::pair<DestinationAccount*, std::string>> lines;

    [[nodiscard]] std::vector<std::pair<DestinationAccount*, std::string>>::iterator find(
        const DestinationAccount& host) {
      auto line = lines.begin();
      while (line != lines.end() && line->first != &host) ++line;
      return line;
    }
  };

  std::deque<Entry> entries_;
  std::size_t limit_ = kLimitDefault;
  std::size_t most_ = 0;
  std::uint64_t discarded_ = 0;
  std::uint64_t last_discarded_ = 0;  ///< the message
};

}  // namespace asaemu
