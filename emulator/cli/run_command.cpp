#include "emulator/cli/commands.hpp"
#include "emulator/run/load.hpp"
#include "emulator/run/report.hpp"
#include "emulator/run/run.hpp"
#include "emulator/scenario/shape_reader.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <fstream>

namespace asaemu {

namespace {

constexpr std::uint32_t kThreadsMax = 1024;
constexpr double kLoadMax = 1e9;
constexpr double kDaySeconds = 86'400;

struct Given {
  std::string scenario;
  std::string to;
  std::string speed = "1";
  std::optional<std::uint64_t> seed;
  std::string duration;
  std::vector<std::string> variables;
  std::string report;
  std::string truth;
  std::string console;
  std::string threads;
  std::string shard;
  std::string eps;
  std::string volume;
  std::string metrics;
  bool quiet = false;
};

/// Command-line values as typed; mistakes are added to `faults` with the option as their place.
struct Parsed {
  RunOptions options;
  std::optional<double> per_second;  ///< what the scenario's load is scaled to
  PlanOverrides overrides;
};

/// Ground truth is a file of its own; mixed with other data nothing could read it.
void check_standard_output(const RunOptions& options, Faults& faults) {
  if (options.truth_file != "-") return;
  const bool lines_too = !options.to || options.to->kind == Destination::Kind::kStandardOutput ||
                         options.to->kind == Destination::Kind::kSink;
  if (lines_too || options.console_file == "-" || options.report_file == "-") {
    faults.add({"--truth", 0, 0},
               "standard output takes ground truth alone; send the messages elsewhere with --to, "
               "or write the truth to a file");
  }
}

Position at(const char* option) {
  return {option, 0, 0};
}

std::optional<std::uint32_t> read_threads(const std::string& text) {
  std::uint32_t threads = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, threads);
  const bool good = error == std::errc{} && stop == end && threads > 0 && threads <= kThreadsMax;
  return good ? std::optional(threads) : std::nullopt;
}

/// --threads and --shard.
void read_workers(const Given& given, RunOptions& options, Faults& faults) {
  if (!given.threads.empty()) {
    options.threads = read_threads(given.threads);
    if (!options.threads) {
      faults.add(at("--threads"), fmt::format("{} is no number of threads; 1 to {} is",
                                              asaemu::quoted(given.threads), kThreadsMax));
    }
  }
  if (given.shard.empty()) {
    std::string_view complaint;
    if (const auto shard = shard_of_environment(complaint)) options.shard = *shard;
    if (!complaint.empty() && !given.quiet) {
      spdlog::warn("{}; this run is the whole scenario", complaint);
    }
    return;
  }
  const auto shard = Shard::parse(given.shard);
  if (shard) {
    options.shard = *shard;
  } else {
    faults.add(at("--shard"),
               fmt::format("{} is no shard; I/N is, I from 1 to N", asaemu::quoted(given.shard)));
  }
}

/// --eps and --volume, in stimuli a second.
std::optional<double> read_load(const Given& given, Faults& faults) {
  std::optional<double> load;
  if (!given.eps.empty()) {
    double value = 0;
    const char* const end = given.eps.data() + given.eps.size();
    const auto [stop, error] = std::from_chars(given.eps.data(), end, value);
    if (error == std::errc{} && stop == end && value > 0 && value <= kLoadMax) {
      load = value;
    } else {
      faults.add(at("--eps"), fmt::format("{} is no load; a number of events a second is",
                                          asaemu::quoted(given.eps)));
    }
  }
  if (given.volume.empty()) return load;
  const auto bytes = parse_volume(given.volume);
  if (!bytes) {
    faults.add(at("--volume"), fmt::format("{} is no volume a day; 500MB, 2.5GB or 1TB is",
                                           asaemu::quoted(given.volume)));
  } else if (!given.eps.empty()) {
    faults.add(at("--volume"), "a run has --eps or --volume, not both");
  } else {
    load = *bytes / kLineBytes / kDaySeconds;
  }
  return load;
}

Parsed parse(const Given& given, Faults& faults) {
  Parsed parsed;
  if (!given.to.empty()) {
    std::string complaint;
    parsed.options.to = Destination::parse(given.to, complaint);
    if (!parsed.options.to) faults.add(at("--to"), complaint);
  }
  if (const auto speed = Speed::parse(given.speed)) {
    parsed.options.speed = *speed;
  } else {
    faults.add(at("--speed"), fmt::format("{} is no speed; a positive number or 'max' is",
                                          asaemu::quoted(given.speed)));
  }
  if (!given.duration.empty()) {
    parsed.overrides.duration = parse_duration(given.duration);
    if (!parsed.overrides.duration) {
      faults.add(at("--duration"),
                 fmt::format("{} is no duration; 90s or 9m30s is", asaemu::quoted(given.duration)));
    }
  }
  for (const auto& variable : given.variables) {
    const auto equals = variable.find('=');
    if (equals == std::string::npos || equals == 0) {
      faults.add(at("--set"),
                 fmt::format("{} sets nothing; name=value does", asaemu::quoted(variable)));
      continue;
    }
    parsed.overrides.variables.emplace_back(variable.substr(0, equals),
                                            variable.substr(equals + 1));
  }
  read_workers(given, parsed.options, faults);
  parsed.per_second = read_load(given, faults);
  if (!given.metrics.empty()) {
    std::string complaint;
    parsed.options.metrics = parse_host_port(given.metrics, 0, complaint);
    if (!parsed.options.metrics) faults.add(at("--metrics"), complaint);
  }
  parsed.overrides.seed = given.seed;
  parsed.options.report_file = given.report;
  parsed.options.console_file = given.console;
  parsed.options.truth_file = given.truth;
  check_standard_output(parsed.options, faults);
  parsed.options.quiet = given.quiet;
  return parsed;
}

/// Writes the report; error text or empty.
std::string write_report(const std::string& path, const std::string& text) {
  if (path == "-") {
    fmt::print("{}", text);
    return {};
  }
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  return file ? std::string() : fmt::format("{}: cannot write the report", path);
}

int conclude(const Plan& plan, const Catalogue& catalogue, const RunOptions& options,
             const RunResult& result) {
  if (!options.quiet) fmt::print(stderr, "{}", report_table(plan, catalogue, result));
  int code = kExitDone;
  if (!options.report_file.empty()) {
    const auto error = write_report(options.report_file, report_json(plan, catalogue, result));
    if (!error.empty()) {
      spdlog::error("{}", error);
      code = kExitWorld;
    }
  }
  if (const auto fault = check_accounts(result); !fault.empty()) {
    spdlog::error("internal error: {}", fault);
    code = kExitUnmet;
  }
  for (const auto& unmet : result.observed.unmet) {
    fmt::print(stderr, "{}: {}\n", to_string(unmet.position), unmet.what);
    if (!unmet.nearest.empty()) fmt::print(stderr, "  nearest: {}\n", unmet.nearest);
    code = kExitUnmet;
  }
  if (!result.observed.truth_error.empty()) {
    spdlog::error("{}", result.observed.truth_error);
    code = kExitWorld;
  }
  if (const auto fault = pace_fault(result); !fault.empty()) {
    // The table's first line says it already.
    if (options.quiet) spdlog::error("{}", fault);
    code = std::max(code, kExitUnmet);
  }
  for (const auto& destination : result.destinations) {
    if (destination.failure.empty()) continue;
    spdlog::error("{}: {}", destination.name, destination.failure);
    code = kExitWorld;
  }
  return code;
}

int run(const Given& given, const Globals& globals) {
  Faults faults;
  const Parsed parsed = parse(given, faults);
  const auto catalogue = load_catalogue(globals);
  if (!catalogue) return kExitBadInput;
  Plan plan = read_scenario(given.scenario, parsed.overrides, *catalogue, faults);
  std::vector<std::string> notes;
  if (faults.empty()) check_on_devices(plan, *catalogue, faults, notes, parsed.options.to);
  if (faults.empty() && parsed.per_second) {
    if (!plan.start) plan.start = wall_calendar();
    const auto fault = scale_load(plan, *parsed.per_second, *plan.start);
    if (!fault.empty()) faults.add(at(given.eps.empty() ? "--volume" : "--eps"), fault);
  }
  if (!faults.empty()) {
    fmt::print(stderr, "{}", faults.to_string());
    return kExitBadInput;
  }
  if (!given.quiet) {
    for (const auto& note : notes) spdlog::warn("{}", note);
  }
  Run one(plan, *catalogue, parsed.options);
  if (const auto error = one.open(); !error.empty()) {
    fmt::print(stderr, "{}{}", error, error.back() == '\n' ? "" : "\n");
    return kExitWorld;
  }
  return conclude(plan, *catalogue, parsed.options, one.execute());
}

}  // namespace

