// FTP inspection: PORT commands that point at a low port or at somebody else, and the data
// connections that honest ones announce.
//
// Scope: `inspect ftp [strict [MAP]]` in a service policy; messages 406001 and 406002; pinholes for the
//   data connections of PORT and of the answer to PASV; policy-map type inspect ftp with match
//   request-command, filename, filetype and username; show service-policy inspect ftp. What is caught is
//   dropped and its control connection closed. `strict` also closes, without a message of this
//   program, on garbled PORT commands, on PORT from the server and 227 from the client, on a 227 that
//   offers a port below 1024 or another host, and on RETR or STOR longer than 256 characters.
// Limitations: one line a packet, described by its text; no EPRT, EPSV or other commands of RFC 2428; a
//   map that catches something is silent, its message 303005 is none of this program's; server
//   criteria, mask-banner and mask-syst-reply are taken and do nothing; addresses in commands are not
//   translated. Without `strict`, a PORT that cannot be read opens nothing and passes. That the port is
//   looked at before the address is inferred.
// State: pinholes, at most the option `ftp-pinhole-limit`, each for the option `ftp-pinhole-timeout` or
//   until its data connection or the end of its control connection; when all are taken, a new one is
//   not opened. Counters. All are lost at reload.
// Validation: both messages against captured lines (real-lines.tsv); the checks of `strict` against the
//   configuration guide; bound and life of pinholes are inferred.
// References: syslog guide 406001, 406002; ASA configuration guide, "FTP Inspection"; RFC 959.
#include "messages/ftp_inspection.hpp"

#include "model/base/ftp_command.hpp"
#include "model/contract/packet_content.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

class FtpInspection final : public Subsystem {
 public:
  explicit FtpInspection(Claims& claims) : pinholes_(claims.own(&DeviceState::ftp_pinholes)) {
    const auto limit = claims.option<std::uint64_t>("ftp-pinhole-limit");
    pinholes_ = FtpPinholes(std::clamp<std::size_t>(limit, 1, kPinholesMax),
                            claims.option<SimDuration>("ftp-pinhole-timeout"));
  }

  static void declare(Declarations<FtpInspection>& declare) {
    declare.option(FieldDef{.name = "ftp-pinhole-limit", .kind = FieldKind::kNumber}, "10000",
                   "most FTP data connections awaited at a time, 1 to 1000000 (inferred)");
    declare.option(FieldDef{.name = "ftp-pinhole-timeout", .kind = FieldKind::kDuration}, "0:00:30",
                   "how long an FTP data connection is awaited (inferred)");
    declare.exec<&FtpInspection::show>("show service-policy inspect ftp",
                                       "Show what FTP inspection counted, and what it awaits");
    fields = FtpContent::declare(declare);
    reply_field =
        declare.packet_field(FieldDef{.name = "ftp-reply", .kind = FieldKind::kText},
                             "FTP: a line that the server sends, such as 227 Entering Passive "
                             "Mode (10,0,0,5,4,1)");
    declare.stage<&FtpInspection::inspect>(PathStage::kInspection);
    declare.on<&FtpInspection::check_line>();
    declare.on<&FtpInspection::on_built>();
    declare.on<&FtpInspection::on_closed>();
  }

 private:
  static constexpr std::size_t kPinholesMax = 1'000'000;
  static constexpr std::uint32_t kLowestPort = 1024;
  static constexpr std::uint32_t kHighestPort = 65535;
  static constexpr std::size_t kTransferMax = 256;  ///< characters of RETR or STOR with `strict`

  /// What a map calls the client's commands, and what they are on the wire.
  struct MapCommand {
    std::string_view name;
    std::string_view verb;
  };
  static constexpr std::array<MapCommand, 12> kMapCommands{{{"appe", "appe"},
                                                            {"cdup", "cdup"},
                                                            {"dele", "dele"},
                                                            {"get", "retr"},
                                                            {"help", "help"},
                                                            {"mkd", "mkd"},
                                                            {"put", "stor"},
                                                            {"rmd", "rmd"},
                                                            {"rnfr", "rnfr"},
                                                            {"rnto", "rnto"},
                                                            {"site", "site"},
                                                            {"stou", "stou"}}};
  static constexpr std::array<std::string_view, 4> kRegexCriteria{"filename", "filetype", "server",
                                                                  "username"};

