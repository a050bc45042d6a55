#include "model/base/field.hpp"

#include "model/base/assert.hpp"
#include "model/base/characters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace asaemu {

namespace {

struct KindName {
  std::string_view name;
  FieldKind kind;
};

constexpr std::array<KindName, 14> kPlainKinds{{{"ip", FieldKind::kIp},
                                                {"port", FieldKind::kPort},
                                                {"mac", FieldKind::kMac},
                                                {"ifname", FieldKind::kInterface},
                                                {"number", FieldKind::kNumber},
                                                {"spi", FieldKind::kSpi},
                                                {"hex32", FieldKind::kHex32},
                                                {"hex32_lower", FieldKind::kHex32Lower},
                                                {"protocol", FieldKind::kProtocol},
                                                {"protocol_upper", FieldKind::kProtocolUpper},
                                                {"duration", FieldKind::kDuration},
                                                {"activation_key", FieldKind::kActivationKey},
                                                {"word", FieldKind::kWord},
                                                {"text", FieldKind::kText}}};

constexpr auto kPlainNames = [] {
  std::array<std::string_view, kPlainKinds.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kPlainKinds[i].name;
  return names;
}();

/// Longest name the `names` command takes.
constexpr std::size_t kHostNameMax = 63;

bool is_host_char(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
}

template <class Predicate>
std::size_t run_length(std::string_view text, Predicate&& good) {
  std::size_t size = 0;
  while (size < text.size() && good(text[size])) ++size;
  return size;
}

/// A digits-only string is a mistyped address, and a trailing full stop belongs to the sentence.
bool is_host_name(std::string_view text) {
  return text.size() <= kHostNameMax && std::any_of(text.begin(), text.end(), is_letter) &&
         std::all_of(text.begin(), text.end(), is_host_char) && text.back() != '.';
}

bool is_word(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), is_blank);
}

/// Decimal as it is printed: no sign and no leading zero.
std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool padded = text.size() > 1 && text.front() == '0';
  if (error != std::errc{} || end != text.data() + text.size() || padded || value > max) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::uint32_t> parse_hex32(std::string_view text) {
  if (!text.starts_with("0x") || text.size() < 3 || text.size() > 10) return std::nullopt;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<IpProtocol> parse_protocol(std::string_view text, bool upper) {
  if (std::any_of(text.begin(), text.end(), upper ? is_lower : is_upper)) return std::nullopt;
  return IpProtocol::parse(text);
}

/// `h:mm:ss`.
std::optional<SimDuration> parse_hms(std::string_view text) {
  const auto colon = text.find(':');
  const auto tail = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  const bool shaped = tail.size() == 6 && tail[3] == ':' && is_digit(tail[1]) &&
                      is_digit(tail[2]) && is_digit(tail[4]) && is_digit(tail[5]);
  if (!shaped) return std::nullopt;
  constexpr std::uint64_t kMostHours = 2'500'000;  // 285 years, below SimDuration's end
  const auto hours = parse_decimal(text.substr(0, colon), kMostHours);
  const int minutes = (tail[1] - '0') * 10 + (tail[2] - '0');
  const int seconds = (tail[4] - '0') * 10 + (tail[5] - '0');
  if (!hours || minutes > 59 || seconds > 59) return std::nullopt;
  return std::chrono::hours{*hours} + std::chrono::minutes{minutes} + std::chrono::seconds{seconds};
}

/// A parsed value as a field value; nullopt stays nullopt.
template <class T>
std::optional<FieldValue> wrap(const std::optional<T>& value) {
  if (!value) return std::nullopt;
  return FieldValue{*value};
}

template <class To, class From>
std::optional<FieldValue> wrap_as(const std::optional<From>& value) {
  if (!value) return std::nullopt;
  if constexpr (std::same_as<To, Port>) {
    return FieldValue{Port{static_cast<std::uint16_t>(*value)}};
  } else {
    return FieldValue{To{*value}};
  }
}

std::optional<FieldValue> string_if(bool good, std::string_view text) {
  if (!good) return std::nullopt;
  return FieldValue{std::string(text)};
}

bool is_choice(const FieldDef& field, std::string_view text) {
  return std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end();
}

std::optional<FieldValue> parse_optional(const FieldDef& field, std::string_view text) {
  if (text.empty()) return FieldValue{std::string()};
  if (!text.starts_with(field.before)) return std::nullopt;
  text.remove_prefix(field.before.size());
  if (!text.ends_with(field.after)) return std::nullopt;
  text.remove_suffix(field.after.size());
  const bool good = field.kind == FieldKind::kOptionalText ? !text.empty() : is_word(text);
  return string_if(good, text);
}

/// The longest front part that looks like five hex words.
std::size_t match_key(std::string_view text) {
  std::size_t size = 0;
  for (int word = 0; word < 5; ++word) {
    if (word > 0) {
      if (size == text.size() || text[size] != ' ') return 0;
      ++size;
    }
    if (text.substr(size).starts_with("0x")) size += 2;
    const std::size_t digits = run_length(text.substr(size), is_hex_digit);
    if (digits == 0) return 0;
    size += digits;
  }
  return size;
}

std::size_t match_hex32(std::string_view text) {
  if (!text.starts_with("0x")) return 0;
  const std::size_t digits = run_length(text.substr(2, 8), is_hex_digit);
  return digits == 0 ? 0 : 2 + digits;
}

std::size_t match_choice(const FieldDef& field, std::string_view text) {
  std::size_t longest = 0;
  for (const auto& choice : field.choices) {
    if (text.starts_with(choice)) longest = std::max(longest, choice.size());
  }
  return longest;
}

}  // namespace

