#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::test::Bench;

TEST_CASE("the service of a backup is switched on and off on its interface") {
  Bench bench;
  bench.commands({"conf t", "license-server backup enable inside"})
      .expect(444107, "Shared license service enabled on interface inside.");
  bench.commands({"conf t", "license-server backup enable inside"}).expect_nothing();
  bench.commands({"conf t", "no license-server backup enable inside"})
      .expect(444107, "Shared license service disabled on interface inside.")
      .expect_nothing();
}

TEST_CASE("what the world says of a server outlives a reload, and what it does not say stays") {
  Bench bench;
  const auto remote = [&bench](const char* address) {
    return bench.device().tables().shared_licence.remote(*asaemu::IpAddress::parse(address));
  };
  bench.world("licence-server", {{"licence-server", "10.0.0.9"},
                                 {"state", "down"},
                                 {"sessions", "120"},
                                 {"refresh", "0:00:01"}});
  bench.world("licence-server", {{"licence-server", "10.0.0.9"}, {"version", "unsupported"}});
  bench.command("reload noconfirm").advance(std::chrono::minutes(5));
  REQUIRE_FALSE(remote("10.0.0.9").answers);
  REQUIRE_FALSE(remote("10.0.0.9").speaks_our_version);
  REQUIRE(remote("10.0.0.9").sessions == 120);
  REQUIRE(remote("10.0.0.9").refresh_interval == std::chrono::seconds(10));
  REQUIRE(remote("10.0.0.10").answers);
}

TEST_CASE("servers beyond the bound are not noticed") {
  Bench bench;
  for (int i = 1; i <= 17; ++i) {
    bench.world("licence-server",
                {{"licence-server", fmt::format("10.0.0.{}", i)}, {"state", "down"}});
  }
  const auto& shared = bench.device().tables().shared_licence;
  REQUIRE(shared.remotes.size() == asaemu::kRemoteServerBound);
  REQUIRE(shared.remote(*asaemu::IpAddress::parse("10.0.0.17")).answers);
}
