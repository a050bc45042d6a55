// A table that forgets what it has not heard of for a while, as ARP and MAC address tables do.
#pragma once

#include "model/base/bounded_table.hpp"
#include "model/base/time.hpp"

namespace asaemu {

/// Entries by key, at most `bound` of them, the one heard of longest ago first. An entry lives while
/// less than the lifetime has passed since it was last heard of.
///
/// No timer runs: an entry that is too old is not found, and is removed by expire(), which costs
/// only what it removes. All calls are given the time, which never goes back.
template <class Key, class Entry, class Hash = KeyHash<Key>>
class AgingTable {
 public:
  /// What the table holds: walked with `for (const auto& aged : table)`.
  struct Aged {
    Entry entry{};
    SimTime heard;
  };

  AgingTable(std::size_t bound, SimDuration lifetime) : table_(bound), lifetime_(lifetime) {}

  /// The key's entry; nullptr if it has none or is too old.
  template <class Like>
  [[nodiscard]] const Entry* find(const Like& key, SimTime now) const {
    const Aged* aged = table_.find(key);
    return aged != nullptr && is_alive(*aged, now) ? &aged->entry : nullptr;
  }
  template <class Like>
  [[nodiscard]] Entry* find(const Like& key, SimTime now) {
    Aged* aged = table_.find(key);
    return aged != nullptr && is_alive(*aged, now) ? &aged->entry : nullptr;
  }

  /// Adds or replaces the key's entry, now the latest; false if the table is full of other keys.
  bool hear(const Key& key, Entry entry, SimTime now) {
    table_.erase(key);
    return table_.insert(key, Aged{std::move(entry), now}) != nullptr;
  }

  /// Removes what is too old; `gone(entry)` is told.
  template <class Gone>
  void expire(SimTime now, Gone&& gone) {
    while (!table_.empty() && !is_alive(*table_.begin(), now)) drop_oldest(gone);
  }
  void expire(SimTime now) {
    expire(now, [](const Entry&) {});
  }

  /// Removes the entry heard of longest ago; `gone(entry)` is told. The table must not be empty.
  template <class Gone>
  void drop_oldest(Gone&& gone) {
    const auto oldest = table_.begin();
    gone(oldest->entry);
    const Key key = oldest.key();
    table_.erase(key);
  }
  void drop_oldest() {
    drop_oldest([](const Entry&) {});
  }

  template <class Like>
  bool erase(const Like& key) {
    return table_.erase(key);
  }
  /// Erases the entries for which `condition(aged)` holds.
  template <class Condition>
  void erase_if(Condition&& condition) {
    table_.erase_if(condition);
  }
  void clear() { table_.clear(); }

  void set_lifetime(SimDuration lifetime) { lifetime_ = lifetime; }
  [[nodiscard]] SimDuration lifetime() const { return lifetime_; }
  [[nodiscard]] bool is_alive(const Aged& aged, SimTime now) const {
    return now - aged.heard < lifetime_;
  }

  /// Those too old and not yet removed included.
  [[nodiscard]] std::size_t size() const { return table_.size(); }
  [[nodiscard]] bool empty() const { return table_.empty(); }
  [[nodiscard]] auto begin() const { return table_.begin(); }
  [[nodiscard]] auto end() const { return table_.end(); }

 private:
  BoundedTable<Key, Aged, Hash> table_;
  SimDuration lifetime_;
};

}  // namespace asaemu
