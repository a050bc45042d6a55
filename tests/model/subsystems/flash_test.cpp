#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::Release;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

using Options = std::vector<std::pair<std::string_view, asaemu::FieldValue>>;

Bench small_disk(std::uint64_t bytes) {
  return Bench(asaemu::test::kBenchConfig, Options{{"flash-capacity", bytes}});
}

}  // namespace

TEST_CASE("a new device has its software and a few directories on flash") {
  Bench bench;
  bench.command("dir");
  REQUIRE(bench.output() ==
          "\nDirectory of disk0:/\n\n"
          "1      -rwx  111947776    08:00:00 Nov 20 2026  asa9-20-smp-k8.bin\n"
          "2      drwx  4096         08:00:00 Nov 20 2026  log\n"
          "3      drwx  4096         08:00:00 Nov 20 2026  coredumpinfo\n"
          "4      drwx  4096         08:00:00 Nov 20 2026  crypto_archive\n"
          "\n8238202880 bytes total (8126242816 bytes free)\n");
  bench.command("show flash:");
  REQUIRE(bench.output() ==
          "--#--  --length--  -----date/time------  path\n"
          "    1  111947776   Nov 20 2026 08:00:00  asa9-20-smp-k8.bin\n"
          "    2  4096        Nov 20 2026 08:00:00  log\n"
          "    3  4096        Nov 20 2026 08:00:00  coredumpinfo\n"
          "    4  4096        Nov 20 2026 08:00:00  crypto_archive\n"
          "\n8238202880 bytes total (8126242816 bytes free)\n");
}

TEST_CASE("directories are made, listed and removed") {
  Bench bench;
  bench.advance(1h).command("mkdir /noconfirm flash:/log/old").command("dir flash:/log");
  REQUIRE(bench.output() ==
          "\nDirectory of disk0:/log\n\n"
          "5      drwx  4096         09:00:00 Nov 20 2026  old\n"
          "\n8238202880 bytes total (8126238720 bytes free)\n");
  bench.command("rmdir disk0:/log");
  REQUIRE(bench.output() == "\n%Error Removing dir disk0:/log (Directory not empty)\n");
  bench.command("rmdir disk0:/log/old");
  REQUIRE(bench.output().empty());
  bench.command("rmdir disk0:/log/old");
  REQUIRE(bench.output() == "\n%Error Removing dir disk0:/log/old (No such file or directory)\n");
  bench.command("mkdir disk0:/log");
  REQUIRE(bench.output() == "\n%Error Creating dir disk0:/log (File exists)\n");
}

TEST_CASE("a deleted file is gone after a reload as well") {
  Bench bench;
  bench.command("delete /noconfirm flash:asa9-20-smp-k8.bin");
  REQUIRE(bench.output().empty());
  bench.command("reload noconfirm").advance(10min).command("dir flash:/asa9-20-smp-k8.bin");
  REQUIRE(bench.output() ==
          "\n%Error opening flash:/asa9-20-smp-k8.bin (No such file or directory)\n");
  bench.command("delete flash:asa9-20-smp-k8.bin");
  REQUIRE(bench.output() ==
          "\n%Error deleting disk0:/asa9-20-smp-k8.bin (No such file or directory)\n");
  bench.command("delete disk0:log");
  REQUIRE(bench.output() == "\n%Error deleting disk0:/log (Is a directory)\n");
  bench.command("delete disk1:/log");
  REQUIRE(bench.output() == "\n%Error deleting disk1:/log (No such file or directory)\n");
}

TEST_CASE("flash outlives a power failure") {
  Bench bench;
  bench.command("mkdir flash:/mine");
  bench.world("power", {{"power", "off"}}).advance(1h);
  bench.world("power", {{"power", "on"}}).advance(1h).command("show flash: | include mine");
  REQUIRE(bench.output() == "    5  4096        Nov 20 2026 08:00:00  mine\n");
}

TEST_CASE("one file is listed by its name") {
  Bench bench;
  bench.command("dir asa9-20-smp-k8.bin");
  REQUIRE(bench.output() ==
          "\nDirectory of disk0:/asa9-20-smp-k8.bin\n\n"
          "1      -rwx  111947776    08:00:00 Nov 20 2026  asa9-20-smp-k8.bin\n"
          "\n8238202880 bytes total (8126242816 bytes free)\n");
}

TEST_CASE("a disk can be smaller than its platform's") {
  Bench bench = small_disk(8192);
  bench.command("dir");
  REQUIRE(bench.output() ==
          "\nDirectory of disk0:/\n\n"
          "1      drwx  4096         08:00:00 Nov 20 2026  log\n"
          "2      drwx  4096         08:00:00 Nov 20 2026  coredumpinfo\n"
          "\n8192 bytes total (0 bytes free)\n");
  bench.command("mkdir flash:/more");
  REQUIRE(bench.output() == "\n%Error Creating dir disk0:/more (No space left on device)\n");
}

TEST_CASE("the software image is named after the release") {
  Bench bench(asaemu::test::kBenchConfig, {}, Release{9, 8, 2, 0}, "ASA5508");
  bench.command("show flash: | include asa");
  REQUIRE(bench.output() == "    1  112478304   Nov 20 2026 08:00:00  asa9-8-2-lfbff-k8.SPA\n");
}
