// What the device makes of TCP syslog servers that fail (asa-behaviour A.6), told by the world or by
// the transport.
#include "tests/model/logging/syslog_bench.hpp"

using asaemu::CollectorStatus;
using namespace asaemu::test;
using namespace std::chrono_literals;

TEST_CASE("a lost server ends new connections until the next try that succeeds") {
  Bench bench = bench_with();
  CHECK(passes(bench));
  happen(bench, "refused");
  expect_loss(bench, "denied").expect_nothing();
  CHECK_FALSE(passes(bench));
  bench.advance(25s);
  happen(bench, "up").expect_nothing();
  bench.advance(5s - 1ns).expect_nothing();
  CHECK_FALSE(passes(bench));
  bench.advance(1ns);
  // The server hears first that its channels are back, then what it missed.
  bench.expect(414004, "TCP Syslog Server inside:10.0.0.51/1470 - Connection restored")
      .expect(414003, fmt::format(fmt::runtime(kNotResponding), "denied"))
      .expect(201008, "Disallowing new connections.")
      .expect(414007, "TCP syslog server connection restored. New connections allowed.");
  expect_emblem(bench,
                "%ASA-sys-6-414007: TCP syslog server connection restored. New connections "
                "allowed.",
                166)
      .expect_nothing();
  CHECK(passes(bench));
  check_accounts(bench);
}

TEST_CASE("connections that stand pass traffic while new ones do not") {
  Bench bench = bench_with();
  REQUIRE(passes(bench));
  const auto& connection = *bench.device().tables().connections.all().begin();
  const auto bytes = connection.bytes;
  happen(bench, "refused");
  bench.packet("inside", {{"proto", "tcp"},
                          {"src", to_string(connection.initiator.address)},
                          {"dst", "198.51.100.9"},
                          {"sport", std::to_string(connection.initiator.port.value)},
                          {"dport", "443"},
                          {"flags", "ack"}});
  CHECK(connection.bytes > bytes);
}

TEST_CASE("with permit-hostdown connections pass, and the server's return says why") {
  Bench bench = bench_with("logging permit-hostdown\n");
  bench.advance(1s - 1ns).expect_nothing().advance(1ns);
  constexpr const char* kConnected =
      "TCP Syslog Server inside:10.0.0.51/1470 connected, New connections are permitted based on "
      "logging permit-hostdown policy";
  bench.expect(414005, kConnected);
  expect_emblem(bench, std::string("%ASA-sys-3-414005: ") + kConnected, 163);
  happen(bench, "refused");
  expect_loss(bench, "permitted").expect_nothing();
  CHECK(passes(bench));
  happen(bench, "up").advance(10s);
  bench.expect(414004, "TCP Syslog Server inside:10.0.0.51/1470 - Connection restored")
      .expect(414003, fmt::format(fmt::runtime(kNotResponding), "permitted"))
      .expect(414005, kConnected);
  expect_emblem(bench, std::string("%ASA-sys-3-414005: ") + kConnected, 163).expect_nothing();
}

TEST_CASE(
    "permit-hostdown typed while connections are denied lifts that, and its end brings it back") {
  Bench bench = bench_with();
  happen(bench, "refused");
  expect_loss(bench, "denied");
  bench.commands({"conf t", "logging permit-hostdown"});
  expect_emblem(bench,
                "%ASA-sys-6-414008: New connections are now allowed due to change of logging "
                "permit-hostdown policy.",
                166)
      .expect_nothing();
  CHECK(passes(bench));
  bench.commands({"conf t", "no logging permit-hostdown"});
  expect_emblem(bench, "%ASA-session-3-201008: Disallowing new connections.", 163).expect_nothing();
  CHECK_FALSE(passes(bench));
}

TEST_CASE("a lost server that is taken out of the configuration lifts the denial") {
  Bench bench = bench_with();
  happen(bench, "refused");
  expect_loss(bench, "denied");
  bench.commands({"conf t", "no logging host inside 10.0.0.51"});
  expect_emblem(bench,
                "%ASA-sys-6-414009: TCP syslog server connection removed. New connections allowed.",
                166)
      .expect_nothing();
  CHECK(passes(bench));
  check_accounts(bench);
}

