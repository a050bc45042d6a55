#include "emulator/transport/host_port.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

std::string complaint_about(std::string_view text, std::uint16_t lowest = 1) {
  std::string complaint;
  REQUIRE_FALSE(parse_host_port(text, lowest, complaint));
  return complaint;
}

}  // namespace

TEST_CASE("a host and a port are read and print back") {
  for (const auto* text : {"127.0.0.1:514", "collector.example:5514", "localhost:1",
                           "[2001:db8::50]:65535", "[::]:514", "log_host-1:514"}) {
    std::string complaint;
    const auto read = parse_host_port(text, 1, complaint);
    INFO(text << ": " << complaint);
    REQUIRE(read);
    CHECK(to_string(*read) == text);
  }
}

TEST_CASE("the lowest port is one where lines are sent and zero where they are received") {
  std::string complaint;
  CHECK(parse_host_port("h:0", 0, complaint) == HostPort{"h", 0});
  CHECK(parse_host_port("h:1", 1, complaint) == HostPort{"h", 1});
  CHECK(complaint_about("h:0") == "'0' is not a port; expected a number from 1 to 65535");
}

TEST_CASE("a port beyond 65535 or with other characters is refused") {
  std::string complaint;
  CHECK(parse_host_port("h:65535", 1, complaint));
  CHECK(complaint_about("h:65536") == "'65536' is not a port; expected a number from 1 to 65535");
  CHECK(complaint_about("h:514x") == "'514x' is not a port; expected a number from 1 to 65535");
  CHECK(complaint_about("h:") == "'' is not a port; expected a number from 1 to 65535");
  CHECK(complaint_about("h:-1") == "'-1' is not a port; expected a number from 1 to 65535");
}

TEST_CASE("a missing host or port is named") {
  CHECK(complaint_about("") == "the port is missing; expected HOST:PORT");
  CHECK(complaint_about("10.0.0.50") == "the port is missing; expected 10.0.0.50:PORT");
  CHECK(complaint_about("[::1]") == "the port is missing; expected [::1]:PORT");
  CHECK(complaint_about(":514") == "the host is missing; expected HOST:PORT");
}

TEST_CASE("an IPv6 address outside brackets is shown how it would be right") {
  CHECK(complaint_about("2001:db8::50:514") ==
        "an IPv6 address stands in brackets; expected [2001:db8::50:514]:PORT");
  CHECK(complaint_about("1:2:3:4:5:6:7:8:514") ==
        "an IPv6 address stands in brackets; expected [1:2:3:4:5:6:7:8]:PORT");
}

TEST_CASE("what is no host is refused") {
  CHECK(complaint_about("[::1:514") == "'[::1:514' has no closing bracket; expected [IPv6]:PORT");
  CHECK(complaint_about("[10.0.0.1]:514") ==
        "'10.0.0.1' is not an IPv6 address; brackets are for those alone");
  CHECK(complaint_about("10.0.0.256:514") ==
        "'10.0.0.256' is not an IPv4 address; expected four numbers up to 255");
  CHECK(complaint_about("a/b:514") ==
        "'a/b' is not a host; expected a name, an IPv4 address or [IPv6]");
}
