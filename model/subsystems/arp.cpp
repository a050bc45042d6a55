// ARP: which hardware address answers for which IP address, and who says otherwise.
//
// Scope: the ARP table, learned and configured (arp, arp timeout, arp permit-nonconnected, show arp,
//   show arp statistics, clear arp); ARP packets (the packet field `arp`); messages 405001 when an
//   ARP packet contradicts the table, and 405003 when it claims an address of our own interface.
// Limitations: the device sends no ARP packets of its own: it resolves nothing, refreshes nothing
//   before it ages, and its defence of an address is only counted. Data packets teach it nothing. A
//   learned entry follows the packet that contradicts it, a configured one does not, an alias answers
//   nobody; what gives way in a full table is inferred. ARP inspection (322xxx) and IPv6 neighbours
//   are not modelled.
// State: ArpTable: at most ArpTable::kStaticBound configured entries, and as many learned ones as
//   the option `arp-limit` says, the oldest of which makes room for a new one. Lost at reload.
// Validation: `show arp` against captured output; 405001 and 405003 against captured lines
//   (asa-behaviour D.5, T); `show arp statistics` against documentation only.
// References: asa-behaviour D.5, T; syslog guide 405001, 405003; RFC 826 for whom a host learns from;
//   ASA command reference, `arp`, `show arp`.
#include "messages/arp.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

using Operation = msg::ArpCollision::Operation;

class Arp final : public Subsystem {
 public:
  explicit Arp(Claims& claims)
      : table_(claims.own(&DeviceState::arp)),
        limit_(std::clamp<std::uint64_t>(claims.option<std::uint64_t>("arp-limit"), 1,
                                         ArpTable::kLearnedBound)) {}

  static void declare(Declarations<Arp>& declare);

 private:
  static std::optional<Operation> operation_of(const Packet& packet);

  void set_timeout(Context& context, const Arguments& arguments);
  void set_permit_nonconnected(Context& context, const Arguments& arguments);
  void configure(Context& context, const Arguments& arguments);
  void remove(Context& context, const Arguments& arguments);
  void clear(Context& context, const Arguments&);
  void clear_statistics(Context& context, const Arguments&);
  void show(Context& context, const Arguments&);
  void show_statistics(Context& context, const Arguments&);
  void on_interface(Context& context, const InterfaceConfigured& event);

  Verdict inspect(Context& context, Packet& packet);
  void collide(Context& context, const Packet& packet);
  void learn(Context& context, const Packet& packet, Operation operation);
  void put(Context& context, const ArpKey& key, MacAddress mac);
  [[nodiscard]] bool is_connected(const Interface& interface, const IpAddress& address) const;

  /// The number of the packet field `arp`, the same in every device.
  static inline std::uint16_t operation_field = 0;

  ArpTable& table_;
  std::uint64_t limit_;
  bool permits_nonconnected_ = false;
  std::uint64_t interface_collisions_ = 0;
};

void Arp::declare(Declarations<Arp>& declare) {
  static constexpr std::array<std::string_view, 2> kOperations{"request", "response"};
  declare.option(FieldDef{.name = "arp-limit", .kind = FieldKind::kNumber}, "65536",
                 "most ARP entries the device learns, 1 to 65536; the oldest then makes room");
  operation_field = declare.packet_kind(
      FieldDef{.name = "arp", .kind = FieldKind::kOneOf, .choices = kOperations},
      "an ARP packet: smac and src are the sender's addresses, dst is the address it asks for or "
      "tells");
  declare.config<&Arp::set_timeout>("arp timeout <number:seconds:60-4294967>",
                                    "Set how long a learned entry lives");
  declare.config<&Arp::set_timeout>("no arp timeout [<number:seconds:60-4294967>]",
                                    "Let learned entries live for four hours again");
  declare.config<&Arp::set_permit_nonconnected>(
      "[no] arp permit-nonconnected", "Learn addresses outside the interface's own network, too");
  declare.config<&Arp::configure>("arp <nameif:interface> <ip:address> <mac:mac> [alias]",
                                  "Add an entry that never ages");
  declare.config<&Arp::remove>("no arp <nameif:interface> <ip:address> [<mac:mac>] [alias]",
                               "Remove a configured entry");
  declare.exec<&Arp::clear>("clear arp", "Forget all learned entries");
  declare.exec<&Arp::clear_statistics>("clear arp statistics", "Zero the ARP counters");
  declare.exec<&Arp::show>("show arp", "Show the ARP table, with ages in seconds");
  declare.exec<&Arp::show_statistics>("show arp statistics", "Show the ARP counters");
  declare.on<&Arp::on_interface>();
  declare.stage<&Arp::inspect>(PathStage::kArp);
}

void Arp::set_timeout(Context&, const Arguments& arguments) {
  const auto* seconds = arguments.find<std::uint64_t>("seconds");
  const bool is_default = arguments.has("no") || seconds == nullptr;
  table_.learned.set_lifetime(is_default ? ArpTable::kTimeout
                                         : SimDuration(std::chrono::seconds(*seconds)));
}

void Arp::set_permit_nonconnected(Context&, const Arguments& arguments) {
  permits_nonconnected_ = !arguments.has("no");
}

void Arp::configure(Context& context, const Arguments& arguments) {
  const auto& interfaces = context.state().interfaces;
  const ArpKey key{interfaces.find_nameif(arguments.get<std::string>("interface")),
                   arguments.get<IpAddress>("address")};
  const StaticArp entry{key, arguments.get<MacAddress>("mac"), arguments.has("alias")};
  table_.learned.erase(key);
  table_.configured.erase(key);
  if (table_.configured.insert(key, entry) == nullptr) {
    context.print("ERROR: unable to add ARP entry, table is full\n");
  }
}

