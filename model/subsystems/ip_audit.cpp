// IP audit: the signatures of `ip audit`, checked on every packet of the interfaces that have a policy.
//
// Scope: ip audit info, attack, name, interface and signature; show and clear ip audit count; show
//   running-config ip audit; clear configure ip audit; messages 400000 to 400050. A packet that matches
//   several signatures is reported for each, in the order of their numbers. `reset` drops the packet,
//   closes its connection and answers TCP with a reset.
// Limitations: IPv4 only, as the signatures are. Fragments are not reassembled: content behind the first
//   one is not seen. Not documented, so inferred: the order of several reports; that a damaged option list still shows what stands
//   before the damage; the size of a "large" statd request; that a second policy of a class takes the
//   place of the first on its interface, and that a policy that goes takes its interfaces' lines along;
//   the wording of the errors; the column widths of show ip audit count.
// State: policies, at most AuditPolicies::kBound; for each audited interface its counters and a FragmentTracker.
//   Counters and fragments are lost at reload.
// Validation: conditions and classes against the signature list of the configuration guide; titles of
//   the counters against the command reference; none against a device.
// References: syslog guide 4000nn; asa-behaviour F, T; ASA configuration guide, "IP Audit Signature List"
//   and "Configuring the Fragment Size"; ASA command reference, `ip audit`, `show ip audit count`.
#include "messages/ip_audit.hpp"

#include "model/contract/packet_content.hpp"
#include "model/state/audit_policies.hpp"
#include "model/state/device_state.hpp"
#include "model/state/fragment_tracker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// An interface with a policy.
struct AuditedInterface {
  std::array<std::string, 2> policies;  ///< by class; empty if it has none of that class
  std::array<std::optional<AuditActions>, 2> actions;  ///< by class, as the policies say
  AuditCounts counts{};
  FragmentTracker fragments;
};

/// The numbers of the packet fields that the signatures look at.
struct PacketFields {
  DnsContent dns;
  RpcContent rpc;
  FtpContent ftp;
  UdpContent udp;
};

constexpr std::size_t index_of(AuditClass kind) {
  return static_cast<std::size_t>(kind);
}

template <class M>
void report(Context& context, const Packet& packet, InterfaceName interface) {
  context.emit(
      M{.source = packet.source, .destination = packet.destination, .interface = interface});
}

using Report = void (*)(Context&, const Packet&, InterfaceName);

template <class... Messages>
constexpr auto reports() {
  constexpr std::array kIds{Messages::kId...};
  for (std::size_t i = 0; i < kIds.size(); ++i) ASAEMU_ASSERT(kIds.at(i) == 400000 + i);
  return std::array<Report, kAuditSignatureCount>{report<Messages>...};
}

/// By signature, as audit_signatures() has them.
constexpr auto kReports =
    reports<msg::IpOptionsBadOptionList, msg::IpOptionsRecordPacketRoute, msg::IpOptionsTimestamp,
            msg::IpOptionsSecurity, msg::IpOptionsLooseSourceRoute, msg::IpOptionsSatnetId,
            msg::IpOptionsStrictSourceRoute, msg::IpFragmentAttack, msg::IpImpossiblePacket,
            msg::IpFragmentsOverlap, msg::IcmpEchoReply, msg::IcmpHostUnreachable,
            msg::IcmpSourceQuench, msg::IcmpRedirect, msg::IcmpEchoRequest, msg::IcmpTimeExceeded,
            msg::IcmpParameterProblem, msg::IcmpTimestampRequest, msg::IcmpTimestampReply,
            msg::IcmpInformationRequest, msg::IcmpInformationReply, msg::IcmpAddressMaskRequest,
            msg::IcmpAddressMaskReply, msg::FragmentedIcmpTraffic, msg::LargeIcmpTraffic,
            msg::PingOfDeathAttack, msg::TcpNullFlags, msg::TcpSynFinFlags, msg::TcpFinOnlyFlags,
            msg::FtpImproperAddress, msg::FtpImproperPort, msg::UdpBombAttack, msg::UdpSnorkAttack,
            msg::UdpChargenDosAttack, msg::DnsHinfoRequest, msg::DnsZoneTransfer,
            msg::DnsZoneTransferHighPort, msg::DnsRequestAllRecords, msg::RpcPortRegistration,
            msg::RpcPortUnregistration, msg::RpcDump, msg::ProxiedRpcRequest,
            msg::YpservPortmapRequest, msg::YpbindPortmapRequest, msg::YppasswddPortmapRequest,
            msg::YpupdatedPortmapRequest, msg::YpxfrdPortmapRequest, msg::MountdPortmapRequest,
            msg::RexdPortmapRequest, msg::RexdAttempt, msg::StatdBufferOverflow>();

