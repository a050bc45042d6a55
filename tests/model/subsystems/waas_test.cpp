#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>

using asaemu::test::Bench;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string config() {
  return std::string(asaemu::test::kBenchConfig) +
         "access-list web extended permit tcp any any eq 80\n"
         "class-map wan\n"
         " match access-list web\n"
         "policy-map optimised\n"
         " class wan\n"
         "  inspect waas\n"
         "service-policy optimised global\n";
}

Fields segment(bool to_server, const std::string& flags, const std::string& option,
               const std::string& server_port = "80") {
  const std::string client = "10.0.0.20";
  const std::string server = "198.51.100.60";
  return {{"proto", "tcp"},
          {"src", to_server ? client : server},
          {"dst", to_server ? server : client},
          {"sport", to_server ? "49200" : server_port},
          {"dport", to_server ? server_port : "49200"},
          {"flags", flags},
          {"waas-option", option}};
}

Bench& shake_hands(Bench& bench, const std::string& first, const std::string& second) {
  return bench.packet("inside", segment(true, "syn", first))
      .packet("outside", segment(false, "syn+ack", second));
}

constexpr const char* kConfirmed =
    "WAAS confirmed from inside:10.0.0.20/49200 to outside:198.51.100.60/80, inspection services "
    "bypassed on this connection.";

}  // namespace

TEST_CASE("a connection with accelerators at both ends is confirmed once") {
  Bench bench(config());
  shake_hands(bench, "yes", "yes").expect(428002, kConfirmed);
  REQUIRE(bench.device().tables().waas.begin()->is_confirmed);
  bench.packet("outside", segment(false, "syn+ack", "yes"))
      .packet("inside", segment(true, "ack", "yes"))
      .expect_nothing();
}

TEST_CASE("a connection with an accelerator at one end only is inspected") {
  Bench bench(config());
  shake_hands(bench, "yes", "no").expect_nothing();
  REQUIRE(bench.device().tables().waas.empty());
  bench.command("clear conn all");
  shake_hands(bench, "no", "yes").expect_nothing();
  REQUIRE(bench.device().tables().waas.empty());
}

TEST_CASE("only connections of a class with inspect waas are looked at") {
  Bench bench(config());
  bench.packet("inside", segment(true, "syn", "yes", "8080"))
      .packet("outside", segment(false, "syn+ack", "yes", "8080"))
      .expect_nothing();
  Bench without;
  shake_hands(without, "yes", "yes").expect_nothing();
}

TEST_CASE("an accelerated connection is forgotten when it ends, and at reload") {
  Bench bench(config(), {{"boot-time", asaemu::SimDuration(std::chrono::minutes(2))}});
  shake_hands(bench, "yes", "yes").expect(428002, kConfirmed);
  bench.packet("inside", segment(true, "rst", "no"));
  REQUIRE(bench.device().tables().waas.empty());
  shake_hands(bench, "yes", "yes").expect(428002, kConfirmed);
  bench.command("reload noconfirm").advance(std::chrono::minutes(2));
  REQUIRE(bench.device().tables().waas.empty());
}
