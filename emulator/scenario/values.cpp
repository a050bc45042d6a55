#include "emulator/scenario/values.hpp"

#include <fmt/format.h>

#include <charconv>

namespace asaemu {

namespace {

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

/// Seconds in the unit of a rate; 0 if there is no such unit.
double unit_seconds(std::string_view unit) {
  if (unit == "s") return 1;
  if (unit == "m") return 60;
  if (unit == "h") return 3600;
  return unit == "d" ? 86400 : 0;
}

/// Digits with an optional decimal point, nothing else.
std::optional<double> parse_decimal(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) {
    return std::nullopt;
  }
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  return error == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

bool is_negative_duration(std::string_view text) {
  return text.starts_with('-') && parse_duration(text.substr(1)).has_value();
}

std::optional<FieldValue> parse_value(const FieldDef& field, std::string_view text) {
  if (field.kind == FieldKind::kDuration) {
    if (const auto duration = parse_duration(text)) return FieldValue{*duration};
  }
  return field_from_string(field, text);
}

}  // namespace

std::optional<SimDuration> read_duration(const Scope& scope, const Node& node,
                                         std::string_view what) {
  const auto text = scope.text(node, what);
  if (!text) return std::nullopt;
  if (const auto duration = parse_duration(*text)) return duration;
  const char* right =
      "a duration is a number and a unit, such as 90s, 9m30s or 250ms, at most 100 years";
  if (is_negative_duration(*text)) right = "a duration cannot be negative";
  if (parse_decimal(*text)) right = "a duration needs its unit, such as 90s, 9m30s or 250ms";
  scope.complain(node, fmt::format("{} is {}; {}", what, shown(*text), right));
  return std::nullopt;
}

std::optional<std::uint64_t> read_whole(const Scope& scope, const Node& node, std::string_view what,
                                        std::uint64_t low, std::uint64_t high) {
  const auto text = scope.text(node, what);
  if (!text) return std::nullopt;
  const auto value = parse_whole(*text);
  if (value && low <= *value && *value <= high) return value;
  scope.complain(node, fmt::format("{} is {}; a whole number from {} to {} is expected", what,
                                   shown(*text), low, high));
  return std::nullopt;
}

std::optional<double> read_rate(const Scope& scope, const Node& node, std::string_view what) {
  const auto text = scope.text(node, what);
  if (!text) return std::nullopt;
  const auto slash = text->find('/');
  const auto number = parse_decimal(std::string_view(*text).substr(0, slash));
  const double seconds =
      slash == std::string::npos ? 0 : unit_seconds(std::string_view(*text).substr(slash + 1));
  const double rate = number && seconds > 0 ? *number / seconds : -1;
  if (rate >= kRateMin && rate <= kRateMax) return rate;
  std::string right = "a rate is a number a second, minute, hour or day: 20/s, 100/m, 5/h, 2/d";
  if (text->starts_with('-')) right = "a rate cannot be negative";
  if (rate >= 0 && rate < kRateMin) right = "a rate must be at least once a year, 0.003/d";
  if (rate == 0) right = "a rate must be more than 0";
  if (rate > kRateMax) right = fmt::format("a rate can be at most {:.0f}/s", kRateMax);
  scope.complain(node, fmt::format("{} is {}; {}", what, shown(*text), right));
  return std::nullopt;
}

std::string expected_of(const FieldDef& field, std::string_view given) {
  switch (field.kind) {
    case FieldKind::kIp:
      return "; an address is 192.0.2.1 or 2001:db8::1";
    case FieldKind::kPort:
      return "; a port is 0 to 65535";
    case FieldKind::kMac:
      return "; a MAC address is 0016.a421.94ef";
    case FieldKind::kNumber:
      return "; a whole number is expected";
    case FieldKind::kSpi:
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return "; a hexadecimal number such as 0x1F is expected";
    case FieldKind::kProtocol:
      return "; a protocol is tcp, udp, icmp, esp, … or a number from 0 to 255";
    case FieldKind::kProtocolUpper:
      return "; a protocol is TCP, UDP, ICMP, ESP, … or a number from 0 to 255";
    case FieldKind::kDuration:
      return is_negative_duration(given) ? "; a duration cannot be negative"
                                         : "; a duration is 2s, 9m30s or 0:00:02";
    case FieldKind::kActivationKey:
      return "; an activation key is five hexadecimal words with blanks between";
    case FieldKind::kOneOf:
      return suggest(given, field.choices);
    case FieldKind::kInterface:
      return "; an interface's name has no blanks and no colon";
    case FieldKind::kWord:
    case FieldKind::kOptionalWord:
      return "; a word without blanks is expected";
    case FieldKind::kText:
    case FieldKind::kOptionalText:
      break;
  }
  return "";
}

std::optional<FieldValue> read_field(const Scope& scope, const Node& node, const FieldDef& field) {
  const auto text = scope.any_text(node, field.name);
  if (!text) return std::nullopt;
  auto value = parse_value(field, *text);
  if (value) return value;
  const std::string complaint =
      field.kind == FieldKind::kIp
          ? fmt::format("{}: {} is no IP address", field.name, quoted(*text))
          : fmt::format("{} is {}", field.name, shown(*text));
  scope.complain(node, complaint + expected_of(field, *text));
  return std::nullopt;
}

}  // namespace asaemu
