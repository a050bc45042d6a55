// Access lists: named lists of rules by which other features select or filter packets.
//
// Scope: access-list … [extended] {permit|deny} …, its removal, clear access-list … counters,
//   clear configure access-list, show access-list; hit counts.
// Limitations: extended rules only, with addresses and ports (eq, neq, lt, gt, range): no objects,
//   object groups, ICMP types, time ranges or inactive rules; such a rule of the startup configuration
//   is not modelled, and its list is there without it. `log` is read and has no effect (106xxx). Remarks
//   are read and not kept. Nothing is filtered here: features ask the lists (a crypto map does). The hashes that
//   `show access-list` prints are this program's own. A malformed rule is refused without the caret
//   that points at the word. A range up to 65535 or from 0 is shown as `gt` or `lt`.
// State: DeviceState::access_lists, at most kAccessListBound lists of at most AccessList::kBound
//   rules; all of it is configuration.
// Validation: none against a device; layout of `show access-list` as operators know it.
// References: ASA command reference, `access-list extended`.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

constexpr std::string_view kMalformed = "ERROR: % Invalid input detected in the access rule\n";

class AccessListsSubsystem final : public Subsystem {
 public:
  explicit AccessListsSubsystem(Claims& claims) : lists_(claims.own(&DeviceState::access_lists)) {}

  static void declare(Declarations<AccessListsSubsystem>& declare) {
    declare.config<&AccessListsSubsystem::add>(
        "access-list <word:name> [line <number:line:1-20000>] [extended] {permit|deny} <line:rule>",
        "Add a rule: PROTOCOL SOURCE [PORTS] DESTINATION [PORTS]");
    declare.config<&AccessListsSubsystem::remove>(
        "no access-list <word:name> [extended] {permit|deny} <line:rule>", "Remove a rule");
    declare.config<&AccessListsSubsystem::ignore>("[no] access-list <word:name> remark <line:text>",
                                                  "Comment on the list");
    declare.config<&AccessListsSubsystem::clear>("clear configure access-list [<word:name>]",
                                                 "Remove one list, or all");
    declare.exec<&AccessListsSubsystem::clear_counters>("clear access-list <word:name> counters",
                                                        "Zero the hit counts of a list");
    declare.exec<&AccessListsSubsystem::show>("show access-list [<word:name>]",
                                              "Show access lists with their hit counts");
  }

 private:
  static std::optional<AccessRule> read(Context& context, const Arguments& arguments) {
    auto rule = AccessRule::parse(arguments.has("permit"), arguments.get<std::string>("rule"));
    if (!rule) context.print(kMalformed);
    return rule;
  }

  void add(Context& context, const Arguments& arguments) {
    const auto rule = read(context, arguments);
    // A list that is read at boot is there, whatever of it is not modelled.
    if (!rule && !context.is_booting()) return;
    const auto& name = arguments.get<std::string>("name");
    AccessList* list = lists_.find(name);
    if (list == nullptr) list = lists_.insert(name, AccessList());
    if (!rule) return;
    // A rule that is there already is accepted and changes nothing.
    if (list != nullptr && list->contains(*rule)) return;
    const auto line = arguments.get_or<std::uint64_t>("line", AccessList::kBound);
    if (list == nullptr || !list->insert(line - 1, *rule)) {
      context.print("ERROR: Unable to add, access-list config limit reached\n");
    }
  }

  void remove(Context& context, const Arguments& arguments) {
    const auto rule = read(context, arguments);
    if (!rule) return;
    const auto& name = arguments.get<std::string>("name");
    AccessList* list = lists_.find(name);
    if (list == nullptr || !list->remove(*rule)) {
      context.print("ERROR: Specified access-list does not exist\n");
      return;
    }
    if (list->rules().empty()) lists_.erase(name);
  }

  void ignore(Context&, const Arguments&) {}

  void clear(Context& context, const Arguments& arguments) {
    const auto* name = arguments.find<std::string>("name");
    if (name == nullptr) {
      lists_.clear();
    } else if (!lists_.erase(*name)) {
      context.print(fmt::format("ERROR: access-list <{}> does not exist\n", *name));
    }
  }

  void clear_counters(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("name");
    if (AccessList* list = lists_.find(name)) {
      list->clear_hits();
    } else {
      context.print(fmt::format("ERROR: access-list <{}> does not exist\n", name));
    }
  }

  void show(Context& context, const Arguments& arguments) {
    const auto* only = arguments.find<std::string>("name");
    if (only == nullptr) {
      context.print(
          "access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)\n"
          "            alert-interval 300\n");
    } else if (lists_.find(*only) == nullptr) {
      context.print(fmt::format("ERROR: access-list <{}> does not exist\n", *only));
      return;
    }
    for (auto at = lists_.begin(); at != lists_.end(); ++at) {
      if (only == nullptr || at.key() == *only) show_list(context, at.key(), *at);
    }
  }

  static void show_list(Context& context, const std::string& name, const AccessList& list) {
    const auto hash = [](std::string_view text) { return stable_hash(text) & 0xFFFFFFFF; };
    context.print(fmt::format("access-list {}; {} elements; name hash: 0x{:08x}\n", name,
                              list.rules().size(), hash(name)));
    for (std::size_t i = 0; i < list.rules().size(); ++i) {
      const std::string rule = list.rules()[i].to_string();
      context.print(fmt::format("access-list {} line {} extended {} (hitcnt={}) 0x{:08x}\n", name,
                                i + 1, rule, list.hits(i), hash(name + rule)));
    }
  }

  AccessLists& lists_;
};

}  // namespace

void register_access_lists(Registry& registry);
void register_access_lists(Registry& registry) {
  registry.add<AccessListsSubsystem>("access_lists");
}

}  // namespace asaemu
