#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using test::Bench;

namespace {

constexpr const char* kPolicy =
    "class-map web\n match port tcp eq 80\n"
    "class-map inspection_default\n match default-inspection-traffic\n"
    "policy-map global_policy\n"
    " class inspection_default\n"
    "  inspect dns preset_dns_map\n"
    "  inspect ftp\n"
    " class web\n"
    "  csc fail-open\n"
    "  set connection embryonic-conn-max 100 conn-max 1000\n"
    "  set connection timeout idle 0:30:00\n"
    " class class-default\n"
    "  ips inline fail-close\n"
    "service-policy global_policy global\n";

AppliedPolicy applied(const Bench& bench, std::string_view feature, IpProtocol protocol,
                      std::uint16_t port, std::string_view in = "inside",
                      std::string_view out = "outside") {
  const DeviceState& state = const_cast<Bench&>(bench).device().tables();
  const FiveTuple flow{*IpAddress::parse("10.0.0.5"), *IpAddress::parse("198.51.100.80"), protocol,
                       Port{40000}, Port{port}};
  return state.service_policies.find(feature, flow, state.interfaces.find_nameif(in),
                                     state.interfaces.find_nameif(out), state.access_lists);
}

Bench bench_with(const std::string& config) {
  return Bench(std::string(test::kBenchConfig) + config);
}

}  // namespace

TEST_CASE("a pasted policy is taken whole") {
  const Bench bench = bench_with(kPolicy);
  CHECK(const_cast<Bench&>(bench).device().unmodelled().empty());
  CHECK(const_cast<Bench&>(bench).device().refused().empty());
}

TEST_CASE("an inspection applies to its default port and to no other") {
  const Bench bench = bench_with(kPolicy);
  const auto dns = applied(bench, "inspect dns", kProtocolUdp, 53);
  REQUIRE(dns);
  CHECK(dns.action->words == std::vector<std::string>{"preset_dns_map"});
  CHECK(dns.interface == kNoInterface);
  CHECK_FALSE(applied(bench, "inspect dns", kProtocolTcp, 53));
  CHECK_FALSE(applied(bench, "inspect dns", kProtocolUdp, 54));
  CHECK(applied(bench, "inspect ftp", kProtocolTcp, 21));
  CHECK_FALSE(applied(bench, "inspect http", kProtocolTcp, 80));
}

TEST_CASE("a class takes its port, class-default the rest") {
  const Bench bench = bench_with(kPolicy);
  CHECK(applied(bench, "csc", kProtocolTcp, 80));
  CHECK_FALSE(applied(bench, "csc", kProtocolTcp, 81));
  CHECK(applied(bench, "ips", kProtocolUdp, 9999));
  CHECK(applied(bench, "set connection", kProtocolTcp, 80).action->words.front() ==
        "embryonic-conn-max");
  CHECK(applied(bench, "set connection timeout", kProtocolTcp, 80).action->words ==
        std::vector<std::string>{"idle", "0:30:00"});
}

TEST_CASE("a policy of an interface goes before the global one") {
  const Bench bench = bench_with(std::string(kPolicy) +
                                 "policy-map dmz_policy\n class web\n  csc fail-close\n"
                                 "service-policy dmz_policy interface dmz\n");
  CHECK(applied(bench, "csc", kProtocolTcp, 80).action->words.front() == "fail-open");
  for (const auto& [in, out] : {std::pair("dmz", "outside"), std::pair("inside", "dmz")}) {
    const auto found = applied(bench, "csc", kProtocolTcp, 80, in, out);
    CHECK(found.action->words.front() == "fail-close");
    CHECK(found.interface != kNoInterface);
  }
  CHECK(applied(bench, "ips", kProtocolTcp, 80, "dmz", "outside"));
}

TEST_CASE("what a policy no longer has does not apply") {
  Bench bench = bench_with(kPolicy);
  bench.commands(
      {"configure terminal", "policy-map global_policy", "class web", "no csc fail-open"});
  CHECK_FALSE(applied(bench, "csc", kProtocolTcp, 80));
  bench.commands({"configure terminal", "no service-policy global_policy global"});
  CHECK_FALSE(applied(bench, "ips", kProtocolTcp, 80));
}

