#include "emulator/scenario/nearest_command.hpp"

#include "emulator/yaml/nearest.hpp"
#include "model/contract/pattern.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace asaemu {

namespace {

// What it costs to turn a line into a command, word by word.
constexpr unsigned kLoose = 1;           ///< a parameter that any word fits
constexpr unsigned kMisspelt = 2;        ///< a keyword that is near
constexpr unsigned kMalformed = 3;       ///< a parameter of the wrong form
constexpr unsigned kMissingValue = 2;    ///< a parameter that the line lacks
constexpr unsigned kMissingKeyword = 3;  ///< a keyword that the line lacks
constexpr unsigned kSurplus = 4;         ///< a word of the line that the pattern lacks
constexpr unsigned kForeign = 6;         ///< another keyword
/// Words of a line that are looked at, so that the cost of a fault is bounded.
constexpr std::size_t kWordsMax = 16;

using Words = std::vector<std::string_view>;
using Atoms = std::vector<Grammar::Atom>;

Words words_of(std::string_view line) {
  Words words;
  while (words.size() < kWordsMax) {
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

unsigned keyword_cost(std::string_view word, std::string_view keyword) {
  if (keyword.starts_with(word)) return 0;
  return nearest_name(word, std::span(&keyword, 1)) ? kMisspelt : kForeign;
}

unsigned cost(std::string_view word, const Grammar::Atom& atom) {
  using Kind = Grammar::Parameter::Kind;
  if (!atom.keyword.empty()) return keyword_cost(word, atom.keyword);
  const bool digits = word.find_first_not_of("0123456789") == std::string_view::npos;
  switch (atom.parameter.kind) {
    case Kind::kIp:
      return IpAddress::parse(word) ? 0 : kMalformed;
    case Kind::kPort:
    case Kind::kNumber:
      return digits ? 0 : kMalformed;
    case Kind::kInterface:
      return canonical_interface(word) ? 0 : kMalformed;
    case Kind::kMac:
      return MacAddress::parse(word) ? 0 : kMalformed;
    case Kind::kLevel:
      return parse_severity(word) ? 0 : kMalformed;
    case Kind::kProtocol:
      return IpProtocol::parse(word) ? 0 : kMalformed;
    case Kind::kWord:
    case Kind::kLine:
    case Kind::kNameif:
      break;
  }
  return kLoose;
}

unsigned missing_cost(const Grammar::Atom& atom) {
  return atom.keyword.empty() ? kMissingValue : kMissingKeyword;
}

/// The least cost of turning the line into this sequence of atoms.
unsigned distance(const Words& words, const Atoms& atoms) {
  const bool takes_rest =
      !atoms.empty() && atoms.back().parameter.kind == Grammar::Parameter::Kind::kLine;
  std::vector<unsigned> row(atoms.size() + 1);
  for (std::size_t j = 1; j <= atoms.size(); ++j) row[j] = row[j - 1] + missing_cost(atoms[j - 1]);
  for (const std::string_view word : words) {
    unsigned diagonal = row[0];
    row[0] += kSurplus;
    for (std::size_t j = 1; j <= atoms.size(); ++j) {
      const bool rest = takes_rest && j == atoms.size();
      const unsigned best =
          std::min({diagonal + cost(word, atoms[j - 1]), row[j - 1] + missing_cost(atoms[j - 1]),
                    row[j] + (rest ? 0 : kSurplus)});
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[atoms.size()];
}

/// How many words of the line are the keywords that the command begins with, or near them.
std::size_t words_in_common(const Words& words, const Atoms& atoms) {
  std::size_t count = 0;
  while (count < std::min(words.size(), atoms.size()) && !atoms[count].keyword.empty() &&
         keyword_cost(words[count], atoms[count].keyword) <= kMisspelt) {
    ++count;
  }
  return count;
}

/// The nearest command that begins like the line, with the most words alike, and behind them the least
/// cost; nullptr if none does. `no` alone is no likeness.
const Command* nearest(const Grammar& grammar, std::span<const Mode> modes, const Words& words) {
  const Command* found = nullptr;
  std::size_t most = words.front() == "no" ? 2 : 1;
  unsigned least = 0;
  for (const Command& command : grammar.commands()) {
    if (std::ranges::find(modes, command.mode) == modes.end()) continue;
    for (const Atoms& atoms : expand_pattern(command.pattern)) {
      const std::size_t alike = words_in_common(words, atoms);
      if (alike < most) continue;
      const unsigned cost = distance(words, atoms);
      if (found != nullptr && alike == most && cost >= least) continue;
      most = alike;
      least = cost;
      found = &command;
    }
  }
  return found;
}

std::set<std::string> first_words(const Grammar& grammar, std::span<const Mode> modes) {
  std::set<std::string> words;
  for (const Command& command : grammar.commands()) {
    if (std::ranges::find(modes, command.mode) == modes.end()) continue;
    for (const Atoms& atoms : expand_pattern(command.pattern)) words.insert(atoms.front().keyword);
  }
  return words;
}

}  // namespace

std::string command_advice(const Grammar& grammar, std::span<const Mode> modes,
                           std::string_view line) {
  const Words words = words_of(line);
  if (words.empty()) return "";
  const bool configures = std::ranges::find(modes, kConfigMode) != modes.end();
  if (!configures &&
      std::holds_alternative<ParsedCommand>(grammar.parse(kConfigMode, line, nullptr))) {
    return "; it is a configuration command, type 'configure terminal' before it";
  }
  for (const Mode mode : modes) {
    if (std::holds_alternative<ParsedCommand>(grammar.parse(mode, line, nullptr))) {
      return "; it names an interface (nameif) that there is not";
    }
  }
  if (const Command* command = nearest(grammar, modes, words)) {
    return fmt::format("; the nearest command is '{}'", command->pattern);
  }
  return fmt::format("; commands here begin with {}",
                     fmt::join(first_words(grammar, modes.first(1)), ", "));
}

}  // namespace asaemu
