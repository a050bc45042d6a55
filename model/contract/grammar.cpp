#include "model/contract/grammar.hpp"

#include "model/contract/pattern.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

struct Token {
  std::string_view text;
  std::size_t column;
};

std::vector<Token> tokenize(std::string_view line) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    tokens.push_back({line.substr(at, end - at), at});
    at = end;
  }
  return tokens;
}

constexpr std::array<std::string_view, 8> kSeverities{"emergencies",   "alerts",   "critical",
                                                      "errors",        "warnings", "notifications",
                                                      "informational", "debugging"};

constexpr std::array<std::string_view, 13> kInterfaceTypes{
    "Ethernet",   "FastEthernet", "GigabitEthernet", "TenGigabitEthernet",
    "Management", "Port-channel", "Redundant",       "Vlan",
    "Tunnel",     "BVI",          "Internal-Data",   "Loopback",
    "Virtual"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_prefix(std::string_view prefix, std::string_view word) {
  if (prefix.empty() || prefix.size() > word.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (lower(prefix[i]) != lower(word[i])) return false;
  }
  return true;
}

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Whether a parameter of this name is one that no log may show.
bool is_secret(std::string_view name) {
  return name == "key" || name == "password" || name == "secret" || name == "token";
}

/// Walks the grammar's tree with one line, remembering the fault that lies furthest to the right.
class Matcher {
 public:
  Matcher(const std::deque<Grammar::Node>& nodes, std::string_view line,
          const InterfaceTable* interfaces)
      : nodes_(nodes),
        line_(line),
        interfaces_(interfaces),
        tokens_(tokenize(line)),
        words_(tokens_.size()) {}

  const Command* match(std::size_t root) { return visit(root, 0); }
  Arguments take_arguments() { return std::move(arguments_); }
  [[nodiscard]] const CommandFault& fault() const { return fault_; }
  /// The line that matched, as ParsedCommand has it: with secrets, or `*` in their place.
  [[nodiscard]] std::string line_in_full(bool shows_secrets) const {
    std::string text;
    for (const Word& word : words_) {
      std::string_view shown = word.text;
      if (word.is_secret && !shows_secrets) shown = word.is_first ? "*" : "";
      if (shown.empty()) continue;
      if (!text.empty()) text += ' ';
      text += shown;
    }
    return text;
  }

 private:
  const Command* visit(std::size_t index, std::size_t at) {
    const Grammar::Node& node = nodes_[index];
    if (at == tokens_.size()) {
      if (node.command == nullptr) note(CommandFault::Kind::kIncomplete, line_.size());
      return node.command;
    }
    if (const Command* found = visit_keyword(node, at)) return found;
    for (const auto& [parameter, next] : node.parameters) {
      const auto mark = arguments_.mark();
      if (const std::size_t used = read(parameter, at); used > 0) {
        if (const Command* found = visit(next, at + used)) {
          word_parameter(parameter, at, used);
          return found;
        }
      }
      arguments_.rewind(mark);
    }
    note(CommandFault::Kind::kInvalid, tokens_[at].column);
    return nullptr;
  }

  /// The keyword that the token is or abbreviates. If it could be several, the one whose rest fits
  /// decides: `sh int` is `show interface` although `shun` begins alike; two that fit, or `sh`
  /// alone, are ambiguous.
  const Command* visit_keyword(const Grammar::Node& node, std::size_t at) {
    const std::string_view token = tokens_[at].text;
    std::vector<const std::pair<std::string, std::size_t>*> candidates;
    for (const auto& keyword : node.keywords) {
      if (!is_prefix(token, keyword.first)) continue;
      if (token.size() == keyword.first.size()) {
        candidates = {&keyword};
        break;
      }
      candidates.push_back(&keyword);
    }
    const Command* found = nullptr;
    std::optional<Arguments> taken;
    std::string_view whole;
    const auto mark = arguments_.mark();
    for (const auto* candidate : candidates) {
      arguments_.add_keyword(candidate->first);
      if (const Command* command = visit(candidate->second, at + 1)) {
        if (found != nullptr) return be_ambiguous(at, mark);
        found = command;
        taken = arguments_;
        whole = candidate->first;
      }
      arguments_.rewind(mark);
    }
    if (found == nullptr && candidates.size() > 1 && at + 1 == tokens_.size()) {
      return be_ambiguous(at, mark);
    }
    if (taken) arguments_ = std::move(*taken);
    if (found != nullptr) words_[at].text = whole;
    return found;
  }

  /// How line_in_full() shows the `used` tokens from `at` on. Numbers are never secrets: a key may
  /// be called by one.
  void word_parameter(const Grammar::Parameter& parameter, std::size_t at, std::size_t used) {
    using Kind = Grammar::Parameter::Kind;
    const bool hides = is_secret(parameter.name) &&
                       (parameter.kind == Kind::kWord || parameter.kind == Kind::kLine);
    for (std::size_t i = 0; i < used; ++i) {
      words_[at + i] = {std::string(tokens_[at + i].text), hides, i == 0};
    }
    if (parameter.kind != Kind::kInterface && parameter.kind != Kind::kLine) return;
    words_[at].text = arguments_.get<std::string>(parameter.name);
    for (std::size_t i = 1; i < used; ++i) words_[at + i].text.clear();
  }

  /// Whatever else was noted, the word at `at` is the fault.
  const Command* be_ambiguous(std::size_t at, std::pair<std::size_t, std::size_t> mark) {
    arguments_.rewind(mark);
    if (!is_ambiguous_) {
      is_ambiguous_ = true;
      fault_ = {CommandFault::Kind::kAmbiguous, tokens_[at].column, std::string(tokens_[at].text)};
    }
    return nullptr;
  }

  /// Reads a parameter at token `at`; the number of tokens used, 0 if it does not fit.
  std::size_t read(const Grammar::Parameter& parameter, std::size_t at) {
    using Kind = Grammar::Parameter::Kind;
    const std::string_view token = tokens_[at].text;
    switch (parameter.kind) {
      case Kind::kIp:
        return keep(parameter, IpAddress::parse(token));
      case Kind::kMac:
        return keep(parameter, MacAddress::parse(token));
      case Kind::kProtocol:
        return keep(parameter, IpProtocol::parse(token));
      case Kind::kWord:
        return keep(parameter, std::optional(std::string(token)));
      case Kind::kNumber:
        return keep(parameter, bounded(token, parameter.low, parameter.high));
      case Kind::kPort: {
        const auto port = bounded(token, 0, 65535);
        return port ? keep(parameter, std::optional(Port{static_cast<std::uint16_t>(*port)})) : 0;
      }
      case Kind::kLevel: {
        const auto level = parse_severity(token);
        return level ? keep(parameter, std::optional(std::uint64_t{*level})) : 0;
      }
      case Kind::kNameif:
        if (interfaces_ != nullptr && interfaces_->find_nameif(token) == kNoInterface) return 0;
        return keep(parameter, std::optional(std::string(token)));
      case Kind::kLine:
        return read_line(parameter, at);
      case Kind::kInterface:
        return read_interface(parameter, at);
    }
    return 0;
  }

  std::size_t read_line(const Grammar::Parameter& parameter, std::size_t at) {
    const std::size_t begin = tokens_[at].column;
    const std::size_t end = tokens_.back().column + tokens_.back().text.size();
    keep(parameter, std::optional(std::string(line_.substr(begin, end - begin))));
    return tokens_.size() - at;
  }

  /// `GigabitEthernet0/0` and `GigabitEthernet 0/0` are the same.
  std::size_t read_interface(const Grammar::Parameter& parameter, std::size_t at) {
    if (keep(parameter, canonical_interface(tokens_[at].text)) == 1) return 1;
    if (at + 1 == tokens_.size()) return 0;
    const std::string joined = std::string(tokens_[at].text) + std::string(tokens_[at + 1].text);
    return keep(parameter, canonical_interface(joined)) == 1 ? 2 : 0;
  }

  static std::optional<std::uint64_t> bounded(std::string_view token, std::uint64_t low,
                                              std::uint64_t high) {
    const auto value = parse_unsigned(token);
    return value && *value >= low && *value <= high ? value : std::nullopt;
  }

  template <class T>
  std::size_t keep(const Grammar::Parameter& parameter, std::optional<T> value) {
    if (!value) return 0;
    arguments_.set(parameter.name, FieldValue(std::move(*value)));
    return 1;
  }

  void note(CommandFault::Kind kind, std::size_t column) {
    if (is_ambiguous_ || (noted_ && column <= fault_.column)) return;
    noted_ = true;
    fault_ = {kind, column, {}};
  }

  /// What line_in_full() shows for a token.
  struct Word {
    std::string text;
    bool is_secret = false;
    bool is_first = false;  ///< of the tokens of its parameter
  };

  const std::deque<Grammar::Node>& nodes_;
  std::string_view line_;
  const InterfaceTable* interfaces_;
  std::vector<Token> tokens_;
  std::vector<Word> words_;  ///< by token, once the line has matched
  Arguments arguments_;
  CommandFault fault_;
  bool noted_ = false;
  bool is_ambiguous_ = false;
};

}  // namespace

