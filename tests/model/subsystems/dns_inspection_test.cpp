#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace asaemu;
using test::Bench;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// DNS inspection of everything, by a map of these lines.
Bench bench_with(const std::string& map, const std::string& line = "inspect dns map") {
  return Bench(std::string(test::kBenchConfig) + "regex bad \"tunnel\\.example\"\n" +
               "class-map type inspect dns match-all transfers\n match dns-type eq AXFR\n"
               "policy-map type inspect dns map\n" +
               map +
               "class-map all\n match default-inspection-traffic\n"
               "policy-map global_policy\n class all\n  " +
               line + "\nservice-policy global_policy global\n");
}

Bench& ask(Bench& bench, Fields more, const std::string& port = "40000") {
  Fields fields{{"proto", "udp"},
                {"src", "10.0.0.5"},
                {"dst", "198.51.100.53"},
                {"sport", port},
                {"dport", "53"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("inside", fields);
}

Bench& reply(Bench& bench, Fields more, const std::string& port = "40000") {
  Fields fields{{"proto", "udp"},
                {"src", "198.51.100.53"},
                {"dst", "10.0.0.5"},
                {"sport", "53"},
                {"dport", port}};
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("outside", fields);
}

const std::string kRequest = "inside:10.0.0.5/40000 to outside:198.51.100.53/53";
const std::string kReply = "outside:198.51.100.53/53 to inside:10.0.0.5/40000";

std::string connections(Bench& bench) {
  bench.command("show conn count");
  return bench.output();
}

}  // namespace

TEST_CASE("a DNS message of 512 bytes passes the default map and one more byte does not") {
  Bench bench = bench_with("", "inspect dns preset_dns_map");
  ask(bench, {{"dns-id", "1"}, {"length", "540"}}).expect_nothing();
  ask(bench, {{"dns-id", "1"}, {"length", "541"}})
      .expect(410001, "Dropped UDP DNS request from " + kRequest +
                          "; packet length 513 bytes exceeds configured limit of 512 bytes");
  reply(bench, {{"dns-id", "1"}, {"length", "715"}})
      .expect(410001, "Dropped UDP DNS reply from " + kReply +
                          "; packet length 687 bytes exceeds configured limit of 512 bytes");
}

TEST_CASE("client auto takes a DNS reply as long as the request offered") {
  Bench bench = bench_with("", "inspect dns preset_dns_map");
  ask(bench, {{"dns-id", "1"}, {"dns-edns-size", "1232"}});
  reply(bench, {{"dns-id", "1"}, {"length", "1261"}})
      .expect(410001, "Dropped UDP DNS reply from " + kReply +
                          "; packet length 1233 bytes exceeds configured limit of 1232 bytes");
  reply(bench, {{"dns-id", "1"}, {"length", "1260"}}).expect_nothing();
}

TEST_CASE("limits of DNS messages to the client and to the server differ if the map says so") {
  Bench bench = bench_with(
      " parameters\n  message-length maximum 600\n  message-length maximum client 700\n"
      "  message-length maximum server 512\n");
  ask(bench, {{"length", "541"}})
      .expect(410001, "Dropped UDP DNS request from " + kRequest +
                          "; packet length 513 bytes exceeds configured limit of 512 bytes");
  ask(bench, {{"dns-id", "5"}});
  reply(bench, {{"dns-id", "5"}, {"length", "729"}})
      .expect(410001, "Dropped UDP DNS reply from " + kReply +
                          "; packet length 701 bytes exceeds configured limit of 700 bytes");
}

TEST_CASE("protocol enforcement drops labels and names that are too long unless it is off") {
  const std::string label(70, 'x');
  const Fields tunnel{{"dns-name", label + ".tunnel.example"}, {"dns-id", "9"}};
  {
    Bench bench = bench_with("");
    ask(bench, tunnel)
        .expect(410001, "Dropped UDP DNS request from " + kRequest +
                            "; label length 70 bytes exceeds protocol limit of 63 bytes");
    const std::string part(63, 'y');
    ask(bench, {{"dns-name", fmt::format("{0}.{0}.{0}.{0}", part)}})
        .expect(410001, "Dropped UDP DNS request from " + kRequest +
                            "; domain-name length 257 bytes exceeds protocol limit of 255 bytes");
    ask(bench, {{"dns-name", std::string(46, 'z') + ".example"}, {"udp-length", "38"}})
        .expect(410001,
                "Dropped UDP DNS request from " + kRequest +
                    "; label length 46 bytes exceeds remaining packet length limit of 17 bytes");
  }
  Bench bench = bench_with(" parameters\n  no protocol-enforcement\n");
  ask(bench, tunnel).expect_nothing();
  bench.commands({"configure terminal", "policy-map type inspect dns map", "parameters",
                  "protocol-enforcement"});
  ask(bench, tunnel)
      .expect(410001, "Dropped UDP DNS request from " + kRequest +
                          "; label length 70 bytes exceeds protocol limit of 63 bytes");
}

TEST_CASE("DNS guard closes a connection with the reply and drops replies under other ids") {
  Bench bench = bench_with("");
  ask(bench, {{"dns-id", "77"}});
  CHECK(connections(bench).starts_with("1 in use"));
  reply(bench, {{"dns-id", "78"}}).advance(1s);
  CHECK(connections(bench).starts_with("1 in use"));
  reply(bench, {{"dns-id", "77"}}).advance(1ns).expect_nothing();
  CHECK(connections(bench).starts_with("0 in use"));
  bench.command("show service-policy inspect dns");
  CHECK(bench.output() ==
        "      Inspect: dns map, packet 3, lock fail 0, drop 1, reset-drop 0\n"
        "        dns-guard, count 1\n        protocol-enforcement, drop 0\n");
}

TEST_CASE("without DNS guard a connection stays and takes any reply") {
  Bench bench = bench_with(" parameters\n  no dns-guard\n");
  ask(bench, {{"dns-id", "77"}});
  reply(bench, {{"dns-id", "78"}});
  reply(bench, {{"dns-id", "77"}}).advance(1s).expect_nothing();
  CHECK(connections(bench).starts_with("1 in use"));
  bench.command("show service-policy inspect dns");
  CHECK(bench.output().starts_with("      Inspect: dns map, packet 3, lock fail 0, drop 0"));
}

TEST_CASE("as many mismatched DNS ids as configured within the time are reported once") {
  Bench bench = bench_with(" parameters\n  id-mismatch count 5 duration 2 action log\n");
  ask(bench, {{"dns-id", "1"}});
  for (int i = 0; i < 4; ++i) reply(bench, {{"dns-id", fmt::format("{}", 100 + i)}});
  bench.advance(2s);
  // The window is over: counted anew.
  for (int i = 0; i < 4; ++i) reply(bench, {{"dns-id", fmt::format("{}", 200 + i)}});
  bench.expect_nothing();
  bench.advance(2s - 1ns);
  reply(bench, {{"dns-id", "300"}})
      .expect(410002, "Dropped 5 DNS responses with mis-matched id in the past 2 second(s): from " +
                          kReply);
  reply(bench, {{"dns-id", "301"}}).expect_nothing();
}

TEST_CASE("id-mismatch counts thirty in three seconds unless it says otherwise") {
  Bench bench = bench_with(" parameters\n  id-mismatch action log\n");
  ask(bench, {{"dns-id", "1"}});
  for (int i = 0; i < 29; ++i) reply(bench, {{"dns-id", fmt::format("{}", 100 + i)}});
  bench.expect_nothing();
  reply(bench, {{"dns-id", "300"}})
      .expect(
          410002,
          "Dropped 30 DNS responses with mis-matched id in the past 3 second(s): from " + kReply);
}

TEST_CASE("DNS classes are dropped, masked or logged as the map says") {
  Bench bench = bench_with(
      " match domain-name regex bad\n  drop log\n class transfers\n  drop-connection log\n"
      " match header-flag RD\n  mask log\n match dns-type eq TXT\n  log\n"
      " match dns-type eq HINFO\n  drop\n");
  ask(bench, {{"dns-id", "22251"}, {"dns-name", "a.tunnel.example"}, {"dns-query-type", "txt"}})
      .expect(410003, "DNS Classification: Dropped DNS request (id 22251) from " + kRequest +
                          "; matched Class 23: match domain-name regex bad");
  ask(bench, {{"dns-id", "7"}, {"dns-name", "example.com"}, {"dns-query-type", "txt"}})
      .expect(410004, "DNS Classification: Received DNS request (id 7) from " + kRequest +
                          "; matched Class 25: match dns-type eq TXT");
  ask(bench, {{"dns-id", "8"}, {"dns-flags", "rd"}, {"dns-query-type", "a"}})
      .expect(410003, "DNS Classification: Masked header flags for DNS request (id 8) from " +
                          kRequest + "; matched Class 24: match header-flag RD");
  ask(bench, {{"dns-query-type", "hinfo"}}).expect_nothing();
  CHECK(connections(bench).starts_with("1 in use"));
  ask(bench, {{"dns-id", "9"}, {"dns-query-type", "axfr"}})
      .expect(410003, "DNS Classification: Dropped DNS request (id 9) from " + kRequest +
                          "; matched Class 22: transfers");
  CHECK(connections(bench).starts_with("0 in use"));
}

TEST_CASE("enforce-tsig is about messages without a TSIG record") {
  Bench bench = bench_with(
      " match dns-type eq SOA\n  enforce-tsig drop log\n match dns-type eq NS\n  enforce-tsig "
      "log\n");
  ask(bench, {{"dns-id", "1"}, {"dns-query-type", "soa"}, {"dns-records", "additional tsig"}});
  ask(bench, {{"dns-id", "2"}, {"dns-query-type", "ns"}, {"dns-records", "additional tsig"}})
      .expect_nothing();
  ask(bench, {{"dns-id", "3"}, {"dns-query-type", "soa"}})
      .expect(410003, "DNS Classification: Dropped (no TSIG) DNS request (id 3) from " + kRequest +
                          "; matched Class 23: match dns-type eq SOA");
  ask(bench, {{"dns-id", "4"}, {"dns-query-type", "ns"}})
      .expect(410004, "DNS Classification: Received (no TSIG) DNS request (id 4) from " + kRequest +
                          "; matched Class 24: match dns-type eq NS");
}

TEST_CASE("sixty-four maps of DNS inspection are counted and one more is not") {
  Bench bench = bench_with("");
  for (int i = 0; i < 65; ++i) {
    bench.commands({"configure terminal", fmt::format("policy-map type inspect dns map{}", i),
                    "policy-map global_policy", "class all", fmt::format("inspect dns map{}", i)});
    ask(bench, {{"dns-id", "1"}});
  }
  bench.command("show service-policy inspect dns");
  CHECK(bench.output().find(" dns map63, packet 1, ") != std::string::npos);
  CHECK(bench.output().find(" dns map64, ") == std::string::npos);
}

TEST_CASE("without inspection or over TCP nothing is said of DNS") {
  const std::string label(70, 'x');
  Bench bench = bench_with("", "inspect ftp");
  ask(bench, {{"dns-name", label}, {"length", "1400"}}).expect_nothing();
  Bench tcp = bench_with("");
  tcp.packet("inside", Fields{{"proto", "tcp"},
                              {"src", "10.0.0.5"},
                              {"dst", "198.51.100.53"},
                              {"sport", "40000"},
                              {"dport", "53"},
                              {"dns-name", label}})
      .expect_nothing();
}

TEST_CASE("a line that DNS inspection does not know is refused") {
  Bench bench = bench_with("");
  const auto answer = [&](std::vector<std::string> lines) {
    lines.insert(lines.begin(), {"configure terminal", "policy-map type inspect dns map"});
    bench.commands(lines);
    return bench.output();
  };
  CHECK(answer({"match request method regex bad"}).starts_with("ERROR: % Invalid input"));
  for (const char* const line :
       {"message-length maximum 511", "message-length maximum 65536", "message-length maximum",
        "message-length maximum proxy 600", "id-mismatch", "id-mismatch count 5 action log",
        "id-mismatch count 0 duration 3 action log",
        "id-mismatch count 5 duration 65536 action log", "dns-guard on", "nonsense"}) {
    INFO(line);
    CHECK(answer({"parameters", line}).find("^\nERROR: % Invalid input") != std::string::npos);
  }
  CHECK(answer({"parameters", "no nonsense"}).find("^\nERROR: % Invalid input") !=
        std::string::npos);
  CHECK(answer({"parameters", "no message-length maximum 600"}) ==
        "ERROR: % message-length maximum 600 not configured\n");
  CHECK(answer({"parameters", "message-length maximum 512"}).empty());
  CHECK(answer({"parameters", "message-length maximum 65535"}).empty());
  CHECK(answer({"parameters", "message-length maximum client auto"}).empty());
  CHECK(answer({"parameters", "no message-length maximum"}).empty());
  CHECK(answer({"parameters", "no nat-rewrite"}).empty());
}
