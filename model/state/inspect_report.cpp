#include "model/state/inspect_report.hpp"

#include <fmt/format.h>

#include <iterator>

namespace asaemu {

std::string describe_regexes(const InspectMaps& maps) {
  std::string text;
  for (const NamedRegex& each : maps.regexes) {
    fmt::format_to(std::back_inserter(text), "regex {} \"{}\"\n", each.name, each.pattern);
  }
  return text;
}

std::string describe_regex_classes(const InspectMaps& maps) {
  std::string text;
  for (const RegexClass& each : maps.regex_classes) {
    text += fmt::format("class-map type regex match-any {}\n", each.name);
    for (const auto& name : each.regexes) text += fmt::format(" match regex {}\n", name);
  }
  return text;
}

std::string describe_classes(const InspectMaps& maps, std::string_view protocol) {
  std::string text;
  for (const InspectClass& each : maps.classes) {
    if (!protocol.empty() && each.protocol != protocol) continue;
    text += fmt::format("class-map type inspect {} {} {}\n", each.protocol,
                        each.is_match_any ? "match-any" : "match-all", each.name);
    for (const InspectMatch& match : each.matches) text += fmt::format(" {}\n", match.text());
  }
  return text;
}

std::string describe_policies(const InspectMaps& maps, std::string_view protocol,
                              std::string_view name) {
  std::string text;
  for (const InspectPolicy& policy : maps.policies) {
    if (!protocol.empty() && policy.protocol != protocol) continue;
    if (!name.empty() && policy.name != name) continue;
    text += fmt::format("policy-map type inspect {} {}\n", policy.protocol, policy.name);
    if (!policy.description.empty()) text += fmt::format(" description {}\n", policy.description);
    text += " parameters\n";
    for (const LineWords& line : policy.parameters) text += fmt::format("  {}\n", join_words(line));
    for (const InspectEntry& entry : policy.entries) {
      text += fmt::format(
          " {}\n", entry.class_map.empty() ? entry.match.text() : "class " + entry.class_map);
      for (const LineWords& line : entry.actions.lines) {
        text += fmt::format("  {}\n", join_words(line));
      }
    }
  }
  return text;
}

}  // namespace asaemu
