#include "tests/model/subsystems/vpn_bench.hpp"

using namespace asaemu;
using namespace std::chrono_literals;
using asaemu::test::VpnBench;

namespace {

std::string answer(VpnBench& bench, const std::string& line) {
  bench.commands({"configure terminal", line});
  return bench.output();
}

}  // namespace

TEST_CASE("IPsec begins with the documented defaults") {
  const VpnBench::Options none;
  VpnBench bench(none, asaemu::test::kBenchConfig);
  const CryptoConfig& config = bench.device().tables().crypto;
  CHECK(config.lifetime.seconds == 28800);
  CHECK(config.lifetime.kilobytes == 4608000);
  CHECK(config.replay_window == 64);
}

TEST_CASE("crypto map entries are asked in the order of their numbers") {
  VpnBench bench;
  bench.commands({"conf t", "crypto map vpn 5 match address first",
                  "crypto map vpn 5 set peer 192.0.2.50",
                  "crypto map vpn 5 set security-association lifetime kilobytes unlimited"});
  const CryptoMap* const map = bench.device().tables().crypto.find_map("vpn", false);
  REQUIRE(map->entries.size() == 3);
  CHECK(map->entries[0].sequence == 5);
  CHECK(map->entries[0].lifetime.kilobytes == kUnlimitedKilobytes);
  CHECK(map->entries[1].sequence == 10);
  CHECK(answer(bench, "no crypto map vpn 5").empty());
  CHECK(answer(bench, "no crypto map vpn 5") == "ERROR: unable to find crypto map entry\n");
}

TEST_CASE("a denial in a crypto access list leads to the next entry") {
  VpnBench bench;
  bench.commands({"conf t", "access-list vpn-branch line 1 deny ip any host 192.168.60.9",
                  "access-list second permit ip any host 192.168.60.9",
                  "crypto map vpn 20 match address second",
                  "crypto map vpn 20 set peer 198.51.100.21",
                  "crypto map vpn 20 set ikev1 transform-set strong",
                  "tunnel-group 198.51.100.21 type ipsec-l2l"});
  bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp).advance(1s);
  REQUIRE(bench.tunnels() == 1);
  CHECK(bench.tunnel().request.map_sequence == 20);
}

TEST_CASE("an IKEv2 proposal shows its algorithms") {
  VpnBench bench;
  bench.commands({"conf t", "crypto ipsec ikev2 ipsec-proposal best",
                  "protocol esp encryption aes-256", "protocol esp integrity sha-256",
                  "crypto map vpn 10 set ikev2 ipsec-proposal best"});
  bench.bring_up().command("show crypto ipsec sa | include transform");
  CHECK(bench.output().starts_with(
      "         transform: esp-aes-256 esp-sha-256-hmac no compression \n"));
  bench.command("show crypto ipsec sa | include settings");
  CHECK(bench.output().starts_with("         in use settings ={L2L, Tunnel, IKEv2, }\n"));
}

TEST_CASE("what a crypto map needs must be there") {
  VpnBench bench;
  CHECK(answer(bench, "crypto map other interface outside") ==
        "ERROR: crypto map other does not exist\n");
  CHECK(answer(bench, "crypto map vpn 65000 ipsec-isakmp dynamic nobody") ==
        "ERROR: dynamic map nobody does not exist\n");
  CHECK(answer(bench, "crypto map vpn 10 set peer 2001:db8::1") ==
        "ERROR: IPv4 address expected\n");
  CHECK(answer(bench, "crypto ipsec ikev1 transform-set odd aes") == "ERROR: Invalid transform\n");
  CHECK(answer(bench, "no crypto ipsec ikev1 transform-set odd") ==
        "ERROR: transform set odd does not exist\n");
  CHECK(answer(bench, "no crypto map vpn interface inside") ==
        "ERROR: crypto map is not applied to this interface\n");
  CHECK(answer(bench, "tunnel-group 192.0.2.9 ipsec-attributes") ==
        "ERROR: The tunnel-group does not exist; set its type first\n");
  CHECK(answer(bench, "no tunnel-group 192.0.2.9") ==
        "ERROR: tunnel-group 192.0.2.9 does not exist\n");
}

