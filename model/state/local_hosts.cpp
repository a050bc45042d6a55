#include "model/state/local_hosts.hpp"

#include <algorithm>

namespace asaemu {

void LocalHosts::hear(LocalHost host, SimTime now) {
  const LocalHost* before = hosts_.find(host.address, now);
  if (before == nullptr && hosts_.size() == kBound) drop_quietest();
  if (before == nullptr || before->interface != host.interface) {
    if (before != nullptr) --tally_of(before->interface).active;
    HostTally& tally = tally_of(host.interface);
    tally.most_active = std::max(tally.most_active, ++tally.active);
  }
  hosts_.hear(host.address, host, now);
}

HostTally& LocalHosts::tally_of(InterfaceId interface) {
  const auto index = static_cast<std::size_t>(interface);
  if (index >= tallies_.size()) tallies_.resize(index + 1);
  return tallies_[index];
}

}  // namespace asaemu
