#include "tests/model/subsystems/module_bench.hpp"

using asaemu::test::ModuleBench;
using namespace std::chrono_literals;

namespace {

std::string flow(int source_port, std::string_view what, std::string_view protocol = "TCP",
                 int port = 80) {
  return fmt::format("{} flow from inside:10.0.0.8/{} to outside:198.51.100.9/{} {}", protocol,
                     source_port, port, what);
}

const char* const kDropped = "is dropped because application has failed.";
const char* const kSkipped = "is skipped because application has failed.";
const char* const kBypassed =
    "bypassed application checking because the protocol is not supported.";

class CscBench : public ModuleBench {
 public:
  explicit CscBench(const std::string& action, Options more = {})
      : ModuleBench("ASA5520", "ASA-SSM-CSC-10-K9", action, std::move(more)) {}
  void expect_user(std::string_view user) {
    expect(421005, fmt::format("{} is counted as a user for CSC SSM", user));
  }
  CscBench& inject(const std::string& header, const std::string& port) {
    world("csc-inject", {{"csc-inject", header},
                         {"proto", "tcp"},
                         {"src", "198.51.100.9"},
                         {"sport", "80"},
                         {"dst", "10.0.0.8"},
                         {"dport", port}});
    return *this;
  }
};

}  // namespace

TEST_CASE("hosts are counted once a day as users of the CSC module") {
  CscBench bench("csc fail-open");
  bench.send(50001);
  bench.expect_user("inside:10.0.0.8");
  bench.send(50002).expect_nothing();
  bench.packet("inside", {{"proto", "tcp"},
                          {"src", "10.0.0.9"},
                          {"dst", "198.51.100.9"},
                          {"sport", "50001"},
                          {"dport", "25"},
                          {"flags", "syn"}});
  bench.expect_user("inside:10.0.0.9");
  bench.command("show csc node-count");
  REQUIRE(bench.output() == "Current node count is 2\n");
  // The bench's day began at eight.
  bench.advance(16h - 1ns).expect_nothing();
  bench.advance(1ns).expect(421006,
                            "There are 2 users of CSC SSM accounted during the past 24 hours");
  bench.command("show csc node-count");
  REQUIRE(bench.output() == "Current node count is 0\n");
  bench.command("show csc node-count yesterday");
  REQUIRE(bench.output() == "Yesterday's node count is 2\n");
  bench.send(50003);
  bench.expect_user("inside:10.0.0.8");
  bench.advance(24h).expect(421006,
                            "There are 1 users of CSC SSM accounted during the past 24 hours");
}

TEST_CASE("midnight is that of the device's clock") {
  CscBench bench("csc fail-open");
  bench.world("clock", {{"clock", "ahead"}, {"by", "15:00:00"}});
  bench.advance(1h - 1ns).expect_nothing();
  bench.advance(1ns).expect(421006,
                            "There are 0 users of CSC SSM accounted during the past 24 hours");
}

TEST_CASE("a device without a CSC module has no total at midnight") {
  CscBench bench("csc fail-open");
  bench.module_is("removed").advance(48h).expect_nothing();
  bench.world("module-inserted", {{"module-inserted", "ASA-SSM-10"}});
  bench.advance(48h).expect_nothing();
}

TEST_CASE("users beyond the bound are not counted") {
  CscBench bench("csc fail-open", {{"csc-users", std::uint64_t{2}}});
  const auto browse = [&bench](int host) {
    bench.packet("inside", {{"proto", "tcp"},
                            {"src", fmt::format("10.0.0.{}", host)},
                            {"dst", "198.51.100.9"},
                            {"dport", "80"},
                            {"flags", "syn"}});
  };
  browse(11);
  bench.expect_user("inside:10.0.0.11");
  browse(12);
  bench.expect_user("inside:10.0.0.12");
  browse(13);
  bench.expect_nothing();
}

