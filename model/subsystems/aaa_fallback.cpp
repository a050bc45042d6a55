// AAA: server groups, requests to their servers, and the local fallback when none of them answers.
//
// Scope: the aaa-server commands (protocol, hosts, max-failed-attempts, reactivation-mode, timeout),
//   aaa authentication … console, aaa authorization command; administrators as the world events
//   `admin-login` and `admin-command` bring them; `aaa-server` says which servers answer; message 409023;
//   show aaa-server.
// Limitations: a server that answers accepts; the local user database always knows the user and says
//   nothing; a server's `retry-interval` is accepted, its tries follow one another after the timeout; no
//   accounting. The timeout of a try is the option `aaa-timeout` unless `timeout` sets it.
// State: AaaServers with its bounds; at most kRequestBound requests under way (more are refused). What
//   the servers do is the world's and outlives a reload.
// Validation: 409023 against captured lines (real-lines.tsv); show aaa-server against the command
//   reference; the timing against no trace.
// References: asa-behaviour F (AAA fallback); syslog guide 409023.
#include "messages/aaa_fallback.hpp"

#include "model/contract/declarations.hpp"
#include "model/state/aaa_report.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

using RequestType = msg::AaaFallbackAttempt::RequestType;

constexpr std::size_t kRequestBound = 64;
constexpr Mode kGroupMode{"config-aaa-server-group"};
constexpr Mode kHostMode{"config-aaa-server-host"};
/// After this time `reactivation-mode timed` asks a failed server again.
constexpr SimDuration kTimedReactivation = std::chrono::seconds(30);

/// Who answers for what: `aaa authentication ssh console RADIUS LOCAL`.
struct AaaMethod {
  std::string group;
  bool falls_back = false;
};

struct AaaRequest {
  RequestType type{};
  std::string user;
  AaaMethod method;
  std::size_t server = 0;  ///< that is asked now
};

class AaaFallback final : public Subsystem {
 public:
  explicit AaaFallback(Claims& claims)
      : aaa_(claims.own(&DeviceState::aaa_servers)),
        far_ends_(claims.kept<AaaServers>().far_ends),
        timeout_(claims.option<SimDuration>("aaa-timeout")) {
    aaa_.far_ends = far_ends_;
  }

  static void declare(Declarations<AaaFallback>& declare);

 private:
  void set_protocol(Context& context, const Arguments& arguments);
  void add_host(Context& context, const Arguments& arguments);
  void remove_group(Context& context, const Arguments& arguments);
  void remove_host(Context& context, const Arguments& arguments);
  void set_attempts(Context& context, const Arguments& arguments);
  void set_reactivation(Context& context, const Arguments& arguments);
  void set_timeout(Context& context, const Arguments& arguments);
  void set_authentication(Context& context, const Arguments& arguments);
  void set_authorization(Context& context, const Arguments& arguments);
  void on_server(Context& context, const Arguments& arguments);
  void on_login(Context& context, const Arguments& arguments);
  void on_command(Context& context, const Arguments& arguments);
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void show(Context& context, const Arguments& arguments);
  void accept(Context&, const Arguments&) {}

  static std::optional<std::string> service_of(const Arguments& arguments);
  AaaServerGroup* current(Context& context);
  void begin(Context& context, RequestType type, const std::string& user, const AaaMethod& method);
  void ask_next(Context& context, std::uint64_t number, AaaRequest& request);
  static void fail(Context& context, AaaServerGroup& group, AaaServer& server);
  static void revive(Context& context, AaaServerGroup& group);
  static void fall_back(Context& context, const AaaRequest& request);

  AaaServers& aaa_;
  BoundedTable<IpAddress, AaaFarEnd>& far_ends_;
  SimDuration timeout_;
  BoundedTable<std::string, AaaMethod> authentication_{8};  // by service
  std::optional<AaaMethod> authorization_;
  BoundedTable<std::uint64_t, AaaRequest> requests_{kRequestBound};
  std::uint64_t last_request_ = 0;
  std::vector<std::string> names_;  // of the groups, by their mode's object
};

