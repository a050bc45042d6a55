// Inspection maps: the regular expressions, classes and policies that the inspections of protocols are
// told by.
//
// Scope: regex; class-map type regex match-any with match regex; class-map type inspect with match [not];
//   policy-map type inspect with description, parameters, match [not], class and their actions; show
//   running-config regex, class-map type, policy-map type; test regex. What a criterion or parameter
//   means is the protocol's matter: its subsystem checks the line as it is typed (event
//   InspectLineTyped) and reads it from InspectMaps. Lines of protocols that nobody models are kept as
//   they are.
// Limitations: none of the device's own maps (such as _default_dns_map) is there; changes of a policy in
//   use hold at once, for HTTP too, where an ASA wants the inspection applied anew; rate-limit and
//   send-protocol-error are kept, but what they do is the protocol's matter.
// State: InspectMaps: at most kBound regular expressions, classes of either kind, and policies; kLineBound
//   lines in each.
// Validation: commands and modes against the configuration guide; class ids only against two captured
//   lines; none for the text of refusals.
// References: ASA configuration guide, inspection policy maps, regular expressions; asa-behaviour F.
#include "model/state/inspect_maps.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/inspect_edit.hpp"
#include "model/state/inspect_report.hpp"
#include "model/state/inspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

constexpr Mode kRegexClassMode{"config-cmap", "regex"};
constexpr Mode kClassMode{"config-cmap", "inspect"};
constexpr Mode kPolicyMode{"config-pmap", "inspect"};
constexpr Mode kEntryMode{"config-pmap-c", "inspect"};
constexpr Mode kParameterMode{"config-pmap-p", "inspect"};

constexpr std::string_view kInvalid = "ERROR: % Invalid input detected at '^' marker.\n";

class InspectConfig final : public Subsystem {
 public:
  explicit InspectConfig(Claims& claims) : maps_(claims.own(&DeviceState::inspect_maps)) {}

  static void declare(Declarations<InspectConfig>& declare);

 private:
  void set_regex(Context& context, const Arguments& arguments);
  void remove_regex(Context& context, const Arguments& arguments);
  void test_regex(Context& context, const Arguments& arguments);
  void enter_regex_class(Context& context, const Arguments& arguments);
  void remove_regex_class(Context& context, const Arguments& arguments);
  void match_regex(Context& context, const Arguments& arguments);
  void enter_class(Context& context, const Arguments& arguments);
  void remove_class(Context& context, const Arguments& arguments);
  void match_in_class(Context& context, const Arguments& arguments);
  void enter_policy(Context& context, const Arguments& arguments);
  void remove_policy(Context& context, const Arguments& arguments);
  void describe_policy(Context& context, const Arguments& arguments);
  void enter_entry(Context& context, const Arguments& arguments);
  void leave(Context& context, const Arguments& arguments);
  void remove_entry(Context& context, const Arguments& arguments);
  void set_action(Context& context, const Arguments& arguments);
  void enter_parameters(Context& context, const Arguments& arguments);
  void set_parameter(Context& context, const Arguments& arguments);
  void remove_parameter(Context& context, const Arguments& arguments);
  void show_regexes(Context& context, const Arguments& arguments);
  void show_classes(Context& context, const Arguments& arguments);
  void show_policies(Context& context, const Arguments& arguments);

  /// What a sub-mode is about: a place in a vector, and in a policy that of an entry.
  static std::uint64_t object(std::size_t policy, std::size_t entry) {
    return policy << 16 | entry;
  }
  InspectPolicy& current_policy(Context& context) {
    return maps_.policies.at(context.mode_object() >> 16);
  }

  static bool may_add(Context& context, std::string_view name, std::size_t size);
  static bool is_protocol(Context& context, std::string_view protocol);
  static bool has_room(Context& context, std::size_t size, std::size_t bound);
  std::optional<InspectMatch> checked_match(Context& context, std::string_view protocol,
                                            const Arguments& arguments);
  InspectEntry entry_of(const Arguments& arguments) const;

  InspectMaps& maps_;
};

