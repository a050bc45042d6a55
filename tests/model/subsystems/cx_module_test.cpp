#include "tests/model/subsystems/module_bench.hpp"
#include "tests/model/subsystems/vpn_bench.hpp"

using asaemu::test::ModuleBench;
using namespace std::chrono_literals;

namespace {

const char* const kEnds = "inside:10.0.0.8/50001 to outside:198.51.100.9/80";

class CxBench : public ModuleBench {
 public:
  explicit CxBench(const std::string& action) : ModuleBench("ASA5525", "cxsc", action) {}
  CxBench& configure(const std::vector<std::string>& lines) {
    std::vector<std::string> all{"configure terminal"};
    all.insert(all.end(), lines.begin(), lines.end());
    commands(all);
    return *this;
  }
  void expect_rule(std::string_view interface, std::string_view address,
                   std::string_view policy = "global", int port = 885) {
    expect(429005,
           fmt::format("Set up TCP authentication-proxy rule for the cxsc action on interface {} "
                       "for traffic destined to {}/{} for {} service-policy",
                       interface, address, port, policy));
  }
  void expect_cleaned(std::string_view interface, std::string_view address,
                      std::string_view policy = "global") {
    expect(429006,
           fmt::format("Cleaned up authentication-proxy rule for the cxsc action on interface {} "
                       "for traffic destined to {} for {} service-policy",
                       interface, address, policy));
  }
};

}  // namespace

TEST_CASE("the CX module drops packets and resets connections") {
  CxBench bench("cxsc fail-close");
  bench.send(50001).expect_nothing();
  bench.send(50001, {{"module-verdict", "drop"}, {"flags", "ack"}})
      .expect(429002, fmt::format("CX requested to drop TCP packet from {}", kEnds));
  bench.send(50001, {{"module-verdict", "reset"}, {"flags", "ack"}})
      .expect(429003, fmt::format("CX requested to reset TCP connection from {}", kEnds));
  REQUIRE(bench.connections() == 0);
  bench.act("cxsc fail-close monitor-only");
  bench.send(50001, {{"module-verdict", "drop"}}).expect_nothing();
}

TEST_CASE("while the CX module is not up its policy decides what passes") {
  CxBench bench("cxsc fail-close");
  bench.command("sw-module module cxsc shutdown");
  bench.send(50001).expect(
      429001,
      fmt::format("CX card not up and fail-close mode used, dropping TCP packet from {}", kEnds));
  bench.act("cxsc fail-open");
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
}

TEST_CASE("the CX module overrules the cloud proxy once a flow") {
  CxBench bench("cxsc fail-open");
  bench.commands({"configure terminal", "policy-map type inspect scansafe cloud"});
  bench.act("inspect scansafe cloud fail-open");
  bench.send(50001).expect(
      429007, fmt::format("CXSC redirect will override Scansafe redirect for flow from {}", kEnds));
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
  bench.advance(10s);
  bench.configure({"user-identity enable"});
  bench.world("user-logon", {{"user-logon", "CORP\\jdoe"}, {"address", "10.0.0.8"}});
  bench.send(50002).expect(429007,
                           "CXSC redirect will override Scansafe redirect for flow from "
                           "inside:10.0.0.8/50002 to outside:198.51.100.9/80 (CORP\\jdoe)");
  bench.act("no inspect scansafe");
  bench.advance(10s);
  bench.send(50003).expect_nothing();
}

TEST_CASE("authentication-proxy rules follow the policies and addresses") {
  CxBench bench("cxsc fail-close");
  bench.expect_nothing();
  bench.act("cxsc fail-close auth-proxy");
  bench.expect_rule("outside", "203.0.113.1");
  bench.expect_rule("inside", "10.0.0.1");
  bench.expect_rule("dmz", "172.16.30.1");
  bench.act("cxsc fail-open auth-proxy").expect_nothing();
  bench.command("show cxsc auth-proxy");
  REQUIRE(bench.output() ==
          "outside: 203.0.113.1/885 (global service-policy)\n"
          "inside: 10.0.0.1/885 (global service-policy)\n"
          "dmz: 172.16.30.1/885 (global service-policy)\n");
  bench.configure({"interface GigabitEthernet0/1", "ip address 10.0.0.2 255.255.255.0"});
  bench.expect_cleaned("inside", "10.0.0.1");
  bench.expect_rule("inside", "10.0.0.2");
  bench.configure({"no interface GigabitEthernet0/2.30"});
  bench.expect_cleaned("dmz", "172.16.30.1");
  bench.configure({"no service-policy redirected global"});
  bench.expect_cleaned("outside", "203.0.113.1");
  bench.expect_cleaned("inside", "10.0.0.2");
  bench.expect_nothing();
}

