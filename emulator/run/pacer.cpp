#include "emulator/run/pacer.hpp"

#include <boost/asio/post.hpp>

#include <charconv>
#include <sys/prctl.h>

namespace asaemu {

std::optional<Speed> Speed::parse(std::string_view text) {
  if (text == "max") return Speed{1, true};
  Speed speed;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), speed.factor);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || !(speed.factor > 0) || speed.factor > 1e9) return std::nullopt;
  return speed;
}

Pacer::Pacer(Speed speed) : speed_(speed) {
  // Timers as exact as the kernel has them: the default slack of 50 us would be added to every
  // lateness.
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

Pacer::WallClock::time_point Pacer::wall_time(SimTime at) const {
  const double nanoseconds = static_cast<double>(at.time_since_epoch().count()) / speed_.factor;
  if (nanoseconds > 9e18) return WallClock::time_point::max();
  return began_ + (speed_.factor == 1.0
                       ? at.time_since_epoch()
                       : std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds)));
}

void Pacer::wait(SimTime at, std::chrono::nanoseconds longest) {
  if (speed_.is_max) return;
  const auto now = WallClock::now();
  const auto until = std::min(wall_time(at), now + longest);
  if (until <= now) return;
  bool woken = false;
  timer_.expires_at(until);
  timer_.async_wait([&woken](const boost::system::error_code&) { woken = true; });
  context_.restart();
  while (!woken) context_.run_one();
}

void Pacer::wake() {
  boost::asio::post(context_, [this] { timer_.cancel(); });
}

SimTime Pacer::due(WallClock::time_point wall) const {
  if (speed_.is_max) return kNever;
  const auto passed = wall - began_;
  if (speed_.factor == 1.0) return kStart + passed;
  return kStart + SimDuration(static_cast<std::int64_t>(static_cast<double>(passed.count()) *
                                                        speed_.factor));
}

std::chrono::nanoseconds Pacer::lateness(SimTime at, WallClock::time_point wall) const {
  if (speed_.is_max) return std::chrono::nanoseconds(0);
  return std::max(std::chrono::nanoseconds(0),
                  std::chrono::duration_cast<std::chrono::nanoseconds>(wall - wall_time(at)));
}

}  // namespace asaemu
