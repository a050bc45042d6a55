#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::FieldValue;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr auto kInside = "10.0.0.20";
constexpr auto kOutside = "198.51.100.30";

/// H.323 inspection with a map of these lines, which are below `policy-map type inspect`.
std::string config(const std::string& lines = "", const std::string& more = "") {
  std::string text = std::string(asaemu::test::kBenchConfig) + more;
  if (!lines.empty()) text += "policy-map type inspect h323 calls\n" + lines;
  const std::string map = lines.empty() ? "" : " calls";
  return text +
         "class-map traffic\n match default-inspection-traffic\npolicy-map voice\n class traffic\n"
         "  inspect h323 h225" +
         map + "\nservice-policy voice global\n";
}

/// A packet between the two terminals; `in` is where the sender is.
Bench& send(Bench& bench, const std::string& in, const std::string& proto, int sport, int dport,
            Fields more) {
  const bool from_inside = in == "inside";
  Fields fields{{"proto", proto},
                {"src", from_inside ? kInside : kOutside},
                {"dst", from_inside ? kOutside : kInside},
                {"sport", fmt::format("{}", sport)},
                {"dport", fmt::format("{}", dport)}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet(in, fields);
}

/// The inside terminal's call signalling, by default from port 32770.
Bench& call(Bench& bench, Fields more, int sport = 32770) {
  more.emplace_back("flags", "psh+ack");
  return send(bench, "inside", "tcp", sport, 1720, std::move(more));
}
Bench& answer(Bench& bench, Fields more, int dport = 32770) {
  more.emplace_back("flags", "psh+ack");
  return send(bench, "outside", "tcp", 1720, dport, std::move(more));
}
void connect(Bench& bench, const std::string& in, int sport, int dport) {
  const std::string out = in == "inside" ? "outside" : "inside";
  send(bench, in, "tcp", sport, dport, {{"flags", "syn"}});
  send(bench, out, "tcp", dport, sport, {{"flags", "syn+ack"}});
  send(bench, in, "tcp", sport, dport, {{"flags", "ack"}});
}
void set_up(Bench& bench, Fields more = {}) {
  connect(bench, "inside", 32770, 1720);
  more.emplace_back("h225-message", "setup");
  call(bench, std::move(more));
}
/// The outside terminal reaches for a port inside; whether it gets through.
bool reaches(Bench& bench, const std::string& proto, int dport, int sport = 40000) {
  const auto before = bench.device().tables().connections.size();
  send(bench, "outside", proto, sport, dport, {{"flags", "syn"}});
  return bench.device().tables().connections.size() > before;
}
/// A call whose H.245 connection, from outside to 11004 inside, is there.
void control(Bench& bench) {
  set_up(bench, {{"h225-h245-port", "11004"}});
  connect(bench, "outside", 40004, 11004);
}
Bench& control_from(Bench& bench, const std::string& in, Fields more) {
  more.emplace_back("flags", "psh+ack");
  const bool from_inside = in == "inside";
  return send(bench, in, "tcp", from_inside ? 11004 : 40004, from_inside ? 40004 : 11004,
              std::move(more));
}
/// The outside terminal opens a channel that the inside one takes at this port.
void open_channel(Bench& bench, const std::string& port, Fields more = {}) {
  more.emplace_back("h245-message", "open-logical-channel");
  control_from(bench, "outside", std::move(more));
  control_from(bench, "inside",
               {{"h245-message", "open-logical-channel-ack"}, {"h245-media-port", port}});
}

std::size_t connections(Bench& bench) {
  return bench.device().tables().connections.size();
}

std::string output(Bench& bench, const std::string& line) {
  return bench.command(line).output();
}

}  // namespace

