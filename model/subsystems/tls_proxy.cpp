// TLS proxy: encrypted phone signalling that the device decrypts in order to inspect it.
//
// Scope: `tls-proxy` behind `inspect sip` and `inspect skinny` in a service policy, with `uc-ime` for
//   calls between companies; tls-proxy maximum-sessions; show tls-proxy, show tls-proxy session count;
//   messages 446001 and 446003. A session is a TCP connection that such a policy takes; a denied one is
//   closed and reset.
// Limitations: no TLS, no certificates, and no signalling inside. The limit of a session licence is not
//   asked, only what is configured. That a new limit holds at once, for sessions to come, is inferred
//   (the guide mentions a reboot as an alternative).
// State: the connections that are sessions, at most the limit, at most kLimitMax. Lost at reload.
// Validation: none against a device; default limit from asa-behaviour F (inferred there).
// References: syslog guide 446001, 446003; asa-behaviour F; ASA command reference, `tls-proxy
//   maximum-sessions`, `uc-ime`.
#include "messages/tls_proxy.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

class TlsProxy final : public Subsystem {
 public:
  explicit TlsProxy(Claims& claims)
      : default_limit_(std::clamp<std::uint64_t>(claims.option<std::uint64_t>("tls-proxy-sessions"),
                                                 1, kLimitMax)),
        limit_(default_limit_),
        has_uc_ime_licence_(claims.option<std::string>("uc-ime-licence") == "enabled") {}

  static void declare(Declarations<TlsProxy>& declare) {
    static constexpr std::array<std::string_view, 2> kStates{"disabled", "enabled"};
    declare.option(
        FieldDef{.name = "tls-proxy-sessions", .kind = FieldKind::kNumber}, "300",
        "TLS proxy sessions without `tls-proxy maximum-sessions`, 1 to 65536 (inferred)");
    declare.option(
        FieldDef{.name = "uc-ime-licence", .kind = FieldKind::kOneOf, .choices = kStates},
        "disabled", "whether calls between companies (UC-IME) are licensed");
    declare.config<&TlsProxy::set_limit>("tls-proxy maximum-sessions <number:sessions:1-65536>",
                                         "Limit how many TLS proxy sessions there can be");
    declare.config<&TlsProxy::reset_limit>(
        "no tls-proxy maximum-sessions [<number:sessions:1-65536>]",
        "Limit TLS proxy sessions as by default");
    declare.exec<&TlsProxy::show>("show tls-proxy", "Show the limit of TLS proxy sessions");
    declare.exec<&TlsProxy::show_count>("show tls-proxy session count",
                                        "Show how many TLS proxy sessions there are");
    declare.stage<&TlsProxy::inspect>(PathStage::kInspection);
    declare.on<&TlsProxy::on_closed>();
  }

 private:
  static constexpr std::uint64_t kLimitMax = 65536;

  enum class Proxied : std::uint8_t { kNo, kYes, kUcIme };

  void set_limit(Context&, const Arguments& arguments) {
    limit_ = arguments.get<std::uint64_t>("sessions");
  }
  void reset_limit(Context&, const Arguments&) { limit_ = default_limit_; }

  void show(Context& context, const Arguments&) {
    context.print(fmt::format("Maximum number of sessions: {}\n", limit_));
  }
  void show_count(Context& context, const Arguments&) {
    context.print(fmt::format("{} in use, {} most used\n", sessions_.size(), most_));
  }

  /// What the policies say of the packet's flow.
  static Proxied ask(const DeviceState& state, const Packet& packet) {
    for (const std::string_view feature : {"inspect sip", "inspect skinny"}) {
      const auto policy = state.service_policies.find(feature, packet.tuple(), packet.in,
                                                      packet.out, state.access_lists);
      if (!policy) continue;
      const auto says = [&policy](std::string_view word) {
        return std::ranges::find(policy.action->words, word) != policy.action->words.end();
      };
      if (says("tls-proxy")) return says("uc-ime") ? Proxied::kUcIme : Proxied::kYes;
    }
    return Proxied::kNo;
  }

  Verdict inspect(Context& context, Packet& packet) {
    constexpr std::uint8_t kHandshake = TcpFlags::kSyn | TcpFlags::kAck;
    const bool begins = packet.protocol == kProtocolTcp && packet.connection != kNoConnection &&
                        (packet.flags.bits & kHandshake) == TcpFlags::kSyn;
    if (!begins || sessions_.find(packet.connection) != nullptr) return Verdict::kPass;
    const Proxied proxied = ask(context.state(), packet);
    if (proxied == Proxied::kNo) return Verdict::kPass;
    if (proxied == Proxied::kUcIme && !has_uc_ime_licence_) {
      report_unlicensed(context, packet);
      return deny(context, packet);
    }
    if (sessions_.size() >= limit_) {
      context.emit(msg::TlsProxyLimitReached{.limit = limit_});
      return deny(context, packet);
    }
    sessions_.insert(packet.connection, packet.connection);
    most_ = std::max(most_, sessions_.size());
    return Verdict::kPass;
  }

  static Verdict deny(Context& context, const Packet& packet) {
    context.publish(ConnectionOrder{packet.connection, ConnectionOrder::What::kClose});
    return Verdict::kReset;
  }

  static void report_unlicensed(Context& context, const Packet& packet) {
    const auto& interfaces = context.state().interfaces;
    context.emit(msg::TlsProxyUcImeUnlicensed{
        .source_interface = InterfaceName{interfaces[packet.in].nameif},
        .source = packet.source,
        .source_port = packet.source_port,
        .destination_interface = InterfaceName{interfaces[packet.out].nameif},
        .destination = packet.destination,
        .destination_port = packet.destination_port});
  }

  void on_closed(Context&, const ConnectionClosed& event) { sessions_.erase(event.connection.id); }

  std::uint64_t default_limit_;
  std::uint64_t limit_;
  bool has_uc_ime_licence_;
  BoundedTable<ConnectionId, ConnectionId> sessions_{kLimitMax};
  std::size_t most_ = 0;
};

}  // namespace

void register_tls_proxy(Registry& registry);
void register_tls_proxy(Registry& registry) {
  registry.add<TlsProxy>("tls_proxy");
}

}  // namespace asaemu
