#include "emulator/yaml/mapping_reader.hpp"

#include <catch2/catch.hpp>

#include <utility>

using namespace asaemu;

namespace {

Document load(std::string_view text) {
  Faults faults;
  auto document = Document::load_text("t.yaml", text, faults);
  INFO(faults.to_string());
  REQUIRE(document.has_value());
  return std::move(*document);
}

/// Reads a mapping that needs `id` and `severity` and may have `note`.
std::string complaints(std::string_view text) {
  const Document document = load(text);
  Faults faults;
  MappingReader reader(document.root(), "a message", faults);
  reader.required("id");
  reader.required("severity");
  reader.optional("note");
  reader.finish();
  return faults.to_string();
}

}  // namespace

TEST_CASE("a mapping with all it needs passes") {
  CHECK(complaints("{id: 1, severity: 2}").empty());
  CHECK(complaints("{note: x, id: 1, severity: 2}").empty());
}

TEST_CASE("a missing key is reported at the mapping, an unknown one at the key") {
  CHECK(complaints("\n  id: 1\n") == "t.yaml:2:3: missing key 'severity'; a message needs it\n");
  CHECK(complaints("{id: 1, severity: 2, nota: x}") ==
        "t.yaml:1:22: unknown key 'nota'; did you mean 'note'?\n");
  CHECK(complaints("{id: 1, severity: 2, '!!': x}") ==
        "t.yaml:1:22: unknown key '!!'; expected one of id, severity, note\n");
}

TEST_CASE("a misspelt required key is one complaint") {
  CHECK(complaints("{id: 1, severty: 2}") ==
        "t.yaml:1:9: unknown key 'severty'; did you mean 'severity'?\n");
}

TEST_CASE("what is no mapping is one complaint") {
  CHECK(complaints("[1, 2]") == "t.yaml:1:1: expected a message (a mapping), found a list\n");
  CHECK(complaints("hello") == "t.yaml:1:1: expected a message (a mapping), found 'hello'\n");
  CHECK(complaints("") == "t.yaml:1:1: expected a message (a mapping), found nothing\n");
}

TEST_CASE("a text is a scalar that is not empty") {
  const Document document = load("[plain, \"quoted\", \"\", ~, {}]");
  const auto items = document.root().items();
  Faults faults;
  CHECK(read_text(*items[0], "the name", faults) == "plain");
  CHECK(read_text(*items[1], "the name", faults) == "quoted");
  CHECK(faults.empty());
  CHECK(read_text(*items[2], "the name", faults) == std::nullopt);
  CHECK(read_text(*items[3], "the name", faults) == std::nullopt);
  CHECK(read_text(*items[4], "the name", faults) == std::nullopt);
  CHECK(faults.to_string() ==
        "t.yaml:1:19: the name is empty\n"
        "t.yaml:1:23: the name must be text, found nothing\n"
        "t.yaml:1:26: the name must be text, found a mapping\n");
}

TEST_CASE("a number is unquoted, decimal and in range") {
  const Document document = load("[0, 7, 8, -1, 07, 0x1, 1.0, \"1\", x, 18446744073709551616, ~]");
  const auto items = document.root().items();
  Faults faults;
  CHECK(read_number(*items[0], "n", 0, 7, faults) == 0U);
  CHECK(read_number(*items[1], "n", 0, 7, faults) == 7U);
  CHECK(faults.empty());
  for (std::size_t i = 2; i < items.size(); ++i) {
    INFO(items[i]->text());
    CHECK(read_number(*items[i], "n", 0, 7, faults) == std::nullopt);
    CHECK(faults.size() == i - 1);
  }
  CHECK(faults.sorted()[0].what == "n must be a whole number from 0 to 7, found '8'");
  CHECK(faults.sorted()[5].what ==
        "n must be a whole number from 0 to 7 without quotes, found '1'");
}
