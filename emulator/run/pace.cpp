#include "emulator/run/pace.hpp"

#include <algorithm>
#include <cmath>

namespace asaemu {

Pace::Window* Pace::window_at(std::chrono::nanoseconds at) {
  if (at.count() < 0) at = std::chrono::nanoseconds(0);
  const auto index = static_cast<std::size_t>(at / kWindow);
  if (index >= kWindowsMax) return nullptr;
  if (index >= windows_.size()) windows_.resize(index + 1);
  return &windows_[index];
}

void Pace::add(std::chrono::nanoseconds due, std::chrono::nanoseconds done) {
  lateness_.add((done - due).count());
  if (done - due > kLate) ++late_;
  if (Window* window = window_at(due)) ++window->asked;
  if (Window* window = window_at(done)) ++window->achieved;
}

void Pace::add_missed(std::chrono::nanoseconds due) {
  if (Window* window = window_at(due)) ++window->asked;
}

void Pace::add(const Pace& other) {
  lateness_.add(other.lateness_);
  late_ += other.late_;
  if (windows_.size() < other.windows_.size()) windows_.resize(other.windows_.size());
  for (std::size_t i = 0; i < other.windows_.size(); ++i) {
    windows_[i].asked += other.windows_[i].asked;
    windows_[i].achieved += other.windows_[i].achieved;
  }
}

double Pace::worst_window(std::chrono::nanoseconds end) const {
  const auto whole = static_cast<std::size_t>(std::max<std::int64_t>(0, end / kWindow));
  double worst = 0;
  for (std::size_t i = 0; i < std::min(whole, windows_.size()); ++i) {
    if (windows_[i].asked < kCountable) continue;
    const double ratio =
        static_cast<double>(windows_[i].achieved) / static_cast<double>(windows_[i].asked);
    worst = std::max(worst, std::abs(ratio - 1));
  }
  return worst;
}

bool Pace::fell_behind() const {
  if (late_ >= kCountable && late_ * 10 >= lateness_.count()) return true;
  bool was_behind = false;
  for (const Window& window : windows_) {
    const bool is_behind = window.asked >= kCountable && window.achieved * 100 < window.asked * 99;
    if (is_behind && was_behind) return true;
    was_behind = is_behind;
  }
  return false;
}

}  // namespace asaemu
