// User identity: which user sits at which address, as an AD agent tells the device.
//
// Scope: user-identity enable; the world events `user-logon` and `user-logoff`; show user-identity
//   user-of-ip, show user-identity user active; clear user-identity user-database. Messages that name a
//   packet's source print its user.
// Limitations: no messages of its own (7460nn are outside the catalogue). The AD agent is always
//   reachable and its news is taken at once; logons do not time out, and groups and security tags are
//   not kept. A logon while the identity firewall is off is not learned later. The layout of the show
//   commands is inferred.
// State: UserIdentities, at most kUserIdentityBound; one more logon is not learned. Lost at reload, as
//   the device asks its agent anew; whoever logged on before then is unknown here.
// Validation: none.
// References: ASA configuration guide, "Identity Firewall"; asa-behaviour T (418001 with a user).
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <set>

namespace asaemu {

namespace {

class UserIdentitySubsystem final : public Subsystem {
 public:
  explicit UserIdentitySubsystem(Claims& claims) : users_(claims.own(&DeviceState::users)) {}

  static void declare(Declarations<UserIdentitySubsystem>& declare) {
    using Self = UserIdentitySubsystem;
    declare.config<&Self::enable>("[no] user-identity enable", "Learn which user sits where");
    declare.exec<&Self::show_user>("show user-identity user-of-ip <ip:address>",
                                   "Show the user at an address");
    declare.exec<&Self::show_active>("show user-identity user active [list]",
                                     "Show how many users there are, and who");
    declare.exec<&Self::clear>("clear user-identity user-database", "Forget all users");
    declare.world<&Self::on_logon>(
        "user-logon", "The domain controller, by way of the AD agent, tells of a user's logon",
        {{FieldDef{.name = "user-logon", .kind = FieldKind::kWord},
          "the user with his domain, such as CORP\\jdoe"},
         {FieldDef{.name = "address", .kind = FieldKind::kIp}, "the address he logged on at"}});
    declare.world<&Self::on_logoff>(
        "user-logoff", "The user at an address logs off",
        {{FieldDef{.name = "user-logoff", .kind = FieldKind::kIp}, "the address"}});
  }

 private:
  void enable(Context&, const Arguments& arguments) {
    is_enabled_ = !arguments.has("no");
    if (!is_enabled_) users_.clear();
  }

  void on_logon(Context&, const Arguments& arguments) {
    if (!is_enabled_) return;
    const auto& address = arguments.get<IpAddress>("address");
    // Whoever logs on last is the one at the address, and the latest in the table.
    users_.erase(address);
    users_.insert(address, UserIdentity{arguments.get<std::string>("user-logon")});
  }

  void on_logoff(Context&, const Arguments& arguments) {
    users_.erase(arguments.get<IpAddress>("user-logoff"));
  }

  void clear(Context&, const Arguments&) { users_.clear(); }

  void show_user(Context& context, const Arguments& arguments) {
    const auto& address = arguments.get<IpAddress>("address");
    const UserIdentity* user = users_.find(address);
    context.print(user == nullptr
                      ? fmt::format("ERROR: No user mapping found for {}\n", to_string(address))
                      : fmt::format("{} (Login)\n", user->name));
  }

  void show_active(Context& context, const Arguments& arguments) {
    std::set<std::string_view> names;
    for (const UserIdentity& user : users_) names.insert(user.name);
    context.print(fmt::format("Total active users: {}\tTotal IP addresses: {}\n", names.size(),
                              users_.size()));
    if (!arguments.has("list")) return;
    for (const std::string_view name : names) context.print(fmt::format("  {}\n", name));
  }

  UserIdentities& users_;
  bool is_enabled_ = false;
};

}  // namespace

void register_user_identity(Registry& registry);
void register_user_identity(Registry& registry) {
  registry.add<UserIdentitySubsystem>("user_identity");
}

}  // namespace asaemu