TEST_CASE("logging switched off denies nothing, and switched on again it does") {
  Bench bench = bench_with();
  happen(bench, "refused");
  bench.commands({"conf t", "no logging enable"});
  CHECK(passes(bench));
  bench.commands({"conf t", "logging enable"});
  CHECK_FALSE(passes(bench));
}

TEST_CASE("of two servers the last one lost ends new connections, and the first back allows them") {
  Bench bench = bench_with("logging host inside 10.0.0.52 6/1471\nlogging trap errors\n");
  happen(bench, "refused");
  expect_loss(bench, "permitted");
  bench.expect(414003, fmt::format(fmt::runtime(kNotResponding), "permitted"));
  CHECK(passes(bench));
  happen(bench, "refused", "10.0.0.52");
  CHECK_FALSE(passes(bench));
  happen(bench, "up").advance(10s);
  CHECK(passes(bench));
  happen(bench, "refused");
  CHECK_FALSE(passes(bench));
  bench.commands({"conf t", "no logging host inside 10.0.0.52"});
  CHECK_FALSE(passes(bench));
  check_accounts(bench);
}

TEST_CASE(
    "a server that is not there when it is configured denies at once, and never had a channel") {
  Bench bench = bench_with("no logging host inside 10.0.0.51\n");
  happen(bench, "refused").expect_nothing();
  bench.commands({"conf t", "logging host inside 10.0.0.51 tcp/1470"});
  expect_loss(bench, "denied").expect_nothing();
  CHECK_FALSE(passes(bench));
  happen(bench, "up").advance(10s);
  bench.expect(414003, fmt::format(fmt::runtime(kNotResponding), "denied"));
}

TEST_CASE("what the world did to a server outlives a reload") {
  Bench bench = bench_with();
  happen(bench, "refused");
  expect_loss(bench, "denied");
  bench.command("reload").advance(180s);
  expect_loss(bench, "denied").expect_nothing();
  CHECK_FALSE(passes(bench));
  check_accounts(bench);
  bench.command("reload");
  happen(bench, "up").advance(180s);
  CHECK(passes(bench));
}

TEST_CASE("a server that goes silently is missed after six minutes and not before") {
  Bench bench = bench_with();
  happen(bench, "down").expect_nothing();
  bench.command("clear shun");
  expect_emblem(bench, "%ASA-ips-4-401001: Shuns cleared", 164).expect_nothing();
  CHECK(passes(bench));
  bench.advance(6min - 1ns).expect_nothing().advance(1ns);
  expect_loss(bench, "denied").expect_nothing();
}

TEST_CASE("a server that answers again in time was never missed") {
  Bench bench = bench_with();
  happen(bench, "down").advance(6min - 1ns);
  bench.command("clear shun");
  expect_emblem(bench, "%ASA-ips-4-401001: Shuns cleared", 164);
  happen(bench, "up").expect_line(std::string("<164>") + kCleared).expect_nothing();
  bench.advance(10min).expect_nothing();
}

TEST_CASE("a server that ends its connections once is back after one interval") {
  Bench bench = bench_with();
  happen(bench, "closed");
  expect_loss(bench, "denied");
  bench.advance(10s - 1ns).expect_nothing().advance(1ns);
  bench.expect(414004, "TCP Syslog Server inside:10.0.0.51/1470 - Connection restored");
  CHECK(passes(bench));
}

TEST_CASE(
    "one channel that breaks costs nothing and is told of when it is back, to its server alone") {
  Bench bench = bench_with();
  happen(bench, "channel-lost").expect_nothing();
  CHECK(passes(bench));
  bench.command("clear shun").expect_line(std::string("<164>") + kCleared);
  expect_emblem(bench, "%ASA-ips-4-401001: Shuns cleared", 164);
  bench.advance(10s - 1ns).expect_nothing().advance(1ns);
  bench.expect(414004, "TCP Syslog Server inside:10.0.0.51/1470 - Connection restored")
      .expect_nothing();
  check_accounts(bench);
}

TEST_CASE("a certificate matters to a secure host and to no other") {
  Bench bench = bench_with();
  happen(bench, "certificate").expect_nothing();
  CHECK(passes(bench));
  Bench secure = Bench(std::string(asaemu::test::kBenchConfig) +
                       "logging host inside 10.0.0.51 tcp/6514 secure reference-identity siem\n");
  happen(secure, "certificate");
  CHECK_FALSE(passes(secure));
}