TEST_CASE("an H225 message before SETUP is reported, and the same behind it is not") {
  Bench bench(config());
  connect(bench, "inside", 32770, 1720);
  answer(bench, {{"h225-message", "call-proceeding"}, {"h225-h245-port", "11003"}})
      .expect(405104,
              "H225 message CALL PROCEEDING received from 198.51.100.30/1720 to 10.0.0.20/32770 "
              "before SETUP");
  call(bench, {{"h225-message", "release-complete"}})
      .expect(405104,
              "H225 message RELEASE COMPLETE received from 10.0.0.20/32770 to 198.51.100.30/1720 "
              "before SETUP");
  call(bench, {{"h225-message", "setup"}});
  answer(bench, {{"h225-message", "call-proceeding"}});
  answer(bench, {{"h225-message", "alerting"}}).expect_nothing();
}

TEST_CASE("what came before SETUP is dropped with the address in it") {
  Bench bench(config());
  connect(bench, "inside", 32770, 1720);
  call(bench, {{"h225-message", "facility"}, {"h225-h245-port", "11004"}})
      .expect(405104,
              "H225 message FACILITY received from 10.0.0.20/32770 to 198.51.100.30/1720 before "
              "SETUP");
  CHECK_FALSE(reaches(bench, "tcp", 11004));
}

TEST_CASE("a FACILITY may come before SETUP if the map says so and nothing else may") {
  Bench bench(config(" parameters\n  early-message facility\n"));
  connect(bench, "inside", 32770, 1720);
  call(bench, {{"h225-message", "facility"}}).expect_nothing();
  call(bench, {{"h225-message", "alerting"}})
      .expect(405104,
              "H225 message ALERTING received from 10.0.0.20/32770 to 198.51.100.30/1720 before "
              "SETUP");
}

TEST_CASE("signalling that does not begin with 8 is reported and let through") {
  Bench bench(config());
  set_up(bench);
  call(bench, {{"q931-discriminator", "8"}}).expect_nothing();
  call(bench, {{"q931-discriminator", "9"}})
      .expect(405103,
              "H225 message from 10.0.0.20/32770 to 198.51.100.30/1720 contains bad protocol "
              "discriminator 0x9");
  CHECK(connections(bench) == 1);
}

TEST_CASE("nothing is inspected on connections that no policy takes") {
  Bench bench;
  connect(bench, "inside", 32770, 1720);
  call(bench, {{"h225-message", "alerting"}, {"q931-discriminator", "9"}}).expect_nothing();
}

TEST_CASE("an offered H245 address lets the other end through once and nobody else") {
  Bench bench(config());
  set_up(bench);
  CHECK_FALSE(reaches(bench, "tcp", 11004));
  call(bench, {{"h225-message", "information"}, {"h225-h245-port", "11004"}});
  CHECK_FALSE(reaches(bench, "tcp", 11005));
  bench.packet("outside", {{"proto", "tcp"},
                           {"src", "198.51.100.31"},
                           {"dst", kInside},
                           {"sport", "40000"},
                           {"dport", "11004"}});
  CHECK(connections(bench) == 1);
  CHECK(reaches(bench, "tcp", 11004));
  CHECK_FALSE(reaches(bench, "tcp", 11004, 40001));
  bench.expect_nothing();
}

TEST_CASE("a pinhole that nothing came through closes after the H323 timeout") {
  for (const auto& [wait, passes] : {std::pair(2min - 1ns, true), std::pair(2min + 0ns, false)}) {
    Bench bench(config("", "timeout h323 0:02:00 h225 1:00:00\n"));
    set_up(bench, {{"h225-h245-port", "11004"}});
    bench.advance(wait);
    CHECK(reaches(bench, "tcp", 11004) == passes);
  }
}

TEST_CASE("a pinhole without timeout stays") {
  Bench bench(config("", "timeout h323 0:00:00 h225 0:00:00\n"));
  set_up(bench, {{"h225-h245-port", "11004"}});
  bench.advance(48h);
  CHECK(reaches(bench, "tcp", 11004));
}

