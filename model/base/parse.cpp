// Text to typed fields: backtracking over a wording's segments, with failures remembered.
#include "model/base/characters.hpp"
#include "model/base/message.hpp"

#include <algorithm>

namespace asaemu {

namespace {

/// A text needs a handful of steps per segment. Only texts made to be ambiguous need more than
/// this, and they are not messages.
constexpr std::size_t kMostSteps = 1 << 18;

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

class Matcher {
 public:
  Matcher(const Wording& wording, std::span<const FieldDef> fields, std::string_view text)
      : wording_(wording),
        fields_(fields),
        text_(text),
        slices_(wording.segments().size()),
        earlier_(wording.segments().size(), kNone),
        independent_(wording.segments().size(), true),
        failed_(wording.segments().size() * (text.size() + 1)) {
    find_repeats();
  }

  std::optional<FieldValues> run() {
    if (!match(0, 0)) return std::nullopt;
    FieldValues values(fields_.size());
    for (std::size_t i = 0; i < slices_.size(); ++i) {
      const auto field = wording_.segments()[i].field;
      if (field != Segment::kNoField) values[field] = value_of(i, slices_[i]);
    }
    return values;
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  /// A segment between a field's first and last place may fail because of what the first place
  /// took, so its failure says nothing about other ways to get there.
  void find_repeats() {
    const auto segments = wording_.segments();
    for (std::size_t last = 1; last < segments.size(); ++last) {
      if (segments[last].field == Segment::kNoField) continue;
      for (std::size_t first = 0; first < last && earlier_[last] == kNone; ++first) {
        if (segments[first].field != segments[last].field) continue;
        earlier_[last] = first;
        for (std::size_t i = first + 1; i <= last; ++i) independent_[i] = false;
      }
    }
  }

  bool match(std::size_t index, std::size_t at) {
    if (index == slices_.size()) return at == text_.size();
    const std::size_t state = index * (text_.size() + 1) + at;
    if (failed_[state] || ++steps_ > kMostSteps) return false;
    const auto& segment = wording_.segments()[index];
    const auto literal = wording_.literal(segment);
    bool good = text_.substr(at).starts_with(literal);
    if (good) {
      at += literal.size();
      good = segment.field == Segment::kNoField ? match(index + 1, at) : match_field(index, at);
    }
    if (!good && independent_[index]) failed_[state] = true;
    return good;
  }

  bool match_field(std::size_t index, std::size_t at) {
    const auto& field = field_of(index);
    switch (field.kind) {
      case FieldKind::kInterface:
      case FieldKind::kWord:
      case FieldKind::kText:
        return match_string(index, at, {});
      case FieldKind::kOptionalWord:
      case FieldKind::kOptionalText:
        return match_optional(index, at);
      default:
        return match_fixed(index, at);
    }
  }

  /// The longest front part first: `0x1F` is not `0x1` followed by an `F`.
  bool match_fixed(std::size_t index, std::size_t at) {
    const auto longest = match_length(field_of(index), text_.substr(at));
    for (std::size_t size = longest.value_or(0); size > 0; --size) {
      if (continues(index, at + size) && take(index, at, at + size, at + size)) return true;
    }
    return false;
  }

  bool match_optional(std::size_t index, std::size_t at) {
    const auto& field = field_of(index);
    if (text_.substr(at).starts_with(field.before) &&
        match_string(index, at + field.before.size(), field.after)) {
      return true;
    }
    return take(index, at, at, at);
  }

  /// A string that starts at `at` and ends where `after` and what follows it begin.
  bool match_string(std::size_t index, std::size_t at, std::string_view after) {
    const std::size_t end = at + longest_string(index, at);
    const auto next = after.empty() ? next_literal(index) : after;
    const bool may_be_empty = field_of(index).kind == FieldKind::kText;
    for (std::size_t stop = may_be_empty ? at : at + 1; stop <= end; ++stop) {
      stop = after.empty() && index + 1 == slices_.size() ? text_.size() : text_.find(next, stop);
      if (stop > end) return false;
      if (take(index, at, stop, stop + after.size())) return true;
      if (++steps_ > kMostSteps) return false;
    }
    return false;
  }

  /// Words end before the first blank, interface names before the first blank or colon.
  std::size_t longest_string(std::size_t index, std::size_t at) const {
    const auto kind = field_of(index).kind;
    const auto rest = text_.substr(at);
    if (kind == FieldKind::kText || kind == FieldKind::kOptionalText) return rest.size();
    const auto ends = [&](char c) {
      return is_blank(c) || (kind == FieldKind::kInterface && c == ':');
    };
    const auto stop = std::find_if(rest.begin(), rest.end(), ends);
    return static_cast<std::size_t>(stop - rest.begin());
  }

  std::string_view next_literal(std::size_t index) const {
    if (index + 1 == slices_.size()) return {};
    return wording_.literal(wording_.segments()[index + 1]);
  }

  /// Whether the text behind a value could go on as the wording does: a cheap look before the value
  /// is read.
  bool continues(std::size_t index, std::size_t end) const {
    if (index + 1 == slices_.size()) return end == text_.size();
    return text_.substr(end).starts_with(next_literal(index));
  }

  /// Tries [begin, end) as the segment's value, with the text going on at `resume`.
  bool take(std::size_t index, std::size_t begin, std::size_t end, std::size_t resume) {
    const auto slice = text_.substr(begin, end - begin);
    if (!fits(index, slice)) return false;
    slices_[index] = slice;
    return match(index + 1, resume);
  }

  /// Strings are known to be of their kind by where they were cut, so they are not read before the
  /// end.
  bool fits(std::size_t index, std::string_view slice) const {
    const std::size_t first = earlier_[index];
    if (!match_length(field_of(index), {})) return first == kNone || slices_[first] == slice;
    const auto value = value_of(index, slice);
    return value && (first == kNone || value_of(first, slices_[first]) == value);
  }

  std::optional<FieldValue> value_of(std::size_t index, std::string_view slice) const {
    FieldDef field = field_of(index);
    field.before = {};
    field.after = {};
    return parse_field(field, slice);
  }

  const FieldDef& field_of(std::size_t index) const {
    return fields_[wording_.segments()[index].field];
  }

  const Wording& wording_;
  std::span<const FieldDef> fields_;
  std::string_view text_;
  std::vector<std::string_view> slices_;  ///< each segment's value
  std::vector<std::size_t> earlier_;      ///< the first segment with the same field
  std::vector<bool> independent_;  ///< whether a segment's failure depends on its place alone
  std::vector<bool> failed_;       ///< by segment and place
  std::size_t steps_ = 0;
};

}  // namespace

std::optional<FieldValues> parse_text(const Wording& wording, const MessageType& type,
                                      std::string_view text) {
  if (text.size() > kParseMax) return std::nullopt;
  return Matcher(wording, type.fields(), text).run();
}

}  // namespace asaemu
