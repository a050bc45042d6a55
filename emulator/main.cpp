// asaemu: a behavioural emulator of a Cisco ASA that sends the syslog messages a real one would.
#include "emulator/cli/check_command.hpp"
#include "emulator/cli/commands.hpp"
#include "emulator/cli/corpus_command.hpp"
#include "emulator/cli/limit_command.hpp"
#include "emulator/cli/packet_tracer_command.hpp"
#include "emulator/cli/scenarios_command.hpp"
#include "emulator/cli/schema_command.hpp"
#include "emulator/cli/sink_command.hpp"
#include "emulator/cli/stimuli_command.hpp"
#include "emulator/cli/verify_command.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <exception>

int main(int argc, char** argv) {
  using namespace asaemu;
  spdlog::set_default_logger(spdlog::stderr_color_mt("asaemu"));
  spdlog::set_pattern("asaemu: %^%l%$: %v");
  CLI::App app{"A behavioural emulator of a Cisco ASA: scenarios cause syslog messages.", "asaemu"};
  app.set_version_flag("--version", ASAEMU_VERSION);
  app.require_subcommand(1);
  Globals globals;
  app.add_option("--templates", globals.templates_directory,
                 "A directory of message templates that replace or add to the built-in ones");
  int exit_code = kExitDone;
  add_run_command(app, globals, exit_code);
  add_limit_command(app, globals, exit_code);
  add_check_command(app, exit_code);
  add_scenarios_command(app, exit_code);
  add_packet_tracer_command(app, globals, exit_code);
  add_messages_command(app, globals, exit_code);
  add_stimuli_command(app, exit_code);
  add_schema_command(app, exit_code);
  add_sink_command(app, exit_code);
  add_verify_command(app, exit_code);
  add_corpus_command(app, globals, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitBadInput;
  } catch (const std::exception& error) {
    spdlog::error("internal error: {}", error.what());
    return kExitWorld;
  }
  return exit_code;
}
