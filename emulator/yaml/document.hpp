// A YAML file as a tree with positions, for catalogue files and scenarios.
#pragma once

#include "emulator/yaml/arena.hpp"
#include "emulator/yaml/faults.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace asaemu {

enum class NodeKind : std::uint8_t { kNull, kScalar, kSequence, kMapping };

/// A value in the tree. Lives in its Document; never copied. Where the file uses an alias, the tree
/// leads to the anchored node itself, so positions there are the anchor's.
class Node {
 public:
  struct Entry {
    const Node* key;  ///< always a scalar
    const Node* value;
  };

  [[nodiscard]] NodeKind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == NodeKind::kNull; }
  [[nodiscard]] bool is_scalar() const { return kind_ == NodeKind::kScalar; }
  [[nodiscard]] bool is_sequence() const { return kind_ == NodeKind::kSequence; }
  [[nodiscard]] bool is_mapping() const { return kind_ == NodeKind::kMapping; }

  /// A scalar's text as written, numbers included (`9.20` stays `9.20`); empty for other kinds.
  [[nodiscard]] std::string_view text() const { return text_; }
  /// Whether the scalar stood in quotes or in a block (`|`, `>`).
  [[nodiscard]] bool quoted() const { return quoted_; }
  /// A sequence's items; empty for other kinds.
  [[nodiscard]] std::span<const Node* const> items() const { return items_; }
  /// A mapping's entries in file order, keys all different; empty for other kinds.
  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }
  /// The value of a key; nullptr if there is none or this is no mapping. Linear.
  [[nodiscard]] const Node* find(std::string_view key) const;

  [[nodiscard]] Position position() const { return {std::string(file_), line_, column_}; }
  /// `nothing`, `text`, `a list`, `a mapping`: for "expected …, found …".
  [[nodiscard]] std::string_view kind_name() const;

 private:
  friend class TreeBuilder;
  Node() = default;

  std::string_view file_;
  std::string_view text_;
  std::span<const Node* const> items_;
  std::span<const Entry> entries_;
  unsigned line_ = 0;
  unsigned column_ = 0;
  std::uint32_t nodes_ = 1;   ///< of this subtree, each alias counted as what it stands for
  std::uint32_t height_ = 0;  ///< collections on the way to the deepest node, this one included
  NodeKind kind_ = NodeKind::kNull;
  bool quoted_ = false;
};

/// The largest file or text that is read, in bytes.
inline constexpr std::size_t kDocumentSizeMax = std::size_t{4} << 20;
/// The deepest nesting of lists and mappings, aliases followed.
inline constexpr std::size_t kNestingMax = 64;
/// How many nodes all aliases of a document may stand for together.
inline constexpr std::size_t kAliasNodesMax = 100'000;

/// One YAML document. Plain text, lists, mappings, anchors and aliases; no tags, no merge keys.
class Document {
 public:
  /// Reads a regular file. On a fault (unreadable, too large, not UTF-8, control characters, bad
  /// YAML, duplicate keys, a second document, a tag, …) the result is nullopt and the complaint is
  /// in `faults`.
  static std::optional<Document> load_file(const std::string& path, Faults& faults);

  /// The same for a text in memory; `name` stands for the file in positions.
  static std::optional<Document> load_text(std::string_view name, std::string_view text,
                                           Faults& faults);

  /// The whole; a null node for an empty document. Nodes stay where they are when the Document is
  /// moved.
  [[nodiscard]] const Node& root() const { return *root_; }

 private:
  Document(std::unique_ptr<Arena> memory, const Node& root)
      : memory_(std::move(memory)), root_(&root) {}

  std::unique_ptr<Arena> memory_;
  const Node* root_;
};

}  // namespace asaemu
