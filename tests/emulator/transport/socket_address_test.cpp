#include "tests/emulator/transport/loopback.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

TEST_CASE("localhost and literal addresses are resolved") {
  std::string error;
  const auto local = resolve({"localhost", 514}, error);
  INFO(error);
  REQUIRE_FALSE(local.empty());
  CHECK(address_text(local.front().storage) == "127.0.0.1");
  const auto v6 = resolve({"2001:db8::50", 514}, error);
  REQUIRE(v6.size() == 1);
  CHECK(address_text(v6.front().storage) == "2001:db8::50");
}

TEST_CASE("a name without an address is named with the reason") {
  std::string error;
  CHECK(resolve({test::impossible_host(), 514}, error).empty());
  CHECK(error.starts_with("'" + test::impossible_host() + "' has no address: "));
}

TEST_CASE("an IPv4 address that came through an IPv6 socket is printed as IPv4") {
  std::string error;
  const auto mapped = resolve({"::ffff:10.0.0.1", 514}, error);
  REQUIRE(mapped.size() == 1);
  CHECK(address_text(mapped.front().storage) == "10.0.0.1");
}

TEST_CASE("a bound socket tells its port") {
  CHECK(bound_port(test::loopback_socket(SOCK_DGRAM).get()) != 0);
  CHECK(bound_port(-1) == 0);
}
