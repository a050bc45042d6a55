#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::FieldValue;
using asaemu::test::Bench;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string config(const std::string& parameters = "",
                   const std::string& where = "service-policy management global\n") {
  return std::string(asaemu::test::kBenchConfig) +
         "policy-map type inspect radius-accounting ggsn\n parameters\n"
         "  host 10.0.0.5 key secret\n" +
         parameters +
         "class-map type management accounting\n match port udp eq 1646\n"
         "policy-map management\n class accounting\n  inspect radius-accounting ggsn\n" +
         where;
}

/// An accounting request to the device about the user 10.0.0.40.
Bench& request(Bench& bench, const std::string& status, Fields more = {},
               const std::string& source = "10.0.0.5") {
  Fields fields{{"proto", "udp"},
                {"src", source},
                {"dst", "10.0.0.1"},
                {"sport", "1646"},
                {"dport", "1646"},
                {"radius-code", "accounting-request"},
                {"radius-status-type", status}};
  const bool has_user = std::any_of(more.begin(), more.end(), [](const auto& field) {
    return field.first == "radius-framed-address";
  });
  if (!has_user) fields.emplace_back("radius-framed-address", "10.0.0.40");
  fields.insert(fields.end(), more.begin(), more.end());
  return bench.packet("inside", fields);
}

/// A connection of the user's.
void surf(Bench& bench, const std::string& in = "inside", const std::string& source = "10.0.0.40") {
  bench.packet(in, {{"proto", "tcp"},
                    {"src", source},
                    {"dst", "198.51.100.80"},
                    {"sport", "50000"},
                    {"dport", "80"}});
}

std::size_t connections(Bench& bench) {
  return bench.device().tables().connections.size();
}

const std::string kMismatch = "Attribute 31 does not match for user 10.0.0.40";

/// Whether the device still knows that the user's number was 1: if so, 2 is a mismatch.
bool is_known(Bench& bench) {
  request(bench, "start", {{"radius-attributes", "31=2"}});
  bench.command("show service-policy inspect radius-accounting");
  return bench.output().find("mismatch 1") != std::string::npos;
}

}  // namespace

TEST_CASE("an accounting request from a host that is not configured is reported and ignored") {
  Bench bench(config("  validate-attribute 31\n"));
  request(bench, "start", {{"radius-attributes", "31=1"}}, "10.0.0.6")
      .expect(405300, "Radius Accounting Request received from 10.0.0.6 is not allowed");
  request(bench, "start", {{"radius-attributes", "31=2"}}).expect_nothing();
}

TEST_CASE("a start that differs from the user's in a validated attribute is reported") {
  Bench bench(config("  validate-attribute 31\n"));
  request(bench, "start", {{"radius-attributes", "31=1,44=A"}});
  request(bench, "start", {{"radius-attributes", "31=1,44=B"}}).expect_nothing();
  request(bench, "start", {{"radius-attributes", "31=2,44=B"}}).expect(405301, kMismatch);
  request(bench, "start", {{"radius-attributes", "31=2,44=C"}}).expect_nothing();
  request(bench, "start", {{"radius-attributes", "44=C"}}).expect(405301, kMismatch);
}

TEST_CASE("of several attributes that differ the first configured is named") {
  Bench bench(config("  validate-attribute 44\n  validate-attribute 31\n"));
  request(bench, "start", {{"radius-attributes", "31=1,44=A"}});
  request(bench, "start", {{"radius-attributes", "31=2,44=B"}})
      .expect(405301, "Attribute 44 does not match for user 10.0.0.40")
      .expect_nothing();
}

TEST_CASE("without validated attributes an address may change hands unseen") {
  Bench bench(config());
  request(bench, "start", {{"radius-attributes", "31=1"}});
  request(bench, "start", {{"radius-attributes", "31=2"}}).expect_nothing();
}

TEST_CASE("connections of the old user are torn down when the address changes hands") {
  Bench bench(config("  validate-attribute 31\n"));
  request(bench, "start", {{"radius-attributes", "31=1"}});
  surf(bench);
  surf(bench, "inside", "10.0.0.41");
  request(bench, "start", {{"radius-attributes", "31=1"}});
  CHECK(connections(bench) == 2);
  request(bench, "start", {{"radius-attributes", "31=2"}}).expect(405301, kMismatch);
  CHECK(connections(bench) == 1);
}

TEST_CASE("a Stop ends the user and its connections") {
  Bench bench(config("  validate-attribute 31\n"));
  request(bench, "start", {{"radius-attributes", "31=1"}});
  surf(bench);
  request(bench, "stop");
  CHECK(connections(bench) == 0);
  surf(bench);
  request(bench, "stop");
  CHECK(connections(bench) == 1);
  CHECK_FALSE(is_known(bench));
}

TEST_CASE("with GPRS only a Stop with the attribute of 3GPP ends the user") {
  Bench bench(config("  enable gprs\n"));
  request(bench, "start");
  surf(bench);
  request(bench, "stop");
  request(bench, "stop", {{"radius-3gpp", "no"}});
  CHECK(connections(bench) == 1);
  request(bench, "stop", {{"radius-3gpp", "yes"}});
  CHECK(connections(bench) == 0);
}

