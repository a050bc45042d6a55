#include "model/contract/packet_trace.hpp"

#include "model/contract/context.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace asaemu {

namespace {

/// How an ASA calls a stage's phase, and what it says of a packet that ends there. Where an ASA has no
/// such phase or reason the words are ours.
struct Phase {
  PathStage stage;
  std::string_view type;
  std::string_view subtype;
  std::string_view drop_reason;
};

constexpr std::array<Phase, kPathStageCount> kPhases{{
    {PathStage::kInterface, "INTERFACE", "", "(interface-down) Interface is down"},
    {PathStage::kMacTable, "L2-LOOKUP", "", "(l2-drop) Frame is dropped by the MAC address table"},
    {PathStage::kArp, "ARP", "inspection", "(arp-drop) Addresses do not belong together"},
    {PathStage::kShun, "SHUN", "", "(shunned) Packet shunned"},
    {PathStage::kManagementOnly, "MANAGEMENT-ONLY", "",
     "(mgmt-only) Through-the-device packet to/from management-only network"},
    {PathStage::kIpsecInbound, "VPN", "ipsec-tunnel-flow", "(ipsec-drop) Dropped by IPsec"},
    {PathStage::kConnection, "FLOW-LOOKUP", "", "(flow-drop) Flow is not continued"},
    {PathStage::kIpAudit, "IDS", "ip-audit", "(ids-request) Dropped by ip audit"},
    {PathStage::kTcpNormalizer, "CONN-SETTINGS", "tcp-map", "(tcp-drop) Dropped by TCP normalizer"},
    {PathStage::kLimits, "CONN-SETTINGS", "limits", "(conn-limit) Connection limit reached"},
    {PathStage::kNewConnection, "FLOW-CREATION", "",
     "(acl-drop) Flow is denied by configured rule"},
    {PathStage::kInspection, "INSPECT", "", "(inspect-drop) Dropped by application inspection"},
    {PathStage::kServiceModule, "MODULE", "", "(module-drop) Dropped by a service module"},
    {PathStage::kIpsecOutbound, "VPN", "encrypt", "(ipsec-drop) Dropped by IPsec"},
    {PathStage::kForward, "ADJACENCY-LOOKUP", "egress", "(no-adjacency) No valid adjacency"},
}};

consteval bool phases_follow_the_path() {
  for (std::size_t i = 0; i < kPathStageCount; ++i) {
    if (kPhases.at(i).stage != kPacketPath.at(i).stage) return false;
  }
  return true;
}
static_assert(phases_follow_the_path());

const Phase& phase_of(PathStage stage) {
  return *std::ranges::find(kPhases, stage, &Phase::stage);
}

bool passes(Verdict verdict) {
  return verdict == Verdict::kPass || verdict == Verdict::kConsume;
}

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kConsume:
      return "consumed by the device";
    case Verdict::kDrop:
      return "drop";
    case Verdict::kReset:
      return "drop and reset";
  }
  return {};
}

bool is_tcp_without_syn(const Packet& packet) {
  constexpr std::uint8_t kHandshake = TcpFlags::kSyn | TcpFlags::kAck;
  return packet.protocol == kProtocolTcp && (packet.flags.bits & kHandshake) != TcpFlags::kSyn;
}

std::string_view drop_reason(const PacketTrace& trace) {
  if (trace.answers.empty()) return "(interface-down) Interface is down";
  const PathStage stage = trace.answers.back().stage;
  if (stage == PathStage::kForward && trace.packet.out == kNoInterface) {
    return "(no-route) No route to host";
  }
  if (stage == PathStage::kNewConnection && is_tcp_without_syn(trace.packet)) {
    return "(tcp-not-syn) First TCP packet not SYN";
  }
  return phase_of(stage).drop_reason;
}

class Report {
 public:
  Report(const PacketTrace& trace, const DeviceState& state, bool is_detailed)
      : trace_(trace), state_(state), is_detailed_(is_detailed) {}

  std::string text() {
    add_route();
    const auto& answers = trace_.answers;
    for (auto first = answers.begin(); first != answers.end();) {
      const auto last = std::find_if(first, answers.end(), [&](const PacketTrace::Answer& answer) {
        return answer.stage != first->stage;
      });
      add_stage({first, last});
      first = last;
    }
    add_result();
    return std::move(text_);
  }

 private:
  using Answers = std::span<const PacketTrace::Answer>;

  [[nodiscard]] std::string name_of(InterfaceId id) const {
    return id == kNoInterface ? std::string("unknown") : state_.interfaces[id].nameif;
  }

  void begin_phase(std::string_view type, std::string_view subtype, bool is_allowed) {
    text_ += fmt::format(
        "\nPhase: {}\nType: {}\nSubtype: {}\nResult: {}\nConfig:\nAdditional Information:\n",
        ++phases_, type, subtype, is_allowed ? "ALLOW" : "DROP");
  }

  /// The device looks for the way out before all else.
  void add_route() {
    begin_phase("ROUTE-LOOKUP", "Resolve Egress Interface", true);
    const Packet& packet = trace_.packet;
    if (packet.out == kNoInterface) {
      text_ += fmt::format("no route to {}\n", to_string(packet.destination));
    } else {
      text_ += fmt::format("found egress ifc {} for {}\n", name_of(packet.out),
                           to_string(packet.destination));
    }
  }

  void add_stage(Answers answers) {
    const PacketTrace::Answer& last = answers.back();
    const Phase& phase = phase_of(last.stage);
    begin_phase(phase.type, phase.subtype, passes(last.verdict));
    if (last.stage == PathStage::kConnection && trace_.found_flow) {
      text_ += fmt::format("Found flow with id {}, using existing flow\n", flow());
    }
    const bool is_new = last.stage == PathStage::kNewConnection && !trace_.found_flow &&
                        last.verdict == Verdict::kPass && flow() != 0;
    if (is_new) {
      text_ +=
          fmt::format("New flow created with id {}, packet dispatched to next module\n", flow());
    }
    if (!is_detailed_) return;
    for (const PacketTrace::Answer& answer : answers) {
      text_ += fmt::format(" {}: {}\n", answer.subsystem, word_of(answer.verdict));
      for (const std::string& message : answer.messages) text_ += fmt::format("  {}\n", message);
    }
  }

  void add_interface(std::string_view which, InterfaceId id) {
    text_ += fmt::format("{}-interface: {}\n", which, name_of(id));
    if (id == kNoInterface) return;
    const Interface& interface = state_.interfaces[id];
    text_ += fmt::format("{}-status: {}\n{}-line-status: {}\n", which,
                         interface.admin_up && interface.link_up ? "up" : "down", which,
                         interface.line_up ? "up" : "down");
  }

  void add_result() {
    text_ += "\nResult:\n";
    add_interface("input", trace_.packet.in);
    add_interface("output", trace_.packet.out);
    if (trace_.is_allowed()) {
      text_ += "Action: allow\n\n";
    } else {
      text_ += fmt::format("Action: drop\nDrop-reason: {}\n\n", drop_reason(trace_));
    }
  }

  [[nodiscard]] std::uint32_t flow() const {
    return static_cast<std::uint32_t>(trace_.packet.connection);
  }

  const PacketTrace& trace_;
  const DeviceState& state_;
  bool is_detailed_;
  std::string text_;
  unsigned phases_ = 0;
};

}  // namespace

PacketTrace Context::trace(const Packet& packet) {
  return services_.trace(now_, packet);
}

std::string describe_trace(const PacketTrace& trace, const DeviceState& state, bool is_detailed) {
  return Report(trace, state, is_detailed).text();
}

}  // namespace asaemu
