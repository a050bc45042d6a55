#include "model/device.hpp"

namespace asaemu {

Device::Device(DeviceSpec spec, const DeviceEnvironment& environment)
    : spec_(std::move(spec)), environment_(environment), saved_config_(spec_.config) {
  for (const auto& type : registry().types()) {
    streams_.emplace_back(spec_.seed, spec_.name, type.name);
  }
}

Device::~Device() = default;

void Device::make_subsystems() {
  subsystems_.clear();
  on_path_.clear();
  auto state = std::make_unique<DeviceState>();
  if (state_ != nullptr) {
    state->clock = state_->clock;
    state->flash = std::move(state_->flash);
  }
  state_ = std::move(state);
  state_->identity.hostname = spec_.name;
  Claims claims(*state_, keepsakes_, spec_.options, *spec_.platform);
  for (const auto& type : registry().types()) {
    claims.begin(subsystems_.size());
    subsystems_.push_back(type.make(claims));
  }
  for (const auto& stage : registry().path()) {
    on_path_.push_back(subsystems_[stage.subsystem].get());
  }
  logging_ = static_cast<Logging*>(subsystems_[logging_subsystem()].get());
  logging_->attach({.catalogue = environment_.catalogue,
                    .outlets = environment_.outlets,
                    .message_counts = environment_.message_counts,
                    .account = &account_,
                    .device = spec_.name,
                    .index = spec_.index,
                    .witness = environment_.witness});
}

void Device::boot(SimTime now) {
  ++generation_;
  phase_ = Phase::kBooting;
  make_subsystems();
  read_config(now);
  typed_config_.clear();
  phase_ = Phase::kRunning;
  const Booted booted;
  publish(now, Booted::kKind, &booted);
  finish_request(now);
}

void Device::receive(SimTime now, Packet& packet) {
  if (phase_ != Phase::kRunning || packet.in == kNoInterface) return;
  packet.out = state_->routes.lookup(packet.destination, state_->interfaces);
  const auto& path = registry().path();
  for (std::size_t i = 0; i < path.size(); ++i) {
    Context context(*this, now, path[i].subsystem);
    const Verdict verdict = path[i].handler(*on_path_[i], context, packet);
    if (verdict == Verdict::kPass) continue;
    if (verdict != Verdict::kConsume) {
      state_->interfaces[packet.in].traffic.note(now, TrafficMeter::kDropped, packet.length);
    }
    break;
  }
  finish_request(now);
}

void Device::look_at_collectors(SimTime now) {
  if (phase_ != Phase::kRunning) return;
  Context context(*this, now, logging_subsystem());
  logging_->look_at_collectors(context);
}

std::size_t Device::drain_lines(SimTime now) {
  return phase_ == Phase::kRunning ? logging_->drain(calendar(now)) : 0;
}

void Device::happen(SimTime now, const WorldEvent& event, const Arguments& arguments) {
  if (phase_ != Phase::kRunning && !event.reaches_dark_device) return;
  Context context(*this, now, event.subsystem);
  event.handler(*subsystems_[event.subsystem], context, arguments);
  finish_request(now);
}

void Device::run(SimTime now, const Event& event) {
  if (event.generation != generation_) return;
  if (event.subsystem == Event::kDevice) {
    boot(now);
    return;
  }
  Context context(*this, now, event.subsystem);
  subsystems_[event.subsystem]->on_timer(context, event.tag, event.data);
  finish_request(now);
}

void Device::log(SimTime now, std::size_t message_index, const std::byte* fields) {
  if (rehearsal_ != nullptr) {
    note_rehearsed(message_index, fields);
    return;
  }
  // A booting device has no interface up to send through (asa-behaviour A.11).
  if (phase_ != Phase::kRunning) return;
  logging_->log(now, calendar(now), spec_.release, message_index, fields);
  if (!logging_->has_news()) [[likely]]
    return;
  Context context(*this, now, logging_subsystem());
  logging_->attend(context);
}

TimerHandle Device::schedule(SimTime at, std::uint16_t subsystem, std::uint16_t tag,
                             std::uint64_t data) {
  if (rehearsal_ != nullptr) return {};
  return environment_.scheduler->schedule(
      at, spec_.index, next_sequence(),
      Event{.device = spec_.index,
            .subsystem = subsystem,
            .tag = tag,
            .generation = generation_,
            .data = data,
            .cause = environment_.witness != nullptr ? environment_.witness->cause : 0});
}

bool Device::cancel(TimerHandle handle) {
  if (rehearsal_ != nullptr) return environment_.scheduler->is_pending(handle);
  return environment_.scheduler->cancel(handle);
}

void Device::publish(SimTime now, EventKind kind, const void* event) {
  for (const auto& listener : registry().listeners(kind)) {
    // Logging alone hears nothing of a rehearsal.
    if (rehearsal_ != nullptr && listener.subsystem == logging_subsystem()) continue;
    Context context(*this, now, listener.subsystem);
    listener.handler(acting(listener.subsystem), context, event);
  }
}

void Device::request(SimTime, DeviceRequest request) {
  if (rehearsal_ == nullptr) request_ = request;
}

RandomStream& Device::random(std::uint16_t subsystem) {
  return streams_[subsystem];
}

/// The device restarts. Timers set before are void, those of the boot to come are not.
void Device::schedule_boot(SimTime now) {
  ++generation_;
  schedule(now + spec_.options.get<SimDuration>(kBootTimeOption), Event::kDevice, 0, 0);
}

void Device::publish_shutdown(SimTime now) {
  if (phase_ != Phase::kRunning) return;
  const ShuttingDown shutdown;
  publish(now, ShuttingDown::kKind, &shutdown);
}

/// What a subsystem asked of the device, carried out when the call has ended.
void Device::finish_request(SimTime now) {
  if (!request_) return;
  const DeviceRequest request = *request_;
  request_.reset();
  const ConfigurationSaved saved;
  switch (request) {
    case DeviceRequest::kSaveConfiguration:
      saved_config_ += typed_config_;
      typed_config_.clear();
      output_ += describe_save(saved_config_);
      publish(now, ConfigurationSaved::kKind, &saved);
      return;
    case DeviceRequest::kPowerOn:
      if (is_powered_) return;
      is_powered_ = true;
      schedule_boot(now);
      return;
    case DeviceRequest::kPowerOff:
      publish_shutdown(now);
      is_powered_ = false;
      ++generation_;
      break;
    case DeviceRequest::kReload:
      if (phase_ != Phase::kRunning) return;
      publish_shutdown(now);
      schedule_boot(now);
      break;
  }
  phase_ = Phase::kOff;
  session_ = {kExecMode, 0};
}

}  // namespace asaemu
