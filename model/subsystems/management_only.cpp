// Management-only: an interface that carries traffic for the device itself lets nothing through.
//
// Scope: packets that would enter or leave by an interface with `management-only` (configured with the
//   interface) and are not for the device; message 418001, with the user at the source if the identity
//   firewall knows one.
// Limitations: traffic for any of the device's own addresses counts as for the device; what
//   `management-access` and the services' own rules say is not asked. Broadcasts and multicasts never
//   cross a router, so they pass unreported. What stands for the ports of a protocol without any is not
//   known; 0 is printed. No security groups.
// State: none.
// Validation: the message against a captured line (asa-behaviour T); the conditions against the command
//   reference only.
// References: syslog guide 418001; ASA command reference, `management-only`.
#include "messages/management_only.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <algorithm>

namespace asaemu {

namespace {

bool is_for_device(const InterfaceTable& interfaces, const IpAddress& destination) {
  return std::ranges::any_of(interfaces.all(), [&](const Interface& interface) {
    return interface.has_address && interface.address == destination;
  });
}

/// An address that no router forwards to: multicast, or a broadcast of the interface's network.
bool is_group(const Interface& interface, const IpAddress& destination) {
  if (destination.is_v6()) return destination.high() >> 56 == 0xFF;
  const std::uint32_t address = destination.v4_value();
  if (address >> 28 == 0xE || address == ~std::uint32_t{0}) return true;
  if (!interface.has_address || interface.address.is_v6()) return false;
  const std::uint32_t mask = interface.mask.v4_value();
  return address == (interface.address.v4_value() | ~mask);
}

class ManagementOnly final : public Subsystem {
 public:
  explicit ManagementOnly(Claims&) {}

  static void declare(Declarations<ManagementOnly>& declare) {
    declare.stage<&ManagementOnly::inspect>(PathStage::kManagementOnly);
  }

 private:
  Verdict inspect(Context& context, Packet& packet) {
    const InterfaceTable& interfaces = context.state().interfaces;
    // Without a route there is no way through, and a later stage drops the packet.
    if (packet.out == kNoInterface) return Verdict::kPass;
    const Interface& in = interfaces[packet.in];
    const Interface& out = interfaces[packet.out];
    if (!in.management_only && !out.management_only) return Verdict::kPass;
    if (is_group(in, packet.destination) || is_for_device(interfaces, packet.destination)) {
      return Verdict::kPass;
    }
    const FiveTuple flow = packet.tuple();
    const UserIdentity* user = context.state().users.find(packet.source);
    context.emit(msg::ManagementOnlyTransitDenied{
        .protocol = packet.protocol,
        .source_interface = InterfaceName{in.nameif},
        .source = packet.source,
        .source_port = flow.source_port,
        .user = user == nullptr ? std::string_view() : std::string_view(user->name),
        .destination_interface = InterfaceName{out.nameif},
        .destination = packet.destination,
        .destination_port = flow.destination_port});
    return Verdict::kDrop;
  }
};

}  // namespace

void register_management_only(Registry& registry);
void register_management_only(Registry& registry) {
  registry.add<ManagementOnly>("management_only");
}

}  // namespace asaemu
