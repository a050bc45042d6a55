// From yaml-cpp's events to the tree: where nesting, aliases, keys and tags are checked.
#pragma once

#include "emulator/yaml/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <map>
#include <vector>

namespace asaemu {

/// Thrown out of yaml-cpp's parser when reading on makes no sense.
struct Refusal {
  YAML::Mark mark;
  std::string what;
};

/// Builds one document's tree in an arena. Duplicate keys go to `faults`; all else that is wrong is
/// a Refusal.
class TreeBuilder : public YAML::EventHandler {
 public:
  /// `file` must live in the arena.
  TreeBuilder(std::string_view file, std::string_view text, Arena& memory, Faults& faults);

  /// The finished tree; a null node if there was no document.
  [[nodiscard]] const Node& root() const { return *root_; }

  /// The innermost collection that was begun and not ended; nullptr if there is none.
  [[nodiscard]] const Node* unclosed() const {
    return open_.empty() ? nullptr : &open_.back().node;
  }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override;
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  /// A collection that is still being read.
  struct Open {
    Node node;
    YAML::Mark mark;
    YAML::anchor_t anchor;
    std::vector<const Node*> children;  ///< of a mapping: key, value, key, value, …
    std::map<std::string_view, unsigned> key_lines;
  };

  [[nodiscard]] Node node_at(const YAML::Mark& mark, NodeKind kind) const;
  [[nodiscard]] bool key_expected() const;
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, NodeKind kind);
  void close();
  std::vector<Node::Entry> entries_of(const std::vector<const Node*>& children);
  void finish(const Node& node, YAML::anchor_t anchor, const YAML::Mark& mark);
  void attach(const Node& node, const YAML::Mark& mark);
  void check_key(const Node& key, const YAML::Mark& mark);

  std::string_view file_;
  std::string_view text_;
  Arena& memory_;
  Faults& faults_;
  const Node* root_;
  bool started_ = false;
  std::vector<Open> open_;
  std::vector<const Node*> anchors_;  ///< by yaml-cpp's number; nullptr while the node is open
  std::size_t alias_nodes_ = 0;
  std::optional<Refusal> bad_key_;  ///< the first key that is no text
};

}  // namespace asaemu
