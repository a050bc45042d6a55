#include "model/state/uauth_table.hpp"

namespace asaemu {

template <class Condition>
void UauthTable::remove_if(Condition&& condition) {
  hosts_.erase_if([&](const AuthenticatedHost& host) {
    if (!condition(host)) return false;
    if (host.is_exempt()) exempt_.erase(host.mac);
    return true;
  });
}

const AuthenticatedHost* UauthTable::find_exempt(MacAddress mac, SimTime now) const {
  const IpAddress* address = exempt_.find(mac);
  return address != nullptr ? find(*address, now) : nullptr;
}

bool UauthTable::add(AuthenticatedHost host, SimTime now) {
  if (hosts_.full()) expire(now);
  remove(host.address);
  if (host.is_exempt()) {
    if (const IpAddress* before = exempt_.find(host.mac)) remove(IpAddress(*before));
  }
  if (hosts_.full()) return false;
  if (host.is_exempt()) exempt_.insert(host.mac, host.address);
  const IpAddress address = host.address;
  return hosts_.insert(address, std::move(host)) != nullptr;
}

void UauthTable::note_activity(const IpAddress& address, SimTime now) {
  AuthenticatedHost* host = hosts_.find(address);
  ASAEMU_ASSERT(host != nullptr);
  host->active = now;
}

void UauthTable::clear() {
  hosts_.clear();
  exempt_.clear();
}

void UauthTable::clear_user(std::string_view user) {
  remove_if([&](const AuthenticatedHost& host) { return host.user == user; });
}

void UauthTable::expire(SimTime now) {
  remove_if([&](const AuthenticatedHost& host) { return !is_current(host, now); });
}

void UauthTable::remove(const IpAddress& address) {
  const AuthenticatedHost* host = hosts_.find(address);
  if (host == nullptr) return;
  if (host->is_exempt()) exempt_.erase(host->mac);
  hosts_.erase(address);
}

}  // namespace asaemu
