#include "model/base/ftp_command.hpp"

#include <catch2/catch.hpp>

namespace asaemu {
namespace {

TEST_CASE("a PORT command names an address and a port") {
  for (const auto* line : {"PORT 10,0,0,5,4,1", "port 10,0,0,5,4,1"}) {
    const auto data = parse_ftp_port(line);
    REQUIRE(data.has_value());
    CHECK(data->address == IpAddress::v4(0x0A000005));
    CHECK(data->port == 1025);
  }
}

TEST_CASE("a PORT command can ask for a port that does not exist") {
  const auto data = parse_ftp_port("PORT 10,0,0,5,256,0");
  REQUIRE(data.has_value());
  CHECK(data->port == 65536);
}

TEST_CASE("other lines and garbled PORT commands name nothing") {
  for (const auto* line :
       {"", "PORT", "PASV", "PORT ", "PORT 10,0,0,5,4", "PORT 10,0,0,5,4,1,1", "PORT 10,0,0,5,4,",
        "PORT 10,0,0,256,4,1", "PORT 10,0,0,5,1000,1", "PORT 10.0.0.5,4,1", "PORT a,0,0,5,4,1",
        "PORTS 10,0,0,5,4,1", "PORT 10,0,0,5,-4,1"}) {
    INFO(line);
    CHECK_FALSE(parse_ftp_port(line).has_value());
  }
}

}  // namespace
}  // namespace asaemu
