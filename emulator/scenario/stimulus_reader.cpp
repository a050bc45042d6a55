#include "emulator/scenario/stimulus_reader.hpp"

#include "emulator/scenario/values.hpp"
#include "emulator/yaml/mapping_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

/// Adds the lines of a text that an operator would type.
void add_lines(std::string_view text, std::vector<std::string>& lines) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto last = line.find_last_not_of(" \t\r");
    line = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
    const auto first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] != '!') lines.emplace_back(line);
  }
}

/// Whether a field of the mapping says what kind of packet it is, so that it has no IP protocol.
bool has_other_kind(const Node& packet) {
  return std::ranges::any_of(packet.entries(), [](const Node::Entry& entry) {
    return std::ranges::any_of(registry().packet_fields(), [&](const PacketFieldDef& def) {
      return def.replaces_protocol && def.field.name == entry.key->text();
    });
  });
}

bool is_required(std::string_view packet_field, const Node& packet) {
  if (packet_field == "proto") return !has_other_kind(packet);
  return packet_field == "src" || packet_field == "dst";
}

/// Whether a packet takes every value that the generator may make; complains if not.
bool fits(const PacketFieldDef& def, const Generator& generator, const Node& node,
          const Scope& scope) {
  for (const FieldValue& value : generator.examples()) {
    Packet packet;
    if (def.set(packet, value, def.extra)) continue;
    scope.complain(node, fmt::format("{} is {}; it is the {}", def.field.name,
                                     shown(field_to_string(def.field, value)), def.help));
    return false;
  }
  return true;
}

/// A field of a packet with the place where its value stands.
struct PlacedField {
  const PacketStimulus::Field* field = nullptr;
  const Node* node = nullptr;
};

/// Whether the field is given and all its values satisfy `is_so`.
template <class IsSo>
bool all_are(const PlacedField& field, IsSo is_so) {
  return field.field != nullptr && std::ranges::all_of(field.field->generator.examples(), is_so);
}

/// Complains about fields that no packet can have together: those that contradict each other whatever
/// their generators make.
void check_together(const std::vector<PlacedField>& fields, const Scope& scope) {
  const auto find = [&](std::string_view name) {
    const auto found = std::ranges::find_if(
        fields, [&](const PlacedField& each) { return each.field->field->field.name == name; });
    return found == fields.end() ? PlacedField{} : *found;
  };
  const PlacedField source = find("src");
  const PlacedField destination = find("dst");
  const auto is_v6 = [](const FieldValue& value) { return std::get<IpAddress>(value).is_v6(); };
  const auto is_v4 = [&](const FieldValue& value) { return !is_v6(value); };
  if ((all_are(source, is_v6) && all_are(destination, is_v4)) ||
      (all_are(source, is_v4) && all_are(destination, is_v6))) {
    scope.complain(*destination.node, "dst is of another IP version than src");
  }
  const PlacedField protocol = find("proto");
  const auto is = [](IpProtocol wanted) {
    return [wanted](const FieldValue& value) { return std::get<IpProtocol>(value) == wanted; };
  };
  const auto is_not = [](IpProtocol wanted) {
    return [wanted](const FieldValue& value) { return std::get<IpProtocol>(value) != wanted; };
  };
  const PlacedField flags = find("flags");
  if (flags.field != nullptr && all_are(protocol, is_not(kProtocolTcp))) {
    scope.complain(*flags.node, "flags are TCP's; proto is another");
  }
  for (const std::string_view name : {"sport", "dport"}) {
    const PlacedField port = find(name);
    if (port.field == nullptr || !all_are(protocol, is(kProtocolIcmp))) continue;
    scope.complain(*port.node, fmt::format("{} is a port; ICMP has none", name));
  }
  for (const std::string_view name : {"icmp_type", "icmp_code"}) {
    const PlacedField icmp = find(name);
    if (icmp.field == nullptr || !all_are(protocol, [&](const FieldValue& value) {
          const auto given = std::get<IpProtocol>(value);
          return given == kProtocolTcp || given == kProtocolUdp;
        })) {
      continue;
    }
    scope.complain(*icmp.node, fmt::format("{} is ICMP's; proto is another", name));
  }
}

/// The world event that the mapping's first key names; complains if there is none.
const WorldEvent* find_event(const Node& node, const Scope& scope) {
  const Node& first = *node.entries().front().key;
  if (const auto* event = registry().find_world_event(first.text())) return event;
  for (const Node::Entry& entry : node.entries()) {
    if (registry().find_world_event(entry.key->text()) == nullptr) continue;
    scope.complain(first,
                   fmt::format("{} stands first; the first key names the event, put '{}' there",
                               quoted(first.text()), entry.key->text()));
    return nullptr;
  }
  std::vector<std::string_view> names;
  for (const WorldEvent& event : registry().world_events()) names.push_back(event.name);
  scope.complain(first, fmt::format("unknown world event {}{}", quoted(first.text()),
                                    suggest(first.text(), names, "`asaemu stimuli` lists them")));
  return nullptr;
}

