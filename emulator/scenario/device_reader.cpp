#include "emulator/scenario/device_reader.hpp"

#include "emulator/scenario/values.hpp"
#include "emulator/yaml/mapping_reader.hpp"
#include "emulator/yaml/text_file.hpp"
#include "emulator/yaml/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace asaemu {

namespace {

constexpr std::string_view kDefaultPlatform = "ASA5525";
/// A device's name is its hostname until one is configured; an ASA takes 63 characters.
constexpr std::size_t kNameMax = 63;
constexpr std::size_t kDigitsMax = 9;

constexpr std::string_view kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

/// Up to kDigitsMax digits; nullopt for anything else.
std::optional<std::uint64_t> read_digits(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  const bool good = error == std::errc{} && at == end && text.size() <= kDigitsMax;
  return good ? std::optional(value) : std::nullopt;
}

/// The first byte that cannot stand in a configuration; text.size() if all can.
std::size_t find_bad_byte(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = character_size(text.substr(at));
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool control = byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    if (size == 0 || control || byte == 0x7F) return at;
    at += size;
  }
  return at;
}

/// Line and column of a byte.
Position place_in(const std::string& file, std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto lines = static_cast<unsigned>(std::count(before.begin(), before.end(), '\n'));
  const auto start = before.rfind('\n');
  const std::size_t column = start == std::string_view::npos ? at : at - start - 1;
  return {file, lines + 1, static_cast<unsigned>(column) + 1};
}

}  // namespace

std::string DeviceReader::Names::name(std::uint64_t number) const {
  return width == 0 ? prefix : fmt::format("{}{:0{}}{}", prefix, number, width, suffix);
}

void DeviceReader::read(const Source& source, const Node& node) {
  if (!node.is_sequence()) {
    scope_.complain(node, fmt::format("devices must be a list, found {}", shown(node)));
    return;
  }
  for (const Node* entry : node.items()) read_entry(source, *entry);
}

void DeviceReader::read_entry(const Source& source, const Node& node) {
  MappingReader reader(node, "a device", scope_.faults());
  const Node* name = reader.required("name");
  const Node* platform = reader.optional("platform");
  const Node* release = reader.optional("release");
  const Node* config = reader.optional("config");
  const Node* config_file = reader.optional("config-file");
  const Node* options = reader.optional("options");
  const Node* vars = reader.optional("vars");
  const Node* address = reader.optional("source");
  reader.finish();
  if (!reader.ok()) return;

  DeviceSpec common;
  common.platform = find_platform(kDefaultPlatform);
  common.seed = plan_.seed;
  if (platform != nullptr) read_platform(*platform, common);
  if (release != nullptr) read_release(*release, common);
  read_options(options, common);

  std::optional<Config> text = Config{{}, node.position()};
  if (config != nullptr && config_file != nullptr) {
    scope_.complain(*config_file, "a device has config or config-file, not both");
  } else if (config != nullptr) {
    auto block = scope_.text(*config, "config");
    text = block ? std::optional(Config{std::move(*block), config->position()}) : std::nullopt;
  } else if (config_file != nullptr) {
    text = read_config_file(source, *config_file);
  }
  const auto names = name != nullptr ? read_names(*name) : std::nullopt;
  auto variables = vars != nullptr ? read_variables(*vars) : std::vector<DeviceVariable>();
  if (names && text) add_devices(*name, *names, common, *text, std::move(variables), address);
}

/// The entry's `vars:`, a mapping of names to a value, a list, or a range.
std::vector<DeviceVariable> DeviceReader::read_variables(const Node& node) {
  std::vector<DeviceVariable> variables;
  if (!node.is_mapping()) {
    scope_.complain(
        node, fmt::format("vars must be a mapping of names to values, found {}", shown(node)));
    return variables;
  }
  for (const Node::Entry& entry : node.entries()) {
    const std::string_view name = entry.key->text();
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
    const bool is_name =
        !name.empty() && name.find_first_not_of(kLetters) == std::string_view::npos;
    if (!is_name || name == "n" || name == "name") {
      scope_.complain(*entry.key,
                      fmt::format("{} cannot name a device's variable; letters, '_' and "
                                  "'-' can, except n and name",
                                  asaemu::quoted(name)));
      continue;
    }
    if (auto values = read_variable(*entry.value, name)) {
      variables.push_back({std::string(name), std::move(*values)});
    }
  }
  return variables;
}

