// Interface show: what an operator sees of the interfaces, of groups and of their members.
//
// Scope: show interface, show interface ip brief, show interface NAMEIF.
// Limitations: no `detail`, `stats` or `summary`; the MTU is 1500; counters that nothing here can
//   change (collisions, overruns, …) are zero.
// State: none; it reads the tables of interfaces, redundant interfaces and port channels.
// Validation: `show interface ip brief` and `show interface` against captured output (asa-behaviour
//   G.2), the lines of port channels too; those of redundant interfaces against nothing.
// References: asa-behaviour D.2, D.3, G.2.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/group_report.hpp"
#include "model/state/interface_report.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

class InterfaceShow final : public Subsystem {
 public:
  explicit InterfaceShow(Claims&) {}

  static void declare(Declarations<InterfaceShow>& declare) {
    declare.exec<&InterfaceShow::show>("show interface [<interface:name>]",
                                       "Show interfaces and their counters");
    declare.exec<&InterfaceShow::show>("show interface <nameif:nameif>", "Show a named interface");
    declare.exec<&InterfaceShow::show_brief>("show interface ip brief", "Show a line an interface");
  }

 private:
  /// The interfaces that there are, each with its subinterfaces behind it.
  static std::vector<InterfaceId> in_order(const InterfaceTable& table) {
    std::vector<InterfaceId> order;
    const auto add = [&](InterfaceId parent, const auto& below) -> void {
      for (std::size_t i = 0; i < table.size(); ++i) {
        const auto id = static_cast<InterfaceId>(i);
        if (table[id].is_removed || table[id].parent != parent) continue;
        order.push_back(id);
        if (parent == kNoInterface) below(id, below);
      }
    };
    add(kNoInterface, add);
    return order;
  }

  void show(Context& context, const Arguments& arguments) {
    const auto* hardware = arguments.find<std::string>("name");
    const auto* nameif = arguments.find<std::string>("nameif");
    const InterfaceTable& table = context.state().interfaces;
    if (hardware != nullptr && table.find_hardware(*hardware) == kNoInterface) {
      context.print(fmt::format("ERROR: {} does not exist on this platform\n", *hardware));
      return;
    }
    for (const InterfaceId id : in_order(table)) {
      const Interface& interface = table[id];
      if (hardware != nullptr && interface.hardware != *hardware) continue;
      if (nameif != nullptr && interface.nameif != *nameif) continue;
      const auto notes = describe_group(context.state(), id);
      context.print(describe_interface(interface, context.platform(), context.now(), notes));
    }
  }

  void show_brief(Context& context, const Arguments&) {
    context.print(interface_brief_header());
    const InterfaceTable& table = context.state().interfaces;
    for (const InterfaceId id : in_order(table)) context.print(interface_brief_line(table[id]));
  }
};

}  // namespace

void register_interface_show(Registry& registry);
void register_interface_show(Registry& registry) {
  registry.add<InterfaceShow>("interface_show");
}

}  // namespace asaemu
