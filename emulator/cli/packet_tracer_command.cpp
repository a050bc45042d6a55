#include "emulator/cli/packet_tracer_command.hpp"

#include "emulator/run/outlets.hpp"
#include "emulator/run/worker.hpp"
#include "emulator/scenario/stimulus_reader.hpp"
#include "emulator/scenario/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace asaemu {

namespace {

struct Given {
  std::string scenario;
  std::string packet;
  std::string device;
  std::string at;
};

Position option(const char* name) {
  return {name, 0, 0};
}

/// The packet's description; nullopt and a complaint if it is wrong.
std::optional<PacketStimulus> read_packet_option(const std::string& text, Faults& faults) {
  const auto document = Document::load_text("--packet", text, faults);
  if (!document) return std::nullopt;
  const Variables variables;
  const auto stimulus = read_packet(document->root(), Scope(variables, faults));
  if (!stimulus) return std::nullopt;
  return std::get<PacketStimulus>(*stimulus);
}

/// The device's place in the plan; nullopt and a complaint if none or several come into question.
std::optional<std::size_t> choose_device(const Plan& plan, const std::string& name,
                                         Faults& faults) {
  if (name.empty() && plan.devices.size() == 1) return 0;
  std::vector<std::string_view> names;
  for (const DeviceSpec& device : plan.devices) names.push_back(device.name);
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  if (name.empty()) {
    faults.add(option("--device"),
               fmt::format("the scenario has {} devices; name one of them", names.size()));
  } else {
    faults.add(option("--device"),
               fmt::format("there is no device {}{}", quoted(name), suggest(name, names)));
  }
  return std::nullopt;
}

/// The packet as the description has it, drawn once.
Packet make_packet(const PacketStimulus& stimulus, InterfaceId in, std::uint64_t seed) {
  Packet packet;
  packet.in = in;
  RandomStream values(seed, "", "packet-tracer");
  FieldValue scratch;
  for (const auto& field : stimulus.fields) {
    field.field->set(packet, field.generator.next(values, 0, scratch), field.field->extra);
  }
  return packet;
}

std::string known_interfaces(const InterfaceTable& interfaces) {
  std::vector<std::string_view> names;
  for (const Interface& interface : interfaces.all()) {
    if (!interface.nameif.empty()) names.push_back(interface.nameif);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Everything the input can be wrong about is in `faults`; the answer is printed if nothing is.
void trace(const Given& given, const Catalogue& catalogue, Faults& faults) {
  const Plan plan = read_scenario(given.scenario, {}, catalogue, faults);
  const auto packet = read_packet_option(given.packet, faults);
  auto until = plan.duration;
  if (!given.at.empty()) {
    until = parse_duration(given.at);
    if (!until) {
      faults.add(option("--at"),
                 fmt::format("{} is no duration; 90s or 9m30s is", quoted(given.at)));
    }
  }
  std::vector<std::string> notes;
  if (faults.empty()) check_on_devices(plan, catalogue, faults, notes);
  if (!faults.empty()) return;
  const auto chosen = choose_device(plan, given.device, faults);
  if (!chosen) return;

  // What is due at that very time has happened.
  const SimTime end = until ? kStart + *until + SimDuration(1) : kNever;
  std::string complaint;
  Outlets outlets(plan, Destination::parse("null:", complaint), false);
  const auto start = plan.start.value_or(CalendarTime{});
  Worker worker(plan, catalogue, outlets, start, end);
  while (worker.next_time() != kNever) worker.run_next();
  Device& device = *worker.devices()[*chosen];
  if (!device.is_booted()) {
    faults.add(option("--at"), fmt::format("{} is off or boots at that time", device.spec().name));
    return;
  }
  const InterfaceId in = device.tables().interfaces.find_nameif(packet->in);
  if (in == kNoInterface) {
    faults.add(option("--packet"),
               fmt::format("{} has no interface {}; it has {}", device.spec().name,
                           quoted(packet->in), known_interfaces(device.tables().interfaces)));
    return;
  }
  const SimTime now = until ? kStart + *until : worker.now();
  const PacketTrace answer = device.trace(now, make_packet(*packet, in, plan.seed));
  fmt::print("{} at {}\n{}", device.spec().name, to_string(now.time_since_epoch()),
             describe_trace(answer, device.tables(), true));
}

}  // namespace

void add_packet_tracer_command(CLI::App& app, const Globals& globals, int& exit_code) {
  auto given = std::make_shared<Given>();
  CLI::App* command = app.add_subcommand(
      "packet-tracer",
      "Show the stages that a packet would pass at some time of a scenario, and what would be "
      "logged");
  command->add_option("scenario", given->scenario, "A scenario file, or the name of a shipped one")
      ->required();
  command
      ->add_option("--packet", given->packet,
                   "The packet as a scenario describes it: '{in: outside, proto: tcp, …}'")
      ->required();
  command->add_option("--device", given->device,
                      "The device it arrives at; may be left out if there is one only");
  command->add_option("--at", given->at,
                      "When it arrives: 90s, 9m30s from the start (default: at the end)");
  command->callback([given, &globals, &exit_code] {
    const auto catalogue = load_catalogue(globals);
    Faults faults;
    if (catalogue) trace(*given, *catalogue, faults);
    fmt::print(stderr, "{}", faults.to_string());
    exit_code = catalogue && faults.empty() ? kExitDone : kExitBadInput;
  });
}

}  // namespace asaemu
