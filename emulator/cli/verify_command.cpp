#include "emulator/cli/verify_command.hpp"

#include "emulator/cli/commands.hpp"
#include "emulator/verify/verify.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace asaemu {

namespace {

struct Given {
  VerifyInput input;
  VerifyOptions options;
  bool json = false;
  bool in_order = false;
};

int run(const Given& given) {
  const auto stdins =
      std::ranges::count(given.input.truths, "-") + std::ranges::count(given.input.received, "-");
  if (stdins > 1) {
    spdlog::error("only one file can be standard input");
    return kExitBadInput;
  }
  Verifier verifier(given.options);
  if (const auto error = verify_files(given.input, verifier); !error.empty()) {
    spdlog::error("{}", error);
    return kExitBadInput;
  }
  if (verifier.ends() < given.input.truths.size()) {
    spdlog::warn("the truth has no end record: the run that wrote it did not end well");
  }
  const bool good = is_faultless(verifier, given.in_order);
  fmt::print("{}", given.json ? verify_json(verifier, good) : verify_table(verifier));
  return good ? kExitDone : kExitUnmet;
}

}  // namespace

void add_verify_command(CLI::App& app, int& exit_code) {
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand(
      "verify", "Hold what a collector stored against the ground truth of a run");
  command
      ->add_option("--truth", given->input.truths,
                   "What `asaemu run --truth` wrote, of one run or of all its shards")
      ->required();
  command
      ->add_option("--received", given->input.received,
                   "What was stored: lines with any header, JSON lines with a field `message`, or "
                   "CSV; gzip and zstd too, '-' is standard input")
      ->required();
  command->add_option("--column", given->input.form.column,
                      "The received files are CSV, and the column of this name has the messages");
  command->add_option("--time", given->input.form.time,
                      "Where the time of receipt stands, for latencies: a JSON field, a CSV "
                      "column, or 'start' for the first word of a line (RFC 3339, or seconds "
                      "since 1970)");
  command->add_option("--host", given->input.host,
                      "Only what went to the logging host with this address");
  command->add_flag("--together", given->input.together,
                    "The received files were written at the same time, not one after the other");
  command->add_flag("--in-order", given->in_order, "A message out of order is a difference too");
  command
      ->add_option("--window", given->options.window,
                   "How many messages truth and received may be out of step (default 250000)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}));
  command->add_option("--examples", given->options.examples,
                      "How many altered and foreign lines to show (default 10)");
  command->add_flag("--json", given->json, "Print the findings as JSON");
  command->callback([given, &exit_code] { exit_code = run(*given); });
}

}  // namespace asaemu
