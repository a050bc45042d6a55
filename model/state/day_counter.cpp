#include "model/state/day_counter.hpp"

#include <algorithm>

namespace asaemu {

namespace {

constexpr SimDuration kDay = std::chrono::days(1);

}  // namespace

DayCounter::DayCounter(std::uint64_t days) : total_(std::chrono::days(std::min(days, kDaysMax))) {}

void DayCounter::start(SimTime now, CalendarTime calendar) {
  if (is_counting_) return;
  is_counting_ = true;
  activated_ = calendar;
  mark_ = now;
}

void DayCounter::halt(SimTime now) {
  used_before_ = used(now);
  used_ = run_ = {};
  is_counting_ = false;
}

void DayCounter::suspend(SimTime now) {
  const SimDuration passed = since_mark(now);
  used_ += passed;
  run_ += passed;
  mark_ = now;
  is_running_ = false;
}

void DayCounter::resume(SimTime now, CalendarTime calendar) {
  is_running_ = true;
  mark_ = now;
  if (!is_counting_) return;
  const SimDuration elapsed = calendar - activated_;
  used_ = elapsed < run_ ? total_ : std::min(elapsed, total_);
}

SimDuration DayCounter::used(SimTime now) const {
  return std::min(used_before_ + used_ + since_mark(now), total_);
}

SimDuration DayCounter::left(SimTime now) const {
  return total_ - used(now);
}

std::uint64_t DayCounter::days_left(SimTime now) const {
  return static_cast<std::uint64_t>((left(now) + kDay - SimDuration(1)) / kDay);
}

SimDuration DayCounter::until_next_day(SimTime now) const {
  const SimDuration begun = left(now) % kDay;
  return begun == SimDuration::zero() ? kDay : begun;
}

}  // namespace asaemu
