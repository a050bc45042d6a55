#include "emulator/cli/corpus_command.hpp"

#include "emulator/corpus/corpus.hpp"
#include "emulator/scenario/scope.hpp"
#include "emulator/verify/json_line.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace asaemu {

namespace {

struct Given {
  CorpusOptions options;
  std::string release;
  bool all = false;
  bool lines_only = false;
};

/// Complains about families that do not exist.
bool check_families(const Catalogue& catalogue, const std::vector<std::string>& wanted) {
  std::vector<std::string_view> families;
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    const auto family = catalogue.at(i).def().family;
    if (std::ranges::find(families, family) == families.end()) families.push_back(family);
  }
  bool good = true;
  for (const auto& name : wanted) {
    if (std::ranges::find(families, name) != families.end()) continue;
    good = false;
    spdlog::error("--family: there is no family {}{}", asaemu::quoted(name),
                  suggest(name, families, "`asaemu messages --json` has them as subsystem"));
  }
  return good;
}

int run(Given given, const Globals& globals) {
  const auto catalogue = load_catalogue(globals);
  if (!catalogue) return kExitBadInput;
  bool good = check_families(*catalogue, given.options.families);
  if (given.all && !given.options.families.empty()) {
    good = false;
    spdlog::error("--all and --family exclude each other");
  }
  if (!given.release.empty()) {
    given.options.release = Release::parse(given.release);
    if (!given.options.release) {
      good = false;
      spdlog::error("--release: {} is no release; one looks like 9.14 or 9.8(2)32",
                    asaemu::quoted(given.release));
    }
  }
  if (!good) return kExitBadInput;
  make_corpus(*catalogue, given.options, [&given](const CorpusLine& line) {
    if (!given.lines_only) {
      fmt::print("{}\n", line);
      return;
    }
    const auto first = JsonLine(line).next();
    fmt::print("{}\n", json_string(first ? first->raw : std::string_view()).value_or(""));
  });
  return kExitDone;
}

}  // namespace

void add_corpus_command(CLI::App& app, const Globals& globals, int& exit_code) {
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand(
      "corpus", "Print sample lines of every message with the fields that a parser must find");
  command->add_flag("--all", given->all, "All families, which is the default too");
  command->add_option("--family", given->options.families, "Only these families, such as shun");
  command->add_option("--release", given->release,
                      "Only what a device of this release prints; all wordings if left out");
  command
      ->add_option("--samples", given->options.samples,
                   "Samples of each wording (default 3); words that a field chooses from take "
                   "one each")
      ->check(CLI::Range(1U, kCorpusSamplesMax));
  command->add_option("--seed", given->options.seed, "Another choice of values (default 1)")
      ->check(check_seed);
  command->add_flag("--lines-only", given->lines_only, "Only the lines, without the JSON");
  command->callback([given, &globals, &exit_code] { exit_code = run(*given, globals); });
}

}  // namespace asaemu
