#include "emulator/cli/commands.hpp"
#include "emulator/run/producers.hpp"
#include "emulator/yaml/embedded.hpp"
#include "emulator/yaml/faults.hpp"
#include "emulator/yaml/nearest.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <charconv>
#include <filesystem>
#include <fstream>

namespace asaemu {

namespace {

using Json = nlohmann::ordered_json;

Json field_json(const FieldDef& field) {
  if (field.kind == FieldKind::kOneOf) {
    return Json{
        {"one_of", std::vector<std::string_view>(field.choices.begin(), field.choices.end())}};
  }
  const bool optional =
      field.kind == FieldKind::kOptionalWord || field.kind == FieldKind::kOptionalText;
  if (!optional) return field_kind_name(field.kind);
  return Json{{"optional", field.kind == FieldKind::kOptionalWord ? "word" : "text"},
              {"before", field.before},
              {"after", field.after}};
}

Json message_json(const MessageType& type, const Producers& producers) {
  const MessageDef& def = type.def();
  Json json{{"id", def.id},
            {"name", def.name},
            {"severity", def.severity},
            {"text", def.text},
            {"older", nullptr},
            {"fields", Json::object()},
            {"example", def.example},
            {"class", def.event_class},
            {"rate_limit", nullptr},
            {"subsystem", def.family},
            {"meaning", def.meaning},
            {"source", def.source},
            {"accepts", Json::array()},
            {"produced_by", Json::array()}};
  if (!def.note.empty()) json["note"] = def.note;
  if (!def.older.empty()) {
    const WordingDef& older = def.older.front();
    json["older"] = {{"before", def.older_before},
                     {"severity", older.severity},
                     {"text", older.text},
                     {"example", older.example},
                     {"source", older.source}};
  }
  for (const FieldDef& field : def.fields)
    json["fields"][std::string(field.name)] = field_json(field);
  if (def.rate_limit.messages > 0) {
    json["rate_limit"] = {{"messages", def.rate_limit.messages},
                          {"seconds", def.rate_limit.seconds}};
  }
  for (const WordingDef& form : def.accepts) json["accepts"].push_back(form.text);
  for (const auto& scenario : producers.of(type.index())) json["produced_by"].push_back(scenario);
  return json;
}

std::string describe(const MessageType& type, const Producers& producers) {
  const MessageDef& def = type.def();
  std::string text = fmt::format("%ASA-{}-{}: {}\n  {}\n  {}\n", def.severity, def.id, def.text,
                                 def.name, def.meaning);
  for (const FieldDef& field : def.fields) {
    text += fmt::format("  field   {}: {}\n", field.name, field_json(field).dump());
  }
  text += fmt::format("  example %ASA-{}-{}: {}\n", def.severity, def.id, def.example);
  if (!def.older.empty()) {
    text += fmt::format("  before {}: {}\n", def.older_before, def.older.front().text);
  }
  for (const WordingDef& form : def.accepts) text += fmt::format("  also read: {}\n", form.text);
  if (def.rate_limit.messages > 0) {
    text += fmt::format("  at most {} in {} s\n", def.rate_limit.messages, def.rate_limit.seconds);
  }
  text += fmt::format("  class {}; source: {}\n", def.event_class, def.source);
  if (!def.note.empty()) text += fmt::format("  note: {}\n", def.note);
  const auto& scenarios = producers.of(type.index());
  text += fmt::format("  caused in: {}\n", scenarios.empty()
                                               ? "no shipped scenario yet"
                                               : fmt::format("{}", fmt::join(scenarios, ", ")));
  return text;
}

int show_one(const Catalogue& catalogue, const std::string& wanted, bool json) {
  std::vector<const MessageType*> types;
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), id);
  if (error == std::errc{} && end == wanted.data() + wanted.size()) {
    types = catalogue.find(id);
  } else if (const auto* type = catalogue.find(std::string_view(wanted))) {
    types.push_back(type);
  }
  if (types.empty()) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < catalogue.size(); ++i) names.push_back(catalogue.at(i).name());
    const auto nearest = nearest_name(wanted, names);
    spdlog::error("there is no message {}{}", asaemu::quoted(wanted),
                  nearest ? fmt::format("; did you mean '{}'?", *nearest) : std::string());
    return kExitBadInput;
  }
  const Producers producers(catalogue);
  Json all = Json::array();
  for (const auto* type : types) {
    if (json) {
      all.push_back(message_json(*type, producers));
    } else {
      fmt::print("{}", describe(*type, producers));
    }
  }
  if (json) fmt::print("{}\n", all.dump(2));
  return kExitDone;
}

int show_all(const Catalogue& catalogue, bool json) {
  if (!json) {
    for (std::size_t i = 0; i < catalogue.size(); ++i) {
      const MessageType& type = catalogue.at(i);
      fmt::print("{} {} {}  {}\n", type.id(), type.current().severity(), type.name(),
                 type.def().text);
    }
    return kExitDone;
  }
  const Producers producers(catalogue);
  Json all = Json::array();
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    all.push_back(message_json(catalogue.at(i), producers));
  }
  fmt::print("{}\n", all.dump(2));
  return kExitDone;
}

/// Writes the templates as they are in the program, a start for --templates.
int export_templates(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  for (const auto& file : embedded_templates()) {
    const auto path = std::filesystem::path(directory) / (std::string(file.name) + ".yaml");
    std::ofstream out(path, std::ios::binary);
    out << file.text << std::flush;
    if (!out) {
      spdlog::error("{}: cannot be written", path.string());
      return kExitWorld;
    }
  }
  return kExitDone;
}

}  // namespace

void add_messages_command(CLI::App& app, const Globals& globals, int& exit_code) {
  struct Given {
    std::string wanted;
    std::string directory;
    bool json = false;
  };
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand("messages", "List the message catalogue, or one message");
  command->add_option("message", given->wanted, "A message id, or a message's name");
  command->add_flag("--json", given->json, "Print JSON");
  command->add_option("--export", given->directory,
                      "Write the built-in templates into this directory and print nothing");
  command->callback([given, &globals, &exit_code] {
    if (!given->directory.empty()) {
      exit_code = export_templates(given->directory);
      return;
    }
    const auto catalogue = load_catalogue(globals);
    if (!catalogue) {
      exit_code = kExitBadInput;
    } else {
      exit_code = given->wanted.empty() ? show_all(*catalogue, given->json)
                                        : show_one(*catalogue, given->wanted, given->json);
    }
  });
}

}  // namespace asaemu
