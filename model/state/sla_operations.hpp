// IP SLA operations: what is probed, when, and what `show sla monitor` prints of it.
#pragma once

#include "model/base/event_queue.hpp"
#include "model/base/ip_address.hpp"

#include <optional>
#include <string>

namespace asaemu {

/// When an operation is to run, as it was configured.
struct SlaSchedule {
  enum class Start : std::uint8_t { kNow, kPending, kAfter, kAt };
  Start start = Start::kPending;
  SimDuration after{};  ///< kAfter
  std::string time;     ///< kAt: `10:30:00`
  std::string first;    ///< month and day in either order; empty: today
  std::string second;
  std::optional<SimDuration> life;  ///< nullopt: for ever
};

struct SlaOperation {
  std::uint64_t number = 0;
  IpAddress target;
  std::string interface;  ///< nameif; empty: no `type` yet
  SimDuration frequency = std::chrono::seconds(60);
  SimDuration timeout = std::chrono::milliseconds(5000);
  SimDuration threshold = std::chrono::milliseconds(5000);
  std::uint64_t packets = 1;
  std::uint64_t size = 28;
  std::uint64_t tos = 0;

  std::optional<SlaSchedule> schedule;
  std::optional<SimTime> begin;  ///< of the first probe, maybe ahead; nullopt: not scheduled
  bool is_being_destroyed = false;
  TimerHandle destruction{};

  [[nodiscard]] bool is_active(SimTime now) const {
    return begin && *begin <= now && (!schedule->life || now - *begin < *schedule->life);
  }
  /// When the probe before `now` was sent. The operation must be active.
  [[nodiscard]] SimTime last_probe(SimTime now) const {
    return *begin + (now - *begin) / frequency * frequency;
  }
  [[nodiscard]] std::uint64_t probes(SimTime now) const {
    return static_cast<std::uint64_t>((now - *begin) / frequency) + 1;
  }
};

/// What `show sla monitor configuration` prints.
std::string describe_sla_configuration(const SlaOperation& operation, SimTime now);

/// What `show sla monitor operational-state` prints; `round_trip` is nullopt if the last probe found
/// nobody, `last` is when it was sent.
std::string describe_sla_state(const SlaOperation& operation, SimTime now, CalendarTime last,
                               std::optional<SimDuration> round_trip);

}  // namespace asaemu
