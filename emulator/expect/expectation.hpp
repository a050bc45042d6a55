// What a scenario expects of its messages: `expect:`.
#pragma once

#include "emulator/yaml/faults.hpp"
#include "model/base/field.hpp"
#include "model/base/time.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asaemu {

/// Which messages are meant: those that are of one of the types, on one of the devices, in the
/// time, of the steps and with the fields. Only messages that passed the device's filters count.
struct MessageMatch {
  std::vector<std::size_t> types;  ///< catalogue indexes, rising; empty means all
  std::string label;               ///< of the step that caused it; empty means any
  /// Fields and the texts that each may have, as the message prints them.
  std::vector<std::pair<std::string, std::vector<std::string>>> fields;
  std::optional<unsigned> severity;
};

/// One entry of `expect:`.
struct Expectation {
  Position position;
  std::string text;  ///< as a person would say it: `401004 at least 3 times`
  MessageMatch what;
  std::vector<bool> devices;  ///< by place in the plan; empty means all
  SimDuration from{};
  SimDuration until = SimDuration::max();  ///< the first instant that does not count

  std::optional<std::uint64_t> at_least;
  std::optional<std::uint64_t> at_most;  ///< in all, or with `per` in any such time on one device
  std::optional<SimDuration> per;

  /// Each time a step with this label occurs, or such a message comes, what is meant must follow on
  /// the same device within the time, or with `never` must not.
  std::string after_label;
  std::vector<std::size_t> after_types;
  std::optional<SimDuration> within;
  bool is_forbidden = false;  ///< `never` beside `after`

  /// First messages of each entry come in this order on each device that has any of them.
  std::vector<std::vector<std::size_t>> order;

  std::optional<SimDuration> gap_at_least;  ///< between neighbours on one device
  std::optional<SimDuration> gap_at_most;

  [[nodiscard]] bool has_after() const { return !after_label.empty() || !after_types.empty(); }
  /// Whether it can only be judged when the scenario has run to its end.
  [[nodiscard]] bool needs_end() const { return at_least.has_value() || !order.empty(); }
};

}  // namespace asaemu
