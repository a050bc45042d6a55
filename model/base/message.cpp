#include "model/base/message.hpp"

#include "model/base/assert.hpp"

#include <algorithm>

namespace asaemu {

namespace {

/// The renderer copies literals in blocks of this many bytes.
constexpr std::size_t kLiteralBlock = 32;

bool is_optional(FieldKind kind) {
  return kind == FieldKind::kOptionalWord || kind == FieldKind::kOptionalText;
}

/// Whether only what follows tells where a value of this field ends.
bool is_open_ended(const FieldDef& field) {
  switch (field.kind) {
    case FieldKind::kInterface:
    case FieldKind::kWord:
    case FieldKind::kText:
      return true;
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return field.after.empty();
    default:
      return false;
  }
}

/// Bytes of the longest text of a fixed-size value; for strings, of what surrounds them.
std::size_t widest(const FieldDef& field) {
  switch (field.kind) {
    case FieldKind::kIp:
      return 39;  // eight groups of four digits
    case FieldKind::kPort:
      return 5;
    case FieldKind::kMac:
      return 14;
    case FieldKind::kNumber:
      return 20;
    case FieldKind::kSpi:
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return 10;
    case FieldKind::kProtocol:
    case FieldKind::kProtocolUpper:
      return 8;
    case FieldKind::kDuration:
      return 13;  // 2562047:47:16, SimDuration's end
    case FieldKind::kActivationKey:
      return 54;
    case FieldKind::kOneOf: {
      std::size_t most = 0;
      for (const auto& choice : field.choices) most = std::max(most, choice.size());
      return most;
    }
    case FieldKind::kInterface:
    case FieldKind::kWord:
    case FieldKind::kText:
      return 0;
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return field.before.size() + field.after.size();
  }
  return kPrintedValueMax;
}

std::string quoted(std::string_view text) {
  return '\'' + std::string(text) + '\'';
}

std::vector<FieldKind> kinds_of(std::span<const FieldDef> fields) {
  std::vector<FieldKind> kinds;
  for (const auto& field : fields) kinds.push_back(field.kind);
  return kinds;
}

std::vector<std::uint16_t> offsets_of(std::span<const FieldDef> fields) {
  const auto kinds = kinds_of(fields);
  std::vector<std::uint16_t> offsets;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t offset = field_offset(kinds, i);
    ASAEMU_ASSERT(offset <= 0xFFFF);
    offsets.push_back(static_cast<std::uint16_t>(offset));
  }
  return offsets;
}

/// sizeof: the end of the last field rounded up to the strictest alignment; an empty struct has one
/// byte.
std::size_t struct_size_of(std::span<const FieldDef> fields) {
  const auto kinds = kinds_of(fields);
  std::size_t alignment = 1;
  for (const FieldKind kind : kinds) alignment = std::max(alignment, field_alignment(kind));
  const std::size_t end = std::max<std::size_t>(field_offset(kinds, kinds.size()), 1);
  return (end + alignment - 1) / alignment * alignment;
}

}  // namespace

Wording::Wording(const WordingDef& def, std::span<const FieldDef> fields,
                 std::vector<std::string>& faults)
    : def_(def) {
  const std::string_view text = def.text;
  if (text.empty()) faults.emplace_back("the text is empty; it would be what follows the tag");
  segments_.emplace_back();
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    const bool doubled = at + 1 < text.size() && text[at + 1] == c;
    const std::string column = "column " + std::to_string(at + 1) + " of the text";
    if (c != '{' && c != '}') {
      add_literal(c);
    } else if (doubled) {
      add_literal(c);
      ++at;
    } else if (c == '}') {
      faults.push_back(column + " has a '}' that closes nothing; a literal brace is written '}}'");
    } else {
      const auto close = text.find_first_of("{}", at + 1);
      if (close == std::string_view::npos || text[close] == '{') {
        faults.push_back(column + " has a '{' that is not closed; a literal brace is written '{{'");
      } else {
        add_field(text.substr(at + 1, close - at - 1), fields, faults);
        at = close;
      }
    }
    ++at;
  }
  if (segments_.back().literal_size == 0) segments_.pop_back();
  literals_.resize(literals_.size() + kLiteralBlock);
  check_boundaries(fields, faults);
  set_offsets(fields);
  set_string_room(fields, faults);
}

