#include "emulator/truth/field_json.hpp"

#include "emulator/truth/json_text.hpp"
#include "model/base/print.hpp"

#include <array>

namespace asaemu {

namespace {

template <class T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class Write>
void append_with(std::string& out, Write write) {
  std::array<char, kPrintedValueMax> text;
  out.append(text.data(), write(text.data()));
}

/// What prints without anything to escape.
template <class Write>
void append_quoted(std::string& out, Write write) {
  out += '"';
  append_with(out, write);
  out += '"';
}

void append_number(std::string& out, std::uint64_t value) {
  append_with(out, [&](char* text) { return write_decimal(text, value); });
}

void append_hex(std::string& out, std::uint32_t value, HexCase letters, unsigned width) {
  append_quoted(
      out, [&](char* text) { return write_hex(write_text(text, "0x"), value, letters, width); });
}

void append_seconds(std::string& out, SimDuration value) {
  const auto seconds = value / std::chrono::seconds(1);
  append_number(out, seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds));
}

}  // namespace

void append_field_json(std::string& out, const FieldDef& field, const std::byte* at) {
  switch (field.kind) {
    case FieldKind::kIp:
      return append_quoted(out, [&](char* text) { return load<IpAddress>(at).write(text); });
    case FieldKind::kPort:
      return append_number(out, load<Port>(at).value);
    case FieldKind::kMac:
      return append_quoted(out, [&](char* text) { return load<MacAddress>(at).write(text); });
    case FieldKind::kNumber:
      return append_number(out, load<std::uint64_t>(at));
    case FieldKind::kSpi:
      return append_hex(out, load<Spi>(at).value, HexCase::kUpper, 8);
    case FieldKind::kHex32:
      return append_hex(out, load<Hex32>(at).value, HexCase::kUpper, 1);
    case FieldKind::kHex32Lower:
      return append_hex(out, load<Hex32>(at).value, HexCase::kLower, 1);
    case FieldKind::kProtocol:
      return append_quoted(out,
                           [&](char* text) { return load<IpProtocol>(at).write(text, false); });
    case FieldKind::kProtocolUpper:
      return append_quoted(out, [&](char* text) { return load<IpProtocol>(at).write(text, true); });
    case FieldKind::kDuration:
      return append_seconds(out, load<SimDuration>(at));
    case FieldKind::kActivationKey:
      return append_quoted(out, [&](char* text) { return load<ActivationKey>(at).write(text); });
    case FieldKind::kOneOf:
      return append_json_string(out, field.choices[load<std::uint8_t>(at)]);
    case FieldKind::kInterface:
    case FieldKind::kWord:
    case FieldKind::kText:
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return append_json_string(out, load<std::string_view>(at));
  }
}

void append_field_json(std::string& out, const FieldDef& field, const FieldValue& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return append_number(out, *number);
  if (const auto* port = std::get_if<Port>(&value)) return append_number(out, port->value);
  if (const auto* length = std::get_if<SimDuration>(&value)) return append_seconds(out, *length);
  append_json_string(out, field_to_string(field, value));
}

FieldValue load_field(const FieldDef& field, const std::byte* at) {
  switch (field.kind) {
    case FieldKind::kIp:
      return load<IpAddress>(at);
    case FieldKind::kPort:
      return load<Port>(at);
    case FieldKind::kMac:
      return load<MacAddress>(at);
    case FieldKind::kNumber:
      return load<std::uint64_t>(at);
    case FieldKind::kSpi:
      return load<Spi>(at);
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return load<Hex32>(at);
    case FieldKind::kProtocol:
    case FieldKind::kProtocolUpper:
      return load<IpProtocol>(at);
    case FieldKind::kDuration:
      return load<SimDuration>(at);
    case FieldKind::kActivationKey:
      return load<ActivationKey>(at);
    case FieldKind::kOneOf:
      return std::string(field.choices[load<std::uint8_t>(at)]);
    default:
      return std::string(load<std::string_view>(at));
  }
}

}  // namespace asaemu
