#include "model/state/regex.hpp"

#include "model/base/characters.hpp"

#include <utility>

namespace asaemu {

namespace {

using Step = Regex::Step;
using Steps = std::vector<Step>;

constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  return (c | 0x20) - 'a' + 10;
}

/// Reads a pattern by recursive descent. Steps refer to each other by distance, so that a part can be
/// copied.
class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view pattern) : rest_(pattern) {}

  std::optional<Steps> compile() {
    Steps steps = alternatives();
    if (failed_ || !rest_.empty()) return std::nullopt;
    steps.push_back({});
    if (steps.size() > Regex::kStepBound) return std::nullopt;
    return steps;
  }

 private:
  Steps alternatives() {
    Steps all = sequence();
    while (take('|')) {
      const Steps other = sequence();
      Steps joined{fork(all.size() + 2)};
      append(joined, all);
      joined.push_back(jump(other.size() + 1));
      append(joined, other);
      all = std::move(joined);
    }
    return all;
  }

  Steps sequence() {
    Steps all;
    while (!failed_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      append(all, repeated(atom()));
    }
    return all;
  }

  Steps atom() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case '(': {
        Steps inner = alternatives();
        if (!take(')')) failed_ = true;
        return inner;
      }
      case '[':
        return {one_of(bracket())};
      case '.':
        return {one_of(Regex::CharacterSet().set())};
      case '^':
        return {Step{Step::Kind::kLineBegin, 0, {}}};
      case '?':
      case '*':
      case '+':
      case '{':
        failed_ = true;
        return {};
      case '\\':
        return {one_of(only(escaped()))};
      default:
        return {one_of(only(c))};
    }
  }

  Steps repeated(Steps one) {
    for (;;) {
      if (take('?')) {
        one = optional(one);
      } else if (take('*')) {
        one = any_number(one);
      } else if (take('+')) {
        one = at_least(one, 1);
      } else if (take('{')) {
        const std::uint32_t times = number();
        const bool is_open = take(',');
        if (!take('}')) failed_ = true;
        if (failed_) return {};
        one = is_open ? at_least(one, times) : exactly(one, times);
      } else {
        return one;
      }
    }
  }

  Steps optional(const Steps& one) {
    Steps steps{fork(one.size() + 1)};
    append(steps, one);
    return steps;
  }

  Steps any_number(const Steps& one) {
    Steps steps{fork(one.size() + 2)};
    append(steps, one);
    steps.push_back(back(Step::Kind::kJump, one.size() + 1));
    return steps;
  }

  Steps exactly(const Steps& one, std::uint32_t times) {
    Steps steps;
    for (std::uint32_t i = 0; i < times && !failed_; ++i) append(steps, one);
    return steps;
  }

  Steps at_least(const Steps& one, std::uint32_t times) {
    if (times == 0) return any_number(one);
    Steps steps = exactly(one, times);
    if (!failed_) steps.push_back(back(Step::Kind::kFork, one.size()));
    return steps;
  }

  /// What stands between brackets; the opening one is read.
  Regex::CharacterSet bracket() {
    Regex::CharacterSet set;
    const bool is_negated = take('^');
    bool is_first = true;
    while (!failed_ && (is_first || !rest_.starts_with(']'))) {
      is_first = false;
      const auto low = static_cast<unsigned char>(bracket_character());
      auto high = low;
      if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        rest_.remove_prefix(1);
        high = static_cast<unsigned char>(bracket_character());
      }
      if (high < low) failed_ = true;
      for (unsigned c = low; c <= high; ++c) set.set(c);
    }
    if (!take(']')) failed_ = true;
    return is_negated ? ~set : set;
  }

  char bracket_character() {
    if (rest_.empty()) {
      failed_ = true;
      return 0;
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c == '\\' ? escaped() : c;
  }

  /// The character that an escape stands for; the backslash is read.
  char escaped() {
    if (rest_.empty()) {
      failed_ = true;
      return 0;
    }
    if (rest_.size() >= 3 && rest_[0] == 'x' && is_hex_digit(rest_[1]) && is_hex_digit(rest_[2])) {
      const int value = hex_value(rest_[1]) * 16 + hex_value(rest_[2]);
      rest_.remove_prefix(3);
      return static_cast<char>(value);
    }
    if (const int value = octal(); value >= 0) {
      rest_.remove_prefix(3);
      return static_cast<char>(value);
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case 'r':
        return '\r';
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'f':
        return '\f';
      default:
        return c;
    }
  }

  /// Three octal digits ahead; -1 if there are none, or they say more than a byte.
  [[nodiscard]] int octal() const {
    if (rest_.size() < 3) return -1;
    int value = 0;
    for (const char c : rest_.substr(0, 3)) {
      if (c < '0' || c > '7') return -1;
      value = value * 8 + (c - '0');
    }
    return value < 256 ? value : -1;
  }

  std::uint32_t number() {
    std::uint32_t value = 0;
    bool has_digits = false;
    while (!rest_.empty() && is_digit(rest_.front()) && value <= Regex::kRepeatBound) {
      value = value * 10 + static_cast<std::uint32_t>(rest_.front() - '0');
      rest_.remove_prefix(1);
      has_digits = true;
    }
    if (!has_digits || value > Regex::kRepeatBound) failed_ = true;
    return value;
  }

  static Regex::CharacterSet only(char c) {
    Regex::CharacterSet set;
    set.set(static_cast<unsigned char>(c));
    return set;
  }
  static Step one_of(const Regex::CharacterSet& set) { return {Step::Kind::kSet, 0, set}; }
  static Step fork(std::size_t ahead) {
    return {Step::Kind::kFork, static_cast<std::int16_t>(ahead), {}};
  }
  static Step jump(std::size_t ahead) {
    return {Step::Kind::kJump, static_cast<std::int16_t>(ahead), {}};
  }
  static Step back(Step::Kind kind, std::size_t distance) {
    return {kind, static_cast<std::int16_t>(-static_cast<std::int16_t>(distance)), {}};
  }

  void append(Steps& all, const Steps& more) {
    if (all.size() + more.size() > Regex::kStepBound) {
      failed_ = true;
      return;
    }
    all.insert(all.end(), more.begin(), more.end());
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  bool failed_ = false;
};

/// The steps that a search stands at, each once.
class Front {
 public:
  explicit Front(const std::vector<Step>& steps) : steps_(&steps), marks_(steps.size(), 0) {}

  void clear() {
    ++round_;
    places_.clear();
  }

  /// Adds a step and all that are reached from it without reading; true if the end is among them.
  bool add(std::size_t start, bool is_line_begin) {
    bool has_end = false;
    pending_.push_back(start);
    while (!pending_.empty()) {
      const std::size_t at = pending_.back();
      pending_.pop_back();
      if (std::exchange(marks_[at], round_) == round_) continue;
      const Step& step = (*steps_)[at];
      const auto other = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + step.other);
      switch (step.kind) {
        case Step::Kind::kSet:
          places_.push_back(at);
          break;
        case Step::Kind::kFork:
          pending_.push_back(other);
          pending_.push_back(at + 1);
          break;
        case Step::Kind::kJump:
          pending_.push_back(other);
          break;
        case Step::Kind::kLineBegin:
          if (is_line_begin) pending_.push_back(at + 1);
          break;
        case Step::Kind::kEnd:
          has_end = true;
          break;
      }
    }
    return has_end;
  }

  [[nodiscard]] const std::vector<std::size_t>& places() const { return places_; }

 private:
  const std::vector<Step>* steps_;
  std::vector<std::uint32_t> marks_;  ///< the round in which a step was added
  std::vector<std::size_t> places_;
  std::vector<std::size_t> pending_;
  std::uint32_t round_ = 1;
};

}  // namespace

