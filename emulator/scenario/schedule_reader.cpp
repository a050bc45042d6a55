#include "emulator/scenario/schedule_reader.hpp"

#include "emulator/scenario/shape_reader.hpp"
#include "emulator/scenario/values.hpp"
#include "emulator/yaml/mapping_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace asaemu {

namespace {

constexpr std::uint64_t kCountMax = 1'000'000'000'000;
constexpr SimDuration kIntervalMin{static_cast<std::int64_t>(1e9 / kRateMax)};

/// `every: 10s` or `every: {interval: 10s, jitter: 2s}`.
void read_every(const Node& node, Schedule& schedule, const Scope& scope) {
  const Node* interval = &node;
  const Node* jitter = nullptr;
  if (node.is_mapping()) {
    MappingReader reader(node, "every", scope.faults());
    interval = reader.required("interval");
    jitter = reader.optional("jitter");
    reader.finish();
  }
  schedule.kind = Schedule::Kind::kEvery;
  std::optional<SimDuration> length;
  if (interval != nullptr) length = read_duration(scope, *interval, "every");
  if (length && *length < kIntervalMin) {
    scope.complain(*interval,
                   fmt::format("every is {}; at least {} must lie between two occurrences",
                               to_string(*length), to_string(kIntervalMin)));
  }
  schedule.interval = length.value_or(SimDuration::zero());
  if (jitter == nullptr) return;
  const auto delay = read_duration(scope, *jitter, "jitter");
  if (delay && length && *delay > *length) {
    scope.complain(*jitter, fmt::format("jitter is {}; it can be at most the interval, {}",
                                        to_string(*delay), to_string(*length)));
  }
  schedule.jitter = delay.value_or(SimDuration::zero());
}

/// `until` or `for`.
void read_end(const ScheduleNodes& nodes, SimDuration offset, Schedule& schedule,
              const Scope& scope) {
  if (nodes.until != nullptr && nodes.length != nullptr) {
    scope.complain(*nodes.length, "a step has until or for, not both");
    return;
  }
  const Node* node = nodes.until != nullptr ? nodes.until : nodes.length;
  if (node == nullptr) return;
  const auto end = read_duration(scope, *node, nodes.until != nullptr ? "until" : "for");
  if (!end) return;
  schedule.until = (nodes.until != nullptr ? offset : schedule.at) + *end;
  if (schedule.at >= schedule.until) {
    const SimDuration at = schedule.at - offset;
    scope.complain(*node, nodes.until != nullptr
                              ? fmt::format("until is {}; it must lie after at, {}",
                                            to_string(*end), to_string(at))
                              : std::string("for is 0s; it must be longer"));
  }
}

/// Whether all keys that are there make sense together.
void check(const ScheduleNodes& nodes, bool has_end, const Scope& scope) {
  const Node* repeating = nodes.rate != nullptr ? nodes.rate : nodes.every;
  const bool ends = nodes.until != nullptr || nodes.length != nullptr || nodes.count != nullptr;
  if (nodes.rate != nullptr && nodes.every != nullptr) {
    scope.complain(*nodes.every, "a step has rate or every, not both");
  }
  if (repeating != nullptr && !ends && !has_end) {
    scope.complain(*repeating,
                   fmt::format("this step never ends; give it until, for or count, or give "
                               "the scenario a duration"));
  }
  if (repeating != nullptr) return;
  const std::array<std::pair<std::string_view, const Node*>, 3> only_repeating{
      {{"until", nodes.until}, {"for", nodes.length}, {"count", nodes.count}}};
  for (const auto& [key, node] : only_repeating) {
    if (node != nullptr) {
      scope.complain(*node,
                     fmt::format("{} says when a repeated step ends; this one happens once, give "
                                 "it rate or every",
                                 key));
    }
  }
}

}  // namespace

std::optional<SimDuration> read_at(const Node* at, const Node& step, SimDuration offset,
                                   const Scope& scope) {
  std::optional<SimDuration> time = SimDuration::zero();
  if (at != nullptr) time = read_duration(scope, *at, "at");
  if (!time) return std::nullopt;
  if (*time + offset <= kLatest) return *time + offset;
  scope.complain(at != nullptr ? *at : step,
                 "this would begin later than 100 years after the start");
  return std::nullopt;
}

std::optional<Schedule> read_schedule(const ScheduleNodes& nodes, const Node& step,
                                      SimDuration offset, bool has_end, const Scope& scope) {
  const std::size_t faults_before = scope.faults().size();
  Schedule schedule;
  const auto at = read_at(nodes.at, step, offset, scope);
  schedule.at = at.value_or(offset);
  check(nodes, has_end, scope);
  if (nodes.rate != nullptr) read_rate_shape(*nodes.rate, nodes.source, schedule, scope);
  if (nodes.every != nullptr) read_every(*nodes.every, schedule, scope);
  if (schedule.kind != Schedule::Kind::kOnce) schedule.until = kLatest;
  if (at) read_end(nodes, offset, schedule, scope);
  if (nodes.count != nullptr) {
    schedule.count = read_whole(scope, *nodes.count, "count", 1, kCountMax).value_or(1);
  }
  if (scope.faults().size() > faults_before) return std::nullopt;
  return schedule;
}

}  // namespace asaemu
