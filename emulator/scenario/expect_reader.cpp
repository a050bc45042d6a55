#include "emulator/scenario/expect_reader.hpp"

#include "emulator/scenario/values.hpp"
#include "emulator/yaml/mapping_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace asaemu {

namespace {

/// The keys of an entry; nullptr where absent.
struct EntryNodes {
  explicit EntryNodes(MappingReader& reader)
      : id(reader.optional("id")),
        name(reader.optional("name")),
        step(reader.optional("step")),
        severity(reader.optional("severity")),
        fields(reader.optional("fields")),
        device(reader.optional("device")),
        from(reader.optional("from")),
        until(reader.optional("until")),
        at_least(reader.optional("at_least")),
        at_most(reader.optional("at_most")),
        exactly(reader.optional("exactly")),
        never(reader.optional("never")),
        per(reader.optional("per")),
        after(reader.optional("after")),
        within(reader.optional("within")),
        order(reader.optional("order")),
        gap(reader.optional("gap")) {
    reader.finish();
  }

  const Node* id;
  const Node* name;
  const Node* step;
  const Node* severity;
  const Node* fields;
  const Node* device;
  const Node* from;
  const Node* until;
  const Node* at_least;
  const Node* at_most;
  const Node* exactly;
  const Node* never;
  const Node* per;
  const Node* after;
  const Node* within;
  const Node* order;
  const Node* gap;
};

std::vector<const Node*> items_of(const Node& node) {
  if (!node.is_sequence()) return {&node};
  return {node.items().begin(), node.items().end()};
}

class ExpectReader {
 public:
  ExpectReader(Plan& plan, const Catalogue& catalogue, const Scope& scope, bool has_devices,
               bool has_steps)
      : plan_(plan),
        catalogue_(catalogue),
        scope_(scope),
        selector_(plan, has_devices),
        has_steps_(has_steps) {}

  void read(const Node& node) {
    const std::size_t faults_before = scope_.faults().size();
    MappingReader reader(node, "an expectation", scope_.faults());
    const EntryNodes nodes(reader);
    if (!reader.ok()) return;
    Expectation expected;
    expected.position = node.position();
    subject_.clear();
    if (nodes.order != nullptr) {
      read_order(nodes, expected);
    } else {
      read_what(node, nodes, expected.what);
    }
    read_scope(nodes, expected);
    if (nodes.order == nullptr) read_claim(node, nodes, expected);
    if (scope_.faults().size() > faults_before) return;
    describe(nodes, expected);
    plan_.expectations.push_back(std::move(expected));
  }

 private:
  /// The types of an id or a name; complains if there are none.
  std::vector<std::size_t> types_of(const Node& node, std::string_view text) {
    std::vector<std::size_t> types;
    std::uint32_t id = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, id);
    if (error == std::errc{} && stop == end) {
      for (const MessageType* type : catalogue_.find(id)) types.push_back(type->index());
      if (types.empty()) scope_.complain(node, fmt::format("there is no message {}", id));
      return types;
    }
    if (const MessageType* type = catalogue_.find(text)) return {type->index()};
    scope_.complain(node, fmt::format("there is no message {}{}", asaemu::quoted(text),
                                      suggest(text, message_names())));
    return types;
  }