TEST_CASE("the anti-replay window takes the sizes of an ASA") {
  VpnBench bench;
  for (const unsigned size : {64U, 128U, 256U, 512U, 1024U}) {
    CHECK(
        answer(bench, fmt::format("crypto ipsec security-association replay window-size {}", size))
            .empty());
    CHECK(bench.device().tables().crypto.replay_window == size);
  }
  CHECK_FALSE(answer(bench, "crypto ipsec security-association replay window-size 63").empty());
}

TEST_CASE("every setting of a crypto map entry can be taken back") {
  VpnBench bench;
  const auto& entry = [&]() -> const CryptoMapEntry& {
    return *bench.device().tables().crypto.find_map("vpn", false)->find(10);
  };
  CHECK(answer(bench, "crypto map vpn 10 set security-association lifetime seconds 200").empty());
  CHECK(answer(bench, "crypto map vpn 10 set security-association lifetime kilobytes 50").empty());
  CHECK(
      answer(bench, "no crypto map vpn 10 set security-association lifetime seconds 200").empty());
  CHECK(entry().lifetime.seconds == 0);
  CHECK(entry().lifetime.kilobytes == 50);
  CHECK(answer(bench, "no crypto map vpn 10 set security-association lifetime kilobytes").empty());
  CHECK(entry().lifetime.kilobytes == 0);
  CHECK(answer(bench, "no crypto map vpn 10 match address vpn-branch").empty());
  CHECK(entry().access_list.empty());
  CHECK(answer(bench, "no crypto map vpn 10 set peer 198.51.100.20").empty());
  CHECK(entry().peer.is_unspecified());
  CHECK(answer(bench, "no crypto map vpn 10 set ikev1 transform-set strong").empty());
  CHECK(entry().transform_set.empty());
  CHECK(answer(bench, "no crypto map vpn 11 set peer") ==
        "ERROR: unable to find crypto map entry\n");
  bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp).advance(1s);
  CHECK(bench.tunnels() == 0);
}

TEST_CASE("lifetimes and the replay window go back to their defaults") {
  VpnBench bench;
  const CryptoConfig& config = bench.device().tables().crypto;
  answer(bench, "crypto ipsec security-association lifetime seconds 3600");
  answer(bench, "crypto ipsec security-association lifetime kilobytes unlimited");
  answer(bench, "crypto ipsec security-association replay disable");
  CHECK(config.replay_window == 0);
  CHECK(answer(bench, "no crypto ipsec security-association lifetime seconds 3600").empty());
  CHECK(config.lifetime.seconds == 28800);
  CHECK(config.lifetime.kilobytes == kUnlimitedKilobytes);
  CHECK(answer(bench, "no crypto ipsec security-association lifetime kilobytes").empty());
  CHECK(config.lifetime.kilobytes == 4608000);
  CHECK(answer(bench, "no crypto ipsec security-association replay disable").empty());
  CHECK(config.replay_window == 64);
}

TEST_CASE("removing an entry of a map that is applied nowhere disturbs no tunnel") {
  VpnBench bench;
  bench.packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp).advance(1s);
  REQUIRE(bench.tunnels() == 1);
  answer(bench, "crypto map spare 1 set peer 192.0.2.50");
  answer(bench, "no crypto map spare 1");
  answer(bench, "no crypto dynamic-map users 10");
  CHECK(bench.tunnels() == 1);
  answer(bench, "no crypto map vpn 10");
  bench.advance(5s);
  CHECK(bench.tunnels() == 0);
}

TEST_CASE("a tunnel group that is defined again keeps its keepalive") {
  VpnBench bench;
  bench.commands({"conf t", "tunnel-group 198.51.100.20 ipsec-attributes",
                  "isakmp keepalive threshold 30 retry 5",
                  "tunnel-group 198.51.100.20 type ipsec-l2l"});
  CHECK(bench.device().tables().crypto.find_tunnel_group("198.51.100.20")->keepalive.threshold ==
        30);
  answer(bench, "no tunnel-group 198.51.100.20 type ipsec-l2l");
  CHECK(bench.device().tables().crypto.find_tunnel_group("198.51.100.20") == nullptr);
}
