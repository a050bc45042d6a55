#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::test::Bench;

namespace {

std::string config(const std::string& inspection, const std::string& more = "") {
  return std::string(asaemu::test::kBenchConfig) +
         "access-list all extended permit ip any any\n"
         "access-group all global\n"
         "policy-map type inspect sip sip_map\n"
         "class-map secure-sip\n"
         " match port tcp eq 5061\n"
         "policy-map voice\n"
         " class secure-sip\n"
         "  inspect " +
         inspection +
         "\n"
         "service-policy voice global\n" +
         more;
}

const char* const kSip = "sip sip_map tls-proxy phones";
const char* const kUcIme = "sip sip_map uc-ime partners tls-proxy phones";

/// The n-th phone registers, with this flag.
Bench& phone(Bench& bench, int number, const std::string& flags = "syn",
             const std::string& port = "5061") {
  return bench.packet("outside", {{"proto", "tcp"},
                                  {"src", "198.51.100.30"},
                                  {"dst", "10.0.0.5"},
                                  {"sport", fmt::format("{}", 49300 + number)},
                                  {"dport", port},
                                  {"flags", flags}});
}

}  // namespace

TEST_CASE("TLS proxy sessions are denied beyond the limit, and possible again when one ends") {
  Bench bench(config(kSip, "tls-proxy maximum-sessions 2\n"));
  phone(bench, 1);
  phone(bench, 2).expect_nothing();
  phone(bench, 3).expect(446001, "Maximum TLS Proxy session limit of 2 reached").expect_nothing();
  REQUIRE(bench.device().tables().connections.size() == 2);
  phone(bench, 1, "rst");
  phone(bench, 3).expect_nothing();
  bench.command("show tls-proxy session count");
  REQUIRE(bench.output() == "2 in use, 2 most used\n");
}

TEST_CASE("the limit of TLS proxy sessions is 300 unless it is configured") {
  Bench bench(config(kSip));
  for (int i = 0; i < 300; ++i) phone(bench, i);
  bench.expect_nothing();
  phone(bench, 300).expect(446001, "Maximum TLS Proxy session limit of 300 reached");
  bench.commands({"configure terminal", "tls-proxy maximum-sessions 301"});
  phone(bench, 300).expect_nothing();
  bench.command("show tls-proxy");
  REQUIRE(bench.output() == "Maximum number of sessions: 301\n");
  bench.commands({"configure terminal", "no tls-proxy maximum-sessions"});
  phone(bench, 301).expect(446001, "Maximum TLS Proxy session limit of 300 reached");
}

TEST_CASE("a repeated SYN is no second TLS proxy session") {
  Bench bench(config(kSip, "tls-proxy maximum-sessions 1\n"));
  phone(bench, 1);
  phone(bench, 1).expect_nothing();
}

TEST_CASE("connections that no policy with a TLS proxy takes are not counted") {
  Bench bench(config(kSip, "tls-proxy maximum-sessions 1\n"));
  phone(bench, 1);
  phone(bench, 2, "syn", "5060").expect_nothing();
  Bench plain(config("sip sip_map", "tls-proxy maximum-sessions 1\n"));
  phone(plain, 1);
  phone(plain, 2).expect_nothing();
}

TEST_CASE("calls between companies need their licence") {
  Bench bench(config(kUcIme));
  phone(bench, 1)
      .expect(446003,
              "Denied TLS Proxy session from outside:198.51.100.30/49301 to inside:10.0.0.5/5061, "
              "UC-IME license is disabled.")
      .expect_nothing();
  REQUIRE(bench.device().tables().connections.size() == 0);
  Bench licensed(config(kUcIme), {{"uc-ime-licence", std::string("enabled")}});
  phone(licensed, 1).expect_nothing();
  licensed.command("show tls-proxy session count");
  REQUIRE(licensed.output() == "1 in use, 1 most used\n");
}

TEST_CASE("TLS proxy sessions are lost at reload") {
  Bench bench(config(kSip), {{"boot-time", asaemu::SimDuration(std::chrono::minutes(2))}});
  phone(bench, 1);
  bench.command("reload noconfirm").advance(std::chrono::minutes(2));
  bench.command("show tls-proxy session count");
  REQUIRE(bench.output() == "0 in use, 0 most used\n");
}
