#include "emulator/yaml/mapping_reader.hpp"

#include "emulator/yaml/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace asaemu {
namespace {

std::string found(const Node& node) {
  return node.is_scalar() ? quoted(node.text()) : std::string(node.kind_name());
}

/// The whole of `text` as a decimal number; leading zeros are refused, as they mean octal to some
/// YAML readers.
std::optional<std::uint64_t> decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || at != end) return std::nullopt;
  return value;
}

}  // namespace

MappingReader::MappingReader(const Node& node, std::string_view what, Faults& faults)
    : node_(&node), what_(what), faults_(&faults) {
  if (ok()) return;
  faults.add(node.position(), fmt::format("expected {} (a mapping), found {}", what, found(node)));
}

const Node* MappingReader::optional(std::string_view key) {
  known_.push_back(key);
  return node_->find(key);
}

const Node* MappingReader::required(std::string_view key) {
  const Node* value = optional(key);
  if (value == nullptr) missing_.push_back(key);
  return value;
}

void MappingReader::finish() {
  if (!ok()) return;
  for (const Node::Entry& entry : node_->entries()) {
    const std::string_view key = entry.key->text();
    if (std::ranges::find(known_, key) != known_.end()) continue;
    faults_->add(entry.key->position(),
                 fmt::format("unknown key {}{}", quoted(key), did_you_mean(key, known_)));
    if (const auto meant = nearest_name(key, known_)) std::erase(missing_, *meant);
  }
  for (const std::string_view key : missing_) {
    faults_->add(node_->position(), fmt::format("missing key '{}'; {} needs it", key, what_));
  }
}

std::optional<std::string_view> read_text(const Node& node, std::string_view what, Faults& faults) {
  if (node.is_scalar() && !node.text().empty()) return node.text();
  faults.add(node.position(), node.is_scalar()
                                  ? fmt::format("{} is empty", what)
                                  : fmt::format("{} must be text, found {}", what, found(node)));
  return std::nullopt;
}

std::optional<std::uint64_t> read_number(const Node& node, std::string_view what, std::uint64_t low,
                                         std::uint64_t high, Faults& faults) {
  if (node.is_scalar() && !node.quoted()) {
    const auto value = decimal(node.text());
    if (value && low <= *value && *value <= high) return value;
  }
  faults.add(node.position(),
             fmt::format("{} must be a whole number from {} to {}{}, found {}", what, low, high,
                         node.quoted() ? " without quotes" : "", found(node)));
  return std::nullopt;
}

}  // namespace asaemu
