// Key manager: key chains, whose keys routing protocols authenticate with while their lifetimes hold.
//
// Scope: key chain, key, key-string with its format types, cryptographic-algorithm, accept-lifetime and
//   send-lifetime; messages 408101 and 408102; show key chain.
// Limitations: the guide's format types 0 and 7 are known; type 8 of newer releases, which needs a
//   master passphrase, counts as unknown. Key strings of the startup configuration are read while
//   nothing is logged yet. Lifetimes are UTC, with or without `local`.
// State: KeyChains, at most kKeyChainBound of them, each with at most KeyChain::kKeyBound keys. Lost at
//   reload.
// Validation: type 7 against published examples; the layout of show key chain against the configuration
//   guide.
// References: syslog guide 408101, 408102; asa-behaviour F (OSPF).
#include "messages/key_manager.hpp"

#include "model/base/calendar_text.hpp"
#include "model/base/type7.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

constexpr Mode kChainMode{"config-keychain"};
constexpr Mode kKeyMode{"config-keychain-key"};

constexpr std::uint64_t kClearText = 0;
constexpr std::uint64_t kHidden = 7;

class KeyManager final : public Subsystem {
 public:
  explicit KeyManager(Claims& claims) : chains_(claims.own(&DeviceState::key_chains)) {}

  static void declare(Declarations<KeyManager>& declare) {
    declare.config<&KeyManager::enter_chain>("key chain <word:chain>", "Configure a key chain");
    declare.config<&KeyManager::remove_chain>("no key chain <word:chain>", "Remove a key chain");
    // A second key of a chain is typed where the first one's lines were.
    for (const Mode mode : {kChainMode, kKeyMode}) {
      declare.command<&KeyManager::enter_key>(mode, "key <number:key:0-255>", "Configure a key");
      declare.command<&KeyManager::remove_key>(mode, "no key <number:key:0-255>", "Remove a key");
    }
    const auto in = [&declare]<auto kHandler>(std::string_view pattern, std::string_view help) {
      declare.template command<kHandler>(kKeyMode, pattern, help);
    };
    in.template operator()<&KeyManager::set_text>(
        "key-string <number:type:0-99> <line:secret>",
        "Set the key; 0 says that it is in clear, 7 that it is hidden");
    in.template operator()<&KeyManager::set_text>("key-string <line:secret>",
                                                  "Set the key, in clear");
    in.template operator()<&KeyManager::set_algorithm>("cryptographic-algorithm <word:algorithm>",
                                                       "Choose how packets are signed");
    static constexpr std::string_view kAlways =
        "{accept-lifetime|send-lifetime} [local] <word:time> <word:first> <word:second> "
        "<number:year:1993-2200> {infinite|duration <number:seconds:1-2147483646>}";
    static constexpr std::string_view kUntil =
        "{accept-lifetime|send-lifetime} [local] <word:time> <word:first> <word:second> "
        "<number:year:1993-2200> <word:end-time> <word:end-first> <word:end-second> "
        "<number:end-year:1993-2200>";
    in.template operator()<&KeyManager::set_lifetime>(kAlways, "Set when the key may be used");
    in.template operator()<&KeyManager::set_lifetime>(kUntil, "Set from when to when");
    in.template operator()<&KeyManager::clear_lifetime>("no {accept-lifetime|send-lifetime}",
                                                        "Let the key be used always");
    declare.exec<&KeyManager::show>("show key chain [<word:chain>]", "Show keys and lifetimes");
  }

 private:
  void enter_chain(Context& context, const Arguments& arguments);
  void remove_chain(Context& context, const Arguments& arguments);
  void enter_key(Context& context, const Arguments& arguments);
  void remove_key(Context& context, const Arguments& arguments);
  void set_text(Context& context, const Arguments& arguments);
  void set_algorithm(Context& context, const Arguments& arguments);
  void set_lifetime(Context& context, const Arguments& arguments);
  void clear_lifetime(Context& context, const Arguments& arguments);
  void show(Context& context, const Arguments& arguments);

  /// Modes know a chain by its place among the names ever used, a key also by its id.
  static std::uint64_t object_of(std::uint64_t place, std::uint64_t id) { return place << 16 | id; }
  KeyChain* current_chain(Context& context) {
    const std::uint64_t place = context.mode_object() >> 16;
    return place < names_.size() ? chains_.find(names_[place]) : nullptr;
  }
  ChainKey* current_key(Context& context) {
    KeyChain* chain = current_chain(context);
    return chain == nullptr ? nullptr : chain->find(context.mode_object() & 0xFFFF);
  }
  static std::string describe(const KeyLifetime& lifetime, CalendarTime now);

  KeyChains& chains_;
  std::vector<std::string> names_;  // at most kKeyChainBound: those of the chains there are
};

void KeyManager::enter_chain(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("chain");
  if (chains_.find(name) == nullptr) {
    KeyChain* chain = chains_.insert(name, KeyChain{});
    if (chain == nullptr) {
      context.print("ERROR: Maximum number of key chains reached\n");
      return;
    }
    chain->name = name;
    names_.push_back(name);
    context.publish(KeyChainsChanged{});
  }
  const auto place = std::find(names_.begin(), names_.end(), name) - names_.begin();
  context.enter_mode(kChainMode, object_of(static_cast<std::uint64_t>(place), 0));
}

