#include "model/state/far_ends.hpp"

namespace asaemu {

void FarEnds::learn(const IpAddress& address, const Selectors& selectors, Spi spi) {
  FarEnd* end = tunnels_.find(selectors);
  if (end != nullptr && end->address != address) {
    tunnels_.erase(selectors);
    end = nullptr;
  }
  if (end == nullptr) {
    // Tunnels that this device gave up long ago make room for new ones.
    if (tunnels_.full()) tunnels_.erase(Selectors(tunnels_.begin().key()));
    FarEnd added;
    added.address = address;
    added.selectors = selectors;
    end = tunnels_.insert(selectors, added);
  } else {
    end->old = end->current;
  }
  end->current = {.spi = spi};
  end->notices_loss = kNever;
  end->is_silent = false;
}

void FarEnds::forget(const IpAddress& address) {
  tunnels_.erase_if([&](const FarEnd& end) { return end.address == address; });
}

void FarEnds::silence(const IpAddress& address, bool is_silent) {
  for (FarEnd& end : tunnels_) {
    if (end.address == address) end.is_silent = is_silent;
  }
}

FarEnd* FarEnds::find(const IpAddress& address, Spi spi) {
  for (FarEnd& end : tunnels_) {
    if (end.address == address && (end.current.spi == spi || end.old.spi == spi)) return &end;
  }
  return nullptr;
}

}  // namespace asaemu
