#include "emulator/cli/limit_command.hpp"

#include "emulator/run/limit.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

namespace asaemu {

namespace {

/// The arguments as they were typed.
struct Given {
  std::string scenario;
  std::string to;
  RateSearch::Bounds bounds;
  std::string hold = "10s";
  double loss_percent = 0;
  std::string late = "100ms";
  std::string received;
  std::string report;
  std::uint32_t threads = 0;
  std::vector<std::string> variables;
};

Position at(const char* option) {
  return {option, 0, 0};
}

SimDuration read_length(const char* option, const std::string& text, Faults& faults) {
  const auto duration = parse_duration(text);
  if (duration && *duration > SimDuration::zero()) return *duration;
  faults.add(at(option), fmt::format("{} is no length of time; 500ms or 10s is", quoted(text)));
  return std::chrono::seconds(1);
}

void check_bounds(const RateSearch::Bounds& bounds, Faults& faults) {
  if (!(bounds.from > 0)) faults.add(at("--from"), "the first rate must be more than 0");
  if (bounds.to < bounds.from) {
    faults.add(at("--up-to"), "the last rate must not be below the first");
  }
  if (!(bounds.factor > 1)) faults.add(at("--factor"), "rates must rise; more than 1 is expected");
  if (bounds.by < 0) faults.add(at("--by"), "rates must rise; more than 0 is expected");
}

LimitOptions read_options(const Given& given, Faults& faults) {
  LimitOptions options;
  options.bounds = given.bounds;
  check_bounds(given.bounds, faults);
  options.hold = read_length("--hold", given.hold, faults);
  options.lateness = read_length("--late", given.late, faults);
  options.loss = given.loss_percent / 100;
  if (!(options.loss >= 0 && options.loss <= 1)) {
    faults.add(at("--loss"), "a loss is 0 to 100 percent");
  }
  options.received_file = given.received;
  options.run.quiet = true;
  if (given.threads > 0) options.run.threads = given.threads;
  std::string complaint;
  options.run.to = Destination::parse(given.to, complaint);
  if (!options.run.to) faults.add(at("--to"), complaint);
  return options;
}

PlanOverrides read_variables(const Given& given, Faults& faults) {
  PlanOverrides overrides;
  for (const auto& variable : given.variables) {
    const auto equals = variable.find('=');
    if (equals == std::string::npos || equals == 0) {
      faults.add(at("--set"), fmt::format("{} sets nothing; name=value does", quoted(variable)));
    } else {
      overrides.variables.emplace_back(variable.substr(0, equals), variable.substr(equals + 1));
    }
  }
  return overrides;
}

bool write_report(const std::string& path, const std::string& text) {
  if (path.empty()) return true;
  if (path == "-") {
    fmt::print("{}", text);
    return true;
  }
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) fmt::print(stderr, "{}: cannot write the report\n", path);
  return file.good();
}

int limit(const Given& given, const Globals& globals) {
  Faults faults;
  const LimitOptions options = read_options(given, faults);
  const PlanOverrides overrides = read_variables(given, faults);
  const auto catalogue = load_catalogue(globals);
  if (!catalogue) return kExitBadInput;
  const Plan plan = read_scenario(given.scenario, overrides, *catalogue, faults);
  std::vector<std::string> notes;
  if (faults.empty()) check_on_devices(plan, *catalogue, faults, notes);
  if (!faults.empty()) {
    fmt::print(stderr, "{}", faults.to_string());
    return kExitBadInput;
  }
  // The table is what the command is for; with the report on standard output it gives way.
  std::FILE* const out = given.report == "-" ? stderr : stdout;
  fmt::print(out, "{}", limit_head());
  const LimitResult result = find_limit(plan, *catalogue, options, [out](const LimitStep& step) {
    fmt::print(out, "{}", limit_row(step));
    std::fflush(out);
  });
  if (!result.error.empty()) {
    fmt::print(stderr, "{}{}", result.error, result.error.back() == '\n' ? "" : "\n");
    return kExitWorld;
  }
  fmt::print(out, "{}", limit_conclusion(result));
  if (!write_report(given.report, limit_json(plan, options, result))) return kExitWorld;
  return result.knee > 0 ? kExitDone : kExitUnmet;
}

}  // namespace

void add_limit_command(CLI::App& app, const Globals& globals, int& exit_code) {
  const auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand(
      "limit", "Find the rate a collector can take: rates rise until one does not hold");
  command->add_option("scenario", given->scenario, "A scenario file, or the name of a shipped one")
      ->required();
  command->add_option("--to", given->to, "The collector: udp://H:P, tcp://H:P, sink:, …")
      ->required();
  command->add_option("--from", given->bounds.from,
                      "The first rate, stimuli a second in all (default 1000)");
  command->add_option("--factor", given->bounds.factor,
                      "Each rate is so many times the one before (default 2)");
  command->add_option("--by", given->bounds.by, "Each rate is so much more than the one before");
  command->add_option("--up-to", given->bounds.to, "No higher rate is tried (default 10000000)");
  command->add_option("--halvings", given->bounds.halvings,
                      "How often the gap is halved once a rate did not hold (default 3)");
  command->add_option("--hold", given->hold, "How long each rate is held (default 10s)");
  command->add_option("--loss", given->loss_percent,
                      "Percent of the lines that may be lost (default 0)");
  command->add_option("--late", given->late,
                      "The 99th percentile of lateness that is still good (default 100ms)");
  command->add_option(
      "--received", given->received,
      "What counts at the receiver: the --counter file of asaemu sink, any file with a "
      "number, or the log file that the collector writes");
  command->add_option("--report", given->report, "Write the result as JSON, '-' for stdout");
  command->add_option("--threads", given->threads, "Worker threads (default: one for each core)");
  command->add_option("--set", given->variables, "Set a variable of the scenario: name=value")
      ->allow_extra_args(false);
  command->callback([given, &globals, &exit_code] { exit_code = limit(*given, globals); });
}

}  // namespace asaemu
