#include "model/state/port_names.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

TEST_CASE("a port name counts in its own protocol") {
  CHECK(parse_port_name(kProtocolUdp, "syslog") == Port{514});
  CHECK_FALSE(parse_port_name(kProtocolTcp, "syslog").has_value());
  CHECK(parse_port_name(kProtocolTcp, "rsh") == Port{514});
  CHECK(parse_port_name(kProtocolTcp, "kerberos") == Port{750});
  CHECK(parse_port_name(kProtocolUdp, "kerberos") == Port{750});
  CHECK(port_name(kProtocolTcp, Port{514}) == "rsh");
  CHECK(port_name(kProtocolUdp, Port{514}) == "syslog");
  CHECK(port_name(kProtocolUdp, Port{443}) == "443");
}

TEST_CASE("of two names for a port the device prints one") {
  CHECK(parse_port_name(kProtocolTcp, "http") == Port{80});
  CHECK(port_name(kProtocolTcp, Port{80}) == "www");
}

TEST_CASE("ports go by number too from 0 to 65535") {
  CHECK(parse_port_name(kProtocolTcp, "0") == Port{0});
  CHECK(parse_port_name(kProtocolTcp, "65535") == Port{65535});
  for (const auto* text : {"65536", "-1", "", "80x", "WWW"}) {
    CHECK_FALSE(parse_port_name(kProtocolTcp, text).has_value());
  }
}
