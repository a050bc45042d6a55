// The table every subsystem keeps its state in: bounded, found by key, walked in insertion order.
#pragma once

#include "model/base/assert.hpp"
#include "model/base/hash_index.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace asaemu {

/// Entries by key, at most `bound` of them, iterated in insertion order. Finding, inserting and
/// erasing take constant time; erasing keeps the order of the rest. Memory grows with use only, and
/// erased places are used again. Keys and entries are default-constructible and movable, keys
/// copyable.
///
/// Pointers and references to entries hold until the next insert or clear, or until the entry is
/// erased.
template <class Key, class Entry, class Hash = KeyHash<Key>>
class BoundedTable {
 public:
  template <bool kConst>
  class Cursor;
  using Iterator = Cursor<false>;
  using ConstIterator = Cursor<true>;

  /// `bound` is at least 1 and below 2^32 - 1.
  explicit BoundedTable(std::size_t bound, Hash hash = Hash())
      : bound_(bound), index_(std::move(hash)) {
    ASAEMU_ASSERT(bound >= 1 && bound < kNone);
  }

  /// Adds an entry behind all others; nullptr if the table is full. The key must not be there.
  Entry* insert(Key key, Entry entry) {
    if (full()) return nullptr;
    const std::uint32_t place = take_place();
    const bool added = index_.insert(key, place).second;
    ASAEMU_ASSERT(added);
    slots_[place] = {std::move(key), std::move(entry), last_, kNone};
    (last_ == kNone ? first_ : slots_[last_].next) = place;
    last_ = place;
    return &slots_[place].entry;
  }

  /// The key's entry; nullptr if it has none.
  template <class Like>
  [[nodiscard]] Entry* find(const Like& key) {
    const auto* place = index_.find(key);
    return place == nullptr ? nullptr : &slots_[*place].entry;
  }
  template <class Like>
  [[nodiscard]] const Entry* find(const Like& key) const {
    const auto* place = index_.find(key);
    return place == nullptr ? nullptr : &slots_[*place].entry;
  }

  /// Whether the key was there. While walking the table use erase_if().
  template <class Like>
  bool erase(const Like& key) {
    const auto* found = index_.find(key);
    if (found == nullptr) return false;
    remove(*found);
    return true;
  }

  /// Erases the entries for which `condition(entry)` holds, asked in insertion order; how many
  /// there were.
  template <class Condition>
  std::size_t erase_if(Condition&& condition) {
    const std::size_t before = size();
    for (std::uint32_t place = first_; place != kNone;) {
      const std::uint32_t next = slots_[place].next;
      if (condition(slots_[place].entry)) remove(place);
      place = next;
    }
    return before - size();
  }

  /// Removes everything and frees the memory.
  void clear() {
    index_.clear();
    slots_ = {};
    first_ = last_ = free_ = kNone;
  }

  [[nodiscard]] std::size_t size() const { return index_.size(); }
  [[nodiscard]] bool empty() const { return index_.empty(); }
  [[nodiscard]] bool full() const { return size() == bound_; }
  [[nodiscard]] std::size_t bound() const { return bound_; }

  /// `for (Entry& entry : table)`. No insert or erase meanwhile.
  [[nodiscard]] Iterator begin() { return {&slots_, first_}; }
  [[nodiscard]] Iterator end() { return {&slots_, kNone}; }
  [[nodiscard]] ConstIterator begin() const { return {&slots_, first_}; }
  [[nodiscard]] ConstIterator end() const { return {&slots_, kNone}; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Slot {
    Key key{};
    Entry entry{};
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;  ///< in the list of entries, or of free places
  };

  std::uint32_t take_place() {
    if (free_ == kNone) {
      slots_.emplace_back();
      return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    return std::exchange(free_, slots_[free_].next);
  }

  void remove(std::uint32_t place) {
    auto& slot = slots_[place];
    index_.erase(slot.key);
    (slot.previous == kNone ? first_ : slots_[slot.previous].next) = slot.next;
    (slot.next == kNone ? last_ : slots_[slot.next].previous) = slot.previous;
    slot = Slot{};
    slot.next = std::exchange(free_, place);
  }

  std::size_t bound_;
  HashIndex<Key, std::uint32_t, Hash> index_;
  std::vector<Slot> slots_;
  std::uint32_t first_ = kNone;
  std::uint32_t last_ = kNone;
  std::uint32_t free_ = kNone;
};

template <class Key, class Entry, class Hash>
template <bool kConst>
class BoundedTable<Key, Entry, Hash>::Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Entry;
  using difference_type = std::ptrdiff_t;
  using pointer = std::conditional_t<kConst, const Entry*, Entry*>;
  using reference = std::conditional_t<kConst, const Entry&, Entry&>;

  reference operator*() const { return (*slots_)[place_].entry; }
  pointer operator->() const { return &(*slots_)[place_].entry; }
  /// The key it was inserted with.
  [[nodiscard]] const Key& key() const { return (*slots_)[place_].key; }
  Cursor& operator++() {
    place_ = (*slots_)[place_].next;
    return *this;
  }
  friend bool operator==(const Cursor& a, const Cursor& b) { return a.place_ == b.place_; }

 private:
  friend class BoundedTable;
  using Slots = std::conditional_t<kConst, const std::vector<Slot>, std::vector<Slot>>;
  Cursor(Slots* slots, std::uint32_t place) : slots_(slots), place_(place) {}

  Slots* slots_;
  std::uint32_t place_;
};

}  // namespace asaemu
