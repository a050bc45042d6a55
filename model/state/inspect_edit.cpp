#include "model/state/inspect_edit.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

bool has_inspection_maps(std::string_view protocol) {
  static constexpr auto kProtocols = std::to_array<std::string_view>({"dcerpc",
                                                                      "diameter",
                                                                      "dns",
                                                                      "esmtp",
                                                                      "ftp",
                                                                      "gtp",
                                                                      "h323",
                                                                      "http",
                                                                      "im",
                                                                      "ils",
                                                                      "ipv6",
                                                                      "ip-options",
                                                                      "lisp",
                                                                      "m3ua",
                                                                      "mgcp",
                                                                      "netbios",
                                                                      "rtsp",
                                                                      "scansafe",
                                                                      "ipsec-pass-thru",
                                                                      "sctp",
                                                                      "sip",
                                                                      "skinny",
                                                                      "snmp",
                                                                      "sunrpc",
                                                                      "waas",
                                                                      "radius-accounting"});
  return std::ranges::find(kProtocols, protocol) != kProtocols.end();
}

bool remove_regex(InspectMaps& maps, std::string_view name) {
  return std::erase_if(maps.regexes, [&](const NamedRegex& each) { return each.name == name; }) > 0;
}

bool remove_regex_class(InspectMaps& maps, std::string_view name) {
  return std::erase_if(maps.regex_classes,
                       [&](const RegexClass& each) { return each.name == name; }) > 0;
}

bool remove_class(InspectMaps& maps, std::string_view protocol, std::string_view name) {
  return std::erase_if(maps.classes, [&](const InspectClass& each) {
           return each.name == name && each.protocol == protocol;
         }) > 0;
}

bool remove_match(InspectClass& inspect_class, std::string_view text) {
  return std::erase_if(inspect_class.matches,
                       [&](const InspectMatch& each) { return each.text() == text; }) > 0;
}

bool remove_entry(InspectPolicy& policy, std::string_view class_map, std::string_view text) {
  return std::erase_if(policy.entries, [&](const InspectEntry& each) {
           if (each.class_map != class_map) return false;
           return !class_map.empty() || each.match.text() == text;
         }) > 0;
}

bool put_parameter(InspectPolicy& policy, const LineWords& words, std::size_t key_words) {
  const bool is_keyed = key_words <= words.size();
  const auto key = std::span(words).first(std::min(key_words, words.size()));
  LineWords negated{"no"};
  negated.insert(negated.end(), words.begin(), words.end());
  std::erase_if(policy.parameters, [&](const LineWords& other) {
    return other == negated || (is_keyed ? starts_with(other, key) : other == words);
  });
  if (policy.parameters.size() == InspectMaps::kLineBound) return false;
  policy.parameters.push_back(words);
  return true;
}

bool remove_parameters(InspectPolicy& policy, const LineWords& words) {
  return std::erase_if(policy.parameters,
                       [&](const LineWords& other) { return starts_with(other, words); }) > 0;
}

}  // namespace asaemu
