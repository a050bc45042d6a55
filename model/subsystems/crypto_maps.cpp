// Crypto maps: the configuration of IPsec tunnels.
//
// Scope: crypto map, crypto dynamic-map, crypto ipsec transform-set, ipsec-proposal and
//   security-association (lifetime, replay), tunnel-group with its ipsec-attributes.
// Limitations: one peer a crypto map entry, and IPv4 peers only; no manual keys. Pre-shared keys,
//   PFS and reverse routes are taken and have no effect; IKE's own policies are not modelled. A
//   dynamic map uses the transform set of its first entry.
// State: DeviceState::crypto, at most CryptoConfig::kBound of each kind; all of it is configuration.
// Validation: defaults against asa-behaviour C.1; nothing else.
// References: asa-behaviour C.1; ASA command reference, `crypto map`, `tunnel-group`.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

constexpr Mode kProposalMode{"config-ipsec-proposal"};
constexpr Mode kTunnelMode{"config-tunnel-ipsec"};

class CryptoMaps final : public Subsystem {
 public:
  explicit CryptoMaps(Claims& claims) : config_(claims.own(&DeviceState::crypto)) {}

  static void declare(Declarations<CryptoMaps>& declare) {
    declare_maps(declare);
    declare_transforms(declare);
    declare_tunnel_groups(declare);
  }

 private:
  static void declare_maps(Declarations<CryptoMaps>& declare);
  static void declare_transforms(Declarations<CryptoMaps>& declare);
  static void declare_tunnel_groups(Declarations<CryptoMaps>& declare);

  CryptoMapEntry* open_entry(Context& context, const Arguments& arguments, bool is_dynamic);
  void match_address(Context& context, const Arguments& arguments);
  void set_peer(Context& context, const Arguments& arguments);
  void set_transform(Context& context, const Arguments& arguments);
  void set_dynamic_transform(Context& context, const Arguments& arguments);
  void set_entry_lifetime(Context& context, const Arguments& arguments);
  void use_dynamic_map(Context& context, const Arguments& arguments);
  void remove_entry(Context& context, const Arguments& arguments);
  void unset(Context& context, const Arguments& arguments);
  void apply_map(Context& context, const Arguments& arguments);
  void withdraw_map(Context& context, const Arguments& arguments);

  TransformSet* open_transform(Context& context, const Arguments& arguments);
  void define_transform(Context& context, const Arguments& arguments);
  void remove_transform(Context& context, const Arguments& arguments);
  void enter_proposal(Context& context, const Arguments& arguments);
  void set_protocol(Context& context, const Arguments& arguments);
  void set_lifetime(Context& context, const Arguments& arguments);
  void set_replay(Context& context, const Arguments& arguments);
  void reset_replay(Context&, const Arguments&) { config_.replay_window = kDefaultReplayWindow; }

  void define_group(Context& context, const Arguments& arguments);
  void remove_group(Context& context, const Arguments& arguments);
  void enter_group(Context& context, const Arguments& arguments);
  void set_keepalive(Context& context, const Arguments& arguments);

  void accept(Context&, const Arguments&) {}

  static void read_lifetime(const Arguments& arguments, SaLifetime& lifetime);

  template <class T>
  static bool make_room(Context& context, const std::vector<T>& list) {
    if (list.size() < CryptoConfig::kBound) return true;
    context.print("ERROR: Unable to add, configuration limit reached\n");
    return false;
  }

  /// The lookups of CryptoConfig, for the one who may write.
  template <class T>
  static T* writable(const T* found) {
    return const_cast<T*>(found);  // NOLINT: config_ itself is not const
  }

  CryptoConfig& config_;
};