TEST_CASE("the policy of an interface decides about its authentication-proxy rule") {
  CxBench bench("cxsc fail-close auth-proxy");
  // The rules of the startup configuration are set up while nothing is logged.
  bench.expect_nothing();
  bench.configure({"policy-map own", "class class-default", "cxsc fail-close"});
  bench.expect_nothing();
  bench.configure({"service-policy own interface inside"});
  bench.expect_cleaned("inside", "10.0.0.1");
  bench.configure({"policy-map own", "class class-default", "cxsc fail-close auth-proxy"});
  bench.expect_rule("inside", "10.0.0.1", "interface");
  bench.configure({"policy-map own", "no class class-default"});
  bench.expect_cleaned("inside", "10.0.0.1", "interface");
  bench.expect_rule("inside", "10.0.0.1");
  bench.expect_nothing();
}

TEST_CASE("another port means other authentication-proxy rules") {
  CxBench bench("cxsc fail-close");
  bench.configure({"no service-policy redirected global",
                   "service-policy redirected interface "
                   "inside"});
  bench.act("cxsc fail-close auth-proxy");
  bench.expect_rule("inside", "10.0.0.1", "interface");
  bench.configure({"cxsc auth-proxy port 5000"});
  bench.expect_cleaned("inside", "10.0.0.1", "interface");
  bench.expect_rule("inside", "10.0.0.1", "interface", 5000);
  bench.configure({"no cxsc auth-proxy port 5000"});
  bench.expect_cleaned("inside", "10.0.0.1", "interface");
  bench.expect_rule("inside", "10.0.0.1", "interface");
  bench.expect_nothing();
}

TEST_CASE("authentication-proxy rules that find no memory are tried again at the next change") {
  CxBench bench("cxsc fail-close");
  bench.configure({"no service-policy redirected global",
                   "service-policy redirected interface "
                   "inside"});
  const auto* const failed =
      "Unable to set up HTTP authentication-proxy rule for the cxsc action on interface inside for "
      "interface service-policy.";
  bench.world("auth-proxy-memory", {{"auth-proxy-memory", "exhausted"}});
  bench.act("cxsc fail-close auth-proxy").expect(429004, failed);
  bench.act("cxsc fail-open auth-proxy").expect(429004, failed);
  bench.world("auth-proxy-memory", {{"auth-proxy-memory", "free"}}).expect_nothing();
  bench.act("cxsc fail-close auth-proxy");
  bench.expect_rule("inside", "10.0.0.1", "interface");
  bench.expect_nothing();
}

TEST_CASE("questions about VPN sessions are answered if the session and the question are good") {
  asaemu::test::VpnBench bench({{"module", std::string("cxsc")}});
  const auto ask = [&bench](const std::string& session,
                            std::vector<std::pair<std::string, std::string>> more = {}) {
    more.emplace_back("cx-vpn-query", session);
    bench.world("cx-vpn-query", more);
  };
  const auto expect_refusal = [&bench](std::string_view session, std::string_view reason) {
    bench.expect(429008, fmt::format("Unable to respond to VPN query from CX for session {}. "
                                     "Reason {}",
                                     session, reason));
  };
  ask("0x1000");
  expect_refusal("0x1000", "VPN session ID is invalid");
  bench.packet("inside", "10.0.0.8", "192.168.60.9");
  bench.advance(std::chrono::seconds(5));
  REQUIRE(bench.device().tables().sas.size() == 1);
  ask("0x1000");
  bench.expect_nothing();
  ask("0x1000", {{"length", "4"}});
  bench.expect_nothing();
  ask("0x1000", {{"length", "5"}});
  expect_refusal("0x1000", "TLV length is invalid");
  ask("0x1000", {{"trouble", "no-memory"}});
  expect_refusal("0x1000", "TLV memory allocation failed");
  ask("0x1000", {{"trouble", "queue-full"}});
  expect_refusal("0x1000", "VPN session query message enqueue failed");
  bench.world("module", {{"module", "cxsc"}, {"state", "removed"}});
  ask("0x2000");
  bench.expect_nothing();
}