TEST_CASE("policies that refer to nothing, or are in use, are refused") {
  Bench bench = bench_with(kPolicy);
  const auto answer = [&](std::vector<std::string> lines) {
    lines.insert(lines.begin(), "configure terminal");
    bench.commands(lines);
    return bench.output();
  };
  CHECK(answer({"service-policy nowhere global"}) ==
        "ERROR: % policy-map nowhere not configured\n");
  CHECK(answer({"policy-map global_policy", "class nothing"}) ==
        "ERROR: % class-map nothing not configured\n");
  CHECK(answer({"policy-map global_policy", "class web", "inspect gopher"}) ==
        "ERROR: % Invalid input detected at '^' marker.\n");
  CHECK(answer({"no policy-map global_policy"}) ==
        "ERROR: Policy-map global_policy is being used\n");
  CHECK(answer({"no class-map web"}) == "ERROR: Class-map web is being used\n");
  CHECK(answer({"policy-map other", "class web", "exit", "service-policy other global"}) ==
        "ERROR: Policy-map global_policy is already configured as a service policy\n");
}

TEST_CASE("show service-policy has the classes in their order, class-default last") {
  Bench bench = bench_with(std::string(kPolicy) +
                           "class-map late\n match any\n"
                           "policy-map global_policy\n class late\n  sfr fail-open\n");
  bench.command("show service-policy");
  CHECK(bench.output() ==
        "\nGlobal policy: \n"
        "  Service-policy: global_policy\n"
        "    Class-map: inspection_default\n"
        "      inspect dns preset_dns_map\n"
        "      inspect ftp\n"
        "    Class-map: web\n"
        "      csc fail-open\n"
        "      set connection embryonic-conn-max 100 conn-max 1000\n"
        "      set connection timeout idle 0:30:00\n"
        "    Class-map: late\n"
        "      sfr fail-open\n"
        "    Class-map: class-default\n"
        "      ips inline fail-close\n");
}

TEST_CASE("an inspection wants a map that is configured, or comes with the device") {
  Bench bench = bench_with("policy-map type inspect http strict\npolicy-map type inspect ftp f\n" +
                           std::string(kPolicy));
  const auto answer = [&](const std::string& line) {
    bench.commands({"conf t", "policy-map global_policy", "class web", line});
    return bench.output();
  };
  CHECK(answer("inspect http strict").empty());
  CHECK(answer("inspect http loose") == "ERROR: % policy-map loose not configured\n");
  CHECK(answer("inspect dns preset_dns_map").empty());
  CHECK(answer("inspect ftp").empty());
  CHECK(answer("inspect ftp strict").empty());
  CHECK(answer("inspect ftp strict f").empty());
  CHECK(answer("inspect ftp strict g") == "ERROR: % policy-map g not configured\n");
  CHECK(answer("no inspect http strict").empty());
}

TEST_CASE("a criterion of a class can be taken back") {
  Bench bench = bench_with(kPolicy);
  const auto type = [&](const std::string& line) {
    bench.commands({"conf t", "class-map web", line});
    return bench.output();
  };
  CHECK(applied(bench, "csc", kProtocolTcp, 80));
  CHECK(type("match port tcp eq 8080").empty());
  CHECK(type("no match port tcp eq 80").empty());
  CHECK_FALSE(applied(bench, "csc", kProtocolTcp, 80));
  CHECK(applied(bench, "csc", kProtocolTcp, 8080));
  CHECK(type("no match any") == "ERROR: Specified match criterion is not configured\n");
}

TEST_CASE("a connection setting goes without the others") {
  Bench bench = bench_with(kPolicy);
  const auto type = [&](const std::string& line) {
    bench.commands({"conf t", "policy-map global_policy", "class web", line});
    return bench.output();
  };
  CHECK(type("no set connection embryonic-conn-max 100").empty());
  const auto left = applied(bench, "set connection", kProtocolTcp, 80);
  REQUIRE(left);
  CHECK(left.action->words == std::vector<std::string>{"conn-max", "1000"});
  CHECK(applied(bench, "set connection timeout", kProtocolTcp, 80));
  CHECK(type("no set connection conn-max").empty());
  CHECK_FALSE(applied(bench, "set connection", kProtocolTcp, 80));
}
