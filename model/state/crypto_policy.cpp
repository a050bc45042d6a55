#include "model/state/crypto_policy.hpp"

namespace asaemu {

namespace {

SaRequest make_request(InterfaceId interface, const CryptoMapEntry& entry,
                       const Selectors& selectors) {
  return {.selectors = selectors,
          .peer = entry.peer,
          .user = {},
          .interface = interface,
          .map_sequence = entry.sequence};
}

}  // namespace

std::optional<SaRequest> find_policy(const DeviceState& state, InterfaceId interface,
                                     const FiveTuple& outbound) {
  const CryptoMap* const map = state.crypto.find_map(interface);
  if (map == nullptr) return std::nullopt;
  for (const CryptoMapEntry& entry : map->entries) {
    if (!entry.dynamic_map.empty()) {
      const Tunnel* const tunnel = state.sas.find(Selectors::to_host(outbound.destination));
      if (tunnel != nullptr && !outbound.destination.is_v6()) return tunnel->request;
      continue;
    }
    const AccessList* const list = state.access_lists.find(entry.access_list);
    if (list == nullptr || entry.peer.is_unspecified()) continue;
    const AccessRule* const rule = list->match(outbound);
    if (rule == nullptr || !rule->is_permit) continue;
    if (const auto selectors = Selectors::of(*rule)) {
      return make_request(interface, entry, *selectors);
    }
  }
  return std::nullopt;
}

std::vector<SaRequest> policies_of_peer(const DeviceState& state, const IpAddress& peer) {
  std::vector<SaRequest> requests;
  for (const CryptoMap& map : state.crypto.maps) {
    if (map.interface == kNoInterface) continue;
    for (const CryptoMapEntry& entry : map.entries) {
      if (entry.peer != peer) continue;
      const AccessList* const list = state.access_lists.find(entry.access_list);
      if (list == nullptr) continue;
      for (const AccessRule& rule : list->rules()) {
        const auto selectors = Selectors::of(rule);
        if (rule.is_permit && selectors) {
          requests.push_back(make_request(map.interface, entry, *selectors));
        }
      }
    }
  }
  return requests;
}

const CryptoMapEntry* find_entry(const DeviceState& state, const SaRequest& request) {
  const CryptoMap* const map = state.crypto.find_map(request.interface);
  return map == nullptr ? nullptr : map->find(request.map_sequence);
}

SaLifetime lifetime_of(const CryptoConfig& config, const CryptoMapEntry& entry) {
  const auto or_global = [](std::uint32_t own, std::uint32_t global) {
    return own != 0 ? own : global;
  };
  return {or_global(entry.lifetime.seconds, config.lifetime.seconds),
          or_global(entry.lifetime.kilobytes, config.lifetime.kilobytes)};
}

Keepalive keepalive_of(const CryptoConfig& config, const SaRequest& request) {
  if (request.user.empty()) {
    const TunnelGroup* const group = config.find_tunnel_group(to_string(request.peer));
    return group != nullptr ? group->keepalive : Keepalive{};
  }
  for (const TunnelGroup& group : config.tunnel_groups) {
    if (!group.is_l2l) return group.keepalive;
  }
  return kRemoteAccessKeepalive;
}

}  // namespace asaemu