void CryptoMaps::declare_maps(Declarations<CryptoMaps>& declare) {
  const auto entry = [&declare]<auto kHandler>(std::string_view pattern, std::string_view help) {
    declare.template config<kHandler>(pattern, help);
  };
  entry.operator()<&CryptoMaps::match_address>(
      "crypto map <word:map> <number:sequence:1-65535> match address <word:list>",
      "Choose the traffic to protect by an access list");
  entry.operator()<&CryptoMaps::set_peer>(
      "crypto map <word:map> <number:sequence:1-65535> set peer <ip:peer>", "Set the IPsec peer");
  entry.operator()<&CryptoMaps::set_transform>(
      "crypto map <word:map> <number:sequence:1-65535> set "
      "{transform-set|ikev1 transform-set|ikev2 ipsec-proposal} <word:set>",
      "Set the algorithms");
  entry.operator()<&CryptoMaps::set_entry_lifetime>(
      "crypto map <word:map> <number:sequence:1-65535> set security-association lifetime "
      "{seconds <number:seconds:120-2147483647>|"
      "kilobytes {<number:kilobytes:10-2147483647>|unlimited}}",
      "Set how long SAs of this entry live");
  entry.operator()<&CryptoMaps::accept>(
      "crypto map <word:map> <number:sequence:1-65535> set {pfs [<word:group>]|reverse-route}",
      "Taken without effect");
  entry.operator()<&CryptoMaps::use_dynamic_map>(
      "crypto map <word:map> <number:sequence:1-65535> ipsec-isakmp dynamic <word:dynamic>",
      "Take the settings for peers without a fixed address from a dynamic map");
  entry.operator()<&CryptoMaps::remove_entry>(
      "no crypto map <word:map> <number:sequence:1-65535> [ipsec-isakmp dynamic <word:dynamic>]",
      "Remove an entry");
  entry.operator()<&CryptoMaps::remove_entry>(
      "no crypto dynamic-map <word:map> <number:sequence:1-65535>",
      "Remove an entry of a dynamic map");
  entry.operator()<&CryptoMaps::unset>(
      "no crypto map <word:map> <number:sequence:1-65535> {match address [<word:list>]|"
      "set {peer [<ip:peer>]|{transform-set|ikev1 transform-set|ikev2 ipsec-proposal} [<word:set>]|"
      "pfs [<word:group>]|reverse-route|security-association lifetime {seconds "
      "[<number:seconds:120-2147483647>]|kilobytes [<number:kilobytes:10-2147483647>|unlimited]}}}",
      "Take a setting of an entry back");
  entry.operator()<&CryptoMaps::unset>(
      "no crypto dynamic-map <word:map> <number:sequence:1-65535> set {{transform-set|"
      "ikev1 transform-set|ikev2 ipsec-proposal} [<word:set>]|pfs [<word:group>]|reverse-route}",
      "Take a setting of an entry of a dynamic map back");
  entry.operator()<&CryptoMaps::apply_map>("crypto map <word:map> interface <nameif:interface>",
                                           "Protect traffic of an interface by a crypto map");
  entry.operator()<&CryptoMaps::withdraw_map>(
      "no crypto map <word:map> interface <nameif:interface>",
      "Do not protect the interface's traffic any more");
  entry.operator()<&CryptoMaps::set_dynamic_transform>(
      "crypto dynamic-map <word:map> <number:sequence:1-65535> set "
      "{transform-set|ikev1 transform-set|ikev2 ipsec-proposal} <word:set>",
      "Set the algorithms");
  entry.operator()<&CryptoMaps::accept>(
      "crypto dynamic-map <word:map> <number:sequence:1-65535> set "
      "{pfs [<word:group>]|reverse-route}",
      "Taken without effect");
}

void CryptoMaps::declare_transforms(Declarations<CryptoMaps>& declare) {
  declare.config<&CryptoMaps::define_transform>(
      "crypto ipsec [ikev1] transform-set <word:set> <word:first> [<word:second>]",
      "Name a combination of algorithms for IKEv1");
  declare.config<&CryptoMaps::remove_transform>(
      "no crypto ipsec {{transform-set|ikev1 transform-set} <word:set> [<word:first> "
      "[<word:second>]]|"
      "ikev2 ipsec-proposal <word:set>}",
      "Remove a combination of algorithms");
  declare.config<&CryptoMaps::enter_proposal>("crypto ipsec ikev2 ipsec-proposal <word:set>",
                                              "Name a combination of algorithms for IKEv2");
  declare.command<&CryptoMaps::set_protocol>(
      kProposalMode, "protocol esp {encryption|integrity} <word:algorithm>", "Set an algorithm");
  declare.config<&CryptoMaps::set_lifetime>(
      "crypto ipsec security-association lifetime {seconds <number:seconds:120-2147483647>|"
      "kilobytes {<number:kilobytes:10-2147483647>|unlimited}}",
      "Set how long SAs live");
  declare.config<&CryptoMaps::set_lifetime>(
      "no crypto ipsec security-association lifetime {seconds [<number:was:120-2147483647>]|"
      "kilobytes [<number:was:10-2147483647>|unlimited]}",
      "Let SAs live as long as by default");
  declare.config<&CryptoMaps::set_replay>(
      "crypto ipsec security-association replay {window-size {64|128|256|512|1024}|disable}",
      "Set the anti-replay window");
  declare.config<&CryptoMaps::reset_replay>(
      "no crypto ipsec security-association replay [window-size [64|128|256|512|1024]|disable]",
      "Back to an anti-replay window of 64 packets");
}

