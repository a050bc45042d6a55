#include "model/state/radius_rules.hpp"

#include "model/base/field.hpp"

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

constexpr std::uint8_t kLastAttribute = 191;  // syslog guide, 405301

/// An attribute number, 1 to 191.
std::optional<std::uint8_t> attribute_number(std::string_view word) {
  std::uint8_t number = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, number);
  const bool is_number = error == std::errc{} && rest == end;
  return is_number && number >= 1 && number <= kLastAttribute ? std::optional(number)
                                                              : std::nullopt;
}

std::optional<SimDuration> duration(std::string_view word) {
  const auto value = parse_field({.name = "timeout", .kind = FieldKind::kDuration}, word);
  return value ? std::optional(std::get<SimDuration>(*value)) : std::nullopt;
}

}  // namespace

const RadiusRules::Host* RadiusRules::find(const IpAddress& address) const {
  const auto found = std::ranges::find(hosts, address, &Host::address);
  return found == hosts.end() ? nullptr : &*found;
}

RadiusRules radius_rules(const InspectPolicy* map) {
  RadiusRules rules;
  if (map == nullptr) return rules;
  for (const LineWords& words : map->parameters) {
    const auto word = [&](std::size_t place) {
      return words.size() > place ? std::string_view(words[place]) : std::string_view();
    };
    if (word(0) == "host") {
      if (const auto address = IpAddress::parse(word(1))) {
        rules.hosts.push_back({*address, std::string(word(3))});
      }
    }
    if (word(0) == "validate-attribute") {
      if (const auto number = attribute_number(word(1))) rules.validated.push_back(*number);
    }
    if (word(0) == "timeout") rules.user_timeout = duration(word(2)).value_or(rules.user_timeout);
    rules.sends_response = rules.sends_response || word(0) == "send";
    rules.is_gprs = rules.is_gprs || word(0) == "enable";
  }
  return rules;
}

InspectLineAnswer answer_radius_parameter(const LineWords& words) {
  InspectLineAnswer answer;
  const auto is = [&](std::size_t place, std::string_view word) {
    return words.size() > place && words[place] == word;
  };
  if (is(0, "host")) {
    const bool has_key = words.size() == 4 && is(2, "key");
    answer.is_refused =
        words.size() < 2 || !IpAddress::parse(words[1]) || (words.size() != 2 && !has_key);
    answer.key_words = 2;
  } else if (is(0, "validate-attribute")) {
    answer.is_refused = words.size() != 2 || !attribute_number(words[1]);
  } else if (is(0, "timeout")) {
    answer.is_refused = words.size() != 3 || !is(1, "users") || !duration(words[2]);
    answer.key_words = 2;
  } else {
    const bool is_known = words.size() == 2 && ((is(0, "send") && is(1, "response")) ||
                                                (is(0, "enable") && is(1, "gprs")));
    answer.is_refused = !is_known;
  }
  return answer;
}

RadiusAttributes::RadiusAttributes(std::string_view text) {
  while (!text.empty() && attributes_.size() < kBound) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const auto equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    if (const auto number = attribute_number(item.substr(0, equals))) {
      attributes_.push_back({*number, std::string(item.substr(equals + 1))});
    }
  }
}

std::string_view RadiusAttributes::value_of(std::uint8_t number) const {
  const auto found = std::ranges::find(attributes_, number, &Attribute::number);
  return found == attributes_.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace asaemu
