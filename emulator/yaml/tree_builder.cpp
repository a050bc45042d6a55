#include "emulator/yaml/tree_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace asaemu {
namespace {

/// yaml-cpp's tags for scalars without and with quotes; all else was written by the author.
constexpr std::string_view kPlainTag = "?";
constexpr std::string_view kQuotedTag = "!";

void refuse_tag(const YAML::Mark& mark, std::string_view tag) {
  if (tag.empty() || tag == kPlainTag || tag == kQuotedTag) return;
  constexpr std::string_view kStandard = "tag:yaml.org,2002:";
  const std::string shown = tag.starts_with(kStandard)
                                ? fmt::format("!!{}", tag.substr(kStandard.size()))
                                : std::string(tag);
  throw Refusal{mark, fmt::format("tag {} is not understood; leave it out", quoted(shown))};
}

unsigned from_one(int from_zero) {
  return static_cast<unsigned>(from_zero) + 1;
}

}  // namespace

TreeBuilder::TreeBuilder(std::string_view file, std::string_view text, Arena& memory,
                         Faults& faults)
    : file_(file), text_(text), memory_(memory), faults_(faults) {
  root_ = memory_.make(node_at(YAML::Mark(), NodeKind::kNull));
}

Node TreeBuilder::node_at(const YAML::Mark& mark, NodeKind kind) const {
  Node node;
  node.file_ = file_;
  node.kind_ = kind;
  node.line_ = from_one(mark.line);
  node.column_ = from_one(mark.column);
  return node;
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (!std::exchange(started_, true)) return;
  // yaml-cpp also starts a document where text follows a finished value: `"a" b`.
  const std::size_t at = std::min(static_cast<std::size_t>(mark.pos), text_.size());
  const bool marker = text_.substr(at).starts_with("---");
  throw Refusal{mark, marker ? "a second document starts here; a file holds one"
                             : "text after the end of the document; a file holds one document"};
}

void TreeBuilder::OnDocumentEnd() {
  if (bad_key_) throw Refusal(*bad_key_);
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  Node node = node_at(mark, NodeKind::kNull);
  // Where nothing was written, yaml-cpp gives the place of what comes next, lines further on.
  const bool is_value = !open_.empty() && open_.back().node.is_mapping() && !key_expected();
  if (is_value && open_.back().children.back()->line_ != node.line_) {
    node.line_ = open_.back().children.back()->line_;
    node.column_ = open_.back().children.back()->column_;
  }
  finish(node, anchor, mark);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  refuse_tag(mark, tag);
  Node node = node_at(mark, NodeKind::kScalar);
  node.text_ = memory_.keep(value);
  node.quoted_ = tag == kQuotedTag;
  finish(node, anchor, mark);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Node* target = anchor < anchors_.size() ? anchors_[anchor] : nullptr;
  if (target == nullptr) {
    throw Refusal{mark, "an alias within what it stands for; it would never end"};
  }
  alias_nodes_ += target->nodes_;
  if (alias_nodes_ > kAliasNodesMax) {
    throw Refusal{mark,
                  fmt::format("aliases stand for more than {} values in all", kAliasNodesMax)};
  }
  attach(*target, mark);
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
  open(mark, tag, anchor, NodeKind::kSequence);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/) {
  open(mark, tag, anchor, NodeKind::kMapping);
}

bool TreeBuilder::key_expected() const {
  return !open_.empty() && open_.back().node.is_mapping() && open_.back().children.size() % 2 == 0;
}

void TreeBuilder::open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       NodeKind kind) {
  refuse_tag(mark, tag);
  Open next{node_at(mark, kind), mark, anchor, {}, {}};
  if (key_expected()) check_key(next.node, mark);
  if (open_.size() == kNestingMax) {
    throw Refusal{mark, fmt::format("nested more than {} deep", kNestingMax)};
  }
  open_.push_back(std::move(next));
}

void TreeBuilder::close() {
  Open done = std::move(open_.back());
  open_.pop_back();
  if (done.node.is_sequence()) {
    done.node.items_ = memory_.keep(done.children);
  } else {
    done.node.entries_ = memory_.keep(entries_of(done.children));
  }
  for (const Node* child : done.children) {
    done.node.nodes_ += child->nodes_;
    done.node.height_ = std::max(done.node.height_, child->height_);
  }
  ++done.node.height_;
  finish(done.node, done.anchor, done.mark);
}

/// The entries of a mapping from its keys and values in turn. What a merge key (`<<: *defaults`, or a
/// list of such) stands for comes behind the mapping's own entries, which win.
std::vector<Node::Entry> TreeBuilder::entries_of(const std::vector<const Node*>& children) {
  std::vector<Node::Entry> entries;
  std::vector<const Node*> merged;
  std::set<std::string_view> own;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Node& key = *children[i];
    const Node& value = *children[i + 1];
    if (key.text_ != "<<" || key.quoted_) {
      entries.push_back({&key, &value});
      own.insert(key.text_);
    } else if (value.is_sequence()) {
      merged.insert(merged.end(), value.items_.begin(), value.items_.end());
    } else {
      merged.push_back(&value);
    }
  }
  for (const Node* mapping : merged) {
    if (!mapping->is_mapping()) {
      faults_.add({std::string(file_), mapping->line_, mapping->column_},
                  "<< merges a mapping, or a list of mappings");
      continue;
    }
    for (const Node::Entry& entry : mapping->entries_) {
      if (own.insert(entry.key->text_).second) entries.push_back(entry);
    }
  }
  return entries;
}

void TreeBuilder::finish(const Node& node, YAML::anchor_t anchor, const YAML::Mark& mark) {
  const Node* kept = memory_.make(node);
  if (anchor != YAML::NullAnchor) {
    if (anchors_.size() <= anchor) anchors_.resize(anchor + 1, nullptr);
    anchors_[anchor] = kept;
  }
  attach(*kept, mark);
}

void TreeBuilder::attach(const Node& node, const YAML::Mark& mark) {
  if (open_.size() + node.height_ > kNestingMax) {
    throw Refusal{mark, fmt::format("nested more than {} deep, aliases followed", kNestingMax)};
  }
  if (open_.empty()) {
    root_ = &node;
    return;
  }
  if (key_expected()) check_key(node, mark);
  open_.back().children.push_back(&node);
}

void TreeBuilder::check_key(const Node& key, const YAML::Mark& mark) {
  if (!key.is_scalar()) {
    // Not thrown yet: yaml-cpp takes an unclosed `[` for a key before it finds that the end is
    // missing.
    if (!bad_key_) {
      bad_key_ = Refusal{mark, fmt::format("a key must be text, not {}", key.kind_name())};
    }
    return;
  }
  auto& lines = open_.back().key_lines;
  const auto [first, is_new] = lines.emplace(key.text_, from_one(mark.line));
  if (is_new) return;
  faults_.add(
      {std::string(file_), from_one(mark.line), from_one(mark.column)},
      fmt::format("duplicate key {}; first given on line {}", quoted(key.text_), first->second));
}

}  // namespace asaemu