void CryptoMaps::declare_tunnel_groups(Declarations<CryptoMaps>& declare) {
  declare.config<&CryptoMaps::define_group>(
      "tunnel-group <word:group> type {ipsec-l2l|remote-access}",
      "Define a connection profile; a LAN-to-LAN one is named by its peer's address");
  declare.config<&CryptoMaps::remove_group>(
      "no tunnel-group <word:group> [type {ipsec-l2l|remote-access}]",
      "Remove a connection profile");
  declare.config<&CryptoMaps::enter_group>("tunnel-group <word:group> ipsec-attributes",
                                           "Configure IPsec of a connection profile");
  declare.command<&CryptoMaps::accept>(
      kTunnelMode,
      "{pre-shared-key|ikev1 pre-shared-key|ikev2 local-authentication pre-shared-key|"
      "ikev2 remote-authentication pre-shared-key} <word:key>",
      "Set the key; every peer is taken to know it");
  declare.command<&CryptoMaps::set_keepalive>(
      kTunnelMode,
      "isakmp keepalive {disable|threshold <number:threshold:10-3600> [retry <number:retry:2-10>]}",
      "Set dead peer detection");
}

/// The entry that a command is about, made if it is not there; nullptr if there is no room.
CryptoMapEntry* CryptoMaps::open_entry(Context& context, const Arguments& arguments,
                                       bool is_dynamic) {
  const auto& name = arguments.get<std::string>("map");
  CryptoMap* map = writable(config_.find_map(name, is_dynamic));
  if (map == nullptr) {
    if (!make_room(context, config_.maps)) return nullptr;
    map = &config_.maps.emplace_back();
    map->name = name;
    map->is_dynamic = is_dynamic;
  }
  const auto sequence = static_cast<std::uint16_t>(arguments.get<std::uint64_t>("sequence"));
  if (CryptoMapEntry* const entry = writable(map->find(sequence))) return entry;
  if (!make_room(context, map->entries)) return nullptr;
  const auto place = std::find_if(map->entries.begin(), map->entries.end(),
                                  [&](const auto& entry) { return entry.sequence > sequence; });
  const auto added = map->entries.insert(place, CryptoMapEntry());
  added->sequence = sequence;
  return &*added;
}

void CryptoMaps::match_address(Context& context, const Arguments& arguments) {
  if (CryptoMapEntry* const entry = open_entry(context, arguments, false)) {
    entry->access_list = arguments.get<std::string>("list");
  }
}

void CryptoMaps::set_peer(Context& context, const Arguments& arguments) {
  const auto& peer = arguments.get<IpAddress>("peer");
  if (peer.is_v6()) {
    context.print("ERROR: IPv4 address expected\n");
    return;
  }
  if (CryptoMapEntry* const entry = open_entry(context, arguments, false)) entry->peer = peer;
}

void CryptoMaps::set_transform(Context& context, const Arguments& arguments) {
  if (CryptoMapEntry* const entry = open_entry(context, arguments, false)) {
    entry->transform_set = arguments.get<std::string>("set");
    entry->is_ikev2 = arguments.has("ikev2");
  }
}

void CryptoMaps::set_dynamic_transform(Context& context, const Arguments& arguments) {
  if (CryptoMapEntry* const entry = open_entry(context, arguments, true)) {
    entry->transform_set = arguments.get<std::string>("set");
    entry->is_ikev2 = arguments.has("ikev2");
  }
}

