#include "emulator/run/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>

namespace asaemu {

namespace {

constexpr std::size_t kBarWidth = 20;
/// Weight of the newest rate in the one that is shown.
constexpr double kNewest = 0.3;
/// Lateness that is worth a word.
constexpr std::chrono::milliseconds kWorthSaying{10};

std::string bar(double part) {
  const auto filled = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * kBarWidth);
  return fmt::format("[{:=<{}}{: <{}}]", "", filled, "", kBarWidth - filled);
}

/// With a comma for every three digits.
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

}  // namespace

std::string progress_line(const ProgressState& state) {
  const auto whole = [](SimTime at) {
    return to_string(std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()));
  };
  std::string text = whole(state.now);
  if (state.end != kNever) {
    const double part = static_cast<double>(state.now.time_since_epoch().count()) /
                        static_cast<double>(state.end.time_since_epoch().count());
    text += fmt::format(" of {} {}", whole(state.end), bar(part));
  }
  text += fmt::format("  {} messages  {}/s", grouped(state.messages),
                      grouped(static_cast<std::uint64_t>(state.per_second)));
  if (state.lateness >= kWorthSaying) {
    text += fmt::format("  late {:.0f} ms", static_cast<double>(state.lateness.count()) / 1e6);
  }
  if (state.pending > 0) text += fmt::format("  {} waiting", grouped(state.pending));
  if (state.lost > 0) text += fmt::format("  {} LOST", grouped(state.lost));
  return text;
}

Progress::Progress(bool quiet) : enabled_(!quiet && isatty(STDERR_FILENO) == 1) {}

void Progress::update(std::span<const std::unique_ptr<Lane>> lanes,
                      Pacer::WallClock::time_point now, SimTime end) {
  if (!enabled_) return;
  const auto read = [](const auto& gauge) { return gauge.load(std::memory_order_relaxed); };
  ProgressState state;
  state.end = end;
  for (const auto& lane : lanes) {
    const Gauges& gauges = lane->gauges();
    state.now = std::max(state.now, kStart + SimDuration(read(gauges.now)));
    state.messages += read(gauges.logged);
    state.lost += read(gauges.failed) + read(gauges.dropped);
    state.pending += read(gauges.pending);
    state.lateness = std::max(state.lateness, std::chrono::nanoseconds(read(gauges.lateness)));
  }
  if (drawn_) {
    const double passed = std::chrono::duration<double>(now - last_).count();
    const double newest = static_cast<double>(state.messages - last_messages_) / passed;
    per_second_ = per_second_ == 0 ? newest : per_second_ + kNewest * (newest - per_second_);
  }
  state.per_second = per_second_;
  fmt::print(stderr, "\r\033[K{}", progress_line(state));
  std::fflush(stderr);
  drawn_ = true;
  last_ = now;
  last_messages_ = state.messages;
}

void Progress::finish() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
}

}  // namespace asaemu
