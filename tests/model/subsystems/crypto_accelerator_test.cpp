#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::Release;
using asaemu::SimDuration;
using asaemu::test::Bench;
using asaemu::test::kBenchConfig;
using namespace std::chrono_literals;

namespace {

const char* const kConfig5505 = R"(
interface Vlan1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
logging enable
logging trap debugging
no logging message 111008
no logging message 111009
no logging message 111010
logging host inside 10.0.0.50
)";

const char* const kSkipped =
    "CRYPTO: The ASA is skipping the writing of latest Crypto Archive File as the maximum # of "
    "files ( 2 ) allowed have been written to <crypto_archive>. Please archive remove files from < "
    "crypto_archive > if you want more Crypto Archive Files saved";

std::string created(int number) {
  return "CRYPTO: The ASA created Crypto Archive File <crypto_archive/crypto_arch_" +
         std::to_string(number) +
         ".bin> as a Soft Reset was necessary. Please forward this archived information to Cisco";
}

Bench big() {
  return Bench(kBenchConfig, {}, Release{}, "ASA5585");
}

/// A device that does not log fatal errors and timeouts, whose registers are random.
Bench quiet(std::uint64_t flash_capacity = 0) {
  return Bench(std::string(kBenchConfig) + "no logging message 402124\nno logging message 402125\n",
               {{"flash-capacity", flash_capacity}});
}

Bench& fail(Bench& bench, const char* accelerator = "0") {
  return bench.world("crypto-chip-error",
                     {{"crypto-chip-error", "23"}, {"core", "2"}, {"accelerator", accelerator}});
}

Bench& ring(Bench& bench, const char* name, const char* state) {
  return bench.world("crypto-ring", {{"crypto-ring", name}, {"state", state}});
}

Bench& load(Bench& bench, const char* kind, const char* rate) {
  return bench.world("crypto-load", {{"crypto-load", kind}, {"rate", rate}});
}

Bench& bias(Bench& bench, const char* line) {
  return bench.commands({"configure terminal", line});
}

}  // namespace

TEST_CASE("a command that the chip refuses is named with its code") {
  Bench bench;
  bench.world("crypto-command", {{"crypto-command", "rsa-decrypt"}, {"code", "27"}})
      .expect(
          402123,
          "CRYPTO: The ASA hardware accelerator encountered an error (Invalid PKCS Type, Pad, "
          "or Length, code= 0x1B) while executing the command PKCS1 v1.5 RSA Decrypt (0x1701).");
  bench.world("crypto-command", {{"crypto-command", "ipsec-inbound"}, {"code", "255"}})
      .expect(402123,
              "CRYPTO: The ASA hardware accelerator encountered an error (Unknown Error, code= "
              "0xFF) while executing the command IPsec Inbound (0x4002).");
  bench.world("crypto-command", {{"crypto-command", "rsa-decrypt"}, {"code", "0"}});
  bench.world("crypto-command", {{"crypto-command", "rsa-decrypt"}, {"code", "256"}});
  bench.world("crypto-command",
              {{"crypto-command", "rsa-decrypt"}, {"code", "27"}, {"accelerator", "1"}});
  bench.expect_nothing().command("show crypto accelerator statistics | include error");
  REQUIRE(bench.output() == "   Output error packets: 2\n");
}

TEST_CASE("an older chip's fatal error reports its doorbells") {
  Bench bench(kConfig5505, {}, Release{9, 1, 0, 0}, "ASA5505");
  load(bench, "ipsec", "100");
  ring(bench, "IPSEC", "stuck").advance(1s);
  fail(bench).expect(
      402124,
      "CRYPTO: The ASA hardware accelerator encountered an error (HWErrAddr= 0x40A69300, Core= 2, "
      "HwErrCode= 23, IstatReg= 0x8, PciErrReg= 0x0, CoreErrStat= 0x4C, CoreErrAddr= 0x84448400, "
      "Doorbell Size[0]= 2048, DoorBell Outstanding[0]= 100, Doorbell Size[1]= 0, DoorBell "
      "Outstanding[1]= 0, SWReset= 0)");
}

