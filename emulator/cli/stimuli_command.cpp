#include "emulator/cli/stimuli_command.hpp"

#include "emulator/cli/commands.hpp"
#include "model/contract/registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace asaemu {

namespace {

using Json = nlohmann::ordered_json;

std::string_view subsystem_name(std::uint16_t subsystem) {
  return registry().types()[subsystem].name;
}

/// `ip`, or the choices of an enumeration.
std::string type_text(const FieldDef& field) {
  if (field.kind != FieldKind::kOneOf) return std::string(field_kind_name(field.kind));
  return fmt::format("{}", fmt::join(field.choices, "|"));
}

/// As `asaemu messages --json` gives a field's type.
Json type_json(const FieldDef& field) {
  if (field.kind != FieldKind::kOneOf) return field_kind_name(field.kind);
  return {{"one_of", std::vector<std::string_view>(field.choices.begin(), field.choices.end())}};
}

/// The modes in the order in which they were first declared.
std::vector<Mode> modes() {
  std::vector<Mode> all;
  for (const Command& command : registry().grammar().commands()) {
    if (std::ranges::find(all, command.mode) == all.end()) all.push_back(command.mode);
  }
  return all;
}

void print_commands() {
  fmt::print("cli: what an operator types; a session begins in privileged mode\n");
  for (const Mode mode : modes()) {
    fmt::print("\n  in mode {}\n", mode.name);
    for (const Command& command : registry().grammar().commands()) {
      if (command.mode != mode) continue;
      fmt::print("    {}\n      {} [{}]\n", command.pattern, command.help,
                 subsystem_name(command.subsystem));
    }
  }
}

void print_packet_fields() {
  fmt::print(
      "\npacket: a packet at an interface\n    {:<20} {:<10} {}\n", "in", "nameif",
      "the interface where it arrives; required, as src and dst are, and proto for an IP packet");
  for (const PacketFieldDef& def : registry().packet_fields()) {
    fmt::print("    {:<20} {:<10} {}{}\n", def.field.name, type_text(def.field), def.help,
               def.subsystem.empty() ? std::string() : fmt::format(" [{}]", def.subsystem));
  }
}

void print_world_events() {
  fmt::print("\nworld: what happens around a device\n");
  for (const WorldEvent& event : registry().world_events()) {
    fmt::print("    {}: {} [{}]\n", event.name, event.help, subsystem_name(event.subsystem));
    for (const WorldParameter& parameter : event.parameters) {
      fmt::print("      {:<18} {:<10} {}{}\n", parameter.field.name, type_text(parameter.field),
                 parameter.help, parameter.required ? "" : " (may be left out)");
    }
  }
}

void print_options() {
  fmt::print("\noptions of a device: what no ASA command sets\n");
  for (const OptionDef& option : registry().options()) {
    fmt::print("    {:<20} {:<10} {} (default {})\n", option.field.name, type_text(option.field),
               option.help, option.otherwise);
  }
}

Json world_json(const WorldEvent& event) {
  Json parameters = Json::array();
  for (const WorldParameter& parameter : event.parameters) {
    Json json{{"name", parameter.field.name},
              {"type", type_json(parameter.field)},
              {"required", parameter.required},
              {"help", parameter.help}};
    if (parameter.names == WorldParameter::Names::kHardwareInterface) json["names"] = "interface";
    parameters.push_back(std::move(json));
  }
  return {{"name", event.name},
          {"help", event.help},
          {"subsystem", subsystem_name(event.subsystem)},
          {"parameters", std::move(parameters)}};
}

void print_json() {
  Json json{{"commands", Json::array()},
            {"packet_fields", Json::array()},
            {"world_events", Json::array()},
            {"device_options", Json::array()}};
  for (const Command& command : registry().grammar().commands()) {
    json["commands"].push_back({{"pattern", command.pattern},
                                {"mode", command.mode.name},
                                {"help", command.help},
                                {"subsystem", subsystem_name(command.subsystem)}});
  }
  for (const PacketFieldDef& def : registry().packet_fields()) {
    json["packet_fields"].push_back(
        {{"name", def.field.name},
         {"type", type_json(def.field)},
         {"help", def.help},
         {"subsystem", def.subsystem.empty() ? Json() : Json(def.subsystem)}});
  }
  for (const WorldEvent& event : registry().world_events()) {
    json["world_events"].push_back(world_json(event));
  }
  for (const OptionDef& option : registry().options()) {
    json["device_options"].push_back({{"name", option.field.name},
                                      {"type", type_json(option.field)},
                                      {"default", option.otherwise},
                                      {"help", option.help}});
  }
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

void add_stimuli_command(CLI::App& app, int& exit_code) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand(
      "stimuli", "List what can happen to a device: commands, packets, world events, options");
  command->add_flag("--json", *json, "Print JSON");
  command->callback([json, &exit_code] {
    exit_code = kExitDone;
    if (*json) {
      print_json();
      return;
    }
    print_commands();
    print_packet_fields();
    print_world_events();
    print_options();
  });
}

}  // namespace asaemu
