// A hash table that finds, and does nothing else.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/base/random.hpp"
#include "model/base/values.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace asaemu {

/// Folds a further part of a key into a hash. Start with 0.
constexpr std::uint64_t combine_hash(std::uint64_t hash, std::uint64_t part) {
  hash = (hash ^ part) * 0x9E3779B97F4A7C15U;
  return hash ^ hash >> 32;
}

/// Hashes of the usual keys, the same on every machine and in every run. A key type of several
/// parts gets a functor of its own, made of combine_hash().
template <class Key>
struct KeyHash;

template <class Key>
requires std::integral<Key> || std::is_enum_v<Key>
struct KeyHash<Key> {
  std::uint64_t operator()(Key key) const {
    return combine_hash(0, static_cast<std::uint64_t>(key));
  }
};

template <class Key>
requires std::same_as<Key, Port> || std::same_as<Key, MacAddress> || std::same_as<Key, Spi>
struct KeyHash<Key> {
  std::uint64_t operator()(Key key) const { return combine_hash(0, key.value); }
};

template <>
struct KeyHash<IpAddress> {
  std::uint64_t operator()(const IpAddress& key) const {
    return combine_hash(combine_hash(key.is_v6() ? 1 : 0, key.high()), key.low());
  }
};

template <>
struct KeyHash<std::string> {
  std::uint64_t operator()(std::string_view key) const { return stable_hash(key); }
};

/// Open addressing with linear probing in a power-of-two array, at most three quarters full; an
/// erased place is closed by shifting its followers back, so no tombstones gather. No memory until
/// the first insert.
///
/// It deliberately has **no iteration**: the order of a hash table's places depends on its history
/// and would leak into the order of messages, which must depend on the scenario and the seed alone.
/// BoundedTable iterates in insertion order.
///
/// `Hash` maps a key (and whatever else is looked up with) to 64 bits and must be deterministic.
/// Keys and values are default-constructible and movable. Pointers to values hold until the next
/// insert, erase or clear.
template <class Key, class Value, class Hash = KeyHash<Key>>
class HashIndex {
 public:
  explicit HashIndex(Hash hash = Hash()) : hash_(std::move(hash)) {}

  /// The key's value; nullptr if it has none.
  template <class Like>
  [[nodiscard]] Value* find(const Like& key) {
    const std::size_t at = locate(key);
    return at == kNowhere ? nullptr : &slots_[at].value;
  }
  template <class Like>
  [[nodiscard]] const Value* find(const Like& key) const {
    const std::size_t at = locate(key);
    return at == kNowhere ? nullptr : &slots_[at].value;
  }

  /// Adds a pair and returns its value and true; if the key is there, its unchanged value and
  /// false.
  std::pair<Value*, bool> insert(Key key, Value value) {
    const std::size_t there = locate(key);
    if (there != kNowhere) return {&slots_[there].value, false};
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    auto& slot = slots_[free_place(key)];
    slot = {std::move(key), std::move(value), true};
    ++size_;
    return {&slot.value, true};
  }

  /// Whether the key was there.
  template <class Like>
  bool erase(const Like& key) {
    std::size_t hole = locate(key);
    if (hole == kNowhere) return false;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = (hole + 1) & mask; slots_[at].used; at = (at + 1) & mask) {
      // A follower may move back into the hole unless that is before its home.
      const std::size_t from_home = (at - home(slots_[at].key)) & mask;
      if (from_home < ((at - hole) & mask)) continue;
      slots_[hole] = std::move(slots_[at]);
      hole = at;
    }
    slots_[hole] = Slot{};
    --size_;
    return true;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// Places allocated; 0 before the first insert.
  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }

  /// Removes everything and frees the memory.
  void clear() {
    slots_ = {};
    size_ = 0;
  }

 private:
  static constexpr std::size_t kNowhere = ~std::size_t{0};
  static constexpr std::size_t kFirstCapacity = 8;

  struct Slot {
    Key key{};
    Value value{};
    bool used = false;
  };

  /// Takes the high bits of a multiplied hash, so that a functor weak in its low bits does no harm.
  template <class Like>
  std::size_t home(const Like& key) const {
    const std::uint64_t mixed = hash_(key) * 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>(mixed >> (64 - std::countr_zero(slots_.size())));
  }

  template <class Like>
  std::size_t locate(const Like& key) const {
    if (size_ == 0) return kNowhere;
    for (std::size_t at = home(key); slots_[at].used; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].key == key) return at;
    }
    return kNowhere;
  }

  std::size_t free_place(const Key& key) const {
    std::size_t at = home(key);
    while (slots_[at].used) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? kFirstCapacity : slots_.size() * 2);
    old.swap(slots_);
    for (auto& slot : old) {
      if (slot.used) slots_[free_place(slot.key)] = std::move(slot);
    }
  }

  Hash hash_;
  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace asaemu