std::string_view field_kind_name(FieldKind kind) {
  for (const auto& known : kPlainKinds) {
    if (known.kind == kind) return known.name;
  }
  return kind == FieldKind::kOneOf ? "one_of" : "optional";
}

std::optional<FieldKind> parse_field_kind(std::string_view name) {
  for (const auto& known : kPlainKinds) {
    if (known.name == name) return known.kind;
  }
  return std::nullopt;
}

std::span<const std::string_view> field_kind_names() {
  return kPlainNames;
}

std::optional<FieldValue> parse_field(const FieldDef& field, std::string_view text) {
  switch (field.kind) {
    case FieldKind::kIp:
      if (const auto address = IpAddress::parse(text)) return FieldValue{*address};
      return string_if(is_host_name(text), text);
    case FieldKind::kPort:
      return wrap_as<Port>(parse_decimal(text, 0xFFFF));
    case FieldKind::kMac:
      return wrap(MacAddress::parse(text));
    case FieldKind::kInterface:
      return string_if(is_word(text) && text.find(':') == std::string_view::npos, text);
    case FieldKind::kNumber:
      return wrap(parse_decimal(text, ~std::uint64_t{0}));
    case FieldKind::kSpi:
      return wrap_as<Spi>(parse_hex32(text));
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return wrap_as<Hex32>(parse_hex32(text));
    case FieldKind::kProtocol:
      return wrap(parse_protocol(text, false));
    case FieldKind::kProtocolUpper:
      return wrap(parse_protocol(text, true));
    case FieldKind::kDuration:
      return wrap(parse_hms(text));
    case FieldKind::kActivationKey:
      return wrap(ActivationKey::parse(text));
    case FieldKind::kWord:
      return string_if(is_word(text), text);
    case FieldKind::kText:
      return FieldValue{std::string(text)};
    case FieldKind::kOneOf:
      return string_if(is_choice(field, text), text);
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return parse_optional(field, text);
  }
  return std::nullopt;
}

std::optional<FieldValue> field_from_string(const FieldDef& field, std::string_view text) {
  FieldDef plain = field;
  plain.before = {};
  plain.after = {};
  auto value = parse_field(plain, text);
  if (field.kind == FieldKind::kIp && value && std::holds_alternative<std::string>(*value)) {
    return std::nullopt;
  }
  return value;
}

std::string field_to_string(const FieldDef& field, const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  std::array<char, kPrintedValueMax> buffer;
  char* const out = buffer.data();
  char* end = out;
  switch (field.kind) {
    case FieldKind::kIp:
      end = std::get<IpAddress>(value).write(out);
      break;
    case FieldKind::kPort:
      end = write_decimal(out, std::get<Port>(value).value);
      break;
    case FieldKind::kMac:
      end = std::get<MacAddress>(value).write(out);
      break;
    case FieldKind::kNumber:
      end = write_decimal(out, std::get<std::uint64_t>(value));
      break;
    case FieldKind::kSpi:
      end = write_hex(write_text(out, "0x"), std::get<Spi>(value).value, HexCase::kUpper, 8);
      break;
    case FieldKind::kHex32:
      end = write_hex(write_text(out, "0x"), std::get<Hex32>(value).value, HexCase::kUpper);
      break;
    case FieldKind::kHex32Lower:
      end = write_hex(write_text(out, "0x"), std::get<Hex32>(value).value, HexCase::kLower);
      break;
    case FieldKind::kProtocol:
      end = std::get<IpProtocol>(value).write(out, false);
      break;
    case FieldKind::kProtocolUpper:
      end = std::get<IpProtocol>(value).write(out, true);
      break;
    case FieldKind::kDuration:
      end = write_hms(out, std::get<SimDuration>(value) / std::chrono::seconds{1});
      break;
    case FieldKind::kActivationKey:
      end = std::get<ActivationKey>(value).write(out);
      break;
    default:
      ASAEMU_ASSERT(std::holds_alternative<std::string>(value));
  }
  return {out, end};
}

void append_field(const FieldDef& field, const FieldValue& value, std::string& out) {
  const std::string text = field_to_string(field, value);
  const bool optional =
      field.kind == FieldKind::kOptionalWord || field.kind == FieldKind::kOptionalText;
  if (optional && text.empty()) return;
  if (optional) out += field.before;
  out += text;
  if (optional) out += field.after;
}

std::optional<std::size_t> match_length(const FieldDef& field, std::string_view text) {
  switch (field.kind) {
    case FieldKind::kIp:
      return run_length(text.substr(0, kHostNameMax),
                        [](char c) { return is_host_char(c) || c == ':'; });
    case FieldKind::kPort:
      return run_length(text.substr(0, 5), is_digit);
    case FieldKind::kNumber:
      return run_length(text.substr(0, 20), is_digit);
    case FieldKind::kMac:
      return run_length(text.substr(0, 17),
                        [](char c) { return is_hex_digit(c) || c == '.' || c == ':' || c == '-'; });
    case FieldKind::kSpi:
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return match_hex32(text);
    case FieldKind::kProtocol:
      return run_length(text, [](char c) { return is_lower(c) || is_digit(c); });
    case FieldKind::kProtocolUpper:
      return run_length(text, [](char c) { return is_upper(c) || is_digit(c); });
    case FieldKind::kDuration:
      return run_length(text.substr(0, 13), [](char c) { return is_digit(c) || c == ':'; });
    case FieldKind::kActivationKey:
      return match_key(text);
    case FieldKind::kOneOf:
      return match_choice(field, text);
    case FieldKind::kInterface:
    case FieldKind::kWord:
    case FieldKind::kText:
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace asaemu
