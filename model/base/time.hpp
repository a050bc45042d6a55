// Simulated time: integer nanoseconds since the scenario's start, given to the model and never read
// by it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asaemu {

/// A length of simulated time; range ±292 years.
using SimDuration = std::chrono::nanoseconds;

/// The simulation's time line. It has no now(): whoever runs the model says what time it is.
struct SimClock {
  using duration = SimDuration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SimClock>;
  static constexpr bool is_steady = true;  // NOLINT: the name that std::chrono asks for
};

/// An instant: nanoseconds since the scenario's start.
using SimTime = SimClock::time_point;

inline constexpr SimTime kStart{};
inline constexpr SimTime kNever = SimTime::max();

/// Reads `10m`, `9m30s`, `1.5s`, `250ms`, `3d`, `2h`, `20us`, `7ns`, `1w`, and nothing else: no
/// sign, each unit at most once and in falling order. nullopt if malformed or beyond 100 years.
std::optional<SimDuration> parse_duration(std::string_view text);

/// The shortest form that parse_duration() reads back: `9m30s`, `1.5ms` is printed `1ms500us`, zero
/// is `0s`.
std::string to_string(SimDuration duration);

/// Calendar time of a device: nanoseconds since 1970-01-01T00:00:00Z.
using CalendarTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Reads `2026-11-20T08:00:00Z` with an optional fraction of up to nine digits. Years 1970 to 2200.
std::optional<CalendarTime> parse_calendar(std::string_view text);

/// Length of the text that write_legacy_stamp() writes.
inline constexpr std::size_t kLegacyStampSize = 20;

/// Writes `Nov 20 2026 08:00:30` (asa-behaviour A.3: day zero-padded, year present, no
/// milliseconds).
char* write_legacy_stamp(char* out, CalendarTime time);

/// Writes `2026-11-20T08:00:30Z` (ASA `logging timestamp rfc5424`: no fraction, always Z).
char* write_rfc5424_stamp(char* out, CalendarTime time);

/// Writes `Nov 20 08:00:30 UTC`, the EMBLEM stamp: no year, zone name present.
char* write_emblem_stamp(char* out, CalendarTime time, std::string_view zone);

}  // namespace asaemu
