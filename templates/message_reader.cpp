#include "templates/message_reader.hpp"

#include "emulator/yaml/mapping_reader.hpp"
#include "templates/names.hpp"

#include <fmt/format.h>

#include <string>

namespace asaemu {
namespace {

/// The largest count and interval of `logging rate-limit` (ASA command reference).
constexpr std::uint64_t kRateMax = 2'147'483'647;

}  // namespace

MessageDef MessageReader::read(const Node& node) {
  texts_.clear();
  MessageDef def;
  def.family = family_;
  def.event_class = event_class_;
  MappingReader keys(node, "a message", faults_);
  def.id =
      static_cast<std::uint32_t>(number(keys.required("id"), "the id", 100'000, 999'999, def.id));
  def.name = name(keys.required("name"));
  def.severity = static_cast<std::uint8_t>(
      number(keys.required("severity"), "the severity", 0, 7, def.severity));
  const Node* text = keys.required("text");
  def.text = line(text, "the text");
  const Node* fields = keys.required("fields");
  def.example = line(keys.required("example"), "the example");
  def.source = prose(keys.required("source"), "the source");
  def.meaning = prose(keys.required("meaning"), "the meaning");
  def.note = prose(keys.optional("note"), "the note");
  if (!def.text.empty()) texts_.push_back({{def.text, {}, {}, def.severity}, text});
  read_rate_limit(keys.optional("rate_limit"), def);
  read_older(keys.optional("older"), def);
  read_accepts(keys.optional("accepts"), def);
  keys.finish();
  read_fields_and_check(fields, def);
  return def;
}

std::uint64_t MessageReader::number(const Node* node, std::string_view what, std::uint64_t low,
                                    std::uint64_t high, std::uint64_t otherwise) {
  if (node == nullptr) return otherwise;
  return read_number(*node, what, low, high, faults_).value_or(otherwise);
}

std::string_view MessageReader::line(const Node* node, std::string_view what) {
  return node == nullptr ? std::string_view() : read_line(*node, what, arena_, faults_);
}

/// A text for people: line ends within it become blanks, those at its end fall away.
std::string_view MessageReader::prose(const Node* node, std::string_view what) {
  if (node == nullptr) return {};
  const auto text = read_text(*node, what, faults_);
  if (!text) return {};
  std::string flowing(*text);
  while (!flowing.empty() && (flowing.back() == '\n' || flowing.back() == ' ')) flowing.pop_back();
  for (char& c : flowing) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return arena_.keep(flowing);
}

std::string_view MessageReader::name(const Node* node) {
  const std::string_view name = line(node, "the name");
  if (name.empty()) return name;
  if (!is_snake_case(name)) {
    faults_.add(node->position(),
                fmt::format("bad name {}; a name looks like shunned_packet", quoted(name)));
    return {};
  }
  if (const std::string type = pascal_case(name); hides_field_type(type)) {
    faults_.add(
        node->position(),
        fmt::format("the name '{}' would hide the type {} in C++; choose another", name, type));
    return {};
  }
  return name;
}

void MessageReader::read_rate_limit(const Node* node, MessageDef& def) {
  if (node == nullptr) return;
  MappingReader keys(*node, "a rate limit", faults_);
  def.rate_limit.messages = static_cast<std::uint32_t>(
      number(keys.required("messages"), "the number of messages", 1, kRateMax, 0));
  def.rate_limit.seconds = static_cast<std::uint32_t>(
      number(keys.required("seconds"), "the number of seconds", 1, kRateMax, 0));
  keys.finish();
}

void MessageReader::read_older(const Node* node, MessageDef& def) {
  if (node == nullptr) return;
  MappingReader keys(*node, "an older wording", faults_);
  const Node* before = keys.required("before");
  def.older_before = line(before, "the release");
  if (!def.older_before.empty() && !Release::parse(def.older_before)) {
    faults_.add(before->position(),
                fmt::format("{} is not a release; one looks like 9.14", quoted(def.older_before)));
  }
  WordingDef wording;
  const Node* text = keys.required("text");
  wording.text = line(text, "the text");
  wording.example = line(keys.required("example"), "the example");
  wording.source = prose(keys.required("source"), "the source");
  wording.severity = static_cast<std::uint8_t>(
      number(keys.optional("severity"), "the severity", 0, 7, def.severity));
  keys.finish();
  if (wording.text.empty()) return;
  texts_.push_back({wording, text});
  def.older = arena_.keep(std::vector{wording});
}

void MessageReader::read_accepts(const Node* node, MessageDef& def) {
  if (node == nullptr) return;
  if (!node->is_sequence() || node->items().empty()) {
    faults_.add(node->position(),
                "accepts must be a list of wordings; leave it out if there are none");
    return;
  }
  std::vector<WordingDef> accepts;
  for (const Node* item : node->items()) {
    MappingReader keys(*item, "an accepted wording", faults_);
    WordingDef wording;
    const Node* text = keys.required("text");
    wording.text = line(text, "the text");
    wording.source = prose(keys.required("source"), "the source");
    wording.severity = def.severity;
    keys.finish();
    if (wording.text.empty()) continue;
    texts_.push_back({wording, text});
    accepts.push_back(wording);
  }
  def.accepts = arena_.keep(accepts);
}

/// Reads the fields and compiles all texts with them: what a text names must be declared, and what
/// is declared must appear in a text.
void MessageReader::read_fields_and_check(const Node* node, MessageDef& def) {
  if (node == nullptr) return;
  const auto declared = read_fields(*node, pascal_case(def.name), arena_, faults_);
  std::vector<FieldDef> fields;
  fields.reserve(declared.size());
  for (const DeclaredField& field : declared) fields.push_back(field.def);
  def.fields = arena_.keep(fields);

  if (declared.size() != node->entries().size() || !node->is_mapping()) return;
  std::vector<bool> used(fields.size(), false);
  bool sound = !texts_.empty();
  for (const DeclaredText& text : texts_) sound = compile(text, fields, used) && sound;
  // A field may seem unused only because a text misspells it.
  if (!sound) return;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (used[i]) continue;
    faults_.add(
        declared[i].name->position(),
        fmt::format("field '{}' appears in no text; use it or leave it out", fields[i].name));
  }
}

/// Marks the fields that the text uses. Whether the text is without faults.
bool MessageReader::compile(const DeclaredText& text, std::span<const FieldDef> fields,
                            std::vector<bool>& used) {
  std::vector<std::string> complaints;
  const Wording wording(text.def, fields, complaints);
  for (std::string& complaint : complaints) {
    faults_.add(text.text->position(), std::move(complaint));
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (wording.uses(i)) used[i] = true;
  }
  return complaints.empty();
}

}  // namespace asaemu
