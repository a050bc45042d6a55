// The header forms are those of captured lines (asa-behaviour A.3, A.4), with a message of ours in
// them.
#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

/// The messages of accounting for one command, which the bench disables.
constexpr std::uint64_t kAccounted = 2;

constexpr const char* kText = "%ASA-4-401001: Shuns cleared";

/// The bench's configuration with these lines behind it.
Bench bench_with(const std::string& lines) {
  return Bench(std::string(asaemu::test::kBenchConfig) + lines);
}

}  // namespace

TEST_CASE("without stamp and device-id the tag follows the PRI") {
  Bench bench;
  bench.command("clear shun").expect_line(std::string("<164>") + kText);
}

TEST_CASE("a device-id stands between blank-colon-blank and the PRI") {
  bench_with("logging device-id hostname\n")
      .command("clear shun")
      .expect_line(std::string("<164>fw : ") + kText);
}

TEST_CASE("a legacy stamp has the year and ends with colon-blank") {
  Bench bench = bench_with("logging timestamp\n");
  bench.advance(30s)
      .command("clear shun")
      .expect_line(std::string("<164>Nov 20 2026 08:00:30: ") + kText);
  bench.advance(999ms)
      .command("clear shun")
      .expect_line(std::string("<164>Nov 20 2026 08:00:30: ") + kText);
  bench.advance(1ms)
      .command("clear shun")
      .expect_line(std::string("<164>Nov 20 2026 08:00:31: ") + kText);
}

TEST_CASE("a legacy stamp with a device-id has one colon, behind the name") {
  bench_with("logging timestamp\nlogging device-id hostname\n")
      .command("clear shun")
      .expect_line(std::string("<164>Nov 20 2026 08:00:00 fw : ") + kText);
}

TEST_CASE("an RFC 5424 stamp is ISO without fraction, in both forms") {
  bench_with("logging timestamp rfc5424\n")
      .command("clear shun")
      .expect_line(std::string("<164>2026-11-20T08:00:00Z: ") + kText);
  bench_with("logging timestamp rfc5424\nlogging device-id string edge-1\n")
      .command("clear shun")
      .expect_line(std::string("<164>2026-11-20T08:00:00Z edge-1 : ") + kText);
}

TEST_CASE("EMBLEM adds a colon, the class and the zone, and leaves year and device-id out") {
  const std::string host =
      "no logging host inside 10.0.0.50\nlogging host inside 10.0.0.50 format emblem\n"
      "logging device-id hostname\n";
  bench_with(host + "logging timestamp\n")
      .command("clear shun")
      .expect_line("<164>:Nov 20 08:00:00 UTC: %ASA-ips-4-401001: Shuns cleared");
  bench_with(host).command("clear shun").expect_line("<164>:%ASA-ips-4-401001: Shuns cleared");
}

TEST_CASE("the device-id is a name, an address, a text, a context or a cluster unit") {
  const auto id = [](const std::string& form) {
    return bench_with("logging device-id " + form + "\n");
  };
  id("ipaddress inside").command("clear shun").expect_line(std::string("<164>10.0.0.1 : ") + kText);
  id("ipaddress outside system")
      .command("clear shun")
      .expect_line(std::string("<164>203.0.113.1 : ") + kText);
  id("string A-Site-7").command("clear shun").expect_line(std::string("<164>A-Site-7 : ") + kText);
  id("context-name").command("clear shun").expect_line(std::string("<164>single_vf : ") + kText);
  id("cluster-id").command("clear shun").expect_line(std::string("<164>0 : ") + kText);
}

TEST_CASE("a device-id string may have sixteen characters, not seventeen") {
  Bench bench;
  bench.commands({"conf t", "logging device-id string 0123456789abcdef", "end", "clear shun"})
      .expect_line(std::string("<164>0123456789abcdef : ") + kText);
  bench.commands({"conf t", "logging device-id string 0123456789abcdefg"});
  REQUIRE(bench.output() == "ERROR: The string may have at most 16 characters\n");
  bench.command("clear shun").expect_line(std::string("<164>0123456789abcdef : ") + kText);
}

TEST_CASE("the header follows a new hostname and a new address at once") {
  Bench bench = bench_with("logging device-id hostname\n");
  bench.commands({"conf t", "hostname fw-new", "end", "clear shun"})
      .expect_line(std::string("<164>fw-new : ") + kText);
  bench
      .commands({"conf t", "logging device-id ipaddress inside", "interface gi0/1",
                 "ip address 10.0.0.2 255.255.255.0", "end", "clear shun"})
      .expect_line(std::string("<164>10.0.0.2 : ") + kText);
}

TEST_CASE("the PRI is eight times the facility plus the level") {
  bench_with("logging facility 16\n")
      .command("clear shun")
      .expect_line(std::string("<132>") + kText);
  bench_with("logging facility 23\n")
      .command("clear shun")
      .expect_line(std::string("<188>") + kText);
}

TEST_CASE("the trap level holds back what is less severe, not what is as severe") {
  Bench warnings = bench_with("logging trap warnings\n");
  warnings.command("clear shun").expect_line(std::string("<164>") + kText);
  Bench errors = bench_with("logging trap errors\n");
  errors.command("clear shun").expect_nothing();
  const auto& account = errors.device().account();
  REQUIRE(account.logged == 1 + kAccounted);
  REQUIRE(account.passed == 1);
  REQUIRE(account.destinations[0].seen == 1);
  REQUIRE(account.destinations[0].below_level == 1);
  REQUIRE(account.destinations[0].offered == 0);
}

