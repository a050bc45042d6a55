#include "emulator/run/worker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// After the last step, timers it set off (an autonegotiation, a retry) still get this long.
constexpr SimDuration kLinger = std::chrono::seconds(10);

/// When a step has ended, as far as its schedule tells: a random rate with a count alone tells only
/// when it begins.
SimDuration end_of(const Schedule& schedule) {
  const bool is_endless = schedule.count == ~std::uint64_t{0};
  const double last = is_endless ? 0 : static_cast<double>(schedule.count - 1);
  double seconds = 0;
  switch (schedule.kind) {
    case Schedule::Kind::kEvery:
      seconds = std::chrono::duration<double>(schedule.interval).count() * last;
      break;
    case Schedule::Kind::kConstant:
      seconds = (last + 1) / schedule.per_second;
      break;
    case Schedule::Kind::kOnce:
    case Schedule::Kind::kPoisson:
    case Schedule::Kind::kShape:
    case Schedule::Kind::kHawkes:
      return is_endless && schedule.kind != Schedule::Kind::kOnce ? schedule.until : schedule.at;
  }
  if (is_endless) return schedule.until;
  constexpr double kSecondsMax = 3.2e9;
  const auto length = SimDuration(static_cast<std::int64_t>(std::min(seconds, kSecondsMax) * 1e9));
  return std::min(schedule.until, schedule.at + length);
}

SimTime end_of_steps(const Plan& plan) {
  SimDuration end{};
  for (const Step& step : plan.steps) end = std::max(end, end_of(step.schedule));
  return kStart + end;
}

}  // namespace

Worker::Worker(const Plan& plan, const Catalogue& catalogue, OutletProvider& outlets,
               CalendarTime start, SimTime end, const Share& share, Observer* observer)
    : plan_(plan),
      start_(start),
      end_(end),
      share_(share),
      observer_(observer),
      agenda_(share.size(plan.devices.size()), end),
      message_counts_(catalogue.size(), 0) {
  DeviceEnvironment environment{
      .catalogue = &catalogue, .outlets = &outlets, .message_counts = message_counts_.data()};
  devices_.reserve(share.size(plan.devices.size()));
  for (std::size_t i = share.first; i < plan.devices.size(); i += share.stride) {
    DeviceSpec spec = plan.devices[i];
    spec.start = start;
    spec.seed = plan.seed;
    environment.scheduler = &agenda_.events_of(devices_.size());
    if (observer_ != nullptr) environment.witness = &observer_->witness(spec.index);
    devices_.push_back(std::make_unique<Device>(std::move(spec), environment));
    if (observer_ != nullptr) observer_->attach(*devices_.back());
    devices_.back()->boot(kStart);
  }
  if (end == kNever) {
    steps_end_ = end_of_steps(plan);
    lives_.resize(devices_.size());
  }
  drafts_.reserve(plan.steps.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    drafts_.push_back(make_draft(plan.steps[i]));
    for (std::size_t rank = 0; rank < plan.steps[i].devices.size(); ++rank) {
      if (share_.owns(plan.steps[i].devices[rank])) add_process(plan.steps[i], i, rank);
    }
  }
  for (std::size_t slot = 0; slot < devices_.size(); ++slot) agenda_.renew(slot);
  drop_lingering();
}

/// Constants of the packet's own are set once. Fields that subsystems declared keep their order.
Worker::Draft Worker::make_draft(const Step& step) {
  Draft draft;
  const auto* stimulus = std::get_if<PacketStimulus>(&step.stimulus);
  if (stimulus == nullptr) return draft;
  RandomStream none;
  FieldValue scratch;
  for (const auto& field : stimulus->fields) {
    if (field.generator.is_constant() && field.field->subsystem.empty()) {
      field.field->set(draft.packet, field.generator.next(none, 0, scratch), field.field->extra);
    } else {
      draft.others.push_back(&field);
    }
  }
  return draft;
}

