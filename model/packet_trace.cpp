// How a device rehearses: a packet walks it, and nothing comes of it.
#include "model/contract/packet_trace.hpp"

#include "model/device.hpp"

#include <fmt/format.h>

namespace asaemu {

/// While it lives, the device's tables, kept objects and random streams hold copies of their values,
/// in the same places, and a copy of each subsystem acts in its stead. Values change places rather
/// than being assigned, so that afterwards every pointer into a table is as good as before.
class Device::Rehearsal {
 public:
  Rehearsal(Device& device, PacketTrace& trace)
      : device_(device),
        trace_(trace),
        state_(std::make_unique<DeviceState>(*device.state_)),
        keepsakes_(device.keepsakes_.copy()),
        streams_(device.streams_),
        actors_(device.subsystems_.size()) {
    swap();
    device_.rehearsal_ = this;
  }
  ~Rehearsal() {
    device_.rehearsal_ = nullptr;
    swap();
  }
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  Subsystem& actor(std::uint16_t subsystem) {
    auto& actor = actors_[subsystem];
    if (actor == nullptr) {
      actor = registry().types()[subsystem].copy(*device_.subsystems_[subsystem]);
      ASAEMU_ASSERT(actor != nullptr);
    }
    return *actor;
  }

  PacketTrace& trace() { return trace_; }

 private:
  void swap() {
    std::swap(*device_.state_, *state_);
    device_.keepsakes_.swap_values(keepsakes_);
    device_.streams_.swap(streams_);
  }

  Device& device_;
  PacketTrace& trace_;
  std::unique_ptr<DeviceState> state_;
  Keepsakes keepsakes_;
  std::deque<RandomStream> streams_;
  std::vector<std::unique_ptr<Subsystem>> actors_;  ///< made when first needed
};

Subsystem& Device::acting(std::uint16_t subsystem) {
  return rehearsal_ == nullptr ? *subsystems_[subsystem] : rehearsal_->actor(subsystem);
}

void Device::note_rehearsed(std::size_t message_index, const std::byte* fields) {
  auto& answers = rehearsal_->trace().answers;
  ASAEMU_ASSERT(!answers.empty());
  const MessageType& type = environment_.catalogue->at(message_index);
  const Wording& wording = type.wording(spec_.release);
  std::string text(kTextMax + kRenderSlack, '\0');
  const char* end = render_text(wording, type, fields, text.data());
  text.resize(static_cast<std::size_t>(end - text.data()));
  answers.back().messages.push_back(
      fmt::format("%ASA-{}-{}: {}", wording.severity(), type.id(), text));
}

PacketTrace Device::trace(SimTime now, const Packet& packet) {
  ASAEMU_ASSERT(phase_ == Phase::kRunning && rehearsal_ == nullptr);
  PacketTrace trace;
  trace.packet = packet;
  Packet& walker = trace.packet;
  if (walker.in == kNoInterface) {
    trace.verdict = Verdict::kDrop;
    return trace;
  }
  const Rehearsal rehearsal(*this, trace);
  trace.found_flow = state_->connections.find(packet.tuple()) != nullptr;
  walker.out = state_->routes.lookup(walker.destination, state_->interfaces);
  for (const auto& stage : registry().path()) {
    trace.answers.push_back({stage.stage, registry().types()[stage.subsystem].name, {}, {}});
    Context context(*this, now, stage.subsystem);
    trace.verdict = stage.handler(acting(stage.subsystem), context, walker);
    trace.answers.back().verdict = trace.verdict;
    if (trace.verdict != Verdict::kPass) break;
  }
  return trace;
}

}  // namespace asaemu
