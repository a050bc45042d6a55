// SRTP: calls whose media the device encrypts on one side and decrypts on the other.
//
// Scope: the limit of 250 SRTP crypto sessions of a device that may only use weak encryption (K8);
//   message 448001. One encrypting and one decrypting session of a flow count as one; media that pass
//   as they are do not count.
// Limitations: the signalling that agrees on the media's keys is not modelled: the first packet of a
//   flow stands for its setup, and says what the calls' legs are. A flow whose setup was denied stays
//   denied until its connection has gone. What a strong-encryption licence (K9) allows is not bounded.
// State: one entry a flow: crypto sessions, at most kSessionsK8 on a K8 device and else as many as
//   flows below; denied flows. Together at most kFlowBound (inferred), beyond which a denied flow is
//   reported packet by packet. Entries go with their connections, and at reload.
// Validation: none against a device.
// References: syslog guide 448001; asa-behaviour F.
#include "messages/srtp.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

namespace asaemu {

namespace {

class Srtp final : public Subsystem {
 public:
  explicit Srtp(Claims& claims) : is_k8_(claims.option<std::string>("srtp-licence") == "k8") {}

  static void declare(Declarations<Srtp>& declare) {
    static constexpr std::array<std::string_view, 2> kLicences{"k8", "k9"};
    static constexpr std::array<std::string_view, 2> kMedia{"crypto", "pass-through"};
    declare.option(
        FieldDef{.name = "srtp-licence", .kind = FieldKind::kOneOf, .choices = kLicences}, "k9",
        "encryption that the device may use: k8, weak, with 250 SRTP sessions; or k9");
    media_field =
        declare.packet_field(FieldDef{.name = "srtp", .kind = FieldKind::kOneOf, .choices = kMedia},
                             "UDP: SRTP media of a call; crypto if the device encrypts or decrypts "
                             "them because only one "
                             "leg of the call is SRTP, pass-through if both are");
    declare.stage<&Srtp::inspect>(PathStage::kInspection);
    declare.on<&Srtp::on_closed>();
  }

 private:
  static constexpr std::uint64_t kSessionsK8 = 250;
  static constexpr std::size_t kFlowBound = 16384;

  struct Flow {
    bool is_denied = false;
  };

  Verdict inspect(Context& context, Packet& packet) {
    const auto* media = packet.find<std::string>(media_field);
    if (media == nullptr || *media != "crypto" || packet.connection == kNoConnection) {
      return Verdict::kPass;
    }
    // Both directions are one connection: the pair of sessions that counts as one.
    if (const Flow* flow = flows_.find(packet.connection)) {
      return flow->is_denied ? Verdict::kDrop : Verdict::kPass;
    }
    const bool is_denied = is_k8_ && sessions_ == kSessionsK8;
    if (is_denied) report(context, packet);
    const bool is_known = flows_.insert(packet.connection, Flow{is_denied}) != nullptr;
    if (is_denied) return Verdict::kDrop;
    if (is_known) ++sessions_;
    return Verdict::kPass;
  }

  static void report(Context& context, const Packet& packet) {
    const auto& interfaces = context.state().interfaces;
    context.emit(msg::SrtpSessionDenied{
        .source_interface = InterfaceName{interfaces[packet.in].nameif},
        .source = packet.source,
        .source_port = packet.source_port,
        .destination_interface = InterfaceName{interfaces[packet.out].nameif},
        .destination = packet.destination,
        .destination_port = packet.destination_port,
        .limit = kSessionsK8});
  }

  void on_closed(Context&, const ConnectionClosed& event) {
    const Flow* flow = flows_.find(event.connection.id);
    if (flow == nullptr) return;
    if (!flow->is_denied) --sessions_;
    flows_.erase(event.connection.id);
  }

  /// The number of the packet field, the same in every device.
  static inline std::uint16_t media_field = 0;

  bool is_k8_;
  std::uint64_t sessions_ = 0;  ///< crypto sessions, pairs counted once
  BoundedTable<ConnectionId, Flow> flows_{kFlowBound};
};

}  // namespace

void register_srtp(Registry& registry);
void register_srtp(Registry& registry) {
  registry.add<Srtp>("srtp");
}

}  // namespace asaemu