TEST_CASE("a policy of an interface tears down only connections that began there") {
  Bench bench(config("",
                     "same-security-traffic permit inter-interface\n"
                     "service-policy management interface inside\n"));
  request(bench, "start");
  surf(bench, "dmz");
  request(bench, "stop");
  CHECK(connections(bench) == 1);
  request(bench, "start");
  bench.command("clear conn");
  surf(bench);
  request(bench, "stop");
  CHECK(connections(bench) == 0);
}

TEST_CASE("a request signed with another secret is discarded without a message") {
  Bench bench(config("  validate-attribute 31\n"));
  request(bench, "start", {{"radius-attributes", "31=1"}, {"radius-secret", "secret"}});
  request(bench, "start", {{"radius-attributes", "31=2"}, {"radius-secret", "guess"}})
      .expect_nothing();
  request(bench, "start", {{"radius-attributes", "31=1"}}).expect_nothing();
}

TEST_CASE("a user is forgotten after an hour without accounting requests") {
  for (const auto& [wait, is_alive] : {std::pair(1h - 1ns, true), std::pair(1h + 0ns, false)}) {
    Bench bench(config("  validate-attribute 31\n"));
    request(bench, "start", {{"radius-attributes", "31=1"}});
    bench.advance(30min);
    request(bench, "interim-update");
    bench.advance(wait);
    CHECK(is_known(bench) == is_alive);
  }
}

TEST_CASE("the timeout of users can be set and switched off") {
  for (const auto& [timeout, is_alive] :
       {std::pair("0:10:00", false), std::pair("0:00:00", true)}) {
    Bench bench(config(fmt::format("  validate-attribute 31\n  timeout users {}\n", timeout)));
    request(bench, "start", {{"radius-attributes", "31=1"}});
    bench.advance(10min);
    CHECK(is_known(bench) == is_alive);
  }
}

TEST_CASE("a user beyond the bound is not remembered unless one's time is over") {
  Bench bench(config("  validate-attribute 31\n  timeout users 0:10:00\n"),
              {{"radius-users", FieldValue(std::uint64_t{2})}});
  const auto start = [&](const std::string& user, const std::string& number) -> Bench& {
    return request(bench, "start",
                   {{"radius-framed-address", user}, {"radius-attributes", "31=" + number}});
  };
  for (const std::string user : {"10.0.0.41", "10.0.0.42", "10.0.0.43"}) start(user, "1");
  start("10.0.0.43", "2").expect_nothing();
  start("10.0.0.42", "2").expect(405301, "Attribute 31 does not match for user 10.0.0.42");
  bench.advance(10min);
  start("10.0.0.43", "1");
  start("10.0.0.43", "2").expect(405301, "Attribute 31 does not match for user 10.0.0.43");
}

TEST_CASE("only requests to the device on the policy's port are accounted for") {
  Bench bench(config());
  Fields through{{"proto", "udp"},  {"src", "10.0.0.6"}, {"dst", "198.51.100.9"},
                 {"sport", "1646"}, {"dport", "1646"},   {"radius-code", "accounting-request"}};
  bench.packet("inside", through).expect_nothing();
  through[2].second = "10.0.0.1";
  through[4].second = "1813";
  bench.packet("inside", through).expect_nothing();
  through[4].second = "1646";
  through[5].second = "accounting-response";
  bench.packet("inside", through).expect_nothing();
}

TEST_CASE("RADIUS accounting inspection shows what it has seen") {
  Bench bench(config("  send response\n  validate-attribute 31\n"));
  request(bench, "start", {{"radius-attributes", "31=1"}});
  request(bench, "start", {{"radius-attributes", "31=2"}}).expect(405301, kMismatch);
  request(bench, "start", {}, "10.0.0.6")
      .expect(405300, "Radius Accounting Request received from 10.0.0.6 is not allowed");
  request(bench, "start", {{"radius-secret", "guess"}});
  bench.command("show service-policy inspect radius-accounting");
  CHECK(bench.output() ==
        "Inspect: radius-accounting, packet 4, lock fail 0, drop 2, reset-drop 0\n"
        "  users 1, not allowed 1, bad authenticator 1, mismatch 1, response 2\n");
}

TEST_CASE("the RADIUS accounting map refuses lines that it does not know") {
  Bench bench;
  const auto answer = [&](const std::string& parameter) {
    bench.commands({"configure terminal", "policy-map type inspect radius-accounting ggsn",
                    "parameters", parameter});
    return bench.output();
  };
  CHECK(answer("validate-attribute 1") == std::string());
  CHECK(answer("validate-attribute 191") == std::string());
  CHECK(answer("host 10.0.0.5") == std::string());
  for (const std::string line : {"validate-attribute 0", "validate-attribute 192", "host here",
                                 "host 10.0.0.5 key", "timeout users soon", "send request"}) {
    INFO(line);
    CHECK(answer(line) != std::string());
  }
}
