#include "emulator/cli/schema_command.hpp"

#include "emulator/cli/commands.hpp"
#include "emulator/scenario/schema.hpp"

#include <fmt/format.h>

namespace asaemu {

void add_schema_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("schema", "Print the JSON Schema of scenarios, for editors");
  command->callback([&exit_code] {
    fmt::print("{}", scenario_schema(Catalogue()));
    exit_code = kExitDone;
  });
}

}  // namespace asaemu
