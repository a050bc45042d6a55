// Typed fields to text: the hot path of the product.
#include "model/base/assert.hpp"
#include "model/base/message.hpp"

#include <algorithm>

namespace asaemu {

namespace {

template <class T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

char* write_hex32(char* out, std::uint32_t value, HexCase letters, unsigned width = 1) {
  return write_hex(write_text(out, "0x"), value, letters, width);
}

char* write_choice(const FieldDef& field, const std::byte* at, char* out) {
  const auto index = load<std::uint8_t>(at);
  ASAEMU_ASSERT(index < field.choices.size());
  return write_text(out, field.choices[index]);
}

char* write_clipped(char* out, std::string_view text, std::size_t& room) {
  const std::size_t size = std::min(text.size(), room);
  room -= size;
  return write_text(out, text.substr(0, size));
}

char* write_optional(const FieldDef& field, std::string_view text, char* out, std::size_t& room) {
  if (text.empty() || room == 0) return out;
  out = write_text(out, field.before);
  out = write_clipped(out, text, room);
  return write_text(out, field.after);
}

char* write_field(const Segment& segment, const MessageType& type, const std::byte* fields,
                  char* out, std::size_t& room) {
  const std::byte* const at = fields + segment.offset;
  switch (segment.kind) {
    case FieldKind::kIp:
      return load<IpAddress>(at).write(out);
    case FieldKind::kPort:
      return write_decimal(out, load<Port>(at).value);
    case FieldKind::kMac:
      return load<MacAddress>(at).write(out);
    case FieldKind::kNumber:
      return write_decimal(out, load<std::uint64_t>(at));
    case FieldKind::kSpi:
      return write_hex32(out, load<Spi>(at).value, HexCase::kUpper, 8);
    case FieldKind::kHex32:
      return write_hex32(out, load<Hex32>(at).value, HexCase::kUpper);
    case FieldKind::kHex32Lower:
      return write_hex32(out, load<Hex32>(at).value, HexCase::kLower);
    case FieldKind::kProtocol:
      return load<IpProtocol>(at).write(out, false);
    case FieldKind::kProtocolUpper:
      return load<IpProtocol>(at).write(out, true);
    case FieldKind::kDuration:
      return write_hms(out, load<SimDuration>(at) / std::chrono::seconds{1});
    case FieldKind::kActivationKey:
      return load<ActivationKey>(at).write(out);
    case FieldKind::kOneOf:
      return write_choice(type.fields()[segment.field], at, out);
    case FieldKind::kInterface:
    case FieldKind::kWord:
    case FieldKind::kText:
      return write_clipped(out, load<std::string_view>(at), room);
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return write_optional(type.fields()[segment.field], load<std::string_view>(at), out, room);
  }
  return out;
}

}  // namespace

char* render_text(const Wording& wording, const MessageType& type, const std::byte* fields,
                  char* out) {
  std::size_t room = wording.string_room();
  for (const auto& segment : wording.segments()) {
    const auto literal = wording.literal(segment);
    out = write_blocks(out, literal.data(), literal.size());
    if (segment.field != Segment::kNoField) out = write_field(segment, type, fields, out, room);
  }
  return out;
}

std::string print_text(const Wording& wording, const MessageType& type, const FieldValues& values) {
  ASAEMU_ASSERT(values.size() == type.fields().size());
  std::string out;
  std::size_t room = wording.string_room();
  for (const auto& segment : wording.segments()) {
    out += wording.literal(segment);
    if (segment.field == Segment::kNoField) continue;
    const auto& value = values[segment.field];
    if (!value) continue;
    const auto& field = type.fields()[segment.field];
    const auto* text = std::get_if<std::string>(&*value);
    if (text == nullptr || field.kind == FieldKind::kOneOf || field.kind == FieldKind::kIp) {
      append_field(field, *value, out);
      continue;
    }
    const std::string clipped = text->substr(0, room);
    room -= clipped.size();
    append_field(field, clipped, out);
  }
  return out;
}

DynamicMessage::DynamicMessage(const MessageType& type, FieldValues values)
    : type_(&type), values_(std::move(values)), bytes_(type.struct_size()) {
  ASAEMU_ASSERT(values_.size() == type.fields().size());
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i]) store(i, *values_[i]);
  }
}

void DynamicMessage::store(std::size_t field, const FieldValue& value) {
  const auto& def = type_->fields()[field];
  std::byte* const at = bytes_.data() + type_->offset(field);
  const auto copy = [&](const auto& stored) { std::memcpy(at, &stored, sizeof stored); };
  const auto copy_as = [&]<class T>() {
    ASAEMU_ASSERT(std::holds_alternative<T>(value));
    copy(std::get<T>(value));
  };
  switch (def.kind) {
    case FieldKind::kIp:
      return copy_as.operator()<IpAddress>();
    case FieldKind::kPort:
      return copy_as.operator()<Port>();
    case FieldKind::kMac:
      return copy_as.operator()<MacAddress>();
    case FieldKind::kNumber:
      return copy_as.operator()<std::uint64_t>();
    case FieldKind::kSpi:
      return copy_as.operator()<Spi>();
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return copy_as.operator()<Hex32>();
    case FieldKind::kProtocol:
    case FieldKind::kProtocolUpper:
      return copy_as.operator()<IpProtocol>();
    case FieldKind::kDuration:
      return copy_as.operator()<SimDuration>();
    case FieldKind::kActivationKey:
      return copy_as.operator()<ActivationKey>();
    default:
      break;
  }
  ASAEMU_ASSERT(std::holds_alternative<std::string>(value));
  const std::string_view text = std::get<std::string>(value);
  if (def.kind != FieldKind::kOneOf) return copy(text);
  const auto choice = std::find(def.choices.begin(), def.choices.end(), text);
  ASAEMU_ASSERT(choice != def.choices.end());
  copy(static_cast<std::uint8_t>(choice - def.choices.begin()));
}

}  // namespace asaemu
