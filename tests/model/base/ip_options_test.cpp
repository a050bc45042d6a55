#include "model/base/ip_options.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace asaemu {
namespace {

std::vector<int> bytes_of(std::string_view text) {
  const auto options = IpOptions::parse(text);
  REQUIRE(options.has_value());
  return {options->bytes().begin(), options->bytes().end()};
}

IpOptionScan scan(std::string_view text) {
  const auto options = IpOptions::parse(text);
  REQUIRE(options.has_value());
  return options->scan();
}

TEST_CASE("named IP options become their bytes, filled up to whole words") {
  CHECK(bytes_of("router-alert") == std::vector<int>{0x94, 4, 0, 0});
  CHECK(bytes_of("loose-source-route") == std::vector<int>{0x83, 7, 4, 0, 0, 0, 0, 0});
  CHECK(bytes_of("nop+stream-id") == std::vector<int>{1, 0x88, 4, 0, 0, 0, 0, 0});
  CHECK(bytes_of("0x0727") == std::vector<int>{7, 0x27, 0, 0});
}

TEST_CASE("IP options that are unknown, no bytes, or too long together are refused") {
  CHECK_FALSE(IpOptions::parse("").has_value());
  CHECK_FALSE(IpOptions::parse("record").has_value());
  CHECK_FALSE(IpOptions::parse("nop+").has_value());
  CHECK_FALSE(IpOptions::parse("0x").has_value());
  CHECK_FALSE(IpOptions::parse("0x072").has_value());
  CHECK_FALSE(IpOptions::parse("0x07zz").has_value());
  CHECK(IpOptions::parse("0x" + std::string(80, '0')).has_value());
  CHECK_FALSE(IpOptions::parse("0x" + std::string(82, '0')).has_value());
}

TEST_CASE("a scan finds every option of a list") {
  const auto found = scan("nop+record-route+timestamp+security");
  CHECK_FALSE(found.is_malformed);
  CHECK(found.has(IpOption::kNoOperation));
  CHECK(found.has(IpOption::kRecordRoute));
  CHECK(found.has(IpOption::kTimestamp));
  CHECK(found.has(IpOption::kSecurity));
  CHECK_FALSE(found.has(IpOption::kLooseSourceRoute));
  CHECK(scan("strict-source-route+stream-id").has(IpOption::kStrictSourceRoute));
  CHECK(scan("strict-source-route+stream-id").has(IpOption::kStreamId));
}

TEST_CASE("a list ends at its end mark, whatever follows") {
  CHECK_FALSE(scan("0x00070300").has(IpOption::kRecordRoute));
  CHECK_FALSE(scan("0x0007ff00").is_malformed);
}

TEST_CASE("an option that is longer than the rest of the list makes it malformed") {
  CHECK_FALSE(scan("0x07030400").is_malformed);
  CHECK_FALSE(scan("0x07040400").is_malformed);
  CHECK(scan("0x07050400").is_malformed);
  CHECK_FALSE(scan("0x07050400").has(IpOption::kRecordRoute));
  // A length counts the type and itself, so it is two at least.
  CHECK(scan("0x0701").is_malformed);
  CHECK_FALSE(scan("0x0702").is_malformed);
  // No room for the length.
  CHECK(scan("0x01010107").is_malformed);
}

TEST_CASE("what stands before the damage still counts") {
  const auto found = scan("router-alert+0x07ff");
  CHECK(found.is_malformed);
  CHECK(found.has(IpOption::kRouterAlert));
}

}  // namespace
}  // namespace asaemu
