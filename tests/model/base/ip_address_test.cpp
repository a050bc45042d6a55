#include "model/base/ip_address.hpp"

#include <catch2/catch.hpp>

namespace asaemu {
namespace {

/// The address printed again; "-" if it is none.
std::string reprinted(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? to_string(*address) : "-";
}

TEST_CASE("IPv4 addresses parse and print dotted") {
  CHECK(IpAddress::parse("10.0.0.1") == IpAddress::v4(0x0A000001));
  CHECK(reprinted("0.0.0.0") == "0.0.0.0");
  CHECK(reprinted("255.255.255.255") == "255.255.255.255");
  CHECK(reprinted("198.51.100.7") == "198.51.100.7");
}

TEST_CASE("what only looks like an IPv4 address is refused") {
  for (const auto* text : {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "01.2.3.4",
                           "1.2.3.04", "1..2.3", "1.2.3.", ".1.2.3", "1.2.3.4 ", " 1.2.3.4",
                           "1.2.3.-4", "1.2.3.4/24", "a.b.c.d", "1.2.3.1000"}) {
    INFO(text);
    CHECK(reprinted(text) == "-");
  }
}

TEST_CASE("IPv6 addresses print as RFC 5952 recommends") {
  CHECK(reprinted("2001:0db8::0001") == "2001:db8::1");         // 4.1 leading zeros
  CHECK(reprinted("2001:db8:0:0:0:0:2:1") == "2001:db8::2:1");  // 4.2.1 shorten as far
  CHECK(reprinted("2001:db8::0:1") == "2001:db8::1");
  CHECK(reprinted("2001:db8:0:1:1:1:1:1") == "2001:db8:0:1:1:1:1:1");  // 4.2.2 one group stays
  CHECK(reprinted("2001:0:0:1:0:0:0:1") == "2001:0:0:1::1");           // 4.2.3 the longest run
  CHECK(reprinted("2001:db8:0:0:1:0:0:1") == "2001:db8::1:0:0:1");     // 4.2.3 the first if equal
  CHECK(reprinted("2001:DB8::A:B") == "2001:db8::a:b");                // 4.3 lower case
}

TEST_CASE("IPv6 addresses with zeros at either end print and parse") {
  CHECK(reprinted("::") == "::");
  CHECK(reprinted("0:0:0:0:0:0:0:0") == "::");
  CHECK(reprinted("::1") == "::1");
  CHECK(reprinted("1::") == "1::");
  CHECK(reprinted("1:2:3:4:5:6:0:0") == "1:2:3:4:5:6::");
  CHECK(reprinted("0:0:3:4:5:6:7:8") == "::3:4:5:6:7:8");
  CHECK(reprinted("1:2:3:4:5:6:7::") == "1:2:3:4:5:6:7:0");
  CHECK(reprinted("::2:3:4:5:6:7:8") == "0:2:3:4:5:6:7:8");
  CHECK(reprinted("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff") ==
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

TEST_CASE("an IPv6 address may end in a dotted quad") {
  CHECK(reprinted("::ffff:192.0.2.1") == "::ffff:c000:201");
  CHECK(reprinted("64:ff9b::192.0.2.33") == "64:ff9b::c000:221");
  CHECK(reprinted("1:2:3:4:5:6:192.0.2.1") == "1:2:3:4:5:6:c000:201");
  CHECK(reprinted("1:2:3:4:5:6:7:192.0.2.1") == "-");
  CHECK(reprinted("::192.0.2") == "-");
}

TEST_CASE("what only looks like an IPv6 address is refused") {
  for (const auto* text : {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
                           "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:", ":1",
                           "1:2:", "::1%eth0", "[::1]", "::1 ", "::-1", "::+1"}) {
    INFO(text);
    CHECK(reprinted(text) == "-");
  }
}

TEST_CASE("an address plus an offset wraps within its family") {
  CHECK(IpAddress::v4(0xFFFFFFFF).plus(1) == IpAddress::v4(0));
  CHECK(to_string(IpAddress::parse("10.0.0.255")->plus(1)) == "10.0.1.0");
  CHECK(to_string(IpAddress::v6(1, ~std::uint64_t{0}).plus(1)) == "0:0:0:2::");
}

TEST_CASE("a netmask has a length only if it has no holes") {
  for (unsigned length = 0; length <= 32; ++length) CHECK(mask_length(ipv4_mask(length)) == length);
  CHECK(to_string(ipv4_mask(0)) == "0.0.0.0");
  CHECK(to_string(ipv4_mask(25)) == "255.255.255.128");
  CHECK_FALSE(mask_length(*IpAddress::parse("255.0.255.0")));
  CHECK_FALSE(mask_length(*IpAddress::parse("::")));
}

TEST_CASE("a prefix contains its first and last address and not their neighbours") {
  const auto prefix = *IpPrefix::parse("10.0.1.77/24");
  CHECK(prefix.network() == *IpAddress::parse("10.0.1.0"));
  CHECK_FALSE(prefix.contains(*IpAddress::parse("10.0.0.255")));
  CHECK(prefix.contains(*IpAddress::parse("10.0.1.0")));
  CHECK(prefix.contains(*IpAddress::parse("10.0.1.255")));
  CHECK_FALSE(prefix.contains(*IpAddress::parse("10.0.2.0")));
  CHECK(prefix.size() == 256);
}

TEST_CASE("prefixes of either family do not contain addresses of the other") {
  CHECK(IpPrefix::parse("0.0.0.0/0")->contains(*IpAddress::parse("203.0.113.1")));
  CHECK_FALSE(IpPrefix::parse("0.0.0.0/0")->contains(*IpAddress::parse("::1")));
  CHECK(IpPrefix::parse("::/0")->contains(*IpAddress::parse("2001:db8::1")));
  CHECK_FALSE(IpPrefix::parse("::/0")->contains(*IpAddress::parse("10.0.0.1")));
}

TEST_CASE("IPv6 prefixes end on any bit of either half") {
  CHECK(IpPrefix::parse("2001:db8:ffff::/33")->network() == *IpAddress::parse("2001:db8:8000::"));
  CHECK(IpPrefix::parse("2001:db8::ffff/64")->network() == *IpAddress::parse("2001:db8::"));
  CHECK(IpPrefix::parse("2001:db8::ffff/124")->network() == *IpAddress::parse("2001:db8::fff0"));
  CHECK(IpPrefix::parse("2001:db8::/128")->size() == 1);
  CHECK(IpPrefix::parse("2001:db8::/66")->size() == std::uint64_t{1} << 62);
  CHECK(IpPrefix::parse("2001:db8::/32")->size() == std::uint64_t{1} << 63);
}

TEST_CASE("an address alone is a prefix of full length and a longer one is refused") {
  CHECK(IpPrefix::parse("10.0.0.1")->length() == 32);
  CHECK(IpPrefix::parse("::1")->length() == 128);
  CHECK(IpPrefix::parse("10.0.0.1/32"));
  for (const auto* text : {"10.0.0.1/33", "::1/129", "10.0.0.1/", "10.0.0.1/x", "10.0.0.1/-1",
                           "10.0.0/8", "/8", "10.0.0.0/8 "}) {
    INFO(text);
    CHECK_FALSE(IpPrefix::parse(text));
  }
}

}  // namespace
}  // namespace asaemu
