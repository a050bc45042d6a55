// A message's fields: their domain types, how each lies in memory, prints, parses and samples
// itself.
#pragma once

#include "model/base/ip_address.hpp"
#include "model/base/random.hpp"
#include "model/base/time.hpp"
#include "model/base/values.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace asaemu {

/// The domain types of the catalogue; field_kind_name() gives each one's name in templates/*.yaml.
enum class FieldKind : std::uint8_t {
  kIp,
  kPort,
  kMac,
  kInterface,
  kNumber,
  kSpi,
  kHex32,
  kHex32Lower,
  kProtocol,
  kProtocolUpper,
  kDuration,
  kActivationKey,
  kWord,
  kText,
  kOneOf,         ///< one of FieldDef::choices, stored as its index
  kOptionalWord,  ///< prints nothing when empty, else before + value + after
  kOptionalText,
};

/// `ip`, `port`, …; `one_of` and `optional` for the kinds that a mapping describes.
std::string_view field_kind_name(FieldKind kind);

/// The kind a plain name stands for; nullopt for unknown names, `one_of` and `optional`.
std::optional<FieldKind> parse_field_kind(std::string_view name);

/// All plain names, for "did you mean".
std::span<const std::string_view> field_kind_names();

/// A field as the catalogue declares it. Views into the catalogue's own storage.
struct FieldDef {
  std::string_view name;
  FieldKind kind = FieldKind::kText;
  std::span<const std::string_view> choices = {};  ///< kOneOf only
  std::string_view before = {};                    ///< optional kinds only
  std::string_view after = {};
};

/// Size and alignment of a kind's C++ representation, for laying out a message struct.
constexpr std::size_t field_size(FieldKind kind) {
  switch (kind) {
    case FieldKind::kIp:
      return sizeof(IpAddress);
    case FieldKind::kPort:
      return sizeof(Port);
    case FieldKind::kMac:
      return sizeof(MacAddress);
    case FieldKind::kNumber:
      return sizeof(std::uint64_t);
    case FieldKind::kSpi:
      return sizeof(Spi);
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return sizeof(Hex32);
    case FieldKind::kProtocol:
    case FieldKind::kProtocolUpper:
      return sizeof(IpProtocol);
    case FieldKind::kDuration:
      return sizeof(SimDuration);
    case FieldKind::kActivationKey:
      return sizeof(ActivationKey);
    case FieldKind::kOneOf:
      return sizeof(std::uint8_t);
    case FieldKind::kInterface:
    case FieldKind::kWord:
    case FieldKind::kText:
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return sizeof(std::string_view);
  }
  return 0;
}

constexpr std::size_t field_alignment(FieldKind kind) {
  switch (kind) {
    case FieldKind::kPort:
      return alignof(Port);
    case FieldKind::kSpi:
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
    case FieldKind::kActivationKey:
      return alignof(std::uint32_t);
    case FieldKind::kProtocol:
    case FieldKind::kProtocolUpper:
    case FieldKind::kOneOf:
      return 1;
    default:
      return 8;
  }
}

/// Where field `index` of a struct with these kinds lies; with `index` = size, the end of the last
/// field.
constexpr std::size_t field_offset(std::span<const FieldKind> kinds, std::size_t index) {
  std::size_t at = 0;
  for (std::size_t i = 0; i <= index && i < kinds.size(); ++i) {
    const std::size_t alignment = field_alignment(kinds[i]);
    at = (at + alignment - 1) / alignment * alignment;
    if (i == index) return at;
    at += field_size(kinds[i]);
  }
  return at;
}

/// What a field of type T takes: exactly its own type, any unsigned integer for numbers, any string
/// for strings.
template <class Given, class T>
concept FillsField = std::same_as<std::remove_cvref_t<Given>, T> ||
                     (std::unsigned_integral<std::remove_cvref_t<Given>> &&
                      !std::same_as<std::remove_cvref_t<Given>, bool> &&
                      std::same_as<T, std::uint64_t>) ||
                     (std::same_as<T, std::string_view> &&
                      std::convertible_to<Given, std::string_view>);

/// A field of a generated message struct. It has no default, so a message with a field left out
/// does not compile; it takes nothing but what fills it, so a mistyped field does not compile
/// either.
template <class T>
struct Required {
  Required() = delete;
  // Implicit, so that a message reads as a list of its values; a Required does not fill a Required
  // of itself, so no copy goes through here.
  template <FillsField<T> Given>
  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload)
  constexpr Required(Given&& given) : value(std::forward<Given>(given)) {}

  T value;
};

/// A field's value when its type is known only at run time (templates overlay, `emit:`, parsed
/// lines). An address that was printed as a name (`names` command) is a std::string.
using FieldValue = std::variant<IpAddress, Port, MacAddress, std::uint64_t, Spi, Hex32, IpProtocol,
                                SimDuration, ActivationKey, std::string>;

/// Reads a value of this field's type from the whole of `text`, as append_field() prints it; an
/// optional value with its surroundings. Beyond what is printed it takes hex digits of either case
/// and SPIs without zero padding (older devices), and for an address a host name (`names` command).
/// One-of values and all strings are std::string. nullopt if it is not of the type.
std::optional<FieldValue> parse_field(const FieldDef& field, std::string_view text);

/// The inverse of field_to_string(), for values that authors write: an optional value stands
/// without its surroundings, and an address is an address, because a message struct cannot hold a
/// host name.
std::optional<FieldValue> field_from_string(const FieldDef& field, std::string_view text);

/// Appends the value as this field prints it. The value must be of the type parse_field() gives.
void append_field(const FieldDef& field, const FieldValue& value, std::string& out);

/// The value as plain text, without an optional field's surroundings: for JSON and tables.
std::string field_to_string(const FieldDef& field, const FieldValue& value);

/// A plausible value, the same for the same stream.
FieldValue sample_field(const FieldDef& field, RandomStream& random);

/// The longest front part of `text` that could be this fixed-grammar value (0 if none);
/// parse_field() has the last word on it. For kinds that end where the next literal begins (words,
/// texts, interface names, optional) the result is nullopt.
std::optional<std::size_t> match_length(const FieldDef& field, std::string_view text);

}  // namespace asaemu