TEST_CASE("a newer chip's fatal error names the queue") {
  Bench bench = big();
  fail(bench).expect(
      402124,
      "CRYPTO: The ASA hardware accelerator encountered an error (HWErrAddr= 0x40448400, Core= 2, "
      "HwErrCode= 23, Queue= IPSEC (0), IstatReg= 0x8, Station= 3, CoreRptr= 0xC4AE0000, "
      "CoreConfig= "
      "0x41, SWReset= 0)");
  bench.advance(1s).expect(402126, created(1));
  bench.world("crypto-chip-error", {{"crypto-chip-error", "9"}, {"queue", "Admin"}})
      .expect(402124,
              "CRYPTO: The ASA hardware accelerator encountered an error (HWErrAddr= 0x40097000, "
              "Core= 2, "
              "HwErrCode= 9, Queue= Admin (1), IstatReg= 0x8, Station= 2, CoreRptr= 0xC5B40000, "
              "CoreConfig= "
              "0x41, SWReset= 1)");
  bench.command("reload noconfirm").advance(10min);
  fail(bench).expect(
      402124,
      "CRYPTO: The ASA hardware accelerator encountered an error (HWErrAddr= 0x40B90D00, Core= 2, "
      "HwErrCode= 23, Queue= IPSEC (0), IstatReg= 0x8, Station= 3, CoreRptr= 0xC1260000, "
      "CoreConfig= "
      "0x41, SWReset= 0)");
}

TEST_CASE("a chip that failed is reset, and its archive is on flash then") {
  Bench bench(kBenchConfig, {{"crypto-reset-time", SimDuration(3s)}});
  load(bench, "ipsec", "10");
  fail(bench);
  bench.advance(3s - 1ns).command("show crypto accelerator statistics | include Status:");
  REQUIRE(bench.output() == "   Status: OK\n   Status: Resetting\n");
  bench.advance(1ns).command("show crypto accelerator statistics | include Status:");
  REQUIRE(bench.output() == "   Status: OK\n   Status: Active\n");
  bench.command("dir disk0:/crypto_archive");
  REQUIRE(bench.output() ==
          "\nDirectory of disk0:/crypto_archive\n\n"
          "5      -rwx  278528       08:00:03 Nov 20 2026  crypto_arch_1.bin\n"
          "\n8238202880 bytes total (8125964288 bytes free)\n");
  bench.command("show crypto accelerator statistics | include dropped");
  REQUIRE(bench.output() == "   Total dropped packets: 30\n");
}

TEST_CASE("two archives are kept, a third is skipped until one is deleted") {
  Bench bench = quiet();
  const auto crash = [&bench]() -> Bench& { return fail(bench).advance(1s); };
  crash().expect(402126, created(1)).expect_nothing();
  crash().expect(402126, created(2)).expect_nothing();
  crash().expect(402127, kSkipped).expect_nothing();
  bench.command("delete /noconfirm flash:/crypto_archive/crypto_arch_1.bin");
  crash().expect(402126, created(1)).expect_nothing();
  crash().expect(402127, kSkipped).expect_nothing();
}

TEST_CASE("archives outlive a reload") {
  Bench bench = quiet();
  fail(bench).advance(1s).expect(402126, created(1));
  bench.command("reload noconfirm").advance(10min);
  fail(bench).advance(1s).expect(402126, created(2));
  bench.expect_nothing();
}

TEST_CASE("an archive for which there is no room is not written and not reported") {
  Bench bench = quiet(16384);
  fail(bench).advance(1s).expect_nothing();
}

TEST_CASE("a chip takes no notice of faults while it is being reset") {
  Bench bench = quiet();
  fail(bench);
  fail(bench);
  ring(bench, "IPSEC", "stuck");
  load(bench, "ipsec", "10");
  bench.world("crypto-command", {{"crypto-command", "rsa-decrypt"}, {"code", "27"}})
      .expect_nothing();
  bench.advance(1s).expect(402126, created(1)).advance(1min).expect_nothing();
}

TEST_CASE("a ring that hangs with work is noticed when the driver's patience ends") {
  Bench bench;
  load(bench, "ssl", "100");
  bench.advance(1s);
  ring(bench, "Admin", "stuck").advance(5s - 1ns).expect_nothing();
  bench.advance(1ns).expect(
      402125,
      "CRYPTO: The ASA hardware accelerator Admin ring timed out (Desc= 0xC5B41900, CtrlStat= "
      "0x80000000, ResultP= 0xD6A69320, ResultVal= 0, Cmd= 0x1701, CmdSize= 112, Param= 0x0, Dlen= "
      "1133, DataP= 0xD8448400, CtxtP= 0xD5707D00, SWReset= 0)");
  bench.advance(1s).expect(402126, created(1)).expect_nothing();
  bench.command("show crypto accelerator statistics | include dropped");
  REQUIRE(bench.output() == "   Total dropped packets: 600\n");
  bench.advance(1h).expect_nothing();
}

