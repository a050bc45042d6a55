// What only a device can tell about a scenario: its configuration, interfaces and commands are
// tried on a probe.
#include "emulator/scenario/console_answers.hpp"
#include "emulator/scenario/nearest_command.hpp"
#include "emulator/scenario/plan.hpp"
#include "emulator/scenario/probe.hpp"
#include "emulator/scenario/scope.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace asaemu {

namespace {

constexpr std::size_t kUnmodelledListed = 10;
constexpr std::size_t kStepsListed = 5;

/// Checks one entry of `devices:` with the steps that happen to its devices.
class EntryCheck {
 public:
  EntryCheck(const Plan& plan, const DeviceEntry& entry, const Catalogue& catalogue,
             LoggingHosts& hosts, Faults& faults, std::vector<std::string>& notes)
      : entry_(entry),
        faults_(faults),
        notes_(notes),
        probe_(plan.devices[entry.first], plan.start.value_or(CalendarTime{}), catalogue, hosts),
        name_(probe_.device().spec().name) {}

  void run(std::vector<const Step*> steps) {
    check_config();
    const std::string unsent = what_logging_lacks(kStart);
    std::ranges::stable_sort(steps, {}, [](const Step* step) { return step->schedule.at; });
    for (const Step* step : steps) {
      // Copies of a step for each device are one to this probe.
      if (seen_.emplace(step->position, step->schedule.at).second) check_step(*step);
    }
    if (!unsent.empty()) note_unsent();
  }

 private:
  void check_config() {
    for (const ConfigNote& refused : probe_.device().refused()) {
      const bool is_file = entry_.config.line == 0;
      Position where = entry_.config;
      if (is_file) {
        where.line = static_cast<unsigned>(refused.line);
        where.column = 1;
      }
      faults_.add(where,
                  fmt::format("{}: configuration line {}, {}, is refused: {}", name_, refused.line,
                              quoted(refused.text), Answer{{}, {}, refused.answer}.error()));
    }
    note_unmodelled(probe_.device().unmodelled());
  }

  void note_unmodelled(std::vector<ConfigNote> lines) {
    if (lines.empty()) return;
    // A known command about an unknown interface is the likeliest mistake.
    const auto misnames = [&](const ConfigNote& line) {
      const auto is_command = [&](const InterfaceTable* interfaces) {
        return std::holds_alternative<ParsedCommand>(
            registry().grammar().parse(kConfigMode, line.text, interfaces));
      };
      return is_command(nullptr) && !is_command(&probe_.device().tables().interfaces);
    };
    const auto others = std::stable_partition(lines.begin(), lines.end(), misnames);
    std::vector<std::string> listed;
    for (auto line = lines.begin(); line != lines.end() && listed.size() < kUnmodelledListed;
         ++line) {
      listed.push_back(fmt::format("{} (line {}{})", quoted(line->text), line->line,
                                   line < others ? ", no interface has this name" : ""));
    }
    if (lines.size() > listed.size()) {
      listed.push_back(fmt::format("and {} more", lines.size() - listed.size()));
    }
    note(fmt::format("{} configuration line{} not modelled: {}", lines.size(),
                     lines.size() == 1 ? " is" : "s are", fmt::join(listed, ", ")));
  }

  /// What keeps every message from leaving the device; empty if nothing does.
  std::string what_logging_lacks(SimTime now) {
    const auto output = probe_.device().type_lines(now, {"show logging"});
    if (output.text.find("Syslog logging:") == std::string::npos) return {};
    std::vector<std::string_view> lacking;
    const auto needs = [&](std::string_view sign, std::string_view line) {
      if (output.text.find(sign) == std::string::npos) lacking.push_back(line);
    };
    needs("Syslog logging: enabled", "'logging enable'");
    if (output.text.find("Trap logging: disabled") != std::string::npos) {
      lacking.emplace_back("'logging trap LEVEL'");
    }
    needs("Logging to ", "'logging host INTERFACE ADDRESS'");
    return fmt::format("{}", fmt::join(lacking, ", "));
  }

  /// At the end, for the timeline may have configured what was lacking.
  void note_unsent() {
    const auto lacking = what_logging_lacks(last_);
    if (!lacking.empty())
      note(fmt::format("no message will be sent; the configuration lacks {}", lacking));
  }

