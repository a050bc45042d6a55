// A bench with IPsec: one LAN-to-LAN peer and a crypto map for remote-access users.
#pragma once

#include "tests/model/harness.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace asaemu::test {

inline const std::string kVpnConfig =
    std::string(kBenchConfig) +
    "access-list vpn-branch extended permit ip 10.0.0.0 255.255.255.0 192.168.60.0 255.255.255.0\n"
    "crypto ipsec ikev1 transform-set strong esp-aes-256 esp-sha-hmac\n"
    "crypto dynamic-map users 10 set ikev1 transform-set strong\n"
    "crypto map vpn 10 match address vpn-branch\n"
    "crypto map vpn 10 set peer 198.51.100.20\n"
    "crypto map vpn 10 set ikev1 transform-set strong\n"
    "crypto map vpn 65535 ipsec-isakmp dynamic users\n"
    "crypto map vpn interface outside\n"
    "tunnel-group 198.51.100.20 type ipsec-l2l\n"
    "tunnel-group 198.51.100.20 ipsec-attributes\n"
    " ikev1 pre-shared-key *****\n";

inline constexpr const char* kVpnPeer = "198.51.100.20";

class VpnBench : public Bench {
 public:
  using Options = std::vector<std::pair<std::string_view, FieldValue>>;
  using Fields = std::vector<std::pair<std::string, std::string>>;

  explicit VpnBench(Options options = {}, std::string config = kVpnConfig)
      : Bench(std::move(config), std::move(options)) {}

  /// A packet at `outside` for this device, ESP if `fields` do not say otherwise.
  VpnBench& esp(std::string_view source, const Fields& fields = {}) {
    Packet packet;
    packet.in = device().tables().interfaces.find_nameif("outside");
    packet.source = *IpAddress::parse(source);
    packet.destination = *IpAddress::parse("203.0.113.1");
    packet.protocol = kProtocolEsp;
    packet.length = 152;
    for (const auto& [name, text] : fields) {
      const auto& all = registry().packet_fields();
      const auto def = std::find_if(all.begin(), all.end(), [&name = name](const auto& one) {
        return one.field.name == name;
      });
      REQUIRE(def != all.end());
      const auto value = field_from_string(def->field, text);
      REQUIRE(value.has_value());
      REQUIRE(def->set(packet, *value, def->extra));
    }
    device().receive(now(), packet);
    advance(SimDuration(0));
    return *this;
  }

  VpnBench& peer(const std::string& does, const std::string& address = kVpnPeer) {
    world("ipsec-peer", {{"ipsec-peer", address}, {"does", does}});
    return *this;
  }

  /// Brings the LAN-to-LAN tunnel up from inside.
  VpnBench& bring_up() {
    packet("inside", "10.0.0.5", "192.168.60.9", kProtocolIcmp);
    advance(std::chrono::seconds(1));
    REQUIRE(tunnels() == 1);
    return *this;
  }

  [[nodiscard]] const SaDatabase& sas() { return device().tables().sas; }
  [[nodiscard]] std::size_t tunnels() { return sas().size(); }
  [[nodiscard]] const Tunnel& tunnel() { return *sas().begin(); }
  /// The inbound SPI of the oldest tunnel, as messages print it.
  [[nodiscard]] std::string spi() {
    return fmt::format("0x{:08X}", tunnel().current.inbound.value);
  }
};

}  // namespace asaemu::test
