#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;
using test::Bench;

namespace {

/// `mgcp` has no subsystem of its own that would check its lines.
constexpr const char* kConfig =
    "regex one example\\.com\n"
    "regex two \" two\"\n"
    "class-map type regex match-any names\n"
    " match regex one\n"
    " match regex two\n"
    "class-map type inspect mgcp match-all both\n"
    " match a regex class names\n"
    " match not b regex one\n"
    "class-map type inspect mgcp match-any either\n"
    " match a 1\n"
    " match b 2\n"
    "policy-map type inspect mgcp map\n"
    " description a policy\n"
    " parameters\n"
    "  limit 5\n"
    " class both\n"
    "  reset log\n"
    " match c 3\n"
    "  rate-limit 100\n"
    "  mask log\n"
    " match not d 4\n"
    "  log\n"
    " class either\n"
    "  drop-connection\n";

Bench bench_with(const std::string& config) {
  return Bench(std::string(test::kBenchConfig) + config);
}

const InspectMaps& maps(Bench& bench) {
  return bench.device().tables().inspect_maps;
}

/// Types lines into configuration mode; the answer of the last.
std::string answer(Bench& bench, std::vector<std::string> lines) {
  lines.insert(lines.begin(), "configure terminal");
  bench.commands(lines);
  return bench.output();
}

using Seen = std::vector<std::string>;

/// Which criteria hold, by their first word; `?` before it if there is nothing they are about. The
/// result names the entries that took the message, and its fate.
std::pair<Seen, InspectActions::Fate> evaluate(Bench& bench, const Seen& holding) {
  const InspectPolicy* policy = maps(bench).find_policy("mgcp", "map");
  REQUIRE(policy != nullptr);
  Seen seen;
  const auto has = [&](const std::string& word) {
    return std::ranges::find(holding, word) != holding.end();
  };
  const auto fate = maps(bench).evaluate(
      *policy,
      [&](const InspectMatch& match) -> std::optional<bool> {
        if (has("?" + match.words.front())) return std::nullopt;
        return has(match.words.front());
      },
      [&](const InspectEntry& entry, const InspectMatch& match) {
        seen.push_back(entry.matched_string() + ", " + match.text());
      });
  return {seen, fate};
}

using Fate = InspectActions::Fate;

}  // namespace

TEST_CASE("inspection maps are taken whole and shown as they were typed") {
  Bench bench = bench_with(kConfig);
  CHECK(bench.device().unmodelled().empty());
  CHECK(bench.device().refused().empty());
  bench.command("show running-config regex");
  CHECK(bench.output() == "regex one \"example\\.com\"\nregex two \" two\"\n");
  bench.command("show running-config class-map type regex");
  CHECK(bench.output() ==
        "class-map type regex match-any names\n match regex one\n match regex two\n");
  bench.command("show running-config class-map type inspect mgcp");
  CHECK(bench.output() ==
        "class-map type inspect mgcp match-all both\n match a regex class names\n"
        " match not b regex one\n"
        "class-map type inspect mgcp match-any either\n match a 1\n match b 2\n");
  bench.command("show running-config class-map type inspect dns");
  CHECK(bench.output().empty());
  bench.command("show running-config policy-map type inspect mgcp map");
  CHECK(bench.output() ==
        "policy-map type inspect mgcp map\n description a policy\n parameters\n  limit 5\n"
        " class both\n  reset log\n match c 3\n  rate-limit 100\n  mask log\n"
        " match not d 4\n  log\n class either\n  drop-connection\n");
}

TEST_CASE("each class and each match line has an id in the order of the configuration") {
  Bench bench = bench_with(kConfig);
  const auto& all = maps(bench);
  CHECK(all.find_regex_class("names")->id == 22);
  CHECK(all.find_class("mgcp", "both")->id == 23);
  CHECK(all.find_class("mgcp", "either")->id == 24);
  const auto& entries = all.find_policy("mgcp", "map")->entries;
  REQUIRE(entries.size() == 4);
  CHECK(entries[0].class_string() == "Class 23: both");
  CHECK(entries[0].matched_string() == "Class 23: both");
  CHECK(entries[1].class_string() == "Class 25: match c 3");
  CHECK(entries[1].matched_string() == "match c 3");
  CHECK(entries[2].class_string() == "Class 26: match not d 4");
}