std::optional<Generator> DeviceReader::read_variable(const Node& node, std::string_view name) {
  std::vector<FieldValue> values;
  if (node.is_sequence() && !node.items().empty()) {
    for (const Node* item : node.items()) {
      auto text = scope_.text(*item, name);
      if (!text) return std::nullopt;
      values.emplace_back(std::move(*text));
    }
    return Generator::sequence_list(std::move(values));
  }
  if (node.is_scalar()) {
    auto text = scope_.text(node, name);
    if (!text) return std::nullopt;
    return Generator::constant(FieldValue(std::move(*text)));
  }
  const auto entries = node.entries();
  const bool is_range = entries.size() == 1 && entries[0].key->text() == "range" &&
                        entries[0].value->items().size() == 2;
  if (!is_range) {
    scope_.complain(node,
                    fmt::format("variable '{}' must be a value, a list of values, or {{range: "
                                "[low, high]}}",
                                name));
    return std::nullopt;
  }
  std::array<std::optional<std::string>, 2> texts;
  for (std::size_t i = 0; i < 2; ++i) texts[i] = scope_.text(*entries[0].value->items()[i], name);
  if (!texts[0] || !texts[1]) return std::nullopt;
  const auto value_of = [](const std::string& text) -> std::optional<FieldValue> {
    if (const auto address = IpAddress::parse(text)) return FieldValue(*address);
    const auto number = read_digits(text);
    return number ? std::optional(FieldValue(*number)) : std::nullopt;
  };
  const auto low = value_of(*texts[0]);
  const auto high = value_of(*texts[1]);
  if (low && high && Generator::range_size(*low, *high)) {
    return Generator::sequence_range(*low, *high);
  }
  scope_.complain(*entries[0].value,
                  "a range is [low, high], two numbers or two addresses, the first not above the "
                  "second");
  return std::nullopt;
}

std::vector<std::string> DeviceReader::variable_names() const {
  std::vector<std::string> names;
  for (const DeviceEntry& entry : plan_.entries) {
    for (const DeviceVariable& variable : entry.variables) {
      if (std::ranges::find(names, variable.name) == names.end()) names.push_back(variable.name);
    }
  }
  return names;
}

/// A device's own source address; `text` has its places replaced.
void DeviceReader::read_source(const Node& node, const std::string& text,
                               const DeviceIdentity& device, std::uint32_t index) {
  const auto address = IpAddress::parse(text);
  if (!address) {
    scope_.complain(node, fmt::format("source of {} is {}; an address is 192.0.2.1 or 2001:db8::1",
                                      device.name, asaemu::quoted(text)));
    return;
  }
  plan_.sources.resize(index + 1);
  plan_.sources[index] = *address;
}

std::optional<DeviceReader::Names> DeviceReader::read_names(const Node& node) {
  const auto text = scope_.text(node, "name");
  if (!text) return std::nullopt;
  Names names;
  if (text->find('{') != std::string::npos) {
    auto numbered = read_numbers(node, *text);
    if (!numbered) return std::nullopt;
    names = std::move(*numbered);
  } else {
    names.prefix = *text;
  }
  const std::string longest = names.name(names.last);
  if (longest.find_first_not_of(kNameCharacters) != std::string::npos) {
    scope_.complain(node, fmt::format("device name {}; a name is made of letters, digits, '_', '.' "
                                      "and '-'",
                                      asaemu::quoted(longest)));
    return std::nullopt;
  }
  if (longest.size() <= kNameMax) return names;
  scope_.complain(node, fmt::format("device name {} has {} characters; at most {} are allowed",
                                    asaemu::quoted(longest), longest.size(), kNameMax));
  return std::nullopt;
}

/// `fw-{001..250}`.
std::optional<DeviceReader::Names> DeviceReader::read_numbers(const Node& node,
                                                              const std::string& text) {
  const auto open = text.find('{');
  const auto close = text.find('}', open);
  const auto dots = text.find("..", open);
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> last;
  if (close != std::string::npos && dots < close) {
    first = read_digits(std::string_view(text).substr(open + 1, dots - open - 1));
    last = read_digits(std::string_view(text).substr(dots + 2, close - dots - 2));
  }
  if (!first || !last) {
    scope_.complain(node,
                    fmt::format("device name {} has no range in its braces; fw-{{001..250}} has",
                                asaemu::quoted(text)));
    return std::nullopt;
  }
  if (*first > *last) {
    scope_.complain(node, fmt::format("device name {} counts down; the first number must be the "
                                      "smaller one",
                                      asaemu::quoted(text)));
    return std::nullopt;
  }
  return Names{text.substr(0, open), text.substr(close + 1), *first, *last, dots - open - 1};
}

void DeviceReader::read_platform(const Node& node, DeviceSpec& spec) {
  const auto text = scope_.text(node, "platform");
  if (!text) return;
  spec.platform = find_platform(*text);
  if (spec.platform != nullptr) return;
  std::vector<std::string_view> names;
  for (const Platform& platform : platforms()) names.push_back(platform.name);
  scope_.complain(
      node, fmt::format("unknown platform {}{}", asaemu::quoted(*text), suggest(*text, names)));
}

