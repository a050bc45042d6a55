// `asaemu sink`.
#pragma once

#include <CLI/CLI.hpp>

namespace asaemu {

/// Adds the command. When it is given, it runs while `app` parses, and sets `exit_code`, which must
/// outlive `app`; 2 means that its arguments were wrong, all of which it has named on stderr.
void add_sink_command(CLI::App& app, int& exit_code);

}  // namespace asaemu