class IpAudit final : public Subsystem {
 public:
  explicit IpAudit(Claims&) {}

  static void declare(Declarations<IpAudit>& declare);

 private:
  static AuditClass class_of(const Arguments& arguments) {
    return arguments.has("attack") ? AuditClass::kAttack : AuditClass::kInfo;
  }
  static AuditActions actions_of(const Arguments& arguments) {
    return {arguments.has("alarm"), arguments.has("drop"), arguments.has("reset")};
  }

  void set_default(Context& context, const Arguments& arguments);
  void clear_default(Context& context, const Arguments& arguments);
  void set_policy(Context& context, const Arguments& arguments);
  void remove_policy(Context& context, const Arguments& arguments);
  void attach(Context& context, const Arguments& arguments);
  void detach(Context& context, const Arguments& arguments);
  void set_signature(Context& context, const Arguments& arguments);
  void clear_configuration(Context& context, const Arguments& arguments);
  void settle();

  void show_counts(Context& context, const Arguments& arguments);
  void clear_counts(Context& context, const Arguments& arguments);
  void show_configuration(Context& context, const Arguments& arguments);
  void on_interface(Context& context, const InterfaceConfigured& event);

  Verdict inspect(Context& context, Packet& packet);
  static AuditPacket describe(const Packet& packet);
  static void describe_content(const Packet& packet, AuditPacket& audited);

  /// The same in every device.
  static inline PacketFields fields;

  AuditPolicies policies_;
  BoundedTable<InterfaceId, AuditedInterface> interfaces_{InterfaceTable::kBound};
  std::array<bool, kAuditSignatureCount> disabled_{};
  AuditCounts counts_{};
};

void IpAudit::declare(Declarations<IpAudit>& declare) {
  declare.config<&IpAudit::set_default>("ip audit {info|attack} [action [alarm] [drop] [reset]]",
                                        "Set what policies do that have no actions of their own");
  declare.config<&IpAudit::clear_default>(
      "no ip audit {info|attack} [action [alarm] [drop] [reset]]", "Raise an alarm again");
  declare.config<&IpAudit::set_policy>(
      "ip audit name <word:name> {info|attack} [action [alarm] [drop] [reset]]",
      "Name a policy for the signatures of a class");
  declare.config<&IpAudit::remove_policy>(
      "no ip audit name <word:name> [{info|attack} [action [alarm] [drop] [reset]]]",
      "Remove a policy");
  declare.config<&IpAudit::attach>("ip audit interface <nameif:interface> <word:policy>",
                                   "Audit the packets that arrive at an interface");
  declare.config<&IpAudit::detach>("no ip audit interface <nameif:interface> [<word:policy>]",
                                   "Audit an interface no longer");
  declare.config<&IpAudit::set_signature>("ip audit signature <number:signature:1-65535> disable",
                                          "Leave a signature out");
  declare.config<&IpAudit::set_signature>(
      "no ip audit signature <number:signature:1-65535> [disable]", "Check a signature again");
  declare.config<&IpAudit::clear_configuration>("clear configure ip audit [configuration]",
                                                "Remove the whole configuration of ip audit");
  declare.exec<&IpAudit::show_counts>("show ip audit count [global|interface <nameif:interface>]",
                                      "Show how many packets each signature matched");
  declare.exec<&IpAudit::clear_counts>("clear ip audit count [global|interface <nameif:interface>]",
                                       "Zero the counters");
  declare.exec<&IpAudit::show_configuration>(
      "show running-config ip audit {info|attack|name|interface|signature}",
      "Show the configuration of ip audit");
  declare.on<&IpAudit::on_interface>();
  declare.stage<&IpAudit::inspect>(PathStage::kIpAudit);

  fields.dns = DnsContent::declare(declare);
  fields.rpc = RpcContent::declare(declare);
  fields.ftp = FtpContent::declare(declare);
  fields.udp = UdpContent::declare(declare);
}

void IpAudit::set_default(Context&, const Arguments& arguments) {
  policies_.set_default(class_of(arguments), actions_of(arguments));
  settle();
}

void IpAudit::clear_default(Context&, const Arguments& arguments) {
  policies_.set_default(class_of(arguments), AuditPolicies::kDefaultActions);
  settle();
}

