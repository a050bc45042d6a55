#include "tests/model/base/message_fixture.hpp"

#include <catch2/catch.hpp>

#include <chrono>

namespace asaemu {
namespace {

using Values = std::vector<std::string>;

TEST_CASE("a real device's line is read into its fields") {
  TestMessage message(
      "IPSEC: Received an {protocol} packet (SPI= {spi}, sequence number= {sequence}) from "
      "{source} "
      "(user= {user}) to {destination} that failed anti-replay checking.",
      {field_of_kind(FieldKind::kOneOf, "protocol"), field_of_kind(FieldKind::kSpi, "spi"),
       field_of_kind(FieldKind::kHex32, "sequence"), field_of_kind(FieldKind::kIp, "source"),
       field_of_kind(FieldKind::kText, "user"), field_of_kind(FieldKind::kIp, "destination")});
  CHECK(message.read(
            "IPSEC: Received an ESP packet (SPI= 0x0C190BF9, sequence number= 0x598243) from "
            "192.0.0.1 (user= 192.0.0.1) to 192.0.0.2 that failed anti-replay checking.") ==
        Values{"ESP", "0x0C190BF9", "0x598243", "192.0.0.1", "192.0.0.1", "192.0.0.2"});
}

TestMessage& flow() {
  static TestMessage message(
      "Duplicate TCP SYN from {in}:{source}/{sport} to {out}:{destination}/{dport} with different "
      "initial sequence number",
      {field_of_kind(FieldKind::kInterface, "in"), field_of_kind(FieldKind::kIp, "source"),
       field_of_kind(FieldKind::kPort, "sport"), field_of_kind(FieldKind::kInterface, "out"),
       field_of_kind(FieldKind::kIp, "destination"), field_of_kind(FieldKind::kPort, "dport")});
  return message;
}

TEST_CASE("endpoints are told apart for IPv4, IPv6 and named hosts") {
  const auto text = [](const std::string& from, const std::string& to) {
    return "Duplicate TCP SYN from " + from + " to " + to +
           " with different initial sequence number";
  };
  CHECK(flow().read(text("inside:officescan/57199", "inside:192.168.1.6/23999")) ==
        Values{"inside", "officescan", "57199", "inside", "192.168.1.6", "23999"});
  CHECK(flow().read(text("Outside:2001:db8::1/1", "GigabitEthernet0/0:BBMWPUAG51-Ext/443")) ==
        Values{"Outside", "2001:db8::1", "1", "GigabitEthernet0/0", "BBMWPUAG51-Ext", "443"});
}

TEST_CASE("a text of another wording is not read") {
  CHECK(flow().read("").empty());
  CHECK(flow().read("Duplicate TCP SYN from ").empty());
  CHECK(flow()
            .read("Duplicate TCP SYN from a:1.1.1.1/1 to b:2.2.2.2/65536 with different initial "
                  "sequence number")
            .empty());
  CHECK(
      flow()
          .read("Duplicate TCP SYN from a:1.1.1.1/1 to b:2.2.2.2/2 with different initial sequence "
                "number.")
          .empty());
  CHECK(
      flow()
          .read(
              " Duplicate TCP SYN from a:1.1.1.1/1 to b:2.2.2.2/2 with different initial sequence "
              "number")
          .empty());
}

TEST_CASE("a full stop behind an address belongs to the sentence") {
  TestMessage message("from {a} to {b}.  The",
                      {field_of_kind(FieldKind::kIp, "a"), field_of_kind(FieldKind::kIp, "b")});
  CHECK(message.read("from 10.0.0.1 to 10.0.0.2.  The") == Values{"10.0.0.1", "10.0.0.2"});
  CHECK(message.read("from 10.0.0.1 to host.example.  The") == Values{"10.0.0.1", "host.example"});
}

TEST_CASE("a fixed-grammar value gives back what the next literal needs") {
  TestMessage message("{a}0 end", {field_of_kind(FieldKind::kNumber, "a")});
  CHECK(message.read("1230 end") == Values{"123"});
  CHECK(message.read("0 end").empty());
  TestMessage choice("{field} in UDP", {field_of_kind(FieldKind::kOneOf)});
  CHECK(choice.read("ESP in UDP in UDP") == Values{"ESP in UDP"});
}

TEST_CASE("an interface name may hold a slash though a slash follows it") {
  TestMessage message(
      "{i}/{p}", {field_of_kind(FieldKind::kInterface, "i"), field_of_kind(FieldKind::kPort, "p")});
  CHECK(message.read("GigabitEthernet0/0/22") == Values{"GigabitEthernet0/0", "22"});
  CHECK(message.read("dmz/22") == Values{"dmz", "22"});
  CHECK(message.read("/22").empty());
  CHECK(message.read("a b/22").empty());
}

TEST_CASE("a text that contains the next literal ends at the last place that fits") {
  TestMessage message("reason: {r}, code {c}", {field_of_kind(FieldKind::kText, "r"),
                                                field_of_kind(FieldKind::kNumber, "c")});
  CHECK(message.read("reason: bad, code x, code 7") == Values{"bad, code x", "7"});
  CHECK(message.read("reason: , code 7") == Values{"", "7"});
}

TEST_CASE("a text at the end takes the rest") {
  TestMessage message("reason: {r}", {field_of_kind(FieldKind::kText, "r")});
  CHECK(message.read("reason: anything, at all: (x)") == Values{"anything, at all: (x)"});
  CHECK(message.read("reason: ") == Values{""});
}

TEST_CASE("words end at blanks") {
  TestMessage message("user {w} left", {field_of_kind(FieldKind::kWord, "w")});
  CHECK(message.read("user alice left") == Values{"alice"});
  CHECK(message.read("user alice b left").empty());
  CHECK(message.read("user  left").empty());
}

TEST_CASE("an optional part is read where it stands and missed where it does not") {
  TestMessage message("{p}{u} on {i}", {field_of_kind(FieldKind::kPort, "p"),
                                        field_of_kind(FieldKind::kOptionalWord, "u"),
                                        field_of_kind(FieldKind::kInterface, "i")});
  CHECK(message.read("22 (alice) on inside") == Values{"22", "alice", "inside"});
  CHECK(message.read("22 on inside") == Values{"22", "", "inside"});
  CHECK(message.read("22 () on inside").empty());
  CHECK(message.read("22 (a b) on inside").empty());
}

TEST_CASE("an optional part behind a text is found") {
  TestMessage message("failed: {r}{u}", {field_of_kind(FieldKind::kText, "r"),
                                         field_of_kind(FieldKind::kOptionalWord, "u")});
  CHECK(message.read("failed: no route (alice)") == Values{"no route", "alice"});
  CHECK(message.read("failed: no route") == Values{"no route", ""});
  CHECK(message.read("failed: no (known) route") == Values{"no (known) route", ""});
}

TEST_CASE("repeated fields must agree") {
  TestMessage message("{a} is {a}", {field_of_kind(FieldKind::kIp, "a")});
  CHECK(message.read("10.0.0.1 is 10.0.0.1") == Values{"10.0.0.1"});
  CHECK(message.read("10.0.0.1 is 10.0.0.2").empty());
  CHECK(message.read("2001:db8::1 is 2001:DB8:0::1") == Values{"2001:db8::1"});
}

TEST_CASE("a disagreement further on does not hide another way to read a repeated field") {
  TestMessage message("{a}, {b}; {a}.",
                      {field_of_kind(FieldKind::kText, "a"), field_of_kind(FieldKind::kText, "b")});
  CHECK(message.read("x, y, z; x, y.") == Values{"x, y", "z"});
  CHECK(message.read("x, y, z; x.") == Values{"x", "y, z"});
  CHECK(message.read("x, y, z; y.").empty());
}

TEST_CASE("fields that the wording leaves out stay without a value") {
  const std::vector<WordingDef> accepts{{"short {a}", {}, {}, 4}};
  TestMessage message("long {a} {b}",
                      {field_of_kind(FieldKind::kPort, "a"), field_of_kind(FieldKind::kPort, "b")});
  message.def.accepts = accepts;
  const auto values = parse_text(message.type().accepts()[0], message.type(), "short 7");
  REQUIRE(values);
  CHECK((*values)[0] == FieldValue{Port{7}});
  CHECK_FALSE((*values)[1]);
}

TEST_CASE("a text of more than 8 KiB is not read") {
  TestMessage message("{t}", {field_of_kind(FieldKind::kText, "t")});
  CHECK(message.read(std::string(kParseMax, 'x')).size() == 1);
  CHECK(message.read(std::string(kParseMax + 1, 'x')).empty());
}

TEST_CASE("texts made to be ambiguous are given up in bounded time") {
  std::string text;
  std::vector<FieldDef> fields;
  const std::vector<std::string> names{"a", "b", "c", "d", "e", "f", "g", "h"};
  for (const auto& name : names) {
    fields.push_back(field_of_kind(FieldKind::kText, name));
    text += "{" + name + "}x";
  }
  TestMessage distinct(text + "!", fields);
  TestMessage repeated(text + "{a}!", fields);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(distinct.read(std::string(kParseMax, 'x')).empty());
  CHECK(repeated.read(std::string(kParseMax, 'x')).empty());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

TEST_CASE("whatever is rendered is read back") {
  std::vector<FieldDef> fields;
  std::vector<std::string> names;
  std::string text = "Start";
  for (std::size_t i = 0; i < kAllKinds.size(); ++i) names.push_back("f" + std::to_string(i));
  for (std::size_t i = 0; i < kAllKinds.size(); ++i) {
    fields.push_back(field_of_kind(kAllKinds[i], names[i]));
    text += "; {" + names[i] + "}";
  }
  TestMessage message(text, fields);
  RandomStream random(3, "test", "round trip");
  for (int i = 0; i < 300; ++i) {
    FieldValues values;
    for (const auto& field : fields) values.emplace_back(sample_field(field, random));
    const DynamicMessage dynamic(message.type(), values);
    const auto rendered = message.render(dynamic.message().fields);
    INFO(rendered);
    CHECK(parse_text(message.type().current(), message.type(), rendered) == values);
  }
}

}  // namespace
}  // namespace asaemu
