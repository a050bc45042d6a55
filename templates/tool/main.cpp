// The catalogue's host tool: turns YAML into C++ while building.
//
//   catalogue_tool generate OUTDIR FILE…            catalogue files to headers and data
//   catalogue_tool embed OUT.cpp FUNCTION FILE…     any files to string literals
//
// Exit codes are the program's: 0 done, 2 the input is wrong (nothing is written), 3 a file cannot
// be written.
#include "emulator/yaml/text_file.hpp"
#include "templates/names.hpp"
#include "templates/reader.hpp"
#include "templates/tool/generate.hpp"
#include "templates/tool/literal.hpp"
#include "templates/tool/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace asaemu {
namespace {

namespace fs = std::filesystem;

constexpr int kDone = 0;
constexpr int kWrongInput = 2;
constexpr int kWorldFailed = 3;

int complain(const Faults& faults) {
  fmt::print(stderr, "{}", faults.to_string());
  return kWrongInput;
}

int finish(const std::string& failure) {
  if (failure.empty()) return kDone;
  fmt::print(stderr, "{}\n", failure);
  return kWorldFailed;
}

/// By id, then in the order read: the order of built_in_messages().
std::vector<IndexedMessage> in_order(std::span<const MessageDef> messages) {
  std::vector<IndexedMessage> ordered;
  for (const MessageDef& def : messages) ordered.push_back({def, 0});
  std::ranges::stable_sort(ordered, {}, [](const IndexedMessage& m) { return m.def.id; });
  for (std::size_t i = 0; i < ordered.size(); ++i) ordered[i].index = i;
  return ordered;
}

int generate(const fs::path& folder, std::span<const std::string> files) {
  CatalogueFiles catalogue;
  Faults faults;
  for (const std::string& file : files) catalogue.read_file(file, faults);
  if (catalogue.messages().size() > std::numeric_limits<std::uint16_t>::max()) {
    faults.add({folder.string()}, "more messages than a 16-bit index can count");
  }
  if (!faults.empty()) return complain(faults);

  const auto messages = in_order(catalogue.messages());
  std::map<std::string, std::vector<IndexedMessage>> by_family;
  for (const IndexedMessage& message : messages) {
    by_family[std::string(message.def.family)].push_back(message);
  }
  std::vector<std::string> families;
  std::set<std::string> headers = {"all.hpp"};
  for (const auto& [family, members] : by_family) {
    families.push_back(family);
    headers.insert(family + ".hpp");
    const fs::path header = folder / "messages" / (family + ".hpp");
    const std::string failure = write_if_changed(header, family_header(family, members));
    if (!failure.empty()) return finish(failure);
  }
  std::string failure = write_if_changed(folder / "messages" / "all.hpp", all_header(families));
  if (failure.empty()) failure = remove_others(folder / "messages", headers);
  if (failure.empty()) {
    failure = write_if_changed(folder / "catalogue_data.cpp", catalogue_data(messages));
  }
  return finish(failure);
}

/// The stem; for files of a folder named `parts`, which scenarios include but nobody runs,
/// `parts/<stem>`.
std::string embedded_name(const fs::path& path) {
  const std::string stem = path.stem().string();
  return path.parent_path().filename() == "parts" ? "parts/" + stem : stem;
}

int embed(const fs::path& out, const std::string& function, std::span<const std::string> files) {
  Faults faults;
  std::set<std::string> names;
  std::string entries;
  for (const std::string& file : files) {
    const std::string name = embedded_name(file);
    if (!names.insert(name).second) faults.add({file}, fmt::format("a second file named {}", name));
    const auto text = read_text_file(file, kDocumentSizeMax, faults);
    if (!text) continue;
    entries += fmt::format("    {{{}, std::string_view(\n    {}, {})}},\n", literal(name),
                           literal_lines(*text), text->size());
  }
  if (!is_snake_case(function)) faults.add({function}, "is no name for a function");
  if (!faults.empty()) return complain(faults);

  std::string source =
      "// Generated. Do not edit.\n#include \"emulator/yaml/embedded.hpp\"\n\n"
      "namespace asaemu {\n\n";
  if (!entries.empty()) {
    source += fmt::format("namespace {{\n\nconstexpr EmbeddedFile kFiles[] = {{\n{}}};\n\n}}\n\n",
                          entries);
  }
  source += fmt::format("std::span<const EmbeddedFile> {}() {{ return {}; }}\n\n}}\n", function,
                        entries.empty() ? "{}" : "kFiles");
  return finish(write_if_changed(out, source));
}

int run(std::span<const std::string> arguments) {
  if (arguments.size() >= 3 && arguments[0] == "generate") {
    return generate(arguments[1], arguments.subspan(2));
  }
  if (arguments.size() >= 3 && arguments[0] == "embed") {
    return embed(arguments[1], arguments[2], arguments.subspan(3));
  }
  fmt::print(stderr,
             "usage: catalogue_tool generate OUTDIR FILE...\n"
             "       catalogue_tool embed OUT.cpp FUNCTION [FILE...]\n");
  return kWrongInput;
}

}  // namespace
}  // namespace asaemu

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return asaemu::run(arguments);
}
