// Shared licences, the lending side: a licence server, or a backup in its place, and its
// participants.
//
// Scope: the commands license-server enable, secret, refresh-interval, port and backup ADDRESS
//   backup-id, show shared license; the world event `licence-client`; messages 444103, 444104 and
//   444106 to 444108. A server lends when it has a secret, an interface and a pool (the licensed
//   sessions, see licensing.cpp); a backup lends while it is active (shared_licence_backup.cpp).
// Limitations: a backup's failover peer (ha-backup-id) is accepted only. When 444104 comes is not
//   documented: here whenever the availability of the pool changes, and when lending begins. Nothing
//   is logged when somebody with the wrong secret knocks, nor when a participant gets less than it
//   asks for. The pool of an active backup is what the world says of the main server's.
// State: SharedPool::kBound participants, a further one is not noticed; at most a timer for each, and
//   one more. What the world said of participants is kept over reloads; registrations and loans are
//   not.
// Validation: none; command syntax, blocks and intervals as documented (asa-behaviour E.2), `show`
//   layout after the vendor's command reference.
// References: asa-behaviour E.2; syslog guide 444103, 444104, 444106 to 444108.
#include "messages/shared_license.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/shared_licence_report.hpp"
#include "model/state/shared_pool.hpp"

namespace asaemu {

namespace {

constexpr std::string_view kLicenceType = "AnyConnect Premium";
constexpr std::array<std::string_view, 2> kUpDown{"up", "down"};
constexpr SimDuration kDefaultRefresh = std::chrono::seconds(30);

class SharedLicenceServer final : public Subsystem {
 public:
  explicit SharedLicenceServer(Claims& claims);
  static void declare(Declarations<SharedLicenceServer>& declare);

 private:
  enum Timer : std::uint16_t { kClient, kBackup };
  using MaybeTimer = std::optional<TimerHandle>;
  using ClientState = msg::SharedLicenseClientState::State;

  void set_secret(Context& context, const Arguments& arguments);
  void set_refresh(Context& context, const Arguments& arguments);
  void set_port(Context& context, const Arguments& arguments);
  void set_backup(Context& context, const Arguments& arguments);
  void set_enabled(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);

  void on_client(Context& context, const Arguments& arguments);
  void on_booted(Context& context, const Booted&);
  void on_licence(Context& context, const LicenceChanged&) { update(context); }
  void on_change(Context& context, const SharedLicenceChanged&) { update(context); }
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void update(Context& context);

  [[nodiscard]] bool is_server() const { return !interfaces_.empty() && !secret_.empty(); }
  [[nodiscard]] static bool is_active_backup(const Context& context) {
    return context.state().shared_backup.is_active;
  }
  [[nodiscard]] std::uint32_t capacity(const Context& context) const;
  void begin_lending(Context& context);
  void end_lending(Context& context);
  [[nodiscard]] bool can_register(const Context& context, const SharedClient& client) const;
  void update_client(Context& context, SharedClient& client);
  void serve(Context& context, SharedClient& client);
  void on_client_timer(Context& context, SharedClient& client);
  void report_availability(Context& context);
  static void report_client(Context& context, const SharedClient& client, ClientState state);

  [[nodiscard]] bool is_backup_there(const Context& context) const;
  void watch_backup(Context& context);

  static void stop(Context& context, MaybeTimer& timer) {
    if (timer) context.cancel(*timer);
    timer.reset();
  }

  SharedPool& pool_;
  std::string secret_;
  SimDuration refresh_ = kDefaultRefresh;
  Port port_ = kLicenceServerPort;
  std::vector<std::string> interfaces_;  ///< nameifs that the service is enabled on
  bool is_up_ = false;                   ///< booted
  bool is_lending_ = false;

