// VPDN: how PPP sessions are dialled and accepted: groups, users and address pools.
//
// Scope: the `vpdn group` and `vpdn username` commands that the PPPoE client and PPTP read, `ip local
//   pool`, show vpdn group, show vpdn username.
// Limitations: `ppp encryption mppe` keeps no key length; PPTP belongs to the ASA's PIX heritage and
//   its commands are accepted on every release; L2TP is not modelled.
// State: VpdnConfig, with the bounds it gives itself. Lost at reload, as all running configuration.
// Validation: command syntax against the command reference; none against a device.
// References: asa-behaviour F (PPTP/PPPoE); syslog guide 403104 to 403110, 403504.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

using Use = VpdnGroup::Use;
using ClientCheck = VpdnGroup::ClientCheck;

class Vpdn final : public Subsystem {
 public:
  explicit Vpdn(Claims& claims) : vpdn_(claims.own(&DeviceState::vpdn)) {}

  static void declare(Declarations<Vpdn>& declare) {
    declare.config<&Vpdn::set_use>(
        "vpdn group <word:group> {request dialout pppoe|accept dialin pptp}",
        "Say what a group's sessions are for");
    declare.config<&Vpdn::set_authentication>(
        "vpdn group <word:group> ppp authentication {pap|chap|mschap}",
        "Choose the PPP authentication");
    declare.config<&Vpdn::set_encryption>(
        "vpdn group <word:group> ppp encryption mppe {40|128|auto} [required]",
        "Encrypt PPTP sessions");
    declare.config<&Vpdn::set_local_name>("vpdn group <word:group> localname <word:user>",
                                          "Name the user to dial out as");
    declare.config<&Vpdn::set_pool>(
        "vpdn group <word:group> client configuration address local <word:pool>",
        "Choose the pool that clients get their addresses from");
    declare.config<&Vpdn::set_client_check>(
        "vpdn group <word:group> client authentication {local|aaa <word:servers>}",
        "Say who checks clients that dial in");
    declare.config<&Vpdn::set_echo>("vpdn group <word:group> pptp echo <number:seconds:10-300>",
                                    "Set the interval of PPTP echo requests");
    declare.config<&Vpdn::remove_group>("no vpdn group <word:group>", "Remove a group");
    declare.config<&Vpdn::add_user>(
        "vpdn username <word:user> password <word:password> [store-local]", "Add a PPP user");
    declare.config<&Vpdn::remove_user>("no vpdn username <word:user>", "Remove a PPP user");
    declare.config<&Vpdn::add_pool>("ip local pool <word:pool> <word:range> [mask <ip:mask>]",
                                    "Define a pool of addresses for clients");
    declare.config<&Vpdn::remove_pool>(
        "no ip local pool <word:pool> [<word:range> [mask <ip:mask>]]", "Remove an address pool");
    declare.exec<&Vpdn::show_groups>("show vpdn group", "Show the configured groups");
    declare.exec<&Vpdn::show_users>("show vpdn username", "Show the PPP users");
  }

 private:
  /// The group of this name, made if there is none; nullptr, and said so, if there is no room.
  VpdnGroup* group_of(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("group");
    VpdnGroup* group = vpdn_.groups.find(name);
    if (group != nullptr) return group;
    group = vpdn_.groups.insert(name, VpdnGroup{});
    if (group == nullptr) {
      context.print("ERROR: Maximum number of vpdn groups reached\n");
    } else {
      group->name = name;
    }
    return group;
  }

  void set_use(Context& context, const Arguments& arguments) {
    if (VpdnGroup* group = group_of(context, arguments)) {
      group->use = arguments.has("dialout") ? Use::kDialoutPppoe : Use::kDialinPptp;
    }
  }

  void set_authentication(Context& context, const Arguments& arguments) {
    VpdnGroup* group = group_of(context, arguments);
    if (group == nullptr) return;
    for (const char* protocol : {"pap", "chap", "mschap"}) {
      if (arguments.has(protocol)) group->authentication = protocol;
    }
  }

