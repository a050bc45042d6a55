// ILS inspection: directories over LDAP in which users of telephony software register where they can
// be called.
//
// Scope: `inspect ils` on TCP connections (port 389 by default, 522 for the older user location
//   service by a class-map of its own); LDAP requests with an address inside; message 405201; show
//   service-policy inspect ils.
// Limitations: no address translation, so the embedded address is only compared, never rewritten. Only
//   requests that register or change an entry are compared: what a directory answers is about other
//   hosts. A wrong address is reported and lets the request pass, as the texts of other old
//   inspections say of theirs (inferred). Lookups, referrals and binds pass unseen.
// State: the connections under inspection, at most the option `ils-connections`, beyond which a
//   connection passes without it; counters. Lost at reload.
// Validation: none against a device; names of requests from RFC 2251.
// References: syslog guide 405201; ASA configuration guide, ILS inspection; RFC 2251.
#include "messages/ils.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// An LDAP request as packets name it and as RFC 2251 does.
struct LdapRequest {
  std::string_view name;
  std::string_view text;
  bool registers;  ///< it writes an entry, which may hold the sender's address
};

constexpr auto kRequests = std::to_array<LdapRequest>({{"bind-request", "BindRequest", false},
                                                       {"unbind-request", "UnbindRequest", false},
                                                       {"search-request", "SearchRequest", false},
                                                       {"search-entry", "SearchResultEntry", false},
                                                       {"add-request", "AddRequest", true},
                                                       {"modify-request", "ModifyRequest", true},
                                                       {"delete-request", "DelRequest", false}});

constexpr auto kRequestNames = [] {
  std::array<std::string_view, kRequests.size()> names{};
  std::ranges::transform(kRequests, names.begin(), &LdapRequest::name);
  return names;
}();

class Ils final : public Subsystem {
 public:
  explicit Ils(Claims& claims)
      : connections_(std::max<std::size_t>(claims.option<std::uint64_t>("ils-connections"), 1)) {}

  static void declare(Declarations<Ils>& declare) {
    declare.option(FieldDef{.name = "ils-connections", .kind = FieldKind::kNumber}, "10000",
                   "most connections under ILS inspection at a time (inferred)");
    message_field = declare.packet_field(
        FieldDef{.name = "ldap-message", .kind = FieldKind::kOneOf, .choices = kRequestNames},
        "LDAP: the message, such as add-request");
    address_field = declare.packet_field(
        FieldDef{.name = "ldap-address", .kind = FieldKind::kIp},
        "LDAP: address inside the entry that the message is about, where its user can be called");
    declare.exec<&Ils::show>("show service-policy inspect ils",
                             "Show what ILS inspection has seen");
    declare.on<&Ils::on_built>();
    declare.on<&Ils::on_closed>();
    declare.stage<&Ils::inspect>(PathStage::kInspection);
  }

 private:
  void on_built(Context& context, const ConnectionBuilt& event) {
    const Connection& built = event.connection;
    const DeviceState& state = context.state();
    if (built.protocol != kProtocolTcp || connections_.full()) return;
    if (state.service_policies.find("inspect ils", built.tuple(), built.initiator.interface,
                                    built.responder.interface, state.access_lists)) {
      connections_.insert(built.id, built.id);
    }
  }
  void on_closed(Context&, const ConnectionClosed& event) {
    connections_.erase(event.connection.id);
  }

  Verdict inspect(Context& context, Packet& packet) {
    if (connections_.find(packet.connection) == nullptr) return Verdict::kPass;
    ++packets_;
    const auto* name = packet.find<std::string>(message_field);
    const auto* embedded = packet.find<IpAddress>(address_field);
    if (name == nullptr || embedded == nullptr) return Verdict::kPass;
    const auto* request = std::ranges::find(kRequests, *name, &LdapRequest::name);
    if (!request->registers || *embedded == packet.source) return Verdict::kPass;
    ++wrong_;
    const auto& interfaces = context.state().interfaces;
    context.emit(msg::IlsWrongEmbeddedAddress{
        .message_type = request->text,
        .source_interface = InterfaceName{interfaces[packet.in].nameif},
        .source = packet.source,
        .source_port = packet.source_port,
        .destination_interface = InterfaceName{interfaces[packet.out].nameif},
        .destination = packet.destination,
        .destination_port = packet.destination_port,
        .embedded_address = *embedded});
    return Verdict::kPass;
  }

  void show(Context& context, const Arguments&) {
    context.print(
        fmt::format("Inspect: ils, packet {}, lock fail 0, drop 0, reset-drop 0\n", packets_));
    context.print(
        fmt::format("  connections {}, wrong embedded address {}\n", connections_.size(), wrong_));
  }

  static inline std::uint16_t message_field = 0;
  static inline std::uint16_t address_field = 0;

  BoundedTable<ConnectionId, ConnectionId> connections_;
  std::uint64_t packets_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace

void register_ils(Registry& registry);
void register_ils(Registry& registry) {
  registry.add<Ils>("ils");
}

}  // namespace asaemu