void CryptoMaps::read_lifetime(const Arguments& arguments, SaLifetime& lifetime) {
  const auto narrow = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  if (arguments.has("seconds")) {
    lifetime.seconds = narrow(arguments.get<std::uint64_t>("seconds"));
  } else {
    lifetime.kilobytes = narrow(arguments.get_or<std::uint64_t>("kilobytes", kUnlimitedKilobytes));
  }
}

void CryptoMaps::set_entry_lifetime(Context& context, const Arguments& arguments) {
  if (CryptoMapEntry* const entry = open_entry(context, arguments, false)) {
    read_lifetime(arguments, entry->lifetime);
  }
}

void CryptoMaps::use_dynamic_map(Context& context, const Arguments& arguments) {
  const auto& dynamic = arguments.get<std::string>("dynamic");
  if (config_.find_map(dynamic, true) == nullptr) {
    context.print(fmt::format("ERROR: dynamic map {} does not exist\n", dynamic));
    return;
  }
  if (CryptoMapEntry* const entry = open_entry(context, arguments, false)) {
    entry->dynamic_map = dynamic;
  }
}

void CryptoMaps::remove_entry(Context& context, const Arguments& arguments) {
  CryptoMap* const map =
      writable(config_.find_map(arguments.get<std::string>("map"), arguments.has("dynamic-map")));
  const auto sequence = static_cast<std::uint16_t>(arguments.get<std::uint64_t>("sequence"));
  const bool removed =
      map != nullptr && std::erase_if(map->entries, [&](const CryptoMapEntry& entry) {
                          return entry.sequence == sequence;
                        }) > 0;
  if (!removed) {
    context.print("ERROR: unable to find crypto map entry\n");
    return;
  }
  if (map->interface != kNoInterface) context.publish(CryptoPolicyChanged{map->interface});
}

void CryptoMaps::unset(Context& context, const Arguments& arguments) {
  const CryptoMap* const map =
      config_.find_map(arguments.get<std::string>("map"), arguments.has("dynamic-map"));
  const auto sequence = static_cast<std::uint16_t>(arguments.get<std::uint64_t>("sequence"));
  CryptoMapEntry* const entry = map == nullptr ? nullptr : writable(map->find(sequence));
  if (entry == nullptr) {
    context.print("ERROR: unable to find crypto map entry\n");
    return;
  }
  if (arguments.has("match")) entry->access_list.clear();
  if (arguments.has("peer")) entry->peer = IpAddress();
  if (arguments.has("transform-set") || arguments.has("ipsec-proposal")) {
    entry->transform_set.clear();
    entry->is_ikev2 = false;
  }
  if (arguments.has("seconds")) entry->lifetime.seconds = 0;
  if (arguments.has("kilobytes")) entry->lifetime.kilobytes = 0;
}

void CryptoMaps::apply_map(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("map");
  const auto interface =
      context.state().interfaces.find_nameif(arguments.get<std::string>("interface"));
  CryptoMap* const map = writable(config_.find_map(name, false));
  if (map == nullptr) {
    context.print(fmt::format("ERROR: crypto map {} does not exist\n", name));
    return;
  }
  const CryptoMap* const before = config_.find_map(interface);
  if (before == map) return;
  if (before != nullptr) writable(before)->interface = kNoInterface;
  map->interface = interface;
  context.publish(CryptoPolicyChanged{interface});
}

void CryptoMaps::withdraw_map(Context& context, const Arguments& arguments) {
  const auto interface =
      context.state().interfaces.find_nameif(arguments.get<std::string>("interface"));
  CryptoMap* const map = writable(config_.find_map(arguments.get<std::string>("map"), false));
  if (map == nullptr || map->interface != interface) {
    context.print("ERROR: crypto map is not applied to this interface\n");
    return;
  }
  map->interface = kNoInterface;
  context.publish(CryptoPolicyChanged{interface});
}

TransformSet* CryptoMaps::open_transform(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("set");
  if (TransformSet* const set = writable(config_.find_transform_set(name))) return set;
  if (!make_room(context, config_.transform_sets)) return nullptr;
  config_.transform_sets.push_back({.name = name, .algorithms = {}});
  return &config_.transform_sets.back();
}