TEST_CASE("the first entry that stops a message ends the walk of a policy") {
  Bench bench = bench_with(kConfig);
  const std::string both = "Class 23: both, match not b regex one";
  const std::string not_d = "match not d 4, match not d 4";
  // All of match-all: a holds, b does not.
  CHECK(evaluate(bench, {"a"}) == std::pair(Seen{both}, Fate::kReset));
  // b ends match-all, and is enough for match-any; what only logs and masks goes on.
  CHECK(evaluate(bench, {"a", "b", "c"}) ==
        std::pair(Seen{"match c 3, match c 3", not_d, "Class 24: either, match a 1"},
                  Fate::kDropConnection));
  CHECK(evaluate(bench, {"d"}) == std::pair(Seen{}, Fate::kPass));
  CHECK(evaluate(bench, {}) == std::pair(Seen{not_d}, Fate::kPass));
  // What the message has nothing of is neither so nor not so.
  CHECK(evaluate(bench, {"?d"}) == std::pair(Seen{}, Fate::kPass));
  CHECK(evaluate(bench, {"a", "?b", "?d"}) ==
        std::pair(Seen{"Class 24: either, match a 1"}, Fate::kDropConnection));
}

TEST_CASE("regular expressions are looked up by name and by class") {
  Bench bench = bench_with(kConfig);
  const auto& all = maps(bench);
  CHECK(all.regex_finds({"regex", "one"}, 1, "www.example.com"));
  CHECK_FALSE(all.regex_finds({"regex", "one"}, 1, "www.example.org"));
  CHECK(all.regex_finds({"regex", "class", "names"}, 1, "number two"));
  CHECK_FALSE(all.regex_finds({"regex", "class", "names"}, 1, "two"));
  CHECK_FALSE(all.regex_finds({"regex", "class"}, 1, "two"));
  CHECK_FALSE(all.regex_finds({"regex", "none"}, 1, "none"));
  CHECK_FALSE(all.regex_finds({"regex"}, 1, "none"));
}

TEST_CASE("what is in use cannot be removed, what is not there neither") {
  Bench bench = bench_with(std::string(kConfig) +
                           "policy-map edge\n class class-default\n  inspect mgcp map\n");
  CHECK(answer(bench, {"no regex one"}) == "ERROR: % regex one is being used\n");
  CHECK(answer(bench, {"no class-map type regex match-any names"}) ==
        "ERROR: Class-map names is being used\n");
  CHECK(answer(bench, {"no class-map type inspect mgcp both"}) ==
        "ERROR: Class-map both is being used\n");
  CHECK(answer(bench, {"no policy-map type inspect mgcp map"}) ==
        "ERROR: Policy-map map is being used\n");
  CHECK(answer(bench, {"no regex three"}) == "ERROR: % regex three not configured\n");
  CHECK(answer(bench, {"no class-map type regex x"}) == "ERROR: class-map x not configured\n");
  CHECK(answer(bench, {"no class-map type inspect dns both"}) ==
        "ERROR: class-map both not configured\n");
  CHECK(answer(bench, {"no policy-map type inspect dns map"}) ==
        "ERROR: policy-map map not configured\n");
  CHECK(answer(bench, {"policy-map edge", "class class-default", "no inspect mgcp map"}).empty());
  CHECK(answer(bench, {"no policy-map type inspect mgcp map"}).empty());
  CHECK(answer(bench, {"no class-map type inspect mgcp both"}).empty());
  CHECK(answer(bench, {"no class-map type regex match-any names"}).empty());
  CHECK(answer(bench, {"no regex one"}).empty());
  CHECK(maps(bench).regexes.size() == 1);
}

TEST_CASE("lines of inspection maps are changed and removed one by one") {
  Bench bench = bench_with(kConfig);
  const std::vector<std::string> in_map{"policy-map type inspect mgcp map"};
  const auto in = [&](std::vector<std::string> lines) {
    lines.insert(lines.begin(), in_map.begin(), in_map.end());
    return answer(bench, lines);
  };
  CHECK(in({"no match c 3"}).empty());
  CHECK(in({"no match c 3"}) == "ERROR: % match c 3 not configured\n");
  CHECK(in({"no class both"}).empty());
  CHECK(in({"match not d 4", "no mask"}) == "ERROR: % mask not configured\n");
  CHECK(in({"match not d 4", "reset"}).empty());
  CHECK(in({"class either", "no drop-connection", "drop log"}).empty());
  CHECK(in({"parameters", "no limit"}).empty());
  CHECK(in({"parameters", "no limit"}) == "ERROR: % limit not configured\n");
  bench.command("show running-config policy-map type inspect");
  CHECK(bench.output() ==
        "policy-map type inspect mgcp map\n description a policy\n parameters\n"
        " match not d 4\n  reset\n class either\n  drop log\n");
  const auto in_class = [&](const std::string& line) {
    return answer(bench, {"class-map type inspect mgcp either", line});
  };
  CHECK(in_class("no match a 1").empty());
  CHECK(in_class("no match a 1") == "ERROR: % match a 1 not configured\n");
  CHECK(answer(bench, {"class-map type regex match-any names", "no match regex two"}).empty());
  CHECK(answer(bench, {"class-map type regex match-any names", "no match regex two"}) ==
        "ERROR: % match regex two not configured\n");
}

