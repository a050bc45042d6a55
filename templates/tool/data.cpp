#include "model/base/assert.hpp"
#include "templates/names.hpp"
#include "templates/tool/generate.hpp"
#include "templates/tool/literal.hpp"

#include <fmt/format.h>

namespace asaemu {
namespace {

/// FieldKind::… as C++ source.
std::string_view kind_name(FieldKind kind) {
  switch (kind) {
    case FieldKind::kIp:
      return "kIp";
    case FieldKind::kPort:
      return "kPort";
    case FieldKind::kMac:
      return "kMac";
    case FieldKind::kInterface:
      return "kInterface";
    case FieldKind::kNumber:
      return "kNumber";
    case FieldKind::kSpi:
      return "kSpi";
    case FieldKind::kHex32:
      return "kHex32";
    case FieldKind::kHex32Lower:
      return "kHex32Lower";
    case FieldKind::kProtocol:
      return "kProtocol";
    case FieldKind::kProtocolUpper:
      return "kProtocolUpper";
    case FieldKind::kDuration:
      return "kDuration";
    case FieldKind::kActivationKey:
      return "kActivationKey";
    case FieldKind::kWord:
      return "kWord";
    case FieldKind::kText:
      return "kText";
    case FieldKind::kOneOf:
      return "kOneOf";
    case FieldKind::kOptionalWord:
      return "kOptionalWord";
    case FieldKind::kOptionalText:
      return "kOptionalText";
  }
  ASAEMU_ASSERT(false);
  return {};  // GCC 12 with ThreadSanitizer does not see that the line above never returns
}

/// The choices of each one_of field, then the fields themselves.
std::string field_arrays(const IndexedMessage& message) {
  std::string arrays;
  std::string fields = fmt::format("constexpr FieldDef kFields{}[] = {{\n", message.index);
  for (const FieldDef& field : message.def.fields) {
    std::string choices = "{}";
    if (field.kind == FieldKind::kOneOf) {
      choices = fmt::format("kChoices{}_{}", message.index, field.name);
      arrays += fmt::format("constexpr std::string_view {}[] = {{", choices);
      for (const std::string_view choice : field.choices) arrays += literal(choice) + ", ";
      arrays += "};\n";
    }
    fields +=
        fmt::format("    {{{}, FieldKind::{}, {}, {}, {}}},\n", literal(field.name),
                    kind_name(field.kind), choices, literal(field.before), literal(field.after));
  }
  return arrays + fields + "};\n";
}

std::string wording_array(std::string_view name, std::span<const WordingDef> wordings) {
  std::string result = fmt::format("constexpr WordingDef {}[] = {{\n", name);
  for (const WordingDef& wording : wordings) {
    result += fmt::format("    {{{},\n     {},\n     {}, {}}},\n", literal(wording.text),
                          literal(wording.example), literal(wording.source), wording.severity);
  }
  return result + "};\n";
}

std::string arrays(const IndexedMessage& message) {
  std::string result;
  if (!message.def.fields.empty()) result += field_arrays(message);
  if (!message.def.older.empty()) {
    result += wording_array(fmt::format("kOlder{}", message.index), message.def.older);
  }
  if (!message.def.accepts.empty()) {
    result += wording_array(fmt::format("kAccepts{}", message.index), message.def.accepts);
  }
  return result;
}

std::string definition(const IndexedMessage& message) {
  const MessageDef& def = message.def;
  const auto array = [&](std::string_view name, bool empty) {
    return empty ? std::string("{}") : fmt::format("{}{}", name, message.index);
  };
  return fmt::format(
      "    {{.id = {},\n     .severity = {},\n     .name = {},\n     .family = {},\n"
      "     .event_class = {},\n     .text = {},\n     .example = {},\n     .source = {},\n"
      "     .meaning = {},\n     .note = {},\n     .fields = {},\n     .older = {},\n"
      "     .older_before = {},\n     .accepts = {},\n     .rate_limit = {{{}, {}}}}},\n",
      def.id, def.severity, literal(def.name), literal(def.family), literal(def.event_class),
      literal(def.text), literal(def.example), literal(def.source), literal(def.meaning),
      literal(def.note), array("kFields", def.fields.empty()), array("kOlder", def.older.empty()),
      literal(def.older_before), array("kAccepts", def.accepts.empty()), def.rate_limit.messages,
      def.rate_limit.seconds);
}

/// The renderer finds fields by field_offset(); the compiler must agree.
std::string layout_proof(const IndexedMessage& message) {
  const auto& fields = message.def.fields;
  if (fields.empty()) return "";
  std::string result = fmt::format("constexpr FieldKind kKinds{}[] = {{", message.index);
  for (const FieldDef& field : fields) {
    result += fmt::format("FieldKind::{}, ", kind_name(field.kind));
  }
  result += "};\n";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    result += fmt::format("static_assert(offsetof(msg::{}, {}) == field_offset(kKinds{}, {}));\n",
                          pascal_case(message.def.name), fields[i].name, message.index, i);
  }
  return result;
}

}  // namespace

std::string catalogue_data(std::span<const IndexedMessage> messages) {
  std::string result =
      "// Generated from templates/*.yaml. Do not edit.\n"
      "#include \"messages/all.hpp\"\n"
      "#include \"model/base/catalogue.hpp\"\n\n"
      "#include <cstddef>\n\n"
      "namespace asaemu {\nnamespace {\n\n";
  for (const IndexedMessage& message : messages) result += arrays(message);
  result += "\nconstexpr MessageDef kMessages[] = {\n";
  for (const IndexedMessage& message : messages) result += definition(message);
  result += "};\n\n";
  for (const IndexedMessage& message : messages) result += layout_proof(message);
  return result +
         "\n}  // namespace\n\n"
         "std::span<const MessageDef> built_in_messages() { return kMessages; }\n\n"
         "}  // namespace asaemu\n";
}

}  // namespace asaemu