void IpAudit::set_policy(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  AuditPolicy policy{class_of(arguments), std::nullopt};
  if (arguments.has("action")) policy.actions = actions_of(arguments);
  switch (policies_.set(name, policy)) {
    case AuditPolicies::Outcome::kDone:
      settle();
      return;
    case AuditPolicies::Outcome::kOtherClass:
      context.print(fmt::format("ERROR: IP audit policy {} is of type {}\n", name,
                                audit_class_name(policies_.find(name)->kind)));
      return;
    case AuditPolicies::Outcome::kFull:
      context.print(fmt::format("ERROR: Maximum number of IP audit policies ({}) reached\n",
                                AuditPolicies::kBound));
      return;
  }
}

void IpAudit::remove_policy(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("name");
  if (!policies_.remove(name)) {
    context.print(fmt::format("ERROR: IP audit policy {} does not exist\n", name));
    return;
  }
  settle();
}

void IpAudit::attach(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("policy");
  const AuditPolicy* policy = policies_.find(name);
  if (policy == nullptr) {
    context.print(fmt::format("ERROR: IP audit policy {} does not exist\n", name));
    return;
  }
  const InterfaceId id =
      context.state().interfaces.find_nameif(arguments.get<std::string>("interface"));
  AuditedInterface* interface = interfaces_.find(id);
  // The table has room for every interface.
  if (interface == nullptr) interface = interfaces_.insert(id, {});
  interface->policies.at(index_of(policy->kind)) = name;
  settle();
}

void IpAudit::detach(Context& context, const Arguments& arguments) {
  const InterfaceId id =
      context.state().interfaces.find_nameif(arguments.get<std::string>("interface"));
  AuditedInterface* interface = interfaces_.find(id);
  if (interface == nullptr) return;
  const auto* name = arguments.find<std::string>("policy");
  for (std::string& policy : interface->policies) {
    if (name == nullptr || policy == *name) policy.clear();
  }
  settle();
}

void IpAudit::set_signature(Context& context, const Arguments& arguments) {
  const auto number = arguments.get<std::uint64_t>("signature");
  const auto place = find_audit_signature(number);
  if (!place) {
    context.print(fmt::format("ERROR: Signature {} is not supported\n", number));
    return;
  }
  disabled_.at(*place) = !arguments.has("no");
}

void IpAudit::clear_configuration(Context&, const Arguments&) {
  policies_.clear();
  interfaces_.clear();
  disabled_ = {};
}

/// Makes the actions on each interface what policies and defaults say.
void IpAudit::settle() {
  for (AuditedInterface& interface : interfaces_) {
    for (const AuditClass kind : kAuditClasses) {
      std::string& name = interface.policies.at(index_of(kind));
      auto& actions = interface.actions.at(index_of(kind));
      const AuditPolicy* policy = policies_.find(name);
      actions.reset();
      if (policy != nullptr) {
        actions = policies_.actions_of(*policy);
      } else {
        name.clear();
      }
    }
  }
  interfaces_.erase_if([](const AuditedInterface& interface) {
    return std::ranges::all_of(interface.policies, &std::string::empty);
  });
}

/// An interface without a name has no policy.
void IpAudit::on_interface(Context& context, const InterfaceConfigured& event) {
  if (context.state().interfaces[event.interface].nameif.empty()) {
    interfaces_.erase(event.interface);
  }
}

void IpAudit::show_counts(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<std::string>("interface");
  if (only == nullptr) {
    context.print("IP AUDIT GLOBAL COUNTERS\n\n");
    context.print(describe_audit_counts(counts_));
  }
  if (arguments.has("global")) return;
  const auto& all = context.state().interfaces.all();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const AuditedInterface* interface = interfaces_.find(static_cast<InterfaceId>(i));
    if (interface == nullptr || (only != nullptr && all[i].nameif != *only)) continue;
    if (only == nullptr) context.print("\n");
    context.print(fmt::format("IP AUDIT INTERFACE COUNTERS: {}\n\n", all[i].nameif));
    context.print(describe_audit_counts(interface->counts));
  }
}

void IpAudit::clear_counts(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<std::string>("interface");
  if (only == nullptr) counts_.fill(0);
  if (arguments.has("global")) return;
  const auto& names = context.state().interfaces;
  for (auto at = interfaces_.begin(); at != interfaces_.end(); ++at) {
    if (only == nullptr || names[at.key()].nameif == *only) at->counts.fill(0);
  }
}

