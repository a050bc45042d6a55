#include "model/state/h323_rules.hpp"

#include "model/base/field.hpp"

#include <array>

namespace asaemu {

namespace {

constexpr SimDuration kCallLimitMax = std::chrono::hours(1163);  // ASA command reference

/// Ranks of criteria: SETUP tells the numbers before any channel is opened.
constexpr std::uint16_t kPartyRank = 0;
constexpr std::uint16_t kMediaRank = 1;

std::optional<SimDuration> call_limit(std::string_view word) {
  const auto value = parse_field({.name = "limit", .kind = FieldKind::kDuration}, word);
  if (!value) return std::nullopt;
  const auto limit = std::get<SimDuration>(*value);
  return limit <= kCallLimitMax ? std::optional(limit) : std::nullopt;
}

bool is_media_type(std::string_view word) {
  return word == "audio" || word == "video" || word == "data";
}

}  // namespace

H323Rules h323_rules(const InspectPolicy* map) {
  H323Rules rules;
  if (map == nullptr) return rules;
  for (const LineWords& words : map->parameters) {
    const auto is = [&](std::size_t place, std::string_view word) {
      return words.size() > place && words[place] == word;
    };
    if (is(0, "rtp-conformance")) {
      rules.checks_rtp = true;
      rules.enforces_payload_type = is(1, "enforce-payloadtype");
    }
    rules.blocks_tunnel =
        rules.blocks_tunnel || (is(0, "h245-tunnel-block") && is(2, "drop-connection"));
    rules.checks_h225 = rules.checks_h225 || (is(0, "state-checking") && is(1, "h225"));
    rules.checks_ras = rules.checks_ras || (is(0, "state-checking") && is(1, "ras"));
    rules.takes_early_facility =
        rules.takes_early_facility || (is(0, "early-message") && is(1, "facility"));
    rules.opens_registered = rules.opens_registered || is(0, "ras-rcf-pinholes");
    rules.wants_parties = rules.wants_parties || is(0, "call-party-number");
    if (is(0, "call-duration-limit") && words.size() > 1) {
      rules.call_limit = call_limit(words[1]).value_or(SimDuration{});
    }
  }
  return rules;
}

InspectLineAnswer answer_h323_match(const LineWords& words, const InspectMaps& maps) {
  InspectLineAnswer answer;
  const std::string& criterion = words.front();
  if (criterion == "media-type") {
    answer.is_refused = words.size() != 2 || !is_media_type(words[1]);
    answer.rank = kMediaRank;
    return answer;
  }
  const bool is_party = criterion == "called-party" || criterion == "calling-party";
  answer.is_refused =
      !is_party || words.size() < 3 || words[1] != "regex" || !maps.knows_regex(words, 2);
  answer.rank = kPartyRank;
  return answer;
}

InspectLineAnswer answer_h323_parameter(const LineWords& words) {
  struct Line {
    std::string_view first;
    std::string_view second;  ///< empty if there is none
    std::size_t key_words;
  };
  static constexpr auto kLines = std::to_array<Line>({{"rtp-conformance", "", 1},
                                                      {"rtp-conformance", "enforce-payloadtype", 1},
                                                      {"state-checking", "h225", 2},
                                                      {"state-checking", "ras", 2},
                                                      {"early-message", "facility", 2},
                                                      {"ras-rcf-pinholes", "enable", 1},
                                                      {"call-party-number", "", 1}});
  InspectLineAnswer answer;
  for (const Line& line : kLines) {
    const std::size_t size = line.second.empty() ? 1 : 2;
    if (words.front() != line.first || words.size() != size) continue;
    if (size == 2 && words[1] != line.second) continue;
    answer.key_words = line.key_words;
    return answer;
  }
  answer.key_words = 1;
  const bool is_limit = words.front() == "call-duration-limit";
  const bool is_tunnel = words.front() == "h245-tunnel-block" && words.size() == 3 &&
                         words[1] == "action" &&
                         (words[2] == "drop-connection" || words[2] == "log");
  answer.is_refused = !is_tunnel && !(is_limit && words.size() == 2 && call_limit(words[1]));
  return answer;
}

}  // namespace asaemu