TEST_CASE("H245 that finds no room for its pinhole is reported with the known port's side") {
  Bench bench(config(), {{"h323-pinholes", FieldValue(std::uint64_t{1})}});
  set_up(bench, {{"h225-h245-port", "11004"}});
  answer(bench, {{"h225-message", "connect"}, {"h225-h245-port", "11003"}})
      .expect(405102,
              "Unable to Pre-allocate H245 Connection for faddr 198.51.100.30/11003 to laddr "
              "10.0.0.20");
  call(bench, {{"h225-message", "facility"}, {"h225-h245-port", "11006"}})
      .expect(405102,
              "Unable to Pre-allocate H245 Connection for faddr 198.51.100.30 to laddr "
              "10.0.0.20/11006");
  call(bench, {{"h225-message", "facility"}, {"h225-h245-port", "11004"}}).expect_nothing();
  bench.advance(5min);
  call(bench, {{"h225-message", "facility"}, {"h225-h245-port", "11006"}}).expect_nothing();
}

TEST_CASE("a call beyond the bound is not followed and gets no H245") {
  Bench bench(config(), {{"h323-calls", FieldValue(std::uint64_t{2})}});
  set_up(bench);
  call(bench, {{"h225-message", "setup"}, {"h225-call-reference", "2"}});
  call(bench, {{"h225-message", "setup"}, {"h225-call-reference", "3"}}).expect_nothing();
  call(bench,
       {{"h225-message", "facility"}, {"h225-call-reference", "3"}, {"h225-h245-port", "11004"}})
      .expect(405102,
              "Unable to Pre-allocate H245 Connection for faddr 198.51.100.30 to laddr "
              "10.0.0.20/11004");
  call(bench, {{"h225-message", "release-complete"}, {"h225-call-reference", "2"}});
  call(bench,
       {{"h225-message", "setup"}, {"h225-call-reference", "3"}, {"h225-h245-port", "11004"}})
      .expect_nothing();
  CHECK(reaches(bench, "tcp", 11004));
}

TEST_CASE("an H245 address of a call that nobody began opens nothing") {
  Bench bench(config());
  set_up(bench);
  answer(bench,
         {{"h225-message", "connect"}, {"h225-call-reference", "2"}, {"h225-h245-port", "11003"}})
      .expect_nothing();
  call(bench,
       {{"h225-message", "facility"}, {"h225-call-reference", "2"}, {"h225-h245-port", "11004"}})
      .expect_nothing();
  CHECK_FALSE(reaches(bench, "tcp", 11004));
}

TEST_CASE("a connection beyond the bound passes without inspection") {
  Bench bench(config(), {{"h323-connections", FieldValue(std::uint64_t{1})}});
  connect(bench, "inside", 32770, 1720);
  connect(bench, "inside", 32771, 1720);
  call(bench, {{"h225-message", "alerting"}}, 32771).expect_nothing();
  call(bench, {{"h225-message", "alerting"}})
      .expect(405104,
              "H225 message ALERTING received from 10.0.0.20/32770 to 198.51.100.30/1720 before "
              "SETUP");
}

TEST_CASE("an acknowledged channel lets RTP and RTCP through until the call ends") {
  Bench bench(config());
  control(bench);
  open_channel(bench, "20000");
  CHECK(reaches(bench, "udp", 20000, 30000));
  CHECK(reaches(bench, "udp", 20001, 30001));
  CHECK_FALSE(reaches(bench, "udp", 20002, 30002));
  open_channel(bench, "20010", {{"h245-channel", "1"}});
  CHECK(connections(bench) == 4);
  answer(bench, {{"h225-message", "release-complete"}});
  CHECK(connections(bench) == 1);
  CHECK_FALSE(reaches(bench, "udp", 20010, 30010));
  bench.expect_nothing();
}