TEST_CASE("the user of an inbound flow is the host inside") {
  CscBench bench("csc fail-open");
  bench.commands({"configure terminal", "access-list any extended permit ip any any",
                  "access-group any global"});
  bench.packet("outside", {{"proto", "tcp"},
                           {"src", "198.51.100.9"},
                           {"dst", "10.0.0.25"},
                           {"sport", "40000"},
                           {"dport", "25"},
                           {"flags", "syn"}});
  bench.expect_user("inside:10.0.0.25");
}

TEST_CASE("flows of other protocols pass the CSC module by") {
  CscBench bench("csc fail-close");
  bench.send(50001, {{"dport", "22"}}).expect(421002, flow(50001, kBypassed, "TCP", 22));
  bench.send(50001, {{"dport", "22"}, {"flags", "ack"}}).expect_nothing();
  bench.advance(10s);
  bench.send(50002, {{"dport", "80"}, {"proto", "udp"}})
      .expect(421002, flow(50002, kBypassed, "UDP"));
  bench.expect_nothing();
}

TEST_CASE("new flows are skipped or dropped while the CSC module is not up") {
  CscBench bench("csc fail-open");
  bench.module_is("silent").advance(2s);
  bench.send(50001).expect(421007, flow(50001, kSkipped));
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
  bench.act("csc fail-close");
  bench.send(50002).expect(421001, flow(50002, kDropped)).expect_nothing();
  REQUIRE(bench.connections() == 1);
  bench.advance(10s);
  bench.send(50003, {{"proto", "udp"}, {"dport", "53"}})
      .expect(421001, flow(50003, kDropped, "UDP", 53));
  // What began unscanned stays so.
  bench.module_is("answers").advance(10s);
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
}

TEST_CASE("flows that the CSC module was scanning when it failed are skipped once or dropped") {
  CscBench bench("csc fail-open");
  bench.send(50001);
  bench.expect_user("inside:10.0.0.8");
  bench.send(50002);
  bench.module_is("silent").advance(2s - 1ns);
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
  bench.advance(1ns);
  bench.send(50001, {{"flags", "ack"}}).expect(421001, flow(50001, kSkipped));
  bench.advance(10s);
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
  bench.act("csc fail-close");
  bench.packet("outside", {{"proto", "tcp"},
                           {"src", "198.51.100.9"},
                           {"dst", "10.0.0.8"},
                           {"sport", "80"},
                           {"dport", "50002"},
                           {"flags", "syn+ack"}});
  bench.expect(421001, flow(50002, kDropped)).expect_nothing();
  REQUIRE(bench.connections() == 1);
}

TEST_CASE("flows beyond what the CSC module can scan pass unscanned") {
  CscBench bench("csc fail-close", {{"csc-flows", std::uint64_t{1}}});
  bench.send(50001);
  bench.expect_user("inside:10.0.0.8");
  bench.packet("inside", {{"proto", "tcp"},
                          {"src", "10.0.0.9"},
                          {"dst", "198.51.100.9"},
                          {"dport", "80"},
                          {"flags", "syn"}});
  bench.expect_nothing();
  bench.send(50001, {{"flags", "rst"}});
  bench.packet("inside", {{"proto", "tcp"},
                          {"src", "10.0.0.10"},
                          {"dst", "198.51.100.9"},
                          {"dport", "80"},
                          {"flags", "syn"}});
  bench.expect_user("inside:10.0.0.10");
}

TEST_CASE("a flow that the policy no longer redirects does not miss the module") {
  CscBench bench("csc fail-close");
  bench.send(50001);
  bench.expect_user("inside:10.0.0.8");
  bench.act("no csc fail-close");
  bench.module_is("removed");
  bench.send(50001, {{"flags", "ack"}}).expect_nothing();
}

TEST_CASE("what the CSC module injects needs a valid header and a flow") {
  CscBench bench("csc fail-open");
  bench.send(50001);
  bench.expect_user("inside:10.0.0.8");
  bench.inject("valid", "50001").expect_nothing();
  bench.inject("valid", "50002")
      .expect(421004, "Failed to inject TCP packet from 198.51.100.9/80 to 10.0.0.8/50002");
  bench.inject("invalid", "50001").expect(421003, "Invalid data plane encapsulation");
  bench.module_is("data-plane-down");
  bench.inject("invalid", "50001").expect_nothing();
}
