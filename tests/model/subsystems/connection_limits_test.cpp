#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using namespace asaemu;
using namespace std::chrono_literals;
using test::Bench;

namespace {

const std::string kStatic = std::string(test::kBenchConfig) +
                            "access-list web extended permit tcp any host 10.0.0.34 eq 80\n"
                            "access-group web in interface outside\n"
                            "static (inside,outside) 203.0.113.34 10.0.0.34 netmask "
                            "255.255.255.255 0 2\n";
const std::string kRpc = std::string(test::kBenchConfig) +
                         "class-map d\n match default-inspection-traffic\n"
                         "policy-map p\n class d\n  inspect sunrpc\nservice-policy p global\n";

Bench& syn(Bench& bench, const std::string& port) {
  return bench.packet("outside", {{"proto", "tcp"},
                                  {"src", "198.51.100.7"},
                                  {"dst", "203.0.113.34"},
                                  {"sport", port},
                                  {"dport", "80"},
                                  {"flags", "syn"}});
}

Bench& ask(Bench& bench, const std::string& program) {
  return bench.packet("inside", {{"proto", "udp"},
                                 {"src", "10.0.0.60"},
                                 {"dst", "198.51.100.111"},
                                 {"sport", "900"},
                                 {"dport", "111"},
                                 {"rpc-program", "100000"},
                                 {"rpc-procedure", "3"},
                                 {"rpc-wanted-program", program}});
}

std::string exceeded(const std::string& count, const std::string& port) {
  return "Embryonic limit for through connections exceeded " + count + "/2. 198.51.100.7/" + port +
         " to 203.0.113.34(10.0.0.34)/80 on interface outside";
}

}  // namespace

TEST_CASE("a SYN above the embryonic limit of a static is reported, those up to it pass") {
  Bench bench(kStatic);
  syn(bench, "40001").expect_nothing();
  syn(bench, "40002").expect_nothing();
  CHECK(bench.device().tables().connections.size() == 2);
  syn(bench, "40003").expect(407002, exceeded("3", "40003"));
  CHECK(bench.device().tables().connections.size() == 2);
}

TEST_CASE("half-open connections and intercepted SYNs make room after thirty seconds") {
  Bench bench(kStatic);
  syn(bench, "40001");
  syn(bench, "40002");
  bench.advance(1s);
  syn(bench, "40003").expect(407002, exceeded("3", "40003"));
  bench.advance(29s);
  // The two connections have ended, the intercepted SYN counts for a second more.
  syn(bench, "40004").expect_nothing();
  syn(bench, "40005").expect(407002, exceeded("3", "40005"));
}

TEST_CASE("an RPC pinhole above the limit is refused, one that is open is renewed") {
  Bench bench(kRpc, {{"rpc-pinhole-limit", FieldValue{std::uint64_t{2}}}});
  ask(bench, "100003").expect_nothing();
  ask(bench, "100005").expect_nothing();
  ask(bench, "100003").expect_nothing();
  ask(bench, "100007").expect(407003, "Established limit for RPC services exceeded");
  bench.advance(10min - 1ns);
  ask(bench, "100007").expect(407003, "Established limit for RPC services exceeded");
  bench.advance(1ns);
  ask(bench, "100007").expect_nothing();
}
