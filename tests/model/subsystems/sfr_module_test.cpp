#include "tests/model/subsystems/module_bench.hpp"

using asaemu::Release;
using asaemu::test::ModuleBench;
using namespace std::chrono_literals;

namespace {

const char* const kEnds = "inside:10.0.0.8/50001 to outside:198.51.100.9/80";

}  // namespace

TEST_CASE("the FirePOWER module drops packets and resets connections") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-close");
  bench.send(50001, {{"module-verdict", "allow"}}).expect_nothing();
  bench.send(50001, {{"module-verdict", "drop"}, {"flags", "ack"}})
      .expect(434002, fmt::format("SFR requested to drop TCP packet from {}", kEnds));
  REQUIRE(bench.connections() == 1);
  bench.send(50001, {{"module-verdict", "reset"}, {"flags", "ack"}})
      .expect(434003, fmt::format("SFR requested to reset TCP connection from {}", kEnds));
  REQUIRE(bench.connections() == 0);
  bench.send(50002, {{"module-verdict", "reset"}, {"proto", "udp"}})
      .expect(434002,
              "SFR requested to drop UDP packet from inside:10.0.0.8/50002 to "
              "outside:198.51.100.9/80");
  bench.send(50003, {{"module-verdict", "drop"}, {"proto", "icmp"}})
      .expect(434002,
              "SFR requested to drop ICMP packet from inside:10.0.0.8/0 to outside:198.51.100.9/0")
      .expect_nothing();
}

TEST_CASE("a flow that the FirePOWER module hands back is redirected no more") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-close");
  bench.send(50001, {{"module-verdict", "bypass"}})
      .expect(434004,
              fmt::format("SFR requested device to bypass further packet redirection and process "
                          "TCP flow from {} locally",
                          kEnds));
  bench.send(50001, {{"module-verdict", "drop"}, {"flags", "ack"}}).expect_nothing();
  bench.module_is("data-plane-down", "sfr");
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
  bench.send(50002).expect(434001,
                           "SFR card not up and fail-close mode used, dropping TCP packet from "
                           "inside:10.0.0.8/50002 to outside:198.51.100.9/80");
  bench.send(50001, {{"flags", "rst"}});
  bench.send(50001).expect(434001,
                           fmt::format("SFR card not up and fail-close mode used, dropping TCP "
                                       "packet from {}",
                                       kEnds));
}

TEST_CASE("an answer that is handed back names the flow as it began") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-close", {}, Release{9, 8, 0, 0});
  bench.send(50001);
  bench.packet("outside", {{"proto", "tcp"},
                           {"src", "198.51.100.9"},
                           {"dst", "10.0.0.8"},
                           {"sport", "80"},
                           {"dport", "50001"},
                           {"flags", "syn+ack"},
                           {"module-verdict", "bypass"}});
  bench.expect(434004,
               fmt::format("SFR requested ASA to bypass further packet redirection and process TCP "
                           "flow from {} locally",
                           kEnds));
}

TEST_CASE("beyond the bound of bypassed flows they go on being redirected") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-close", {{"sfr-bypassed-flows", std::uint64_t{2}}});
  for (int i = 1; i <= 2; ++i) {
    bench.send(50000 + i, {{"module-verdict", "bypass"}});
    bench.expect(434004,
                 fmt::format("SFR requested device to bypass further packet redirection and "
                             "process TCP flow from inside:10.0.0.8/{} to "
                             "outside:198.51.100.9/80 locally",
                             50000 + i));
  }
  bench.send(50003, {{"module-verdict", "bypass"}}).expect_nothing();
  bench.send(50003, {{"module-verdict", "drop"}, {"flags", "ack"}})
      .expect(434002,
              "SFR requested to drop TCP packet from inside:10.0.0.8/50003 to "
              "outside:198.51.100.9/80");
  bench.send(50001, {{"flags", "rst"}});
  bench.send(50003, {{"module-verdict", "bypass"}, {"flags", "ack"}})
      .expect(434004,
              "SFR requested device to bypass further packet redirection and process TCP flow "
              "from inside:10.0.0.8/50003 to outside:198.51.100.9/80 locally");
}

TEST_CASE("a policy that fails open lets traffic pass while the FirePOWER module is not up") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-open");
  bench.module_is("silent", "sfr").advance(2s);
  bench.send(50001, {{"module-verdict", "drop"}}).expect_nothing();
  bench.module_is("answers", "sfr");
  bench.send(50001, {{"module-verdict", "drop"}, {"flags", "ack"}})
      .expect(434002, fmt::format("SFR requested to drop TCP packet from {}", kEnds));
}

TEST_CASE("a module that only monitors keeps nothing back but may be missing") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-close monitor-only");
  bench.send(50001, {{"module-verdict", "drop"}}).expect_nothing();
  bench.send(50001, {{"module-verdict", "bypass"}, {"flags", "ack"}}).expect_nothing();
  bench.module_is("removed", "sfr");
  bench.send(50001, {{"flags", "ack"}})
      .expect(434001, fmt::format("SFR card not up and fail-close mode used, dropping TCP packet "
                                  "from {}",
                                  kEnds));
}

TEST_CASE("traffic that no policy sends to the module does not miss it") {
  ModuleBench bench("ASA5525", "none", "no sfr fail-close");
  bench.send(50001, {{"module-verdict", "drop"}}).expect_nothing();
  bench.act("sfr fail-close");
  bench.send(50001, {{"flags", "ack"}})
      .expect(434001, fmt::format("SFR card not up and fail-close mode used, dropping TCP packet "
                                  "from {}",
                                  kEnds));
  bench.act("no sfr fail-close");
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
}

TEST_CASE("the FirePOWER module overrules the cloud proxy once a flow") {
  ModuleBench bench("ASA5525", "sfr", "sfr fail-open");
  bench.commands({"configure terminal", "policy-map type inspect scansafe cloud"});
  bench.act("inspect scansafe cloud fail-open");
  bench.commands({"configure terminal", "user-identity enable"});
  bench.send(50001).expect(
      434007, fmt::format("SFR redirect will override Scansafe redirect for flow from {}", kEnds));
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
  bench.world("user-logon", {{"user-logon", "CORP\\jdoe"}, {"address", "10.0.0.8"}});
  bench.send(50002)
      .expect(434007,
              "SFR redirect will override Scansafe redirect for flow from inside:10.0.0.8/50002 "
              "to outside:198.51.100.9/80 (CORP\\jdoe)")
      .expect_nothing();
}
