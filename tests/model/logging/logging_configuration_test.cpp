// Commands of logging and what show running-config makes of them.
#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

constexpr const char* kInterfaces = R"(
hostname fw
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
)";

constexpr const char* kEverything =
    R"(logging enable
logging timestamp rfc5424
logging standby
no logging hide username
logging emblem
logging list vpn level warnings class vpn
logging list vpn message 401002-401004
logging buffer-size 8192
logging asdm-buffer-size 200
logging console alerts
logging monitor errors
logging buffered informational
logging trap vpn
logging history warnings
logging asdm notifications
logging mail critical
logging from-address fw@example.net
logging recipient-address soc@example.net level errors
logging facility 23
logging queue 0
logging device-id string edge
logging host inside 10.0.0.50
logging host inside 10.0.0.51 17/5514 format emblem
logging host inside 10.0.0.52 6/1025 timestamp legacy
logging host inside 10.0.0.53 6/1500 secure reference-identity siem
logging debug-trace
logging flash-minimum-free 4000
logging flash-maximum-allocation 2000
logging flash-bufferwrap
logging ftp-bufferwrap
logging permit-hostdown
logging class ips trap errors
no logging message 401001
logging message 401004 level errors
logging rate-limit 100 1 level 6
logging rate-limit 1 10 message 401005
)";

std::string answer(Bench& bench, const std::string& line) {
  bench.commands({"conf t", line});
  return bench.output();
}

std::string shown(Bench& bench, const std::string& line) {
  bench.command(line);
  return bench.output();
}

}  // namespace

TEST_CASE("show running-config prints logging as it was configured") {
  Bench bench(std::string(kInterfaces) + kEverything);
  CHECK(bench.device().unmodelled().empty());
  CHECK(bench.device().refused().empty());
  CHECK(shown(bench, "show running-config logging") == kEverything);
}

TEST_CASE("clear configure logging leaves nothing, and parts of it only theirs") {
  Bench bench(std::string(kInterfaces) + kEverything);
  bench.commands({"conf t", "clear configure logging level", "clear configure logging disabled",
                  "clear configure logging rate-limit"});
  const std::string parts = shown(bench, "show running-config logging");
  CHECK(parts.find("message 401004") == std::string::npos);
  CHECK(parts.find("message 401001") == std::string::npos);
  CHECK(parts.find("rate-limit") == std::string::npos);
  CHECK(parts.find("logging facility 23") != std::string::npos);
  bench.commands({"conf t", "clear configure logging"});
  CHECK(shown(bench, "show running-config logging").empty());
}

TEST_CASE("all shows the limits that messages have of themselves") {
  Bench bench(kInterfaces);
  const auto shows = [&](const std::string& line) {
    return shown(bench, "show running-config all logging").find(line + "\n") != std::string::npos;
  };
  CHECK(shows("logging rate-limit 1 5 message 402116"));
  CHECK(shows("logging rate-limit 1 10 message 405001"));
  CHECK(shows("logging rate-limit 1 1 message 447001"));
  bench.commands({"conf t", "logging rate-limit unlimited message 402116"});
  CHECK_FALSE(shows("logging rate-limit 1 5 message 402116"));
  CHECK(shows("logging rate-limit unlimited message 402116"));
}

TEST_CASE("sixteen hosts can be configured, not seventeen") {
  Bench bench(kInterfaces);
  for (int i = 1; i <= 16; ++i) {
    CHECK(answer(bench, fmt::format("logging host inside 10.0.0.{}", 100 + i)).empty());
  }
  CHECK(answer(bench, "logging host inside 10.0.0.200") ==
        "ERROR: At most 16 syslog hosts can be configured\n");
}

