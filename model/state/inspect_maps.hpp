// Inspection maps: what `regex`, `class-map type regex`, `class-map type inspect` and `policy-map type
// inspect` hold. Written by the inspect_maps subsystem; the inspection of each protocol reads its own
// lines.
//
// An inspection finds the map of a packet's connection with find_inspection() (inspection.hpp), and
// walks it with InspectMaps::evaluate().
#pragma once

#include "model/state/regex.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

using LineWords = std::vector<std::string>;

/// `regex NAME PATTERN`.
struct NamedRegex {
  std::string name;
  std::string pattern;
  Regex regex;
};

/// `class-map type regex match-any NAME`: any of its expressions is enough.
struct RegexClass {
  std::string name;
  std::uint64_t id = 0;  ///< see InspectMaps::take_id
  std::vector<std::string> regexes;
};

/// A criterion: `match [not] …`.
struct InspectMatch {
  bool is_negated = false;
  LineWords words;  ///< what follows
  /// Its place in the order in which the protocol's parser comes to things; 0 comes first.
  std::uint16_t rank = 0;

  /// The line as it was typed: `match not request method regex M`.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const InspectMatch&, const InspectMatch&) = default;
};

/// `class-map type inspect PROTOCOL [match-all|match-any] NAME`.
struct InspectClass {
  std::string protocol;
  std::string name;
  bool is_match_any = false;
  std::uint64_t id = 0;  ///< see InspectMaps::take_id
  std::vector<InspectMatch> matches;
};

/// What is done with a message that an entry of a policy takes: its lines, such as `reset log`.
struct InspectActions {
  static constexpr std::size_t kBound = 8;  ///< never reached: each first word stands once

  /// In the order of severity.
  enum class Fate : std::uint8_t { kPass, kDropPacket, kDropConnection, kReset };
  std::vector<LineWords> lines;

  /// Adds a line: it replaces one of the same first word, and of `drop`, `drop-connection`, `reset`,
  /// `mask` and `log` whichever stood there.
  void set(LineWords line);
  /// Removes the line of this first word; false if there is none.
  bool remove(std::string_view word);
  [[nodiscard]] Fate fate() const;
  /// Some line has `log`.
  [[nodiscard]] bool logs() const;
  /// The line that begins with this word (`mask`, `rate-limit`); nullptr if there is none.
  [[nodiscard]] const LineWords* find(std::string_view word) const;
};

/// A `match` line or a `class` of a policy, and what is done with what it takes.
struct InspectEntry {
  std::string class_map;  ///< empty for a `match` line
  InspectMatch match;     ///< of a `match` line
  std::uint64_t id = 0;   ///< of the class; a `match` line is a nameless class of its own
  InspectActions actions;

  /// What messages call it, the way HTTP inspection does: `Class 22: NAME`, or the `match` line.
  [[nodiscard]] std::string matched_string() const;
  /// The way DNS inspection does: `Class 22: NAME`, `Class 23: match …`.
  [[nodiscard]] std::string class_string() const;
};

/// `policy-map type inspect PROTOCOL NAME`.
struct InspectPolicy {
  std::string protocol;
  std::string name;
  std::string description;
  std::vector<InspectEntry> entries;  ///< in the order they were typed
  std::vector<LineWords> parameters;  ///< below `parameters`, likewise
  /// Places in `entries` in the order in which they are asked (InspectMaps::settle).
  std::vector<std::uint16_t> order;

  /// The latest parameter that begins with these words: parameter({"message-length", "maximum"});
  /// nullptr if there is none.
  [[nodiscard]] const LineWords* parameter(std::span<const std::string_view> begin) const;
  [[nodiscard]] const LineWords* parameter(std::string_view word) const {
    return parameter(std::span(&word, 1));
  }
};

/// What a protocol says of a line that is typed (event InspectLineTyped).
struct InspectLineAnswer {
  /// Refuses the line; the console prints `reason`, or that it is invalid if there is none.
  bool is_refused = false;
  std::string_view reason;
  /// Of a criterion: see InspectMatch::rank.
  std::uint16_t rank = 0;
  /// Of a parameter: the line replaces those that begin with as many equal words. By default only an
  /// equal line.
  std::size_t key_words = ~std::size_t{0};
};

class InspectMaps {
 public:
  /// Regular expressions, classes, policies; each inferred.
  static constexpr std::size_t kBound = 1024;
  /// Criteria of a class, entries and parameters of a policy; inferred.
  static constexpr std::size_t kLineBound = 64;
  static constexpr std::size_t kNameBound = 40;  ///< characters; ASA command reference
  /// Captured lines have 22 and 23 for the first classes of a user: the ids before them are taken by
  /// the device's own maps (inferred).
  static constexpr std::uint64_t kFirstId = 22;