void Arp::remove(Context& context, const Arguments& arguments) {
  const auto& interfaces = context.state().interfaces;
  const ArpKey key{interfaces.find_nameif(arguments.get<std::string>("interface")),
                   arguments.get<IpAddress>("address")};
  if (!table_.configured.erase(key)) {
    context.print(fmt::format("ERROR: no ARP entry for {}\n", to_string(key.address)));
  }
}

void Arp::clear(Context&, const Arguments&) {
  table_.learned.clear();
}

void Arp::clear_statistics(Context&, const Arguments&) {
  interface_collisions_ = 0;
}

void Arp::show(Context& context, const Arguments&) {
  table_.learned.expire(context.now());
  const auto& interfaces = context.state().interfaces.all();
  const auto print = [&](const Interface& interface, const ArpKey& key, MacAddress mac,
                         std::string_view age) {
    context.print(fmt::format("        {} {} {} {}\n", interface.nameif, to_string(key.address),
                              to_string(mac), age));
  };
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    if (interfaces[i].nameif.empty()) continue;
    for (const auto& aged : table_.learned) {
      if (aged.entry.key.interface != static_cast<InterfaceId>(i)) continue;
      const auto age = std::chrono::floor<std::chrono::seconds>(context.now() - aged.heard);
      print(interfaces[i], aged.entry.key, aged.entry.mac, fmt::format("{}", age.count()));
    }
    for (const StaticArp& entry : table_.configured) {
      if (entry.key.interface != static_cast<InterfaceId>(i)) continue;
      print(interfaces[i], entry.key, entry.mac, entry.is_alias ? "alias" : "-");
    }
  }
}

void Arp::show_statistics(Context& context, const Arguments&) {
  table_.learned.expire(context.now());
  context.print(
      fmt::format("        Number of ARP entries:\n"
                  "        ASA : {}\n"
                  "        Dropped blocks in ARP: 0\n"
                  "        Maximum Queued blocks: 0\n"
                  "        Queued blocks: 0\n"
                  "        Interface collision ARPs Received: {}\n"
                  "        ARP-defense Gratuitous ARPS sent: {}\n"
                  "        Total ARP retries: 0\n"
                  "        Unresolved hosts: 0\n"
                  "        Maximum Unresolved hosts: 0\n",
                  table_.learned.size() + table_.configured.size(), interface_collisions_,
                  interface_collisions_));
}

/// An interface with another name or network has other neighbours.
void Arp::on_interface(Context&, const InterfaceConfigured& event) {
  table_.learned.erase_if(
      [&](const auto& aged) { return aged.entry.key.interface == event.interface; });
}

std::optional<Operation> Arp::operation_of(const Packet& packet) {
  for (const Packet::Extra& extra : packet.extras) {
    if (extra.field != operation_field) continue;
    return std::get<std::string>(extra.value) == "request" ? Operation::kRequest
                                                           : Operation::kResponse;
  }
  return std::nullopt;
}

Verdict Arp::inspect(Context& context, Packet& packet) {
  const auto operation = operation_of(packet);
  if (!operation) return Verdict::kPass;
  // A probe (RFC 5227) has no sender address yet: there is nothing to learn or to contradict.
  if (packet.source_mac == MacAddress{} || packet.source.is_unspecified()) return Verdict::kConsume;
  const Interface& interface = context.state().interfaces[packet.in];
  if (interface.has_address && packet.source == interface.address) {
    collide(context, packet);
  } else if (is_connected(interface, packet.source)) {
    learn(context, packet, *operation);
  }
  return Verdict::kConsume;
}

/// Somebody speaks for our address. Our own packet coming back is no collision.
void Arp::collide(Context& context, const Packet& packet) {
  const Interface& interface = context.state().interfaces[packet.in];
  if (packet.source_mac == interface.mac) return;
  ++interface_collisions_;
  context.emit(msg::InterfaceAddressCollision{.address = packet.source,
                                              .mac = packet.source_mac,
                                              .interface = InterfaceName{interface.nameif},
                                              .interface_mac = interface.mac});
}

/// Transparent interfaces have no network of their own: everything is connected to them.
bool Arp::is_connected(const Interface& interface, const IpAddress& address) const {
  if (!interface.has_address || permits_nonconnected_) return true;
  return IpPrefix(interface.address, mask_length(interface.mask).value_or(32)).contains(address);
}

/// As RFC 826 has it: what is known is compared and updated whoever the packet is for, what is not
/// is learned from packets for us only. A bridge sees all packets and learns from all.
void Arp::learn(Context& context, const Packet& packet, Operation operation) {
  const Interface& interface = context.state().interfaces[packet.in];
  const ArpKey key{packet.in, packet.source};
  const MacAddress* known = table_.find(key, context.now());
  if (known != nullptr && *known != packet.source_mac) {
    context.emit(msg::ArpCollision{.operation = operation,
                                   .address = packet.source,
                                   .mac = packet.source_mac,
                                   .interface = InterfaceName{interface.nameif},
                                   .existing_address = packet.source,
                                   .existing_mac = *known});
  }
  const bool is_for_us = !interface.has_address || packet.destination == interface.address;
  if (table_.configured.find(key) == nullptr && (known != nullptr || is_for_us)) {
    put(context, key, packet.source_mac);
  }
}

void Arp::put(Context& context, const ArpKey& key, MacAddress mac) {
  if (table_.learned.find(key, context.now()) == nullptr) {
    table_.learned.expire(context.now());
    if (table_.learned.size() >= limit_) table_.learned.drop_oldest();
  }
  table_.learned.hear(key, LearnedArp{key, mac}, context.now());
}

}  // namespace

void register_arp(Registry& registry);
void register_arp(Registry& registry) {
  registry.add<Arp>("arp");
}

}  // namespace asaemu