TEST_CASE("the 513th message that a stalled server keeps waiting ends new connections") {
  Bench bench = bench_with("logging trap errors\nlogging message 401001 level 3\n");
  happen(bench, "blocked");
  for (int i = 0; i < 512; ++i) {
    bench.command("clear shun").expect_line("<163>:%ASA-ips-3-401001: Shuns cleared");
  }
  bench.expect_nothing();
  CHECK(passes(bench));
  CHECK(shown(bench, "show logging queue") ==
        "        Logging Queue length limit : 512 msg(s)\n"
        "        0 msg(s) discarded due to queue overflow\n"
        "        0 msg(s) discarded due to memory allocation failure\n"
        "        Current 512 msg on queue, 512 msgs most on queue\n");
  bench.command("clear shun").expect_line("<163>:%ASA-ips-3-401001: Shuns cleared");
  expect_emblem(bench,
                "%ASA-sys-3-414006: TCP syslog server configured and logging queue is full. New "
                "connections denied based on logging permit-hostdown policy.",
                163)
      .expect_nothing();
  CHECK_FALSE(passes(bench));
  // The message about it found the queue full, too.
  CHECK(shown(bench, "show logging queue").find("        2 msg(s) discarded") != std::string::npos);
  happen(bench, "up");
  for (int i = 0; i < 512; ++i) bench.expect_line("<163>%ASA-3-401001: Shuns cleared");
  bench.expect_nothing();
  CHECK(passes(bench));
  check_accounts(bench);
  const auto& destinations = bench.device().account().destinations;
  CHECK(destinations[1].dropped_queue == 2);
  CHECK(destinations[1].pending() == 0);
}

TEST_CASE("a full queue with permit-hostdown drops and says nothing") {
  Bench bench = bench_with("logging queue 1\nlogging permit-hostdown\nlogging trap errors\n");
  happen(bench, "blocked");
  bench.commands({"conf t", "logging message 401001 level 3", "end", "clear shun", "clear shun"});
  bench.expect_line("<163>:%ASA-ips-3-401001: Shuns cleared")
      .expect_line("<163>:%ASA-ips-3-401001: Shuns cleared")
      .expect_nothing();
  CHECK(passes(bench));
}

TEST_CASE("show logging has when a server was lost and how lines fared") {
  Bench bench = bench_with();
  happen(bench, "refused");
  bench.command("clear shun");
  const std::string text = shown(bench, "show logging setting");
  CHECK(
      text.find("        Logging to inside 10.0.0.51 tcp/1470 Not connected since Fri, 20 Nov 2026 "
                "08:00:00 UTC\n") != std::string::npos);
  CHECK(text.find("        NOT_PUTABLE: 0, ALL_CHANNEL_DOWN: 3\n"
                  "        CHANNEL_FLAP_CNT: 1, SYSLOG_PKT_LOSS: 0\n") != std::string::npos);
  happen(bench, "up").advance(10s);
  CHECK(shown(bench, "show logging").find("10.0.0.51 tcp/1470  Connected\n") != std::string::npos);
}

TEST_CASE("a transport that lost its collector has the same consequences") {
  using State = CollectorStatus::State;
  Bench bench = bench_with();
  bench.collector("10.0.0.51", status(State::kUp, 4)).expect_nothing();
  bench.collector("10.0.0.51", status(State::kDown, 0, CollectorStatus::Cause::kReset), false);
  expect_loss(bench, "denied").expect_nothing();
  bench
      .collector("10.0.0.51", status(State::kConnecting, 0, CollectorStatus::Cause::kRefused),
                 false)
      .expect_nothing();
  CHECK_FALSE(passes(bench));
  bench.collector("10.0.0.51", status(State::kUp, 4));
  bench.expect(414004, "TCP Syslog Server inside:10.0.0.51/1470 - Connection restored")
      .expect(414003, fmt::format(fmt::runtime(kNotResponding), "denied"))
      .expect(201008, "Disallowing new connections.")
      .expect(414007, "TCP syslog server connection restored. New connections allowed.");
  CHECK(passes(bench));
  check_accounts(bench);
}

