#include "tests/model/base/message_fixture.hpp"

#include <catch2/catch.hpp>

namespace asaemu {
namespace {

enum class Kind : std::uint8_t { kEsp, kAh, kEspInUdp };

struct Replayed {
  Required<Kind> protocol;
  Required<Spi> spi;
  Required<Hex32> sequence;
  Required<IpAddress> source;
  Required<std::string_view> user;
  Required<IpAddress> destination;
};

constexpr std::string_view kReplayed =
    "IPSEC: Received an {protocol} packet (SPI= {spi}, sequence number= {sequence}) from {source} "
    "(user= "
    "{user}) to {destination} that failed anti-replay checking.";

std::vector<FieldDef> replayed_fields() {
  return {
      field_of_kind(FieldKind::kOneOf, "protocol"), field_of_kind(FieldKind::kSpi, "spi"),
      field_of_kind(FieldKind::kHex32, "sequence"), field_of_kind(FieldKind::kIp, "source"),
      field_of_kind(FieldKind::kText, "user"),      field_of_kind(FieldKind::kIp, "destination")};
}

Replayed replayed(std::string_view user) {
  return {Kind::kEsp,
          Spi{0x0C190BF9},
          Hex32{0x598243},
          *IpAddress::parse("192.0.2.1"),
          user,
          *IpAddress::parse("192.0.2.2")};
}

template <class T>
const std::byte* bytes_of(const T& message) {
  return reinterpret_cast<const std::byte*>(&message);
}

TEST_CASE("a typed message prints the device's bytes") {
  TestMessage message(std::string(kReplayed), replayed_fields());
  const auto typed = replayed("192.0.2.1");
  CHECK(message.render(bytes_of(typed)) ==
        "IPSEC: Received an ESP packet (SPI= 0x0C190BF9, sequence number= 0x598243) from 192.0.2.1 "
        "(user= 192.0.2.1) to 192.0.2.2 that failed anti-replay checking.");
}

TEST_CASE("fields of any place print, repeat and stay away as the wording says") {
  struct Shape {
    Required<std::uint64_t> number;
    Required<std::string_view> optional;
    Required<Port> port;
  };
  TestMessage message("{port}{optional}: {port} {{{number}}}",
                      {field_of_kind(FieldKind::kNumber, "number"),
                       field_of_kind(FieldKind::kOptionalText, "optional"),
                       field_of_kind(FieldKind::kPort, "port")});
  const Shape with{7U, "a b", Port{22}};
  const Shape without{7U, "", Port{22}};
  CHECK(message.render(bytes_of(with)) == "22 (a b): 22 {7}");
  CHECK(message.render(bytes_of(without)) == "22: 22 {7}");
}

TEST_CASE("every kind renders as its field prints") {
  for (const auto kind : kAllKinds) {
    TestMessage message("<{field}>", {field_of_kind(kind)});
    RandomStream random(2, "test", field_kind_name(kind));
    for (int i = 0; i < 100; ++i) {
      FieldValues values{sample_field(message.def.fields[0], random)};
      std::string expected = "<";
      append_field(message.def.fields[0], *values[0], expected);
      expected += '>';
      const DynamicMessage dynamic(message.type(), values);
      CHECK(message.render(dynamic.message().fields) == expected);
      CHECK(print_text(message.type().current(), message.type(), values) == expected);
    }
  }
}

TEST_CASE("a dynamic message has the bytes of the typed one") {
  TestMessage message(std::string(kReplayed), replayed_fields());
  FieldValues values{std::string("AH"),  Spi{0x1234},
                     Hex32{0x2D},        *IpAddress::parse("2001:db8::1"),
                     std::string("bob"), *IpAddress::parse("192.0.2.2")};
  const DynamicMessage dynamic(message.type(), std::move(values));
  CHECK(message.type().struct_size() == sizeof(Replayed));
  CHECK(message.render(dynamic.message().fields) ==
        "IPSEC: Received an AH packet (SPI= 0x00001234, sequence number= 0x2D) from 2001:db8::1 "
        "(user= bob) to 192.0.2.2 that failed anti-replay checking.");
}

TEST_CASE("a dynamic message's strings survive its move") {
  TestMessage message("{field}", {field_of_kind(FieldKind::kText)});
  DynamicMessage first(message.type(), {std::string("short")});
  const DynamicMessage second(std::move(first));
  CHECK(message.render(second.message().fields) == "short");
}

TEST_CASE("missing values print as nothing by value and as zero by struct") {
  TestMessage message("{a}:{b}",
                      {field_of_kind(FieldKind::kIp, "a"), field_of_kind(FieldKind::kText, "b")});
  const FieldValues values(2);
  CHECK(print_text(message.type().current(), message.type(), values) == ":");
  CHECK(message.render(DynamicMessage(message.type(), values).message().fields) == "0.0.0.0:");
}

TEST_CASE("a host name is printed back as it was read") {
  TestMessage message("from {field}", {field_of_kind(FieldKind::kIp)});
  const auto values = parse_text(message.type().current(), message.type(), "from officescan");
  REQUIRE(values);
  CHECK(print_text(message.type().current(), message.type(), *values) == "from officescan");
}

/// Renders into a buffer with a mark behind the permitted slack.
std::string render_guarded(TestMessage& message, const FieldValues& values) {
  std::vector<char> buffer(kTextMax + kRenderSlack);  // a sanitizer sees writes behind its end
  const DynamicMessage dynamic(message.type(), values);
  const char* const end = render_text(message.type().current(), message.type(),
                                      dynamic.message().fields, buffer.data());
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

TEST_CASE("a string is cut where the room of the longest message ends") {
  TestMessage message("a{field}b", {field_of_kind(FieldKind::kText)});
  const std::size_t room = message.type().current().string_room();
  CHECK(room == kTextMax - 2);
  for (const std::size_t size : {room - 1, room, room + 1, std::size_t{100'000}}) {
    const FieldValues values{std::string(size, 'x')};
    const auto text = render_guarded(message, values);
    CHECK(text == "a" + std::string(std::min(size, room), 'x') + "b");
    CHECK(print_text(message.type().current(), message.type(), values) == text);
  }
}

TEST_CASE("the widest values of all kinds together stay within the longest message") {
  std::string text;
  std::vector<FieldDef> fields;
  std::vector<std::string> names;
  FieldValues values;
  const auto add = [&](FieldKind kind, FieldValue value) {
    fields.push_back(field_of_kind(kind));
    values.emplace_back(std::move(value));
  };
  const std::string long_text(kTextMax, 'x');
  for (int i = 0; i < 4; ++i) {
    add(FieldKind::kIp, IpAddress::v6(~std::uint64_t{0}, ~std::uint64_t{0}));
    add(FieldKind::kPort, Port{65535});
    add(FieldKind::kMac, MacAddress{0xFFFF'FFFF'FFFF});
    add(FieldKind::kNumber, ~std::uint64_t{0});
    add(FieldKind::kSpi, Spi{~0U});
    add(FieldKind::kHex32, Hex32{~0U});
    add(FieldKind::kHex32Lower, Hex32{~0U});
    add(FieldKind::kProtocol, *IpProtocol::parse("ipinip"));
    add(FieldKind::kProtocolUpper, *IpProtocol::parse("icmp6"));
    add(FieldKind::kDuration, SimDuration::max());
    add(FieldKind::kActivationKey, ActivationKey{{~0U, ~0U, ~0U, ~0U, ~0U}});
    add(FieldKind::kOneOf, std::string("ESP in UDP"));
    add(FieldKind::kOptionalText, long_text);
    add(FieldKind::kText, long_text);
    add(FieldKind::kInterface, long_text);
  }
  for (std::size_t i = 0; i < fields.size(); ++i) names.push_back("f" + std::to_string(i));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    fields[i].name = names[i];
    text += "{" + names[i] + "} ";
  }
  TestMessage message(text, fields);
  const auto rendered = render_guarded(message, values);
  CHECK(rendered.size() <= kTextMax);
  CHECK(rendered.size() > kTextMax - 200);
  CHECK(print_text(message.type().current(), message.type(), values) == rendered);
}

}  // namespace
}  // namespace asaemu
