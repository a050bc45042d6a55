#include "emulator/corpus/corpus.hpp"

#include "emulator/truth/field_json.hpp"
#include "emulator/truth/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

struct EcsName {
  std::string_view field;
  std::string_view name;
};

// Elastic Common Schema 8; what the schema has no place for stays in `fields` alone.
constexpr std::array<EcsName, 34> kEcsNames{{
    {"source", "source.ip"},
    {"source_port", "source.port"},
    {"destination", "destination.ip"},
    {"destination_port", "destination.port"},
    {"mapped_source", "source.nat.ip"},
    {"mapped_source_port", "source.nat.port"},
    {"mapped_destination", "destination.nat.ip"},
    {"mapped_destination_port", "destination.nat.port"},
    {"source_interface", "observer.ingress.interface.name"},
    {"interface", "observer.ingress.interface.name"},
    {"destination_interface", "observer.egress.interface.name"},
    {"protocol", "network.transport"},
    {"application", "network.application"},
    {"bytes", "network.bytes"},
    {"local", "destination.ip"},
    {"local_port", "destination.port"},
    {"foreign", "source.ip"},
    {"foreign_port", "source.port"},
    {"user", "user.name"},
    {"mac", "source.mac"},
    {"server", "server.ip"},
    {"client", "client.address"},
    {"host", "host.ip"},
    {"filename", "file.name"},
    {"file", "file.name"},
    {"directory", "file.directory"},
    {"reason", "event.reason"},
    {"drop_reason", "event.reason"},
    {"action", "event.action"},
    {"connection_action", "event.action"},
    {"error_code", "error.code"},
    {"error", "error.message"},
    {"error_text", "error.message"},
    {"policy_map", "rule.ruleset"},
}};

bool is_optional(const FieldDef& field) {
  return field.kind == FieldKind::kOptionalWord || field.kind == FieldKind::kOptionalText;
}

IpAddress sample_ipv6(RandomStream& random) {
  constexpr std::uint64_t kDocumentation = 0x20010DB800000000;
  const std::uint64_t network = random.below(0x10000);
  const std::uint64_t host = random.between(1, 0xFFFF);
  return IpAddress::v6(kDocumentation | network, host);
}

/// The values of one sample. The number picks the variant: each word of a one_of in turn, optional
/// fields with and without, and IPv6 addresses in every third.
FieldValues sample_values(const MessageType& type, unsigned number, RandomStream& random) {
  FieldValues values;
  for (const FieldDef& field : type.fields()) {
    FieldValue value = sample_field(field, random);
    if (field.kind == FieldKind::kOneOf) {
      value = std::string(field.choices[number % field.choices.size()]);
    } else if (is_optional(field)) {
      const FieldDef plain{
          .name = field.name,
          .kind = field.kind == FieldKind::kOptionalWord ? FieldKind::kWord : FieldKind::kText};
      value = number % 2 == 0 ? sample_field(plain, random) : FieldValue(std::string());
    } else if (field.kind == FieldKind::kIp && number % 3 == 2 &&
               field.name.find("mask") == std::string_view::npos) {
      value = sample_ipv6(random);
    }
    values.emplace_back(std::move(value));
  }
  return values;
}

unsigned samples_of(const MessageType& type, const CorpusOptions& options) {
  std::size_t count = options.samples;
  for (const FieldDef& field : type.fields()) count = std::max(count, field.choices.size());
  return static_cast<unsigned>(std::min<std::size_t>(count, kCorpusSamplesMax));
}

class Writer {
 public:
  Writer(const MessageType& type, const CorpusOptions& options, std::vector<CorpusLine>& lines)
      : type_(type), options_(options), lines_(lines) {}

  void add(const Wording& wording, std::string_view name, std::string_view releases) {
    RandomStream random(options_.seed, type_.name(), name);
    const unsigned count = samples_of(type_, options_);
    for (unsigned number = 0; number < count; ++number) {
      add_sample(wording, name, releases, sample_values(type_, number, random));
    }
  }

 private:
  void add_sample(const Wording& wording, std::string_view name, std::string_view releases,
                  const FieldValues& values) {
    constexpr unsigned kFacility = 20;
    const unsigned severity = wording.severity();
    std::string line = fmt::format("<{}>Nov 20 2026 08:00:00 fw-edge : %ASA-{}-{:06}: {}",
                                   kFacility * 8 + severity, severity, type_.id(),
                                   print_text(wording, type_, values));
    CorpusLine json = "{\"line\":";
    append_json_string(json, line);
    json += fmt::format(",\"id\":{},\"name\":\"{}\",\"severity\":{},\"wording\":\"{}\"", type_.id(),
                        type_.name(), severity, name);
    if (!releases.empty()) json += fmt::format(",\"releases\":\"{}\"", releases);
    json += ",\"fields\":{";
    std::string ecs = fmt::format(
        "\"event.code\":\"{}\",\"event.provider\":\"asa\",\"event.severity\":{},"
        "\"observer.name\":\"fw-edge\",\"observer.vendor\":\"Cisco\",\"observer.type\":"
        "\"firewall\"",
        type_.id(), severity);
    bool first = true;
    std::vector<std::string_view> used;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!wording.uses(i) || !values[i]) continue;
      const FieldDef& field = type_.fields()[i];
      std::string value;
      append_field_json(value, field, *values[i]);
      json += fmt::format("{}\"{}\":{}", first ? "" : ",", field.name, value);
      first = false;
      const auto known = ecs_name(field);
      const bool is_absent = is_optional(field) && value == "\"\"";
      if (known.empty() || is_absent || std::ranges::find(used, known) != used.end()) continue;
      used.push_back(known);
      if (known == "network.transport") std::ranges::transform(value, value.begin(), lower);
      ecs += fmt::format(",\"{}\":{}", known, value);
    }
    json += "},\"ecs\":{" + ecs + "}}";
    lines_.push_back(std::move(json));
  }

  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

  const MessageType& type_;
  const CorpusOptions& options_;
  std::vector<CorpusLine>& lines_;
};

}  // namespace

std::string_view ecs_name(const FieldDef& field) {
  const auto found = std::ranges::find(kEcsNames, field.name, &EcsName::field);
  if (found == kEcsNames.end()) return {};
  // A schema's address must be one, and a transport a protocol.
  const bool wants_ip = found->name.ends_with(".ip");
  if (wants_ip && field.kind != FieldKind::kIp) return {};
  return found->name;
}

std::vector<CorpusLine> corpus_of(const MessageType& type, const CorpusOptions& options) {
  std::vector<CorpusLine> lines;
  const MessageDef& def = type.def();
  const auto& wanted = options.families;
  if (!wanted.empty() && std::ranges::find(wanted, def.family) == wanted.end()) return lines;
  Writer writer(type, options, lines);
  const std::string before = fmt::format("before {}", def.older_before);
  const std::string from = fmt::format("from {}", def.older_before);
  if (options.release) {
    const Wording& wording = type.wording(*options.release);
    const bool is_older = &wording == type.older();
    writer.add(wording, is_older ? "older" : "current",
               type.older() == nullptr ? ""
               : is_older              ? before
                                       : from);
    return lines;
  }
  writer.add(type.current(), "current", type.older() != nullptr ? from : "");
  if (type.older() != nullptr) writer.add(*type.older(), "older", before);
  std::size_t number = 0;
  for (const Wording& form : type.accepts()) {
    writer.add(form, fmt::format("accepted-{}", ++number), "");
  }
  return lines;
}

}  // namespace asaemu
