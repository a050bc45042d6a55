// As much of JSON Schema (draft-07) as our own schema uses. A keyword that is not understood is an
// error, so that nothing in the schema goes untested.
#pragma once

#include "emulator/yaml/document.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>

namespace asaemu::test {

using Json = nlohmann::json;

/// A YAML value as an editor sees it: plain scalars are null, booleans and numbers where YAML 1.2's
/// core schema says so.
inline Json json_of(const Node& node) {
  static const std::regex integer("[-+]?[0-9]+|0x[0-9A-Fa-f]+|0o[0-7]+");
  static const std::regex number(R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)");
  Json json;
  if (node.is_sequence()) {
    json = Json::array();
    for (const Node* item : node.items()) json.push_back(json_of(*item));
  } else if (node.is_mapping()) {
    json = Json::object();
    for (const auto& entry : node.entries()) {
      json[std::string(entry.key->text())] = json_of(*entry.value);
    }
  } else if (node.is_scalar()) {
    const std::string text(node.text());
    if (node.quoted() || text.size() > 40) {
      json = text;
    } else if (text == "true" || text == "false") {
      json = text == "true";
    } else if (std::regex_match(text, integer) && text.size() < 19) {
      json = std::stoll(text, nullptr, 0);
    } else if (std::regex_match(text, number)) {
      json = std::stod(text);
    } else {
      json = text;
    }
  }
  return json;
}

class SchemaValidator {
 public:
  explicit SchemaValidator(Json schema) : root_(std::move(schema)) {}

  /// The first violation found, as `/path: what`; empty if the value is valid.
  [[nodiscard]] std::string violation(const Json& value) const { return check(value, root_, ""); }

 private:
  using Text = std::string;

  [[nodiscard]] Text check(const Json& value, const Json& schema, const Text& path) const {
    if (schema.is_boolean()) return schema.get<bool>() ? Text() : path + ": not allowed";
    for (const auto& [keyword, argument] : schema.items()) {
      if (auto found = apply(value, schema, keyword, argument, path); !found.empty()) return found;
    }
    return {};
  }

  [[nodiscard]] Text apply(const Json& value, const Json& schema, const Text& keyword,
                           const Json& argument, const Text& path) const {
    static const std::set<Text> annotations{"$schema", "title", "description", "default",
                                            "definitions"};
    if (annotations.contains(keyword)) return {};
    if (keyword == "$ref")
      return check(value, root_.at(Json::json_pointer(argument.get<Text>().substr(1))), path);
    if (keyword == "type")
      return if_not(has_type(value, argument), path, "is no " + argument.dump());
    if (keyword == "enum") {
      return if_not(std::find(argument.begin(), argument.end(), value) != argument.end(), path,
                    "is not one of " + argument.dump());
    }
    if (keyword == "anyOf" || keyword == "oneOf" || keyword == "not") {
      return combine(value, keyword, argument, path);
    }
    if (value.is_object()) return apply_to_object(value, schema, keyword, argument, path);
    if (value.is_array()) return apply_to_array(value, keyword, argument, path);
    if (keyword == "pattern" && value.is_string()) {
      return if_not(std::regex_search(value.get<Text>(), std::regex(argument.get<Text>())), path,
                    "does not match " + argument.get<Text>());
    }
    if (value.is_number()) return apply_to_number(value.get<double>(), keyword, argument, path);
    return known(keyword);
  }

  [[nodiscard]] Text combine(const Json& value, const Text& keyword, const Json& argument,
                             const Text& path) const {
    if (keyword == "not")
      return if_not(!check(value, argument, path).empty(), path, "has what it must not");
    const auto fitting = std::count_if(argument.begin(), argument.end(), [&](const Json& schema) {
      return check(value, schema, path).empty();
    });
    return if_not(keyword == "anyOf" ? fitting > 0 : fitting == 1, path,
                  fmt::format("fits {} of {}", fitting, keyword));
  }

  [[nodiscard]] Text apply_to_object(const Json& value, const Json& schema, const Text& keyword,
                                     const Json& argument, const Text& path) const {
    if (keyword == "minProperties")
      return if_not(value.size() >= argument, path, "has too few keys");
    if (keyword == "maxProperties")
      return if_not(value.size() <= argument, path, "has too many keys");
    if (keyword == "required") {
      for (const auto& key : argument) {
        if (!value.contains(key.get<Text>())) return path + ": lacks " + key.get<Text>();
      }
      return {};
    }
    for (const auto& [key, member] : value.items()) {
      const Text place = path + "/" + key;
      Text found;
      const bool declared = schema.contains("properties") && schema["properties"].contains(key);
      if (keyword == "properties" && declared) found = check(member, argument[key], place);
      if (keyword == "additionalProperties" && !declared) found = check(member, argument, place);
      if (keyword == "propertyNames") found = check(key, argument, place);
      if (!found.empty()) return found;
    }
    return known(keyword);
  }

  [[nodiscard]] Text apply_to_array(const Json& value, const Text& keyword, const Json& argument,
                                    const Text& path) const {
    if (keyword == "minItems") return if_not(value.size() >= argument, path, "has too few items");
    if (keyword == "maxItems") return if_not(value.size() <= argument, path, "has too many items");
    for (std::size_t i = 0; keyword == "items" && i < value.size(); ++i) {
      if (auto found = check(value[i], argument, fmt::format("{}/{}", path, i)); !found.empty())
        return found;
    }
    return known(keyword);
  }

  [[nodiscard]] static Text apply_to_number(double value, const Text& keyword, const Json& argument,
                                            const Text& path) {
    if (keyword == "minimum") return if_not(value >= argument.get<double>(), path, "is too small");
    if (keyword == "maximum") return if_not(value <= argument.get<double>(), path, "is too large");
    if (keyword == "exclusiveMinimum")
      return if_not(value > argument.get<double>(), path, "is too small");
    return known(keyword);
  }

  /// Keywords that say nothing about a value of this type; others are not understood.
  static Text known(const Text& keyword) {
    static const std::set<Text> keywords{
        "minProperties", "maxProperties", "required",        "properties", "additionalProperties",
        "propertyNames", "minItems",      "maxItems",        "items",      "pattern",
        "minimum",       "maximum",       "exclusiveMinimum"};
    if (!keywords.contains(keyword)) throw std::runtime_error("unknown schema keyword " + keyword);
    return {};
  }

  static bool has_type(const Json& value, const Json& types) {
    if (types.is_array()) {
      return std::any_of(types.begin(), types.end(),
                         [&](const Json& type) { return has_type(value, type); });
    }
    const auto type = types.get<Text>();
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "number" && value.is_number());
  }

  static Text if_not(bool good, const Text& path, const Text& what) {
    return good ? Text() : path + ": " + what;
  }

  Json root_;
};

}  // namespace asaemu::test