TEST_CASE("the opener of a channel gets RTCP where it said") {
  Bench bench(config());
  control(bench);
  control_from(bench, "inside",
               {{"h245-message", "open-logical-channel"}, {"h245-control-port", "20101"}});
  CHECK_FALSE(reaches(bench, "udp", 20101, 30001));
  control_from(bench, "outside",
               {{"h245-message", "open-logical-channel-ack"}, {"h245-media-port", "30000"}});
  CHECK(reaches(bench, "udp", 20101, 30001));
}

TEST_CASE("channels that were refused or closed or never asked for open nothing") {
  Bench bench(config());
  control(bench);
  control_from(bench, "inside",
               {{"h245-message", "open-logical-channel-ack"}, {"h245-media-port", "20000"}});
  CHECK_FALSE(reaches(bench, "udp", 20000));
  const Fields ack{{"h245-message", "open-logical-channel-ack"}, {"h245-media-port", "20000"}};
  control_from(bench, "outside", {{"h245-message", "open-logical-channel"}});
  control_from(bench, "inside", {{"h245-message", "open-logical-channel-reject"}});
  control_from(bench, "inside", ack);
  CHECK_FALSE(reaches(bench, "udp", 20000));
  control_from(bench, "outside", {{"h245-message", "open-logical-channel"}});
  control_from(bench, "outside", {{"h245-message", "close-logical-channel"}});
  control_from(bench, "inside", ack);
  CHECK_FALSE(reaches(bench, "udp", 20000));
}

TEST_CASE("a call has at most 32 logical channels") {
  Bench bench(config());
  control(bench);
  for (int channel = 1; channel <= 33; ++channel) {
    const auto number = fmt::format("{}", channel);
    control_from(bench, "outside",
                 {{"h245-message", "open-logical-channel"}, {"h245-channel", number}});
    control_from(bench, "inside",
                 {{"h245-message", "open-logical-channel-ack"},
                  {"h245-channel", number},
                  {"h245-media-port", fmt::format("{}", 20000 + 2 * channel)}});
  }
  CHECK(reaches(bench, "udp", 20064));
  CHECK_FALSE(reaches(bench, "udp", 20066));
}

TEST_CASE("a call can have 128 pinholes that wait and 128 connections that end with it") {
  Bench bench(config());
  set_up(bench);
  const auto offer = [&](int port) -> Bench& {
    return call(bench, {{"h225-message", "facility"}, {"h225-h245-port", fmt::format("{}", port)}});
  };
  for (int port = 12001; port <= 12128; ++port) offer(port).expect_nothing();
  offer(12129).expect(405102,
                      "Unable to Pre-allocate H245 Connection for faddr 198.51.100.30 to laddr "
                      "10.0.0.20/12129");
  for (int port = 12001; port <= 12128; ++port) CHECK(reaches(bench, "tcp", port));
  offer(12129).expect_nothing();
  CHECK(reaches(bench, "tcp", 12129));
  call(bench, {{"h225-message", "release-complete"}});
  CHECK(connections(bench) == 2);
}

TEST_CASE("a kind of media that the map refuses gets no channel") {
  Bench bench(config(" match media-type video\n  drop log\n"));
  control(bench);
  open_channel(bench, "20000");
  control_from(bench, "outside",
               {{"h245-message", "open-logical-channel"},
                {"h245-channel", "2"},
                {"h245-media-type", "video"}})
      .expect(405106,
              "H323 2 channel is not created from 198.51.100.30/40004 to 10.0.0.20/11004 matched "
              "Class 22: match media-type video");
  control_from(bench, "inside",
               {{"h245-message", "open-logical-channel-ack"},
                {"h245-channel", "2"},
                {"h245-media-port", "20010"}})
      .expect_nothing();
  CHECK(reaches(bench, "udp", 20000));
  CHECK_FALSE(reaches(bench, "udp", 20010));
}

