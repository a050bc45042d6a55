// Uauth: hosts whose users have logged in, and hosts that hardware addresses spare the login.
//
// Scope: the world event `authentication` of a user that logs in at the device (cut-through proxy);
//   timeout uauth, show uauth, clear uauth; hosts exempt by hardware address (mac-list, aaa mac-exempt
//   match, vpnclient mac-exempt); message 405002 for a packet whose IP and hardware address do not
//   belong together: a host's address from other hardware, or exempt hardware with another address.
// Limitations: who must log in (aaa authentication) is not modelled and nobody is refused for want of
//   it, nor are AAA servers: the world says who has logged in. A packet that does not match is
//   dropped, which is inferred. Exempt hosts get an entry with their first packet at any interface;
//   that the entry times out as a login does is inferred. Packets without `smac` are not looked at.
// State: UauthTable, at most UauthTable::kBound hosts; at most kRuleBound lines of MAC lists. Lost at
//   reload.
// Validation: none against a device; `show uauth` against documentation.
// References: syslog guide 405002; asa-behaviour D.5; ASA command reference, `mac-list`, `aaa
//   mac-exempt`, `show uauth`, `timeout`.
#include "messages/arp.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// A line of a MAC list: a set bit of the mask must agree.
struct MacRule {
  std::string list;
  bool permits = false;
  MacAddress mac;
  MacAddress mask;

  [[nodiscard]] bool fits(MacAddress other) const {
    return ((mac.value ^ other.value) & mask.value) == 0;
  }
  friend bool operator==(const MacRule&, const MacRule&) = default;
};

class Uauth final : public Subsystem {
 public:
  explicit Uauth(Claims& claims) : table_(claims.own(&DeviceState::uauth)) {}

  static void declare(Declarations<Uauth>& declare);

 private:
  static constexpr std::size_t kRuleBound = 4096;
  /// The rules of `vpnclient mac-exempt` are a list of their own, which no mac-list can name.
  static constexpr std::string_view kVpnClient{};

  static MacRule read_rule(const Arguments& arguments);
  void add_rule(Context& context, MacRule rule);
  void add_list_rule(Context& context, const Arguments& arguments);
  void remove_list_rule(Context& context, const Arguments& arguments);
  void add_vpn_client_rule(Context& context, const Arguments& arguments);
  void remove_vpn_client_rules(Context& context, const Arguments&);
  void set_exempt_list(Context& context, const Arguments& arguments);
  void clear_exempt_list(Context& context, const Arguments& arguments);
  void set_timeout(Context& context, const Arguments& arguments);

  void on_authentication(Context& context, const Arguments& arguments);
  void add_host(Context& context, AuthenticatedHost host);
  void clear(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);

  [[nodiscard]] bool is_exempt(MacAddress mac) const;
  [[nodiscard]] bool permits(std::string_view list, MacAddress mac) const;
  Verdict inspect(Context& context, Packet& packet);

  UauthTable& table_;
  std::vector<MacRule> rules_;
  std::string exempt_list_;  ///< of `aaa mac-exempt match`; empty if there is none
  std::size_t most_hosts_ = 0;
};

void Uauth::declare(Declarations<Uauth>& declare) {
  declare.config<&Uauth::add_list_rule>(
      "mac-list <word:list> {permit|deny} <mac:mac> <mac:mask>",
      "Add a line to a list of hardware addresses; the first line that fits decides");
  declare.config<&Uauth::remove_list_rule>(
      "no mac-list <word:list> [{permit|deny} <mac:mac> <mac:mask>]",
      "Remove a line, or the whole list");
  declare.config<&Uauth::set_exempt_list>(
      "aaa mac-exempt match <word:list>",
      "Let the hardware a list permits through without a login");
  declare.config<&Uauth::clear_exempt_list>("no aaa mac-exempt match <word:list>",
                                            "Ask everybody to log in");
  declare.config<&Uauth::add_vpn_client_rule>(
      "vpnclient mac-exempt <mac:mac> <mac:mask>",
      "Let hardware behind an Easy VPN client through without a login");
  declare.config<&Uauth::remove_vpn_client_rules>("no vpnclient mac-exempt",
                                                  "Ask all behind the Easy VPN client to log in");
  declare.config<&Uauth::set_timeout>("[no] timeout uauth <word:time> [{absolute|inactivity}]",
                                      "Set how long a login holds; 0:00:00 is for ever");
  declare.exec<&Uauth::show>("show uauth [<word:user>]", "Show who has logged in");
  declare.exec<&Uauth::clear>("clear uauth [<word:user>]", "Make users log in again");
  declare.world<&Uauth::on_authentication>(
      "authentication", "a user behind the device logs in, and the AAA server accepts it",
      {{FieldDef{.name = "authentication", .kind = FieldKind::kWord}, "the user's name"},
       {FieldDef{.name = "address", .kind = FieldKind::kIp}, "where the user sits"},
       {FieldDef{.name = "mac", .kind = FieldKind::kMac}, "the hardware there"}});
  declare.stage<&Uauth::inspect>(PathStage::kArp);
}

MacRule Uauth::read_rule(const Arguments& arguments) {
  return MacRule{.list = arguments.get_or("list", std::string(kVpnClient)),
                 .permits = !arguments.has("deny"),
                 .mac = arguments.get<MacAddress>("mac"),
                 .mask = arguments.get<MacAddress>("mask")};
}

void Uauth::add_rule(Context& context, MacRule rule) {
  if (rules_.size() >= kRuleBound) {
    context.print("ERROR: unable to add MAC list entry\n");
    return;
  }
  rules_.push_back(std::move(rule));
}

