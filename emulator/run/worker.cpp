#include "emulator/run/worker.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

/// The instant of a constant rate's `occurrence`-th time; exact to a nanosecond for a hundred days.
SimTime constant_time(const Schedule& schedule, double phase, std::uint64_t occurrence) {
  const double offset = (static_cast<double>(occurrence) + phase) * 1e9 / schedule.per_second;
  return kStart + schedule.at + SimDuration(static_cast<std::int64_t>(offset));
}

}  // namespace

Worker::Worker(const Plan& plan, const Catalogue& catalogue, OutletProvider& outlets,
               CalendarTime start, SimTime end, Observer* observer)
    : plan_(plan), end_(end), observer_(observer), message_counts_(catalogue.size(), 0) {
  DeviceEnvironment environment{.catalogue = &catalogue,
                                .scheduler = &scheduler_,
                                .outlets = &outlets,
                                .message_counts = message_counts_.data()};
  devices_.reserve(plan.devices.size());
  for (DeviceSpec spec : plan.devices) {
    spec.start = start;
    spec.seed = plan.seed;
    if (observer_ != nullptr) environment.witness = &observer_->witness(spec.index);
    devices_.push_back(std::make_unique<Device>(std::move(spec), environment));
    if (observer_ != nullptr) observer_->attach(*devices_.back());
    devices_.back()->boot(kStart);
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    for (std::size_t rank = 0; rank < plan.steps[i].devices.size(); ++rank) {
      add_process(plan.steps[i], i, rank);
    }
  }
}

void Worker::add_process(const Step& step, std::size_t step_index, std::size_t rank) {
  Device& device = *devices_[step.devices[rank]];
  const auto& name = device.spec().name;
  Process process{
      .step = &step,
      .device = &device,
      .base = kStart + step.schedule.at,
      .phase = static_cast<double>(rank) / static_cast<double>(step.devices.size()),
      .times = RandomStream(plan_.seed, name, fmt::format("step {} times", step_index)),
      .values = RandomStream(plan_.seed, name, fmt::format("step {} values", step_index))};
  SimTime first = process.base;
  const Schedule& when = step.schedule;
  if (when.kind == Schedule::Kind::kConstant) first = constant_time(when, process.phase, 0);
  if (when.kind == Schedule::Kind::kPoisson) {
    first +=
        SimDuration(static_cast<std::int64_t>(process.times.exponential(1e9 / when.per_second)));
    process.base = first;
  }
  if (when.kind == Schedule::Kind::kEvery && when.jitter.count() > 0) {
    first += SimDuration(static_cast<std::int64_t>(
        process.times.below(static_cast<std::uint64_t>(when.jitter.count()))));
  }
  processes_.push_back(process);
  ++live_;
  schedule(processes_.size() - 1, first);
}

void Worker::schedule(std::size_t index, SimTime at) {
  Process& process = processes_[index];
  const Schedule& when = process.step->schedule;
  const bool over =
      process.occurrence >= when.count || at >= end_ || at.time_since_epoch() >= when.until;
  if (over) {
    --live_;
    return;
  }
  const std::uint32_t device = process.device->spec().index;
  scheduler_.schedule(at, device, process.device->next_sequence(),
                      Event{.device = device, .data = index});
}

void Worker::schedule_next(std::size_t index) {
  Process& process = processes_[index];
  const Schedule& when = process.step->schedule;
  ++process.occurrence;
  switch (when.kind) {
    case Schedule::Kind::kOnce:
      --live_;
      return;
    case Schedule::Kind::kConstant:
      schedule(index, constant_time(when, process.phase, process.occurrence));
      return;
    case Schedule::Kind::kPoisson:
      process.base +=
          SimDuration(static_cast<std::int64_t>(process.times.exponential(1e9 / when.per_second)));
      schedule(index, process.base);
      return;
    case Schedule::Kind::kEvery: {
      process.base += when.interval;
      SimTime at = process.base;
      if (when.jitter.count() > 0) {
        at += SimDuration(static_cast<std::int64_t>(
            process.times.below(static_cast<std::uint64_t>(when.jitter.count()))));
      }
      schedule(index, std::max(at, now_));
      return;
    }
  }
}

SimTime Worker::next_time() const {
  const SimTime next = scheduler_.next_time();
  return next < end_ ? next : kNever;
}

SimTime Worker::run_next() {
  now_ = scheduler_.next_time();
  const Event event = scheduler_.pop();
  last_was_stimulus_ = event.subsystem == Event::kStimulus;
  if (!last_was_stimulus_) {
    if (observer_ != nullptr) observer_->begin_timer(event.device, event.cause);
    devices_[event.device]->run(now_, event);
    return now_;
  }
  ++counts_.executed;
  execute(processes_[event.data]);
  schedule_next(event.data);
  return now_;
}

void Worker::abandon(SimTime until) {
  while (next_time() <= until && next_time() != kNever) {
    now_ = scheduler_.next_time();
    const Event event = scheduler_.pop();
    if (event.subsystem != Event::kStimulus) continue;
    ++counts_.missed;
    schedule_next(event.data);
  }
}

void Worker::execute(Process& process) {
  if (observer_ != nullptr) {
    const auto step = static_cast<std::size_t>(process.step - plan_.steps.data());
    observer_->begin_step(process.device->spec().index, step, now_);
  }
  std::visit([&](const auto& stimulus) { perform(process, stimulus); }, process.step->stimulus);
}

void Worker::perform(Process& process, const CliStimulus& stimulus) {
  const auto output = process.device->type_lines(now_, stimulus.lines);
  if (console_) console_(now_, process.device->spec().name, output.text);
}

void Worker::perform(Process& process, const PacketStimulus& stimulus) {
  const InterfaceTable& interfaces = process.device->tables().interfaces;
  const bool known = process.in != kNoInterface && interfaces[process.in].nameif == stimulus.in;
  if (!known) process.in = interfaces.find_nameif(stimulus.in);
  auto extras = std::move(packet_.extras);
  extras.clear();
  packet_ = Packet{};
  packet_.extras = std::move(extras);
  packet_.in = process.in;
  for (const auto& field : stimulus.fields) {
    const FieldValue& value = field.generator.next(process.values, process.occurrence, scratch_);
    field.field->set(packet_, value, field.field->extra);
  }
  process.device->receive(now_, packet_);
}

void Worker::perform(Process& process, const WorldStimulus& stimulus) {
  process.device->happen(now_, *stimulus.event, stimulus.arguments);
}

void Worker::perform(Process& process, const EmitStimulus& stimulus) {
  FieldValues values(stimulus.type->fields().size());
  for (const auto& field : stimulus.fields) {
    values[field.field] = field.generator.next(process.values, process.occurrence, scratch_);
  }
  const DynamicMessage message(*stimulus.type, std::move(values));
  process.device->emit(now_, message.message());
}

}  // namespace asaemu
