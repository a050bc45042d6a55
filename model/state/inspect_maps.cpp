#include "model/state/inspect_maps.hpp"

#include "model/base/assert.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <numeric>

namespace asaemu {

namespace {

/// Actions of which a line replaces the others.
constexpr auto kExclusive =
    std::to_array<std::string_view>({"drop", "drop-connection", "reset", "mask", "log"});

bool is_exclusive(std::string_view word) {
  return std::ranges::find(kExclusive, word) != kExclusive.end();
}

template <class All>
auto* find_of_protocol(All& all, std::string_view protocol, std::string_view name) {
  const auto found = std::ranges::find_if(
      all, [&](const auto& each) { return each.name == name && each.protocol == protocol; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

bool starts_with(const LineWords& line, std::span<const std::string> words) {
  return line.size() >= words.size() && std::equal(words.begin(), words.end(), line.begin());
}

std::string join_words(const LineWords& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

LineWords split_words(std::string_view line) {
  LineWords words;
  std::string word;
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') is_quoted = !is_quoted;
    if (c != ' ' || is_quoted) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::string InspectMatch::text() const {
  return fmt::format("match {}{}", is_negated ? "not " : "", join_words(words));
}

void InspectActions::set(LineWords line) {
  std::erase_if(lines, [&](const LineWords& each) {
    return each.front() == line.front() ||
           (is_exclusive(each.front()) && is_exclusive(line.front()));
  });
  ASAEMU_ASSERT(lines.size() < kBound);
  lines.push_back(std::move(line));
}

bool InspectActions::remove(std::string_view word) {
  return std::erase_if(lines, [&](const LineWords& each) { return each.front() == word; }) > 0;
}

InspectActions::Fate InspectActions::fate() const {
  Fate worst = Fate::kPass;
  for (const LineWords& line : lines) {
    if (line.front() == "reset") return Fate::kReset;
    if (line.front() == "drop-connection") worst = std::max(worst, Fate::kDropConnection);
    if (line.front() == "drop") worst = std::max(worst, Fate::kDropPacket);
  }
  return worst;
}

bool InspectActions::logs() const {
  return std::ranges::any_of(
      lines, [](const LineWords& line) { return std::ranges::find(line, "log") != line.end(); });
}

const LineWords* InspectActions::find(std::string_view word) const {
  const auto found =
      std::ranges::find_if(lines, [&](const LineWords& line) { return line.front() == word; });
  return found == lines.end() ? nullptr : &*found;
}

std::string InspectEntry::matched_string() const {
  return class_map.empty() ? match.text() : class_string();
}

std::string InspectEntry::class_string() const {
  return fmt::format("Class {}: {}", id, class_map.empty() ? match.text() : class_map);
}

const LineWords* InspectPolicy::parameter(std::span<const std::string_view> begin) const {
  const auto found =
      std::find_if(parameters.rbegin(), parameters.rend(), [&](const LineWords& line) {
        return line.size() >= begin.size() && std::equal(begin.begin(), begin.end(), line.begin());
      });
  return found == parameters.rend() ? nullptr : &*found;
}

const NamedRegex* InspectMaps::find_regex(std::string_view name) const {
  const auto found = std::ranges::find(regexes, name, &NamedRegex::name);
  return found == regexes.end() ? nullptr : &*found;
}

const RegexClass* InspectMaps::find_regex_class(std::string_view name) const {
  const auto found = std::ranges::find(regex_classes, name, &RegexClass::name);
  return found == regex_classes.end() ? nullptr : &*found;
}

InspectClass* InspectMaps::find_class(std::string_view protocol, std::string_view name) {
  return find_of_protocol(classes, protocol, name);
}
const InspectClass* InspectMaps::find_class(std::string_view protocol,
                                            std::string_view name) const {
  return find_of_protocol(classes, protocol, name);
}
InspectPolicy* InspectMaps::find_policy(std::string_view protocol, std::string_view name) {
  return find_of_protocol(policies, protocol, name);
}
const InspectPolicy* InspectMaps::find_policy(std::string_view protocol,
                                              std::string_view name) const {
  return find_of_protocol(policies, protocol, name);
}

std::uint16_t InspectMaps::rank_of(const InspectPolicy& policy, const InspectEntry& entry) const {
  if (entry.class_map.empty()) return entry.match.rank;
  const InspectClass* inspect_class = find_class(policy.protocol, entry.class_map);
  std::uint16_t rank = 0;
  if (inspect_class == nullptr) return rank;
  for (const InspectMatch& match : inspect_class->matches) rank = std::max(rank, match.rank);
  return rank;
}

void InspectMaps::settle() {
  for (InspectPolicy& policy : policies) {
    policy.order.resize(policy.entries.size());
    std::iota(policy.order.begin(), policy.order.end(), std::uint16_t{0});
    std::ranges::stable_sort(policy.order, {}, [&](std::uint16_t place) {
      return rank_of(policy, policy.entries[place]);
    });
  }
}

bool InspectMaps::regex_finds(const LineWords& words, std::size_t from,
                              std::string_view text) const {
  const auto finds = [&](const std::string& name) {
    const NamedRegex* regex = find_regex(name);
    return regex != nullptr && regex->regex.finds_in(text);
  };
  if (from >= words.size()) return false;
  if (words[from] != "class") return finds(words[from]);
  const RegexClass* regex_class =
      from + 1 < words.size() ? find_regex_class(words[from + 1]) : nullptr;
  return regex_class != nullptr && std::ranges::any_of(regex_class->regexes, finds);
}

bool InspectMaps::names(std::initializer_list<std::string_view> words) const {
  const auto ends_so = [&](const InspectMatch& match) {
    return match.words.size() >= words.size() &&
           std::equal(words.begin(), words.end(),
                      match.words.end() - static_cast<std::ptrdiff_t>(words.size()));
  };
  return std::ranges::any_of(classes,
                             [&](const InspectClass& each) {
                               return std::ranges::any_of(each.matches, ends_so);
                             }) ||
         std::ranges::any_of(policies, [&](const InspectPolicy& each) {
           return std::ranges::any_of(each.entries, ends_so, &InspectEntry::match);
         });
}

bool InspectMaps::uses_regex(std::string_view name) const {
  return names({"regex", name}) || std::ranges::any_of(regex_classes, [&](const RegexClass& each) {
           return std::ranges::find(each.regexes, name) != each.regexes.end();
         });
}

bool InspectMaps::uses_regex_class(std::string_view name) const {
  return names({"regex", "class", name});
}

bool InspectMaps::uses_class(std::string_view protocol, std::string_view name) const {
  return std::ranges::any_of(policies, [&](const InspectPolicy& policy) {
    return policy.protocol == protocol &&
           std::ranges::find(policy.entries, name, &InspectEntry::class_map) !=
               policy.entries.end();
  });
}

bool InspectMaps::knows_regex(const LineWords& words, std::size_t from) const {
  if (from + 1 == words.size()) return find_regex(words[from]) != nullptr;
  return from + 2 == words.size() && words[from] == "class" &&
         find_regex_class(words[from + 1]) != nullptr;
}

}  // namespace asaemu