TEST_CASE("the packets' ring times out likewise") {
  Bench bench;
  load(bench, "ipsec", "100");
  ring(bench, "IPSEC", "stuck")
      .advance(5s)
      .expect(
          402125,
          "CRYPTO: The ASA hardware accelerator IPSEC ring timed out (Desc= 0xC4AE0000, CtrlStat= "
          "0x80000000, ResultP= 0xD6A69320, ResultVal= 0, Cmd= 0x4002, CmdSize= 40, Param= 0x0, "
          "Dlen= "
          "1133, DataP= 0xD8448400, CtxtP= 0xD5707D00, SWReset= 0)");
}

TEST_CASE("a ring that moves again in time is not noticed") {
  Bench bench;
  load(bench, "ipsec", "100");
  ring(bench, "IPSEC", "stuck").advance(5s - 1ns);
  ring(bench, "IPSEC", "moving").advance(1h).expect_nothing();
}

TEST_CASE("a ring that hangs without work is noticed only when work comes") {
  Bench bench = quiet();
  ring(bench, "IPSEC", "stuck").advance(1h).expect_nothing();
  load(bench, "ipsec", "1").advance(5s - 1ns).expect_nothing();
  bench.advance(1ns).command("show crypto accelerator statistics | include Resetting");
  REQUIRE(bench.output() == "   Status: Resetting\n");
}

TEST_CASE("a reset cures a ring that hangs and forgets its timeout") {
  Bench bench = quiet();
  load(bench, "ipsec", "100");
  ring(bench, "IPSEC", "stuck").advance(3s);
  fail(bench).advance(1s).expect(402126, created(1));
  bench.advance(1h).expect_nothing();
}

TEST_CASE("each accelerator reports the change of its bias") {
  Bench bench = big();
  bias(bench, "crypto engine accelerator-bias ssl").advance(2s - 1ns).expect_nothing();
  bench.advance(1ns)
      .expect(402131,
              "CRYPTO: Succeeded changing the 0 hardware accelerator's configuration bias from "
              "balanced to ssl.")
      .expect(402131,
              "CRYPTO: Succeeded changing the 1 hardware accelerator's configuration bias from "
              "balanced to ssl.")
      .expect_nothing();
  bench.command("show crypto accelerator load-balance | include IPSEC 2");
  REQUIRE(bench.output() ==
          " 0       IPSEC 2, SSL 14         Total: 0                0.0%\n"
          " 1       IPSEC 2, SSL 14         Total: 0                0.0%\n");
  bias(bench, "crypto engine accelerator-bias ssl").advance(1min).expect_nothing();
}

TEST_CASE("a bias that cannot be changed is tried again, given up, and the old one stays") {
  Bench bench = big();
  bench.world("crypto-microcode", {{"crypto-microcode", "damaged"}, {"accelerator", "1"}});
  bias(bench, "crypto engine accelerator-bias ipsec");
  bench.advance(2s).expect(402131,
                           "CRYPTO: Succeeded changing the 0 hardware accelerator's configuration "
                           "bias from balanced to ipsec.");
  bench.advance(6s - 1ns).expect_nothing();
  bench.advance(1ns)
      .expect(402131,
              "CRYPTO: Failed changing the 1 hardware accelerator's configuration bias from "
              "balanced to ipsec.")
      .expect_nothing();
  bench.command("show crypto accelerator load-balance | include IPSEC 8");
  REQUIRE(bench.output() == " 1       IPSEC 8, SSL 8          Total: 0                0.0%\n");
}

TEST_CASE("a retry succeeds when the microcode is intact again") {
  Bench bench = big();
  bench.world("crypto-microcode", {{"crypto-microcode", "damaged"}});
  bias(bench, "crypto engine accelerator-bias ipsec").advance(3s);
  bench.expect(402131,
               "CRYPTO: Succeeded changing the 1 hardware accelerator's configuration bias from "
               "balanced to ipsec.");
  bench.world("crypto-microcode", {{"crypto-microcode", "intact"}}).advance(1s);
  bench.expect(402131,
               "CRYPTO: Succeeded changing the 0 hardware accelerator's configuration bias from "
               "balanced to ipsec.");
}

