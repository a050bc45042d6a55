#include "templates/reader.hpp"

#include "emulator/yaml/mapping_reader.hpp"
#include "templates/message_reader.hpp"
#include "templates/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

namespace asaemu {
namespace {

namespace fs = std::filesystem;

std::optional<std::string_view> read_family(const Node* node, std::string_view stem,
                                            Faults& faults) {
  if (node == nullptr) return std::nullopt;
  const auto family = read_text(*node, "the family", faults);
  if (!family) return std::nullopt;
  if (!is_snake_case(*family) || *family == "all") {
    faults.add(node->position(), fmt::format("bad family {}; a family looks like ip_audit, and all "
                                             "is taken",
                                             quoted(*family)));
  } else if (*family != stem) {
    faults.add(node->position(), fmt::format("family '{}' is in a file named {}; both must be the "
                                             "same",
                                             *family, quoted(stem)));
  }
  return family;
}

std::optional<std::string_view> read_class(const Node* node, Faults& faults) {
  if (node == nullptr) return std::nullopt;
  const auto word = read_text(*node, "the class", faults);
  if (!word) return std::nullopt;
  const bool sound = std::ranges::all_of(*word, [](char c) {
    return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-' || c == '_';
  });
  if (!sound) {
    faults.add(
        node->position(),
        fmt::format("bad class {}; a class is a word such as ips or session", quoted(*word)));
  }
  return word;
}

/// The *.yaml of a directory by name; a fault and nothing if it cannot be read.
std::vector<std::string> yaml_files(const std::string& path, Faults& faults) {
  std::vector<std::string> files;
  std::error_code error;
  fs::directory_iterator at(path, error);
  while (!error && at != fs::directory_iterator()) {
    const fs::path& file = at->path();
    const bool hidden = file.filename().string().starts_with('.');
    if (file.extension() == ".yaml" && !hidden) files.push_back(file.string());
    at.increment(error);
  }
  if (error) {
    faults.add({path}, fmt::format("cannot be read: {}", error.message()));
    return {};
  }
  if (files.empty()) faults.add({path}, "holds no *.yaml; message files were expected");
  std::ranges::sort(files);
  return files;
}

}  // namespace

void CatalogueFiles::read_file(const std::string& path, Faults& faults) {
  const auto document = Document::load_file(path, faults);
  if (document) read_tree(document->root(), path, faults);
}

void CatalogueFiles::read_text(const std::string& name, std::string_view text, Faults& faults) {
  const auto document = Document::load_text(name, text, faults);
  if (document) read_tree(document->root(), name, faults);
}

void CatalogueFiles::read_directory(const std::string& path, Faults& faults) {
  for (const std::string& file : yaml_files(path, faults)) read_file(file, faults);
}

void CatalogueFiles::read_tree(const Node& root, const std::string& path, Faults& faults) {
  MappingReader keys(root, "a catalogue file", faults);
  const std::string stem = fs::path(path).stem().string();
  const auto family = read_family(keys.required("family"), stem, faults);
  const auto event_class = read_class(keys.required("class"), faults);
  const Node* messages = keys.required("messages");
  keys.finish();
  if (messages == nullptr) return;
  read_messages(*messages, arena_->keep(family.value_or("")),
                arena_->keep(event_class.value_or("")), faults);
}

void CatalogueFiles::read_messages(const Node& node, std::string_view family,
                                   std::string_view event_class, Faults& faults) {
  if (!node.is_sequence() || node.items().empty()) {
    faults.add(node.position(), "messages must be a list of at least one message");
    return;
  }
  MessageReader reader(family, event_class, *arena_, faults);
  for (const Node* item : node.items()) {
    const MessageDef def = reader.read(*item);
    const Node* name = item->find("name");
    const Position where = (name == nullptr ? item : name)->position();
    if (!check_unique(def, where, faults)) continue;
    messages_.push_back(def);
    positions_.push_back(where);
  }
}

bool CatalogueFiles::check_unique(const MessageDef& def, const Position& where, Faults& faults) {
  if (def.name.empty()) return false;
  const std::string type = pascal_case(def.name);
  const auto [at, is_new] = structs_.emplace(type, Taken{def.id, def.name, where});
  if (is_new) return true;
  const Taken& first = at->second;
  std::string what;
  if (first.name != def.name) {
    what =
        fmt::format("the names '{}' and '{}' would both be {} in C++", first.name, def.name, type);
  } else if (first.id == def.id) {
    what = fmt::format("message {} {} is defined twice", def.id, def.name);
  } else {
    what = fmt::format("the name '{}' belongs to message {} already", def.name, first.id);
  }
  faults.add(where, fmt::format("{}; the first is at {}", what, to_string(first.where)));
  return false;
}

}  // namespace asaemu
