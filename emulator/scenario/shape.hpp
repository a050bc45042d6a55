// The shape of a load: a rate over time, its exact integral, and the inverse of that.
#pragma once

#include <vector>

namespace asaemu {

/// A rate over time, in occurrences a second; times are seconds from where the shape begins, never
/// negative. The integrals are exact: nothing is stepped through.
class Shape {
 public:
  /// A rate at a time. Two points at one time are a jump.
  struct Point {
    double at;
    double rate;
  };

  /// Straight lines from point to point; times rise from 0, rates are 0 or more. After the last
  /// point its rate goes on, or, if it repeats, the first point follows (there must be time between
  /// them).
  static Shape lines(const std::vector<Point>& points, bool repeats);
  /// `mean` plus `amplitude` (at most the mean) times the sine of the time in `period` seconds.
  static Shape sine(double mean, double amplitude, double period);

  /// The same with every rate multiplied by `factor`, more than 0.
  [[nodiscard]] Shape scaled(double factor) const;

  [[nodiscard]] double rate(double at) const;
  /// How many occurrences are expected before `at`.
  [[nodiscard]] double expected(double at) const;
  /// When so many are expected: the inverse of expected(). Infinity if there never are.
  [[nodiscard]] double when(double count) const;
  [[nodiscard]] double highest_rate() const;

 private:
  /// A straight piece of the rate.
  struct Piece {
    double begin;
    double rate;    ///< at its begin
    double slope;   ///< a second
    double before;  ///< expected before its begin
  };

  [[nodiscard]] const Piece& piece_at(double at) const;
  [[nodiscard]] double expected_once(double at) const;
  [[nodiscard]] double when_once(double count) const;
  [[nodiscard]] double when_sine(double count) const;

  std::vector<Piece> pieces_;
  double period_ = 0;      ///< 0: does not repeat
  double per_period_ = 0;  ///< expected in a period
  double mean_ = 0;        ///< of a sine, which has no pieces
  double amplitude_ = 0;
};

}  // namespace asaemu
