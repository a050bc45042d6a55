#include "templates/names.hpp"
#include "templates/tool/generate.hpp"
#include "templates/tool/literal.hpp"

#include <fmt/format.h>

namespace asaemu {
namespace {

std::string_view cpp_type(FieldKind kind) {
  switch (kind) {
    case FieldKind::kIp:
      return "IpAddress";
    case FieldKind::kPort:
      return "Port";
    case FieldKind::kMac:
      return "MacAddress";
    case FieldKind::kInterface:
      return "InterfaceName";
    case FieldKind::kNumber:
      return "std::uint64_t";
    case FieldKind::kSpi:
      return "Spi";
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      return "Hex32";
    case FieldKind::kProtocol:
    case FieldKind::kProtocolUpper:
      return "IpProtocol";
    case FieldKind::kDuration:
      return "SimDuration";
    case FieldKind::kActivationKey:
      return "ActivationKey";
    case FieldKind::kWord:
    case FieldKind::kText:
    case FieldKind::kOptionalWord:
    case FieldKind::kOptionalText:
      return "std::string_view";
    case FieldKind::kOneOf:
      return "";  // named after the field
  }
  return "";
}

std::string enumeration(const FieldDef& field) {
  std::string result = fmt::format("  enum class {} : std::uint8_t {{\n", pascal_case(field.name));
  for (const std::string_view choice : field.choices) {
    result += fmt::format("    {},  ///< `{}`\n", enumerator(choice), comment(choice));
  }
  return result + "  };\n";
}

std::string message_struct(const IndexedMessage& message) {
  const MessageDef& def = message.def;
  const std::string type = pascal_case(def.name);
  std::string result = fmt::format(
      "\n/// {}\n/// `%ASA-{}-{}: {}`\nstruct {} {{\n"
      "  static constexpr std::uint16_t kIndex = {};\n"
      "  static constexpr std::uint32_t kId = {};\n",
      comment(def.meaning), def.severity, def.id, comment(def.text), type, message.index, def.id);
  for (const FieldDef& field : def.fields) {
    if (field.kind == FieldKind::kOneOf) result += enumeration(field);
  }
  for (const FieldDef& field : def.fields) {
    const bool one_of = field.kind == FieldKind::kOneOf;
    result += fmt::format("  Required<{}> {};\n",
                          one_of ? pascal_case(field.name) : std::string(cpp_type(field.kind)),
                          field.name);
  }
  return result + fmt::format("}};\nstatic_assert(std::is_standard_layout_v<{}>);\n", type);
}

}  // namespace

std::string family_header(std::string_view family, std::span<const IndexedMessage> messages) {
  std::string result = fmt::format(
      "// Generated from templates/{}.yaml. Do not edit.\n"
      "#pragma once\n\n"
      "#include \"model/base/field.hpp\"\n\n"
      "#include <cstdint>\n"
      "#include <string_view>\n"
      "#include <type_traits>\n\n"
      "namespace asaemu::msg {{\n",
      family);
  for (const IndexedMessage& message : messages) result += message_struct(message);
  return result + "\n}  // namespace asaemu::msg\n";
}

std::string all_header(std::span<const std::string> families) {
  std::string result = "// Generated from templates/*.yaml. Do not edit.\n#pragma once\n\n";
  for (const std::string& family : families) {
    result += fmt::format("#include \"messages/{}.hpp\"\n", family);
  }
  return result;
}

}  // namespace asaemu
