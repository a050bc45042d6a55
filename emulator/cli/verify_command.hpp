// `asaemu verify`.
#pragma once

#include <CLI/CLI.hpp>

namespace asaemu {

/// Hangs the command on the command line; its exit code goes to `exit_code`, which must outlive
/// `app`.
void add_verify_command(CLI::App& app, int& exit_code);

}  // namespace asaemu
