// What the devices at the other ends of the tunnels believe: which SA each of them sends on. That is
// not the device's own state; no reload of the device changes it.
#pragma once

#include "model/state/sa_database.hpp"

namespace asaemu {

/// One tunnel, as its far end sees it.
struct FarEnd {
  /// An SA that the far end sends on: our inbound one, if we still have it.
  struct Sa {
    Spi spi;
    std::uint32_t sent = 0;  ///< the last sequence number used
    std::uint32_t held = 0;  ///< of the last packet that did not arrive; 0 if all did

    /// The next number, after `gap` more packets that the network lost or holds back.
    std::uint32_t next_number(std::uint64_t gap) {
      sent += static_cast<std::uint32_t>(gap) + 1;
      if (gap > 0) held = sent - 1;
      return sent;
    }
    /// The number used `age` packets ago (0: by the last packet); 0 if there were not so many.
    [[nodiscard]] std::uint32_t used_number(std::uint64_t age) const {
      return age < sent ? static_cast<std::uint32_t>(sent - age) : 0;
    }
  };

  IpAddress address;
  Selectors selectors;
  Sa current;
  Sa old;                         ///< the one before the last rekey; SPI 0 if there is none
  SimTime notices_loss = kNever;  ///< when its dead peer detection tells it that the SA is gone
  bool is_silent = false;         ///< vanished: it sends nothing
};

class FarEnds {
 public:
  /// A negotiation with `address` gave it an SA for the traffic.
  void learn(const IpAddress& address, const Selectors& selectors, Spi spi);
  /// It gave the tunnel up.
  void forget(const Selectors& selectors) { tunnels_.erase(selectors); }
  /// It lost all its SAs.
  void forget(const IpAddress& address);
  void silence(const IpAddress& address, bool is_silent);

  /// The first tunnel of `address` for which `fits(selectors)`, otherwise its oldest one, as a confused
  /// peer does. nullptr if it has none.
  template <class Fits>
  [[nodiscard]] FarEnd* choose(const IpAddress& address, Fits&& fits) {
    FarEnd* first = nullptr;
    for (FarEnd& end : tunnels_) {
      if (end.address != address) continue;
      if (fits(end.selectors)) return &end;
      if (first == nullptr) first = &end;
    }
    return first;
  }
  /// The tunnel in which `address` has or had an SA with this SPI; nullptr if it never had.
  [[nodiscard]] FarEnd* find(const IpAddress& address, Spi spi);

 private:
  BoundedTable<Selectors, FarEnd, SelectorsHash> tunnels_{SaDatabase::kBound};
};

}  // namespace asaemu
