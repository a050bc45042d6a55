#include "model/state/sa_database.hpp"

namespace asaemu {

namespace {

constexpr std::uint32_t kFirstSpi = 256;

struct Network {
  std::uint32_t address;
  std::uint32_t mask;
};

std::optional<Network> network_of(const AddressRange& range) {
  if (!range.prefix) return Network{0, 0};
  if (range.prefix->network().is_v6()) return std::nullopt;
  return Network{range.prefix->network().v4_value(), ipv4_mask(range.prefix->length()).v4_value()};
}

/// One port, or 0 for any: a range cannot be negotiated.
Port port_of(const PortRange& range) {
  return range.low == range.high && !range.is_negated ? Port{range.low} : Port{};
}

bool lies_in(const IpAddress& address, std::uint32_t network, std::uint32_t mask) {
  return !address.is_v6() && ((address.v4_value() ^ network) & mask) == 0;
}

bool is_allowed(Port allowed, Port port) {
  return allowed.value == 0 || allowed == port;
}

}  // namespace

std::optional<Selectors> Selectors::of(const AccessRule& rule) {
  const auto from = network_of(rule.source);
  const auto to = network_of(rule.destination);
  if (!from || !to) return std::nullopt;
  return Selectors{from->address,
                   from->mask,
                   to->address,
                   to->mask,
                   rule.protocol,
                   port_of(rule.source_ports),
                   port_of(rule.destination_ports)};
}

Selectors Selectors::to_host(const IpAddress& remote) {
  Selectors selectors;
  selectors.remote = remote.v4_value();
  selectors.remote_mask = ~std::uint32_t{0};
  return selectors;
}

bool Selectors::allow(const FiveTuple& inbound) const {
  return lies_in(inbound.source, remote, remote_mask) &&
         lies_in(inbound.destination, local, local_mask) &&
         (protocol == kProtocolIp || protocol == inbound.protocol) &&
         is_allowed(remote_port, inbound.source_port) &&
         is_allowed(local_port, inbound.destination_port);
}

std::uint64_t SelectorsHash::operator()(const Selectors& key) const {
  const auto join = [](std::uint32_t high, std::uint32_t low) {
    return std::uint64_t{high} << 32 | low;
  };
  const std::uint64_t ports = join(key.local_port.value, key.remote_port.value);
  std::uint64_t hash = combine_hash(key.protocol.value, ports);
  hash = combine_hash(hash, join(key.local, key.local_mask));
  return combine_hash(hash, join(key.remote, key.remote_mask));
}

SaDatabase::Sa SaDatabase::find(Spi inbound) {
  const Selectors* const selectors = by_spi_.find(inbound);
  if (selectors == nullptr) return {};
  Tunnel* const tunnel = tunnels_.find(*selectors);
  ASAEMU_ASSERT(tunnel != nullptr);
  return {tunnel, tunnel->current.inbound == inbound ? &tunnel->current : &*tunnel->previous};
}

Tunnel* SaDatabase::add(Tunnel tunnel) {
  const Spi spi = tunnel.current.inbound;
  const Selectors selectors = tunnel.request.selectors;
  Tunnel* const added = tunnels_.insert(selectors, std::move(tunnel));
  if (added != nullptr) by_spi_.insert(spi, selectors);
  return added;
}

void SaDatabase::rekey(Tunnel& tunnel, SaPair pair) {
  ASAEMU_ASSERT(!tunnel.previous);
  by_spi_.insert(pair.inbound, tunnel.request.selectors);
  tunnel.previous = std::exchange(tunnel.current, std::move(pair));
}

void SaDatabase::drop_previous(Tunnel& tunnel) {
  if (!tunnel.previous) return;
  by_spi_.erase(tunnel.previous->inbound);
  tunnel.previous.reset();
}

void SaDatabase::remove(const Selectors& selectors) {
  Tunnel* const tunnel = tunnels_.find(selectors);
  if (tunnel == nullptr) return;
  drop_previous(*tunnel);
  by_spi_.erase(tunnel->current.inbound);
  tunnels_.erase(selectors);
}

Spi SaDatabase::unused_spi(RandomStream& random) const {
  for (;;) {
    const Spi spi{static_cast<std::uint32_t>(random.between(kFirstSpi, 0xFFFFFFFF))};
    if (by_spi_.find(spi) == nullptr) return spi;
  }
}

}  // namespace asaemu
