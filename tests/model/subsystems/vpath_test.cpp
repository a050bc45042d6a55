#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::FieldValue;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

const std::string kConfig = R"(
hostname fw
interface GigabitEthernet0/0
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/1
 nameif outside
 security-level 0
 ip address 203.0.113.1 255.255.255.0
route outside 0.0.0.0 0.0.0.0 203.0.113.254 1
service-interface security-profile all inside
logging enable
logging trap debugging
no logging message 111008
no logging message 111009
no logging message 111010
logging host inside 10.0.0.50
)";

Bench virtual_bench(const std::string& config = kConfig, std::uint64_t flows = 200000) {
  return Bench(config, {{"vpath-flows", FieldValue(flows)}}, asaemu::Release{}, "ASA1000V");
}

/// A virtual machine behind this module sends.
Bench& machine(Bench& bench, const std::string& module, int sport,
               const std::string& flags = "syn") {
  return bench.packet("inside", {{"proto", "tcp"},
                                 {"src", "10.0.0.10"},
                                 {"dst", "203.0.113.20"},
                                 {"sport", fmt::format("{}", sport)},
                                 {"dport", "443"},
                                 {"flags", flags},
                                 {"length", "100"},
                                 {"vpath-module", module}});
}

Bench& licence(Bench& bench, const std::string& module, const std::string& state) {
  return bench.world("vpath-licence", {{"vpath-licence", module}, {"state", state}});
}

std::string torn(int number, int sport, const std::string& duration, int bytes) {
  return fmt::format(
      "Teardown TCP connection {} for outside:203.0.113.20/443 to inside:10.0.0.10/{} duration {} "
      "bytes {} reason vPath license failure",
      number, sport, duration, bytes);
}

}  // namespace

TEST_CASE("the flows of a module are torn down when it loses its licence and others stay") {
  auto bench = virtual_bench();
  machine(bench, "3", 50001);
  machine(bench, "4", 50002);
  machine(bench, "3", 50003);
  bench.advance(10s);
  machine(bench, "3", 50001, "ack");
  licence(bench, "3", "withdrawn")
      .expect(450002, torn(1, 50001, "0:00:10", 200))
      .expect(450002, torn(3, 50003, "0:00:10", 100))
      .expect_nothing();
  REQUIRE(bench.device().tables().connections.size() == 1);
}

TEST_CASE("new flows of an unlicensed module are torn down until the licence is back") {
  auto bench = virtual_bench();
  licence(bench, "3", "withdrawn").expect_nothing();
  machine(bench, "3", 50001).expect(450002, torn(1, 50001, "0:00:00", 100));
  machine(bench, "4", 50002).expect_nothing();
  licence(bench, "3", "granted");
  machine(bench, "3", 50001).expect_nothing();
  REQUIRE(bench.device().tables().connections.size() == 2);
}

TEST_CASE("only the service interface of an ASA 1000V takes part in vPath") {
  auto bench = virtual_bench();
  bench.commands({"configure terminal", "no service-interface security-profile all inside"});
  licence(bench, "3", "withdrawn");
  machine(bench, "3", 50001).expect_nothing();
  Bench hardware;
  hardware.commands({"configure terminal", "service-interface security-profile all inside"});
  CHECK(hardware.output() == "ERROR: vPath is not available on this platform\n");
  licence(hardware, "3", "withdrawn");
  machine(hardware, "3", 50001).expect_nothing();
}

TEST_CASE("a flow beyond the bound is not known to vPath") {
  auto bench = virtual_bench(kConfig, 2);
  for (const int port : {50001, 50002, 50003}) machine(bench, "3", port);
  licence(bench, "3", "withdrawn")
      .expect(450002, torn(1, 50001, "0:00:00", 100))
      .expect(450002, torn(2, 50002, "0:00:00", 100))
      .expect_nothing();
}

TEST_CASE("at most 128 modules can be without licence") {
  auto bench = virtual_bench();
  for (int module = 3; module <= 131; ++module) {
    licence(bench, fmt::format("{}", module), "withdrawn");
  }
  machine(bench, "131", 50001).expect_nothing();
  machine(bench, "130", 50002).expect(450002, torn(2, 50002, "0:00:00", 100));
}

TEST_CASE("the virtual machines that vPath steers are shown") {
  auto bench = virtual_bench();
  machine(bench, "3", 50001);
  machine(bench, "3", 50002);
  bench.command("show vsn ip binding");
  CHECK(bench.output() ==
        "VM IP address                           Module    Flows\n"
        "10.0.0.10                               3         2\n");
  machine(bench, "3", 50001, "rst");
  bench.command("show vsn ip binding");
  CHECK(bench.output() ==
        "VM IP address                           Module    Flows\n"
        "10.0.0.10                               3         1\n");
}