  /// The end of a control connection from which a line comes.
  enum class Side : std::uint8_t { kClient, kServer };

  static AppliedPolicy policy_of(const DeviceState& state, const Connection& control) {
    return state.service_policies.find("inspect ftp", control.tuple(), control.initiator.interface,
                                       control.responder.interface, state.access_lists);
  }

  Verdict inspect(Context& context, Packet& packet) {
    if (packet.protocol != kProtocolTcp || packet.extras.empty()) return Verdict::kPass;
    const auto* command = packet.find<std::string>(fields.command);
    const auto* reply = packet.find<std::string>(reply_field);
    if (command == nullptr && reply == nullptr) return Verdict::kPass;
    const Connection* control = context.state().connections.find(packet.connection);
    if (control == nullptr) return Verdict::kPass;
    const AppliedPolicy policy = policy_of(context.state(), *control);
    if (!policy) return Verdict::kPass;
    ++packets_;
    const bool is_strict = policy.action->has("strict");
    const Side side =
        packet.source == control->initiator.address && packet.source_port == control->initiator.port
            ? Side::kClient
            : Side::kServer;
    const bool is_good =
        (command == nullptr || passes_map(context.state(), policy, *command)) &&
        (command == nullptr || take_command(context, packet, *command, side, is_strict)) &&
        (reply == nullptr || take_reply(context, packet, *reply, side, is_strict));
    if (is_good) return Verdict::kPass;
    ++drops_;
    context.publish(ConnectionOrder{packet.connection, ConnectionOrder::What::kClose});
    return Verdict::kDrop;
  }

  /// The lines of a map: criteria that FTP has, and the two parameters.
  void check_line(Context& context, const InspectLineTyped& line) {
    if (line.protocol != "ftp") return;
    const LineWords& words = line.words;
    const std::string& first = words.front();
    bool is_known = false;
    if (line.section == InspectLineTyped::Section::kParameter) {
      is_known = words.size() == 1 && (first == "mask-banner" || first == "mask-syst-reply");
    } else if (first == "request-command") {
      is_known = words.size() > 1 && std::all_of(words.begin() + 1, words.end(), is_map_command);
    } else if (std::ranges::find(kRegexCriteria, first) != kRegexCriteria.end()) {
      is_known = words.size() > 2 && words[1] == "regex" &&
                 context.state().inspect_maps.knows_regex(words, 2);
    }
    line.answer.is_refused = !is_known;
  }

  static bool is_map_command(std::string_view name) {
    return std::ranges::find(kMapCommands, name, &MapCommand::name) != kMapCommands.end();
  }

  /// Whether the map behind `strict` lets the client's line pass.
  static bool passes_map(const DeviceState& state, const AppliedPolicy& policy,
                         std::string_view line) {
    const auto& words = policy.action->words;
    const auto strict = std::ranges::find(words, "strict");
    if (strict == words.end() || strict + 1 == words.end()) return true;
    const InspectPolicy* map = state.inspect_maps.find_policy("ftp", strict[1]);
    if (map == nullptr) return true;
    const auto holds = [&](const InspectMatch& match) {
      return criterion_holds(state.inspect_maps, match, line);
    };
    const auto fate =
        state.inspect_maps.evaluate(*map, holds, [](const InspectEntry&, const InspectMatch&) {});
    return fate == InspectActions::Fate::kPass;
  }

  static std::optional<bool> criterion_holds(const InspectMaps& maps, const InspectMatch& match,
                                             std::string_view line) {
    const std::string& first = match.words.front();
    if (first == "request-command") {
      return std::ranges::any_of(kMapCommands, [&](const MapCommand& command) {
        return is_ftp_command(line, command.verb) &&
               std::find(match.words.begin() + 1, match.words.end(), command.name) !=
                   match.words.end();
      });
    }
    const bool is_file = is_ftp_command(line, "retr") || is_ftp_command(line, "stor");
    const bool is_user = is_ftp_command(line, "user");
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    std::string_view argument = line.substr(blank + 1);
    if (first == "filename" && is_file) return maps.regex_finds(match.words, 2, argument);
    if (first == "username" && is_user) return maps.regex_finds(match.words, 2, argument);
    if (first != "filetype" || !is_file) return std::nullopt;
    const auto dot = argument.rfind('.');
    argument = dot == std::string_view::npos ? std::string_view() : argument.substr(dot);
    return maps.regex_finds(match.words, 2, argument);
  }