  IpAddress backup_;
  std::string backup_id_;
  SimTime sync_origin_{};
  bool is_backup_missed_ = false;  ///< 444106 was sent for this absence
  MaybeTimer backup_timer_;
};

SharedLicenceServer::SharedLicenceServer(Claims& claims) : pool_(claims.kept<SharedPool>()) {
  for (SharedClient& client : pool_.clients()) {
    pool_.reclaim(client);
    client.timer.reset();
  }
}

void SharedLicenceServer::declare(Declarations<SharedLicenceServer>& declare) {
  declare.config<&SharedLicenceServer::set_secret>(
      "{license-server secret <word:secret>|no license-server secret [<word:secret>]}",
      "Set the secret that participants must know");
  declare.config<&SharedLicenceServer::set_refresh>(
      "{license-server refresh-interval <number:seconds:10-300>|no license-server "
      "refresh-interval [<number:seconds:10-300>]}",
      "Set how often participants report");
  declare.config<&SharedLicenceServer::set_port>(
      "{license-server port <number:port:1-65535>|no license-server port [<number:port:1-65535>]}",
      "Set the port of the licence service");
  declare.config<&SharedLicenceServer::set_backup>(
      "[no] license-server backup <ip:address> backup-id <word:serial> [ha-backup-id <word:peer>]",
      "Name this server's backup");
  declare.config<&SharedLicenceServer::set_enabled>("[no] license-server enable <nameif:interface>",
                                                    "Serve participants behind an interface");
  declare.exec<&SharedLicenceServer::show>("show shared license [detail]",
                                           "Show what the shared licence is used for");
  declare.world_always<&SharedLicenceServer::on_client>(
      "licence-client", "a participant outside, as this licence server or backup finds it",
      {{FieldDef{.name = "licence-client", .kind = FieldKind::kWord}, "its serial number"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kUpDown},
        "whether it reports; at first it does", false},
       {FieldDef{.name = "sessions", .kind = FieldKind::kNumber},
        "sessions its users need of the pool", false},
       {FieldDef{.name = "secret", .kind = FieldKind::kWord},
        "the secret it uses; at first the one configured here", false},
       {FieldDef{.name = "port", .kind = FieldKind::kPort},
        "where it looks for the service; at first 50554", false}});
  declare.on<&SharedLicenceServer::on_booted>();
  declare.on<&SharedLicenceServer::on_licence>();
  declare.on<&SharedLicenceServer::on_change>();
}

void SharedLicenceServer::set_secret(Context& context, const Arguments& arguments) {
  secret_ = arguments.has("no") ? std::string() : arguments.get<std::string>("secret");
  update(context);
}

void SharedLicenceServer::set_refresh(Context&, const Arguments& arguments) {
  if (arguments.has("no")) {
    refresh_ = kDefaultRefresh;
  } else {
    refresh_ = std::chrono::seconds(arguments.get<std::uint64_t>("seconds"));
  }
}

void SharedLicenceServer::set_port(Context&, const Arguments& arguments) {
  const bool is_default = arguments.has("no");
  port_ = is_default ? kLicenceServerPort
                     : Port{static_cast<std::uint16_t>(arguments.get<std::uint64_t>("port"))};
}

void SharedLicenceServer::set_backup(Context& context, const Arguments& arguments) {
  const bool is_set = !arguments.has("no");
  backup_ = is_set ? arguments.get<IpAddress>("address") : IpAddress();
  backup_id_ = is_set ? arguments.get<std::string>("serial") : std::string();
  update(context);
}

void SharedLicenceServer::set_enabled(Context& context, const Arguments& arguments) {
  using Status = msg::SharedLicenseServiceOnInterface::Status;
  const auto& nameif = arguments.get<std::string>("interface");
  const bool is_wanted = !arguments.has("no");
  const bool was_enabled = std::erase(interfaces_, nameif) != 0;
  if (is_wanted) interfaces_.push_back(nameif);
  if (is_wanted == was_enabled) return;
  context.emit(msg::SharedLicenseServiceOnInterface{
      .status = is_wanted ? Status::kEnabled : Status::kDisabled,
      .interface = InterfaceName{nameif}});
  update(context);
}

void SharedLicenceServer::on_client(Context& context, const Arguments& arguments) {
  SharedClient* client = pool_.find_or_add(arguments.get<std::string>("licence-client"));
  if (client == nullptr) return;
  if (const auto* state = arguments.find<std::string>("state")) client->is_up = *state == "up";
  if (const auto* secret = arguments.find<std::string>("secret")) client->secret = *secret;
  client->port = arguments.get_or("port", client->port);
  client->wanted = static_cast<std::uint32_t>(std::min<std::uint64_t>(
      arguments.get_or<std::uint64_t>("sessions", client->wanted), kMaxSharedSessions));
  if (is_lending_) update_client(context, *client);
}

void SharedLicenceServer::on_booted(Context& context, const Booted&) {
  is_up_ = true;
  sync_origin_ = context.now();
  update(context);
}

void SharedLicenceServer::on_timer(Context& context, std::uint16_t tag, std::uint64_t data) {
  if (tag == kClient) {
    on_client_timer(context, pool_.clients()[data]);
    return;
  }
  backup_timer_.reset();
  is_backup_missed_ = true;
  context.emit(msg::SharedLicenseBackupUnavailable{.address = backup_});
}

/// Lends or stops lending, as configuration, licence and role say now.
void SharedLicenceServer::update(Context& context) {
  if (!is_up_) return;
  watch_backup(context);
  const std::uint32_t wanted = capacity(context);
  const bool is_other_size = pool_.capacity() != wanted;
  pool_.set_capacity(wanted);
  if (wanted != 0 && !is_lending_) {
    begin_lending(context);
  } else if (wanted == 0 && is_lending_) {
    end_lending(context);
  } else if (is_lending_ && is_other_size) {
    report_availability(context);
  }
}

/// Sessions that this device may lend now.
std::uint32_t SharedLicenceServer::capacity(const Context& context) const {
  const DeviceState& state = context.state();
  if (is_active_backup(context)) {
    return state.shared_licence.remote(state.shared_licence.server).sessions;
  }
  return is_server() ? state.licence.features[LicensedFeature::kSharedPremiumPeers] : 0;
}

/// Participants poll on their own clocks: each finds the service within a refresh interval.
void SharedLicenceServer::begin_lending(Context& context) {
  is_lending_ = true;
  report_availability(context);
  auto& clients = pool_.clients();
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const auto delay = context.random().below(static_cast<std::uint64_t>(refresh_.count()));
    clients[i].timer = context.after(SimDuration(delay), kClient, i);
  }
}