void IpAudit::show_configuration(Context& context, const Arguments& arguments) {
  for (const AuditClass kind : kAuditClasses) {
    if (arguments.has(audit_class_name(kind))) context.print(policies_.describe_default(kind));
  }
  if (arguments.has("name")) context.print(policies_.describe());
  if (arguments.has("interface")) {
    for (auto at = interfaces_.begin(); at != interfaces_.end(); ++at) {
      for (const std::string& policy : at->policies) {
        if (policy.empty()) continue;
        context.print(fmt::format("ip audit interface {} {}\n",
                                  context.state().interfaces[at.key()].nameif, policy));
      }
    }
  }
  if (arguments.has("signature")) {
    for (std::size_t i = 0; i < disabled_.size(); ++i) {
      if (!disabled_.at(i)) continue;
      context.print(fmt::format("ip audit signature {} disable\n", audit_signatures()[i].number));
    }
  }
}

AuditPacket IpAudit::describe(const Packet& packet) {
  AuditPacket audited;
  audited.source = packet.source;
  audited.destination = packet.destination;
  audited.protocol = packet.protocol;
  audited.length = packet.length;
  audited.header_length = static_cast<std::uint32_t>(20 + packet.ip_options.bytes().size());
  audited.fragment_offset = packet.fragment_offset;
  audited.more_fragments = packet.more_fragments;
  audited.options = packet.ip_options.scan();
  if (audited.has_transport_header()) describe_content(packet, audited);
  return audited;
}

/// What a fragment behind the first does not have.
void IpAudit::describe_content(const Packet& packet, AuditPacket& audited) {
  audited.icmp_type = packet.icmp_type;
  if (packet.protocol != kProtocolTcp && packet.protocol != kProtocolUdp) return;
  audited.source_port = packet.source_port;
  audited.destination_port = packet.destination_port;
  audited.in_connection = packet.connection != kNoConnection;
  audited.syn = (packet.flags.bits & TcpFlags::kSyn) != 0;
  audited.fin = (packet.flags.bits & TcpFlags::kFin) != 0;
  audited.rst = (packet.flags.bits & TcpFlags::kRst) != 0;
  audited.ack = (packet.flags.bits & TcpFlags::kAck) != 0;
  audited.udp_length = audited.payload();
  if (packet.extras.empty()) return;
  const auto number = [&packet](std::uint16_t field, std::uint64_t otherwise) {
    const auto* value = packet.find<std::uint64_t>(field);
    return value == nullptr ? otherwise : *value;
  };
  audited.udp_length = number(fields.udp.length, audited.udp_length);
  audited.rpc_program = number(fields.rpc.program, 0);
  audited.rpc_procedure = number(fields.rpc.procedure, 0);
  audited.rpc_wanted = number(fields.rpc.wanted_program, 0);
  if (const auto* type = packet.find<std::string>(fields.dns.query_type)) audited.dns_type = *type;
  if (const auto* line = packet.find<std::string>(fields.ftp.command)) {
    audited.ftp_data = parse_ftp_port(*line);
  }
}

Verdict IpAudit::inspect(Context& context, Packet& packet) {
  AuditedInterface* interface = interfaces_.find(packet.in);
  if (interface == nullptr || packet.source.is_v6()) return Verdict::kPass;
  AuditPacket audited = describe(packet);
  if (audited.is_fragment()) {
    const auto begin = audited.fragment_offset;
    audited.overlaps = interface->fragments.note(
        {packet.source, packet.destination, packet.protocol, packet.ip_id},
        {begin, begin + audited.payload(), !audited.more_fragments}, context.now());
  }
  const InterfaceName name{context.state().interfaces[packet.in].nameif};
  bool stops = false;
  bool resets = false;
  for (std::size_t i = 0; i < kAuditSignatureCount; ++i) {
    const AuditSignature& signature = audit_signatures()[i];
    const auto& actions = interface->actions.at(index_of(signature.kind));
    if (!actions || disabled_.at(i) || !audit_matches(signature, audited)) continue;
    ++counts_.at(i);
    ++interface->counts.at(i);
    if (actions->alarm) kReports.at(i)(context, packet, name);
    stops = stops || actions->drop || actions->reset;
    resets = resets || actions->reset;
  }
  if (resets && packet.connection != kNoConnection) {
    context.publish(ConnectionOrder{packet.connection, ConnectionOrder::What::kClose});
  }
  if (resets && packet.protocol == kProtocolTcp) return Verdict::kReset;
  return stops ? Verdict::kDrop : Verdict::kPass;
}

}  // namespace

void register_ip_audit(Registry& registry);
void register_ip_audit(Registry& registry) {
  registry.add<IpAudit>("ip_audit");
}

}  // namespace asaemu