void InspectConfig::declare(Declarations<InspectConfig>& declare) {
  using Self = InspectConfig;
  declare.config<&Self::set_regex>("regex <word:name> <line:pattern>", "Name a regular expression");
  declare.config<&Self::remove_regex>("no regex <word:name> [<line:pattern>]",
                                      "Remove a regular expression");
  declare.exec<&Self::test_regex>("test regex <word:text> <line:pattern>",
                                  "Try a regular expression on a text");
  declare.config<&Self::enter_regex_class>("class-map type regex match-any <word:name>",
                                           "Name a class of regular expressions");
  declare.config<&Self::remove_regex_class>("no class-map type regex [match-any] <word:name>",
                                            "Remove a class of regular expressions");
  declare.command<&Self::match_regex>(kRegexClassMode, "[no] match regex <word:name>",
                                      "Take a regular expression into the class");
  declare.config<&Self::enter_class>(
      "class-map type inspect <word:protocol> [match-all|match-any] <word:name>",
      "Name a class of a protocol's messages");
  declare.config<&Self::remove_class>(
      "no class-map type inspect <word:protocol> [match-all|match-any] <word:name>",
      "Remove a class of a protocol's messages");
  declare.command<&Self::match_in_class>(kClassMode, "[no] match [not] <line:criterion>",
                                         "Take messages by a criterion of the protocol");
  declare.config<&Self::enter_policy>("policy-map type inspect <word:protocol> <word:name>",
                                      "Name a policy for a protocol's inspection");
  declare.config<&Self::remove_policy>("no policy-map type inspect <word:protocol> <word:name>",
                                       "Remove a policy for a protocol's inspection");
  for (const Mode mode : {kPolicyMode, kEntryMode, kParameterMode}) {
    declare.command<&Self::describe_policy>(mode, "description <line:text>", "Describe the policy");
    declare.command<&Self::enter_parameters>(mode, "parameters", "Set the inspection's parameters");
    declare.command<&Self::enter_entry>(mode, "match [not] <line:criterion>",
                                        "Treat messages that meet a criterion of the protocol");
    declare.command<&Self::enter_entry>(mode, "class <word:class>",
                                        "Treat a class of the protocol's messages");
    declare.command<&Self::remove_entry>(mode, "no match [not] <line:criterion>",
                                         "Treat such messages no more");
    declare.command<&Self::remove_entry>(mode, "no class <word:class>",
                                         "Treat such messages no more");
  }
  for (const std::string_view pattern :
       {"[no] drop [send-protocol-error] [log]", "[no] drop-connection [send-protocol-error] [log]",
        "[no] reset [log]", "[no] mask [log]", "[no] log", "[no] enforce-tsig [drop] [log]",
        "[no] rate-limit <number:rate:1-4294967295>"}) {
    declare.command<&Self::set_action>(kEntryMode, pattern, "Say what is done with them");
  }
  declare.command<&Self::leave>(kParameterMode, "{exit|quit|end}", "Leave the parameters");
  declare.command<&Self::set_parameter>(kParameterMode, "<line:parameter>", "Set a parameter");
  declare.command<&Self::remove_parameter>(kParameterMode, "no <line:parameter>",
                                           "Remove a parameter");
  declare.exec<&Self::show_regexes>("show running-config regex", "Show the regular expressions");
  declare.exec<&Self::show_classes>(
      "show running-config class-map type {regex|inspect [<word:protocol>]}",
      "Show the classes for inspections");
  declare.exec<&Self::show_policies>(
      "show running-config policy-map type inspect [<word:protocol> [<word:name>]]",
      "Show the policies for inspections");
}

bool InspectConfig::may_add(Context& context, std::string_view name, std::size_t size) {
  if (name.size() <= InspectMaps::kNameBound) {
    return has_room(context, size, InspectMaps::kBound);
  }
  context.print(
      fmt::format("ERROR: % Name is longer than {} characters\n", InspectMaps::kNameBound));
  return false;
}

bool InspectConfig::is_protocol(Context& context, std::string_view protocol) {
  if (has_inspection_maps(protocol)) return true;
  context.print(kInvalid);
  return false;
}

bool InspectConfig::has_room(Context& context, std::size_t size, std::size_t bound) {
  if (size < bound) return true;
  context.print(fmt::format("ERROR: Maximum number of entries ({}) reached\n", bound));
  return false;
}