void AaaFallback::declare(Declarations<AaaFallback>& declare) {
  static constexpr std::array<std::string_view, 2> kStates{"answering", "silent"};
  static constexpr std::array<std::string_view, 2> kKeys{"sent", "missing"};
  static constexpr std::array<std::string_view, 5> kServices{"ssh", "telnet", "http", "serial",
                                                             "enable"};
  declare.option(FieldDef{.name = "aaa-timeout", .kind = FieldKind::kDuration}, "0:00:10",
                 "time an AAA server has to answer one try, unless `timeout` sets it (inferred)");
  declare.config<&AaaFallback::set_protocol>(
      "aaa-server <word:group> protocol {radius|tacacs+|ldap|kerberos}", "Define a server group");
  declare.config<&AaaFallback::add_host>(
      "aaa-server <word:group> <word:interface> host <ip:address> [<word:key>] "
      "[timeout <number:seconds:1-300>]",
      "Add a server to a group");
  declare.config<&AaaFallback::remove_group>(
      "no aaa-server <word:group> [protocol {radius|tacacs+|ldap|kerberos}]",
      "Remove a server group");
  declare.config<&AaaFallback::remove_host>(
      "no aaa-server <word:group> <word:interface> host <ip:address> [<line:settings>]",
      "Take a server out of its group");
  declare.command<&AaaFallback::set_attempts>(kGroupMode, "max-failed-attempts <number:limit:1-5>",
                                              "Set the failures after which a server is given up");
  declare.command<&AaaFallback::set_reactivation>(
      kGroupMode, "reactivation-mode {timed|depletion [deadtime <number:minutes:0-1440>]}",
      "Say when failed servers are asked again");
  declare.command<&AaaFallback::set_timeout>(kHostMode, "timeout <number:seconds:1-300>",
                                             "Set the time a server has to answer");
  declare.command<&AaaFallback::accept>(
      kHostMode,
      "{key <word:key>|retry-interval <number:seconds:1-10>|authentication-port <port:port>"
      "|accounting-port <port:port>}",
      "The shared secret, ports and pauses; accepted");
  declare.config<&AaaFallback::set_authentication>(
      "[no] aaa authentication {ssh|telnet|http|serial|enable} console <word:group> [LOCAL]",
      "Say who checks administrators");
  declare.config<&AaaFallback::set_authorization>(
      "[no] aaa authorization command <word:group> [LOCAL]", "Say who checks their commands");
  declare.exec<&AaaFallback::show>("show aaa-server [<word:group>]", "Show servers and counters");
  declare.world<&AaaFallback::on_server>(
      "aaa-server", "an AAA server comes, falls silent, or changes what it sends",
      {{FieldDef{.name = "aaa-server", .kind = FieldKind::kIp}, "its address"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
        "whether it answers"},
       {FieldDef{.name = "mppe-keys", .kind = FieldKind::kOneOf, .choices = kKeys},
        "whether it sends encryption keys with an accepted user", false}});
  declare.world<&AaaFallback::on_login>(
      "admin-login", "an administrator logs in to the device",
      {{FieldDef{.name = "admin-login", .kind = FieldKind::kWord}, "the user"},
       {FieldDef{.name = "service", .kind = FieldKind::kOneOf, .choices = kServices}, "how"}});
  declare.world<&AaaFallback::on_command>(
      "admin-command", "an administrator who is logged in enters a command",
      {{FieldDef{.name = "admin-command", .kind = FieldKind::kWord}, "the user"}});
}

void AaaFallback::set_protocol(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("group");
  AaaServerGroup* group = aaa_.groups.find(name);
  if (group == nullptr) {
    group = aaa_.groups.insert(name, AaaServerGroup{});
    if (group == nullptr) {
      context.print("ERROR: Maximum number of server groups reached\n");
      return;
    }
    group->name = name;
    names_.push_back(name);
  }
  for (const char* protocol : {"radius", "tacacs+", "ldap", "kerberos"}) {
    if (arguments.has(protocol)) group->protocol = protocol;
  }
  const auto at = std::find(names_.begin(), names_.end(), name) - names_.begin();
  context.enter_mode(kGroupMode, static_cast<std::uint64_t>(at));
}

void AaaFallback::add_host(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("group");
  const auto& address = arguments.get<IpAddress>("address");
  AaaServerGroup* group = aaa_.groups.find(name);
  if (group == nullptr) {
    context.print(fmt::format("ERROR: aaa-server group {} does not exist\n", name));
    return;
  }
  const auto& servers = group->servers;
  const auto known = std::find_if(servers.begin(), servers.end(),
                                  [&](const AaaServer& s) { return s.address == address; });
  auto place = static_cast<std::uint64_t>(known - servers.begin());
  if (known == servers.end()) {
    if (servers.size() == AaaServerGroup::kServerBound) {
      context.print("ERROR: Maximum number of servers in the group reached\n");
      return;
    }
    AaaServer server;
    server.address = address;
    server.timeout = timeout_;
    server.interface = arguments.get<std::string>("interface");
    std::erase_if(server.interface, [](char c) { return c == '(' || c == ')'; });
    group->servers.push_back(std::move(server));
  }
  if (const auto* seconds = arguments.find<std::uint64_t>("seconds")) {
    group->servers[place].timeout = std::chrono::seconds(*seconds);
  }
  const auto at = std::find(names_.begin(), names_.end(), name) - names_.begin();
  context.enter_mode(kHostMode, static_cast<std::uint64_t>(at) | place << 32);
}