void Uauth::add_list_rule(Context& context, const Arguments& arguments) {
  add_rule(context, read_rule(arguments));
}

void Uauth::remove_list_rule(Context& context, const Arguments& arguments) {
  const bool is_line = arguments.find<MacAddress>("mac") != nullptr;
  const auto& list = arguments.get<std::string>("list");
  const std::size_t removed = std::erase_if(rules_, [&](const MacRule& rule) {
    return is_line ? rule == read_rule(arguments) : rule.list == list;
  });
  if (removed == 0) context.print(fmt::format("ERROR: mac-list {} does not exist\n", list));
}

void Uauth::add_vpn_client_rule(Context& context, const Arguments& arguments) {
  add_rule(context, read_rule(arguments));
}

void Uauth::remove_vpn_client_rules(Context&, const Arguments&) {
  std::erase_if(rules_, [](const MacRule& rule) { return rule.list == kVpnClient; });
}

void Uauth::set_exempt_list(Context&, const Arguments& arguments) {
  exempt_list_ = arguments.get<std::string>("list");
}

void Uauth::clear_exempt_list(Context&, const Arguments&) {
  exempt_list_.clear();
}

void Uauth::set_timeout(Context& context, const Arguments& arguments) {
  const FieldDef time{.name = "time", .kind = FieldKind::kDuration};
  const auto value = field_from_string(time, arguments.get<std::string>("time"));
  if (!value) {
    context.print("ERROR: Invalid timeout value\n");
    return;
  }
  auto timeouts = table_.timeouts();
  const bool is_inactivity = arguments.has("inactivity");
  SimDuration& timeout = is_inactivity ? timeouts.inactivity : timeouts.absolute;
  const auto otherwise =
      is_inactivity ? UauthTable::Timeouts{}.inactivity : UauthTable::Timeouts{}.absolute;
  timeout = arguments.has("no") ? otherwise : std::get<SimDuration>(*value);
  table_.set_timeouts(timeouts);
}

void Uauth::on_authentication(Context& context, const Arguments& arguments) {
  add_host(context, AuthenticatedHost{.address = arguments.get<IpAddress>("address"),
                                      .mac = arguments.get<MacAddress>("mac"),
                                      .user = arguments.get<std::string>("authentication"),
                                      .authenticated = context.now(),
                                      .active = context.now()});
}

/// A user who finds the table full stays outside.
void Uauth::add_host(Context& context, AuthenticatedHost host) {
  table_.expire(context.now());
  table_.add(std::move(host), context.now());
  most_hosts_ = std::max(most_hosts_, table_.hosts().size());
}

void Uauth::clear(Context&, const Arguments& arguments) {
  if (const auto* user = arguments.find<std::string>("user")) {
    table_.clear_user(*user);
  } else {
    table_.clear();
  }
}

void Uauth::show(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<std::string>("user");
  const auto hms = [](SimDuration time) {
    return field_to_string(FieldDef{.name = "", .kind = FieldKind::kDuration}, time);
  };
  table_.expire(context.now());
  context.print(
      fmt::format("                        Current    Most Seen\n"
                  "Authenticated Users     {:>7}    {:>9}\n"
                  "Authen In Progress      {:>7}    {:>9}\n",
                  table_.hosts().size(), most_hosts_, 0, std::min<std::size_t>(most_hosts_, 1)));
  for (const AuthenticatedHost& host : table_.hosts()) {
    if (only != nullptr && host.user != *only) continue;
    context.print(host.is_exempt() ? fmt::format("mac {} at {}, mac-exempt\n", to_string(host.mac),
                                                 to_string(host.address))
                                   : fmt::format("user '{}' at {}, authenticated\n", host.user,
                                                 to_string(host.address)));
    context.print(fmt::format("   absolute   timeout: {}\n   inactivity timeout: {}\n",
                              hms(table_.timeouts().absolute), hms(table_.timeouts().inactivity)));
  }
}

bool Uauth::is_exempt(MacAddress mac) const {
  return permits(kVpnClient, mac) || (!exempt_list_.empty() && permits(exempt_list_, mac));
}

bool Uauth::permits(std::string_view list, MacAddress mac) const {
  const auto rule = std::ranges::find_if(
      rules_, [&](const MacRule& each) { return each.list == list && each.fits(mac); });
  return rule != rules_.end() && rule->permits;
}

/// An address belongs to the hardware its user logged in from, and exempt hardware to the address
/// it was first seen with.
Verdict Uauth::inspect(Context& context, Packet& packet) {
  const MacAddress mac = packet.source_mac;
  if (mac == MacAddress{}) return Verdict::kPass;
  const SimTime now = context.now();
  const AuthenticatedHost* host = table_.find(packet.source, now);
  const bool exempt = is_exempt(mac);
  const AuthenticatedHost* same_hardware = exempt ? table_.find_exempt(mac, now) : nullptr;
  const bool address_moved = host != nullptr && host->mac != mac;
  const bool hardware_moved = same_hardware != nullptr && same_hardware->address != packet.source;
  if (address_moved || hardware_moved) {
    context.emit(msg::MacMismatchAuthenticatedHost{.source = packet.source, .mac = mac});
    return Verdict::kDrop;
  }
  if (host != nullptr) {
    table_.note_activity(packet.source, now);
  } else if (exempt) {
    add_host(
        context,
        AuthenticatedHost{
            .address = packet.source, .mac = mac, .user = {}, .authenticated = now, .active = now});
  }
  return Verdict::kPass;
}

}  // namespace

void register_uauth(Registry& registry);
void register_uauth(Registry& registry) {
  registry.add<Uauth>("uauth");
}

}  // namespace asaemu
