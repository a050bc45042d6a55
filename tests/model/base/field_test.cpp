#include "model/base/field.hpp"

#include "tests/model/base/message_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace asaemu {
namespace {

std::string printed(const FieldDef& field, const FieldValue& value) {
  std::string out;
  append_field(field, value, out);
  return out;
}

/// The text read as this kind and printed again; "-" if it is not of the kind.
std::string reprinted(FieldKind kind, std::string_view text) {
  const auto field = field_of_kind(kind);
  const auto value = parse_field(field, text);
  return value ? printed(field, *value) : "-";
}

void check_exact(FieldKind kind, std::initializer_list<std::string_view> texts) {
  for (const auto text : texts) {
    INFO(field_kind_name(kind) << " '" << text << "'");
    CHECK(reprinted(kind, text) == text);
  }
}

void check_refused(FieldKind kind, std::initializer_list<std::string_view> texts) {
  for (const auto text : texts) {
    INFO(field_kind_name(kind) << " '" << text << "'");
    CHECK_FALSE(parse_field(field_of_kind(kind), text));
  }
}

TEST_CASE("every kind has a name, and plain names lead back to their kind") {
  for (const auto kind : kAllKinds) {
    const auto name = field_kind_name(kind);
    const bool plain = name != "one_of" && name != "optional";
    CHECK(parse_field_kind(name) == (plain ? std::optional(kind) : std::nullopt));
    const auto names = field_kind_names();
    CHECK((std::find(names.begin(), names.end(), name) != names.end()) == plain);
  }
  CHECK(field_kind_names().size() == 14);
  CHECK_FALSE(parse_field_kind("string"));
  CHECK_FALSE(parse_field_kind(""));
}

TEST_CASE("a sampled value of every kind reads back as the same value") {
  for (const auto kind : kAllKinds) {
    RandomStream random(1, "test", field_kind_name(kind));
    for (const auto* name : {"field", "user", "reason", "netmask", "file_name", "bytes"}) {
      const auto field = field_of_kind(kind, name);
      for (int i = 0; i < 200; ++i) {
        const auto value = sample_field(field, random);
        const auto text = printed(field, value);
        INFO(field_kind_name(kind) << " '" << text << "'");
        CHECK(parse_field(field, text) == value);
        CHECK(field_from_string(field, field_to_string(field, value)) == value);
        const auto length = match_length(field, text + " and so on");
        CHECK(length.value_or(text.size()) == text.size());
      }
    }
  }
}

TEST_CASE("the same stream samples the same values and they vary") {
  for (const auto kind : kAllKinds) {
    const auto field = field_of_kind(kind);
    RandomStream one(1, "test", "sample");
    RandomStream other(1, "test", "sample");
    std::set<std::string> seen;
    for (int i = 0; i < 50; ++i) {
      const auto text = printed(field, sample_field(field, one));
      CHECK(printed(field, sample_field(field, other)) == text);
      seen.insert(text);
    }
    CHECK(seen.size() >= 2);
  }
}

TEST_CASE("sampled addresses are from documentation and private networks") {
  RandomStream random(1, "test", "addresses");
  const auto field = field_of_kind(FieldKind::kIp, "source");
  for (int i = 0; i < 500; ++i) {
    const auto address = std::get<IpAddress>(sample_field(field, random));
    bool known = false;
    for (const auto* prefix : {"198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24", "10.0.0.0/8",
                               "172.16.0.0/12", "192.168.0.0/16"}) {
      known = known || IpPrefix::parse(prefix)->contains(address);
    }
    INFO(to_string(address));
    CHECK(known);
  }
}

TEST_CASE("sampled netmasks are netmasks and sampled SPIs are not reserved") {
  RandomStream random(1, "test", "masks");
  for (int i = 0; i < 200; ++i) {
    CHECK(mask_length(
        std::get<IpAddress>(sample_field(field_of_kind(FieldKind::kIp, "local_mask"), random))));
    CHECK(std::get<Spi>(sample_field(field_of_kind(FieldKind::kSpi), random)).value >= 256);
  }
}

TEST_CASE("one_of samples each of its words") {
  RandomStream random(1, "test", "choices");
  const auto field = field_of_kind(FieldKind::kOneOf);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(std::get<std::string>(sample_field(field, random)));
  CHECK(seen == std::set<std::string>{"ESP", "AH", "ESP in UDP"});
}

TEST_CASE("addresses are of either family, or names") {
  check_exact(FieldKind::kIp, {"10.0.0.1", "255.255.255.0", "2001:db8::1", "::", "officescan",
                               "BBMWPUAG51-Ext", "web_1.example.com", "3com-server"});
  check_refused(FieldKind::kIp, {"", "10.0.0", "10.0.0.256", "10.0.0.1.", "host.", "a b", "a/b",
                                 "::1::", "a:b", "-", "12345"});
  const auto field = field_of_kind(FieldKind::kIp);
  CHECK(parse_field(field, std::string(63, 'a')));
  CHECK_FALSE(parse_field(field, std::string(64, 'a')));
  CHECK(std::holds_alternative<std::string>(*parse_field(field, "officescan")));
  CHECK(std::holds_alternative<IpAddress>(*parse_field(field, "10.0.0.1")));
}

TEST_CASE("an author's address is never a name") {
  const auto field = field_of_kind(FieldKind::kIp);
  CHECK(field_from_string(field, "10.0.0.1"));
  CHECK_FALSE(field_from_string(field, "officescan"));
}

TEST_CASE("ports and numbers are decimal up to their limits") {
  check_exact(FieldKind::kPort, {"0", "22", "65535"});
  check_refused(FieldKind::kPort, {"", "65536", "-1", "+1", "022", "22 ", "0x16", "ssh"});
  check_exact(FieldKind::kNumber, {"0", "18446744073709551615"});
  check_refused(FieldKind::kNumber, {"", "18446744073709551616", "-1", "00", "1.5", "1 "});
}

TEST_CASE("SPIs are eight digits, sequence numbers unpadded, and either case is read") {
  check_exact(FieldKind::kSpi, {"0x0C190BF9", "0x00000000", "0xFFFFFFFF"});
  CHECK(reprinted(FieldKind::kSpi, "0xF81283") == "0x00F81283");
  CHECK(reprinted(FieldKind::kSpi, "0x0c190bf9") == "0x0C190BF9");
  check_exact(FieldKind::kHex32, {"0x598243", "0x0", "0x2D", "0xFFFFFFFF"});
  check_exact(FieldKind::kHex32Lower, {"0x1f", "0x0", "0xffffffff"});
  for (const auto kind : {FieldKind::kSpi, FieldKind::kHex32, FieldKind::kHex32Lower}) {
    check_refused(kind, {"", "0x", "12", "0x123456789", "0xG", "0x1 ", "0x-1", "0X1"});
  }
}

TEST_CASE("protocols keep the case they are printed in") {
  check_exact(FieldKind::kProtocol, {"tcp", "udp", "icmp", "esp", "ip", "254"});
  check_refused(FieldKind::kProtocol, {"", "TCP", "Tcp", "xyz", "256"});
  check_exact(FieldKind::kProtocolUpper, {"TCP", "UDP", "254"});
  check_refused(FieldKind::kProtocolUpper, {"", "tcp", "Tcp"});
}

TEST_CASE("durations are hours, minutes and seconds") {
  check_exact(FieldKind::kDuration, {"0:00:00", "0:05:52", "27:00:01", "2500000:59:59"});
  check_refused(FieldKind::kDuration,
                {"", "5:52", "0:5:52", "0:60:00", "0:00:60", "00:05:52", ":05:52", "0:05:52 ",
                 "-1:00:00", "2500001:00:00", "0:05:5x"});
}

TEST_CASE("MAC addresses and activation keys read as they print") {
  check_exact(FieldKind::kMac, {"0016.a421.94ef"});
  check_refused(FieldKind::kMac, {"", "0016.a421"});
  check_exact(FieldKind::kActivationKey, {"0x5b0349c2 0x55b93067 0x1395643 0xc48b41fb 0x373ecb2"});
  check_refused(FieldKind::kActivationKey, {"", "0x1 0x2"});
}

TEST_CASE("words and interface names have no blanks, texts may") {
  check_exact(FieldKind::kWord, {"a", "a:b/c", "(x)"});
  check_refused(FieldKind::kWord, {"", "a b", " a", "a\tb", "a\n"});
  check_exact(FieldKind::kInterface, {"outside", "GigabitEthernet0/0", "WLC-LAN_inside"});
  check_refused(FieldKind::kInterface, {"", "a b", "inside:10.0.0.1"});
  check_exact(FieldKind::kText, {"", "a", "two words", " "});
}

TEST_CASE("one_of takes its words and nothing else") {
  check_exact(FieldKind::kOneOf, {"ESP", "AH", "ESP in UDP"});
  check_refused(FieldKind::kOneOf, {"", "esp", "ES", "ESP ", "0"});
}

TEST_CASE("an optional value prints its surroundings only if it is there") {
  const auto field = field_of_kind(FieldKind::kOptionalWord);
  CHECK(printed(field, std::string("alice")) == " (alice)");
  CHECK(printed(field, std::string()).empty());
  CHECK(field_to_string(field, std::string("alice")) == "alice");
  CHECK(parse_field(field, " (alice)") == FieldValue{std::string("alice")});
  CHECK(parse_field(field, "") == FieldValue{std::string()});
  check_refused(FieldKind::kOptionalWord, {"alice", " (alice", "(alice)", " ()", " (a b)"});
  check_exact(FieldKind::kOptionalText, {" (a b)", ""});
  check_refused(FieldKind::kOptionalText, {" ()"});
}

TEST_CASE("an author writes an optional value without its surroundings") {
  const auto field = field_of_kind(FieldKind::kOptionalWord);
  CHECK(field_from_string(field, "alice") == FieldValue{std::string("alice")});
  CHECK(field_from_string(field, "") == FieldValue{std::string()});
  CHECK_FALSE(field_from_string(field, "a b"));
}

TEST_CASE("a fixed-grammar value's longest front part is found") {
  const auto length = [](FieldKind kind, std::string_view text) {
    return match_length(field_of_kind(kind), text);
  };
  CHECK(length(FieldKind::kIp, "10.0.0.1/22") == 8);
  CHECK(length(FieldKind::kIp, "2001:db8::1) x") == 11);
  CHECK(length(FieldKind::kIp, " 10.0.0.1") == 0);
  CHECK(length(FieldKind::kPort, "443/x") == 3);
  CHECK(length(FieldKind::kPort, "123456") == 5);
  CHECK(length(FieldKind::kNumber, "x") == 0);
  CHECK(length(FieldKind::kHex32, "0x2D) from") == 4);
  CHECK(length(FieldKind::kHex32, "0x") == 0);
  CHECK(length(FieldKind::kSpi, "0x0C190BF9F") == 10);
  CHECK(length(FieldKind::kMac, "0016.a421.94ef on") == 14);
  CHECK(length(FieldKind::kProtocol, "tcp src") == 3);
  CHECK(length(FieldKind::kProtocolUpper, "TCP src") == 3);
  CHECK(length(FieldKind::kDuration, "27:00:01.") == 8);
  CHECK(length(FieldKind::kActivationKey, "0x1 0x2 0x3 0x4 0x5 expired") == 19);
  CHECK(length(FieldKind::kActivationKey, "0x1 0x2 0x3 0x4") == 0);
  CHECK(length(FieldKind::kOneOf, "ESP in UDP packet") == 10);
  CHECK(length(FieldKind::kOneOf, "ESP packet") == 3);
  CHECK(length(FieldKind::kOneOf, "TCP packet") == 0);
}

TEST_CASE("open-ended kinds have no longest front part") {
  for (const auto kind : {FieldKind::kInterface, FieldKind::kWord, FieldKind::kText,
                          FieldKind::kOptionalWord, FieldKind::kOptionalText}) {
    CHECK_FALSE(match_length(field_of_kind(kind), "abc"));
  }
}

// A struct of every kind, laid out by the compiler.
struct EveryKind {
  enum class Choice : std::uint8_t { kOne, kTwo };
  Required<Port> port;
  Required<IpAddress> ip;
  Required<Choice> choice;
  Required<MacAddress> mac;
  Required<IpProtocol> protocol;
  Required<Spi> spi;
  Required<InterfaceName> interface;
  Required<Hex32> hex;
  Required<SimDuration> duration;
  Required<std::string_view> word;
  Required<ActivationKey> key;
  Required<std::uint64_t> number;
};

TEST_CASE("offsets are those that the compiler gives a struct of the same kinds") {
  static constexpr std::array kKinds{
      FieldKind::kPort,     FieldKind::kIp,   FieldKind::kOneOf,         FieldKind::kMac,
      FieldKind::kProtocol, FieldKind::kSpi,  FieldKind::kInterface,     FieldKind::kHex32,
      FieldKind::kDuration, FieldKind::kWord, FieldKind::kActivationKey, FieldKind::kNumber};
  STATIC_REQUIRE(field_offset(kKinds, 0) == offsetof(EveryKind, port));
  STATIC_REQUIRE(field_offset(kKinds, 1) == offsetof(EveryKind, ip));
  STATIC_REQUIRE(field_offset(kKinds, 2) == offsetof(EveryKind, choice));
  STATIC_REQUIRE(field_offset(kKinds, 3) == offsetof(EveryKind, mac));
  STATIC_REQUIRE(field_offset(kKinds, 4) == offsetof(EveryKind, protocol));
  STATIC_REQUIRE(field_offset(kKinds, 5) == offsetof(EveryKind, spi));
  STATIC_REQUIRE(field_offset(kKinds, 6) == offsetof(EveryKind, interface));
  STATIC_REQUIRE(field_offset(kKinds, 7) == offsetof(EveryKind, hex));
  STATIC_REQUIRE(field_offset(kKinds, 8) == offsetof(EveryKind, duration));
  STATIC_REQUIRE(field_offset(kKinds, 9) == offsetof(EveryKind, word));
  STATIC_REQUIRE(field_offset(kKinds, 10) == offsetof(EveryKind, key));
  STATIC_REQUIRE(field_offset(kKinds, 11) == offsetof(EveryKind, number));
  STATIC_REQUIRE(field_offset(kKinds, 12) == sizeof(EveryKind));
}

TEST_CASE("a required field takes its own type only") {
  STATIC_REQUIRE_FALSE(std::is_default_constructible_v<Required<Port>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Required<Port>, int>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Required<Spi>, Hex32>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Required<std::uint64_t>, int>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Required<std::uint64_t>, bool>);
  STATIC_REQUIRE(std::is_constructible_v<Required<std::uint64_t>, std::uint32_t>);
  STATIC_REQUIRE(std::is_constructible_v<Required<std::string_view>, const char*>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Required<InterfaceName>, const char*>);
}

}  // namespace
}  // namespace asaemu