Regex::Regex(std::vector<Step> steps) : steps_(std::move(steps)) {
  Front front(steps_);
  is_always_ = front.add(0, false);
  front.clear();
  // A pattern that is nothing but `^` ends at the begin of every text.
  is_always_ = front.add(0, true) || is_always_;
  for (const std::size_t place : front.places()) first_ |= steps_[place].set;
}

std::optional<Regex> Regex::compile(std::string_view pattern) {
  if (pattern.empty() || pattern.size() > kPatternBound) return std::nullopt;
  auto steps = PatternCompiler(pattern).compile();
  if (!steps) return std::nullopt;
  return Regex(std::move(*steps));
}

bool Regex::finds_in(std::string_view text) const {
  if (is_always_) return true;
  const auto can_begin = [this](char c) { return first_.test(static_cast<unsigned char>(c)); };
  std::size_t at = 0;
  while (at < text.size() && !can_begin(text[at])) ++at;
  if (at == text.size()) return false;
  Front now(steps_);
  Front next(steps_);
  for (; at < text.size(); ++at) {
    if (can_begin(text[at])) now.add(0, at == 0 || text[at - 1] == '\n');
    next.clear();
    for (const std::size_t place : now.places()) {
      if (!steps_[place].set.test(static_cast<unsigned char>(text[at]))) continue;
      if (next.add(place + 1, text[at] == '\n')) return true;
    }
    std::swap(now, next);
  }
  return false;
}

}  // namespace asaemu
