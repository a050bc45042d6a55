// How many messages of an id, and of a level, may pass in a time (asa-behaviour A.9).
#pragma once

#include "model/base/message.hpp"
#include "model/base/time.hpp"

#include <array>
#include <map>
#include <optional>

namespace asaemu {

/// Limits with their windows. A window is fixed: it begins with a message, lasts its seconds
/// whatever comes, and the next begins with the first message after it. A message's limit is the
/// one configured for its id, else the one the catalogue gives it, else that of its level.
class RateLimits {
 public:
  /// Zero messages means that the id is unlimited, whatever the catalogue or its level say.
  void limit_message(std::uint32_t id, RateLimit limit) {
    by_id_[id] = {limit, {}};
    has_configured_ = true;
  }
  /// Back to what the catalogue says.
  void release_message(std::uint32_t id) { by_id_.erase(id); }
  /// Zero messages ends the limit of the level.
  void limit_level(unsigned level, RateLimit limit) {
    by_level_.at(level) = {limit, {}};
    has_configured_ = true;
  }

  /// Whether a message that comes now may pass. Counts it if it may.
  bool admit(SimTime now, const MessageDef& message, unsigned severity) {
    if (!has_configured_ && !has_own(message)) [[likely]] {
      return true;
    }
    return admit_limited(now, message, severity);
  }

  /// Whether a command has set the limit of this id.
  [[nodiscard]] bool is_configured(std::uint32_t id) const { return by_id_.contains(id); }
  /// As the configuration has them, a line each.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  struct Window {
    RateLimit limit;
    std::optional<SimTime> begin = std::nullopt;
    std::uint32_t messages = 0;

    bool admit(SimTime now);
  };

  static bool has_own(const MessageDef& message) { return message.rate_limit.messages != 0; }
  bool admit_limited(SimTime now, const MessageDef& message, unsigned severity);

  bool has_configured_ = false;               ///< by a command, if only once
  std::map<std::uint32_t, Window> by_id_;     ///< configured
  std::map<std::uint32_t, Window> built_in_;  ///< of ids the catalogue limits, once they appear
  std::array<Window, 8> by_level_{};
};

}  // namespace asaemu
