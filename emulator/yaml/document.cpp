#include "emulator/yaml/document.hpp"

#include "emulator/yaml/text_file.hpp"
#include "emulator/yaml/tree_builder.hpp"
#include "emulator/yaml/utf8.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <sstream>
#include <utility>

namespace asaemu {
namespace {

Position place(std::string_view file, const YAML::Mark& mark) {
  if (mark.is_null()) return {std::string(file)};
  return {std::string(file), static_cast<unsigned>(mark.line) + 1,
          static_cast<unsigned>(mark.column) + 1};
}

/// YAML 1.2 section 5.1: of the control characters only tab and line ends may stand in a file.
bool is_forbidden(char character) {
  const auto value = static_cast<unsigned char>(character);
  return (value < 0x20 && value != '\t' && value != '\n' && value != '\r') || value == 0x7F;
}

/// Complains about the first byte that cannot stand in YAML.
bool check_bytes(std::string_view file, std::string_view text, Faults& faults) {
  unsigned line = 1;
  std::size_t line_start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_size(text.substr(at));
    if (size == 0 || is_forbidden(text[at])) {
      const auto byte = static_cast<unsigned char>(text[at]);
      const Position where{std::string(file), line, static_cast<unsigned>(at - line_start) + 1};
      faults.add(where,
                 size == 0 ? fmt::format("byte 0x{:02X} is not UTF-8; save the file as UTF-8", byte)
                           : fmt::format("control character 0x{:02X}; a YAML file is text", byte));
      return false;
    }
    at += size;
    if (text[at - size] == '\n') {
      ++line;
      line_start = at;
    }
  }
  return true;
}

/// What yaml-cpp's shorter complaints mostly come from.
std::string_view hint(std::string_view complaint) {
  const std::array<std::pair<std::string_view, std::string_view>, 4> hints = {{
      {YAML::ErrorMsg::MAP_VALUE, "; quote text that holds ': ', indent with blanks, not tabs"},
      {YAML::ErrorMsg::END_OF_MAP, "; check the indentation and quotes of this line"},
      {YAML::ErrorMsg::END_OF_SEQ, "; check the indentation and quotes of this line"},
      {YAML::ErrorMsg::UNKNOWN_TOKEN, "; quote text that starts with such a character"},
  }};
  for (const auto& [start, advice] : hints) {
    if (complaint == start) return advice;
  }
  return "";
}

/// A missing bracket is reported where the list or mapping begins: yaml-cpp notices it far behind.
Fault explain(std::string_view file, const YAML::Exception& error, const Node* unclosed) {
  const bool list = error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW;
  const bool mapping = error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW;
  if ((list || mapping) && unclosed != nullptr) {
    return {unclosed->position(), fmt::format("this {} is not closed; a '{}' or ',' is missing",
                                              list ? "list" : "mapping", list ? ']' : '}')};
  }
  return {place(file, error.mark), fmt::format("YAML: {}{}", error.msg, hint(error.msg))};
}

bool parse(std::string_view file, std::string_view text, TreeBuilder& builder, Faults& faults) {
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) continue;
    return true;
  } catch (const Refusal& refusal) {
    faults.add(place(file, refusal.mark), refusal.what);
  } catch (const YAML::Exception& error) {
    auto [where, what] = explain(file, error, builder.unclosed());
    faults.add(std::move(where), std::move(what));
  }
  return false;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries_) {
    if (entry.key->text_ == key) return entry.value;
  }
  return nullptr;
}

std::string_view Node::kind_name() const {
  switch (kind_) {
    case NodeKind::kNull:
      return "nothing";
    case NodeKind::kScalar:
      return "text";
    case NodeKind::kSequence:
      return "a list";
    case NodeKind::kMapping:
      return "a mapping";
  }
  return "";
}

std::optional<Document> Document::load_file(const std::string& path, Faults& faults) {
  const auto text = read_text_file(path, kDocumentSizeMax, faults);
  return text ? load_text(path, *text, faults) : std::nullopt;
}

std::optional<Document> Document::load_text(std::string_view name, std::string_view text,
                                            Faults& faults) {
  if (text.size() > kDocumentSizeMax) {
    faults.add({std::string(name)},
               fmt::format("file is {} bytes; at most {} are read", text.size(), kDocumentSizeMax));
    return std::nullopt;
  }
  if (!check_bytes(name, text, faults)) return std::nullopt;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());

  auto memory = std::make_unique<Arena>();
  const std::size_t faults_before = faults.size();
  TreeBuilder builder(memory->keep(name), text, *memory, faults);
  if (!parse(name, text, builder, faults) || faults.size() > faults_before) return std::nullopt;
  return Document(std::move(memory), builder.root());
}

}  // namespace asaemu
