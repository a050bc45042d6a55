#include "emulator/run/progress.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace asaemu {

namespace {

constexpr std::chrono::milliseconds kRefresh{200};

struct Sums {
  std::uint64_t messages = 0;
  std::uint64_t dropped = 0;
};

Sums sum_of(const Worker& worker) {
  Sums sums;
  for (const auto& device : worker.devices()) {
    sums.messages += device->account().logged;
    for (const auto& destination : device->account().destinations) {
      sums.dropped += destination.dropped_queue + destination.dropped_error;
    }
  }
  return sums;
}

}  // namespace

Progress::Progress(bool quiet) : enabled_(!quiet && isatty(STDERR_FILENO) == 1) {}

void Progress::update(const Worker& worker, Pacer::WallClock::time_point now, SimTime end,
                      std::chrono::nanoseconds lateness) {
  if (!enabled_ || now - last_ < kRefresh) return;
  const Sums sums = sum_of(worker);
  const double passed = std::chrono::duration<double>(now - last_).count();
  const double per_second =
      drawn_ ? static_cast<double>(sums.messages - last_messages_) / passed : 0;
  const auto second = [](SimTime at) {
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch());
  };
  const std::string of = end == kNever ? "" : " of " + to_string(SimDuration(second(end)));
  fmt::print(stderr, "\r\033[K{}{}  {} messages  {:.0f}/s  late {:.1f} ms  {} dropped",
             to_string(SimDuration(second(worker.now()))), of, sums.messages, per_second,
             static_cast<double>(lateness.count()) / 1e6, sums.dropped);
  std::fflush(stderr);
  drawn_ = true;
  last_ = now;
  last_messages_ = sums.messages;
}

void Progress::finish() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
}

}  // namespace asaemu
