// A packet's way through the device, stage by stage: what `packet-tracer` shows.
#pragma once

#include "model/contract/packet.hpp"
#include "model/contract/packet_path.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace asaemu {

struct DeviceState;

/// What each subsystem on the path answered.
struct PacketTrace {
  struct Answer {
    PathStage stage;
    std::string_view subsystem;
    Verdict verdict = Verdict::kPass;
    std::vector<std::string> messages;  ///< it would have logged: `%ASA-4-401004: Shunned …`
  };

  std::vector<Answer> answers;  ///< in the order they were asked; the last may end the walk
  Packet packet;                ///< as it was when the walk ended
  bool found_flow = false;      ///< it belongs to a connection that was there before
  Verdict verdict = Verdict::kPass;

  /// Whether the packet, or what becomes of it, goes on or reaches the device itself.
  [[nodiscard]] bool is_allowed() const {
    return verdict == Verdict::kPass || verdict == Verdict::kConsume;
  }
};

/// The text that `packet-tracer` prints: a phase for each stage and the result. `is_detailed` names
/// every subsystem that was asked, and the messages that it would have logged.
std::string describe_trace(const PacketTrace& trace, const DeviceState& state, bool is_detailed);

}  // namespace asaemu
