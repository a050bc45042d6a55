#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using asaemu::FieldValue;
using asaemu::test::Bench;

namespace {

std::string config() {
  return std::string(asaemu::test::kBenchConfig) +
         "class-map traffic\n match default-inspection-traffic\n"
         "class-map uls\n match port tcp eq 522\n"
         "policy-map directories\n class traffic\n  inspect ils\n class uls\n  inspect ils\n"
         "service-policy directories global\n";
}

Bench& connect(Bench& bench, const std::string& sport = "1045", const std::string& dport = "389") {
  return bench.packet("inside", {{"proto", "tcp"},
                                 {"src", "10.0.0.20"},
                                 {"dst", "203.0.113.30"},
                                 {"sport", sport},
                                 {"dport", dport}});
}

Bench& request(Bench& bench, const std::string& message, const std::string& address,
               const std::string& sport = "1045", const std::string& dport = "389") {
  return bench.packet("inside", {{"proto", "tcp"},
                                 {"src", "10.0.0.20"},
                                 {"dst", "203.0.113.30"},
                                 {"sport", sport},
                                 {"dport", dport},
                                 {"flags", "psh+ack"},
                                 {"ldap-message", message},
                                 {"ldap-address", address}});
}

std::string wrong(const std::string& message, const std::string& ports = "1045 389") {
  const auto blank = ports.find(' ');
  return fmt::format(
      "ILS {} from inside:10.0.0.20/{} to outside:203.0.113.30/{} has wrong embedded address "
      "192.168.5.5",
      message, ports.substr(0, blank), ports.substr(blank + 1));
}

}  // namespace

TEST_CASE("a registration with an address that is not the sender's is reported") {
  Bench bench(config());
  connect(bench);
  request(bench, "add-request", "10.0.0.20").expect_nothing();
  request(bench, "add-request", "192.168.5.5").expect(405201, wrong("AddRequest"));
  request(bench, "modify-request", "192.168.5.5").expect(405201, wrong("ModifyRequest"));
}

TEST_CASE("what registers nothing may speak of other addresses") {
  Bench bench(config());
  connect(bench);
  for (const std::string message : {"bind-request", "search-request", "delete-request"}) {
    request(bench, message, "192.168.5.5").expect_nothing();
  }
  bench
      .packet("outside", {{"proto", "tcp"},
                          {"src", "203.0.113.30"},
                          {"dst", "10.0.0.20"},
                          {"sport", "389"},
                          {"dport", "1045"},
                          {"flags", "psh+ack"},
                          {"ldap-message", "search-entry"},
                          {"ldap-address", "192.168.5.5"}})
      .expect_nothing();
}

TEST_CASE("the older directory port needs a class of its own and others are not inspected") {
  Bench bench(config());
  connect(bench, "1046", "522");
  request(bench, "add-request", "192.168.5.5", "1046", "522")
      .expect(405201, wrong("AddRequest", "1046 522"));
  connect(bench, "1047", "1002");
  request(bench, "add-request", "192.168.5.5", "1047", "1002").expect_nothing();
}

TEST_CASE("a directory connection beyond the bound passes without inspection") {
  Bench bench(config(), {{"ils-connections", FieldValue(std::uint64_t{2})}});
  for (const std::string port : {"1045", "1046", "1047"}) connect(bench, port);
  request(bench, "add-request", "192.168.5.5", "1047").expect_nothing();
  request(bench, "add-request", "192.168.5.5", "1046")
      .expect(405201, wrong("AddRequest", "1046 389"));
  bench.command("clear conn");
  connect(bench, "1047");
  request(bench, "add-request", "192.168.5.5", "1047")
      .expect(405201, wrong("AddRequest", "1047 389"));
}

TEST_CASE("ILS inspection shows what it has seen") {
  Bench bench(config());
  connect(bench);
  request(bench, "add-request", "192.168.5.5").expect(405201, wrong("AddRequest"));
  bench.command("show service-policy inspect ils");
  CHECK(bench.output() ==
        "Inspect: ils, packet 2, lock fail 0, drop 0, reset-drop 0\n"
        "  connections 1, wrong embedded address 1\n");
}