  std::vector<std::string_view> message_names() const {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < catalogue_.size(); ++i) names.push_back(catalogue_.at(i).name());
    return names;
  }

  void add_types(const Node& node, std::string_view what, std::vector<std::size_t>& types) {
    for (const Node* item : items_of(node)) {
      const auto text = scope_.text(*item, what);
      if (!text) continue;
      subject_ += (subject_.empty() ? "" : " or ") + *text;
      for (const std::size_t type : types_of(*item, *text)) types.push_back(type);
    }
    std::ranges::sort(types);
    types.erase(std::unique(types.begin(), types.end()), types.end());
  }

  void read_what(const Node& node, const EntryNodes& nodes, MessageMatch& what) {
    if (nodes.id == nullptr && nodes.name == nullptr && nodes.step == nullptr) {
      scope_.complain(node, "the expectation names no message; id, name, step or order does");
      return;
    }
    if (nodes.id != nullptr && nodes.name != nullptr) {
      scope_.complain(*nodes.name, "the expectation has both id and name; one of them is enough");
    }
    if (nodes.id != nullptr) add_types(*nodes.id, "id", what.types);
    if (nodes.name != nullptr) add_types(*nodes.name, "name", what.types);
    if (nodes.step != nullptr) {
      what.label = scope_.text(*nodes.step, "step").value_or("");
      if (!what.label.empty()) require_label(*nodes.step, what.label, {});
      subject_ += fmt::format("{} by step {}", subject_.empty() ? "a message" : "", what.label);
    }
    if (nodes.severity != nullptr) {
      const auto level = read_whole(scope_, *nodes.severity, "severity", 0, 7);
      if (level) what.severity = static_cast<unsigned>(*level);
      subject_ += fmt::format(" of severity {}", level.value_or(0));
    }
    if (nodes.fields != nullptr) read_fields(*nodes.fields, what);
  }

  void read_fields(const Node& node, MessageMatch& what) {
    if (what.types.empty()) {
      scope_.complain(node, "fields are those of a message; say id or name too");
      return;
    }
    if (!node.is_mapping()) {
      scope_.complain(node, fmt::format("fields must be a mapping, found {}", shown(node)));
      return;
    }
    for (const Node::Entry& entry : node.entries()) read_wanted(entry, what);
  }

  /// A field and the value, or list of values, that it may have.
  void read_wanted(const Node::Entry& entry, MessageMatch& what) {
    const std::string name(entry.key->text());
    const FieldDef* field = nullptr;
    std::vector<std::string_view> known;
    for (const std::size_t type : what.types) {
      for (const FieldDef& def : catalogue_.at(type).fields()) {
        known.push_back(def.name);
        if (def.name == name && field == nullptr) field = &def;
      }
    }
    if (field == nullptr) {
      scope_.complain(*entry.key, fmt::format("the message has no field {}{}", asaemu::quoted(name),
                                              suggest(name, known)));
      return;
    }
    std::vector<std::string> texts;
    for (const Node* item : items_of(*entry.value)) {
      const auto value = read_field(scope_, *item, *field);
      if (value) texts.push_back(field_to_string(*field, *value));
    }
    subject_ += fmt::format(" with {} {}", name, fmt::join(texts, " or "));
    what.fields.emplace_back(name, std::move(texts));
  }

  void require_label(const Node& node, const std::string& label, std::string_view otherwise) {
    if (!has_steps_) return;
    std::vector<std::string_view> labels;
    for (const Step& step : plan_.steps) {
      if (step.label == label) return;
      if (!step.label.empty() && std::ranges::find(labels, step.label) == labels.end()) {
        labels.push_back(step.label);
      }
    }
    scope_.complain(node, fmt::format("no step is labelled {}{}{}", asaemu::quoted(label),
                                      otherwise, suggest(label, labels)));
  }

  void read_order(const EntryNodes& nodes, Expectation& expected) {
    if (!nodes.order->is_sequence() || nodes.order->items().size() < 2) {
      scope_.complain(*nodes.order, "order must be a list of two or more messages");
      return;
    }
    for (const Node* item : nodes.order->items()) {
      const auto text = scope_.text(*item, "a message of the order");
      if (!text) continue;
      subject_ += (subject_.empty() ? "" : ", then ") + *text;
      expected.order.push_back(types_of(*item, *text));
      std::ranges::sort(expected.order.back());
    }
    for (const Node* other : {nodes.id, nodes.name, nodes.step, nodes.severity, nodes.fields,
                              nodes.at_least, nodes.at_most, nodes.exactly, nodes.never, nodes.per,
                              nodes.after, nodes.within, nodes.gap}) {
      if (other != nullptr) {
        scope_.complain(*other, "order stands with device, from and until only");
      }
    }
  }

  void read_scope(const EntryNodes& nodes, Expectation& expected) {
    if (nodes.device != nullptr) {
      expected.devices.assign(plan_.devices.size(), false);
      for (const auto device : selector_.select(nodes.device, scope_)) {
        expected.devices[device] = true;
      }
    }
    if (nodes.from != nullptr) {
      expected.from = read_duration(scope_, *nodes.from, "from").value_or(SimDuration::zero());
    }
    if (nodes.until != nullptr) {
      expected.until = read_duration(scope_, *nodes.until, "until").value_or(SimDuration::max());
      if (expected.until <= expected.from) {
        scope_.complain(*nodes.until, "until is not later than from");
      }
    }
  }

  void read_claim(const Node& node, const EntryNodes& nodes, Expectation& expected) {
    if (nodes.never != nullptr) {
      const auto text = scope_.text(*nodes.never, "never");
      if (text && *text != "true") scope_.complain(*nodes.never, "never can only be true");
      expected.is_forbidden = true;
    }
    read_counts(nodes, expected);
    if (nodes.after != nullptr) {
      read_after(nodes, expected);
    } else if (nodes.within != nullptr) {
      scope_.complain(*nodes.within, "within needs after, a step or a message it counts from");
    }
    if (nodes.gap != nullptr) read_gap(*nodes.gap, expected);
    const bool has_claim = expected.at_least || expected.at_most || nodes.after != nullptr ||
                           nodes.gap != nullptr || expected.is_forbidden;
    if (!has_claim) expected.at_least = 1;
    if (expected.is_forbidden && (expected.at_least || expected.at_most)) {
      scope_.complain(node, "never stands without counts");
    }
    if (expected.is_forbidden && nodes.after == nullptr) expected.at_most = 0;
  }

  void read_counts(const EntryNodes& nodes, Expectation& expected) {
    constexpr std::uint64_t kCountMax = 1'000'000'000'000;
    const auto count = [&](const Node* given, std::string_view what) {
      return given != nullptr ? read_whole(scope_, *given, what, 0, kCountMax) : std::nullopt;
    };
    expected.at_least = count(nodes.at_least, "at_least");
    expected.at_most = count(nodes.at_most, "at_most");
    if (nodes.exactly != nullptr) {
      if (nodes.at_least != nullptr || nodes.at_most != nullptr) {
        scope_.complain(*nodes.exactly, "exactly stands without at_least and at_most");
      }
      expected.at_least = expected.at_most = count(nodes.exactly, "exactly");
    }
    if (expected.at_least && expected.at_most && *expected.at_least > *expected.at_most) {
      scope_.complain(*nodes.at_least, "at_least is more than at_most");
    }
    if (nodes.per == nullptr) return;
    expected.per = read_duration(scope_, *nodes.per, "per");
    if (nodes.at_most == nullptr || nodes.at_least != nullptr) {
      scope_.complain(*nodes.per, "per goes with at_most alone: so many messages in any such time");
    } else if (expected.at_most && (*expected.at_most == 0 || *expected.at_most > kPerMax)) {
      scope_.complain(*nodes.at_most,
                      fmt::format("with per, at_most is from 1 to {}; never says none", kPerMax));
    }
  }

  void read_after(const EntryNodes& nodes, Expectation& expected) {
    for (const Node* count : {nodes.at_least, nodes.at_most, nodes.exactly, nodes.gap}) {
      if (count != nullptr) {
        scope_.complain(*count,
                        "after says what follows each time; counts stand in an entry of "
                        "their own");
      }
    }
    const auto text = scope_.text(*nodes.after, "after");
    if (!text) return;
    after_ = *text;
    const bool is_label =
        std::ranges::any_of(plan_.steps, [&](const Step& step) { return step.label == *text; });
    if (is_label) {
      expected.after_label = *text;
    } else if (text->find_first_not_of("0123456789") == std::string::npos ||
               catalogue_.find(std::string_view(*text)) != nullptr) {
      expected.after_types = types_of(*nodes.after, *text);
      std::ranges::sort(expected.after_types);
    } else {
      require_label(*nodes.after, *text, ", and no message is called so");
    }
    if (nodes.within != nullptr) {
      expected.within = read_duration(scope_, *nodes.within, "within");
    } else if (expected.is_forbidden) {
      scope_.complain(*nodes.after, "never after something needs within");
    }
  }

  void read_gap(const Node& node, Expectation& expected) {
    MappingReader reader(node, "gap", scope_.faults());
    const Node* at_least = reader.optional("at_least");
    const Node* at_most = reader.optional("at_most");
    reader.finish();
    if (!reader.ok()) return;
    if (at_least == nullptr && at_most == nullptr) {
      scope_.complain(node, "gap needs at_least or at_most");
    }
    if (at_least != nullptr) expected.gap_at_least = read_duration(scope_, *at_least, "at_least");
    if (at_most != nullptr) expected.gap_at_most = read_duration(scope_, *at_most, "at_most");
  }

  /// What a person reads when it does not hold.
  void describe(const EntryNodes& nodes, Expectation& expected) const {
    std::string& text = expected.text;
    text = subject_;
    const auto counted = [](std::uint64_t count) {
      return count == 1 ? "once" : fmt::format("{} times", count);
    };
    if (nodes.exactly != nullptr && expected.at_most) {
      text += fmt::format(" exactly {}", counted(*expected.at_most));
    } else {
      if (expected.at_least) text += fmt::format(" at least {}", counted(*expected.at_least));
      if (expected.at_most && !expected.is_forbidden) {
        text += fmt::format(" at most {}", counted(*expected.at_most));
      }
    }
    if (expected.is_forbidden) text += " never";
    if (expected.per) text += fmt::format(" in any {}", to_string(*expected.per));
    if (expected.within) text += fmt::format(" within {}", to_string(*expected.within));
    if (!after_.empty() && expected.has_after()) text += fmt::format(" after each {}", after_);
    if (expected.gap_at_least) {
      text += fmt::format(" at least {} apart", to_string(*expected.gap_at_least));
    }
    if (expected.gap_at_most) {
      text += fmt::format(" at most {} apart", to_string(*expected.gap_at_most));
    }
    if (nodes.from != nullptr) text += fmt::format(" from {}", to_string(expected.from));
    if (nodes.until != nullptr) text += fmt::format(" until {}", to_string(expected.until));
  }

  Plan& plan_;
  const Catalogue& catalogue_;
  const Scope& scope_;
  DeviceSelector selector_;
  bool has_steps_;
  std::string subject_;
  std::string after_;
};