TEST_CASE("media are refused by a class of the map and with the connection if it says so") {
  Bench bench(config(" class pictures\n  drop-connection log\n",
                     "class-map type inspect h323 match-any pictures\n match media-type video\n"
                     " match media-type data\n"));
  control(bench);
  control_from(bench, "outside",
               {{"h245-message", "open-logical-channel"}, {"h245-media-type", "audio"}})
      .expect_nothing();
  CHECK(connections(bench) == 2);
  control_from(bench, "outside",
               {{"h245-message", "open-logical-channel"}, {"h245-media-type", "data"}})
      .expect(405106,
              "H323 1 channel is not created from 198.51.100.30/40004 to 10.0.0.20/11004 matched "
              "Class 22: pictures");
  CHECK(connections(bench) == 1);
}

TEST_CASE("a refusal without log is silent and a log alone refuses nothing") {
  for (const std::string action : {"drop", "log"}) {
    Bench bench(config(" match media-type audio\n  " + action + "\n"));
    control(bench);
    open_channel(bench, "20000");
    bench.expect_nothing();
    CHECK(reaches(bench, "udp", 20000) == (action == "log"));
  }
}

TEST_CASE("an H245 tunnel is cut off where the map blocks it") {
  Bench bench(config(" parameters\n  h245-tunnel-block action drop-connection\n"));
  connect(bench, "inside", 32770, 1720);
  call(bench, {{"h225-message", "setup"}, {"h225-h245-tunneling", "yes"}})
      .expect(405107,
              "H245 Tunnel is detected and connection dropped from 10.0.0.20/32770 to "
              "198.51.100.30/1720 matched h245-tunnel-block")
      .expect_nothing();
  CHECK(connections(bench) == 0);
}

TEST_CASE("an H245 tunnel carries channels where the map does not block it") {
  for (const std::string action : {"", "  h245-tunnel-block action log\n"}) {
    Bench bench(config(" parameters\n  rtp-conformance\n" + action));
    set_up(bench, {{"h225-h245-tunneling", "yes"}});
    answer(bench, {{"h225-message", "facility"},
                   {"h225-h245-tunneling", "yes"},
                   {"h245-message", "open-logical-channel"}});
    call(bench, {{"h225-message", "facility"},
                 {"h225-h245-tunneling", "yes"},
                 {"h245-message", "open-logical-channel-ack"},
                 {"h245-media-port", "20000"}})
        .expect_nothing();
    CHECK(reaches(bench, "udp", 20000));
  }
}

TEST_CASE("signalling idles for the H225 timeout and control and media for that of H323") {
  Bench bench(config("", "timeout h323 0:04:00 h225 0:10:00\n"));
  control(bench);
  open_channel(bench, "20000");
  reaches(bench, "udp", 20000);
  CHECK(connections(bench) == 3);
  bench.advance(4min - 1ns);
  CHECK(connections(bench) == 3);
  bench.advance(1ns);
  CHECK(connections(bench) == 1);
  bench.advance(6min - 1ns);
  CHECK(connections(bench) == 1);
  bench.advance(1ns);
  CHECK(connections(bench) == 0);
}

TEST_CASE("an H225 timeout of a second means with the last call") {
  Bench bench(config("", "timeout h225 0:00:01\n"));
  set_up(bench);
  call(bench, {{"h225-message", "setup"}, {"h225-call-reference", "2"}});
  bench.advance(24h);
  answer(bench, {{"h225-message", "release-complete"}, {"h225-call-reference", "2"}});
  CHECK(connections(bench) == 1);
  answer(bench, {{"h225-message", "release-complete"}});
  CHECK(connections(bench) == 0);
}

TEST_CASE("a call ends when its duration limit has passed since CONNECT") {
  Bench bench(config(" parameters\n  call-duration-limit 0:03:00\n"));
  control(bench);
  bench.advance(1min);
  answer(bench, {{"h225-message", "connect"}});
  bench.advance(3min - 1ns);
  CHECK(connections(bench) == 2);
  bench.advance(1ns);
  CHECK(connections(bench) == 0);
  bench.expect_nothing();
}

