#include "emulator/scenario/shape.hpp"

#include "model/base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace asaemu {

namespace {

constexpr double kNeverAgain = std::numeric_limits<double>::infinity();
constexpr double kCircle = 2 * std::numbers::pi;
/// Newton's method doubles the digits with every step; the sine's slope never misleads it for long.
constexpr int kStepsMax = 64;

}  // namespace

Shape Shape::lines(const std::vector<Point>& points, bool repeats) {
  ASAEMU_ASSERT(!points.empty() && points.front().at == 0);
  Shape shape;
  double before = 0;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double width = points[i + 1].at - points[i].at;
    ASAEMU_ASSERT(width >= 0 && points[i].rate >= 0);
    if (width == 0) continue;
    const double rise = points[i + 1].rate - points[i].rate;
    shape.pieces_.push_back({points[i].at, points[i].rate, rise / width, before});
    before += (points[i].rate + points[i + 1].rate) / 2 * width;
  }
  if (repeats) {
    ASAEMU_ASSERT(points.back().at > 0);
    shape.period_ = points.back().at;
    shape.per_period_ = before;
  } else {
    shape.pieces_.push_back({points.back().at, points.back().rate, 0, before});
  }
  return shape;
}

Shape Shape::sine(double mean, double amplitude, double period) {
  ASAEMU_ASSERT(period > 0 && amplitude >= 0 && amplitude <= mean);
  Shape shape;
  shape.period_ = period;
  shape.per_period_ = mean * period;
  shape.mean_ = mean;
  shape.amplitude_ = amplitude;
  return shape;
}

Shape Shape::scaled(double factor) const {
  Shape shape = *this;
  for (Piece& piece : shape.pieces_) {
    piece.rate *= factor;
    piece.slope *= factor;
    piece.before *= factor;
  }
  shape.per_period_ *= factor;
  shape.mean_ *= factor;
  shape.amplitude_ *= factor;
  return shape;
}

const Shape::Piece& Shape::piece_at(double at) const {
  const auto after = std::ranges::upper_bound(pieces_, at, {}, &Piece::begin);
  return after == pieces_.begin() ? pieces_.front() : *(after - 1);
}

double Shape::rate(double at) const {
  if (period_ > 0) at = std::fmod(at, period_);
  if (pieces_.empty()) return mean_ + amplitude_ * std::sin(kCircle * at / period_);
  const Piece& piece = piece_at(at);
  return std::max(0.0, piece.rate + piece.slope * (at - piece.begin));
}

double Shape::highest_rate() const {
  double highest = mean_ + amplitude_;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const double end = i + 1 < pieces_.size() ? pieces_[i + 1].begin
                       : period_ > 0          ? period_
                                              : pieces_[i].begin;
    highest = std::max(
        {highest, pieces_[i].rate, pieces_[i].rate + pieces_[i].slope * (end - pieces_[i].begin)});
  }
  return highest;
}

double Shape::expected(double at) const {
  if (period_ == 0) return expected_once(at);
  const double rounds = std::floor(at / period_);
  return rounds * per_period_ + expected_once(std::max(0.0, at - rounds * period_));
}

/// Of the first period.
double Shape::expected_once(double at) const {
  if (pieces_.empty()) {
    const double angle = kCircle * at / period_;
    return mean_ * at + amplitude_ * period_ / kCircle * (1 - std::cos(angle));
  }
  const Piece& piece = piece_at(at);
  const double width = at - piece.begin;
  return piece.before + (piece.rate + piece.slope * width / 2) * width;
}

double Shape::when(double count) const {
  if (period_ == 0) return when_once(count);
  if (per_period_ <= 0) return kNeverAgain;
  double rounds = std::floor(count / per_period_);
  double rest = std::max(0.0, count - rounds * per_period_);
  if (rest >= per_period_) {
    rounds += 1;
    rest = 0;
  }
  return rounds * period_ + (pieces_.empty() ? when_sine(rest) : when_once(rest));
}

double Shape::when_once(double count) const {
  const auto after = std::ranges::upper_bound(pieces_, count, {}, &Piece::before);
  const Piece& piece = after == pieces_.begin() ? pieces_.front() : *(after - 1);
  const double missing = count - piece.before;
  if (missing <= 0) {
    const bool is_silent = piece.rate == 0 && piece.slope == 0;
    if (is_silent) return kNeverAgain;
    return piece.begin;
  }
  // The root of missing = rate x + slope x^2 / 2, in the form that does not subtract near equals.
  const double root = piece.rate * piece.rate + 2 * piece.slope * missing;
  const double divisor = piece.rate + std::sqrt(std::max(0.0, root));
  return divisor > 0 ? piece.begin + 2 * missing / divisor : kNeverAgain;
}

double Shape::when_sine(double count) const {
  double low = 0;
  double high = period_;
  double at = count / per_period_ * period_;
  for (int step = 0; step < kStepsMax; ++step) {
    const double error = expected_once(at) - count;
    (error > 0 ? high : low) = at;
    const double slope = mean_ + amplitude_ * std::sin(kCircle * at / period_);
    double next = slope > 0 ? at - error / slope : low;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (std::abs(next - at) <= 1e-12 * period_) return next;
    at = next;
  }
  return at;
}

}  // namespace asaemu
