#include "model/state/access_list.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

AccessRule rule(std::string_view text, bool is_permit = true) {
  const auto parsed = AccessRule::parse(is_permit, text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

FiveTuple packet(std::string_view source, std::string_view destination,
                 IpProtocol protocol = kProtocolIcmp, std::uint16_t source_port = 0,
                 std::uint16_t destination_port = 0) {
  return {*IpAddress::parse(source), *IpAddress::parse(destination), protocol, Port{source_port},
          Port{destination_port}};
}

}  // namespace

TEST_CASE("a rule prints as it was read") {
  for (const std::string text :
       {"ip any any", "ip any4 any6", "ip 10.0.0.0 255.255.255.0 192.168.60.0 255.255.255.0",
        "tcp host 10.0.0.5 any eq https", "udp any range 1024 2048 host 192.0.2.1 eq domain",
        "tcp any neq telnet any gt 1023", "tcp any lt 1024 any4 eq 8443", "icmp any any",
        "esp host 192.0.2.1 host 192.0.2.2", "ip 2001:db8::/32 host 2001:db8::1"}) {
    CHECK(rule(text).to_string() == "permit " + text);
  }
  CHECK(rule("ip any any", false).to_string() == "deny ip any any");
}

TEST_CASE("a malformed rule is none") {
  for (const std::string text :
       {"", "ip", "ip any", "nothing any any", "ip any any any", "ip host any", "ip 10.0.0.0 any",
        "ip 10.0.0.0 255.0.255.0 any", "tcp any eq any", "tcp any any eq 65536",
        "tcp any any range 90 80", "tcp any any lt 0", "tcp any any gt 65535", "icmp any eq 80 any",
        "ip 10.0.0.0/24 any"}) {
    CAPTURE(text);
    CHECK_FALSE(AccessRule::parse(true, text).has_value());
  }
}

TEST_CASE("a rule matches by addresses, protocol and ports") {
  const AccessRule web = rule("tcp 10.0.0.0 255.255.255.0 any range 80 443");
  CHECK(web.matches(packet("10.0.0.255", "192.0.2.1", kProtocolTcp, 40000, 80)));
  CHECK(web.matches(packet("10.0.0.0", "192.0.2.1", kProtocolTcp, 40000, 443)));
  CHECK_FALSE(web.matches(packet("10.0.1.0", "192.0.2.1", kProtocolTcp, 40000, 80)));
  CHECK_FALSE(web.matches(packet("10.0.0.1", "192.0.2.1", kProtocolTcp, 40000, 79)));
  CHECK_FALSE(web.matches(packet("10.0.0.1", "192.0.2.1", kProtocolTcp, 40000, 444)));
  CHECK_FALSE(web.matches(packet("10.0.0.1", "192.0.2.1", kProtocolUdp, 40000, 80)));
  CHECK(rule("tcp any neq 22 any").matches(packet("10.0.0.1", "10.0.0.2", kProtocolTcp, 23)));
  CHECK_FALSE(rule("tcp any neq 22 any").matches(packet("10.0.0.1", "10.0.0.2", kProtocolTcp, 22)));
}

TEST_CASE("any is either family, any4 and any6 are one") {
  const FiveTuple six = packet("2001:db8::1", "2001:db8::2");
  CHECK(rule("ip any any").matches(six));
  CHECK(rule("ip any6 any6").matches(six));
  CHECK_FALSE(rule("ip any4 any").matches(six));
  CHECK_FALSE(rule("ip any6 any").matches(packet("10.0.0.1", "10.0.0.2")));
}

TEST_CASE("the first rule that matches decides, and is counted") {
  AccessList list;
  list.insert(0, rule("ip any host 192.0.2.1"));
  list.insert(0, rule("ip host 10.0.0.9 any", false));
  list.insert(99, rule("ip any host 192.0.2.2"));
  const AccessRule* const denied = list.match(packet("10.0.0.9", "192.0.2.1"));
  REQUIRE(denied != nullptr);
  CHECK_FALSE(denied->is_permit);
  CHECK(list.match(packet("10.0.0.8", "192.0.2.1")) == &list.rules()[1]);
  CHECK(list.match(packet("10.0.0.8", "192.0.2.3")) == nullptr);
  CHECK(list.hits(0) == 1);
  CHECK(list.hits(1) == 1);
  CHECK(list.hits(2) == 0);
}

TEST_CASE("a removed rule takes its count with it") {
  AccessList list;
  list.insert(0, rule("ip any host 192.0.2.1"));
  list.insert(1, rule("ip any host 192.0.2.2"));
  CHECK(list.match(packet("10.0.0.8", "192.0.2.2")) != nullptr);
  CHECK(list.remove(rule("ip any host 192.0.2.1")));
  CHECK_FALSE(list.remove(rule("ip any host 192.0.2.1")));
  CHECK(list.hits(0) == 1);
}

TEST_CASE("a reversed packet is the answer") {
  const FiveTuple answer = packet("10.0.0.1", "192.0.2.1", kProtocolTcp, 40000, 80).reversed();
  CHECK(rule("tcp host 192.0.2.1 eq www host 10.0.0.1 eq 40000").matches(answer));
}
