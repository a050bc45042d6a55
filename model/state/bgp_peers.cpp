#include "model/state/bgp_peers.hpp"

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

struct Notification {
  std::uint8_t code;
  std::uint8_t subcode;
  std::string_view text;
};

constexpr auto kNotifications =
    std::to_array<Notification>({{1, 1, "connection not synchronized"},
                                 {1, 2, "illegal header length"},
                                 {1, 3, "illegal header type"},
                                 {2, 1, "unsupported version number"},
                                 {2, 2, "peer in wrong AS"},
                                 {2, 3, "BGP identifier wrong"},
                                 {2, 4, "unsupported optional parameter"},
                                 {2, 6, "unacceptable hold time"},
                                 {2, 7, "unsupported/disjoint capability"},
                                 {3, 1, "malformed attribute list"},
                                 {3, 2, "unrecognized well-known attribute"},
                                 {3, 3, "missing well-known attribute"},
                                 {3, 4, "attribute flags error"},
                                 {3, 5, "attribute length error"},
                                 {3, 6, "invalid ORIGIN"},
                                 {3, 8, "invalid NEXT_HOP"},
                                 {3, 9, "optional attribute error"},
                                 {3, 10, "illegal network"},
                                 {3, 11, "malformed AS_PATH"},
                                 {4, 0, "hold time expired"},
                                 {5, 0, "FSM error"},
                                 {6, 0, "cease"},
                                 {6, 1, "maximum number of prefixes reached"},
                                 {6, 2, "administrative shutdown"},
                                 {6, 3, "peer de-configured"},
                                 {6, 4, "administrative reset"},
                                 {6, 5, "connection rejected"},
                                 {6, 6, "other configuration change"},
                                 {6, 7, "connection collision resolution"},
                                 {6, 8, "out of resources"}});

}  // namespace

std::string_view bgp_notification_text(std::uint64_t code, std::uint64_t subcode) {
  const auto* const at = std::find_if(
      kNotifications.begin(), kNotifications.end(),
      [&](const Notification& known) { return known.code == code && known.subcode == subcode; });
  return at == kNotifications.end() ? std::string_view() : at->text;
}

}  // namespace asaemu