void Grammar::add(const Command& command) {
  commands_.push_back(command);
  const auto sequences = expand_pattern(command.pattern);
  ASAEMU_ASSERT(!sequences.empty());
  for (const auto& atoms : sequences) insert(command.mode, atoms, commands_.back());
}

void Grammar::insert(Mode mode, const std::vector<Atom>& atoms, const Command& command) {
  const auto [root, is_new] = roots_.try_emplace({mode.name, mode.kind}, nodes_.size());
  if (is_new) nodes_.emplace_back();
  std::size_t at = root->second;
  for (const Atom& atom : atoms) {
    std::size_t next = nodes_.size();
    if (!atom.keyword.empty()) {
      auto& edges = nodes_[at].keywords;
      const auto known = std::find_if(edges.begin(), edges.end(),
                                      [&](const auto& edge) { return edge.first == atom.keyword; });
      if (known != edges.end()) {
        next = known->second;
      } else {
        edges.emplace_back(atom.keyword, next);
        nodes_.emplace_back();
      }
    } else {
      auto& edges = nodes_[at].parameters;
      const auto known = std::find_if(edges.begin(), edges.end(), [&](const auto& edge) {
        return edge.first.kind == atom.parameter.kind && edge.first.name == atom.parameter.name &&
               edge.first.low == atom.parameter.low && edge.first.high == atom.parameter.high;
      });
      if (known != edges.end()) {
        next = known->second;
      } else {
        edges.emplace_back(atom.parameter, next);
        nodes_.emplace_back();
      }
    }
    at = next;
  }
  ASAEMU_ASSERT(nodes_[at].command == nullptr || nodes_[at].command == &command);
  nodes_[at].command = &command;
}