  /// Whether the line may pass; this and what follows.
  bool take_command(Context& context, const Packet& packet, std::string_view line, Side side,
                    bool is_strict) {
    const bool is_transfer = is_ftp_command(line, "retr") || is_ftp_command(line, "stor");
    if (is_strict && is_transfer && line.size() > kTransferMax) return false;
    if (!is_ftp_command(line, "port")) return true;
    if (side == Side::kServer) return !is_strict;
    const auto data = parse_ftp_port(line);
    if (!data || data->port > kHighestPort) return !is_strict;
    const InterfaceName interface { context.state().interfaces[packet.in].nameif };
    if (data->port < kLowestPort) {
      context.emit(
          msg::FtpPortCommandLowPort{.source = packet.source,
                                     .command_port = Port{static_cast<std::uint16_t>(data->port)},
                                     .destination = packet.destination,
                                     .interface = interface});
      return false;
    }
    if (data->address != packet.source) {
      context.emit(msg::FtpPortCommandForeignAddress{.source = packet.source,
                                                     .command_address = data->address,
                                                     .destination = packet.destination,
                                                     .interface = interface});
      return false;
    }
    await(context, packet,
          {packet.destination, data->address, Port{static_cast<std::uint16_t>(data->port)}});
    return true;
  }

  bool take_reply(Context& context, const Packet& packet, std::string_view line, Side side,
                  bool is_strict) {
    if (!line.starts_with("227")) return true;
    if (side == Side::kClient) return !is_strict;
    const auto data = parse_ftp_passive(line);
    const bool is_honest = data && data->port >= kLowestPort && data->port <= kHighestPort &&
                           data->address == packet.source;
    if (!is_honest) return !is_strict;
    await(context, packet,
          {packet.destination, data->address, Port{static_cast<std::uint16_t>(data->port)}});
    return true;
  }

  void await(Context& context, const Packet& packet, const FtpDataFlow& flow) {
    pinholes_.expire(context.now());
    pinholes_.hear(flow, {flow, packet.connection}, context.now());
  }

  /// A data connection has come: nobody else may.
  void on_built(Context&, const ConnectionBuilt& event) {
    if (pinholes_.empty() || event.connection.protocol != kProtocolTcp) return;
    const FiveTuple tuple = event.connection.tuple();
    pinholes_.erase(FtpDataFlow{tuple.source, tuple.destination, tuple.destination_port});
  }

  /// With its control connection a session ends.
  void on_closed(Context&, const ConnectionClosed& event) {
    if (pinholes_.empty()) return;
    pinholes_.erase_if(
        [&](const FtpPinholes::Aged& aged) { return aged.entry.control == event.connection.id; });
  }

  void show(Context& context, const Arguments&) {
    context.print(
        fmt::format("      Inspect: ftp, packet {}, drop {}, reset-drop 0\n", packets_, drops_));
    for (const auto& aged : pinholes_) {
      if (!pinholes_.is_alive(aged, context.now())) continue;
      const auto& flow = aged.entry.flow;
      context.print(fmt::format("        data connection awaited from {} to {}/{}\n",
                                to_string(flow.from), to_string(flow.to), flow.port.value));
    }
  }

  /// The numbers of the packet fields, the same in every device.
  static inline FtpContent fields;
  static inline std::uint16_t reply_field = 0;

  FtpPinholes& pinholes_;
  std::uint64_t packets_ = 0;
  std::uint64_t drops_ = 0;
};

}  // namespace

void register_ftp_inspection(Registry& registry);
void register_ftp_inspection(Registry& registry) {
  registry.add<FtpInspection>("ftp_inspection");
}

}  // namespace asaemu
