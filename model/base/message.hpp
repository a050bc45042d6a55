// One message: its definition, its wordings compiled to segments, and how typed fields become text
// and back.
#pragma once

#include "model/base/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace asaemu {

/// `messages` per `seconds`, a fixed window; zero messages means unlimited.
struct RateLimit {
  std::uint32_t messages = 0;
  std::uint32_t seconds = 0;
};

/// A wording as the catalogue declares it.
struct WordingDef {
  std::string_view text;
  std::string_view example = {};
  std::string_view source = {};
  std::uint8_t severity = 4;
};

/// A message as the catalogue declares it. All views point into storage that outlives the catalogue
/// (the program's own data, or an overlay's arena).
struct MessageDef {
  std::uint32_t id = 0;
  std::uint8_t severity = 4;
  std::string_view name;
  std::string_view family;
  std::string_view event_class;  ///< EMBLEM class word, `logging class`
  std::string_view text;
  std::string_view example;
  std::string_view source;
  std::string_view meaning;
  std::string_view note;
  std::span<const FieldDef> fields;
  std::span<const WordingDef> older;  ///< none or one
  std::string_view older_before;      ///< first release that prints `text`
  std::span<const WordingDef> accepts;
  RateLimit rate_limit;
};

/// A piece of a wording: a literal, then a field (or none).
struct Segment {
  static constexpr std::uint16_t kNoField = 0xFFFF;
  std::uint32_t literal_at = 0;
  std::uint16_t literal_size = 0;
  std::uint16_t field = kNoField;  ///< index into the message's fields
  std::uint16_t offset = 0;        ///< where the field lies in the message struct
  FieldKind kind = FieldKind::kText;
};

/// A text compiled to segments.
class Wording {
 public:
  /// Compiles; every fault is appended to `faults` (unclosed brace, unknown field, …). A faulty
  /// wording is not to be rendered.
  Wording(const WordingDef& def, std::span<const FieldDef> fields,
          std::vector<std::string>& faults);

  [[nodiscard]] const WordingDef& def() const { return def_; }
  [[nodiscard]] std::uint8_t severity() const { return def_.severity; }
  [[nodiscard]] std::span<const Segment> segments() const { return segments_; }
  [[nodiscard]] std::string_view literal(const Segment& segment) const {
    return {literals_.data() + segment.literal_at, segment.literal_size};
  }
  [[nodiscard]] bool uses(std::size_t field) const;
  /// How many bytes all string fields of a text share, so that no text exceeds kTextMax.
  [[nodiscard]] std::size_t string_room() const { return string_room_; }

 private:
  void add_literal(char c);
  void add_field(std::string_view name, std::span<const FieldDef> fields,
                 std::vector<std::string>& faults);
  void check_boundaries(std::span<const FieldDef> fields, std::vector<std::string>& faults) const;
  void set_offsets(std::span<const FieldDef> fields);
  void set_string_room(std::span<const FieldDef> fields, std::vector<std::string>& faults);

  WordingDef def_;
  std::size_t string_room_ = 0;
  std::string literals_;  ///< all literals, padded so that a 32-byte over-copy stays inside
  std::vector<Segment> segments_;
};

/// Field values by position; nullopt where the wording does not print the field.
using FieldValues = std::vector<std::optional<FieldValue>>;

/// A message type of the running program: a definition with its compiled wordings.
class MessageType {
 public:
  /// `def` must outlive this. Faults (bad text, unused field) are appended.
  MessageType(const MessageDef& def, std::uint16_t index, std::vector<std::string>& faults);

  [[nodiscard]] const MessageDef& def() const { return *def_; }
  [[nodiscard]] std::uint32_t id() const { return def_->id; }
  [[nodiscard]] std::string_view name() const { return def_->name; }
  [[nodiscard]] std::uint16_t index() const { return index_; }
  [[nodiscard]] std::span<const FieldDef> fields() const { return def_->fields; }
  /// sizeof the message struct.
  [[nodiscard]] std::size_t struct_size() const { return struct_size_; }
  [[nodiscard]] std::uint16_t offset(std::size_t field) const { return offsets_[field]; }

  [[nodiscard]] const Wording& current() const { return current_; }
  [[nodiscard]] const Wording* older() const { return older_ ? older_.get() : nullptr; }
  [[nodiscard]] std::span<const Wording> accepts() const { return accepts_; }
  /// What a device of this release prints.
  [[nodiscard]] const Wording& wording(const Release& release) const {
    return older_ && release < older_before_ ? *older_ : current_;
  }

 private:
  void add_older(std::vector<std::string>& faults);
  void check_fields(std::vector<std::string>& faults) const;

  const MessageDef* def_;
  std::uint16_t index_;
  std::size_t struct_size_;
  std::vector<std::uint16_t> offsets_;
  Wording current_;
  std::unique_ptr<Wording> older_;
  Release older_before_;
  std::vector<Wording> accepts_;
};

/// A message on its way: its type and the struct with its fields. Lives for the duration of one
/// call.
struct Message {
  const MessageType* type;
  const std::byte* fields;
};

/// The longest text render_text() writes. What a wording's literals and widest fixed-size values
/// leave of it is the room of its strings (Wording::string_room()); strings are cut where it is
/// used up.
inline constexpr std::size_t kTextMax = 2048;
/// Bytes that render_text() may touch beyond the text it returns.
inline constexpr std::size_t kRenderSlack = 64;

/// Writes the message's text (tag and header not included) and returns its end. `out` must have
/// kTextMax + kRenderSlack bytes.
char* render_text(const Wording& wording, const MessageType& type, const std::byte* fields,
                  char* out);

/// The longest text parse_text() looks at.
inline constexpr std::size_t kParseMax = 8192;

/// Reads `text` by this wording. Values of fields that the wording lacks stay nullopt. Repeated
/// fields must agree. nullopt if the text is not of this wording.
std::optional<FieldValues> parse_text(const Wording& wording, const MessageType& type,
                                      std::string_view text);

/// Prints values by this wording: the run-time twin of render_text(). Missing values print as
/// nothing.
std::string print_text(const Wording& wording, const MessageType& type, const FieldValues& values);

/// A message struct built at run time from values, for texts whose C++ struct does not exist, laid
/// out like the generated one. A missing value is zero bytes (0.0.0.0, an empty string, the first
/// choice). Values of the wrong alternative are our mistake (asserted); a host name in place of an
/// address is one, see field_from_string().
class DynamicMessage {
 public:
  DynamicMessage(const MessageType& type, FieldValues values);
  // The struct's strings are views into values_; a copy's would point into the original.
  DynamicMessage(const DynamicMessage&) = delete;
  DynamicMessage& operator=(const DynamicMessage&) = delete;
  DynamicMessage(DynamicMessage&&) = default;
  DynamicMessage& operator=(DynamicMessage&&) = default;
  ~DynamicMessage() = default;
  [[nodiscard]] Message message() const { return {type_, bytes_.data()}; }

 private:
  void store(std::size_t field, const FieldValue& value);

  const MessageType* type_;
  FieldValues values_;
  std::vector<std::byte> bytes_;
};

}  // namespace asaemu