void Wording::add_literal(char c) {
  auto& segment = segments_.back();
  if (segment.literal_size == 0) segment.literal_at = static_cast<std::uint32_t>(literals_.size());
  if (segment.literal_size == kTextMax)
    return;  // the text is too long, which set_string_room() reports
  literals_ += c;
  ++segment.literal_size;
}

void Wording::add_field(std::string_view name, std::span<const FieldDef> fields,
                        std::vector<std::string>& faults) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const FieldDef& field) { return field.name == name; });
  if (found == fields.end()) {
    std::string known;
    for (const auto& field : fields) known += (known.empty() ? "" : ", ") + std::string(field.name);
    faults.push_back("the text has {" + std::string(name) + "}, which is not among its fields; " +
                     (known.empty() ? "it has none" : "they are " + known));
    return;
  }
  segments_.back().field = static_cast<std::uint16_t>(found - fields.begin());
  segments_.back().kind = found->kind;
  segments_.emplace_back();
}

void Wording::check_boundaries(std::span<const FieldDef> fields,
                               std::vector<std::string>& faults) const {
  for (std::size_t i = 1; i < segments_.size(); ++i) {
    const auto& segment = segments_[i];
    if (segment.literal_size > 0 || segment.field == Segment::kNoField) continue;
    const auto& first = fields[segments_[i - 1].field];
    const auto& second = fields[segment.field];
    const bool announced = is_optional(second.kind) && !second.before.empty();
    if (is_open_ended(first) && !announced) {
      faults.push_back("nothing stands between {" + std::string(first.name) + "} and {" +
                       std::string(second.name) +
                       "}, so a reader cannot tell where the first ends; put text between them");
    }
  }
}

void Wording::set_offsets(std::span<const FieldDef> fields) {
  const auto offsets = offsets_of(fields);
  for (auto& segment : segments_) {
    if (segment.field != Segment::kNoField) segment.offset = offsets[segment.field];
  }
}

void Wording::set_string_room(std::span<const FieldDef> fields, std::vector<std::string>& faults) {
  std::size_t fixed = 0;
  for (const auto& segment : segments_) {
    fixed += segment.literal_size;
    if (segment.field != Segment::kNoField) fixed += widest(fields[segment.field]);
  }
  if (fixed >= kTextMax) {
    faults.push_back("the text may become longer than " + std::to_string(kTextMax) +
                     " bytes; shorten it");
    return;
  }
  string_room_ = kTextMax - fixed;
}

bool Wording::uses(std::size_t field) const {
  return std::any_of(segments_.begin(), segments_.end(),
                     [&](const Segment& segment) { return segment.field == field; });
}

MessageType::MessageType(const MessageDef& def, std::uint16_t index,
                         std::vector<std::string>& faults)
    : def_(&def),
      index_(index),
      struct_size_(struct_size_of(def.fields)),
      offsets_(offsets_of(def.fields)),
      current_({def.text, def.example, def.source, def.severity}, def.fields, faults) {
  add_older(faults);
  for (const auto& accepted : def.accepts) accepts_.emplace_back(accepted, def.fields, faults);
  check_fields(faults);
}

void MessageType::add_older(std::vector<std::string>& faults) {
  if (def_->older.empty() && def_->older_before.empty()) return;
  if (def_->older.size() != 1) {
    faults.emplace_back("an older wording has one text and the release that ended it");
    return;
  }
  const auto release = Release::parse(def_->older_before);
  if (!release) {
    faults.push_back("the older wording's release " + quoted(def_->older_before) +
                     " is not a release; one looks like 9.14 or 9.8(2)32");
    return;
  }
  older_ = std::make_unique<Wording>(def_->older.front(), def_->fields, faults);
  older_before_ = *release;
}

void MessageType::check_fields(std::vector<std::string>& faults) const {
  for (std::size_t i = 0; i < fields().size(); ++i) {
    const auto& field = fields()[i];
    const bool used =
        current_.uses(i) || (older_ && older_->uses(i)) ||
        std::any_of(accepts_.begin(), accepts_.end(), [&](const Wording& w) { return w.uses(i); });
    if (!used) faults.push_back("the field " + quoted(field.name) + " appears in no text");
    if (field.kind == FieldKind::kOneOf && field.choices.empty()) {
      faults.push_back("the field " + quoted(field.name) + " is one_of nothing; list its words");
    }
    for (std::size_t other = 0; other < i; ++other) {
      if (fields()[other].name != field.name) continue;
      faults.push_back("the field " + quoted(field.name) + " is declared twice");
    }
  }
}

}  // namespace asaemu