  std::vector<NamedRegex> regexes;
  std::vector<RegexClass> regex_classes;
  std::vector<InspectClass> classes;
  std::vector<InspectPolicy> policies;

  [[nodiscard]] const NamedRegex* find_regex(std::string_view name) const;
  [[nodiscard]] const RegexClass* find_regex_class(std::string_view name) const;
  [[nodiscard]] InspectClass* find_class(std::string_view protocol, std::string_view name);
  [[nodiscard]] const InspectClass* find_class(std::string_view protocol,
                                               std::string_view name) const;
  [[nodiscard]] InspectPolicy* find_policy(std::string_view protocol, std::string_view name);
  [[nodiscard]] const InspectPolicy* find_policy(std::string_view protocol,
                                                 std::string_view name) const;

  /// The number of the next class, in the order in which they are configured; `match` lines count.
  std::uint64_t take_id() { return next_id_++; }

  /// Brings every policy's `order` up to date: an ASA asks its criteria as its parser comes to them,
  /// a class with its last one, and like ones in the order they were typed (configuration guide,
  /// inspection policy maps).
  void settle();

  /// Whether the regular expressions that a criterion names, as `NAME` or `class NAME` from word
  /// `from` on, find something in the text. False for names that are not configured.
  [[nodiscard]] bool regex_finds(const LineWords& words, std::size_t from,
                                 std::string_view text) const;
  /// Whether words from `from` on are just that, and configured.
  [[nodiscard]] bool knows_regex(const LineWords& words, std::size_t from) const;

  /// Whether some class or criterion names it; a class: some policy.
  [[nodiscard]] bool uses_regex(std::string_view name) const;
  [[nodiscard]] bool uses_regex_class(std::string_view name) const;
  [[nodiscard]] bool uses_class(std::string_view protocol, std::string_view name) const;

  /// Walks a policy. `test(match)` says whether a criterion holds for the message, without regard to
  /// `not`: an optional bool, nullopt if the message has nothing that the criterion is about, which
  /// holds neither way. `hit(entry, match)` is called for each entry that takes the message, up to
  /// the first that lets it not pass; `match` is the criterion that settled it. Returns that last
  /// entry's fate, kPass if there was none.
  template <class Test, class Hit>
  InspectActions::Fate evaluate(const InspectPolicy& policy, Test&& test, Hit&& hit) const {
    for (const std::uint16_t place : policy.order) {
      const InspectEntry& entry = policy.entries[place];
      const InspectMatch* match = taken_by(entry, policy.protocol, test);
      if (match == nullptr) continue;
      hit(entry, *match);
      if (const auto fate = entry.actions.fate(); fate != InspectActions::Fate::kPass) return fate;
    }
    return InspectActions::Fate::kPass;
  }

 private:
  template <class Test>
  static bool holds(const InspectMatch& match, Test& test) {
    const std::optional<bool> holds = test(match);
    return holds.has_value() && *holds != match.is_negated;
  }

  /// The criterion by which the entry takes the message; nullptr if it does not.
  template <class Test>
  const InspectMatch* taken_by(const InspectEntry& entry, std::string_view protocol,
                               Test& test) const {
    if (entry.class_map.empty()) return holds(entry.match, test) ? &entry.match : nullptr;
    const InspectClass* inspect_class = find_class(protocol, entry.class_map);
    if (inspect_class == nullptr) return nullptr;
    const InspectMatch* last = nullptr;
    for (const InspectMatch& match : inspect_class->matches) {
      const bool is_held = holds(match, test);
      if (is_held && inspect_class->is_match_any) return &match;
      if (!is_held && !inspect_class->is_match_any) return nullptr;
      if (is_held && (last == nullptr || match.rank >= last->rank)) last = &match;
    }
    return last;
  }

  /// Whether some criterion ends with these words, as those do that name a regular expression.
  [[nodiscard]] bool names(std::initializer_list<std::string_view> words) const;
  [[nodiscard]] std::uint16_t rank_of(const InspectPolicy& policy, const InspectEntry& entry) const;

  std::uint64_t next_id_ = kFirstId;
};

/// The line of words joined by blanks.
std::string join_words(const LineWords& words);
/// Whether a line begins with these words.
bool starts_with(const LineWords& line, std::span<const std::string> words);
/// The words of a line; a part in double quotes is one word, quotes included.
LineWords split_words(std::string_view line);

}  // namespace asaemu