  void check_step(const Step& step) {
    last_ = kStart + step.schedule.at;
    probe_.advance(last_);
    if (const auto* cli = std::get_if<CliStimulus>(&step.stimulus)) check_cli(step, *cli);
    if (const auto* packet = std::get_if<PacketStimulus>(&step.stimulus))
      check_packet(step, *packet);
    if (const auto* world = std::get_if<WorldStimulus>(&step.stimulus)) check_world(step, *world);
  }

  void check_cli(const Step& step, const CliStimulus& cli) {
    std::vector<std::string> lines;
    for (const std::string& line : cli.lines) lines.emplace_back(without_filter(line));
    const auto logged_before = probe_.device().account().logged;
    const auto output = probe_.device().type_lines(last_, lines);
    if (!output.has_fault) return;
    const auto answers = answers_of(output.text, lines);
    // A refusal that is logged is something to show; one that is not may go unnoticed.
    const auto logged = probe_.device().account().logged - logged_before;
    const bool is_logged = logged > accounted(answers);
    if (answers.size() < lines.size()) {
      note_once(step, lines[answers.size()], "gets no answer, the device is off or boots");
    }
    const Answer* refused = nullptr;
    for (const Answer& answer : answers) {
      if (answer.is_no_command()) {
        faults_.add(step.position,
                    fmt::format("{}: {} is no command ({}){}", name_, quoted(answer.line),
                                answer.error(), advice(answer, refused)));
        continue;
      }
      if (!answer.error().empty()) refused = &answer;
      if (!answer.error().empty() && !is_logged) {
        note_once(step, answer.line, fmt::format("may be refused: {}", answer.error()));
      }
    }
  }

  /// How many messages of command accounting (111008 to 111010) the lines bring about.
  static std::uint64_t accounted(const std::vector<Answer>& answers) {
    std::uint64_t count = 0;
    for (const Answer& answer : answers) {
      const std::string_view word = answer.line.substr(0, answer.line.find(' '));
      const bool is_show = std::string_view("show").starts_with(word) && word.size() > 1;
      if (answer.error().empty()) count += is_show ? 1 : 2;
    }
    return count;
  }

  /// What to do about a line that is no command. One that should have led into its mode may have been
  /// refused.
  static std::string advice(const Answer& answer, const Answer* refused) {
    if (refused != nullptr) {
      return fmt::format("; {} before it was refused: {}", quoted(refused->line), refused->error());
    }
    return command_advice(registry().grammar(), answer.modes(), answer.line);
  }

  void check_packet(const Step& step, const PacketStimulus& packet) {
    const InterfaceTable& interfaces = probe_.device().tables().interfaces;
    if (interfaces.find_nameif(packet.in) != kNoInterface) return;
    std::vector<std::string_view> names;
    for (const Interface& interface : interfaces.all()) {
      if (!interface.nameif.empty()) names.emplace_back(interface.nameif);
    }
    faults_.add(step.position,
                fmt::format("{} has no interface named {}{}", name_, quoted(packet.in),
                            suggest(packet.in, names, "its configuration names none (nameif)")));
  }

  void check_world(const Step& step, const WorldStimulus& world) {
    const InterfaceTable& interfaces = probe_.device().tables().interfaces;
    const std::size_t faults_before = faults_.size();
    for (const WorldParameter& parameter : world.event->parameters) {
      if (parameter.names != WorldParameter::Names::kHardwareInterface) continue;
      const auto* given = world.arguments.find<std::string>(parameter.field.name);
      if (given == nullptr || interfaces.find_hardware(*given) != kNoInterface) continue;
      std::vector<std::string_view> names;
      for (const Interface& interface : interfaces.all()) names.emplace_back(interface.hardware);
      faults_.add(step.position, fmt::format("{} has no interface {}{}", name_, quoted(*given),
                                             suggest(*given, names)));
    }
    if (faults_.size() == faults_before) {
      probe_.device().happen(last_, *world.event, world.arguments);
    }
  }