TEST_CASE("state checking drops messages that go back in a call") {
  for (const bool checks : {false, true}) {
    Bench bench(config(checks ? " parameters\n  state-checking h225\n" : ""));
    set_up(bench);
    answer(bench, {{"h225-message", "call-proceeding"}});
    answer(bench, {{"h225-message", "progress"}});
    answer(bench, {{"h225-message", "connect"}});
    call(bench, {{"h225-message", "alerting"}, {"h225-h245-port", "11004"}}).expect_nothing();
    CHECK(reaches(bench, "tcp", 11004) != checks);
  }
}

TEST_CASE("calls are refused by number and for want of numbers") {
  Bench bench(
      config(" match called-party regex premium\n  reset\n parameters\n  call-party-number\n",
             "regex premium \"^0900\"\n"));
  connect(bench, "inside", 32770, 1720);
  const auto calls = [&](const std::string& number) {
    call(bench,
         {{"h225-message", "setup"}, {"h225-calling-party", "20"}, {"h225-called-party", number}});
    return output(bench, "show h225").starts_with("Total H.323 Calls: 1\n");
  };
  call(bench, {{"h225-message", "setup"}, {"h225-called-party", "0301234"}});
  CHECK(output(bench, "show h225").starts_with("Total H.323 Calls: 0\n"));
  CHECK(calls("0301234"));
  CHECK(connections(bench) == 1);
  CHECK_FALSE(calls("0900555"));
  CHECK(connections(bench) == 0);
}

TEST_CASE("H225 sessions are shown with the calls on them") {
  Bench bench(config());
  set_up(bench, {{"h225-call-reference", "9861"}});
  CHECK(output(bench, "show h225") ==
        "Total H.323 Calls: 1\n"
        "1 Concurrent Call(s) for\n"
        "    Local:   10.0.0.20/32770   Foreign: 198.51.100.30/1720\n"
        "    1. CRV 9861\n"
        "    Local:   10.0.0.20/32770   Foreign: 198.51.100.30/1720\n");
  call(bench, {{"h225-message", "release-complete"}, {"h225-call-reference", "9861"}});
  CHECK(output(bench, "show h225") ==
        "Total H.323 Calls: 0\n"
        "0 Concurrent Call(s) for\n"
        "    Local:   10.0.0.20/32770   Foreign: 198.51.100.30/1720\n");
}

TEST_CASE("H245 sessions are shown with their media") {
  Bench bench(config());
  control(bench);
  open_channel(bench, "49608", {{"h245-channel", "1"}, {"h245-control-port", "49701"}});
  CHECK(output(bench, "show h245") ==
        "Total: 1\n"
        "        LOCAL                   TPKT    FOREIGN                 TPKT\n"
        "1       10.0.0.20/11004         0       198.51.100.30/40004     0\n"
        "        MEDIA: LCN 1 Foreign 198.51.100.30 RTP 49700 RTCP 49701\n"
        "                       Local   10.0.0.20 RTP 49608 RTCP 49609\n");
}

TEST_CASE("the H323 map refuses lines that it does not know") {
  Bench bench;
  bench.commands({"configure terminal", "policy-map type inspect h323 calls", "parameters",
                  "state-checking sip"});
  CHECK(bench.output() != std::string());
  bench.commands({"configure terminal", "policy-map type inspect h323 calls", "parameters",
                  "call-duration-limit 1163:00:01"});
  CHECK(bench.output() != std::string());
  bench.commands({"configure terminal", "policy-map type inspect h323 calls", "parameters",
                  "call-duration-limit 1163:00:00"});
  CHECK(bench.output() == std::string());
  bench.commands(
      {"configure terminal", "policy-map type inspect h323 calls", "match media-type pictures"});
  CHECK(bench.output() != std::string());
}
