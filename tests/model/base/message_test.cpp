#include "model/base/message.hpp"

#include "tests/model/base/message_fixture.hpp"

#include <catch2/catch.hpp>

namespace asaemu {
namespace {

using Catch::Matchers::Contains;

FieldDef named(std::string_view name, FieldKind kind) {
  return field_of_kind(kind, name);
}

/// The one complaint about a text with these fields.
std::string fault(std::string text, std::vector<FieldDef> fields) {
  const TestMessage message(std::move(text), std::move(fields));
  const auto faults = message.faults();
  REQUIRE(faults.size() == 1);
  return faults.front();
}

TEST_CASE("a text becomes literals and fields in turn") {
  TestMessage message("a {x} b{y}", {named("x", FieldKind::kWord), named("y", FieldKind::kPort)});
  const auto& wording = message.type().current();
  REQUIRE(wording.segments().size() == 2);
  CHECK(wording.literal(wording.segments()[0]) == "a ");
  CHECK(wording.segments()[0].field == 0);
  CHECK(wording.literal(wording.segments()[1]) == " b");
  CHECK(wording.segments()[1].field == 1);
  CHECK(wording.segments()[1].kind == FieldKind::kPort);
  CHECK(wording.segments()[1].offset == sizeof(std::string_view));
}

TEST_CASE("a text may end in a literal and may have no field at all") {
  TestMessage ending("{x}.", {named("x", FieldKind::kPort)});
  REQUIRE(ending.type().current().segments().size() == 2);
  CHECK(ending.type().current().segments()[1].field == Segment::kNoField);
  TestMessage plain("All shuns removed", {});
  REQUIRE(plain.type().current().segments().size() == 1);
  CHECK(plain.type().struct_size() == 1);
}

TEST_CASE("doubled braces are literal braces") {
  TestMessage message("{{{x}}} {{}}", {named("x", FieldKind::kPort)});
  const auto& wording = message.type().current();
  REQUIRE(wording.segments().size() == 2);
  CHECK(wording.literal(wording.segments()[0]) == "{");
  CHECK(wording.literal(wording.segments()[1]) == "} {}");
}

TEST_CASE("braces that do not pair are faults with their column") {
  CHECK_THAT(fault("ab {x", {}), Contains("column 4") && Contains("not closed"));
  CHECK_THAT(fault("ab }", {}), Contains("column 4") && Contains("closes nothing"));
  CHECK_THAT(fault("{a{b}", {named("b", FieldKind::kWord)}), Contains("column 1"));
}

TEST_CASE("an unknown field is a fault that names the known ones") {
  CHECK_THAT(fault("{x} {z}", {named("x", FieldKind::kWord)}),
             Contains("{z}") && Contains("they are x"));
  CHECK_THAT(fault("{}", {}), Contains("{}") && Contains("it has none"));
}

TEST_CASE("a field that no text prints is a fault") {
  CHECK_THAT(fault("text", {named("x", FieldKind::kWord)}), Contains("'x' appears in no text"));
}

TEST_CASE("a field declared twice is a fault") {
  const TestMessage message("{x}", {named("x", FieldKind::kWord), named("x", FieldKind::kIp)});
  CHECK_THAT(message.faults().back(), Contains("'x' is declared twice"));
}

TEST_CASE("one_of without words and an empty text are faults") {
  FieldDef none{"x", FieldKind::kOneOf, {}, {}, {}};
  CHECK_THAT(fault("{x}", {none}), Contains("one_of nothing"));
  CHECK_THAT(fault("", {}), Contains("empty"));
}

TEST_CASE("every fault of a message is reported") {
  const TestMessage message("{a} } {b}", {named("x", FieldKind::kWord)});
  CHECK(message.faults().size() == 4);
}

TEST_CASE("a field that ends where the next literal begins needs one") {
  for (const auto kind : {FieldKind::kWord, FieldKind::kText, FieldKind::kInterface}) {
    CHECK_THAT(fault("{x}{y}", {named("x", kind), named("y", FieldKind::kPort)}),
               Contains("between {x} and {y}"));
  }
  TestMessage fixed("{x}{y}", {named("x", FieldKind::kPort), named("y", FieldKind::kWord)});
  CHECK(fixed.faults().empty());
}

TEST_CASE("an optional field brings its own beginning and end") {
  const auto word = named("x", FieldKind::kWord);
  const auto optional = named("y", FieldKind::kOptionalWord);
  CHECK(TestMessage("{x}{y}", {word, optional}).faults().empty());
  CHECK(TestMessage("{y}{x}", {word, optional}).faults().empty());
  FieldDef bare{"y", FieldKind::kOptionalWord, {}, {}, {}};
  CHECK_THAT(fault("{x}{y}", {word, bare}), Contains("between {x} and {y}"));
  CHECK_THAT(fault("{y}{x}", {word, bare}), Contains("between {y} and {x}"));
}

TEST_CASE("a text that may exceed the longest message is a fault") {
  const auto port = named("x", FieldKind::kPort);
  CHECK(TestMessage(std::string(kTextMax - 6, 'a') + "{x}", {port}).faults().empty());
  CHECK_THAT(fault(std::string(kTextMax - 5, 'a') + "{x}", {port}), Contains("longer than 2048"));
  CHECK_THAT(fault(std::string(100'000, 'a') + "{x}", {port}), Contains("longer than 2048"));
}

TEST_CASE("the older wording is printed by releases before the one that ended it") {
  TestMessage message("new {x}", {named("x", FieldKind::kWord)});
  const std::vector<WordingDef> older{{"old {x}", {}, {}, 3}};
  message.def.older = older;
  message.def.older_before = "9.14";
  const auto& type = message.type();
  CHECK(type.wording(*Release::parse("9.13(9)")).def().text == "old {x}");
  CHECK(type.wording(*Release::parse("9.13")).severity() == 3);
  CHECK(type.wording(*Release::parse("9.14")).def().text == "new {x}");
  CHECK(type.wording(*Release::parse("9.14")).severity() == 4);
}

TEST_CASE("without an older wording every release prints the current one") {
  TestMessage message("text", {});
  CHECK(message.type().older() == nullptr);
  CHECK(&message.type().wording(*Release::parse("7.0")) == &message.type().current());
}

TEST_CASE("an older wording needs one text and a release") {
  const std::vector<WordingDef> older{{"old", {}, {}, 4}};
  TestMessage message("new", {});
  message.def.older = older;
  message.def.older_before = "soon";
  CHECK_THAT(message.faults().at(0), Contains("'soon' is not a release"));
  message.def.older_before = {};
  CHECK(message.faults().size() == 1);
  message.def.older = {};
  message.def.older_before = "9.14";
  CHECK_THAT(message.faults().at(0), Contains("one text and the release"));
}

TEST_CASE("a field may appear in the older or an accepted wording only") {
  const std::vector<WordingDef> older{{"old {x}", {}, {}, 4}};
  const std::vector<WordingDef> accepts{{"other {y}", {}, {}, 4}};
  TestMessage message("new", {named("x", FieldKind::kWord), named("y", FieldKind::kWord)});
  message.def.older = older;
  message.def.older_before = "9.14";
  message.def.accepts = accepts;
  CHECK(message.faults().empty());
}

TEST_CASE("the struct's size is padded as the compiler pads it") {
  struct Shape {
    Required<IpAddress> ip;
    Required<Port> port;
  };
  TestMessage message("{ip}/{port}",
                      {named("ip", FieldKind::kIp), named("port", FieldKind::kPort)});
  CHECK(message.type().struct_size() == sizeof(Shape));
  CHECK(message.type().offset(1) == offsetof(Shape, port));
}

}  // namespace
}  // namespace asaemu
