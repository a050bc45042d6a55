#include "emulator/run/arrivals.hpp"

#include <cmath>

namespace asaemu {

namespace {

using Kind = Schedule::Kind;

constexpr double kNanoseconds = 1e9;
/// 1970-01-01 was a Thursday.
constexpr SimDuration kMondayToEpoch = std::chrono::hours(24) * 3;
constexpr SimDuration kWeek = std::chrono::hours(24) * 7;
/// What lies later than this many seconds is beyond every scenario (100 years).
constexpr double kSecondsMax = 3.2e9;

double seconds_of(SimDuration duration) {
  return static_cast<double>(duration.count()) / kNanoseconds;
}

/// Cut to a hundred years, where every scenario has ended.
SimDuration duration_of(double nanoseconds) {
  return SimDuration(static_cast<std::int64_t>(std::min(nanoseconds, kSecondsMax * kNanoseconds)));
}

/// How far into its shape a schedule begins, in seconds.
double offset_of(const Schedule& schedule, CalendarTime start) {
  if (!schedule.is_weekly) return 0;
  return seconds_of((start.time_since_epoch() + schedule.at + kMondayToEpoch) % kWeek);
}

}  // namespace

Arrivals::Arrivals(const Schedule& schedule, double phase, RandomStream times, CalendarTime start)
    : schedule_(&schedule),
      phase_(std::fmod(phase + schedule.phase, 1.0)),
      base_(kStart + schedule.at),
      times_(times),
      offset_(offset_of(schedule, start)) {
  if (schedule.kind == Kind::kShape) {
    expected_ = schedule.shape->expected(offset_) + (schedule.is_random ? 0 : phase_);
  }
  // As if it had gone on for long before.
  excitation_ = schedule.per_second * schedule.branching;
}

SimTime Arrivals::first() {
  return current();
}

SimTime Arrivals::next(SimTime now) {
  ++occurrence_;
  if (schedule_->kind == Kind::kOnce) return kNever;
  if (schedule_->kind == Kind::kEvery) {
    base_ += schedule_->interval;
    return std::max(jittered(), now);
  }
  if (schedule_->kind == Kind::kShape && !schedule_->is_random) expected_ += 1;
  return current();
}

SimTime Arrivals::current() {
  switch (schedule_->kind) {
    case Kind::kOnce:
      break;
    case Kind::kEvery:
      return jittered();
    case Kind::kConstant: {
      // Exact to a nanosecond for a hundred days.
      const double gaps = static_cast<double>(occurrence_) + phase_;
      return base_ + duration_of(gaps * kNanoseconds / schedule_->per_second);
    }
    case Kind::kPoisson:
      base_ += duration_of(times_.exponential(kNanoseconds / schedule_->per_second));
      return base_;
    case Kind::kShape:
      return shaped();
    case Kind::kHawkes:
      return excited();
  }
  return base_;
}

SimTime Arrivals::jittered() {
  if (schedule_->jitter.count() == 0) return base_;
  const auto jitter = static_cast<std::uint64_t>(schedule_->jitter.count());
  return base_ + SimDuration(static_cast<std::int64_t>(times_.below(jitter)));
}

SimTime Arrivals::shaped() {
  if (schedule_->is_random) expected_ += times_.exponential(1);
  const double at = schedule_->shape->when(expected_) - offset_;
  if (!(at < kSecondsMax)) return kNever;
  return base_ + duration_of(std::max(0.0, at) * kNanoseconds);
}

/// The next of a Hawkes process with an exponential kernel, drawn exactly (Dassios and Zhao, 2013):
/// the earlier of the next one out of the blue and the next one that the past makes, if any.
SimTime Arrivals::excited() {
  const double per_second = 1 / seconds_of(schedule_->decay);
  const double blue = schedule_->per_second * (1 - schedule_->branching);
  double gap = times_.exponential(1 / blue);
  const double draw = times_.exponential(1) * per_second;
  if (draw < excitation_) gap = std::min(gap, -std::log1p(-draw / excitation_) / per_second);
  excitation_ = excitation_ * std::exp(-per_second * gap) + schedule_->branching * per_second;
  base_ += duration_of(gap * kNanoseconds);
  return base_;
}

double expected_occurrences(const Schedule& schedule, SimDuration end, CalendarTime start) {
  end = std::min(end, schedule.until);
  if (end <= schedule.at) return 0;
  const double length = seconds_of(end - schedule.at);
  if (schedule.kind == Kind::kShape) {
    const double offset = offset_of(schedule, start);
    return schedule.shape->expected(offset + length) - schedule.shape->expected(offset);
  }
  return schedule.per_second * length;
}

}  // namespace asaemu
