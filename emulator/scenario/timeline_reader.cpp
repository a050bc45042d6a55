#include "emulator/scenario/timeline_reader.hpp"

#include "emulator/scenario/shape_reader.hpp"
#include "emulator/scenario/stimulus_reader.hpp"
#include "emulator/scenario/values.hpp"
#include "emulator/yaml/mapping_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

constexpr std::uint64_t kRepeatMax = kStepsMax;
constexpr std::size_t kMixMax = 1000;

/// `T1046` or `T1046.001`.
bool is_technique(std::string_view text) {
  if (text.size() != 5 && text.size() != 9) return false;
  const auto digits = [&](std::size_t from, std::size_t size) {
    return text.substr(from, size).find_first_not_of("0123456789") == std::string_view::npos;
  };
  return text[0] == 'T' && digits(1, 4) && (text.size() == 5 || (text[5] == '.' && digits(6, 3)));
}

}  // namespace

/// The keys of a step or group; nullptr where absent.
struct TimelineReader::StepNodes {
  explicit StepNodes(MappingReader& reader)
      : when{reader.optional("at"),    reader.optional("until"), reader.optional("for"),
             reader.optional("every"), reader.optional("rate"),  reader.optional("count")},
        device(reader.optional("device")),
        label(reader.optional("step")),
        attack(reader.optional("attack")),
        what{reader.optional("cli"), reader.optional("packet"), reader.optional("world"),
             reader.optional("emit")},
        mix(reader.optional("mix")),
        repeat(reader.optional("repeat")),
        steps(reader.optional("steps")) {
    reader.finish();
  }

  [[nodiscard]] bool is_group() const { return repeat != nullptr || steps != nullptr; }

  using Named = std::pair<std::string_view, const Node*>;
  [[nodiscard]] std::array<Named, 5> stimuli() const {
    return {{{"cli", what.cli},
             {"packet", what.packet},
             {"world", what.world},
             {"emit", what.emit},
             {"mix", mix}}};
  }
  /// What a group cannot have.
  [[nodiscard]] std::array<Named, 10> plain_only() const {
    return {{{"until", when.until},
             {"for", when.length},
             {"every", when.every},
             {"rate", when.rate},
             {"count", when.count},
             {"cli", what.cli},
             {"packet", what.packet},
             {"world", what.world},
             {"emit", what.emit},
             {"mix", mix}}};
  }

  ScheduleNodes when;
  const Node* device;
  const Node* label;
  const Node* attack;
  StimulusNodes what;
  const Node* mix;
  const Node* repeat;
  const Node* steps;
  bool has_unknown = false;  ///< keys that nobody knows stand beside these
};

struct TimelineReader::Part {
  Stimulus stimulus;
  double weight = 1;
};

TimelineReader::TimelineReader(Plan& plan, const Catalogue& catalogue, const Scope& scope,
                               bool has_devices, bool has_end)
    : plan_(plan),
      catalogue_(catalogue),
      scope_(scope),
      selector_(plan, has_devices),
      has_end_(has_end) {}

void TimelineReader::read(const Source& source, const Node& list) {
  source_ = &source;
  if (list.is_sequence()) return read_steps(list, {});
  scope_.complain(list, fmt::format("timeline must be a list of steps, found {}", shown(list)));
}

void TimelineReader::read_steps(const Node& list, const Frame& frame) {
  for (const Node* item : list.items()) {
    if (stopped_ || scope_.is_exhausted()) return;
    read_step(*item, frame);
  }
}

void TimelineReader::read_step(const Node& node, const Frame& frame) {
  const std::size_t faults_before = scope_.faults().size();
  MappingReader reader(node, "a step", scope_.faults());
  StepNodes nodes(reader);
  if (!reader.ok()) return;
  nodes.when.source = source_;
  nodes.has_unknown = scope_.faults().size() > faults_before;
  if (nodes.is_group()) {
    read_group(node, nodes, frame);
  } else {
    read_plain(node, nodes, frame);
  }
}

void TimelineReader::read_group(const Node& node, const StepNodes& nodes, const Frame& frame) {
  for (const auto& [key, given] : nodes.plain_only()) {
    if (given != nullptr) {
      scope_.complain(*given,
                      fmt::format("'{}' has no place in a group; put it into its steps", key));
    }
  }
  std::uint64_t count = 1;
  SimDuration every{};
  if (nodes.repeat != nullptr) {
    MappingReader reader(*nodes.repeat, "repeat", scope_.faults());
    const Node* times = reader.required("count");
    const Node* interval = reader.required("every");
    reader.finish();
    if (times != nullptr) count = read_whole(scope_, *times, "count", 1, kRepeatMax).value_or(1);
    if (interval != nullptr) {
      every = read_duration(scope_, *interval, "every").value_or(SimDuration::zero());
    }
  }
  Frame inner = frame;
  ++inner.depth;
  inner.offset = read_at(nodes.when.at, node, frame.offset, scope_).value_or(frame.offset);
  inner.label = read_label(nodes.label, frame.label);
  inner.attack = read_attack(nodes.attack, frame.attack);
  if (nodes.device != nullptr) inner.device = nodes.device;
  if (nodes.steps == nullptr) {
    scope_.complain(node, "missing key 'steps'; a group with repeat needs it");
  } else if (!nodes.steps->is_sequence() || nodes.steps->items().empty()) {
    scope_.complain(*nodes.steps,
                    fmt::format("steps must be a list of steps, found {}",
                                nodes.steps->is_sequence() ? "none" : shown(*nodes.steps)));
  } else if (inner.depth > kGroupDepthMax) {
    scope_.complain(node, fmt::format("groups nest more than {} deep", kGroupDepthMax));
  } else {
    repeat(nodes, inner, count, every);
  }
}