void CryptoMaps::define_transform(Context& context, const Arguments& arguments) {
  const auto& first = arguments.get<std::string>("first");
  const auto* second = arguments.find<std::string>("second");
  if (!first.starts_with("esp-") || (second != nullptr && !second->starts_with("esp-"))) {
    context.print("ERROR: Invalid transform\n");
    return;
  }
  if (TransformSet* const set = open_transform(context, arguments)) {
    set->algorithms = second == nullptr ? first : fmt::format("{} {}", first, *second);
  }
}

void CryptoMaps::remove_transform(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("set");
  const auto is_named = [&](const TransformSet& set) { return set.name == name; };
  if (std::erase_if(config_.transform_sets, is_named) == 0) {
    context.print(fmt::format("ERROR: transform set {} does not exist\n", name));
  }
}

void CryptoMaps::enter_proposal(Context& context, const Arguments& arguments) {
  TransformSet* const set = open_transform(context, arguments);
  if (set == nullptr) return;
  set->is_ikev2 = true;
  context.enter_mode(kProposalMode,
                     static_cast<std::uint64_t>(set - config_.transform_sets.data()));
}

void CryptoMaps::set_protocol(Context& context, const Arguments& arguments) {
  TransformSet& set = config_.transform_sets[context.mode_object()];
  if (!set.algorithms.empty()) set.algorithms += ' ';
  set.algorithms += fmt::format("esp-{}{}", arguments.get<std::string>("algorithm"),
                                arguments.has("integrity") ? "-hmac" : "");
}

void CryptoMaps::set_lifetime(Context& context, const Arguments& arguments) {
  if (!arguments.has("no")) {
    read_lifetime(arguments, config_.lifetime);
  } else if (arguments.has("seconds")) {
    config_.lifetime.seconds = kDefaultSaLifetime.seconds;
  } else {
    config_.lifetime.kilobytes = kDefaultSaLifetime.kilobytes;
  }
  context.publish(CryptoPolicyChanged{kNoInterface});
}

void CryptoMaps::set_replay(Context&, const Arguments& arguments) {
  config_.replay_window = 0;
  for (const auto& [keyword, size] :
       {std::pair("64", 64), std::pair("128", 128), std::pair("256", 256), std::pair("512", 512),
        std::pair("1024", 1024)}) {
    if (arguments.has(keyword)) config_.replay_window = static_cast<std::uint16_t>(size);
  }
}

void CryptoMaps::define_group(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("group");
  TunnelGroup* group = writable(config_.find_tunnel_group(name));
  const bool is_new = group == nullptr;
  if (is_new) {
    if (!make_room(context, config_.tunnel_groups)) return;
    group = &config_.tunnel_groups.emplace_back();
    group->name = name;
  }
  const bool is_l2l = arguments.has("ipsec-l2l");
  if (!is_new && group->is_l2l == is_l2l) return;
  group->is_l2l = is_l2l;
  group->keepalive = is_l2l ? Keepalive{} : kRemoteAccessKeepalive;
}

void CryptoMaps::remove_group(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("group");
  const auto is_named = [&](const TunnelGroup& group) { return group.name == name; };
  if (std::erase_if(config_.tunnel_groups, is_named) == 0) {
    context.print(fmt::format("ERROR: tunnel-group {} does not exist\n", name));
  }
}

void CryptoMaps::enter_group(Context& context, const Arguments& arguments) {
  const auto* const group = config_.find_tunnel_group(arguments.get<std::string>("group"));
  if (group == nullptr) {
    context.print("ERROR: The tunnel-group does not exist; set its type first\n");
    return;
  }
  context.enter_mode(kTunnelMode, static_cast<std::uint64_t>(group - config_.tunnel_groups.data()));
}

void CryptoMaps::set_keepalive(Context& context, const Arguments& arguments) {
  Keepalive& keepalive = config_.tunnel_groups[context.mode_object()].keepalive;
  keepalive.is_enabled = !arguments.has("disable");
  if (!keepalive.is_enabled) return;
  keepalive.threshold = static_cast<std::uint16_t>(arguments.get<std::uint64_t>("threshold"));
  keepalive.retry =
      static_cast<std::uint16_t>(arguments.get_or<std::uint64_t>("retry", keepalive.retry));
}

}  // namespace

void register_crypto_maps(Registry& registry);
void register_crypto_maps(Registry& registry) {
  registry.add<CryptoMaps>("crypto_maps");
}

}  // namespace asaemu
