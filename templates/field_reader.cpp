#include "templates/field_reader.hpp"

#include "emulator/yaml/mapping_reader.hpp"
#include "emulator/yaml/nearest.hpp"
#include "templates/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace asaemu {
namespace {

/// A one_of value is stored in one byte.
constexpr std::size_t kChoicesMax = 255;

bool is_control(char c) {
  const auto value = static_cast<unsigned char>(c);
  return value < 0x20 || value == 0x7F;
}

class FieldReader {
 public:
  FieldReader(const Node& name, const Node& type, Arena& arena, Faults& faults)
      : name_(name), type_(type), arena_(arena), faults_(faults) {
    def_.name = arena.keep(name.text());
  }

  FieldDef read() {
    check_name();
    if (type_.is_mapping()) {
      read_composed();
    } else if (!type_.is_scalar()) {
      complain(type_, fmt::format("the type of field '{}' must be a name or a mapping, found {}",
                                  def_.name, type_.kind_name()));
    } else {
      read_plain();
    }
    return def_;
  }

 private:
  void complain(const Node& node, std::string what) {
    faults_.add(node.position(), std::move(what));
  }

  void check_name() {
    if (!is_snake_case(def_.name)) {
      complain(name_,
               fmt::format("bad field name {}; a name looks like source_port", quoted(def_.name)));
    } else if (is_reserved_in_cpp(def_.name)) {
      complain(name_, fmt::format("field name '{}' is a word of C++; choose another", def_.name));
    }
  }

  void read_plain() {
    const auto kind = parse_field_kind(type_.text());
    if (kind) {
      def_.kind = *kind;
      return;
    }
    if (type_.text() == "one_of" || type_.text() == "optional") {
      complain(type_, fmt::format("type '{0}' is a mapping; write {{{0}: …}}", type_.text()));
      return;
    }
    complain(type_, fmt::format("unknown type {}{}", quoted(type_.text()),
                                did_you_mean(type_.text(), field_kind_names())));
  }

  void read_composed() {
    MappingReader keys(type_, "a type", faults_);
    if (const Node* optional = type_.find("optional")) {
      keys.required("optional");
      read_optional(*optional);
      def_.before = surrounding(keys.optional("before"), "before");
      def_.after = surrounding(keys.optional("after"), "after");
    } else if (const Node* one_of = keys.required("one_of")) {
      def_.kind = FieldKind::kOneOf;
      read_choices(*one_of);
    }
    keys.finish();
  }

  void read_optional(const Node& node) {
    if (node.text() == "word") {
      def_.kind = FieldKind::kOptionalWord;
    } else if (node.text() == "text") {
      def_.kind = FieldKind::kOptionalText;
    } else {
      const std::string found =
          node.is_scalar() ? quoted(node.text()) : std::string(node.kind_name());
      complain(node, fmt::format("optional {}; only word and text can be optional", found));
    }
  }

  std::string_view surrounding(const Node* node, std::string_view what) {
    if (node == nullptr || (node->is_scalar() && node->text().empty())) return {};
    return read_line(*node, what, arena_, faults_);
  }

  void read_choices(const Node& node) {
    const std::size_t count = node.items().size();
    if (!node.is_sequence() || count < 2 || count > kChoicesMax) {
      complain(node, fmt::format("one_of needs a list of 2 to {} words", kChoicesMax));
      return;
    }
    std::vector<std::string_view> choices;
    std::map<std::string, std::string_view> enumerators;
    for (const Node* item : node.items()) {
      const std::string_view choice = read_line(*item, "a word of one_of", arena_, faults_);
      if (choice.empty()) continue;
      check_choice(*item, choice, enumerators);
      choices.push_back(choice);
    }
    def_.choices = arena_.keep(choices);
  }

  void check_choice(const Node& node, std::string_view choice,
                    std::map<std::string, std::string_view>& enumerators) {
    const std::string name = enumerator(choice);
    if (name.empty()) {
      complain(node, fmt::format("one_of word {} has no letter or digit; its enumerator would have "
                                 "no name",
                                 quoted(choice)));
      return;
    }
    const auto [first, is_new] = enumerators.emplace(name, choice);
    if (is_new) return;
    if (first->second == choice) {
      complain(node, fmt::format("one_of has the word {} twice", quoted(choice)));
    } else {
      complain(node, fmt::format("one_of words {} and {} would both be {} in C++",
                                 quoted(first->second), quoted(choice), name));
    }
  }

  const Node& name_;
  const Node& type_;
  Arena& arena_;
  Faults& faults_;
  FieldDef def_;
};

/// The enumerations that one_of fields become must differ from each other, the struct, and the
/// types around.
void check_enumerations(const std::vector<DeclaredField>& fields, std::string_view struct_name,
                        Faults& faults) {
  std::map<std::string, std::string_view> taken;
  for (const auto& [def, name] : fields) {
    if (def.kind != FieldKind::kOneOf) continue;
    const std::string type = pascal_case(def.name);
    const auto [first, is_new] = taken.emplace(type, def.name);
    if (!is_new) {
      faults.add(name->position(), fmt::format("fields '{}' and '{}' would both be {} in C++",
                                               first->second, def.name, type));
    } else if (type == struct_name || hides_field_type(type)) {
      faults.add(name->position(),
                 fmt::format("one_of field '{}' would hide the type {} in C++; choose another name",
                             def.name, type));
    }
  }
}

}  // namespace

std::vector<DeclaredField> read_fields(const Node& node, std::string_view struct_name, Arena& arena,
                                       Faults& faults) {
  std::vector<DeclaredField> fields;
  if (!node.is_mapping()) {
    faults.add(node.position(),
               fmt::format("fields must be a mapping of names to types, found {}; write {{}} if "
                           "there are none",
                           node.kind_name()));
    return fields;
  }
  if (node.entries().size() > kFieldsMax) {
    faults.add(node.position(), fmt::format("{} fields; a message has at most {}",
                                            node.entries().size(), kFieldsMax));
    return fields;
  }
  for (const auto& [name, type] : node.entries()) {
    fields.push_back({FieldReader(*name, *type, arena, faults).read(), name});
  }
  check_enumerations(fields, struct_name, faults);
  return fields;
}

std::string_view read_line(const Node& node, std::string_view what, Arena& arena, Faults& faults) {
  const auto text = read_text(node, what, faults);
  if (!text) return {};
  if (std::ranges::any_of(*text, is_control)) {
    faults.add(
        node.position(),
        fmt::format("{} holds a line end or control character; a message is one line", what));
    return {};
  }
  return arena.keep(*text);
}

}  // namespace asaemu