  /// About a line typed by a step; a step that is repeated says it once.
  void note_once(const Step& step, std::string_view line, std::string_view text) {
    if (!noted_.emplace(step.position, line).second) return;
    note(fmt::format("{}: {} {}", to_string(step.position), quoted(line), text));
  }

  void note(std::string_view text) {
    const std::string others =
        entry_.count > 1 ? fmt::format(" (and {} more)", entry_.count - 1) : std::string();
    notes_.push_back(fmt::format("{}{}: {}", name_, others, text));
  }

  const DeviceEntry& entry_;
  Faults& faults_;
  std::vector<std::string>& notes_;
  Probe probe_;
  std::string name_;
  SimTime last_ = kStart;
  std::set<std::pair<Position, SimDuration>> seen_;
  std::set<std::pair<Position, std::string>> noted_;
};

/// The steps that happen to each entry's devices.
std::vector<std::vector<const Step*>> steps_by_entry(const Plan& plan) {
  std::vector<std::vector<const Step*>> result(plan.entries.size());
  for (const Step& step : plan.steps) {
    if (plan.duration && step.schedule.at >= *plan.duration) continue;
    auto device = step.devices.begin();
    while (device != step.devices.end()) {
      const auto after = std::ranges::upper_bound(plan.entries, *device, {}, &DeviceEntry::first);
      const auto entry = static_cast<std::size_t>(after - plan.entries.begin()) - 1;
      result[entry].push_back(&step);
      const std::uint32_t end = plan.entries[entry].first + plan.entries[entry].count;
      device = std::lower_bound(device, step.devices.end(), end);
    }
  }
  return result;
}

void note_late_steps(const Plan& plan, std::vector<std::string>& notes) {
  if (!plan.duration) return;
  std::set<Position> late;
  for (const Step& step : plan.steps) {
    if (step.schedule.at >= *plan.duration) late.insert(step.position);
  }
  if (late.empty()) return;
  std::vector<std::string> listed;
  for (const Position& position : late) {
    if (listed.size() < kStepsListed) listed.push_back(to_string(position));
  }
  if (late.size() > kStepsListed)
    listed.push_back(fmt::format("and {} more", late.size() - kStepsListed));
  notes.push_back(fmt::format("{} never happen{}, the run ends at {}: {}",
                              late.size() == 1 ? "a step" : fmt::format("{} steps", late.size()),
                              late.size() == 1 ? "s" : "", to_string(*plan.duration),
                              fmt::join(listed, ", ")));
}

/// Only where every device was looked at: one of fw-{001..250} says nothing about the others'
/// hosts.
void note_idle_collectors(const Plan& plan, const LoggingHosts& hosts,
                          std::vector<std::string>& notes) {
  if (plan.entries.size() != plan.devices.size()) return;
  for (const auto& [address, destination] : plan.collectors) {
    if (hosts.contains(address) || address == kAnyLoggingHost) continue;
    notes.push_back(
        fmt::format("collector {}: no device has it as a logging host", to_string(address)));
  }
}

/// Lines of a `secure` host that leave in the clear: the destination's own words come first.
void note_plain_collectors(const Plan& plan, const std::optional<Destination>& to,
                           const LoggingHosts& hosts, std::vector<std::string>& notes) {
  for (const auto& [address, is_secure] : hosts) {
    const Destination* destination = to ? &*to : plan.collector_of(address);
    if (!is_secure || destination == nullptr) continue;
    if (destination->kind != Destination::Kind::kUdp &&
        destination->kind != Destination::Kind::kTcp) {
      continue;
    }
    notes.push_back(
        fmt::format("logging host {} is secure, but {} is not TLS: its lines leave in the clear",
                    to_string(address), to_string(*destination)));
  }
}

}  // namespace

void check_on_devices(const Plan& plan, const Catalogue& catalogue, Faults& faults,
                      std::vector<std::string>& notes, const std::optional<Destination>& to) {
  auto steps = steps_by_entry(plan);
  LoggingHosts hosts;
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    EntryCheck(plan, plan.entries[i], catalogue, hosts, faults, notes).run(std::move(steps[i]));
  }
  note_late_steps(plan, notes);
  note_idle_collectors(plan, hosts, notes);
  note_plain_collectors(plan, to, hosts, notes);
}

}  // namespace asaemu