bool is_word(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.find_first_not_of(kLetters) == std::string_view::npos;
}

}  // namespace

void read_expectations(const Node& list, Plan& plan, const Catalogue& catalogue, const Scope& scope,
                       bool has_devices, bool has_steps) {
  if (list.is_sequence() && list.items().size() > kExpectationsMax) {
    scope.complain(list, fmt::format("more than {} expectations", kExpectationsMax));
    return;
  }
  ExpectReader reader(plan, catalogue, scope, has_devices, has_steps);
  for (const Node* item : items_of(list)) reader.read(*item);
}

std::vector<std::string> read_tags(const Node& list, const Scope& scope) {
  std::vector<std::string> tags;
  if (!list.is_sequence()) {
    scope.complain(list, fmt::format("tags must be a list of words, found {}", shown(list)));
    return tags;
  }
  for (const Node* item : list.items()) {
    auto tag = scope.text(*item, "a tag");
    if (!tag) continue;
    if (!is_word(*tag)) {
      scope.complain(*item, fmt::format("{} is no tag; one has small letters, digits and hyphens",
                                        asaemu::quoted(*tag)));
    } else if (std::ranges::find(tags, *tag) != tags.end()) {
      scope.complain(*item, fmt::format("tag {} is given twice", asaemu::quoted(*tag)));
    }
    tags.push_back(std::move(*tag));
  }
  return tags;
}

}  // namespace asaemu
