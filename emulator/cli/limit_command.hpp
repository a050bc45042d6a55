// `asaemu limit`: finds the rate that a collector can take.
#pragma once

#include "emulator/cli/commands.hpp"

namespace asaemu {

void add_limit_command(CLI::App& app, const Globals& globals, int& exit_code);

}  // namespace asaemu
