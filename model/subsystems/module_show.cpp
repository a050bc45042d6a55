// What an operator sees of the service modules: show module, and sessions with them.
//
// Scope: show module [ID|all] [details], session.
// Limitations: a session ends at once: the module's own command line is another program's. Serial
//   number and revisions of the main board are not known here. Of the module's details those that only
//   itself knows (addresses, licences) are left out.
// State: none.
// Validation: the tables against captured consoles (asa-behaviour G.2; ntc-templates); none for the
//   details and for sessions.
// References: asa-behaviour G.2; ASA command reference, `show module`, `session`.
#include "model/contract/declarations.hpp"
#include "model/state/licence_report.hpp"
#include "model/state/main_board.hpp"
#include "model/state/module_report.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

class ModuleShow final : public Subsystem {
 public:
  explicit ModuleShow(Claims& claims)
      : main_board_(main_board(claims.platform(), claims.option<std::string>("ssp-model"))) {}

  static void declare(Declarations<ModuleShow>& declare) {
    declare.exec<&ModuleShow::session>("session <word:module> [console|do <line:command>]",
                                       "Open a session with a service module");
    declare.exec<&ModuleShow::show>("show module [<word:module>] [details]",
                                    "Show the service modules");
  }

 private:
  void session(Context& context, const Arguments& arguments) {
    const auto& id = arguments.get<std::string>("module");
    const Module* module = context.state().modules.find(id);
    if (module == nullptr) {
      context.print(fmt::format("ERROR: Module {} is not present.\n", id));
    } else if (module->status != ModuleStatus::kUp) {
      context.print(
          fmt::format("ERROR: Failed opening session with module {}. Module is in \"{}\" state.\n",
                      id, module_status_name(module->status)));
    } else {
      context.print(
          fmt::format("Opening command session with module {0}.\n"
                      "Connected to module {0}. Escape character sequence is "
                      "'CTRL-^X'.\n\nRemote card closed command session. Press any key "
                      "to continue.\n",
                      id));
    }
  }

  void show(Context& context, const Arguments& arguments) {
    const DeviceState& state = context.state();
    const auto id = arguments.get_or<std::string>("module", "");
    if (!arguments.has("details")) {
      const ModuleView view{state, context.platform(), main_board_, to_string(context.release())};
      context.print(module_tables(view, id));
      return;
    }
    const bool is_any = id.empty() || id == "all";
    const Module* module = is_any ? state.modules.fitted() : state.modules.find(id);
    context.print(module == nullptr || module->status != ModuleStatus::kUp || !module->known
                      ? "Unable to read details from the module.\n"
                      : module_details(*module));
  }

  std::string main_board_;
};

}  // namespace

void register_module_show(Registry& registry);
void register_module_show(Registry& registry) {
  registry.add<ModuleShow>("module_show");
}

}  // namespace asaemu