void InspectConfig::set_regex(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  std::string_view pattern = arguments.get<std::string>("pattern");
  if (pattern.size() > 2 && pattern.front() == '"' && pattern.back() == '"') {
    pattern = pattern.substr(1, pattern.size() - 2);
  }
  auto regex = Regex::compile(pattern);
  if (!regex) {
    context.print(fmt::format("ERROR: % Invalid regular expression {}\n", pattern));
    return;
  }
  const auto known = std::ranges::find(maps_.regexes, name, &NamedRegex::name);
  if (known != maps_.regexes.end()) {
    known->pattern = pattern;
    known->regex = std::move(*regex);
  } else if (may_add(context, name, maps_.regexes.size())) {
    maps_.regexes.push_back({name, std::string(pattern), std::move(*regex)});
  }
}

void InspectConfig::remove_regex(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  if (maps_.uses_regex(name)) {
    context.print(fmt::format("ERROR: % regex {} is being used\n", name));
  } else if (!asaemu::remove_regex(maps_, name)) {
    context.print(fmt::format("ERROR: % regex {} not configured\n", name));
  }
}

void InspectConfig::test_regex(Context& context, const Arguments& arguments) {
  const auto regex = Regex::compile(arguments.get<std::string>("pattern"));
  if (!regex) {
    context.print("ERROR: % Invalid regular expression\n");
    return;
  }
  context.print(
      fmt::format("INFO: Regular expression match {}.\n",
                  regex->finds_in(arguments.get<std::string>("text")) ? "succeeded" : "failed"));
}

void InspectConfig::enter_regex_class(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  auto& all = maps_.regex_classes;
  auto known = std::ranges::find(all, name, &RegexClass::name);
  if (known == all.end()) {
    if (!may_add(context, name, all.size())) return;
    all.push_back({name, maps_.take_id(), {}});
    known = all.end() - 1;
  }
  context.enter_mode(kRegexClassMode, static_cast<std::uint64_t>(known - all.begin()));
}

void InspectConfig::remove_regex_class(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  if (maps_.uses_regex_class(name)) {
    context.print(fmt::format("ERROR: Class-map {} is being used\n", name));
  } else if (!asaemu::remove_regex_class(maps_, name)) {
    context.print(fmt::format("ERROR: class-map {} not configured\n", name));
  }
}

void InspectConfig::match_regex(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  auto& regexes = maps_.regex_classes.at(context.mode_object()).regexes;
  const auto known = std::ranges::find(regexes, name);
  if (arguments.has("no")) {
    if (known != regexes.end()) {
      regexes.erase(known);
    } else {
      context.print(fmt::format("ERROR: % match regex {} not configured\n", name));
    }
  } else if (maps_.find_regex(name) == nullptr) {
    context.print(fmt::format("ERROR: % regex {} not configured\n", name));
  } else if (known == regexes.end() && has_room(context, regexes.size(), InspectMaps::kLineBound)) {
    regexes.push_back(name);
  }
}

void InspectConfig::enter_class(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  const auto& protocol = arguments.get<std::string>("protocol");
  if (!is_protocol(context, protocol)) return;
  auto& all = maps_.classes;
  InspectClass* known = maps_.find_class(protocol, name);
  const bool is_match_any = arguments.has("match-any");
  if (known == nullptr) {
    if (!may_add(context, name, all.size())) return;
    known = &all.emplace_back(InspectClass{protocol, name, is_match_any, maps_.take_id(), {}});
  } else if (known->is_match_any != is_match_any && (is_match_any || arguments.has("match-all"))) {
    context.print(fmt::format("ERROR: Class-map {} exists with another type of match\n", name));
    return;
  }
  context.enter_mode(kClassMode, static_cast<std::uint64_t>(known - all.data()));
}

void InspectConfig::remove_class(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  const auto& protocol = arguments.get<std::string>("protocol");
  if (maps_.uses_class(protocol, name)) {
    context.print(fmt::format("ERROR: Class-map {} is being used\n", name));
  } else if (!asaemu::remove_class(maps_, protocol, name)) {
    context.print(fmt::format("ERROR: class-map {} not configured\n", name));
  }
}