void KeyManager::remove_chain(Context& context, const Arguments& arguments) {
  const auto& name = arguments.get<std::string>("chain");
  if (!chains_.erase(name)) {
    context.print(fmt::format("ERROR: Key chain {} does not exist\n", name));
    return;
  }
  std::erase(names_, name);
  context.publish(KeyChainsChanged{});
}

void KeyManager::enter_key(Context& context, const Arguments& arguments) {
  const auto id = arguments.get<std::uint64_t>("key");
  KeyChain* chain = current_chain(context);
  if (chain == nullptr) return;
  if (chain->find(id) == nullptr) {
    ChainKey key;
    key.id = id;
    const auto place = std::find_if(chain->keys.begin(), chain->keys.end(),
                                    [id](const ChainKey& other) { return other.id > id; });
    chain->keys.insert(place, std::move(key));
    context.publish(KeyChainsChanged{});
  }
  context.enter_mode(kKeyMode, object_of(context.mode_object() >> 16, id));
}

void KeyManager::remove_key(Context& context, const Arguments& arguments) {
  const auto id = arguments.get<std::uint64_t>("key");
  KeyChain* chain = current_chain(context);
  if (chain == nullptr) return;
  std::erase_if(chain->keys, [id](const ChainKey& key) { return key.id == id; });
  context.publish(KeyChainsChanged{});
}

void KeyManager::set_text(Context& context, const Arguments& arguments) {
  ChainKey* key = current_key(context);
  if (key == nullptr) return;
  const auto& text = arguments.get<std::string>("secret");
  const auto type = arguments.get_or<std::uint64_t>("type", kClearText);
  key->text = text;
  if (type == kHidden) {
    const auto clear = reveal_type7(text);
    key->text = clear.value_or("");
    if (!clear) context.emit(msg::KeystringDecryptionFailed{.key_id = key->id});
  } else if (type != kClearText) {
    context.emit(msg::KeystringEncryptionTypeUnknown{.encryption_type = type});
  }
  context.publish(KeyChainsChanged{});
}

void KeyManager::set_algorithm(Context& context, const Arguments& arguments) {
  if (ChainKey* key = current_key(context))
    key->algorithm = arguments.get<std::string>("algorithm");
}

void KeyManager::set_lifetime(Context& context, const Arguments& arguments) {
  ChainKey* key = current_key(context);
  if (key == nullptr) return;
  const auto read = [&](std::string_view time, std::string_view first, std::string_view second,
                        std::string_view year) {
    return parse_clock(arguments.get<std::string>(time), arguments.get<std::string>(first),
                       arguments.get<std::string>(second),
                       static_cast<int>(arguments.get<std::uint64_t>(year)));
  };
  const auto start = read("time", "first", "second", "year");
  std::optional<CalendarTime> end = CalendarTime::max();
  if (start && arguments.has("duration")) {
    end = *start + std::chrono::seconds(arguments.get<std::uint64_t>("seconds"));
  } else if (arguments.find<std::uint64_t>("end-year") != nullptr) {
    end = read("end-time", "end-first", "end-second", "end-year");
  }
  if (!start || !end || *end <= *start) {
    context.print("ERROR: Invalid lifetime\n");
    return;
  }
  (arguments.has("send-lifetime") ? key->send : key->accept) = KeyLifetime{*start, *end};
  context.publish(KeyChainsChanged{});
}

void KeyManager::clear_lifetime(Context& context, const Arguments& arguments) {
  ChainKey* key = current_key(context);
  if (key == nullptr) return;
  (arguments.has("send-lifetime") ? key->send : key->accept) = KeyLifetime{};
  context.publish(KeyChainsChanged{});
}

std::string KeyManager::describe(const KeyLifetime& lifetime, CalendarTime now) {
  const bool has_start = lifetime.start != CalendarTime::min();
  const bool has_end = lifetime.end != CalendarTime::max();
  return fmt::format("({}) - ({}){}", has_start ? show_time(lifetime.start) : "always valid",
                     has_end     ? show_time(lifetime.end)
                     : has_start ? "infinite"
                                 : "always valid",
                     lifetime.contains(now) ? " [valid now]" : "");
}

void KeyManager::show(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<std::string>("chain");
  for (const KeyChain& chain : chains_) {
    if (only != nullptr && chain.name != *only) continue;
    context.print(fmt::format("Key-chain {}:\n", chain.name));
    for (const ChainKey& key : chain.keys) {
      context.print(
          fmt::format("   key {} -- text \"{}\"\n"
                      "      accept lifetime {}\n"
                      "      send lifetime {}\n",
                      key.id, key.text, describe(key.accept, context.calendar()),
                      describe(key.send, context.calendar())));
    }
  }
}

}  // namespace

void register_key_manager(Registry& registry);
void register_key_manager(Registry& registry) {
  registry.add<KeyManager>("key_manager");
}

}  // namespace asaemu