ParseOutcome Grammar::parse(Mode mode, std::string_view line,
                            const InterfaceTable* interfaces) const {
  const auto root = roots_.find({mode.name, mode.kind});
  if (root == roots_.end()) return CommandFault{};
  Matcher matcher(nodes_, line, interfaces);
  if (const Command* command = matcher.match(root->second)) {
    return ParsedCommand{command, matcher.take_arguments(), matcher.line_in_full(false),
                         matcher.line_in_full(true)};
  }
  return matcher.fault();
}

std::optional<std::string> canonical_interface(std::string_view text) {
  std::size_t letters = 0;
  while (letters < text.size() &&
         (std::string_view("0123456789").find(text[letters]) == std::string_view::npos)) {
    ++letters;
  }
  const std::string_view number = text.substr(letters);
  if (letters == 0 || number.empty() ||
      number.find_first_not_of("0123456789/.:") != std::string_view::npos) {
    return std::nullopt;
  }
  std::optional<std::string> found;
  for (const auto type : kInterfaceTypes) {
    if (!is_prefix(text.substr(0, letters), type)) continue;
    if (found) return std::nullopt;
    found = std::string(type) + std::string(number);
  }
  return found;
}

std::optional<unsigned> parse_severity(std::string_view text) {
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '7') {
    return static_cast<unsigned>(text[0] - '0');
  }
  std::optional<unsigned> found;
  for (unsigned level = 0; level < kSeverities.size(); ++level) {
    if (!is_prefix(text, kSeverities[level])) continue;
    if (found) return std::nullopt;
    found = level;
  }
  return found;
}

std::string_view severity_name(unsigned level) {
  ASAEMU_ASSERT(level < kSeverities.size());
  return kSeverities[level];
}

}  // namespace asaemu