/// The message of this name; complains if there is none.
const MessageType* find_message(const Node& node, const Scope& scope, const Catalogue& catalogue) {
  const auto name = scope.text(node, "message");
  if (!name) return nullptr;
  if (const auto* type = catalogue.find(std::string_view(*name))) return type;
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(name->data(), name->data() + name->size(), id);
  std::vector<std::string_view> names;
  if (error == std::errc{} && end == name->data() + name->size()) {
    for (const auto* type : catalogue.find(id)) names.push_back(type->name());
  }
  if (!names.empty()) {
    scope.complain(node, fmt::format("message is {}; messages go by name here: {}", *name,
                                     fmt::join(names, ", ")));
    return nullptr;
  }
  for (std::size_t i = 0; i < catalogue.size(); ++i) names.push_back(catalogue.at(i).name());
  scope.complain(node, fmt::format("there is no message {}{}", quoted(*name),
                                   suggest(*name, names, "`asaemu messages` lists them")));
  return nullptr;
}

}  // namespace

std::optional<Stimulus> read_cli(const Node& node, const Scope& scope) {
  CliStimulus cli;
  const std::size_t faults_before = scope.faults().size();
  if (!node.is_sequence()) {
    if (const auto text = scope.text(node, "cli")) add_lines(*text, cli.lines);
  }
  for (const Node* item : node.items()) {
    if (const auto text = scope.text(*item, "a line of cli")) add_lines(*text, cli.lines);
  }
  if (scope.faults().size() > faults_before) return std::nullopt;
  if (!cli.lines.empty()) return cli;
  scope.complain(node, "cli has no line to type");
  return std::nullopt;
}

std::optional<Stimulus> read_packet(const Node& node, const Scope& scope) {
  const std::size_t faults_before = scope.faults().size();
  MappingReader reader(node, "a packet", scope.faults());
  const Node* in = reader.required("in");
  PacketStimulus packet;
  std::vector<const Node*> places;
  for (const PacketFieldDef& def : registry().packet_fields()) {
    const Node* value = is_required(def.field.name, node) ? reader.required(def.field.name)
                                                          : reader.optional(def.field.name);
    if (value == nullptr) continue;
    auto generator = read_generator(scope, *value, def.field);
    if (generator && fits(def, *generator, *value, scope)) {
      packet.fields.push_back({&def, std::move(*generator)});
      places.push_back(value);
    }
  }
  if (in != nullptr) packet.in = scope.text(*in, "in").value_or("");
  reader.finish();
  std::vector<PlacedField> placed;
  for (std::size_t i = 0; i < places.size(); ++i) placed.push_back({&packet.fields[i], places[i]});
  check_together(placed, scope);
  if (scope.faults().size() > faults_before) return std::nullopt;
  return packet;
}

std::optional<Stimulus> read_world(const Node& node, const Scope& scope) {
  if (!node.is_mapping() || node.entries().empty()) {
    scope.complain(node, fmt::format("world must be an event, such as {{link: GigabitEthernet0/0, "
                                     "state: down}}, found {}",
                                     shown(node)));
    return std::nullopt;
  }
  const std::size_t faults_before = scope.faults().size();
  WorldStimulus world;
  world.event = find_event(node, scope);
  if (world.event == nullptr) return std::nullopt;
  const std::string what = fmt::format("world event '{}'", world.event->name);
  MappingReader reader(node, what, scope.faults());
  for (const WorldParameter& parameter : world.event->parameters) {
    const Node* given = parameter.required ? reader.required(parameter.field.name)
                                           : reader.optional(parameter.field.name);
    if (given == nullptr) continue;
    auto value = read_field(scope, *given, parameter.field);
    if (!value) continue;
    if (parameter.names == WorldParameter::Names::kHardwareInterface) {
      // gi0/1 is GigabitEthernet0/1; a name that is neither is found out on the device.
      auto& text = std::get<std::string>(*value);
      text = canonical_interface(text).value_or(text);
    }
    world.arguments.set(parameter.field.name, std::move(*value));
  }
  reader.finish();
  if (scope.faults().size() > faults_before) return std::nullopt;
  return world;
}

std::optional<Stimulus> read_emit(const Node& node, const Scope& scope,
                                  const Catalogue& catalogue) {
  const std::size_t faults_before = scope.faults().size();
  MappingReader reader(node, "an emitted message", scope.faults());
  const Node* message = reader.required("message");
  const Node* fields = reader.optional("fields");
  reader.finish();
  if (message == nullptr) return std::nullopt;
  EmitStimulus emit;
  emit.type = find_message(*message, scope, catalogue);
  if (emit.type == nullptr) return std::nullopt;
  const auto defs = emit.type->fields();
  if (defs.empty() && fields != nullptr) {
    scope.complain(*fields, fmt::format("{} has no fields; leave them out", emit.type->name()));
    return std::nullopt;
  }
  if (fields == nullptr && !defs.empty()) {
    std::vector<std::string_view> names;
    for (const FieldDef& def : defs) names.push_back(def.name);
    scope.complain(node, fmt::format("missing key 'fields'; {} has {}", emit.type->name(),
                                     fmt::join(names, ", ")));
  }
  if (fields != nullptr) {
    const std::string what = fmt::format("message '{}'", emit.type->name());
    MappingReader values(*fields, what, scope.faults());
    for (std::size_t i = 0; i < defs.size(); ++i) {
      const Node* given = values.required(defs[i].name);
      if (given == nullptr) continue;
      if (auto generator = read_generator(scope, *given, defs[i])) {
        emit.fields.push_back({i, std::move(*generator)});
      }
    }
    values.finish();
  }
  if (scope.faults().size() > faults_before) return std::nullopt;
  return emit;
}

}  // namespace asaemu
