#include "model/logging/rate_limits.hpp"

#include <fmt/format.h>

namespace asaemu {

bool RateLimits::Window::admit(SimTime now) {
  if (limit.messages == 0) return true;
  if (!begin || now - *begin >= std::chrono::seconds(limit.seconds)) {
    begin = now;
    messages = 0;
  }
  if (messages >= limit.messages) return false;
  ++messages;
  return true;
}

bool RateLimits::admit_limited(SimTime now, const MessageDef& message, unsigned severity) {
  if (const auto configured = by_id_.find(message.id); configured != by_id_.end()) {
    return configured->second.admit(now);
  }
  if (has_own(message)) {
    return built_in_.try_emplace(message.id, Window{message.rate_limit}).first->second.admit(now);
  }
  return by_level_[severity].admit(now);
}

std::vector<std::string> RateLimits::lines() const {
  const auto line = [](const RateLimit& limit, std::string_view what, std::uint32_t which) {
    if (limit.messages == 0) return fmt::format("logging rate-limit unlimited {} {}", what, which);
    return fmt::format("logging rate-limit {} {} {} {}", limit.messages, limit.seconds, what,
                       which);
  };
  std::vector<std::string> lines;
  for (unsigned level = 0; level < by_level_.size(); ++level) {
    const RateLimit& limit = by_level_.at(level).limit;
    if (limit.messages != 0) lines.push_back(line(limit, "level", level));
  }
  for (const auto& [id, window] : by_id_) lines.push_back(line(window.limit, "message", id));
  return lines;
}

}  // namespace asaemu
