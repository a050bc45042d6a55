#include "emulator/truth/field_json.hpp"

#include "emulator/truth/json_text.hpp"
#include "model/base/print.hpp"

#include <string>

namespace asaemu {

namespace {

template <class T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// What prints without anything to escape.
template <class Write>
char* write_quoted(char* out, Write write) {
  *out++ = '"';
  out = write(out);
  *out++ = '"';
  return out;
}

char* write_hex_string(char* out, std::uint32_t value, HexCase letters, unsigned width) {
  return write_quoted(
      out, [&](char* text) { return write_hex(write_text(text, "0x"), value, letters, width); });
}

std::uint64_t whole_seconds(SimDuration value) {
  const auto seconds = value / std::chrono::seconds(1);
  return seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds);
}

bool is_string(FieldKind kind) {
  return kind == FieldKind::kInterface || kind == FieldKind::kWord || kind == FieldKind::kText ||
         kind == FieldKind::kOptionalWord || kind == FieldKind::kOptionalText;
}

char* write_field_json(char* out, const FieldDef& field, const std::byte* at) {
  switch (field.kind) {
    case FieldKind::kIp:
      return write_quoted(out, [&](char* text) { return load<IpAddress>(at).write(text); });
    case FieldKind::kPort:
      return write_decimal(out, load<Port>(at).value);
    case FieldKind::kMac:
      return write_quoted(out, [&](char* text) { return load<MacAddress>(at).write(text); });
    case FieldKind::kNumber:
      return write_decimal(out, load<std::uint64_t>(at));
    case FieldKind::kSpi:
      return write_hex_string(out, load<Spi>(at).value, HexCase::kUpper, 8);
    case FieldKind::kHex32:
      return write_hex_string(out, load<Hex32>(at).value, HexCase::kUpper, 1);
    case FieldKind::kHex32Lower:
      return write_hex_string(out, load<Hex32>(at).value, HexCase::kLower, 1);
    case FieldKind::kProtocol:
      return write_quoted(out, [&](char* text) { return load<IpProtocol>(at).write(text, false); });
    case FieldKind::kProtocolUpper:
      return write_quoted(out, [&](char* text) { return load<IpProtocol>(at).write(text, true); });
    case FieldKind::kDuration:
      return write_decimal(out, whole_seconds(load<SimDuration>(at)));
    case FieldKind::kActivationKey:
      return write_quoted(out, [&](char* text) { return load<ActivationKey>(at).write(text); });
    case FieldKind::kOneOf:
      return write_json_string(out, field.choices[load<std::uint8_t>(at)]);
    case FieldKind::kInterface:
    case FieldKind::kWord:
    case FieldKind::kText:
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return write_json_string(out, load<std::string_view>(at));
  }
  return out;
}

}  // namespace

FieldWriter::FieldWriter(const MessageType& type, std::string_view before,
                         std::string_view behind) {
  const auto fields = type.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::string next(i == 0 ? before : ",");
    append_json_string(next, fields[i].name);
    next += ':';
    fixed_room_ += next.size() + Fragment::kSlack + kPrintedValueMax;
    if (is_string(fields[i].kind)) strings_.push_back(type.offset(i));
    for (const auto choice : fields[i].choices) fixed_room_ += json_string_room(choice);
    parts_.push_back({Fragment(std::move(next)), &fields[i], type.offset(i)});
  }
  behind_ = Fragment(std::string(fields.empty() ? before : "").append(behind));
  fixed_room_ += behind_.size() + Fragment::kSlack;
}

std::size_t FieldWriter::room(const std::byte* fields) const {
  std::size_t room = fixed_room_;
  for (const auto offset : strings_) {
    room += json_string_room(load<std::string_view>(fields + offset));
  }
  return room;
}

char* FieldWriter::write(char* out, const std::byte* fields) const {
  for (const Part& part : parts_) {
    out = write_field_json(part.before.write(out), *part.field, fields + part.offset);
  }
  return behind_.write(out);
}

void append_field_json(std::string& out, const FieldDef& field, const FieldValue& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value)) {
    out += std::to_string(*number);
  } else if (const auto* port = std::get_if<Port>(&value)) {
    out += std::to_string(port->value);
  } else if (const auto* length = std::get_if<SimDuration>(&value)) {
    out += std::to_string(whole_seconds(*length));
  } else {
    append_json_string(out, field_to_string(field, value));
  }
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
