// Shared licences, what all roles share: which licence servers the device knows, and what they are
// like.
//
// Scope: the commands license-server address, license-server backup address and license-server backup
//   enable; the world event `licence-server`; message 444107 for a backup. The roles themselves are
//   in shared_licence_server.cpp, shared_licence_backup.cpp and shared_licence_participant.cpp.
// Limitations: no packets: whether a server is reached is what the world says, whatever the
//   interfaces' state. Only IPv4 and IPv6 addresses name servers, no host names.
// State: the configuration, and kRemoteServerBound servers outside; a further one is not noticed.
//   What the world said about them is kept over reloads.
// Validation: none; command syntax as documented (asa-behaviour E.2).
// References: asa-behaviour E.2; syslog guide 444107.
#include "messages/shared_license.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

namespace asaemu {

namespace {

constexpr std::array<std::string_view, 2> kUpDown{"up", "down"};
constexpr std::array<std::string_view, 2> kVersions{"supported", "unsupported"};
constexpr std::array<std::string_view, 2> kServices{"active", "inactive"};
constexpr std::array<std::string_view, 1> kRegistrations{"forgotten"};
// No server asks to be polled more often (the range of `license-server refresh-interval`).
constexpr SimDuration kShortestRefresh = std::chrono::seconds(10);

class SharedLicensing final : public Subsystem {
 public:
  explicit SharedLicensing(Claims& claims)
      : remotes_(claims.kept<std::vector<RemoteLicenceServer>>()),
        shared_(claims.own(&DeviceState::shared_licence)) {
    shared_.remotes = remotes_;
  }
  static void declare(Declarations<SharedLicensing>& declare);

 private:
  void set_server(Context& context, const Arguments& arguments);
  void set_backup(Context& context, const Arguments& arguments);
  void set_backup_enabled(Context& context, const Arguments& arguments);
  void on_server(Context& context, const Arguments& arguments);
  RemoteLicenceServer* find_or_add(const IpAddress& address);

  std::vector<RemoteLicenceServer>& remotes_;
  SharedLicence& shared_;
};

void SharedLicensing::declare(Declarations<SharedLicensing>& declare) {
  declare.config<&SharedLicensing::set_server>(
      "[no] license-server address <ip:address> secret <word:secret> [port <number:port:1-65535>]",
      "Name the licence server to take part with");
  declare.config<&SharedLicensing::set_backup>("[no] license-server backup address <ip:address>",
                                               "Name the backup to fall back on");
  declare.config<&SharedLicensing::set_backup_enabled>(
      "[no] license-server backup enable <nameif:interface>", "Be the backup licence server");
  declare.world_always<&SharedLicensing::on_server>(
      "licence-server",
      "what a licence server or its backup outside is like; what is left out stays as it was, and "
      "one that nothing was said about works",
      {{FieldDef{.name = "licence-server", .kind = FieldKind::kIp}, "its address"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kUpDown},
        "whether it can be reached", false},
       {FieldDef{.name = "secret", .kind = FieldKind::kWord},
        "the secret it asks for; at first the one configured here", false},
       {FieldDef{.name = "port", .kind = FieldKind::kPort}, "where it listens; at first 50554",
        false},
       {FieldDef{.name = "version", .kind = FieldKind::kOneOf, .choices = kVersions},
        "whether it speaks this device's version of the protocol", false},
       {FieldDef{.name = "service", .kind = FieldKind::kOneOf, .choices = kServices},
        "whether it lends at present", false},
       {FieldDef{.name = "registration", .kind = FieldKind::kOneOf, .choices = kRegistrations},
        "it drops what it knows of this device", false},
       {FieldDef{.name = "sessions", .kind = FieldKind::kNumber},
        "most sessions its pool can give to this device; at first 500", false},
       {FieldDef{.name = "refresh", .kind = FieldKind::kDuration},
        "how often it wants to hear from a participant; at first every 30 seconds", false}});
}

void SharedLicensing::set_server(Context& context, const Arguments& arguments) {
  const bool is_set = !arguments.has("no");
  shared_.server = is_set ? arguments.get<IpAddress>("address") : IpAddress();
  shared_.server_secret = is_set ? arguments.get<std::string>("secret") : std::string();
  shared_.server_port = Port{static_cast<std::uint16_t>(
      arguments.get_or<std::uint64_t>("port", kLicenceServerPort.value))};
  context.publish(SharedLicenceChanged{});
}

void SharedLicensing::set_backup(Context& context, const Arguments& arguments) {
  shared_.backup = arguments.has("no") ? IpAddress() : arguments.get<IpAddress>("address");
  context.publish(SharedLicenceChanged{});
}

void SharedLicensing::set_backup_enabled(Context& context, const Arguments& arguments) {
  using Status = msg::SharedLicenseServiceOnInterface::Status;
  const bool is_wanted = !arguments.has("no");
  if (is_wanted == shared_.is_backup) return;
  shared_.is_backup = is_wanted;
  context.emit(msg::SharedLicenseServiceOnInterface{
      .status = is_wanted ? Status::kEnabled : Status::kDisabled,
      .interface = InterfaceName{arguments.get<std::string>("interface")}});
  context.publish(SharedLicenceChanged{});
}

/// nullptr if the world has too many.
RemoteLicenceServer* SharedLicensing::find_or_add(const IpAddress& address) {
  for (RemoteLicenceServer& remote : remotes_) {
    if (remote.address == address) return &remote;
  }
  if (remotes_.size() == kRemoteServerBound) return nullptr;
  return &remotes_.emplace_back(RemoteLicenceServer{.address = address});
}

void SharedLicensing::on_server(Context& context, const Arguments& arguments) {
  RemoteLicenceServer* remote = find_or_add(arguments.get<IpAddress>("licence-server"));
  if (remote == nullptr) return;
  const auto says = [&arguments](std::string_view name, std::string_view yes, bool otherwise) {
    const auto* word = arguments.find<std::string>(name);
    return word != nullptr ? *word == yes : otherwise;
  };
  remote->answers = says("state", "up", remote->answers);
  remote->speaks_our_version = says("version", "supported", remote->speaks_our_version);
  remote->is_serving = says("service", "active", remote->is_serving);
  if (says("registration", "forgotten", false)) ++remote->times_forgotten;
  if (const auto* secret = arguments.find<std::string>("secret")) remote->secret = *secret;
  remote->port = arguments.get_or("port", remote->port);
  remote->refresh_interval =
      std::max(arguments.get_or("refresh", remote->refresh_interval), kShortestRefresh);
  remote->sessions = static_cast<std::uint32_t>(std::min<std::uint64_t>(
      arguments.get_or<std::uint64_t>("sessions", remote->sessions), kMaxSharedSessions));
  shared_.remotes = remotes_;
  context.publish(SharedLicenceChanged{});
}

}  // namespace

void register_shared_licence(Registry& registry);
void register_shared_licence(Registry& registry) {
  registry.add<SharedLicensing>("shared_licence");
}

}  // namespace asaemu