void Worker::add_process(const Step& step, std::size_t step_index, std::size_t rank) {
  const std::size_t slot = share_.slot(step.devices[rank]);
  Device& device = *devices_[slot];
  const auto& name = device.spec().name;
  const double phase = static_cast<double>(rank) / static_cast<double>(step.devices.size());
  RandomStream times(plan_.seed, name, fmt::format("step {} times", step_index));
  processes_.push_back(
      {.step = &step,
       .draft = &drafts_[step_index],
       .device = &device,
       .values = RandomStream(plan_.seed, name, fmt::format("step {} values", step_index)),
       .arrivals = Arrivals(step.schedule, phase, times, start_)});
  if (!lives_.empty()) ++lives_[slot].live;
  schedule(processes_.size() - 1, processes_.back().arrivals.first());
}

void Worker::schedule(std::size_t index, SimTime at) {
  Process& process = processes_[index];
  const Schedule& when = process.step->schedule;
  const std::uint32_t device = process.device->spec().index;
  const bool over = at == kNever || process.arrivals.occurrence() >= when.count || at >= end_ ||
                    at.time_since_epoch() >= when.until;
  if (over) {
    if (!lives_.empty()) --lives_[share_.slot(device)].live;
    return;
  }
  agenda_.events_of(share_.slot(device))
      .schedule(at, device, process.device->next_sequence(),
                Event{.device = device, .data = index});
}

/// Timers of devices whose time is over: nobody waits for a licence that expires next year. What a
/// device still does depends on the plan and itself only, not on others, so that shards agree.
void Worker::drop_lingering() {
  if (lives_.empty()) return;
  while (agenda_.next_time() != kNever) {
    const std::size_t slot = agenda_.next();
    const Life& life = lives_[slot];
    const SimTime since = std::max(life.last, steps_end_);
    if (life.live > 0 || agenda_.next_time() <= since + kLinger) return;
    agenda_.events_of(slot).pop();
    agenda_.renew(slot);
  }
}

Event Worker::take() {
  const std::size_t slot = agenda_.next();
  Scheduler& events = agenda_.events_of(slot);
  now_ = events.next_time();
  latest_ = std::max(latest_, now_);
  last_slot_ = slot;
  if (!lives_.empty()) lives_[slot].last = now_;
  return events.pop();
}

SimTime Worker::run_next() {
  const Event event = take();
  last_was_stimulus_ = event.subsystem == Event::kStimulus;
  if (last_was_stimulus_) {
    ++counts_.executed;
    Process& process = processes_[event.data];
    execute(process);
    schedule(event.data, process.arrivals.next(now_));
  } else {
    if (observer_ != nullptr) observer_->begin_timer(event.device, event.cause);
    devices_[last_slot_]->run(now_, event);
  }
  agenda_.renew(last_slot_);
  drop_lingering();
  return now_;
}

void Worker::look_at_collectors(SimTime now) {
  for (std::size_t slot = 0; slot < devices_.size(); ++slot) {
    devices_[slot]->look_at_collectors(now);
    agenda_.renew(slot);
  }
}

std::size_t Worker::drain_lines() {
  std::size_t left = 0;
  for (const auto& device : devices_) left += device->drain_lines(latest_);
  return left;
}

void Worker::abandon(SimTime until, const std::function<void(SimTime)>& on_missed) {
  agenda_.set_slice({});
  while (next_time() <= until && next_time() != kNever) {
    const Event event = take();
    if (event.subsystem == Event::kStimulus) {
      ++counts_.missed;
      if (on_missed) on_missed(now_);
      schedule(event.data, processes_[event.data].arrivals.next(now_));
    }
    agenda_.renew(last_slot_);
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
  packet_ = process.draft->packet;
  packet_.extras = std::move(extras);
  packet_.in = process.in;
  for (const auto* const field : process.draft->others) {
    const FieldValue& value =
        field->generator.next(process.values, process.arrivals.occurrence(), scratch_);
    field->field->set(packet_, value, field->field->extra);
  }
  process.device->receive(now_, packet_);
}

void Worker::perform(Process& process, const WorldStimulus& stimulus) {
  process.device->happen(now_, *stimulus.event, stimulus.arguments);
}

void Worker::perform(Process& process, const EmitStimulus& stimulus) {
  FieldValues values(stimulus.type->fields().size());
  for (const auto& field : stimulus.fields) {
    values[field.field] =
        field.generator.next(process.values, process.arrivals.occurrence(), scratch_);
  }
  const DynamicMessage message(*stimulus.type, std::move(values));
  process.device->emit(now_, message.message());
}

}  // namespace asaemu
