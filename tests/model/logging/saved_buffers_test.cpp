// The full buffer saved to flash and by FTP.
#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

/// A line is `%ASA-4-401001: Shuns cleared` with its LF: 29 bytes, so that the buffer of 4096 bytes
/// takes 141 of them.
constexpr int kLinesInBuffer = 141;

Bench bench_with(const std::string& lines, std::uint64_t flash = 200'000'000) {
  return Bench(std::string(asaemu::test::kBenchConfig) +
                   "logging trap errors\nlogging buffered warnings\n" + lines,
               {{"flash-capacity", flash}});
}

Bench& fill(Bench& bench, int lines) {
  for (int i = 0; i < lines; ++i) bench.command("clear shun");
  return bench;
}

std::string directory(Bench& bench) {
  bench.command("dir flash:/syslog");
  return bench.output();
}

}  // namespace

TEST_CASE("the buffer is saved a second after the line that does not fit any more") {
  Bench bench = bench_with("logging flash-bufferwrap\n");
  fill(bench, kLinesInBuffer).advance(2s);
  CHECK(directory(bench).find("LOG-") == std::string::npos);
  fill(bench, 1).advance(1s - 1ns);
  CHECK(directory(bench).find("LOG-") == std::string::npos);
  bench.advance(1ns);
  CHECK(directory(bench).find("4089         08:00:03 Nov 20 2026  LOG-2026-11-20-080002.TXT") !=
        std::string::npos);
}

TEST_CASE("without bufferwrap nothing is saved, and what waits can be forgotten") {
  Bench bench = bench_with("");
  fill(bench, kLinesInBuffer + 1).advance(2s);
  CHECK(directory(bench).find("LOG-") == std::string::npos);
  bench.commands({"conf t", "logging flash-bufferwrap"});
  fill(bench, kLinesInBuffer);
  bench.command("clear logging queue bufferwrap").advance(2s);
  CHECK(directory(bench).find("LOG-") == std::string::npos);
}

TEST_CASE("old logs make room for new ones within what logs may take") {
  Bench bench = bench_with("logging flash-bufferwrap\nlogging flash-maximum-allocation 8\n");
  for (int i = 0; i < 3; ++i) fill(bench, kLinesInBuffer + (i == 0 ? 1 : 0)).advance(1s);
  const std::string text = directory(bench);
  CHECK(text.find("080000.TXT") == std::string::npos);
  CHECK(text.find("080001.TXT") != std::string::npos);
  CHECK(text.find("080002.TXT") != std::string::npos);
  bench.expect_nothing();
}

TEST_CASE("a log that leaves too little room is not saved, and that is logged") {
  // 3076 KB must stay free beside 4089 bytes of log, which takes a block.
  constexpr std::uint64_t kFree = 3076 * 1024 + 4089;
  Bench probe = bench_with("logging flash-bufferwrap\n");
  fill(probe, kLinesInBuffer + 1).advance(1s);
  const auto& flash = probe.device().tables().flash;
  const std::uint64_t used = flash.capacity() - flash.free_bytes() - asaemu::Flash::kBlock;
  Bench enough = bench_with("logging flash-bufferwrap\n", used + kFree);
  fill(enough, kLinesInBuffer + 1).advance(1s).expect_nothing();
  Bench little = bench_with("logging flash-bufferwrap\n", used + kFree - 1);
  fill(little, kLinesInBuffer + 1).advance(1s);
  little
      .expect(414002,
              "Failed to save logging buffer to flash:/syslog directory using filename "
              "LOG-2026-11-20-080000.TXT: insufficient space")
      .expect_nothing();
}

TEST_CASE("an FTP server that fails is logged with its reason") {
  Bench bench =
      bench_with("logging ftp-bufferwrap\nlogging ftp-server 10.0.0.9 /logs logger Collect0r\n");
  fill(bench, kLinesInBuffer + 1).advance(1s).expect_nothing();
  bench.world("log-ftp-server", {{"log-ftp-server", "10.0.0.9"}, {"state", "down"}});
  fill(bench, kLinesInBuffer).advance(1s);
  bench.expect(414001,
               "Failed to save logging buffer to FTP server 10.0.0.9 using filename "
               "LOG-2026-11-20-080001.TXT on interface inside: Protocol error");
  bench.world("log-ftp-server", {{"log-ftp-server", "10.0.0.9"}, {"state", "login-refused"}});
  fill(bench, kLinesInBuffer).advance(1s);
  bench
      .expect(414001,
              "Failed to save logging buffer to FTP server 10.0.0.9 using filename "
              "LOG-2026-11-20-080002.TXT on interface inside: Invalid username or password")
      .expect_nothing();
}

TEST_CASE("savelog saves what is there under a name of its own") {
  Bench bench = bench_with("");
  fill(bench, 2);
  bench.command("logging savelog evidence.txt");
  CHECK(bench.output().empty());
  CHECK(directory(bench).find("58           08:00:00 Nov 20 2026  evidence.txt") !=
        std::string::npos);
}
