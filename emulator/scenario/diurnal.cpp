#include "emulator/scenario/diurnal.hpp"

#include <array>
#include <vector>

namespace asaemu {

namespace {

using Point = Shape::Point;

constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;
constexpr int kWeekdays = 5;
constexpr int kDays = 7;
constexpr double kWeekend = 0.4;
constexpr double kSpikeFactor = 20;
constexpr double kSpikeSeconds = 5;

/// A weekday: the hour, and the rate as a multiple of the quiet working hours'.
constexpr auto kWeekday = std::to_array<Point>({{0, 0.3},
                                                {6, 0.3},
                                                {7.5, 1.0},
                                                {8, 2.5},
                                                {9, 2.5},
                                                {9.5, 1.0},
                                                {12, 1.0},
                                                {12.25, 2.2},
                                                {13, 2.2},
                                                {13.25, 1.0},
                                                {16.75, 1.0},
                                                {17, 2.4},
                                                {18, 2.4},
                                                {18.5, 0.6},
                                                {22, 0.6},
                                                {23.5, 0.3},
                                                {24, 0.3}});

/// A weekday's spikes; the rate is the same before and after each.
constexpr auto kSpikes = std::to_array<Point>({{10.6, 1.0}, {14.2, 1.0}, {20.4, 0.6}});

double weekday_average() {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < kWeekday.size(); ++i) {
    sum += (kWeekday[i].rate + kWeekday[i + 1].rate) / 2 * (kWeekday[i + 1].at - kWeekday[i].at);
  }
  return sum / 24;
}

void add_spike(std::vector<Point>& points, double at, double usual) {
  const double high = kSpikeFactor * weekday_average();
  points.push_back({at, usual});
  points.push_back({at, high});
  points.push_back({at + kSpikeSeconds, high});
  points.push_back({at + kSpikeSeconds, usual});
}

void add_day(std::vector<Point>& points, double begin, double factor, bool has_spikes) {
  std::size_t spike = 0;
  for (const Point& point : kWeekday) {
    while (has_spikes && spike < kSpikes.size() && kSpikes[spike].at < point.at) {
      add_spike(points, begin + kSpikes[spike].at * kHour, kSpikes[spike].rate);
      ++spike;
    }
    points.push_back({begin + point.at * kHour, point.rate * factor});
  }
}

}  // namespace

Shape diurnal_shape(double mean, bool has_spikes) {
  std::vector<Point> points;
  for (int day = 0; day < kDays; ++day) {
    const bool is_weekday = day < kWeekdays;
    add_day(points, day * kDay, is_weekday ? 1 : kWeekend, has_spikes && is_weekday);
  }
  const Shape week = Shape::lines(points, true);
  return week.scaled(mean * kDays * kDay / week.expected(kDays * kDay));
}

}  // namespace asaemu
