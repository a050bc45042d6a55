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
  void show(Context& context, const Arguments& arguments) {
    const auto* hardware = arguments.find<std::string>("name");
    const auto* nameif = arguments.find<std::string>("nameif");
    const auto& all = context.state().interfaces.all();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Interface& interface = all[i];
      if (interface.is_removed) continue;
      if (hardware != nullptr && interface.hardware != *hardware) continue;
      if (nameif != nullptr && interface.nameif != *nameif) continue;
      const auto notes = describe_group(context.state(), static_cast<InterfaceId>(i));
      context.print(describe_interface(interface, context.platform(), context.now(), notes));
    }
  }

  void show_brief(Context& context, const Arguments&) {
    context.print(interface_brief_header());
    for (const Interface& interface : context.state().interfaces.all()) {
      if (!interface.is_removed) context.print(interface_brief_line(interface));
    }
  }
};

}  // namespace

void register_interface_show(Registry& registry);
void register_interface_show(Registry& registry) {
  registry.add<InterfaceShow>("interface_show");
}

}  // namespace asaemu