void DeviceReader::read_release(const Node& node, DeviceSpec& spec) {
  const auto text = scope_.text(node, "release");
  if (!text) return;
  if (const auto release = Release::parse(*text)) {
    spec.release = *release;
    return;
  }
  scope_.complain(
      node, fmt::format("{} is no release; \"9.20\" and \"9.8(2)32\" are", asaemu::quoted(*text)));
}

/// Every declared option gets a value: the one given, or its default.
void DeviceReader::read_options(const Node* node, DeviceSpec& spec) {
  std::optional<MappingReader> reader;
  if (node != nullptr) reader.emplace(*node, "options", scope_.faults());
  for (const OptionDef& option : registry().options()) {
    const Node* given = reader ? reader->optional(option.field.name) : nullptr;
    std::optional<FieldValue> value;
    if (given != nullptr) value = read_field(scope_, *given, option.field);
    if (!value) value = parse_field(option.field, option.otherwise);
    spec.options.set(option.field.name, std::move(*value));
  }
  if (reader) reader->finish();
}

std::optional<DeviceReader::Config> DeviceReader::read_config_file(const Source& source,
                                                                   const Node& node) {
  const auto name = scope_.text(node, "config-file");
  if (!name) return std::nullopt;
  if (source.is_shipped) {
    scope_.complain(node, "a shipped scenario has no files beside it; write config instead");
    return std::nullopt;
  }
  const std::string path = (source.directory / *name).string();
  Faults found;
  auto text = read_text_file(path, kDocumentSizeMax, found);
  for (const Fault& fault : found.sorted()) {
    scope_.complain(node, fmt::format("config-file {}: {}", asaemu::quoted(*name), fault.what));
  }
  if (!text) return std::nullopt;
  const std::size_t bad = find_bad_byte(*text);
  if (bad < text->size()) {
    const auto byte = static_cast<unsigned char>((*text)[bad]);
    scope_.faults().add(
        place_in(path, *text, bad),
        fmt::format("byte 0x{:02X} is not text; a configuration is UTF-8 text", byte));
    return std::nullopt;
  }
  return Config{std::move(*text), {path}};
}

void DeviceReader::add_devices(const Node& name, const Names& names, const DeviceSpec& common,
                               const Config& config, std::vector<DeviceVariable> variables,
                               const Node* source) {
  std::vector<std::string> variable_names;
  variable_names.reserve(variables.size());
  for (const DeviceVariable& variable : variables) variable_names.push_back(variable.name);
  const TextTemplate parts(config.text, variable_names);
  const auto source_text = source != nullptr ? scope_.text(*source, "source") : std::nullopt;
  const TextTemplate address(source_text.value_or(""), variable_names);
  if (!parts.malformed().empty()) {
    scope_.faults().add(
        config.position,
        fmt::format("{} is no place for a number; {{n}}, {{n/K}}, {{n%K}} and {{name}} "
                    "are",
                    asaemu::quoted(parts.malformed())));
  }
  const std::uint64_t count = names.last - names.first + 1;
  if (plan_.devices.size() + count > kDevicesMax) {
    if (!is_full_) scope_.complain(name, fmt::format("more than {} devices", kDevicesMax));
    is_full_ = true;
    return;
  }
  if ((config_bytes_ += config.text.size() * count) > kConfigBytesMax) {
    if (!is_full_) {
      scope_.complain(name,
                      fmt::format("the devices' configurations are more than {} bytes together",
                                  kConfigBytesMax));
    }
    is_full_ = true;
    return;
  }
  const auto first = static_cast<std::uint32_t>(plan_.devices.size());
  plan_.entries.push_back({first, static_cast<std::uint32_t>(count), names.first,
                           std::move(variables), config.position});
  const std::size_t faults_before = scope_.faults().size();
  bool said = false;
  for (std::uint64_t number = names.first; number <= names.last; ++number) {
    DeviceSpec spec = common;
    spec.name = names.name(number);
    spec.index = static_cast<std::uint32_t>(plan_.devices.size());
    const DeviceIdentity identity{number, spec.name, number - names.first,
                                  plan_.entries.back().variables};
    spec.config = parts.has_places() ? parts.render(identity) : config.text;
    if (source_text && scope_.faults().size() == faults_before) {
      read_source(*source, address.render(identity), identity, spec.index);
    }
    const auto [known, is_new] = taken_.emplace(spec.name, name.position());
    if (!is_new && !said) {
      scope_.complain(name, fmt::format("device name '{}' is taken; see {}", spec.name,
                                        to_string(known->second)));
      said = true;
    }
    plan_.devices.push_back(std::move(spec));
  }
}

}  // namespace asaemu
