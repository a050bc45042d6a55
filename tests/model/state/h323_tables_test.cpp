#include "model/state/h323_tables.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

H323Pinhole pinhole(std::uint16_t port, std::optional<SimTime> end = std::nullopt) {
  H323Pinhole result;
  result.key = {kProtocolTcp, address("10.0.0.20"), address("198.51.100.30"), Port{port}};
  result.end = end;
  return result;
}

FiveTuple to_port(std::uint16_t port) {
  return {address("10.0.0.20"), address("198.51.100.30"), kProtocolTcp, Port{40000}, Port{port}};
}

}  // namespace

TEST_CASE("a pinhole is open until its end and fits one source only") {
  H323Tables tables;
  REQUIRE(tables.open(pinhole(1720, SimTime{} + 5s), SimTime{}));
  CHECK(tables.find_pinhole(to_port(1720), SimTime{} + 5s - 1ns) != nullptr);
  CHECK(tables.find_pinhole(to_port(1720), SimTime{} + 5s) == nullptr);
  CHECK(tables.find_pinhole(to_port(1721), SimTime{}) == nullptr);
  FiveTuple other = to_port(1720);
  other.source = address("10.0.0.21");
  CHECK(tables.find_pinhole(other, SimTime{}) == nullptr);
  H323Pinhole anywhere = pinhole(1720);
  anywhere.key.from = IpAddress();
  REQUIRE(tables.open(anywhere, SimTime{}));
  CHECK(tables.find_pinhole(other, SimTime{}) != nullptr);
  tables.close(anywhere.key);
  CHECK(tables.find_pinhole(other, SimTime{}) == nullptr);
}

TEST_CASE("pinholes have a bound and those whose time is over make room") {
  H323Tables tables({.connections = 1, .calls = 1, .pinholes = 2});
  CHECK(tables.open(pinhole(1), SimTime{}));
  CHECK(tables.open(pinhole(2, SimTime{} + 5s), SimTime{}));
  CHECK(tables.open(pinhole(2, SimTime{} + 5s), SimTime{}));
  CHECK_FALSE(tables.open(pinhole(3), SimTime{} + 5s - 1ns));
  CHECK(tables.open(pinhole(3), SimTime{} + 5s));
}

TEST_CASE("a call goes forward only") {
  H323Call call;
  CHECK(call.advance("call-proceeding"));
  CHECK_FALSE(call.advance("call-proceeding"));
  CHECK(call.advance("progress"));
  CHECK(call.advance("connect"));
  CHECK(call.phase == H323Call::Phase::kActive);
  CHECK_FALSE(call.advance("alerting"));
  CHECK_FALSE(call.advance("progress"));
  CHECK(call.advance("facility"));
}

TEST_CASE("a call takes 32 channels and one with a known number replaces it") {
  H323Call call;
  H323Channel channel;
  for (std::uint16_t number = 1; number <= 32; ++number) {
    channel.number = number;
    CHECK(call.add_channel(channel));
  }
  CHECK(call.add_channel(channel));
  channel.number = 33;
  CHECK_FALSE(call.add_channel(channel));
  call.remove_channel(1, channel.opener);
  CHECK(call.find_channel(1, channel.opener) == nullptr);
  CHECK(call.add_channel(channel));
}
