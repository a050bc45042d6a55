#include "model/state/radius_rules.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;

TEST_CASE("accounting attributes are read by number and anything else is left out") {
  const RadiusAttributes attributes("31=4915,44=1A=B,x=1,0=a,192=b,plain,30=");
  CHECK(attributes.value_of(31) == "4915");
  CHECK(attributes.value_of(44) == "1A=B");
  CHECK(attributes.value_of(30).empty());
  CHECK(attributes.value_of(192).empty());
  CHECK(RadiusAttributes("1=a,191=b").value_of(191) == "b");
}

TEST_CASE("at most 64 accounting attributes are kept") {
  std::string text;
  for (int number = 1; number <= 65; ++number) text += fmt::format("{0}=v{0},", number);
  const RadiusAttributes attributes(text);
  CHECK(attributes.value_of(64) == "v64");
  CHECK(attributes.value_of(65).empty());
}

TEST_CASE("a RADIUS accounting map says who may send and what is validated") {
  InspectPolicy map;
  map.parameters = {{"host", "10.0.0.5", "key", "secret"}, {"host", "10.0.0.6"},
                    {"validate-attribute", "44"},          {"validate-attribute", "31"},
                    {"timeout", "users", "0:10:00"},       {"enable", "gprs"}};
  const RadiusRules rules = radius_rules(&map);
  REQUIRE(rules.find(*IpAddress::parse("10.0.0.5")) != nullptr);
  CHECK(rules.find(*IpAddress::parse("10.0.0.5"))->key == "secret");
  CHECK(rules.find(*IpAddress::parse("10.0.0.6"))->key.empty());
  CHECK(rules.find(*IpAddress::parse("10.0.0.7")) == nullptr);
  CHECK(rules.validated == std::vector<std::uint8_t>{44, 31});
  CHECK(rules.user_timeout == std::chrono::minutes(10));
  CHECK(rules.is_gprs);
  CHECK_FALSE(rules.sends_response);
  CHECK(radius_rules(nullptr).hosts.empty());
}
