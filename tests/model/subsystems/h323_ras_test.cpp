#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::FieldValue;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr auto kGatekeeper = "198.51.100.5";
constexpr auto kEndpoint = "10.0.0.20";

/// RAS inspection, by a map of these parameters; requests from outside are allowed in.
std::string config(const std::string& parameters = "") {
  std::string text = std::string(asaemu::test::kBenchConfig) +
                     "access-list ras extended permit udp any any eq 1719\n"
                     "access-group ras in interface outside\n";
  if (!parameters.empty()) {
    text += "policy-map type inspect h323 calls\n parameters\n" + parameters;
  }
  const std::string map = parameters.empty() ? "" : " calls";
  return text +
         "class-map traffic\n match default-inspection-traffic\npolicy-map voice\n class traffic\n"
         "  inspect h323 h225\n  inspect h323 ras" +
         map + "\nservice-policy voice global\n";
}

/// An endpoint inside asks a gatekeeper outside.
Bench& ask(Bench& bench, const std::string& message, Fields more = {},
           const std::string& dport = "1719") {
  Fields fields{{"proto", "udp"},  {"src", kEndpoint}, {"dst", kGatekeeper},
                {"sport", "1719"}, {"dport", dport},   {"ras-message", message}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("inside", fields);
}
Bench& reply(Bench& bench, const std::string& message, Fields more = {},
             const std::string& sport = "1719") {
  Fields fields{{"proto", "udp"}, {"src", kGatekeeper}, {"dst", kEndpoint},
                {"sport", sport}, {"dport", "1719"},    {"ras-message", message}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("outside", fields);
}
/// The same between an endpoint outside, 198.51.100.30, and a gatekeeper inside, 10.0.0.5.
Bench& ask_inside(Bench& bench, const std::string& message, Fields more = {}) {
  Fields fields{{"proto", "udp"},  {"src", "198.51.100.30"}, {"dst", "10.0.0.5"},
                {"sport", "1719"}, {"dport", "1719"},        {"ras-message", message}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("outside", fields);
}
Bench& reply_inside(Bench& bench, const std::string& message, Fields more = {}) {
  Fields fields{{"proto", "udp"},  {"src", "10.0.0.5"}, {"dst", "198.51.100.30"},
                {"sport", "1719"}, {"dport", "1719"},   {"ras-message", message}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("inside", fields);
}

/// Whether somebody outside gets through to a port inside.
bool reaches(Bench& bench, const std::string& from, const std::string& to, const std::string& dport,
             const std::string& proto = "tcp") {
  const auto before = bench.device().tables().connections.size();
  bench.packet("outside", {{"proto", proto},
                           {"src", from},
                           {"dst", to},
                           {"sport", "40000"},
                           {"dport", dport},
                           {"flags", "syn"}});
  return bench.device().tables().connections.size() > before;
}

constexpr auto kUnasked =
    "H323 RAS message AdmissionConfirm received from 198.51.100.5/1719 to 10.0.0.20/1719 without "
    "an AdmissionRequest";

}  // namespace

TEST_CASE("an AdmissionConfirm that nobody asked for is reported") {
  Bench bench(config());
  reply(bench, "acf").expect(405105, kUnasked);
  ask(bench, "arq", {{"ras-sequence", "7"}});
  reply(bench, "acf", {{"ras-sequence", "8"}}).expect(405105, kUnasked);
  reply(bench, "acf", {{"ras-sequence", "7"}}).expect_nothing();
  reply(bench, "acf", {{"ras-sequence", "7"}}).expect(405105, kUnasked);
}

TEST_CASE("an AdmissionRequest waits fifteen seconds for its answer") {
  for (const auto& [wait, is_late] : {std::pair(15s - 1ns, false), std::pair(15s + 0ns, true)}) {
    Bench bench(config());
    ask(bench, "arq");
    bench.advance(wait);
    reply(bench, "acf");
    if (is_late) bench.expect(405105, kUnasked);
    bench.expect_nothing();
  }
}

TEST_CASE("a rejected AdmissionRequest is over and a RegistrationRequest is none") {
  Bench bench(config());
  ask(bench, "arq");
  reply(bench, "arj");
  reply(bench, "acf").expect(405105, kUnasked);
  ask(bench, "rrq");
  reply(bench, "acf").expect(405105, kUnasked);
  ask(bench, "arq");
  reply(bench, "rrj");
  reply(bench, "acf").expect_nothing();
}

TEST_CASE("RAS is not inspected where no policy says so") {
  Bench bench;
  ask(bench, "irr");
  reply(bench, "acf").expect_nothing();
}

TEST_CASE("an admitted endpoint may call the address it was given and no other") {
  Bench bench(config());
  ask_inside(bench, "arq");
  CHECK_FALSE(reaches(bench, "198.51.100.30", "10.0.0.20", "1720"));
  reply_inside(bench, "acf", {{"ras-signal-address", "10.0.0.20"}});
  CHECK_FALSE(reaches(bench, "198.51.100.31", "10.0.0.20", "1720"));
  CHECK_FALSE(reaches(bench, "198.51.100.30", "10.0.0.20", "1721"));
  CHECK(reaches(bench, "198.51.100.30", "10.0.0.20", "1720"));
  bench.expect_nothing();
}

TEST_CASE("an admission pinhole closes after the H323 timeout") {
  for (const auto& [wait, passes] : {std::pair(5min - 1ns, true), std::pair(5min + 0ns, false)}) {
    Bench bench(config());
    ask_inside(bench, "arq");
    reply_inside(bench, "acf", {{"ras-signal-address", "10.0.0.20"}, {"ras-signal-port", "2720"}});
    bench.advance(wait);
    CHECK(reaches(bench, "198.51.100.30", "10.0.0.20", "2720") == passes);
  }
}

TEST_CASE("signalling through an admission pinhole is inspected on any port") {
  Bench bench(config());
  ask_inside(bench, "arq");
  reply_inside(bench, "acf", {{"ras-signal-address", "10.0.0.20"}, {"ras-signal-port", "2720"}});
  REQUIRE(reaches(bench, "198.51.100.30", "10.0.0.20", "2720"));
  bench
      .packet("outside", {{"proto", "tcp"},
                          {"src", "198.51.100.30"},
                          {"dst", "10.0.0.20"},
                          {"sport", "40000"},
                          {"dport", "2720"},
                          {"flags", "psh+ack"},
                          {"h225-message", "connect"}})
      .expect(405104,
              "H225 message CONNECT received from 198.51.100.30/40000 to 10.0.0.20/2720 before "
              "SETUP");
}

TEST_CASE("an unasked AdmissionConfirm opens nothing") {
  for (const std::string parameters : {"", "  state-checking ras\n"}) {
    Bench bench(config(parameters));
    ask_inside(bench, "irr");
    reply_inside(bench, "acf", {{"ras-signal-address", "10.0.0.20"}})
        .expect(405105,
                "H323 RAS message AdmissionConfirm received from 10.0.0.5/1719 to "
                "198.51.100.30/1719 without an AdmissionRequest");
    CHECK_FALSE(reaches(bench, "198.51.100.30", "10.0.0.20", "1720"));
  }
}

TEST_CASE("signalling that finds no room for its pinhole is reported with the known port's side") {
  Bench bench(config(), {{"h323-pinholes", FieldValue(std::uint64_t{1})}});
  ask(bench, "arq");
  reply(bench, "acf", {{"ras-signal-address", "198.51.100.30"}}).expect_nothing();
  ask(bench, "arq");
  reply(bench, "acf", {{"ras-signal-address", "198.51.100.31"}})
      .expect(405101,
              "Unable to Pre-allocate H225 Call Signalling Connection for faddr "
              "198.51.100.31/1720 to laddr 10.0.0.20");
  ask_inside(bench, "arq");
  reply_inside(bench, "acf", {{"ras-signal-address", "10.0.0.20"}})
      .expect(405101,
              "Unable to Pre-allocate H225 Call Signalling Connection for faddr 198.51.100.30 to "
              "laddr 10.0.0.20/1720");
  ask(bench, "arq");
  reply(bench, "acf", {{"ras-signal-address", kEndpoint}}).expect_nothing();
}

TEST_CASE("anybody may call a registered endpoint if the map says so until it unregisters") {
  Bench bench(config("  ras-rcf-pinholes enable\n"));
  ask(bench, "rrq", {{"ras-signal-address", kEndpoint}, {"ras-signal-port", "1720"}});
  CHECK_FALSE(reaches(bench, "198.51.100.30", kEndpoint, "1720"));
  reply(bench, "rcf");
  bench.advance(24h);
  CHECK(reaches(bench, "198.51.100.30", kEndpoint, "1720"));
  CHECK(reaches(bench, "198.51.100.31", kEndpoint, "1720"));
  ask(bench, "urq");
  reply(bench, "ucf");
  CHECK_FALSE(reaches(bench, "198.51.100.32", kEndpoint, "1720"));
  bench.expect_nothing();
}

TEST_CASE("a registration without pinholes opens nothing") {
  Bench bench(config());
  ask(bench, "rrq");
  reply(bench, "rcf");
  CHECK_FALSE(reaches(bench, "198.51.100.30", kEndpoint, "1720"));
}

TEST_CASE("a registered endpoint without room for its pinhole is reported") {
  Bench bench(config("  ras-rcf-pinholes enable\n"),
              {{"h323-pinholes", FieldValue(std::uint64_t{1})}});
  ask(bench, "arq");
  reply(bench, "acf", {{"ras-signal-address", "198.51.100.30"}});
  ask(bench, "rrq");
  reply(bench, "rcf")
      .expect(405101,
              "Unable to Pre-allocate H225 Call Signalling Connection for faddr "
              "0.0.0.0 to laddr 10.0.0.20/1720");
}

TEST_CASE("a discovered gatekeeper may be asked at the address that it names") {
  Bench bench(config());
  bench.packet("outside", {{"proto", "udp"},
                           {"src", "198.51.100.30"},
                           {"dst", "10.0.0.5"},
                           {"sport", "1719"},
                           {"dport", "1719"},
                           {"ras-message", "grq"}});
  CHECK_FALSE(reaches(bench, "198.51.100.30", "10.0.0.6", "2719", "udp"));
  reply_inside(bench, "gcf",
               {{"ras-gatekeeper-address", "10.0.0.6"}, {"ras-gatekeeper-port", "2719"}});
  CHECK(reaches(bench, "198.51.100.30", "10.0.0.6", "2719", "udp"));
}

TEST_CASE("a gatekeeper that was discovered on port 1718 is inspected where it takes requests") {
  for (const bool is_discovered : {false, true}) {
    Bench bench(config());
    if (is_discovered) {
      ask(bench, "grq", {}, "1718");
      reply(bench, "gcf",
            {{"ras-gatekeeper-address", kGatekeeper}, {"ras-gatekeeper-port", "2719"}}, "1718");
    }
    bench.packet("inside", {{"proto", "udp"},
                            {"src", kEndpoint},
                            {"dst", kGatekeeper},
                            {"sport", "40719"},
                            {"dport", "2719"},
                            {"ras-message", "irr"}});
    bench.packet("outside", {{"proto", "udp"},
                             {"src", kGatekeeper},
                             {"dst", kEndpoint},
                             {"sport", "2719"},
                             {"dport", "40719"},
                             {"ras-message", "acf"}});
    if (is_discovered) {
      bench.expect(405105,
                   "H323 RAS message AdmissionConfirm received from 198.51.100.5/2719 to "
                   "10.0.0.20/40719 without an AdmissionRequest");
    }
    bench.expect_nothing();
  }
}

TEST_CASE("the oldest request makes room for one beyond the bound") {
  Bench bench(config(), {{"h323-endpoints", FieldValue(std::uint64_t{2})}});
  for (const std::string sequence : {"1", "2"}) ask(bench, "arq", {{"ras-sequence", sequence}});
  reply(bench, "acf", {{"ras-sequence", "1"}}).expect_nothing();
  for (const std::string sequence : {"3", "4"}) ask(bench, "arq", {{"ras-sequence", sequence}});
  reply(bench, "acf", {{"ras-sequence", "2"}}).expect(405105, kUnasked);
  reply(bench, "acf", {{"ras-sequence", "3"}});
  reply(bench, "acf", {{"ras-sequence", "4"}}).expect_nothing();
}

TEST_CASE("gatekeepers and their endpoints are shown up to the bound") {
  Bench bench(config(), {{"h323-endpoints", FieldValue(std::uint64_t{1})}});
  ask(bench, "rrq");
  reply(bench, "rcf");
  ask_inside(bench, "rrq");
  reply_inside(bench, "rcf");
  bench.command("show h323-ras");
  CHECK(bench.output() ==
        "Total: 1\n"
        "        GK                      Caller\n"
        "        198.51.100.5            10.0.0.20\n");
}
