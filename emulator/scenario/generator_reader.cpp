// The generators of a scenario's field values: pool, range, list and sequence.
#include "emulator/scenario/values.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace asaemu {

namespace {

constexpr std::array<std::string_view, 4> kKinds{"pool", "range", "list", "sequence"};

bool is_number(const FieldDef& field) {
  return field.kind == FieldKind::kNumber || field.kind == FieldKind::kPort;
}

/// The two ends of a range; complains about everything else.
struct Ends {
  FieldValue low;
  FieldValue high;
};

std::optional<Ends> read_ends(const Scope& scope, const Node& node, std::string_view what,
                              const FieldDef& field) {
  const auto items = node.items();
  if (!is_number(field) && field.kind != FieldKind::kIp && field.kind != FieldKind::kMac) {
    scope.complain(node,
                   fmt::format("{} takes no {}; numbers, ports and addresses do, a list works "
                               "for all",
                               field.name, what));
    return std::nullopt;
  }
  if (items.size() != 2) {
    scope.complain(node, fmt::format("{} must be [low, high], found {}", what,
                                     node.is_sequence() ? fmt::format("{} values", items.size())
                                                        : shown(node)));
    return std::nullopt;
  }
  const auto low = read_field(scope, *items[0], field);
  const auto high = read_field(scope, *items[1], field);
  if (!low || !high) return std::nullopt;
  if (Generator::range_size(*low, *high)) return Ends{*low, *high};
  scope.complain(node,
                 fmt::format("{} is [{}, {}]; its first value must not be above its second, "
                             "and both of one kind, less than 2^63 apart",
                             what, field_to_string(field, *low), field_to_string(field, *high)));
  return std::nullopt;
}

std::optional<Generator> read_pool(const Scope& scope, const Node& node, const FieldDef& field) {
  if (field.kind != FieldKind::kIp) {
    scope.complain(node, fmt::format("{} takes no pool; addresses do", field.name));
    return std::nullopt;
  }
  const auto text = scope.text(node, "pool");
  if (!text) return std::nullopt;
  if (const auto prefix = IpPrefix::parse(*text)) return Generator::pool(*prefix);
  scope.complain(
      node, fmt::format("pool is {}; a network is 192.0.2.0/24 or 2001:db8::/32", quoted(*text)));
  return std::nullopt;
}

std::optional<Generator> read_range(const Scope& scope, const Node& node, const FieldDef& field) {
  auto ends = read_ends(scope, node, "range", field);
  if (!ends) return std::nullopt;
  return Generator::range(std::move(ends->low), ends->high);
}

std::optional<Generator> read_list(const Scope& scope, const Node& node, const FieldDef& field) {
  std::vector<FieldValue> values;
  std::vector<double> weights;
  const std::size_t size = node.items().size() + node.entries().size();
  for (const Node* item : node.items()) {
    if (auto value = read_field(scope, *item, field)) {
      values.push_back(std::move(*value));
      weights.push_back(1);
    }
  }
  for (const Node::Entry& entry : node.entries()) {
    auto value = read_field(scope, *entry.key, field);
    const auto weight = read_weight(scope, *entry.value);
    if (value && weight) {
      values.push_back(std::move(*value));
      weights.push_back(*weight);
    }
  }
  if (size == 0) {
    scope.complain(node, fmt::format("list must be [value, …] or {{value: weight, …}}, found {}",
                                     node.is_scalar() ? shown(node) : "no values"));
  }
  if (values.empty() || values.size() != size) return std::nullopt;
  return Generator::list(std::move(values), std::move(weights));
}

std::optional<Generator> read_sequence(const Scope& scope, const Node& node,
                                       const FieldDef& field) {
  if (is_number(field) && node.items().size() == 2) {
    auto ends = read_ends(scope, node, "sequence", field);
    if (!ends) return std::nullopt;
    return Generator::sequence_range(std::move(ends->low), ends->high);
  }
  std::vector<FieldValue> values;
  for (const Node* item : node.items()) {
    if (auto value = read_field(scope, *item, field)) values.push_back(std::move(*value));
  }
  if (node.items().empty()) {
    scope.complain(node, fmt::format("sequence must be [low, high] or [value, …], found {}",
                                     node.is_sequence() ? "no values" : shown(node)));
  }
  if (values.empty() || values.size() != node.items().size()) return std::nullopt;
  return Generator::sequence_list(std::move(values));
}

}  // namespace

std::optional<double> read_weight(const Scope& scope, const Node& node) {
  const auto text = scope.text(node, "a weight");
  if (!text) return std::nullopt;
  double weight = 0;
  const char* const end = text->data() + text->size();
  const auto [at, error] = std::from_chars(text->data(), end, weight, std::chars_format::fixed);
  if (error == std::errc{} && at == end && weight > 0 && weight <= 1e9) return weight;
  scope.complain(node, fmt::format("a weight is {}; a number above 0 is expected", shown(*text)));
  return std::nullopt;
}

std::optional<Generator> read_generator(const Scope& scope, const Node& node,
                                        const FieldDef& field) {
  if (node.is_sequence()) {
    scope.complain(node,
                   fmt::format("{} is a list; {{list: […]}} draws from it, {{sequence: […]}} walks "
                               "through it",
                               field.name));
    return std::nullopt;
  }
  if (!node.is_mapping()) {
    auto value = read_field(scope, node, field);
    if (!value) return std::nullopt;
    return Generator::constant(std::move(*value));
  }
  const auto entries = node.entries();
  if (entries.size() != 1) {
    scope.complain(node,
                   fmt::format("{} needs one of pool, range, list and sequence, found {} keys",
                               field.name, entries.size()));
    return std::nullopt;
  }
  const std::string_view kind = entries[0].key->text();
  const Node& value = *entries[0].value;
  if (kind == "pool") return read_pool(scope, value, field);
  if (kind == "range") return read_range(scope, value, field);
  if (kind == "list") return read_list(scope, value, field);
  if (kind == "sequence") return read_sequence(scope, value, field);
  if (value.is_null()) {
    // It may be an unquoted `{n}`, which the text reader explains.
    static_cast<void>(scope.text(node, field.name));
    return std::nullopt;
  }
  scope.complain(*entries[0].key, fmt::format("{} is no way to make values of {}{}", quoted(kind),
                                              field.name, suggest(kind, kKinds)));
  return std::nullopt;
}

}  // namespace asaemu