void TimelineReader::repeat(const StepNodes& nodes, const Frame& frame, std::uint64_t count,
                            SimDuration every) {
  // One round shows all mistakes of a group; more would only show them again.
  const std::size_t faults_before = scope_.faults().size();
  Frame round = frame;
  for (std::uint64_t i = 0; i < count && !stopped_; ++i) {
    read_steps(*nodes.steps, round);
    if (scope_.faults().size() > faults_before) return;
    round.offset += every;
    if (round.offset > kLatest && i + 1 < count) {
      scope_.complain(*nodes.repeat, "the last rounds begin later than 100 years after the start");
      return;
    }
  }
}

void TimelineReader::read_plain(const Node& node, const StepNodes& nodes, const Frame& frame) {
  steps_ += nodes.mix != nullptr ? std::max<std::size_t>(nodes.mix->items().size(), 1) : 1;
  if (steps_ > kStepsMax) {
    stop(node, fmt::format("the timeline expands to more than {} steps", kStepsMax));
    return;
  }
  Step step;
  step.position = node.position();
  step.label = read_label(nodes.label, frame.label);
  step.attack = read_attack(nodes.attack, frame.attack);
  step.devices = selector_.select(nodes.device != nullptr ? nodes.device : frame.device, scope_);
  step_devices_ += step.devices.size();
  if (step_devices_ > kStepDevicesMax) {
    stop(node,
         fmt::format("the steps, counted once for each device they happen to, are more than {}",
                     kStepDevicesMax));
    return;
  }
  std::vector<std::string_view> given;
  for (const auto& [key, stimulus] : nodes.stimuli()) {
    if (stimulus != nullptr) given.push_back(key);
  }
  if (given.empty() && !nodes.has_unknown) {
    scope_.complain(node,
                    "the step does nothing; it needs cli, packet, world, emit or mix, or steps");
  } else if (given.size() > 1) {
    scope_.complain(node, fmt::format("the step has both {} and {}; a step does one thing",
                                      given[0], given[1]));
  }
  read_for_each(node, nodes, frame, std::move(step));
}

/// Adds the step, or one for each device if it says `{n}` or the like.
void TimelineReader::read_for_each(const Node& node, const StepNodes& nodes, const Frame& frame,
                                   Step step) {
  bool varies = false;
  for (const auto& [key, part] : nodes.plain_only()) {
    varies = varies || (part != nullptr && scope_.varies(*part));
  }
  varies = varies || (nodes.when.at != nullptr && scope_.varies(*nodes.when.at));
  if (scope_.is_exhausted()) return;
  if (!varies) {
    read_for(node, nodes, frame, scope_, step.devices.size(), step);
    return;
  }
  const DeviceSelector::Indexes devices = std::move(step.devices);
  if (devices.empty()) {
    // There are other faults; a device of the mind lets this step's be found as well.
    read_for(node, nodes, frame, scope_.for_device({1, "device"}), 1, step);
  }
  for (std::size_t rank = 0; rank < devices.size() && !stopped_; ++rank) {
    Step own = step;
    own.devices = {devices[rank]};
    // Devices of one step share its gaps evenly; steps of one device each must still do so.
    own.schedule.phase = static_cast<double>(rank) / static_cast<double>(devices.size());
    const Scope scope = scope_.for_device(identity(devices[rank]));
    if (!read_for(node, nodes, frame, scope, devices.size(), own)) return;
  }
}

/// Completes the step as `scope` shows it, and adds it. False if that found faults. The step's rate
/// may be meant for `devices` together.
bool TimelineReader::read_for(const Node& node, const StepNodes& nodes, const Frame& frame,
                              const Scope& scope, std::size_t devices, Step& step) {
  const std::size_t faults_before = scope.faults().size();
  const auto schedule = read_schedule(nodes.when, node, frame.offset, has_end_, scope);
  const auto parts = read_parts(nodes, scope);
  if (scope.faults().size() > faults_before || !schedule || parts.empty()) return false;
  const double phase = step.schedule.phase;
  step.schedule = *schedule;
  if (schedule->is_shared) scale(step.schedule, 1.0 / static_cast<double>(devices));
  if (schedule->kind == Schedule::Kind::kConstant) {
    const double gap = 1e9 / step.schedule.per_second;
    step.schedule.at += SimDuration(static_cast<std::int64_t>(gap * phase));
  } else {
    step.schedule.phase = phase;
  }
  add(step, parts);
  return true;
}