TEST_CASE("ports of syslog hosts begin at 1025, but for the default") {
  Bench bench(kInterfaces);
  constexpr const char* kError = "ERROR: invalid protocol or port {}; ports are 1025-65535\n";
  for (const char* wrong :
       {"tcp/514", "tcp/1024", "udp/1024", "6/1024", "udp/65536", "sctp/2000"}) {
    CHECK(answer(bench, fmt::format("logging host inside 10.0.0.9 {}", wrong)) ==
          fmt::format(fmt::runtime(kError), wrong));
  }
  CHECK(answer(bench, "logging host inside 10.0.0.9 tcp/1025").empty());
  CHECK(answer(bench, "logging host inside 10.0.0.10 udp/514").empty());
  CHECK(answer(bench, "logging host inside 10.0.0.11 udp/65535").empty());
}

TEST_CASE("secure is for TCP and IPv4, EMBLEM for UDP") {
  Bench bench(kInterfaces);
  constexpr const char* kSecure =
      "ERROR: secure is only supported for TCP syslog hosts with an IPv4 address\n";
  CHECK(answer(bench, "logging host inside 10.0.0.9 secure") == kSecure);
  CHECK(answer(bench, "logging host inside 2001:db8::9 tcp/1500 secure") == kSecure);
  CHECK(answer(bench, "logging host inside 10.0.0.9 tcp/1500 secure").empty());
  CHECK(answer(bench, "logging host inside 10.0.0.10 tcp/1500 format emblem") ==
        "ERROR: EMBLEM format is only supported for UDP syslog hosts\n");
}

TEST_CASE("the old place of permit-hostdown is behind a host") {
  Bench bench(kInterfaces);
  CHECK(answer(bench, "logging host inside 10.0.0.9 6/1470 permit-hostdown").empty());
  CHECK(shown(bench, "show running-config logging") ==
        "logging host inside 10.0.0.9 6/1470\nlogging permit-hostdown\n");
}

TEST_CASE("a small platform has a shorter queue") {
  Bench bench("interface Vlan1\n nameif inside\n", {}, {}, "ASA5505");
  CHECK(answer(bench, "logging queue 1024").empty());
  CHECK(answer(bench, "logging queue 1025") ==
        "ERROR: The queue of this platform has at most 1024 messages\n");
  CHECK(answer(bench, "logging queue 0").empty());
  CHECK(shown(bench, "show logging queue").find("limit : 1024 msg(s)") != std::string::npos);
}

TEST_CASE("five recipients of mail, not six") {
  Bench bench(kInterfaces);
  for (int i = 0; i < 5; ++i) {
    CHECK(answer(bench, fmt::format("logging recipient-address soc{}@example.net", i)).empty());
  }
  CHECK(answer(bench, "logging recipient-address more@example.net") ==
        "ERROR: At most 5 recipients can be configured\n");
}

TEST_CASE("a class takes several destinations in one line") {
  Bench bench(kInterfaces);
  CHECK(answer(bench, "logging class ips trap errors buffered 6").empty());
  CHECK(shown(bench, "show running-config logging") ==
        "logging class ips buffered informational\nlogging class ips trap errors\n");
  CHECK(answer(bench, "logging class ips nowhere errors") ==
        "ERROR: nowhere is no destination with a level\n");
  CHECK(answer(bench, "logging class ips trap") == "ERROR: trap is no destination with a level\n");
  CHECK(answer(bench, "no logging class ips").empty());
  CHECK(shown(bench, "show running-config logging").empty());
}

TEST_CASE("the message of a completed start cannot be disabled") {
  Bench bench(kInterfaces);
  CHECK(answer(bench, "no logging message 199002") == "ERROR: Message 199002 cannot be disabled\n");
}

TEST_CASE("show logging message all has every id once") {
  Bench bench(kInterfaces);
  const std::string text = shown(bench, "show logging message all");
  CHECK(text.find("syslog 401004: default-level warnings (enabled)\n") != std::string::npos);
  CHECK(text.find("syslog 444303:") == text.rfind("syslog 444303:"));
}