TEST_CASE("a transport that still connects keeps lines waiting and denies nothing") {
  using State = CollectorStatus::State;
  Bench bench = bench_with("logging permit-hostdown\n");
  bench.collector("10.0.0.51", status(State::kConnecting, 0), false).advance(2s).expect_nothing();
  bench.command("clear shun");
  expect_emblem(bench, "%ASA-ips-4-401001: Shuns cleared", 164).expect_nothing();
  bench.collector("10.0.0.51", status(State::kUp, 1)).expect_line(std::string("<164>") + kCleared);
  bench.expect(414005,
               "TCP Syslog Server inside:10.0.0.51/1470 connected, New connections are permitted "
               "based on logging permit-hostdown policy");
  expect_emblem(bench,
                "%ASA-sys-3-414005: TCP Syslog Server inside:10.0.0.51/1470 connected, New "
                "connections are permitted based on logging permit-hostdown policy",
                163);
  bench.collector("10.0.0.51", status(State::kUp, 4)).expect_nothing();
  // One channel of the complete four goes and comes.
  bench.collector("10.0.0.51", status(State::kUp, 3)).expect_nothing();
  bench.collector("10.0.0.51", status(State::kUp, 4))
      .expect(414004, "TCP Syslog Server inside:10.0.0.51/1470 - Connection restored")
      .expect_nothing();
}

TEST_CASE("a transport that takes no more fills the queue and gets it in order") {
  using State = CollectorStatus::State;
  Bench bench = bench_with("logging queue 2\n");
  bench.collector("10.0.0.51", status(State::kUp, 4), false);
  bench.command("clear shun").command("shun 198.51.100.7").command("no shun 198.51.100.7");
  bench.expect_line("<164>:%ASA-ips-4-401001: Shuns cleared")
      .expect_line("<164>:%ASA-ips-4-401002: Shun added: 198.51.100.7 0.0.0.0 0 0")
      .expect_line("<164>:%ASA-ips-4-401003: Shun deleted: 198.51.100.7");
  CHECK_FALSE(passes(bench));
  bench.collector("10.0.0.51", status(State::kUp, 4));
  CHECK(passes(bench));
  check_accounts(bench);
}

TEST_CASE("every line has its place in the accounts whatever happens in which order") {
  using State = CollectorStatus::State;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    asaemu::RandomStream random(seed, "logging", "faults");
    Bench bench = bench_with("logging queue 5\nlogging host inside 10.0.0.52 6/1471\n");
    const std::vector<std::string> commands{
        "clear shun",
        "shun 198.51.100.7",
        "show logging",
        "reload",
    };
    const std::vector<std::string> configuration{"logging permit-hostdown",
                                                 "no logging permit-hostdown",
                                                 "logging queue 0",
                                                 "logging queue 3",
                                                 "no logging host inside 10.0.0.52",
                                                 "logging host inside 10.0.0.52 6/1471",
                                                 "logging trap errors",
                                                 "logging trap debugging",
                                                 "no logging enable",
                                                 "logging enable",
                                                 "no logging message 401001",
                                                 "logging message 401001",
                                                 "logging rate-limit 1 5 level 4"};
    const std::vector<std::string> states{"up",          "down",    "refused",     "closed",
                                          "certificate", "blocked", "channel-lost"};
    const auto one_of = [&](const std::vector<std::string>& from) {
      return from[random.below(from.size())];
    };
    for (int step = 0; step < 150; ++step) {
      const std::string address = random.below(2) == 0 ? "10.0.0.51" : "10.0.0.52";
      switch (random.below(6)) {
        case 0:
          bench.command(commands[random.below(20) == 0 ? 3 : random.below(3)]);
          break;
        case 1:
          bench.commands({"conf t", one_of(configuration)});
          break;
        case 2:
          happen(bench, one_of(states), address);
          break;
        case 3:
          bench.collector(
              address,
              status(static_cast<State>(random.below(3)), static_cast<unsigned>(random.below(5)),
                     static_cast<CollectorStatus::Cause>(random.below(5))),
              random.below(2) == 0);
          break;
        case 4:
          bench.advance(std::chrono::milliseconds(random.below(20000)));
          break;
        default:
          bench.command("clear shun");
      }
      check_accounts(bench);
    }
  }
}