  void set_encryption(Context& context, const Arguments& arguments) {
    if (VpdnGroup* group = group_of(context, arguments)) group->encrypts = true;
  }

  void set_local_name(Context& context, const Arguments& arguments) {
    if (VpdnGroup* group = group_of(context, arguments)) {
      group->local_name = arguments.get<std::string>("user");
    }
  }

  void set_pool(Context& context, const Arguments& arguments) {
    if (VpdnGroup* group = group_of(context, arguments)) {
      group->address_pool = arguments.get<std::string>("pool");
    }
  }

  void set_client_check(Context& context, const Arguments& arguments) {
    VpdnGroup* group = group_of(context, arguments);
    if (group == nullptr) return;
    group->client_check = arguments.has("local") ? ClientCheck::kLocal : ClientCheck::kAaa;
    group->aaa_group = arguments.get_or<std::string>("servers", {});
  }

  void set_echo(Context& context, const Arguments& arguments) {
    if (VpdnGroup* group = group_of(context, arguments)) {
      group->echo_interval = std::chrono::seconds(arguments.get<std::uint64_t>("seconds"));
    }
  }

  void remove_group(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("group");
    if (!vpdn_.groups.erase(name)) {
      context.print(fmt::format("ERROR: vpdn group {} does not exist\n", name));
    }
  }

  void add_user(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("user");
    VpdnUser* user = vpdn_.users.find(name);
    if (user == nullptr) user = vpdn_.users.insert(name, VpdnUser{.name = name, .password = {}});
    if (user == nullptr) {
      context.print("ERROR: Maximum number of vpdn usernames reached\n");
      return;
    }
    user->password = arguments.get<std::string>("password");
  }

  void remove_user(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("user");
    if (!vpdn_.users.erase(name)) {
      context.print(fmt::format("ERROR: vpdn username {} does not exist\n", name));
    }
  }

  void add_pool(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("pool");
    const auto& range = arguments.get<std::string>("range");
    const auto dash = range.find('-');
    const auto first = IpAddress::parse(std::string_view(range).substr(0, dash));
    const auto last = dash == std::string::npos
                          ? first
                          : IpAddress::parse(std::string_view(range).substr(dash + 1));
    if (!first || !last || *last < *first || first->is_v6() || last->is_v6()) {
      context.print("ERROR: Invalid address range\n");
      return;
    }
    const AddressPool pool{.first = *first, .last = *last};
    if (AddressPool* known = vpdn_.pools.find(name)) {
      *known = pool;
    } else if (vpdn_.pools.insert(name, pool) == nullptr) {
      context.print("ERROR: Maximum number of address pools reached\n");
    }
  }

  void remove_pool(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("pool");
    if (!vpdn_.pools.erase(name)) {
      context.print(fmt::format("ERROR: Pool {} does not exist\n", name));
    }
  }

  void show_groups(Context& context, const Arguments&) {
    for (const VpdnGroup& group : vpdn_.groups) {
      const auto line = [&](std::string_view text) {
        context.print(fmt::format("vpdn group {} {}\n", group.name, text));
      };
      if (group.use == Use::kDialoutPppoe) line("request dialout pppoe");
      if (group.use == Use::kDialinPptp) line("accept dialin pptp");
      if (!group.local_name.empty()) line("localname " + group.local_name);
      if (!group.authentication.empty()) line("ppp authentication " + group.authentication);
      if (group.encrypts) line("ppp encryption mppe auto");
      if (!group.address_pool.empty()) {
        line("client configuration address local " + group.address_pool);
      }
      if (group.client_check == ClientCheck::kLocal) line("client authentication local");
      if (group.client_check == ClientCheck::kAaa) {
        line("client authentication aaa " + group.aaa_group);
      }
    }
  }

  void show_users(Context& context, const Arguments&) {
    for (const VpdnUser& user : vpdn_.users) {
      context.print(fmt::format("vpdn username {} password *****\n", user.name));
    }
  }

  VpdnConfig& vpdn_;
};

}  // namespace

void register_vpdn(Registry& registry);
void register_vpdn(Registry& registry) {
  registry.add<Vpdn>("vpdn");
}

}  // namespace asaemu