TEST_CASE("history, mail and ASDM count, and the ASDM buffer keeps its last messages") {
  Bench bench(std::string(kInterfaces) +
              "logging enable\nlogging history 4\nlogging mail 4\nlogging asdm 4\n");
  for (int i = 0; i < 101; ++i) bench.command("clear shun");
  const std::string text = shown(bench, "show logging");
  CHECK(text.find("    History logging: level warnings, 101 messages logged\n") !=
        std::string::npos);
  CHECK(text.find("    Mail logging: level warnings, 101 messages logged\n") != std::string::npos);
  CHECK(text.find("    ASDM logging: level warnings, 101 messages logged\n") != std::string::npos);
  const std::string line = "%ASA-4-401001: Shuns cleared\n";
  CHECK(shown(bench, "show logging asdm").size() == 100 * line.size());
  bench.command("clear logging asdm");
  CHECK(shown(bench, "show logging asdm").empty());
}

TEST_CASE("a standby unit sends to hosts only when it is told to") {
  Bench bench;
  bench.world("failover-role", {{"failover-role", "standby"}});
  bench.command("clear shun").expect_nothing();
  bench.commands({"conf t", "logging standby", "end", "clear shun"})
      .expect(401001, "Shuns cleared");
  bench.commands({"conf t", "no logging standby"});
  bench.world("failover-role", {{"failover-role", "active"}});
  bench.command("clear shun").expect(401001, "Shuns cleared");
}

TEST_CASE("hosts have stamps of their own, and the zone is in legacy and EMBLEM ones") {
  Bench bench(
      std::string(kInterfaces) +
      "clock timezone CET 1\nclock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct "
      "3:00\nlogging enable\nlogging trap 4\nlogging timestamp\n"
      "logging host inside 10.0.0.50\n"
      "logging host inside 10.0.0.51 format emblem\n"
      "logging host inside 10.0.0.52 timestamp rfc5424\n");
  bench.command("clear shun")
      .expect_line("<164>Nov 20 2026 09:00:00: %ASA-4-401001: Shuns cleared")
      .expect_line("<164>:Nov 20 09:00:00 CET: %ASA-ips-4-401001: Shuns cleared")
      .expect_line("<164>2026-11-20T08:00:00Z: %ASA-4-401001: Shuns cleared");
  bench.commands({"conf t", "no clock timezone", "end", "clear shun"})
      .expect_line("<164>Nov 20 2026 08:00:00: %ASA-4-401001: Shuns cleared");
}

TEST_CASE("strict lines end at their limit, LF included") {
  const std::string config = std::string(asaemu::test::kBenchConfig);
  // `<164>%ASA-4-401001: Shuns cleared` has 33 bytes, 34 with its LF.
  Bench whole(config, {{"syslog-line-limit", std::uint64_t{34}}});
  whole.command("clear shun").expect_line("<164>%ASA-4-401001: Shuns cleared");
  Bench cut(config, {{"syslog-line-limit", std::uint64_t{33}}});
  cut.command("clear shun").expect_line("<164>%ASA-4-401001: Shuns cleare");
}

TEST_CASE("a message that is as it was is not among those that were changed") {
  Bench bench;
  const auto changed = [&bench] { return shown(bench, "show logging message"); };
  const auto type = [&bench](const std::string& line) { bench.commands({"conf t", line, "end"}); };
  type("clear configure logging disabled");
  CHECK(changed().empty());
  type("logging message 401002 level 3");
  type("no logging message 401002");
  CHECK(changed() == "syslog 401002: default-level warnings, current-level errors (disabled)\n");
  type("logging message 401002");
  CHECK(changed() == "syslog 401002: default-level warnings, current-level errors (enabled)\n");
  type("no logging message 401002 level 3");
  CHECK(changed().empty());
  type("no logging message 401003");
  type("logging message 401003 level 3");
  type("clear configure logging level");
  CHECK(changed() == "syslog 401003: default-level warnings (disabled)\n");
  type("clear configure logging disabled");
  CHECK(changed().empty());
  type("logging message 401004");
  CHECK(changed().empty());
}
