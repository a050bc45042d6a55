// SNMP inspection: packets of protocol versions that a map forbids, and malformed ones.
//
// Scope: `inspect snmp [MAP]` in a service policy; snmp-map with deny version; show running-config
//   snmp-map, show service-policy inspect snmp; message 416001 for each packet dropped.
// Limitations: of a packet's content only its version and the length of its outer SEQUENCE are
//   looked at; a packet that does not give a version is not taken for SNMP. Version 2 is the
//   party-based one of RFC 1445, 2c the community-based one.
// State: SNMP maps, at most kMapBound (inferred). Counters, lost at reload.
// Validation: versions against the guide's text and the command reference; none against a device.
// References: syslog guide 416001; ASA command reference, `snmp-map`, `deny version`; RFC 1157, 1901,
//   3416.
#include "messages/snmp_inspection.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

constexpr Mode kSnmpMapMode{"config-snmp-map"};
constexpr auto kVersions = std::to_array<std::string_view>({"1", "2", "2c", "3"});

struct SnmpMap {
  std::string name;
  std::array<bool, kVersions.size()> denies{};  ///< by place in kVersions
};

std::size_t place_of(std::string_view version) {
  const auto* found = std::ranges::find(kVersions, version);
  ASAEMU_ASSERT(found != kVersions.end());
  return static_cast<std::size_t>(found - kVersions.begin());
}

class SnmpInspection final : public Subsystem {
 public:
  explicit SnmpInspection(Claims&) {}

  static void declare(Declarations<SnmpInspection>& declare) {
    declare.config<&SnmpInspection::enter_map>("snmp-map <word:name>",
                                               "Name a map for SNMP inspection");
    declare.config<&SnmpInspection::remove_map>("no snmp-map <word:name>", "Remove an SNMP map");
    declare.command<&SnmpInspection::set_version>(kSnmpMapMode, "[no] deny version {1|2|2c|3}",
                                                  "Drop packets of an SNMP version");
    declare.exec<&SnmpInspection::show_maps>("show running-config snmp-map", "Show the SNMP maps");
    declare.exec<&SnmpInspection::show_counts>("show service-policy inspect snmp",
                                               "Show what SNMP inspection counted");
    version_field = declare.packet_field(
        FieldDef{.name = "snmp-version", .kind = FieldKind::kOneOf, .choices = kVersions},
        "SNMP: the version of the message: 1, 2, 2c or 3");
    length_field =
        declare.packet_field(FieldDef{.name = "snmp-length", .kind = FieldKind::kNumber},
                             "SNMP: bytes of the message as its outer SEQUENCE claims; without, "
                             "those that the UDP packet carries");
    declare.stage<&SnmpInspection::inspect>(PathStage::kInspection);
  }

 private:
  static constexpr std::size_t kMapBound = 256;
  static constexpr std::uint64_t kHeaders = 28;  ///< bytes of IPv4 and UDP headers
  static constexpr std::uint64_t kHeaders6 = 48;

  SnmpMap* find(std::string_view name) {
    const auto found = std::ranges::find(maps_, name, &SnmpMap::name);
    return found == maps_.end() ? nullptr : &*found;
  }

  void enter_map(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("name");
    const SnmpMap* map = find(name);
    if (map == nullptr) {
      if (maps_.size() == kMapBound) {
        context.print(fmt::format("ERROR: Maximum number of SNMP maps ({}) reached\n", kMapBound));
        return;
      }
      map = &maps_.emplace_back(SnmpMap{name, {}});
    }
    context.enter_mode(kSnmpMapMode, static_cast<std::uint64_t>(map - maps_.data()));
  }

  static bool is_used(const ServicePolicies& policies, std::string_view name) {
    for (const PolicyMap& policy : policies.policies) {
      for (const PolicyClass& policy_class : policy.classes) {
        for (const PolicyAction& action : policy_class.actions) {
          if (action.feature == "inspect snmp" && action.has(name)) return true;
        }
      }
    }
    return false;
  }

  void remove_map(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("name");
    if (is_used(context.state().service_policies, name)) {
      context.print(fmt::format("ERROR: snmp-map {} is being used\n", name));
      return;
    }
    const auto removed = std::erase_if(maps_, [&](const SnmpMap& map) { return map.name == name; });
    if (removed == 0) context.print(fmt::format("ERROR: snmp-map {} does not exist\n", name));
  }

  void set_version(Context& context, const Arguments& arguments) {
    SnmpMap& map = maps_.at(context.mode_object());
    for (const std::string_view version : kVersions) {
      if (arguments.has(version)) map.denies.at(place_of(version)) = !arguments.has("no");
    }
  }

  void show_maps(Context& context, const Arguments&) {
    for (const SnmpMap& map : maps_) {
      context.print(fmt::format("snmp-map {}\n", map.name));
      for (const std::string_view version : kVersions) {
        if (map.denies.at(place_of(version))) {
          context.print(fmt::format(" deny version {}\n", version));
        }
      }
    }
  }

  void show_counts(Context& context, const Arguments&) {
    context.print(
        fmt::format("      Inspect: snmp, packet {}, drop {}, reset-drop 0\n", packets_, drops_));
  }

  Verdict inspect(Context& context, Packet& packet) {
    if (packet.protocol != kProtocolUdp || packet.extras.empty()) return Verdict::kPass;
    const auto* version = packet.find<std::string>(version_field);
    const DeviceState& state = context.state();
    const Connection* connection = state.connections.find(packet.connection);
    if (version == nullptr || connection == nullptr) return Verdict::kPass;
    const auto policy = state.service_policies.find(
        "inspect snmp", connection->tuple(), connection->initiator.interface,
        connection->responder.interface, state.access_lists);
    if (!policy) return Verdict::kPass;
    ++packets_;
    const auto& words = policy.action->words;
    const SnmpMap* map = words.empty() ? nullptr : find(words.front());
    const bool is_denied = map != nullptr && map->denies.at(place_of(*version));
    if (!is_denied && is_well_formed(packet)) return Verdict::kPass;
    ++drops_;
    context.emit(msg::SnmpPacketDroppedByInspection{
        .source_interface = InterfaceName{state.interfaces[packet.in].nameif},
        .source = packet.source,
        .source_port = packet.source_port,
        .destination_interface = InterfaceName{state.interfaces[packet.out].nameif},
        .destination = packet.destination,
        .destination_port = packet.destination_port,
        .version = *version});
    return Verdict::kDrop;
  }

  /// The message fills its packet, and no more.
  static bool is_well_formed(const Packet& packet) {
    const auto* claimed = packet.find<std::uint64_t>(length_field);
    const std::uint64_t headers = packet.source.is_v6() ? kHeaders6 : kHeaders;
    return claimed == nullptr || *claimed + headers == packet.length;
  }

  /// The numbers of the packet fields, the same in every device.
  static inline std::uint16_t version_field = 0;
  static inline std::uint16_t length_field = 0;

  std::vector<SnmpMap> maps_;
  std::uint64_t packets_ = 0;
  std::uint64_t drops_ = 0;
};

}  // namespace

void register_snmp_inspection(Registry& registry);
void register_snmp_inspection(Registry& registry) {
  registry.add<SnmpInspection>("snmp_inspection");
}

}  // namespace asaemu
