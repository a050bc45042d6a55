#include "model/state/crypto_engine.hpp"

#include "model/state/crypto_engine_report.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;

namespace {

SimTime at(SimDuration time) {
  return kStart + time;
}

}  // namespace

TEST_CASE("a ring that moves completes what is handed in") {
  JobRing ring;
  REQUIRE(ring.completed(at(1h)) == 0);
  ring.set_rate(at(10s), 1000);
  REQUIRE(ring.completed(at(10s)) == 0);
  REQUIRE(ring.completed(at(12500ms)) == 2500);
  ring.set_rate(at(20s), 1);
  REQUIRE(ring.completed(at(23s)) == 10003);
  REQUIRE(ring.outstanding(at(23s)) == 0);
  REQUIRE(ring.dropped(at(23s)) == 0);
}

TEST_CASE("a year of work at a high rate does not overflow") {
  JobRing ring;
  ring.set_rate(kStart, 1'000'000);
  REQUIRE(ring.completed(at(365 * 24h)) == 31'536'000'000'000);
}

TEST_CASE("jobs wait at a ring that hangs and are dropped when it is full") {
  JobRing ring;
  ring.set_rate(kStart, 1024);
  ring.stop(at(1s));
  REQUIRE(ring.completed(at(2s)) == 1024);
  REQUIRE(ring.outstanding(at(2s)) == 1024);
  REQUIRE(ring.outstanding(at(3s)) == JobRing::kSize);
  REQUIRE(ring.dropped(at(3s)) == 0);
  REQUIRE(ring.outstanding(at(4s)) == JobRing::kSize);
  REQUIRE(ring.dropped(at(4s)) == 1024);
  ring.set_rate(at(4s), 0);
  REQUIRE(ring.dropped(at(9s)) == 1024);
  SECTION("a ring that moves again catches up") {
    ring.go(at(10s));
    REQUIRE(ring.completed(at(10s)) == 1024 + JobRing::kSize);
    REQUIRE(ring.outstanding(at(10s)) == 0);
    REQUIRE(ring.dropped(at(10s)) == 1024);
  }
  SECTION("a reset loses what waited") {
    ring.reset(at(10s));
    REQUIRE(ring.completed(at(10s)) == 1024);
    REQUIRE(ring.dropped(at(10s)) == 1024 + JobRing::kSize);
    REQUIRE_FALSE(ring.is_stopped());
  }
}

TEST_CASE("only a ring that hangs with work keeps a job waiting") {
  JobRing ring;
  ring.stop(at(1s));
  REQUIRE_FALSE(ring.oldest_job().has_value());
  ring.set_rate(at(5s), 10);
  REQUIRE(ring.oldest_job() == at(5s));
  ring.set_rate(at(8s), 0);
  REQUIRE(ring.oldest_job() == at(5s));
  ring.go(at(9s));
  REQUIRE_FALSE(ring.oldest_job().has_value());
}

TEST_CASE("a ring's descriptors lie one behind the other and begin again at its end") {
  JobRing ring;
  ring.set_base(0xC0000000);
  ring.set_rate(kStart, 1);
  REQUIRE(ring.head(kStart) == 0xC0000000);
  REQUIRE(ring.head(at(3s)) == 0xC00000C0);
  REQUIRE(ring.head(at(2047s)) == 0xC001FFC0);
  REQUIRE(ring.head(at(2048s)) == 0xC0000000);
}

TEST_CASE("the bias says which cores work for whom") {
  REQUIRE(split_cores(CryptoBias::kBalanced, 16).ipsec == 8);
  REQUIRE(split_cores(CryptoBias::kIpsec, 16).ipsec == 14);
  REQUIRE(split_cores(CryptoBias::kSsl, 16).ipsec == 2);
  REQUIRE(split_cores(CryptoBias::kSsl, 16).ssl == 14);
  REQUIRE(split_cores(CryptoBias::kSsl, 1).ipsec == 1);
  REQUIRE(split_cores(CryptoBias::kSsl, 1).ssl == 1);
}

TEST_CASE("the shares of several chips add up") {
  std::vector<CryptoChip> chips(2);
  chips[0].ring(CryptoRing::kIpsec).set_rate(kStart, 3);
  chips[1].ring(CryptoRing::kIpsec).set_rate(kStart, 1);
  const auto& hardware = crypto_hardware_of(*find_platform("ASA5585"));
  REQUIRE(describe_load_balance(hardware, chips, at(10s)) ==
          "\nCrypto IPSEC Load Balancing Stats:\n"
          "==================================\n"
          "Engine   Crypto Cores            IPSEC Packets           Distribution (%)\n"
          "======   =====================   =====================   ================\n"
          " 0       IPSEC 8, SSL 8          Total: 30               75.0%\n"
          " 1       IPSEC 8, SSL 8          Total: 10               25.0%\n");
}
