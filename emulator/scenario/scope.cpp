#include "emulator/scenario/scope.hpp"

#include "emulator/yaml/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// More names than this are not listed in a complaint.
constexpr std::size_t kListedMax = 16;
/// Of more names than this only the first are compared, to bound the time that a fault costs.
constexpr std::size_t kComparedMax = 1000;

bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '_';
  };
  const auto good = [&](char c) { return letter(c) || ('0' <= c && c <= '9') || c == '-'; };
  return !text.empty() && letter(text.front()) && std::ranges::all_of(text, good);
}

/// Whether YAML took `{n}` or the braces of `${name}` for a mapping.
bool is_unquoted_place(const Node& node) {
  if (!node.is_mapping() || node.entries().size() != 1) return false;
  const Node::Entry& entry = node.entries().front();
  return entry.value->is_null() &&
         TextTemplate(fmt::format("{{{}}}", entry.key->text())).has_places();
}

}  // namespace

void Variables::declare(const Node& node, Faults& faults) {
  if (!node.is_mapping()) {
    faults.add(node.position(),
               fmt::format("vars must be a mapping of names to values, found {}", shown(node)));
    return;
  }
  for (const Node::Entry& entry : node.entries()) {
    const std::string_view name = entry.key->text();
    if (!is_name(name)) {
      faults.add(
          entry.key->position(),
          fmt::format("{} cannot name a variable; a name is made of letters, digits, '_' and "
                      "'-', a letter first",
                      quoted(name)));
    } else if (!entry.value->is_scalar()) {
      faults.add(entry.value->position(),
                 fmt::format("variable '{}' must be text or a number, found {}", name,
                             shown(*entry.value)));
    } else if (entry.value->text().find("${") != std::string_view::npos) {
      faults.add(
          entry.value->position(),
          fmt::format("variable '{}' refers to another; a variable's value is plain text", name));
    } else {
      values_.insert_or_assign(std::string(name), std::string(entry.value->text()));
    }
  }
}

void Variables::set(const std::string& name, const std::string& value, Faults& faults) {
  const auto known = values_.find(name);
  if (known != values_.end()) {
    known->second = value;
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& [declared, unused] : values_) names.emplace_back(declared);
  faults.add({"--set"}, fmt::format("the scenario has no variable {}{}", quoted(name),
                                    suggest(name, names, "it has none at all")));
}

std::string Variables::expand(std::string_view text, const Position& where, Faults& faults) const {
  std::string result;
  for (;;) {
    const std::size_t at = text.find("${");
    if (at == std::string_view::npos) return result.append(text);
    const bool escaped = at > 0 && text[at - 1] == '$';
    result.append(text.substr(0, at));
    text.remove_prefix(at + 2);
    if (escaped) {
      result += '{';
      continue;
    }
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) {
      faults.add(where, "'${' without '}'; ${name} stands for a variable, $${ for '${'");
      return result.append(text);
    }
    expand_one(text.substr(0, close), where, result, faults);
    text.remove_prefix(close + 1);
    if (result.size() > kDocumentSizeMax) {
      faults.add(where,
                 fmt::format("with its variables this is more than {} bytes", kDocumentSizeMax));
      return {};
    }
  }
}

void Variables::expand_one(std::string_view name, const Position& where, std::string& out,
                           Faults& faults) const {
  const auto known = values_.find(name);
  if (known != values_.end()) {
    out += known->second;
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& [declared, unused] : values_) names.emplace_back(declared);
  faults.add(where, fmt::format("variable {} is not declared{}", quoted(name),
                                suggest(name, names, "declare it under vars")));
}

std::optional<std::string> Scope::text(const Node& node, std::string_view what) const {
  auto text = any_text(node, what);
  if (!text || !text->empty()) return text;
  complain(node, fmt::format("{} is empty", what));
  return std::nullopt;
}

std::optional<std::string> Scope::any_text(const Node& node, std::string_view what) const {
  if (!node.is_scalar()) {
    const std::string_view hint =
        is_unquoted_place(node) ? "; text with braces needs quotes: \"{n}\"" : "";
    complain(node, fmt::format("{} must be text, found {}{}", what, node.kind_name(), hint));
    return std::nullopt;
  }
  if (is_exhausted()) return std::nullopt;
  const std::size_t faults_before = faults_->size();
  std::string text = variables_->expand(node.text(), node.position(), *faults_);
  if (faults_->size() > faults_before) return std::nullopt;
  if (device_ && text.find('{') != std::string::npos) {
    const TextTemplate parts(text, device_variables());
    if (!parts.malformed().empty()) {
      complain(node,
               fmt::format("{} is no place for a number; {{n}}, {{n/K}}, {{n%K}} and {{name}} are",
                           quoted(parts.malformed())));
      return std::nullopt;
    }
    if (const auto lacking = parts.lacks(*device_); !lacking.empty()) {
      complain(node, fmt::format("device {} has no variable {}; its entry under devices declares "
                                 "none of this name",
                                 device_->name, quoted(lacking)));
      return std::nullopt;
    }
    text = parts.render(*device_);
  }
  if (!weigh(node, text.size())) return std::nullopt;
  return text;
}

bool Scope::weigh(const Node& node, std::size_t size) const {
  if (is_exhausted()) return false;
  *weight_ += 1 + size / 64;
  if (!is_exhausted()) return true;
  complain(node,
           "the scenario is too large: its aliases, repeats and steps for each device hold too "
           "many values");
  return false;
}

bool Scope::varies(const Node& node) const {
  if (node.is_scalar()) {
    if (node.text().find('{') == std::string_view::npos) return false;
    Faults ignored;  // Whoever reads the text complains.
    const std::string text = variables_->expand(node.text(), {}, ignored);
    if (!weigh(node, text.size())) return false;
    const TextTemplate parts(text, device_variables());
    return parts.has_places() || !parts.malformed().empty();
  }
  for (const Node* item : node.items()) {
    if (varies(*item)) return true;
  }
  for (const Node::Entry& entry : node.entries()) {
    if (varies(*entry.key) || varies(*entry.value)) return true;
  }
  return false;
}

std::string shown(std::string_view text) {
  const bool number = !text.empty() && text.size() <= 20 &&
                      text.find_first_not_of("0123456789") == std::string_view::npos;
  return number ? std::string(text) : quoted(text);
}

std::string shown(const Node& node) {
  return node.is_scalar() ? shown(node.text()) : std::string(node.kind_name());
}

std::string suggest(std::string_view word, std::span<const std::string_view> candidates,
                    std::string_view hint) {
  const auto compared = candidates.first(std::min(candidates.size(), kComparedMax));
  const bool few = !candidates.empty() && candidates.size() <= kListedMax;
  if (few || nearest_name(word, compared)) return did_you_mean(word, compared);
  return hint.empty() ? std::string() : fmt::format("; {}", hint);
}

}  // namespace asaemu