/// The parts of a mix become steps of their own, each with its part of the rate.
void TimelineReader::add(const Step& step, const std::vector<Part>& parts) {
  double total = 0;
  for (const Part& part : parts) total += part.weight;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Step own = step;
    own.stimulus = parts[i].stimulus;
    if (parts.size() > 1) {
      scale(own.schedule, parts[i].weight / total);
      own.schedule.phase += static_cast<double>(i) / static_cast<double>(parts.size());
    }
    plan_.steps.push_back(std::move(own));
  }
}

/// What the step does: one thing, or those of a mix. Empty if there are faults.
std::vector<TimelineReader::Part> TimelineReader::read_parts(const StepNodes& nodes,
                                                             const Scope& scope) {
  std::vector<Part> parts;
  if (auto stimulus = read_stimulus(nodes.what, scope)) parts.push_back({std::move(*stimulus), 1});
  if (nodes.mix == nullptr) return parts;
  if (nodes.when.rate == nullptr || nodes.when.count != nullptr) {
    scope.complain(*nodes.mix, "a mix divides a rate; give the step a rate, and no count");
  }
  if (!nodes.mix->is_sequence() || nodes.mix->items().empty()) {
    scope.complain(*nodes.mix, fmt::format("mix must be a list of weighted stimuli, found {}",
                                           nodes.mix->is_sequence() ? "none" : shown(*nodes.mix)));
  }
  if (nodes.mix->items().size() > kMixMax) {
    scope.complain(*nodes.mix, fmt::format("a mix has at most {} parts", kMixMax));
    return {};
  }
  const std::size_t faults_before = scope.faults().size();
  for (const Node* item : nodes.mix->items()) {
    if (auto part = read_part(*item, scope)) parts.push_back(std::move(*part));
  }
  if (scope.faults().size() > faults_before) return {};
  return parts;
}

std::optional<TimelineReader::Part> TimelineReader::read_part(const Node& node,
                                                              const Scope& scope) {
  MappingReader reader(node, "a part of a mix", scope.faults());
  const Node* const weight_node = reader.optional("weight");
  const StimulusNodes what{reader.optional("cli"), reader.optional("packet"),
                           reader.optional("world"), reader.optional("emit")};
  reader.finish();
  if (!reader.ok()) return std::nullopt;
  const auto weight =
      weight_node == nullptr ? std::optional(1.0) : read_weight(scope, *weight_node);
  std::size_t given = 0;
  for (const Node* part : {what.cli, what.packet, what.world, what.emit}) {
    if (part != nullptr) ++given;
  }
  if (given != 1) {
    scope.complain(node, "a part of a mix does one thing: cli, packet, world or emit");
  }
  auto stimulus = read_stimulus(what, scope);
  if (!weight || !stimulus) return std::nullopt;
  return Part{std::move(*stimulus), *weight};
}

/// Reads all that are given, for their faults; there should be one.
std::optional<Stimulus> TimelineReader::read_stimulus(const StimulusNodes& nodes,
                                                      const Scope& scope) {
  std::optional<Stimulus> stimulus;
  if (nodes.cli != nullptr) stimulus = read_cli(*nodes.cli, scope);
  if (nodes.packet != nullptr) stimulus = read_packet(*nodes.packet, scope);
  if (nodes.world != nullptr) stimulus = read_world(*nodes.world, scope);
  if (nodes.emit != nullptr) stimulus = read_emit(*nodes.emit, scope, catalogue_);
  return stimulus;
}

std::string TimelineReader::read_label(const Node* node, const std::string& otherwise) {
  return node == nullptr ? otherwise : scope_.text(*node, "step").value_or("");
}

std::string TimelineReader::read_attack(const Node* node, const std::string& otherwise) {
  if (node == nullptr) return otherwise;
  auto text = scope_.text(*node, "attack");
  if (text && !is_technique(*text)) {
    scope_.complain(*node, fmt::format("attack is {}; an ATT&CK technique is T1046 or T1046.001",
                                       shown(*text)));
  }
  return text.value_or("");
}

DeviceIdentity TimelineReader::identity(std::uint32_t device) const {
  const auto after = std::ranges::upper_bound(plan_.entries, device, {}, &DeviceEntry::first);
  const DeviceEntry& entry = *(after - 1);
  const std::uint64_t place = device - entry.first;
  return {entry.first_number + place, plan_.devices[device].name, place, entry.variables};
}

void TimelineReader::stop(const Node& node, std::string what) {
  if (!stopped_) scope_.complain(node, std::move(what));
  stopped_ = true;
}

}  // namespace asaemu
