// The pool of sessions that a licence server lends to its participants.
#pragma once

#include "model/base/event_queue.hpp"
#include "model/state/shared_licence.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A participant outside, and what this server has lent it.
struct SharedClient {
  std::string id;                                    ///< its serial number
  std::optional<std::string> secret = std::nullopt;  ///< ours, if not given
  Port port = kLicenceServerPort;                    ///< where it looks for the service
  bool is_up = true;
  std::uint32_t wanted = 0;  ///< sessions its users need of the pool

  bool is_registered = false;
  SimTime registered_at{};
  std::uint32_t lent = 0;
  std::uint32_t most_lent = 0;
  SharedRequests registrations{};
  SharedRequests gets{};
  SharedRequests releases{};
  std::optional<TimerHandle> timer = std::nullopt;  ///< its next registration or its expiry
};

/// The participants of one pool. Sessions are lent in blocks while there are any.
class SharedPool {
 public:
  /// Participants that a server keeps track of; inferred.
  static constexpr std::size_t kBound = 500;

  void set_capacity(std::uint32_t capacity) { capacity_ = capacity; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  [[nodiscard]] std::uint32_t lent() const { return lent_; }
  /// None if the pool shrank below what is lent.
  [[nodiscard]] std::uint32_t available() const {
    return capacity_ > lent_ ? capacity_ - lent_ : 0;
  }
  /// More than 90 % are lent (syslog guide 444103).
  [[nodiscard]] bool is_nearly_used() const {
    return std::uint64_t{lent_} * 10 > std::uint64_t{capacity_} * 9;
  }

  /// The participant, which is added if it is new; nullptr if there are too many.
  SharedClient* find_or_add(std::string_view id);
  [[nodiscard]] std::vector<SharedClient>& clients() { return clients_; }
  [[nodiscard]] const std::vector<SharedClient>& clients() const { return clients_; }

  /// Lends what the client wants, or takes back what it needs no more. True if anything changed.
  bool adjust(SharedClient& client);
  /// Takes everything back and forgets the registration. True if anything was lent.
  bool reclaim(SharedClient& client);

 private:
  void get(SharedClient& client, std::uint32_t block);

  std::vector<SharedClient> clients_;
  std::uint32_t capacity_ = 0;
  std::uint32_t lent_ = 0;
};

}  // namespace asaemu
