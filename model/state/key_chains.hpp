// Key chains: named sets of keys with lifetimes. Written by the key manager, read by the protocols
// that authenticate with them.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace asaemu {

/// When a key may be used, on the device's clock. By default: always.
struct KeyLifetime {
  CalendarTime start = CalendarTime::min();
  CalendarTime end = CalendarTime::max();  ///< the first instant at which it no longer holds

  [[nodiscard]] bool contains(CalendarTime now) const { return start <= now && now < end; }
};

struct ChainKey {
  std::uint64_t id = 0;
  std::string text;       ///< in clear; empty if there is none, or it could not be decrypted
  std::string algorithm;  ///< as configured, `md5`; empty if not
  KeyLifetime accept;
  KeyLifetime send;
};

struct KeyChain {
  static constexpr std::size_t kKeyBound = 256;  ///< one for every id
  std::string name;
  std::vector<ChainKey> keys;  ///< by id, rising

  [[nodiscard]] const ChainKey* find(std::uint64_t id) const;
  [[nodiscard]] ChainKey* find(std::uint64_t id);
  /// The next instant after `now` at which some key's lifetime begins or ends; nullopt if none.
  [[nodiscard]] std::optional<CalendarTime> next_change(CalendarTime now) const;
};

inline constexpr std::size_t kKeyChainBound = 256;
using KeyChains = BoundedTable<std::string, KeyChain>;

}  // namespace asaemu