/// The criterion of a line, if the protocol knows it and its regular expressions are there.
std::optional<InspectMatch> InspectConfig::checked_match(Context& context,
                                                         std::string_view protocol,
                                                         const Arguments& arguments) {
  InspectMatch match{arguments.has("not"), split_words(arguments.get<std::string>("criterion")), 0};
  const auto regex = std::ranges::find(match.words, "regex");
  if (regex != match.words.end()) {
    const auto from = static_cast<std::size_t>(regex - match.words.begin()) + 1;
    if (from < match.words.size() && !maps_.knows_regex(match.words, from)) {
      context.print(fmt::format("ERROR: % regex {} not configured\n", match.words.back()));
      return std::nullopt;
    }
  }
  InspectLineAnswer answer;
  context.publish(
      InspectLineTyped{protocol, InspectLineTyped::Section::kMatch, match.words, answer});
  if (answer.is_refused) {
    context.print(answer.reason.empty() ? kInvalid : answer.reason);
    return std::nullopt;
  }
  match.rank = answer.rank;
  return match;
}

void InspectConfig::match_in_class(Context& context, const Arguments& arguments) {
  InspectClass& inspect_class = maps_.classes.at(context.mode_object());
  auto& matches = inspect_class.matches;
  if (arguments.has("no")) {
    const InspectMatch typed{arguments.has("not"),
                             split_words(arguments.get<std::string>("criterion")), 0};
    const auto text = typed.text();
    if (!remove_match(inspect_class, text)) {
      context.print(fmt::format("ERROR: % {} not configured\n", text));
    }
  } else {
    const auto match = checked_match(context, inspect_class.protocol, arguments);
    if (!match || std::ranges::find(matches, *match) != matches.end()) return;
    if (!has_room(context, matches.size(), InspectMaps::kLineBound)) return;
    matches.push_back(*match);
  }
  maps_.settle();
}

void InspectConfig::enter_policy(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  const auto& protocol = arguments.get<std::string>("protocol");
  if (!is_protocol(context, protocol)) return;
  auto& all = maps_.policies;
  InspectPolicy* known = maps_.find_policy(protocol, name);
  if (known == nullptr) {
    if (!may_add(context, name, all.size())) return;
    known = &all.emplace_back(InspectPolicy{protocol, name, {}, {}, {}, {}});
  }
  context.enter_mode(kPolicyMode, object(static_cast<std::size_t>(known - all.data()), 0));
}

void InspectConfig::remove_policy(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  const InspectPolicy* policy = maps_.find_policy(arguments.get<std::string>("protocol"), name);
  if (policy == nullptr) {
    context.print(fmt::format("ERROR: policy-map {} not configured\n", name));
  } else if (is_applied(context.state().service_policies, *policy)) {
    context.print(fmt::format("ERROR: Policy-map {} is being used\n", name));
  } else {
    maps_.policies.erase(maps_.policies.begin() + (policy - maps_.policies.data()));
  }
}

void InspectConfig::describe_policy(Context& context, const Arguments& arguments) {
  current_policy(context).description = arguments.get<std::string>("text");
}

/// What `class` or `match` names, not checked.
InspectEntry InspectConfig::entry_of(const Arguments& arguments) const {
  InspectEntry entry;
  if (const auto* name = arguments.find<std::string>("class")) {
    entry.class_map = *name;
  } else {
    entry.match.is_negated = arguments.has("not");
    entry.match.words = split_words(arguments.get<std::string>("criterion"));
  }
  return entry;
}

void InspectConfig::enter_entry(Context& context, const Arguments& arguments) {
  InspectPolicy& policy = current_policy(context);
  InspectEntry entry = entry_of(arguments);
  if (!entry.class_map.empty()) {
    const InspectClass* known = maps_.find_class(policy.protocol, entry.class_map);
    if (known == nullptr) {
      context.print(fmt::format("ERROR: % class-map {} not configured\n", entry.class_map));
      return;
    }
    entry.id = known->id;
  } else {
    const auto match = checked_match(context, policy.protocol, arguments);
    if (!match) return;
    entry.match = *match;
  }
  auto known = std::ranges::find_if(policy.entries, [&](const InspectEntry& each) {
    return each.class_map == entry.class_map && each.match == entry.match;
  });
  if (known == policy.entries.end()) {
    if (!has_room(context, policy.entries.size(), InspectMaps::kLineBound)) return;
    if (entry.class_map.empty()) entry.id = maps_.take_id();
    policy.entries.push_back(std::move(entry));
    known = policy.entries.end() - 1;
    maps_.settle();
  }
  const auto place = static_cast<std::size_t>(known - policy.entries.begin());
  context.enter_mode(kEntryMode, object(context.mode_object() >> 16, place));
}

