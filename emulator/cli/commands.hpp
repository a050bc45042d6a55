// The program's commands. Each add_…_command() hangs one on the command line; its exit code goes to
// `exit_code`.
#pragma once

#include "model/base/catalogue.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace asaemu {

/// Exit codes of the program (DESIGN section 8).
inline constexpr int kExitDone = 0;
inline constexpr int kExitUnmet = 1;     ///< the run finished, but something asked for did not hold
inline constexpr int kExitBadInput = 2;  ///< the user's input is wrong
inline constexpr int kExitWorld =
    3;  ///< the world failed: cannot bind, disk full, collector refused

/// What all commands share.
struct Globals {
  std::string templates_directory;  ///< --templates DIR; empty for none
};

/// The catalogue with the overlay of --templates. Faults are printed to standard error; nullptr
/// then.
std::shared_ptr<const Catalogue> load_catalogue(const Globals& globals);

/// For --seed: what is wrong with the text; empty if it is a seed, a whole number below 2^64.
std::string check_seed(const std::string& text);

void add_run_command(CLI::App& app, const Globals& globals, int& exit_code);
void add_messages_command(CLI::App& app, const Globals& globals, int& exit_code);

}  // namespace asaemu
