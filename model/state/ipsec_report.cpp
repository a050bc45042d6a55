#include "model/state/ipsec_report.hpp"

#include "model/state/crypto_policy.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

std::string ident(std::uint32_t address, std::uint32_t mask, IpProtocol protocol, Port port) {
  return fmt::format("({}/{}/{}/{})", to_string(IpAddress::v4(address)),
                     to_string(IpAddress::v4(mask)), protocol.value, port.value);
}

/// What an entry settled for its tunnels; empty texts where the configuration is gone.
struct Terms {
  std::string map;
  std::string access_list;
  std::string algorithms;
  std::string settings;
};

Terms terms_of(const Tunnel& tunnel, const DeviceState& state) {
  Terms terms;
  const CryptoMap* const map = state.crypto.find_map(tunnel.request.interface);
  const CryptoMapEntry* const entry = find_entry(state, tunnel.request);
  if (entry == nullptr) return terms;
  terms.map = map->name;
  terms.access_list = entry->access_list;
  const TransformSet* const set = state.crypto.transform_of(*entry);
  if (set != nullptr) terms.algorithms = set->algorithms;
  terms.settings = fmt::format("{}, Tunnel, {}", tunnel.request.user.empty() ? "L2L" : "RA",
                               set != nullptr && set->is_ikev2 ? "IKEv2, " : "IKEv1, ");
  return terms;
}

/// The rule that a tunnel was negotiated by, as the running configuration has it.
std::string rule_line(const Tunnel& tunnel, const Terms& terms, const DeviceState& state) {
  const AccessList* const list = state.access_lists.find(terms.access_list);
  if (list == nullptr) return {};
  for (const AccessRule& rule : list->rules()) {
    if (Selectors::of(rule) != tunnel.request.selectors) continue;
    return fmt::format("      access-list {} extended {} \n", terms.access_list, rule.to_string());
  }
  return {};
}

/// Two words for 64 packets, and as many more for a wider window; the newest packet is the lowest bit
/// of the last one.
std::string bitmap(const ReplayWindow& window) {
  std::string text = "         ";
  for (std::uint32_t word = window.size() / 32; word-- > 0;) {
    std::uint32_t bits = 0;
    for (std::uint32_t bit = 0; bit < 32; ++bit) {
      if (window.was_seen(word * 32 + bit)) bits |= 1U << bit;
    }
    text += fmt::format(" 0x{:08X}", bits);
  }
  return text;
}

constexpr std::string_view kNothingReplayed = "          0x00000000 0x00000001";

std::string sa_lines(const Tunnel& tunnel, const SaPair& pair, const Terms& terms, SimTime now,
                     bool is_inbound, bool has_replay_detection) {
  const Spi spi = is_inbound ? pair.inbound : pair.outbound;
  const std::uint64_t used = (is_inbound ? pair.bytes_in : pair.bytes_out) / 1024;
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - pair.established);
  const std::uint64_t kilobytes = pair.lifetime_kilobytes;
  std::string text = fmt::format(
      "      spi: 0x{0:08X} ({0})\n"
      "         SA State: {1}\n"
      "         transform: {2} no compression \n"
      "         in use settings ={{{3}}}\n"
      "         slot: 0, conn_id: {4}, crypto-map: {5}\n"
      "         sa timing: remaining key lifetime (kB/sec): ({6}/{7})\n"
      "         IV size: 16 bytes\n"
      "         replay detection support: {8}\n",
      spi.value, tunnel.is_going_down ? "terminating" : "active", terms.algorithms, terms.settings,
      tunnel.connection, terms.map, kilobytes - std::min(kilobytes, used),
      std::max<std::int64_t>(pair.lifetime_seconds - age.count(), 0),
      has_replay_detection ? "Y" : "N");
  if (has_replay_detection) {
    text += fmt::format("         Anti replay bitmap: \n{}\n",
                        is_inbound ? bitmap(pair.window) : kNothingReplayed);
  }
  return text;
}

std::string counter_lines(const Tunnel& tunnel) {
  return fmt::format(
      "      #pkts encaps: {0}, #pkts encrypt: {0}, #pkts digest: {0}\n"
      "      #pkts decaps: {1}, #pkts decrypt: {1}, #pkts verify: {1}\n"
      "      #pkts compressed: 0, #pkts decompressed: 0\n"
      "      #pkts not compressed: {0}, #pkts comp failed: 0, #pkts decomp failed: 0\n"
      "      #pre-frag successes: 0, #pre-frag failures: 0, #fragments created: 0\n"
      "      #PMTUs sent: 0, #PMTUs rcvd: 0, #decapsulated frgs needing reassembly: 0\n"
      "      #TFC rcvd: 0, #TFC sent: 0\n"
      "      #Valid ICMP Errors rcvd: 0, #Invalid ICMP Errors rcvd: 0\n"
      "      #send errors: {2}, #recv errors: {3}\n\n",
      tunnel.counters.encapsulated, tunnel.counters.decapsulated, tunnel.counters.send_errors,
      tunnel.counters.receive_errors);
}

