// Where every message went. Nothing is lost uncounted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace asaemu {

struct DestinationAccount;

/// Learns what became of lines.
class DeliveryWatcher {
 public:
  virtual ~DeliveryWatcher() = default;
  /// The `lines` oldest ones of the account that nothing was told of yet were sent, or failed.
  virtual void settled(DestinationAccount& account, std::size_t lines, bool sent) = 0;
  /// The newest line of the account that nothing was told of yet was dropped from its queue.
  virtual void dropped(DestinationAccount& account) = 0;
};

/// What happened to the messages of one device towards one logging host.
/// At any moment: seen = below_level + offered, and offered = sent + dropped_queue + dropped_error
/// + pending().
struct DestinationAccount {
  std::string name;                 ///< `inside 10.0.0.50 udp/514`
  std::uint64_t seen = 0;           ///< passed the filters while this host was configured
  std::uint64_t below_level = 0;    ///< less severe than the trap level, or not on its list
  std::uint64_t offered = 0;        ///< handed to the host's queue
  std::uint64_t sent = 0;           ///< accepted by the operating system
  std::uint64_t dropped_queue = 0;  ///< the queue was full
  std::uint64_t dropped_error = 0;  ///< the transport failed
  std::uint64_t bytes = 0;          ///< of what was sent
  DeliveryWatcher* watcher =
      nullptr;  ///< is told of every line that leaves or fails; null for none

  /// Counts a line that its queue had no room for, or gave up.
  void drop_from_queue() {
    ++dropped_queue;
    if (watcher != nullptr) watcher->dropped(*this);
  }
  [[nodiscard]] std::uint64_t pending() const {
    return offered - sent - dropped_queue - dropped_error;
  }
};

/// What happened to all messages of one device. At any moment: logged = disabled + rate_limited +
/// passed.
struct LogAccount {
  std::uint64_t logged = 0;
  std::uint64_t disabled = 0;  ///< by `no logging message`, or because `logging enable` is not set
  std::uint64_t rate_limited = 0;
  std::uint64_t passed = 0;
  std::deque<DestinationAccount> destinations;  ///< addresses stay valid while it grows

  /// The account of this name, made if there is none.
  DestinationAccount& destination(const std::string& name);
};

}  // namespace asaemu