void AaaFallback::remove_group(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("group");
  if (!aaa_.groups.erase(name)) {
    context.print(fmt::format("ERROR: aaa-server group {} does not exist\n", name));
  }
  std::erase(names_, name);
  requests_.erase_if([&](const AaaRequest& request) { return request.method.group == name; });
}

/// Logins that wait for an answer begin anew when they are tried again.
void AaaFallback::remove_host(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("group");
  const auto& address = arguments.get<IpAddress>("address");
  AaaServerGroup* group = aaa_.groups.find(name);
  const bool is_removed =
      group != nullptr && std::erase_if(group->servers, [&](const AaaServer& server) {
                            return server.address == address;
                          }) > 0;
  if (!is_removed) {
    context.print(
        fmt::format("ERROR: server {} is not in aaa-server group {}\n", to_string(address), name));
    return;
  }
  requests_.erase_if([&](const AaaRequest& request) { return request.method.group == name; });
}

/// The group whose mode the session is in; nullptr if it was removed meanwhile.
AaaServerGroup* AaaFallback::current(Context& context) {
  const std::uint64_t at = context.mode_object() & 0xFFFF'FFFF;
  return at < names_.size() ? aaa_.groups.find(names_[at]) : nullptr;
}

void AaaFallback::set_attempts(Context& context, const Arguments& arguments) {
  if (AaaServerGroup* group = current(context)) {
    group->failed_attempts_limit = static_cast<unsigned>(arguments.get<std::uint64_t>("limit"));
  }
}

void AaaFallback::set_reactivation(Context& context, const Arguments& arguments) {
  AaaServerGroup* group = current(context);
  if (group == nullptr) return;
  group->reactivates_after_time = arguments.has("timed");
  group->dead_time = std::chrono::minutes(arguments.get_or<std::uint64_t>("minutes", 10));
}

void AaaFallback::set_timeout(Context& context, const Arguments& arguments) {
  AaaServerGroup* group = current(context);
  const std::uint64_t place = context.mode_object() >> 32;
  if (group == nullptr || place >= group->servers.size()) return;
  group->servers[place].timeout = std::chrono::seconds(arguments.get<std::uint64_t>("seconds"));
}

/// The service an `aaa authentication` line is about.
std::optional<std::string> AaaFallback::service_of(const Arguments& arguments) {
  for (const char* service : {"ssh", "telnet", "http", "serial", "enable"}) {
    if (arguments.has(service)) return service;
  }
  return std::nullopt;
}

void AaaFallback::set_authentication(Context& context, const Arguments& arguments) {
  const auto service = service_of(arguments);
  const auto& group = arguments.get<std::string>("group");
  if (arguments.has("no")) {
    authentication_.erase(*service);
    return;
  }
  if (group != "LOCAL" && aaa_.groups.find(group) == nullptr) {
    context.print(fmt::format("ERROR: aaa-server group {} does not exist\n", group));
    return;
  }
  authentication_.erase(*service);
  authentication_.insert(*service, AaaMethod{group, arguments.has("LOCAL")});
}

void AaaFallback::set_authorization(Context& context, const Arguments& arguments) {
  const auto& group = arguments.get<std::string>("group");
  if (arguments.has("no")) {
    authorization_.reset();
    return;
  }
  if (group != "LOCAL" && aaa_.groups.find(group) == nullptr) {
    context.print(fmt::format("ERROR: aaa-server group {} does not exist\n", group));
    return;
  }
  authorization_ = AaaMethod{group, arguments.has("LOCAL")};
}

void AaaFallback::on_server(Context&, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("aaa-server");
  AaaFarEnd* far_end = far_ends_.find(address);
  if (far_end == nullptr) far_end = far_ends_.insert(address, AaaFarEnd{});
  if (far_end == nullptr) return;
  far_end->answers = arguments.get<std::string>("state") == "answering";
  if (const auto* keys = arguments.find<std::string>("mppe-keys")) {
    far_end->sends_mppe_keys = *keys == "sent";
  }
  aaa_.far_ends = far_ends_;
}

