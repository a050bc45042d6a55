#include "tests/model/subsystems/module_bench.hpp"

using asaemu::SimDuration;
using asaemu::test::Bench;
using asaemu::test::ModuleBench;
using namespace std::chrono_literals;

namespace {

/// An ASA5585 with this main board and IPS card.
class ChassisBench : public ModuleBench {
 public:
  ChassisBench(const std::string& board, const std::string& card, std::uint64_t supplies = 2)
      : ModuleBench("ASA5585", card, "ips inline fail-open",
                    {{"ssp-model", board},
                     {"power-supplies", supplies},
                     {"module-boot-time", SimDuration(1min)}}) {}
  ChassisBench& supplies(const std::string& count) {
    world("power-supplies", {{"power-supplies", count}});
    return *this;
  }
};

void set_ring(Bench& bench, const std::string& ring, int free) {
  bench.world(
      "internal-ring",
      {{"internal-ring", ring}, {"interface", "Internal-Data0/1"}, {"free", std::to_string(free)}});
}

}  // namespace

TEST_CASE("main board and IPS card must be of one class") {
  ChassisBench good("ASA5585-SSP-20", "ASA5585-SSP-IPS20");
  good.expect_nothing();
  ChassisBench restricted("ASA5585-SSP-20-K7", "ASA5585-SSP-P20K7");
  restricted.expect_nothing();
  ChassisBench bad("ASA5585-SSP-20", "ASA5585-SSP-IPS40");
  const auto* const text =
      "An unsupported configuration is detected. The combination of an ASA5585-SSP-20 with "
      "ASA5585-SSP-IPS40 is not supported.";
  bad.expect(413007, text).expect_nothing();
  // The device and the card work on, and it is told of at each of the card's boots.
  REQUIRE(bad.module()->takes_traffic());
  bad.command("hw-module module 1 reset").advance(1min - 1ns).expect_nothing();
  bad.advance(1ns).expect(413007, text).expect_nothing();
  ChassisBench mixed("ASA5585-SSP-60-K7", "ASA5585-SSP-IPS60");
  mixed.expect(413007,
               "An unsupported configuration is detected. The combination of an "
               "ASA5585-SSP-60-K7 with ASA5585-SSP-IPS60 is not supported.");
}

TEST_CASE("two large modules need two power supplies") {
  ChassisBench bench("ASA5585-SSP-40", "ASA5585-SSP-IPS40", 1);
  bench.expect(413008, "An unsupported configuration is detected.").expect_nothing();
  bench.supplies("2").expect_nothing();
  bench.supplies("1").expect(413008, "An unsupported configuration is detected.");
  bench.command("reload noconfirm").advance(3min).expect_nothing();
  bench.advance(1min).expect(413008, "An unsupported configuration is detected.");
  bench.module_is("removed");
  bench.supplies("1").expect_nothing();
  ChassisBench small("ASA5585-SSP-20", "ASA5585-SSP-IPS20", 1);
  small.expect_nothing();
  ChassisBench other("ASA5585-SSP-40", "ASA5585-SSP-SFR40", 1);
  other.expect_nothing();
}

TEST_CASE("a ring with fewer than ten free descriptors is reported each minute") {
  Bench bench;
  set_ring(bench, "RX[1]", 10);
  bench.advance(90s).expect_nothing();
  set_ring(bench, "RX[1]", 9);
  bench.advance(30s - 1ns).expect_nothing();
  bench.advance(1ns).expect(413009, "Internal-Data0/1:RX[1]=[9]");
  set_ring(bench, "RX[1]", 2);
  set_ring(bench, "RX[0]", 0);
  bench.advance(1min)
      .expect(413009, "Internal-Data0/1:RX[0]=[0]")
      .expect(413009, "Internal-Data0/1:RX[1]=[2]");
  set_ring(bench, "RX[0]", 10);
  set_ring(bench, "RX[1]", 200);
  bench.advance(10min).expect_nothing();
  set_ring(bench, "RX[1]", 1);
  bench.advance(1min).expect(413009, "Internal-Data0/1:RX[1]=[1]").expect_nothing();
  bench.command("reload noconfirm").advance(10min).expect_nothing();
}

TEST_CASE("a ring that recovers and runs low again within the minute is reported once") {
  Bench bench;
  set_ring(bench, "RX[1]", 1);
  set_ring(bench, "RX[1]", 100);
  set_ring(bench, "RX[1]", 3);
  bench.advance(1min).expect(413009, "Internal-Data0/1:RX[1]=[3]").expect_nothing();
}

TEST_CASE("at most 64 rings are reported") {
  Bench bench;
  for (int i = 0; i < 65; ++i) set_ring(bench, "RX[" + std::to_string(100 + i) + "]", 1);
  bench.advance(1min);
  for (int i = 0; i < 64; ++i) {
    bench.expect(413009, "Internal-Data0/1:RX[" + std::to_string(100 + i) + "]=[1]");
  }
  bench.expect_nothing();
}