std::string describe_tunnel(const Tunnel& tunnel, const DeviceState& state, SimTime now) {
  const Terms terms = terms_of(tunnel, state);
  const Selectors& selectors = tunnel.request.selectors;
  const std::string local = to_string(state.interfaces[tunnel.request.interface].address);
  const std::string peer = to_string(tunnel.request.peer);
  std::string text = fmt::format(
      "    Crypto map tag: {}, seq num: {}, local addr: {}\n\n"
      "{}"
      "      local ident (addr/mask/prot/port): {}\n"
      "      remote ident (addr/mask/prot/port): {}\n"
      "      current_peer: {}{}\n",
      terms.map, tunnel.request.map_sequence, local, rule_line(tunnel, terms, state),
      ident(selectors.local, selectors.local_mask, selectors.protocol, selectors.local_port),
      ident(selectors.remote, selectors.remote_mask, selectors.protocol, selectors.remote_port),
      peer, tunnel.request.user.empty() ? "" : ", username: " + tunnel.request.user);
  if (!tunnel.request.user.empty()) {
    text += fmt::format("      dynamic allocated peer ip: {}\n",
                        to_string(IpAddress::v4(selectors.remote)));
  }
  text += "\n\n" + counter_lines(tunnel);
  text += fmt::format(
      "      local crypto endpt.: {}/0, remote crypto endpt.: {}/0\n"
      "      path mtu 1500, ipsec overhead 74(44), media mtu 1500\n"
      "      PMTU time remaining (sec): 0, DF policy: copy-df\n"
      "      ICMP error validation: disabled, TFC packets: disabled\n"
      "      current outbound spi: {:08X}\n"
      "      current inbound spi : {:08X}\n\n",
      local, peer, tunnel.current.outbound.value, tunnel.current.inbound.value);
  const bool has_replay_detection = state.crypto.replay_window != 0;
  for (const bool is_inbound : {true, false}) {
    text += is_inbound ? "    inbound esp sas:\n" : "    outbound esp sas:\n";
    text += sa_lines(tunnel, tunnel.current, terms, now, is_inbound, has_replay_detection);
    if (tunnel.previous) {
      text += sa_lines(tunnel, *tunnel.previous, terms, now, is_inbound, has_replay_detection);
    }
  }
  return text + "\n";
}

}  // namespace

std::string describe_tunnels(const DeviceState& state, const IpAddress* only_peer, SimTime now) {
  std::string text;
  for (std::size_t i = 0; i < state.interfaces.size(); ++i) {
    const auto interface = static_cast<InterfaceId>(i);
    bool is_first = true;
    for (const Tunnel& tunnel : state.sas) {
      if (tunnel.request.interface != interface) continue;
      if (only_peer != nullptr && tunnel.request.peer != *only_peer) continue;
      if (is_first) text += fmt::format("interface: {}\n", state.interfaces[interface].nameif);
      text += describe_tunnel(tunnel, state, now);
      is_first = false;
    }
  }
  return text.empty() ? "\nThere are no ipsec sas\n" : text;
}

std::string describe_ipsec_statistics(const IpsecStatistics& statistics, std::size_t tunnels) {
  const auto& [in, out, previous_tunnels, replay_failures, authentication_failures, fragments,
               protocol_failures, missing_sa_failures, capacity_failures] = statistics;
  return fmt::format(
             "\nIPsec Global Statistics\n"
             "-----------------------\n"
             "Active tunnels: {}\n"
             "Previous tunnels: {}\n"
             "Inbound\n"
             "    Bytes: {}\n"
             "    Decompressed bytes: {}\n"
             "    Packets: {}\n"
             "    Dropped packets: {}\n"
             "    Replay failures: {}\n"
             "    Authentications: {}\n"
             "    Authentication failures: {}\n"
             "    Decryptions: {}\n"
             "    Decryption failures: 0\n"
             "    Decapsulated fragments needing reassembly: {}\n",
             tunnels, previous_tunnels, in.bytes, in.bytes, in.packets, in.drops, replay_failures,
             in.packets, authentication_failures, in.packets, fragments) +
         fmt::format(
             "Outbound\n"
             "    Bytes: {0}\n"
             "    Uncompressed bytes: {0}\n"
             "    Packets: {1}\n"
             "    Dropped packets: {2}\n"
             "    Authentications: {1}\n"
             "    Authentication failures: 0\n"
             "    Encryptions: {1}\n"
             "    Encryption failures: 0\n"
             "    Fragmentation successes: 0\n"
             "        Pre-fragmentation successes: 0\n"
             "        Post-fragmentation successes: 0\n"
             "    Fragmentation failures: 0\n"
             "        Pre-fragmentation failures: 0\n"
             "        Post-fragmentation failures: 0\n"
             "    Fragments created: 0\n"
             "    PMTUs sent: 0\n"
             "    PMTUs recvd: 0\n",
             out.bytes, out.packets, out.drops) +
         fmt::format(
             "Protocol failures: {}\n"
             "Missing SA failures: {}\n"
             "System capacity failures: {}\n",
             protocol_failures, missing_sa_failures, capacity_failures);
}

}  // namespace asaemu