void InspectConfig::remove_entry(Context& context, const Arguments& arguments) {
  const InspectEntry entry = entry_of(arguments);
  const auto text = entry.match.text();
  if (!asaemu::remove_entry(current_policy(context), entry.class_map, text)) {
    context.print(fmt::format("ERROR: % {} not configured\n",
                              entry.class_map.empty() ? text : "class " + entry.class_map));
  }
  maps_.settle();
  context.enter_mode(kPolicyMode, object(context.mode_object() >> 16, 0));
}

void InspectConfig::set_action(Context& context, const Arguments& arguments) {
  LineWords line;
  for (const std::string_view word :
       {"drop-connection", "reset", "mask", "enforce-tsig", "drop", "send-protocol-error", "log"}) {
    if (arguments.has(word)) line.emplace_back(word);
  }
  if (const auto* rate = arguments.find<std::uint64_t>("rate")) {
    line = {"rate-limit", fmt::format("{}", *rate)};
  }
  InspectActions& actions =
      current_policy(context).entries.at(context.mode_object() & 0xFFFF).actions;
  if (!arguments.has("no")) {
    actions.set(std::move(line));
  } else if (!actions.remove(line.front())) {
    context.print(fmt::format("ERROR: % {} not configured\n", line.front()));
  }
}

void InspectConfig::enter_parameters(Context& context, const Arguments&) {
  context.enter_mode(kParameterMode, object(context.mode_object() >> 16, 0));
}

void InspectConfig::leave(Context& context, const Arguments& arguments) {
  if (arguments.has("end")) {
    context.enter_mode(kPrivilegedMode, 0);
  } else {
    context.leave_mode();
  }
}

void InspectConfig::set_parameter(Context& context, const Arguments& arguments) {
  InspectPolicy& policy = current_policy(context);
  const LineWords words = split_words(arguments.get<std::string>("parameter"));
  InspectLineAnswer answer;
  context.publish(
      InspectLineTyped{policy.protocol, InspectLineTyped::Section::kParameter, words, answer});
  if (words.front() == "show" || (answer.is_refused && answer.reason.empty())) {
    context.decline();
  } else if (answer.is_refused) {
    context.print(answer.reason);
  } else if (!put_parameter(policy, words, answer.key_words)) {
    has_room(context, InspectMaps::kLineBound, InspectMaps::kLineBound);
  }
}

/// `no message-length maximum` removes all that begin so. What is on by default is turned off by a `no`
/// line that stays: the protocol's subsystem takes such a line by answering with its key words.
void InspectConfig::remove_parameter(Context& context, const Arguments& arguments) {
  InspectPolicy& policy = current_policy(context);
  const LineWords words = split_words(arguments.get<std::string>("parameter"));
  const bool is_removed = remove_parameters(policy, words);
  LineWords line{"no"};
  line.insert(line.end(), words.begin(), words.end());
  InspectLineAnswer answer;
  context.publish(
      InspectLineTyped{policy.protocol, InspectLineTyped::Section::kParameter, line, answer});
  if (answer.key_words <= line.size()) {
    put_parameter(policy, line, answer.key_words);
  } else if (!is_removed) {
    // A known parameter is not configured; what is none may be a command of configuration mode.
    InspectLineAnswer known;
    context.publish(
        InspectLineTyped{policy.protocol, InspectLineTyped::Section::kParameter, words, known});
    if (known.is_refused && known.reason.empty()) {
      context.decline();
    } else {
      context.print(fmt::format("ERROR: % {} not configured\n", join_words(words)));
    }
  }
}

void InspectConfig::show_regexes(Context& context, const Arguments&) {
  context.print(describe_regexes(maps_));
}

void InspectConfig::show_classes(Context& context, const Arguments& arguments) {
  context.print(arguments.has("regex")
                    ? describe_regex_classes(maps_)
                    : describe_classes(maps_, arguments.get_or<std::string>("protocol", {})));
}

void InspectConfig::show_policies(Context& context, const Arguments& arguments) {
  context.print(describe_policies(maps_, arguments.get_or<std::string>("protocol", {}),
                                  arguments.get_or<std::string>("name", {})));
}

}  // namespace

void register_inspect_maps(Registry& registry);
void register_inspect_maps(Registry& registry) {
  registry.add<InspectConfig>("inspect_maps");
}

}  // namespace asaemu