TEST_CASE("a line that names what is not configured is refused") {
  Bench bench = bench_with(kConfig);
  CHECK(answer(bench, {"class-map type regex match-any names", "match regex three"}) ==
        "ERROR: % regex three not configured\n");
  CHECK(answer(bench, {"class-map type inspect mgcp either", "match c regex three"}) ==
        "ERROR: % regex three not configured\n");
  CHECK(answer(bench, {"policy-map type inspect mgcp map", "match c regex class one"}) ==
        "ERROR: % regex one not configured\n");
  CHECK(answer(bench, {"policy-map type inspect mgcp map", "class other"}) ==
        "ERROR: % class-map other not configured\n");
  CHECK(
      answer(bench, {"policy-map type inspect gopher map"}).starts_with("ERROR: % Invalid input"));
  CHECK(answer(bench, {"class-map type inspect gopher map"}).starts_with("ERROR: % Invalid input"));
  CHECK(answer(bench, {"class-map type inspect mgcp match-any both"}).starts_with("ERROR: "));
  CHECK(answer(bench, {"regex bad (a"}) == "ERROR: % Invalid regular expression (a\n");
  CHECK(answer(bench, {"regex " + std::string(41, 'n') + " a"}) ==
        "ERROR: % Name is longer than 40 characters\n");
  CHECK(answer(bench, {"regex " + std::string(40, 'n') + " a"}).empty());
}

TEST_CASE("a regular expression can be tried and changed") {
  Bench bench = bench_with(kConfig);
  bench.command("test regex www.example.com example\\.com");
  CHECK(bench.output() == "INFO: Regular expression match succeeded.\n");
  bench.command("test regex www.example.org example\\.com");
  CHECK(bench.output() == "INFO: Regular expression match failed.\n");
  bench.command("test regex a (");
  CHECK(bench.output() == "ERROR: % Invalid regular expression\n");
  CHECK(answer(bench, {"regex one example\\.net"}).empty());
  CHECK(maps(bench).regex_finds({"one"}, 0, "example.net"));
  CHECK_FALSE(maps(bench).regex_finds({"one"}, 0, "example.com"));
}

TEST_CASE("inspection maps and their lines have bounds") {
  Bench bench;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i + 1 < InspectMaps::kBound; ++i) {
    lines.push_back(fmt::format("regex r{} x", i));
    lines.push_back(fmt::format("class-map type regex match-any c{}", i));
    lines.push_back(fmt::format("class-map type inspect dns c{}", i));
    lines.push_back(fmt::format("policy-map type inspect mgcp p{}", i));
  }
  answer(bench, lines);
  for (const char* const line :
       {"regex {} x", "class-map type regex match-any {}", "class-map type inspect dns {}",
        "policy-map type inspect mgcp {}"}) {
    CHECK(answer(bench, {fmt::format(fmt::runtime(line), "last")}).empty());
    CHECK(answer(bench, {fmt::format(fmt::runtime(line), "more")}) ==
          "ERROR: Maximum number of entries (1024) reached\n");
  }
  const auto fill = [&](const std::string& mode, const std::string& sub, const char* line) {
    for (std::size_t i = 0; i <= InspectMaps::kLineBound; ++i) {
      std::vector<std::string> typed{mode};
      if (!sub.empty()) typed.push_back(sub);
      typed.push_back(fmt::format(fmt::runtime(line), i));
      const bool is_over = i == InspectMaps::kLineBound;
      CHECK(answer(bench, typed) ==
            (is_over ? "ERROR: Maximum number of entries (64) reached\n" : ""));
    }
  };
  fill("class-map type regex match-any c0", "", "match regex r{}");
  fill("policy-map type inspect mgcp p0", "", "match a {}");
  fill("policy-map type inspect mgcp p0", "parameters", "limit {}");
  CHECK(answer(bench, {"no class-map type inspect dns c0"}).empty());
  fill("class-map type inspect mgcp new", "", "match a {}");
}
