#include "tests/model/subsystems/module_bench.hpp"

using asaemu::test::ModuleBench;
using namespace std::chrono_literals;

namespace {

const char* const kEnds = "inside:10.0.0.8/50001 to outside:198.51.100.9/80";
const char* const kLacking =
    "Promiscuous IDS cannot be enabled for the Module in slot 1. The module's current software "
    "version does not support this feature. Please upgrade the software on the module in slot 1 to "
    "support this feature.";

class IpsBench : public ModuleBench {
 public:
  explicit IpsBench(const std::string& action, Options more = {})
      : ModuleBench("ASA5520", "ASA-SSM-10", action, std::move(more)) {}
  IpsBench& sensor(const std::string& name, const std::string& state) {
    world("virtual-sensor", {{"virtual-sensor", name}, {"state", state}});
    return *this;
  }
  void expect_sensor(std::string_view name, bool added) {
    expect(added ? 420004U : 420005U, fmt::format("Virtual Sensor {} was {} the AIP SSM", name,
                                                  added ? "added on" : "deleted from"));
  }
};

}  // namespace

TEST_CASE("the IPS module drops packets and resets connections") {
  IpsBench bench("ips inline fail-open");
  bench.send(50001).expect_nothing();
  bench.send(50001, {{"module-verdict", "drop"}, {"flags", "ack"}})
      .expect(420002, fmt::format("IPS requested to drop TCP packet from {}", kEnds));
  bench.send(50001, {{"module-verdict", "reset"}, {"flags", "ack"}})
      .expect(420003, fmt::format("IPS requested to reset TCP connection from {}", kEnds));
  REQUIRE(bench.connections() == 0);
  bench.expect_nothing();
}

TEST_CASE("a promiscuous IPS module keeps nothing back") {
  IpsBench bench("ips promiscuous fail-close");
  bench.send(50001, {{"module-verdict", "drop"}}).expect_nothing();
  bench.send(50001, {{"module-verdict", "reset"}, {"flags", "ack"}}).expect_nothing();
  REQUIRE(bench.connections() == 1);
}

TEST_CASE("while the IPS module is not up its policy decides what passes") {
  IpsBench bench("ips inline fail-close");
  bench.module_is("silent").advance(2s - 1ns);
  bench.send(50001).expect_nothing();
  bench.advance(1ns);
  bench.send(50001, {{"flags", "ack"}})
      .expect(420001, fmt::format("IPS card not up and fail-close mode used, dropping TCP packet "
                                  "from {}",
                                  kEnds));
  bench.act("ips inline fail-open");
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
}

TEST_CASE("a virtual sensor that the policy names must be there") {
  IpsBench bench("ips inline fail-close sensor vs1");
  const auto missing = fmt::format(
      "Virtual sensor not present and fail-close mode used, dropping TCP packet from {}", kEnds);
  bench.send(50001).expect(420006, missing);
  bench.sensor("vs1", "added").expect_sensor("vs1", true);
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
  bench.sensor("vs1", "added").expect_nothing();
  bench.sensor("vs1", "deleted").expect_sensor("vs1", false);
  bench.act("ips inline fail-open sensor vs1");
  bench.send(50001, {{"flags", "ack"}, {"module-verdict", "drop"}}).expect_nothing();
}

TEST_CASE("the IPS module has four virtual sensors of which one stays") {
  IpsBench bench("ips inline fail-close");
  bench.sensor("vs0", "deleted").expect_nothing();
  for (const char* name : {"vs1", "vs2", "vs3"}) {
    bench.sensor(name, "added");
    bench.expect_sensor(name, true);
  }
  bench.sensor("vs4", "added").expect_nothing();
  bench.command("show ips");
  REQUIRE(bench.output() == "Sensor name\n-----------\nvs0\nvs1\nvs2\nvs3\n");
  bench.command("show ips detail");
  REQUIRE(bench.output() ==
          "Sensor Name       Sensor ID\n-----------       ---------\nvs0               1\n"
          "vs1               2\nvs2               3\nvs3               4\n");
}

TEST_CASE("what happens to sensors while the module is not up is learned when it comes up") {
  IpsBench bench("ips inline fail-close", {{"module-boot-time", asaemu::SimDuration(1min)}});
  bench.sensor("vs1", "added").expect_sensor("vs1", true);
  bench.command("hw-module module 1 reset");
  bench.sensor("vs1", "deleted").sensor("vs2", "added").expect_nothing();
  bench.advance(1min - 1ns).expect_nothing();
  bench.advance(1ns);
  bench.expect_sensor("vs1", false);
  bench.expect_sensor("vs2", true);
  bench.expect_nothing();
  bench.module_is("removed");
  bench.command("show ips");
  REQUIRE(bench.output() == "Sensor name\n-----------\nvs0\n");
}

TEST_CASE("virtual sensors are kept over a reload") {
  IpsBench bench("ips inline fail-close", {{"module-boot-time", asaemu::SimDuration(1min)}});
  bench.sensor("vs1", "added").expect_sensor("vs1", true);
  bench.command("reload noconfirm").advance(10min).expect_nothing();
  bench.command("show ips");
  REQUIRE(bench.output() == "Sensor name\n-----------\nvs0\nvs1\n");
}

TEST_CASE("without its licence the IPS software sees nothing") {
  ModuleBench bench("ASA5525", "ips", "ips inline fail-close");
  bench.send(50001).expect(
      420008, "IPS module license disabled and fail-close mode used, dropping packet.");
  bench.act("ips inline fail-open");
  bench.send(50001, {{"flags", "ack"}, {"module-verdict", "drop"}}).expect_nothing();
  bench.act("ips inline fail-close");
  bench.world("key-issued",
              {{"key-issued", "0x11 0x22 0x33 0x44 0x55"}, {"feature", "IPS Module"}});
  bench.command("activation-key 0x11 0x22 0x33 0x44 0x55");
  bench.send(50002).expect_nothing();
}

TEST_CASE("software too old for promiscuous operation is told of at each change of its state") {
  IpsBench bench("ips promiscuous fail-close", {{"module-version", std::string("5.1(6)E1")},
                                                {"module-boot-time", asaemu::SimDuration(1min)}});
  bench.expect(420007, kLacking).expect_nothing();
  bench.send(50001).expect(
      420001,
      fmt::format("IPS card not up and fail-close mode used, dropping TCP packet from {}", kEnds));
  bench.module_is("data-plane-down").module_is("data-plane-up").expect_nothing();
  bench.command("hw-module module 1 reset").expect(420007, kLacking);
  bench.advance(1min).expect(420007, kLacking).expect_nothing();
  bench.act("ips inline fail-close");
  bench.command("hw-module module 1 reset").advance(1min).expect_nothing();
}

TEST_CASE("software of release 6 knows promiscuous operation") {
  IpsBench bench("ips promiscuous fail-close", {{"module-version", std::string("6.0(1)")}});
  bench.expect_nothing();
  bench.send(50001).expect_nothing();
}
