// One message of a catalogue file.
#pragma once

#include "model/base/message.hpp"
#include "templates/field_reader.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace asaemu {

/// Reads the entries of `messages:`. All texts are kept in the arena.
class MessageReader {
 public:
  /// `family` and `event_class` go into every message and must outlive them.
  MessageReader(std::string_view family, std::string_view event_class, Arena& arena, Faults& faults)
      : family_(family), event_class_(event_class), arena_(arena), faults_(faults) {}

  /// What the node says. What is missing or faulty is left at its default, with a complaint.
  MessageDef read(const Node& node);

 private:
  /// A wording and the node of its text, where its faults are shown.
  struct DeclaredText {
    WordingDef def;
    const Node* text;
  };

  std::uint64_t number(const Node* node, std::string_view what, std::uint64_t low,
                       std::uint64_t high, std::uint64_t otherwise);
  std::string_view line(const Node* node, std::string_view what);
  std::string_view prose(const Node* node, std::string_view what);
  std::string_view name(const Node* node);
  void read_rate_limit(const Node* node, MessageDef& def);
  void read_older(const Node* node, MessageDef& def);
  void read_accepts(const Node* node, MessageDef& def);
  void read_fields_and_check(const Node* node, MessageDef& def);
  bool compile(const DeclaredText& text, std::span<const FieldDef> fields, std::vector<bool>& used);

  std::string_view family_;
  std::string_view event_class_;
  Arena& arena_;
  Faults& faults_;
  std::vector<DeclaredText> texts_;  ///< of the message at hand
};

}  // namespace asaemu
