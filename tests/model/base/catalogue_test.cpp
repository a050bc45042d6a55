#include "model/base/catalogue.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace asaemu {
namespace {

using Catch::Matchers::Contains;

constexpr std::array<FieldDef, 1> kAddress{{{"source", FieldKind::kIp}}};
constexpr std::array<FieldDef, 1> kNumber{{{"source", FieldKind::kNumber}}};
constexpr std::array<FieldDef, 1> kOther{{{"target", FieldKind::kIp}}};
constexpr std::array<std::string_view, 2> kWords{"one", "two"};
constexpr std::array<std::string_view, 2> kSwapped{"two", "one"};
constexpr std::array<FieldDef, 1> kChoice{{{"which", FieldKind::kOneOf, kWords}}};
constexpr std::array<FieldDef, 1> kSwappedChoice{{{"which", FieldKind::kOneOf, kSwapped}}};

MessageDef message(std::uint32_t id, std::string_view name, std::string_view text,
                   std::span<const FieldDef> fields = {}) {
  MessageDef def;
  def.id = id;
  def.name = name;
  def.text = text;
  def.fields = fields;
  return def;
}

const std::array<MessageDef, 4>& basic() {
  static const std::array<MessageDef, 4> all{
      message(401001, "shuns_cleared", "Shuns cleared"),
      message(401002, "shun_added", "Shun added: {source}", kAddress),
      message(402124, "engine_first", "Engine {which} stopped", kChoice),
      message(402124, "engine_second", "Engine failed at {source}", kAddress)};
  return all;
}

TEST_CASE("messages are found by index, by name and by id") {
  const Catalogue catalogue(basic());
  CHECK(catalogue.size() == 4);
  CHECK(catalogue.at(1).name() == "shun_added");
  CHECK(catalogue.at(1).index() == 1);
  CHECK(catalogue.find("engine_first") == &catalogue.at(2));
  CHECK(catalogue.find("engine") == nullptr);
  CHECK(catalogue.find(std::uint32_t{402124}) ==
        std::vector<const MessageType*>{&catalogue.at(2), &catalogue.at(3)});
  CHECK(catalogue.find(std::uint32_t{400000}).empty());
  CHECK(catalogue.find(std::uint32_t{499999}).empty());
}

TEST_CASE("an overlay replaces a text in place") {
  Catalogue catalogue(basic());
  const std::array overlay{message(401002, "shun_added", "Now shunning {source}", kAddress)};
  CHECK(catalogue.overlay(overlay).empty());
  CHECK(catalogue.size() == 4);
  CHECK(catalogue.at(1).index() == 1);
  CHECK(catalogue.at(1).current().def().text == "Now shunning {source}");
  CHECK(catalogue.find("shun_added") == &catalogue.at(1));
}

TEST_CASE("an overlay adds messages behind the built-in ones") {
  Catalogue catalogue(basic());
  const std::array overlay{message(400999, "brand_new", "New"),
                           message(402124, "engine_third", "Engine gone")};
  CHECK(catalogue.overlay(overlay).empty());
  CHECK(catalogue.size() == 6);
  CHECK(catalogue.at(4).name() == "brand_new");
  CHECK(catalogue.at(5).index() == 5);
  CHECK(catalogue.find("brand_new") == &catalogue.at(4));
  CHECK(catalogue.find(std::uint32_t{402124}).size() == 3);
}

TEST_CASE("a replacement with other fields is refused") {
  for (const auto& fields : {kNumber, kOther}) {
    Catalogue catalogue(basic());
    const std::string text = "Shun {" + std::string(fields[0].name) + "}";
    const std::array overlay{message(401002, "shun_added", text, fields)};
    const auto faults = catalogue.overlay(overlay);
    REQUIRE(faults.size() == 1);
    CHECK_THAT(faults[0].what, Contains("401002 shun_added") && Contains("source: ip"));
  }
}

TEST_CASE("a replacement may not reorder the words of a one_of") {
  Catalogue catalogue(basic());
  const std::array overlay{message(402124, "engine_first", "{which}", kSwappedChoice)};
  CHECK(catalogue.overlay(overlay).size() == 1);
}

TEST_CASE("a name stands for one message") {
  Catalogue catalogue(basic());
  const std::array stolen{message(401009, "shun_added", "{source}", kAddress)};
  CHECK_THAT(catalogue.overlay(stolen).at(0).what, Contains("belongs to 401002"));
  const std::array twice{message(401008, "fresh", "a"), message(401008, "fresh", "b")};
  CHECK_THAT(catalogue.overlay(twice).at(0).what, Contains("second message of this name"));
}

TEST_CASE("on any fault an overlay changes nothing and reports all of them") {
  Catalogue catalogue(basic());
  const std::array overlay{message(401002, "shun_added", "Now shunning {source}", kAddress),
                           message(401010, "broken", "{"), message(401011, "too", "}")};
  const auto faults = catalogue.overlay(overlay);
  CHECK(faults.size() == 2);
  CHECK_THAT(faults.at(0).what, Contains("401010 broken: "));
  CHECK(catalogue.size() == 4);
  CHECK(catalogue.at(1).current().def().text == "Shun added: {source}");
  CHECK(catalogue.find("broken") == nullptr);
}

TEST_CASE("a text is recognised by whichever message of its id it is of") {
  const Catalogue catalogue(basic());
  const auto first = catalogue.recognise(402124, "Engine two stopped");
  REQUIRE(first);
  CHECK(first->type == &catalogue.at(2));
  CHECK(first->values == FieldValues{std::string("two")});
  const auto second = catalogue.recognise(402124, "Engine failed at 10.0.0.1");
  REQUIRE(second);
  CHECK(second->type == &catalogue.at(3));
  CHECK_FALSE(catalogue.recognise(402124, "Shuns cleared"));
  CHECK_FALSE(catalogue.recognise(400000, "Shuns cleared"));
}

TEST_CASE("current wordings are tried before older ones and those before accepted ones") {
  const std::array<WordingDef, 1> older{{{"B {source}"}}};
  const std::array<WordingDef, 1> accepts{{{"C {source}"}}};
  std::array defs{message(401001, "first", "A {source}", kAddress),
                  message(401001, "second", "B {source}", kAddress),
                  message(401001, "third", "D {source}", kAddress)};
  defs[0].older = older;
  defs[0].older_before = "9.14";
  defs[0].accepts = accepts;
  defs[2].older = std::span(accepts);
  defs[2].older_before = "9.14";
  const Catalogue catalogue(defs);
  CHECK(catalogue.recognise(401001, "B 10.0.0.1")->type->name() == "second");
  const auto older_first = catalogue.recognise(401001, "C 10.0.0.1");
  REQUIRE(older_first);
  CHECK(older_first->type->name() == "third");
  CHECK(older_first->wording == older_first->type->older());
}

}  // namespace
}  // namespace asaemu