TEST_CASE("a change of bias that is taken back in time is none") {
  Bench bench = big();
  bias(bench, "crypto engine accelerator-bias ipsec").advance(1s);
  bias(bench, "no crypto engine accelerator-bias").advance(1h).expect_nothing();
}

TEST_CASE("a configured bias holds after a reload, unless the microcode is damaged") {
  Bench bench(std::string(kBenchConfig) + "crypto engine accelerator-bias ssl\n", {}, Release{},
              "ASA5585");
  bench.expect_nothing().command("show crypto accelerator load-balance | include SSL 14");
  REQUIRE(bench.output() ==
          " 0       IPSEC 2, SSL 14         Total: 0                0.0%\n"
          " 1       IPSEC 2, SSL 14         Total: 0                0.0%\n");
  bench.world("crypto-microcode", {{"crypto-microcode", "damaged"}, {"accelerator", "1"}});
  bench.command("reload noconfirm").advance(10min).expect_nothing();
  bench.command("show crypto accelerator load-balance | include IPSEC 8");
  REQUIRE(bench.output() == " 1       IPSEC 8, SSL 8          Total: 0                0.0%\n");
}

TEST_CASE("a platform without a choice of bias refuses it") {
  Bench bench;
  bias(bench, "crypto engine accelerator-bias ssl").advance(1min).expect_nothing();
  REQUIRE(bench.output() ==
          "ERROR: The bias of this platform's crypto accelerator cannot be changed\n");
}

TEST_CASE("a platform that encrypts in software has nothing that could fail") {
  // The licensing agent of an ASAv has much to say of other things.
  Bench bench(std::string(kBenchConfig) + "no logging trap\nlogging class vpn trap debugging\n", {},
              Release{}, "ASAv");
  load(bench, "ipsec", "100");
  ring(bench, "IPSEC", "stuck");
  bench.world("crypto-command", {{"crypto-command", "rsa-decrypt"}, {"code", "27"}});
  bench.world("crypto-microcode", {{"crypto-microcode", "damaged"}});
  fail(bench).advance(1h).expect_nothing();
  bench.command("show crypto accelerator statistics");
  REQUIRE(bench.output() ==
          "Crypto Accelerator Status\n"
          "-------------------------\n"
          "[Capability]\n"
          "   Supports hardware crypto: False\n"
          "   Supports modular hardware crypto: False\n"
          "   Max accelerators: 0\n"
          "[Global Statistics]\n"
          "   Number of active accelerators: 0\n"
          "   Number of non-operational accelerators: 0\n"
          "   Input packets: 0\n"
          "   Output packets: 0\n"
          "   Output error packets: 0\n"
          "[Accelerator 0]\n"
          "   Status: OK\n"
          "   Software crypto engine\n"
          "   Slot: 0\n");
  bench.command("dir | include crypto_archive");
  REQUIRE(bench.output().empty());
}

TEST_CASE("the statistics count what the chips have done") {
  Bench bench;
  load(bench, "ipsec", "10");
  load(bench, "ssl", "3");
  bench.advance(1min).command("show crypto accelerator statistics | begin Accelerator 1");
  REQUIRE(bench.output() ==
          "[Accelerator 1]\n"
          "   Status: Active\n"
          "   Encryption hardware device : Cisco ASA Crypto on-board accelerator (revision 0x1)\n"
          "                             Boot microcode   : CNPx-MC-Boot-Cisco-1.2\n"
          "                             SSL/IKE microcode: CNPx-MC-IPSEC-Admin-3.03\n"
          "                             IPSec microcode  : CNPx-MC-IPSECm-MAIN-2.03\n"
          "   Slot: 1\n"
          "   Active time: 60 seconds\n"
          "   Total crypto transforms: 780\n"
          "   Total dropped packets: 0\n"
          "   [Input statistics]\n"
          "      Input packets: 600\n"
          "   [Output statistics]\n"
          "      Output packets: 600\n"
          "      Output bad packets: 0\n"
          "   [SSL statistics]\n"
          "      Outbound records: 90\n"
          "      Inbound records: 90\n");
}