TEST_CASE("a message's level changes its tag, its PRI and what the trap level makes of it") {
  Bench bench = bench_with("logging trap warnings\nlogging message 401001 level 2\n");
  bench.command("clear shun").expect_line("<162>%ASA-2-401001: Shuns cleared");
  bench.commands({"conf t", "logging message 401001 level informational", "end", "clear shun"})
      .expect_nothing();
  bench.commands({"conf t", "no logging message 401001 level", "end", "clear shun"})
      .expect_line(std::string("<164>") + kText);
}

TEST_CASE("a disabled message is counted, not sent, until it is enabled") {
  Bench bench;
  bench.commands({"conf t", "no logging message 401001", "end", "clear shun"}).expect_nothing();
  REQUIRE(bench.device().account().disabled == 1 + 4 * kAccounted);
  bench.command("show logging message 401001");
  REQUIRE(bench.output() == "syslog 401001: default-level warnings (disabled)\n");
  bench.commands({"conf t", "logging message 401001", "end", "clear shun"})
      .expect_line(std::string("<164>") + kText);
  REQUIRE(bench.device().account().logged == 2 + 8 * kAccounted + 1);
  REQUIRE(bench.device().account().passed == 1);
}

TEST_CASE("without logging enable nothing is sent") {
  Bench bench = bench_with("no logging enable\n");
  bench.command("clear shun").expect_nothing();
  REQUIRE(bench.device().account().disabled == 1 + kAccounted);
}

TEST_CASE("each logging host gets the message in its own form") {
  Bench bench =
      bench_with("logging host inside 10.0.0.51 udp/5514 format emblem\nlogging timestamp\n");
  bench.command("clear shun")
      .expect_line(std::string("<164>Nov 20 2026 08:00:00: ") + kText)
      .expect_line("<164>:Nov 20 08:00:00 UTC: %ASA-ips-4-401001: Shuns cleared")
      .expect_nothing();
  REQUIRE(bench.device().account().destinations.size() == 2);
}

TEST_CASE("ports of logging hosts are 1025 to 65535, or the protocol's own") {
  const auto answer = [](const std::string& protocol) {
    Bench bench;
    bench.commands({"conf t", "logging host inside 10.0.0.60 " + protocol});
    return bench.output();
  };
  REQUIRE(answer("udp/1025").empty());
  REQUIRE(answer("17/5514").empty());
  REQUIRE(answer("6/1470").empty());
  REQUIRE(answer("udp/514").empty());
  REQUIRE(answer("tcp/65535").empty());
  REQUIRE(answer("udp/1024") == "ERROR: invalid protocol or port udp/1024; ports are 1025-65535\n");
  REQUIRE(answer("tcp/514") == "ERROR: invalid protocol or port tcp/514; ports are 1025-65535\n");
  REQUIRE(answer("tcp/65536") ==
          "ERROR: invalid protocol or port tcp/65536; ports are 1025-65535\n");
}

TEST_CASE("sixteen logging hosts are taken, a seventeenth is not") {
  Bench bench;
  for (int i = 1; i < 16; ++i) {
    bench.commands({"conf t", "logging host inside 10.0.1." + std::to_string(i)});
    REQUIRE(bench.output().empty());
  }
  bench.commands({"conf t", "logging host inside 10.0.1.16"});
  REQUIRE(bench.output() == "ERROR: At most 16 syslog hosts can be configured\n");
}

TEST_CASE("an older release prints the older wording") {
  const auto* type = Bench::catalogue().find("ip_options_bad_option_list");
  REQUIRE(type != nullptr);
  const asaemu::FieldValues values{*asaemu::IpAddress::parse("192.0.2.1"),
                                   *asaemu::IpAddress::parse("10.0.0.1"), std::string("outside")};
  const asaemu::DynamicMessage message(*type, values);
  Bench old(asaemu::test::kBenchConfig, {}, *asaemu::Release::parse("7.2"));
  old.device().emit(old.now(), message.message());
  old.command("show clock")
      .expect_line(
          "<164>%ASA-4-400000: IDS:1000 IP options-Bad Option List from 192.0.2.1 to 10.0.0.1 on "
          "interface outside");
  Bench current;
  current.device().emit(current.now(), message.message());
  current.command("show clock")
      .expect_line(
          "<164>%ASA-4-400000: IPS:1000 IP options-Bad Option List from 192.0.2.1 to 10.0.0.1 on "
          "interface outside");
}

TEST_CASE("show logging has the device's layout") {
  Bench bench = bench_with("logging timestamp\nlogging device-id hostname\n");
  bench.command("clear shun").command("show logging");
  REQUIRE(bench.output() ==
          "Syslog logging: enabled\n"
          "    Facility: 20\n"
          "    Timestamp logging: enabled\n"
          "    Hide Username logging: enabled\n"
          "    Standby logging: disabled\n"
          "    Debug-trace logging: disabled\n"
          "    Console logging: disabled\n"
          "    Monitor logging: disabled\n"
          "    Buffer logging: disabled\n"
          "    Trap logging: level debugging, facility 20, 1 messages logged\n"
          "        Logging to inside 10.0.0.50, UDP TX:1 errors: 0  dropped: 0\n"
          "    Global TCP syslog stats::\n"
          "        NOT_PUTABLE: 0, ALL_CHANNEL_DOWN: 0\n"
          "        CHANNEL_FLAP_CNT: 0, SYSLOG_PKT_LOSS: 0\n"
          "        PARTIAL_REWRITE_CNT: 0\n"
          "    Permit-hostdown logging: disabled\n"
          "    History logging: disabled\n"
          "    Device ID: 'fw'\n"
          "    Mail logging: disabled\n"
          "    ASDM logging: disabled\n");
}
