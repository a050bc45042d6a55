// `asaemu packet-tracer SCENARIO --packet '{…}'`: what would become of a packet at some time of a
// scenario.
#pragma once

#include "emulator/cli/commands.hpp"

namespace asaemu {

void add_packet_tracer_command(CLI::App& app, const Globals& globals, int& exit_code);

}  // namespace asaemu
