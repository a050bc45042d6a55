// `crypto ca reference-identity`: what the certificate of a syslog server is held against.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

/// A name of its own, and the names that a server may have (RFC 6125).
struct ReferenceIdentity {
  static constexpr std::size_t kIdsMax = 32;  ///< of each kind; inferred

  std::uint64_t number = 0;  ///< never used twice
  std::string name;
  std::vector<std::string> hosts{};  ///< cn-id and dns-id; each once
  /// srv-id and uri-id, with the keyword; kept for the configuration only.
  std::vector<std::string> services{};
};

/// The reference identities of a device by name, at most kBound.
class ReferenceIdentities {
 public:
  static constexpr std::size_t kBound = 64;  ///< inferred

  /// The one of this name, made if there is none; nullptr if there is no room.
  ReferenceIdentity* make(std::string_view name) {
    if (ReferenceIdentity* const known = find(name)) return known;
    if (identities_.size() == kBound) return nullptr;
    identities_.push_back({++last_number_, std::string(name), {}, {}});
    return &identities_.back();
  }
  [[nodiscard]] ReferenceIdentity* find(std::string_view name) {
    const auto known = std::ranges::find(identities_, name, &ReferenceIdentity::name);
    return known == identities_.end() ? nullptr : &*known;
  }
  [[nodiscard]] ReferenceIdentity* find(std::uint64_t number) {
    const auto known = std::ranges::find(identities_, number, &ReferenceIdentity::number);
    return known == identities_.end() ? nullptr : &*known;
  }
  /// False if there is none.
  bool remove(std::string_view name) {
    return std::erase_if(identities_, [&](const auto& own) { return own.name == name; }) > 0;
  }

 private:
  std::deque<ReferenceIdentity> identities_;
  std::uint64_t last_number_ = 0;
};

}  // namespace asaemu