void AaaFallback::on_login(Context& context, const Arguments& arguments) {
  const AaaMethod* method = authentication_.find(arguments.get<std::string>("service"));
  if (method == nullptr) return;
  begin(context, RequestType::kAuthentication, arguments.get<std::string>("admin-login"), *method);
}

void AaaFallback::on_command(Context& context, const Arguments& arguments) {
  if (!authorization_) return;
  begin(context, RequestType::kAuthorization, arguments.get<std::string>("admin-command"),
        *authorization_);
}

void AaaFallback::begin(Context& context, RequestType type, const std::string& user,
                        const AaaMethod& method) {
  AaaServerGroup* group = aaa_.groups.find(method.group);
  if (group == nullptr || requests_.full()) return;
  revive(context, *group);
  const std::uint64_t number = ++last_request_;
  AaaRequest* request = requests_.insert(number, AaaRequest{type, user, method, 0});
  ask_next(context, number, *request);
}

/// Asks the first server from `request.server` on that is not given up; falls back if there is none.
void AaaFallback::ask_next(Context& context, std::uint64_t number, AaaRequest& request) {
  AaaServerGroup* group = aaa_.groups.find(request.method.group);
  if (group == nullptr) {
    requests_.erase(number);
    return;
  }
  auto& servers = group->servers;
  while (request.server < servers.size() && servers[request.server].is_failed) ++request.server;
  if (request.server == servers.size()) {
    if (request.method.falls_back) fall_back(context, request);
    requests_.erase(number);
    return;
  }
  AaaServer& server = servers[request.server];
  const bool authenticates = request.type == RequestType::kAuthentication;
  ++(authenticates ? server.authentications : server.authorizations);
  server.last_transaction = context.now();
  if (aaa_.far_end(server.address).answers) {
    server.failures = 0;
    ++server.accepts;
    requests_.erase(number);
    return;
  }
  context.after(server.timeout, 0, number);
}

/// A try has timed out.
void AaaFallback::on_timer(Context& context, std::uint16_t, std::uint64_t data) {
  AaaRequest* request = requests_.find(data);
  if (request == nullptr) return;
  AaaServerGroup* group = aaa_.groups.find(request->method.group);
  if (group != nullptr && request->server < group->servers.size()) {
    fail(context, *group, group->servers[request->server]);
  }
  ask_next(context, data, *request);
}

/// A server has not answered; after as many times as the group allows it is given up, and with the last
/// of them the whole group, for its dead time.
void AaaFallback::fail(Context& context, AaaServerGroup& group, AaaServer& server) {
  ++server.timeouts;
  if (server.is_failed || ++server.failures < group.failed_attempts_limit) return;
  server.is_failed = true;
  server.failed_since = context.now();
  server.reactivated_at = context.now() + kTimedReactivation;
  const bool is_depleted = std::all_of(group.servers.begin(), group.servers.end(),
                                       [](const AaaServer& other) { return other.is_failed; });
  if (is_depleted) group.dead_until = context.now() + group.dead_time;
}

/// Takes servers back whose time has come. Asked when somebody wants them: nothing happens before.
void AaaFallback::revive(Context& context, AaaServerGroup& group) {
  const bool is_depleted = std::all_of(group.servers.begin(), group.servers.end(),
                                       [](const AaaServer& server) { return server.is_failed; });
  for (AaaServer& server : group.servers) {
    const bool is_due = group.reactivates_after_time
                            ? context.now() >= server.reactivated_at
                            : is_depleted && context.now() >= group.dead_until;
    if (!server.is_failed || !is_due) continue;
    server.is_failed = false;
    server.failures = 0;
  }
}

void AaaFallback::fall_back(Context& context, const AaaRequest& request) {
  context.emit(msg::AaaFallbackAttempt{.method = "LOCAL",
                                       .request_type = request.type,
                                       .user = request.user,
                                       .server_group = request.method.group});
}

void AaaFallback::show(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<std::string>("group");
  for (const AaaServerGroup& group : aaa_.groups) {
    if (only != nullptr && group.name != *only) continue;
    for (const AaaServer& server : group.servers) {
      const auto pending =
          std::count_if(requests_.begin(), requests_.end(), [&](const AaaRequest& request) {
            return request.method.group == group.name &&
                   group.servers[request.server].address == server.address;
          });
      context.print(describe_aaa_server(
          group, server, static_cast<std::uint64_t>(pending),
          [&](SimTime time) { return context.calendar() - (context.now() - time); }));
    }
  }
}

}  // namespace

void register_aaa_fallback(Registry& registry);
void register_aaa_fallback(Registry& registry) {
  registry.add<AaaFallback>("aaa_fallback");
}

}  // namespace asaemu