void add_run_command(CLI::App& app, const Globals& globals, int& exit_code) {
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand("run", "Run a scenario and send its messages");
  command->add_option("scenario", given->scenario, "A scenario file, or the name of a shipped one")
      ->required();
  command->add_option(
      "--to", given->to,
      "Where all messages go, whatever the scenario says: udp://H:P, tcp://H:P, tls://H:P, "
      "file:PATH, pcap:PATH, stdout:, null:, or sink: for a collector inside this program; "
      "udp://H:P?offload=off keeps the order of different devices, and is slower");
  command->add_option("--speed", given->speed,
                      "Simulated seconds a second, or 'max' (default 1: real time)");
  command->add_option("--seed", given->seed, "Another seed than the scenario's")->check(check_seed);
  command->add_option("--duration", given->duration,
                      "Another duration than the scenario's: 90s, 9m30s");
  command->add_option("--set", given->variables, "Set a variable of the scenario: name=value")
      ->allow_extra_args(false);
  command->add_option("--report", given->report,
                      "Write the report as JSON to this file, '-' for stdout");
  command->add_option("--truth", given->truth,
                      "Write ground truth, a JSON line for every message, to this file; compressed "
                      "if it ends in .zst or .gz, '-' for stdout");
  command->add_option("--console", given->console,
                      "Write what the operators' commands print to this file, '-' for stdout");
  command->add_option("--threads", given->threads,
                      "Worker threads; by default one for each core, and one alone where the order "
                      "of lines shows (stdout:, file:, sink:, --console)");
  command->add_option("--shard", given->shard,
                      "Run the I-th of N parts of the devices: I/N. By default what "
                      "JOB_COMPLETION_INDEX with JOB_COMPLETIONS or SLURM_ARRAY_TASK_ID say");
  command->add_option(
      "--eps", given->eps,
      "Scale the rates of the scenario to so many events (stimuli) a second in all, "
      "on average; their proportions and shapes stay");
  command->add_option("--volume", given->volume,
                      "The same to so many bytes a day, at 220 a line: 500MB, 2.5GB, 1TB");
  command->add_option("--metrics", given->metrics,
                      "Serve Prometheus metrics at this address while running: 127.0.0.1:9109");
  command->add_flag("--quiet", given->quiet, "No progress line and no table at the end");
  command->callback([given, &globals, &exit_code] { exit_code = run(*given, globals); });
}

}  // namespace asaemu
