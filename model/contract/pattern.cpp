#include "model/contract/pattern.hpp"

#include <array>
#include <charconv>

namespace asaemu {

namespace {

using Atoms = std::vector<Grammar::Atom>;
using Sequences = std::vector<Atoms>;
using Kind = Grammar::Parameter::Kind;

struct KindName {
  std::string_view name;
  Kind kind;
};

constexpr std::array<KindName, 10> kKinds{{{"ip", Kind::kIp},
                                           {"port", Kind::kPort},
                                           {"number", Kind::kNumber},
                                           {"word", Kind::kWord},
                                           {"line", Kind::kLine},
                                           {"interface", Kind::kInterface},
                                           {"nameif", Kind::kNameif},
                                           {"protocol", Kind::kProtocol},
                                           {"mac", Kind::kMac},
                                           {"level", Kind::kLevel}}};

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : rest_(pattern) {}

  Sequences read() {
    Sequences all = alternatives();
    return failed_ || !rest_.empty() ? Sequences{} : all;
  }

 private:
  /// One or more sequences divided by `|`, up to a closing bracket or the end.
  Sequences alternatives() {
    Sequences all = sequence();
    while (take('|')) {
      Sequences more = sequence();
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }

  Sequences sequence() {
    Sequences all{Atoms{}};
    for (;;) {
      while (take(' ')) {
      }
      if (rest_.empty() || rest_.front() == '|' || rest_.front() == ']' || rest_.front() == '}') {
        return all;
      }
      append(all, item());
      if (failed_) return {};
    }
  }

  Sequences item() {
    if (take('[')) {
      Sequences inner = alternatives();
      if (!take(']')) failed_ = true;
      inner.push_back(Atoms{});
      return inner;
    }
    if (take('{')) {
      Sequences inner = alternatives();
      if (!take('}')) failed_ = true;
      return inner;
    }
    if (take('<')) return {Atoms{parameter()}};
    const auto end = rest_.find_first_of(" []{}<>|");
    Grammar::Atom keyword{std::string(rest_.substr(0, end)), {}};
    if (keyword.keyword.empty()) failed_ = true;
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
    return {Atoms{keyword}};
  }

  Grammar::Atom parameter() {
    const auto close = rest_.find('>');
    const auto colon = rest_.find(':');
    if (close == std::string_view::npos || colon > close) {
      failed_ = true;
      return {};
    }
    Grammar::Atom atom;
    std::string_view body = rest_.substr(colon + 1, close - colon - 1);
    const std::string_view kind = rest_.substr(0, colon);
    rest_.remove_prefix(close + 1);
    const auto* const known = std::find_if(kKinds.begin(), kKinds.end(),
                                           [&](const KindName& k) { return k.name == kind; });
    if (known == kKinds.end()) {
      failed_ = true;
      return {};
    }
    atom.parameter.kind = known->kind;
    const auto bounds = body.find(':');
    atom.parameter.name = std::string(body.substr(0, bounds));
    if (bounds != std::string_view::npos) read_bounds(body.substr(bounds + 1), atom.parameter);
    return atom;
  }

  void read_bounds(std::string_view text, Grammar::Parameter& parameter) {
    const auto dash = text.find('-');
    const auto number = [this](std::string_view digits, std::uint64_t& value) {
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (error != std::errc{} || end != digits.data() + digits.size()) failed_ = true;
    };
    if (dash == std::string_view::npos) {
      failed_ = true;
      return;
    }
    number(text.substr(0, dash), parameter.low);
    number(text.substr(dash + 1), parameter.high);
  }

  static void append(Sequences& all, const Sequences& next) {
    Sequences product;
    for (const Atoms& head : all) {
      for (const Atoms& tail : next) {
        Atoms joined = head;
        joined.insert(joined.end(), tail.begin(), tail.end());
        product.push_back(std::move(joined));
      }
    }
    all = std::move(product);
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::vector<std::vector<Grammar::Atom>> expand_pattern(std::string_view pattern) {
  return PatternReader(pattern).read();
}

}  // namespace asaemu
