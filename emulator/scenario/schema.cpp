#include "emulator/scenario/schema.hpp"

#include "emulator/scenario/values.hpp"
#include "model/contract/registry.hpp"
#include "model/state/platform.hpp"

#include <nlohmann/json.hpp>

namespace asaemu {

namespace {

using Json = nlohmann::ordered_json;

// Forms of texts. `${…}`, `{n}` and `{site}` may stand for any of them.
constexpr const char* kPlace = R"(\$\{|\{[A-Za-z_-])";
constexpr const char* kDuration = R"(^([0-9]+(\.[0-9]+)?(ns|us|ms|w|d|h|m|s))+$)";
constexpr const char* kHourMinuteSecond = "^[0-9]+:[0-5][0-9]:[0-5][0-9]$";
constexpr const char* kRate = R"(^[0-9]+(\.[0-9]+)?/(s|m|h|d)$)";
constexpr const char* kIpv4 =
    R"(^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$)";
constexpr const char* kIpv6 = "^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$";
constexpr const char* kPrefix = "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$";
constexpr const char* kHex = "^0x[0-9A-Fa-f]{1,8}$";
constexpr const char* kCalendar =
    R"(^(now|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z)$)";
constexpr const char* kDeviceName =
    R"(^[A-Za-z0-9_.-]*(\{[0-9]{1,9}\.\.[0-9]{1,9}\})?[A-Za-z0-9_.-]*$)";
constexpr const char* kDestination = "^((udp|tcp|tls)://.|(file|pcap):.|stdout:$|null:$|sink:$)";
constexpr const char* kTechnique = R"(^T[0-9]{4}(\.[0-9]{3})?$)";

Json text(const char* pattern) {
  return {{"type", "string"}, {"pattern", pattern}};
}

Json any_of(std::vector<Json> choices) {
  return {{"anyOf", std::move(choices)}};
}

Json or_place(Json schema) {
  return any_of({std::move(schema), text(kPlace)});
}

Json reference(const char* name) {
  return {{"$ref", std::string("#/definitions/") + name}};
}

Json whole(std::uint64_t low, std::uint64_t high) {
  return {{"type", "integer"}, {"minimum", low}, {"maximum", high}};
}

Json list_of(Json items) {
  return {{"type", "array"}, {"minItems", 1}, {"items", std::move(items)}};
}

Json object(Json properties, const std::vector<std::string>& required = {}) {
  Json schema{
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = required;
  return schema;
}

Json described(Json schema, std::string_view description) {
  schema["description"] = description;
  return schema;
}

/// One value of the field's type, as an editor sees it.
Json value_of(const FieldDef& field) {
  switch (field.kind) {
    case FieldKind::kIp:
      return any_of({text(kIpv4), text(kIpv6), text(kPlace)});
    case FieldKind::kPort:
      return or_place(whole(0, 65535));
    case FieldKind::kNumber:
      return or_place({{"type", "integer"}, {"minimum", 0}});
    case FieldKind::kSpi:
    case FieldKind::kHex32:
    case FieldKind::kHex32Lower:
      // YAML reads 0x1F as a number.
      return any_of({text(kHex), whole(0, 0xFFFFFFFF), text(kPlace)});
    case FieldKind::kProtocol:
    case FieldKind::kProtocolUpper:
      return any_of({text("^[A-Za-z0-9-]+$"), whole(0, 255), text(kPlace)});
    case FieldKind::kDuration:
      return any_of({text(kDuration), text(kHourMinuteSecond), text(kPlace)});
    case FieldKind::kOneOf:
      return or_place(
          {{"enum", std::vector<std::string>(field.choices.begin(), field.choices.end())}});
    default:
      return reference("scalar");
  }
}

/// A value of the field or a way to make values; see values.hpp.
Json generator_of(const FieldDef& field) {
  const Json value = value_of(field);
  Json ways;
  const bool is_countable = field.kind == FieldKind::kPort || field.kind == FieldKind::kNumber ||
                            field.kind == FieldKind::kIp || field.kind == FieldKind::kMac;
  if (field.kind == FieldKind::kIp) ways["pool"] = or_place(text(kPrefix));
  if (is_countable) {
    ways["range"] = {{"type", "array"}, {"minItems", 2}, {"maxItems", 2}, {"items", value}};
  }
  const Json weight = or_place({{"type", "number"}, {"exclusiveMinimum", 0}});
  ways["list"] =
      any_of({list_of(value),
              {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", weight}}});
  ways["sequence"] = list_of(value);
  Json way = object(std::move(ways));
  way["minProperties"] = 1;
  way["maxProperties"] = 1;
  return any_of({value, std::move(way)});
}

Json device_schema() {
  std::vector<std::string> names;
  for (const Platform& platform : platforms()) names.emplace_back(platform.name);
  Json options = Json::object();
  for (const OptionDef& option : registry().options()) {
    Json schema = described(value_of(option.field), option.help);
    schema["default"] = option.otherwise;
    options[std::string(option.field.name)] = std::move(schema);
  }
  Json properties{
      {"name",
       described(
           any_of({text(kDeviceName), text(R"(\$\{)")}),
           "The device's name, and its hostname until one is configured; fw-{001..250} makes 250")},
      {"platform",
       described(or_place({{"enum", std::move(names)}}), "The model; ASA5525 if left out")},
      {"release", described(any_of({text("^[0-9]"), {{"type", "number"}}, text(kPlace)}),
                            "The software release; 9.20 if left out")},
      {"config", described({{"type", "string"}},
                           "Running configuration, as `show running-config` prints it")},
      {"config-file",
       described({{"type", "string"}}, "A file with running configuration, beside this one")},
      {"vars",
       described({{"type", "object"},
                  {"propertyNames", {{"pattern", "^[A-Za-z_-]+$"}}},
                  {"additionalProperties",
                   any_of({reference("scalar"), list_of(reference("scalar")),
                           object({{"range", list_of(reference("scalar"))}}, {"range"})})}},
                 "What {site} stands for: a value, a list or a range, one for each device")},
      {"source", described(reference("scalar"),
                           "The address its lines come from: one of this machine, or any with "
                           "?proxy=v2")},
      {"options", described(object(std::move(options)), "Settings of the emulation")}};
  Json schema = object(std::move(properties), {"name"});
  schema["not"] = {{"required", {"config", "config-file"}}};
  return schema;
}

Json packet_schema() {
  Json properties{
      {"in", described(reference("scalar"), "nameif of the interface where it arrives")}};
  for (const PacketFieldDef& def : registry().packet_fields()) {
    properties[std::string(def.field.name)] = described(generator_of(def.field), def.help);
  }
  Json schema = object(std::move(properties), {"in", "src", "dst"});
  // An IP packet says its protocol; fields that make it something else stand for that.
  const auto with = [](std::string_view field) { return Json{{"required", Json::array({field})}}; };
  std::vector<Json> kinds{with("proto")};
  for (const PacketFieldDef& def : registry().packet_fields()) {
    if (def.replaces_protocol) kinds.push_back(with(def.field.name));
  }
  schema["anyOf"] = std::move(kinds);
  return schema;
}

Json world_schema() {
  std::vector<Json> events;
  for (const WorldEvent& event : registry().world_events()) {
    Json properties = Json::object();
    std::vector<std::string> required;
    for (const WorldParameter& parameter : event.parameters) {
      const std::string name(parameter.field.name);
      properties[name] = described(value_of(parameter.field), parameter.help);
      if (parameter.required) required.push_back(name);
    }
    events.push_back(described(object(std::move(properties), required), event.help));
  }
  return any_of(std::move(events));
}

Json emit_schema(const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < catalogue.size(); ++i) names.emplace_back(catalogue.at(i).name());
  Json fields{
      {"type", "object"},
      {"additionalProperties", generator_of(FieldDef{.name = "", .kind = FieldKind::kText})}};
  return object(
      {{"message", or_place({{"enum", std::move(names)}})}, {"fields", std::move(fields)}},
      {"message"});
}

/// A rate, or 0.
Json rate_from_zero() {
  return any_of({reference("rate"), text("^0(/s)?$"), {{"enum", Json::array({0})}}});
}

Json choice_of(std::vector<std::string> words) {
  return or_place({{"enum", std::move(words)}});
}

/// One key for each shape of a load, and those that go with every shape.
Json rate_schema() {
  const Json duration = reference("duration");
  const Json rate = reference("rate");
  const Json number = or_place({{"type", "number"}, {"minimum", 0}});
  const Json zero = rate_from_zero();
  Json properties{
      {"constant", described(rate, "Evenly")},
      {"poisson", described(rate, "At random")},
      {"ramp",
       described(object({{"from", zero}, {"to", zero}, {"over", duration}}, {"from", "to", "over"}),
                 "Rises or falls evenly, then stays")},
      {"step", described(object({{"from", zero}, {"by", rate}, {"every", duration}, {"to", rate}},
                                {"from", "by", "every", "to"}),
                         "A staircase, then stays")},
      {"burst",
       described(object({{"base", zero}, {"peak", rate}, {"every", duration}, {"for", duration}},
                        {"base", "peak", "every", "for"}),
                 "The peak for a while, again and again; the base between")},
      {"sine", described(object({{"mean", rate}, {"amplitude", zero}, {"period", duration}},
                                {"mean", "amplitude", "period"}),
                         "Swings around its mean")},
      {"diurnal",
       described(any_of({rate, object({{"mean", rate},
                                       {"spikes",
                                        any_of({choice_of({"on", "off"}), {{"type", "boolean"}}})}},
                                      {"mean"})}),
                 "An office's week by the devices' clock: its mean; three peaks a day, spikes")},
      {"hawkes",
       described(object({{"mean", rate}, {"branching", number}, {"decay", duration}},
                        {"mean", "branching", "decay"}),
                 "Each occurrence makes more follow: branching (below 1) on average, decay "
                 "later on average")},
      {"trace",
       described(any_of({reference("scalar"),
                         object({{"file", reference("scalar")}, {"scale", number}}, {"file"})}),
                 "A CSV file beside this one: time in seconds, rate a second")},
      {"volume", described(object({{"per-day", or_place(text("^[0-9.]+(kB|MB|GB|TB)$"))},
                                   {"line", number},
                                   {"shape", choice_of({"constant", "poisson", "diurnal"})}},
                                  {"per-day"}),
                           "So many bytes a day, of lines of so many bytes (220 if left out)")}};
  std::vector<Json> shapes;
  for (const auto& [name, unused] : properties.items()) {
    shapes.push_back({{"required", Json::array({name})}});
  }
  properties["arrivals"] =
      described(choice_of({"even", "poisson"}), "How a shape's occurrences are spread");
  properties["per"] =
      described(choice_of({"device", "run"}),
                "Whose rate it is: each device's, or that of all of the step together");
  Json schema = object(std::move(properties));
  schema["oneOf"] = std::move(shapes);
  return schema;
}

Json schedule_properties() {
  const Json rate = rate_schema();
  const Json every = object(
      {{"interval", reference("duration")}, {"jitter", reference("duration")}}, {"interval"});
  return {
      {"at", described(reference("duration"), "When it begins, from the start; 0s if left out")},
      {"until", described(reference("duration"), "When it ends, from the start")},
      {"for", described(reference("duration"), "How long it goes on, from `at`")},
      {"every", described(any_of({reference("duration"), every}), "Time between two occurrences")},
      {"rate", described(rate, "Occurrences, on each device if not said otherwise")},
      {"count",
       described(or_place(whole(1, 1'000'000'000'000)), "Occurrences on each device, at most")}};
}

Json step_schema() {
  Json properties = schedule_properties();
  const Json name = reference("scalar");
  properties["device"] =
      described(any_of({name, list_of(name)}), "Names or globs; all devices if left out");
  properties["step"] = described(name, "A label, shared by steps that belong together");
  properties["attack"] =
      described(or_place(text(kTechnique)), "An ATT&CK technique: T1046, T1046.001");
  properties["cli"] = described(any_of({reference("scalar"), list_of(reference("scalar"))}),
                                "Lines that an operator types into one session");
  properties["packet"] = reference("packet");
  properties["world"] = reference("world");
  properties["emit"] = reference("emit");
  Json part{{"weight", or_place({{"type", "number"}, {"exclusiveMinimum", 0}})}};
  for (const char* key : {"cli", "packet", "world", "emit"}) part[key] = properties[key];
  Json mix = object(std::move(part));
  mix["oneOf"] = Json::array();
  for (const char* key : {"cli", "packet", "world", "emit"}) {
    mix["oneOf"].push_back({{"required", {key}}});
  }
  properties["mix"] =
      described(list_of(std::move(mix)), "Weighted stimuli that share the step's rate");
  properties["repeat"] =
      object({{"count", or_place(whole(1, 100'000))}, {"every", reference("duration")}},
             {"count", "every"});
  properties["steps"] = list_of(reference("step"));
  Json schema = object(std::move(properties));
  schema["oneOf"] = Json::array();
  for (const char* key : {"cli", "packet", "world", "emit", "mix", "steps"}) {
    schema["oneOf"].push_back({{"required", {key}}});
  }
  schema["not"] = any_of({{{"required", {"rate", "every"}}}, {{"required", {"until", "for"}}}});
  return schema;
}

/// A collector's text, or a mapping with its options.
Json collector_schema() {
  const auto destination = or_place(text(kDestination));
  const auto file = described(reference("scalar"), "A PEM file");
  return any_of(
      {destination, object({{"to", destination},
                            {"lf", or_place({{"enum", {"on", "off"}}})},
                            {"offload", or_place({{"enum", {"on", "off"}}})},
                            {"channels", or_place(whole(1, Destination::kChannelsMax))},
                            {"framing", or_place({{"enum", {"lf", "octet"}}})},
                            {"proxy", or_place({{"enum", {"v2"}}})},
                            {"ca", file},
                            {"cert", file},
                            {"key", file},
                            {"name", described(reference("scalar"), "What its certificate is for")},
                            {"tls", or_place({{"enum", {"1.2", "1.3"}}})},
                            {"insecure", or_place({{"enum", {"on", "off"}}})}},
                           {"to"})});
}

Json expectation_schema() {
  const Json count = or_place(whole(0, 1'000'000'000'000));
  const Json name = reference("scalar");
  const Json names = any_of({name, list_of(name)});
  const Json duration = reference("duration");
  Json gap = object({{"at_least", duration}, {"at_most", duration}});
  gap["minProperties"] = 1;
  Json properties{
      {"id", described(names, "The message's id, or several")},
      {"name", described(names, "The message's name, or several")},
      {"step", described(name, "The label of the step that causes it")},
      {"severity", described(or_place(whole(0, 7)), "Its level")},
      {"fields", described({{"type", "object"}, {"additionalProperties", names}},
                           "Values that its fields must have, each one or one of a list")},
      {"device", described(names, "Names or globs; all devices if left out")},
      {"from", described(duration, "What came before does not count")},
      {"until", described(duration, "What comes then or later does not count")},
      {"at_least", described(count, "How often it comes; once if nothing is said")},
      {"at_most", described(count, "How often it comes, in all or with `per`")},
      {"exactly", described(count, "How often it comes")},
      {"never",
       described({{"enum", Json::array({true})}}, "It does not come; with `after`, not within")},
      {"per", described(duration, "`at_most` so many in any such time, on each device")},
      {"after", described(name, "A step's label or a message: it must follow each time")},
      {"within", described(duration, "How soon after")},
      {"order", described({{"type", "array"}, {"minItems", 2}, {"items", name}},
                          "Messages whose first ones come in this order on each device")},
      {"gap", described(gap, "Time between neighbours on one device")}};
  Json schema = object(std::move(properties));
  schema["anyOf"] = Json::array();
  for (const char* key : {"id", "name", "step", "order"}) {
    schema["anyOf"].push_back({{"required", {key}}});
  }
  return schema;
}

Json top_properties() {
  const Json scalars{{"type", "object"},
                     {"propertyNames", {{"pattern", "^[A-Za-z_][A-Za-z0-9_-]*$"}}},
                     {"additionalProperties", reference("scalar")}};
  const Json destinations{{"type", "object"}, {"additionalProperties", collector_schema()}};
  return {
      {"name", described(reference("scalar"),
                         "What the scenario is called; a scenario that is run needs it")},
      {"summary", described(reference("scalar"), "One sentence; a scenario that is run needs it")},
      {"seed", described(or_place({{"type", "integer"}, {"minimum", 0}}),
                         "Of the random numbers; 1 if left out")},
      {"start", described(or_place(text(kCalendar)),
                          "The devices' clock at the start, in UTC; now if left out")},
      {"duration", described(reference("duration"),
                             "How long a run lasts; until nothing happens any more if left out")},
      {"includes",
       described(list_of({{"type", "string"}}), "Files beside this one, or shipped parts")},
      {"vars", described(scalars, "Variables: ${name} stands for its value")},
      {"devices", list_of(reference("device"))},
      {"collectors",
       described(destinations, "Where the logging hosts of the configurations really are")},
      {"timeline", {{"type", "array"}, {"items", reference("step")}}},
      {"tags", described(list_of(text("^[a-z0-9-]+$")), "Words to find the scenario by")},
      {"expect", described(any_of({reference("expectation"), list_of(reference("expectation"))}),
                           "What the messages of a run must be; exit code 1 if they are not")}};
}

}  // namespace

std::string scenario_schema(const Catalogue& catalogue) {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "asaemu scenario"}};
  schema.update(object(top_properties()));
  schema["definitions"] = {{"scalar", {{"type", {"string", "number", "boolean"}}}},
                           {"duration", or_place(text(kDuration))},
                           {"rate", or_place(text(kRate))},
                           {"device", device_schema()},
                           {"packet", packet_schema()},
                           {"world", world_schema()},
                           {"emit", emit_schema(catalogue)},
                           {"step", step_schema()},
                           {"expectation", expectation_schema()}};
  return schema.dump(2) + "\n";
}

}  // namespace asaemu