void SharedLicenceServer::end_lending(Context& context) {
  is_lending_ = false;
  for (SharedClient& client : pool_.clients()) {
    stop(context, client.timer);
    pool_.reclaim(client);
  }
}

bool SharedLicenceServer::can_register(const Context& context, const SharedClient& client) const {
  const std::string& ours =
      is_active_backup(context) ? context.state().shared_licence.server_secret : secret_;
  return client.is_up && client.port == port_ && (!client.secret || *client.secret == ours);
}

void SharedLicenceServer::update_client(Context& context, SharedClient& client) {
  if (can_register(context, client)) {
    stop(context, client.timer);
    serve(context, client);
  } else if (client.is_up && !client.is_registered) {
    ++client.registrations.failed;
  } else if (client.is_registered && !client.timer) {
    const SimTime last = last_on_grid(client.registered_at, refresh_, context.now());
    const auto index = static_cast<std::size_t>(&client - pool_.clients().data());
    client.timer =
        context.after(last + kMissedRefreshesMax * refresh_ - context.now(), kClient, index);
  }
}

void SharedLicenceServer::serve(Context& context, SharedClient& client) {
  if (!client.is_registered) {
    client.is_registered = true;
    client.registered_at = context.now();
    ++client.registrations.sent;
    report_client(context, client, ClientState::kRegistered);
  }
  const bool was_nearly_used = pool_.is_nearly_used();
  if (!pool_.adjust(client)) return;
  if (!was_nearly_used && pool_.is_nearly_used()) {
    context.emit(msg::SharedLicenseUsageHigh{.license_type = kLicenceType});
  }
  report_availability(context);
}

/// A registered participant has been silent for too long, or one that isn't polls the first time.
void SharedLicenceServer::on_client_timer(Context& context, SharedClient& client) {
  client.timer.reset();
  if (!client.is_registered) {
    if (can_register(context, client)) serve(context, client);
    return;
  }
  const bool had_sessions = pool_.reclaim(client);
  report_client(context, client, ClientState::kExpired);
  if (had_sessions) report_availability(context);
}

void SharedLicenceServer::report_availability(Context& context) {
  context.emit(msg::SharedLicenseAvailability{.license_type = kLicenceType,
                                              .value = std::uint64_t{pool_.available()}});
}

void SharedLicenceServer::report_client(Context& context, const SharedClient& client,
                                        ClientState state) {
  context.emit(msg::SharedLicenseClientState{.state = state, .client_id = client.id});
}

bool SharedLicenceServer::is_backup_there(const Context& context) const {
  const auto remote = context.state().shared_licence.remote(backup_);
  return remote.answers && (!remote.secret || *remote.secret == secret_);
}

/// Finds out at the next synchronisation that the backup has gone, and says so once.
void SharedLicenceServer::watch_backup(Context& context) {
  const bool is_watched = is_server() && backup_ != IpAddress();
  if (!is_watched || is_backup_there(context)) {
    stop(context, backup_timer_);
    is_backup_missed_ = false;
  } else if (!is_backup_missed_ && !backup_timer_) {
    const SimTime next = next_on_grid(sync_origin_, kLicenceSyncInterval, context.now());
    backup_timer_ = context.after(next - context.now(), kBackup);
  }
}

void SharedLicenceServer::show(Context& context, const Arguments& arguments) {
  const DeviceState& state = context.state();
  SharedLicenceView view{.config = state.shared_licence,
                         .use = state.shared_use,
                         .pool = pool_,
                         .is_lending = is_lending_,
                         .platform_limit = state.licence.features[LicensedFeature::kTotalVpnPeers],
                         .backup = backup_,
                         .backup_id = backup_id_,
                         .is_backup_there = is_backup_there(context)};
  context.print(describe_shared_licence(view, arguments.has("detail")));
}

}  // namespace

void register_shared_licence_server(Registry& registry);
void register_shared_licence_server(Registry& registry) {
  registry.add<SharedLicenceServer>("shared_licence_server");
}

}  // namespace asaemu
