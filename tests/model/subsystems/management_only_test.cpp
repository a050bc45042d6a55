#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string config() {
  return std::string(asaemu::test::kBenchConfig) +
         "interface Management0/0\n"
         " management-only\n"
         " nameif management\n"
         " security-level 100\n"
         " ip address 192.168.200.1 255.255.255.0\n"
         "user-identity enable\n"
         "access-list all extended permit ip any any\n"
         "access-group all global\n";
}

Fields udp(const std::string& source, const std::string& destination) {
  return {{"proto", "udp"},
          {"src", source},
          {"dst", destination},
          {"sport", "49152"},
          {"dport", "161"}};
}

constexpr const char* kDenied =
    "Through-the-device packet to/from management-only network is denied: ";

std::uint64_t packets_out(Bench& bench, const char* nameif) {
  const auto& interfaces = bench.device().tables().interfaces;
  return interfaces[interfaces.find_nameif(nameif)]
      .traffic.total(asaemu::TrafficMeter::kOutput)
      .packets;
}

}  // namespace

TEST_CASE("nothing goes through the device to a management-only network") {
  Bench bench(config());
  bench.packet("dmz", udp("172.16.30.50", "192.168.200.25"))
      .expect(418001, std::string(kDenied) +
                          "udp src dmz:172.16.30.50/49152 dst management:192.168.200.25/161")
      .expect_nothing();
  REQUIRE(packets_out(bench, "management") == 0);
}

TEST_CASE("nothing goes through the device from a management-only network") {
  Bench bench(config());
  bench.packet("management", udp("192.168.200.25", "10.0.0.20"))
      .expect(418001, std::string(kDenied) +
                          "udp src management:192.168.200.25/49152 dst inside:10.0.0.20/161")
      .expect_nothing();
  REQUIRE(packets_out(bench, "inside") == 0);
}

TEST_CASE("protocols without ports have zeros in their place") {
  Bench bench(config());
  auto ping = udp("192.168.200.25", "10.0.0.20");
  ping[0].second = "icmp";
  bench.packet("management", ping)
      .expect(418001,
              std::string(kDenied) + "icmp src management:192.168.200.25/0 dst inside:10.0.0.20/0");
}

TEST_CASE("the user at the source is named as long as the device knows him") {
  Bench bench(config());
  const auto packet = udp("172.16.30.50", "192.168.200.25");
  bench.world("user-logon", {{"user-logon", "CORP\\jdoe"}, {"address", "172.16.30.50"}});
  bench.packet("dmz", packet)
      .expect(418001, std::string(kDenied) +
                          "udp src dmz:172.16.30.50/49152(CORP\\jdoe) dst "
                          "management:192.168.200.25/161");
  bench.packet("dmz", udp("172.16.30.51", "192.168.200.25"))
      .expect(418001, std::string(kDenied) +
                          "udp src dmz:172.16.30.51/49152 dst management:192.168.200.25/161");
  bench.world("user-logoff", {{"user-logoff", "172.16.30.50"}});
  bench.packet("dmz", packet)
      .expect(418001, std::string(kDenied) +
                          "udp src dmz:172.16.30.50/49152 dst management:192.168.200.25/161");
}

TEST_CASE("traffic for the device itself is not through it") {
  Bench bench(config());
  bench.packet("management", udp("192.168.200.25", "192.168.200.1")).expect_nothing();
  bench.packet("management", udp("192.168.200.25", "10.0.0.1")).expect_nothing();
}

TEST_CASE("broadcasts and multicasts of the management network are not through the device") {
  Bench bench(config());
  for (const auto* group : {"255.255.255.255", "192.168.200.255", "224.0.0.1", "239.255.255.250"}) {
    bench.packet("management", udp("192.168.200.25", group)).expect_nothing();
  }
}

TEST_CASE("a packet without a route is not reported") {
  Bench bench(config());
  bench.commands({"configure terminal", "no route outside 0.0.0.0 0.0.0.0 203.0.113.254"});
  bench.packet("management", udp("192.168.200.25", "198.51.100.7")).expect_nothing();
}

TEST_CASE("an interface is like any other once it is no longer management-only") {
  Bench bench(config());
  bench.commands({"configure terminal", "interface Management0/0", "no management-only"});
  bench.packet("dmz", udp("172.16.30.50", "192.168.200.25")).expect_nothing();
  REQUIRE(packets_out(bench, "management") == 1);
}

TEST_CASE("after a reload the interface is management-only again") {
  Bench bench(config(), {{"boot-time", asaemu::SimDuration(std::chrono::minutes(2))}});
  bench.commands({"configure terminal", "interface Management0/0", "no management-only"});
  bench.command("reload noconfirm").advance(std::chrono::minutes(2));
  bench.packet("dmz", udp("172.16.30.50", "192.168.200.25"))
      .expect(418001, std::string(kDenied) +
                          "udp src dmz:172.16.30.50/49152 dst management:192.168.200.25/161");
}
