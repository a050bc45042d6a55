#include "model/state/interface_table.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;

namespace {

Interface named(std::string hardware) {
  Interface interface;
  interface.hardware = std::move(hardware);
  return interface;
}

}  // namespace

TEST_CASE("a link runs at the lower of both ends' speeds") {
  REQUIRE(negotiate(1000, {}, {}).speed_mbps == 1000);
  REQUIRE(negotiate(1000, {}, {100, Duplex::kAuto}).speed_mbps == 100);
  REQUIRE(negotiate(1000, {100, Duplex::kAuto}, {}).speed_mbps == 100);
  REQUIRE(negotiate(1000, {100, Duplex::kAuto}, {10, Duplex::kAuto}).speed_mbps == 10);
  REQUIRE(negotiate(1000, {}, {10000, Duplex::kAuto}).speed_mbps == 1000);
}

TEST_CASE("our duplex setting wins, then the other end's, then full") {
  REQUIRE(negotiate(1000, {}, {}).duplex == Duplex::kFull);
  REQUIRE(negotiate(1000, {}, {0, Duplex::kHalf}).duplex == Duplex::kHalf);
  REQUIRE(negotiate(1000, {0, Duplex::kFull}, {0, Duplex::kHalf}).duplex == Duplex::kFull);
}

TEST_CASE("a removed interface is not found, and its subinterfaces are not") {
  InterfaceTable table;
  const InterfaceId id = table.add(named("Port-channel1"));
  Interface sub = named("Port-channel1.7");
  sub.parent = id;
  sub.nameif = "voice";
  table.add(std::move(sub));
  table.remove(id);
  REQUIRE(table.find_hardware("Port-channel1") == kNoInterface);
  REQUIRE(table.find_hardware("Port-channel1.7") == kNoInterface);
  REQUIRE(table.find_nameif("voice") == kNoInterface);
  REQUIRE(table.add(named("Port-channel1")) == id);
  REQUIRE(table.size() == 2);
}

TEST_CASE("the interfaces with an address are known in their order") {
  InterfaceTable table;
  std::vector<InterfaceId> ids;
  for (const auto* name : {"Vlan1", "Vlan2", "Vlan3"}) ids.push_back(table.add(named(name)));
  REQUIRE(table.addressed().empty());
  const IpAddress address = IpAddress::v4(0x0A000001);
  table.set_address(ids[2], address, ipv4_mask(24));
  table.set_address(ids[0], address, ipv4_mask(24));
  table.set_address(ids[2], address.plus(1), ipv4_mask(25));
  REQUIRE(table.addressed() == std::vector{ids[0], ids[2]});
  REQUIRE(table[ids[2]].has_address);
  REQUIRE(table[ids[2]].address == address.plus(1));
  REQUIRE(table[ids[2]].mask == ipv4_mask(25));
  table.clear_address(ids[1]);
  table.remove(ids[0]);
  REQUIRE(table.addressed() == std::vector{ids[2]});
  REQUIRE_FALSE(table[ids[0]].has_address);
  REQUIRE(table.add(named("Vlan1")) == ids[0]);
  REQUIRE(table.addressed() == std::vector{ids[2]});
  table.clear_address(ids[2]);
  REQUIRE(table.addressed().empty());
  REQUIRE(table[ids[2]].address.is_unspecified());
}

TEST_CASE("the interface table is full at its bound") {
  InterfaceTable table;
  for (std::size_t i = 0; i < InterfaceTable::kBound; ++i) {
    REQUIRE(table.add(named("Vlan" + std::to_string(i))) != kNoInterface);
  }
  REQUIRE(table.add(named("Vlan4000")) == kNoInterface);
  table.remove(InterfaceId{5});
  REQUIRE(table.add(named("Vlan4000")) == kNoInterface);
  REQUIRE(table.add(named("Vlan5")) == InterfaceId{5});
}

TEST_CASE("a platform makes interfaces of its own kinds on demand, within their numbers") {
  const Platform& large = *find_platform("ASA5525");
  const Platform& small = *find_platform("ASA5505");
  for (const auto* name : {"Redundant1", "Redundant8", "Port-channel48", "BVI250"}) {
    REQUIRE(is_virtual_name(large, name));
    REQUIRE_FALSE(is_virtual_name(small, name));
  }
  for (const auto* name : {"Redundant0", "Redundant9", "Redundant", "Redundant1.1", "Vlan3",
                           "Port-channel49", "BVI251"}) {
    REQUIRE_FALSE(is_virtual_name(large, name));
  }
  REQUIRE(is_virtual_name(small, "Vlan4090"));
  REQUIRE_FALSE(is_virtual_name(small, "Vlan4091"));
}
