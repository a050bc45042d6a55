#include "model/state/regex.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <rapidcheck.h>
#include <regex>
#include <string>

using asaemu::Regex;

namespace {

bool finds(std::string_view pattern, std::string_view text) {
  const auto regex = Regex::compile(pattern);
  INFO(pattern);
  REQUIRE(regex.has_value());
  return regex->finds_in(text);
}

bool is_valid(std::string_view pattern) {
  return Regex::compile(pattern).has_value();
}

/// A random pattern over a and b, which std::regex takes for the same thing.
rc::Gen<std::string> pattern_of_depth(int depth) {
  const auto leaf = rc::gen::element<std::string>("a", "b", ".", "[ab]", "[^a]", "(a|b)");
  if (depth == 0) return leaf;
  const auto inner = rc::gen::lazy([depth] { return pattern_of_depth(depth - 1); });
  return rc::gen::oneOf(
      leaf,
      rc::gen::map(rc::gen::pair(inner, inner),
                   [](const auto& two) { return two.first + two.second; }),
      rc::gen::map(rc::gen::pair(inner, inner),
                   [](const auto& two) { return fmt::format("({}|{})", two.first, two.second); }),
      rc::gen::map(
          rc::gen::pair(inner, rc::gen::element<std::string>("*", "+", "?", "{2}", "{1,}")),
          [](const auto& two) { return fmt::format("({}){}", two.first, two.second); }));
}

}  // namespace

TEST_CASE("a regular expression is found anywhere in the text and minds the case") {
  CHECK(finds("cat", "concatenate"));
  CHECK_FALSE(finds("cat", "conCATenate"));
  CHECK_FALSE(finds("cat", "ca"));
  CHECK_FALSE(finds("cat", ""));
}

TEST_CASE("the metacharacters of the configuration guide mean what it says") {
  CHECK(finds("d.g", "doggonnit"));
  CHECK(finds("d(o|a)g", "dag"));
  CHECK_FALSE(finds("d(o|a)g", "dig"));
  CHECK(finds("dog|cat", "cat"));
  CHECK(finds("lo?se", "lse"));
  CHECK(finds("lo*se", "loose"));
  CHECK(finds("lo+se", "loose"));
  CHECK_FALSE(finds("lo+se", "lse"));
  CHECK(finds("ab(xy){3}z", "abxyxyxyz"));
  CHECK_FALSE(finds("ab(xy){3}z", "abxyxyz"));
  CHECK_FALSE(finds("ab(xy){3}z", "abxyxyxyxyz"));
  CHECK(finds("ab(xy){2,}z", "abxyxyxyz"));
  CHECK_FALSE(finds("ab(xy){2,}z", "abxyz"));
  CHECK(finds("ab(xy){0,}z", "abz"));
  CHECK(finds("[abcq-z]", "t"));
  CHECK_FALSE(finds("[abcq-z]", "d"));
  CHECK(finds("[abc-]", "-"));
  CHECK(finds("[]x]", "]"));
  CHECK(finds("[^abc]", "d"));
  CHECK_FALSE(finds("[^abc]", "abc"));
}

TEST_CASE("a caret is the begin of a line") {
  CHECK(finds("^GET", "GET / HTTP/1.1"));
  CHECK_FALSE(finds("^GET", "TARGET"));
  CHECK(finds("^Host", "GET /\nHost: x"));
  CHECK(finds("a|^", "x"));
  CHECK(finds("(^|x)y", "y"));
  CHECK_FALSE(finds("(^|x)y", "ay"));
}

TEST_CASE("a dollar is a character like others in a regular expression") {
  CHECK(finds("a$", "a$"));
  CHECK_FALSE(finds("a$", "a"));
}

TEST_CASE("escapes stand for characters") {
  CHECK(finds("example\\.com", "www.example.com"));
  CHECK_FALSE(finds("example\\.com", "exampleXcom"));
  CHECK(finds("\\r\\n\\t\\f", "\r\n\t\f"));
  CHECK(finds("\\x41\\102", "AB"));
  CHECK(finds("[\\x80-\\xff]", "caf\xC3\xA9"));
  CHECK_FALSE(finds("[\\x80-\\xff]", "cafe"));
  CHECK(finds("\\d", "d"));
  CHECK(finds("\\777", "777"));
}

TEST_CASE("a malformed regular expression is refused") {
  for (const char* const pattern : {"", "*a", "a|*", "(a", "a)", "[a", "[b-a]", "a{", "a{}", "a{x}",
                                    "a{1", "a{1,2}", "a\\", "[a\\", "{2}"}) {
    INFO(pattern);
    CHECK_FALSE(is_valid(pattern));
  }
}

TEST_CASE("a regular expression has at most 100 characters and repeats at most 255 times") {
  CHECK(is_valid(std::string(Regex::kPatternBound, 'a')));
  CHECK_FALSE(is_valid(std::string(Regex::kPatternBound + 1, 'a')));
  CHECK(is_valid("a{255}"));
  CHECK_FALSE(is_valid("a{256}"));
  CHECK_FALSE(is_valid("a{99999999999999999999}"));
}

TEST_CASE("nested repeats end at the bound of steps") {
  // 11 * 186 characters and the end.
  const auto largest = Regex::compile("(abcdefghijk){186}a");
  REQUIRE(largest.has_value());
  CHECK(largest->steps() == Regex::kStepBound);
  CHECK_FALSE(is_valid("(abcdefghijk){186}aa"));
  CHECK_FALSE(is_valid("((a{200}){200}){200}"));
}

TEST_CASE("patterns that make others backtrack for ever are searched in one pass") {
  const std::string text(20000, 'a');
  CHECK_FALSE(finds("(a*)*b", text));
  CHECK_FALSE(finds("(a|aa)+b", text));
  CHECK_FALSE(finds("(a|a?)+b", text));
  CHECK(finds("(a*)*", text));
}

TEST_CASE("what is found is what the standard library finds") {
  const bool holds = rc::check("search equals that of the standard library", [] {
    const auto pattern = *pattern_of_depth(3);
    RC_PRE(pattern.size() <= Regex::kPatternBound);
    const auto text = *rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c'));
    RC_PRE(text.size() <= 12);
    const auto regex = Regex::compile(pattern);
    RC_ASSERT(regex.has_value());
    RC_ASSERT(regex->finds_in(text) == std::regex_search(text, std::regex(pattern)));
  });
  CHECK(holds);
}
