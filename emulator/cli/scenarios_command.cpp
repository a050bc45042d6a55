#include "emulator/cli/scenarios_command.hpp"

#include "emulator/cli/commands.hpp"
#include "emulator/scenario/scope.hpp"
#include "emulator/scenario/sources.hpp"
#include "emulator/yaml/embedded.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace asaemu {

namespace {

/// The summary, and the tags in brackets.
std::string describe(const EmbeddedFile& file) {
  Faults faults;
  const auto document = Document::load_text(file.name, file.text, faults);
  if (!document) return {};
  std::string text;
  if (const Node* summary = document->root().find("summary")) text = summary->text();
  const Node* tags = document->root().find("tags");
  if (tags == nullptr || tags->items().empty()) return text;
  std::vector<std::string_view> words;
  for (const Node* tag : tags->items()) words.push_back(tag->text());
  return fmt::format("{} [{}]", text, fmt::join(words, ", "));
}

/// One line a scenario, names first, their summaries under each other. Parts can be printed but not
/// run.
void list_all() {
  const auto names = shipped_names();
  std::size_t width = 0;
  for (const auto name : names) width = std::max(width, name.size());
  for (const EmbeddedFile& file : embedded_scenarios()) {
    if (std::ranges::find(names, file.name) == names.end()) continue;
    fmt::print("{:<{}}  {}\n", file.name, width, describe(file));
  }
}

int print_one(const std::string& name) {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : embedded_scenarios()) {
    if (file.name == name) {
      fmt::print("{}", file.text);
      return kExitDone;
    }
    names.push_back(file.name);
  }
  spdlog::error("there is no shipped scenario {}{}", asaemu::quoted(name),
                suggest(name, names, "`asaemu scenarios` lists them"));
  return kExitBadInput;
}

}  // namespace

void add_scenarios_command(CLI::App& app, int& exit_code) {
  auto name = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("scenarios", "List the scenarios inside the program, or print one");
  command->add_option("name", *name, "A shipped scenario or part, to print as YAML");
  command->callback([name, &exit_code] {
    exit_code = kExitDone;
    if (name->empty()) {
      list_all();
    } else {
      exit_code = print_one(*name);
    }
  });
}

}  // namespace asaemu
