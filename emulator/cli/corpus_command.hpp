// `asaemu corpus`.
#pragma once

#include "emulator/cli/commands.hpp"

namespace asaemu {

/// Hangs the command on the command line; its exit code goes to `exit_code`, which must outlive
/// `app`.
void add_corpus_command(CLI::App& app, const Globals& globals, int& exit_code);

}  // namespace asaemu
