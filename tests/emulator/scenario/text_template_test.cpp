#include "emulator/scenario/text_template.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

std::string render(std::string_view text, std::uint64_t number = 300,
                   std::string_view name = "fw-0300") {
  return TextTemplate(text).render({number, name});
}

}  // namespace

TEST_CASE("a template's places become the device's number and name") {
  CHECK(render("{n}") == "300");
  CHECK(render("{name}.example.org") == "fw-0300.example.org");
  CHECK(render("10.{n/250}.{n%250}.1") == "10.1.50.1");
  CHECK(render("{n/1}{n%1}") == "3000");
}

TEST_CASE("other braces are text") {
  for (const std::string_view text :
       {"", "{", "{}", "{m}", "{net}", "{nn}", "{{x}}", "{n", "a{3}"}) {
    CHECK(render(text) == text);
    CHECK_FALSE(TextTemplate(text).has_places());
    CHECK(TextTemplate(text).malformed().empty());
  }
  CHECK(render("{{n}}") == "{300}");
  CHECK(render("{net}{n}") == "{net}300");
}

TEST_CASE("what looks like a place but is none is named") {
  for (const std::string_view text :
       {"{n+1}", "{n/0}", "{n/}", "{n%x}", "{n/-1}", "{n }", "{n*2}"}) {
    CHECK(TextTemplate(text).malformed() == text);
    CHECK_FALSE(TextTemplate(text).has_places());
  }
  CHECK(TextTemplate("{n}{n-1}{n+1}").malformed() == "{n-1}");
}
