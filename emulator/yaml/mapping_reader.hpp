// Reads a mapping key by key and complains about those nobody asked for.
#pragma once

#include "emulator/yaml/document.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace asaemu {

/// Usage: ask for every key the mapping may have, then finish(). Keys asked for must be literals,
/// or outlive the reader. If the node is no mapping, the constructor complains, every key is
/// absent, and finish() is silent.
class MappingReader {
 public:
  /// `what` names the mapping in complaints: "a message".
  MappingReader(const Node& node, std::string_view what, Faults& faults);

  /// Whether the node is a mapping.
  [[nodiscard]] bool ok() const { return node_->is_mapping(); }

  /// The key's value; nullptr if it is absent, which finish() reports at the mapping's place.
  const Node* required(std::string_view key);
  /// The key's value; nullptr if it is absent.
  const Node* optional(std::string_view key);

  /// Reports missing keys, and unknown ones with the nearest known key. An unknown key that is a
  /// missing one misspelt is one complaint, not two.
  void finish();

 private:
  const Node* node_;
  std::string_view what_;
  Faults* faults_;
  std::vector<std::string_view> known_;
  std::vector<std::string_view> missing_;
};

/// A scalar's text, quoted or not. nullopt, and a complaint, for anything else and for empty text;
/// `what` names the value: "the name".
std::optional<std::string_view> read_text(const Node& node, std::string_view what, Faults& faults);

/// An unquoted whole number without sign, from `low` to `high`. nullopt, and a complaint, for
/// anything else.
std::optional<std::uint64_t> read_number(const Node& node, std::string_view what, std::uint64_t low,
                                         std::uint64_t high, Faults& faults);

}  // namespace asaemu
