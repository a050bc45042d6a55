#include "emulator/expect/checker.hpp"

#include "emulator/truth/field_json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asaemu {

namespace {

/// Scores of messages that are not what is meant; conditions that hold add to kSameType.
constexpr std::uint32_t kSameFamily = 1;
constexpr std::uint32_t kSameId = 2;
constexpr std::uint32_t kSameType = 3;

bool contains(const std::vector<std::size_t>& types, std::size_t type) {
  return std::ranges::binary_search(types, type);
}

bool covers(const Expectation& expected, std::uint32_t device) {
  return expected.devices.empty() || expected.devices[device];
}

std::string when(SimTime at) {
  return to_string(at.time_since_epoch());
}

std::string times(std::uint64_t count) {
  if (count == 0) return "it never came";
  return count == 1 ? "it came once" : fmt::format("it came {} times", count);
}

bool field_fits(const MessageType& type, const std::byte* fields, const std::string& name,
                const std::vector<std::string>& wanted) {
  const auto defs = type.fields();
  const auto found = std::ranges::find(defs, name, &FieldDef::name);
  if (found == defs.end()) return false;
  const auto place = static_cast<std::size_t>(found - defs.begin());
  const auto text = field_to_string(*found, load_field(*found, fields + type.offset(place)));
  return std::ranges::find(wanted, text) != wanted.end();
}

}  // namespace

ExpectationChecker::ExpectationChecker(const Plan& plan, const Catalogue& catalogue)
    : plan_(plan),
      states_(plan.expectations.size()),
      by_type_(catalogue.size()),
      by_step_(plan.steps.size()) {
  for (std::uint32_t i = 0; i < plan.expectations.size(); ++i) {
    const Expectation& expected = plan.expectations[i];
    states_[i].devices.resize(plan.devices.size());
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
      const bool starts =
          !expected.after_label.empty() && plan.steps[step].label == expected.after_label;
      if (starts) by_step_[step].push_back(i);
    }
    const auto& types = expected.what.types;
    for (std::size_t type = 0; type < catalogue.size(); ++type) {
      auto& interests = by_type_[type];
      for (std::uint32_t place = 0; place < expected.order.size(); ++place) {
        if (contains(expected.order[place], type)) {
          interests.push_back({i, Role::kOrdered, place});
        }
      }
      if (!expected.order.empty()) continue;
      if (types.empty() || contains(types, type)) {
        interests.push_back({i, Role::kMeant});
      } else {
        const MessageDef& def = catalogue.at(type).def();
        const MessageDef& meant = catalogue.at(types.front()).def();
        if (def.id == meant.id)
          interests.push_back({i, Role::kNear, kSameId});
        else if (def.family == meant.family)
          interests.push_back({i, Role::kNear, kSameFamily});
      }
      if (contains(expected.after_types, type)) interests.push_back({i, Role::kAfter});
    }
  }
}

void ExpectationChecker::occurs(std::uint32_t device, std::size_t step, SimTime at) {
  for (const std::uint32_t index : by_step_[step]) wait_from(index, device, at);
}

void ExpectationChecker::passed(std::uint32_t device, const LoggedMessage& message,
                                std::size_t step) {
  for (const Interest& interest : by_type_[message.type->index()]) {
    switch (interest.role) {
      case Role::kMeant:
        meet(interest.expectation, device, message, step);
        break;
      case Role::kAfter:
        wait_from(interest.expectation, device, message.at);
        break;
      case Role::kOrdered:
        take_order(interest.expectation, device, message, step, interest.place);
        break;
      case Role::kNear:
        note_near(states_[interest.expectation], device, message, step, interest.place);
        break;
    }
  }
}

ExpectationChecker::Fit ExpectationChecker::fit(const Expectation& expected, std::uint32_t device,
                                                const LoggedMessage& message,
                                                std::size_t step) const {
  Fit result{kSameType, true};
  const auto condition = [&result](bool holds) {
    result.whole = result.whole && holds;
    result.score += holds ? 1 : 0;
  };
  const auto at = message.at.time_since_epoch();
  condition(covers(expected, device));
  condition(at >= expected.from && at < expected.until);
  if (!expected.what.label.empty()) {
    condition(step != kNoStep && plan_.steps[step].label == expected.what.label);
  }
  if (expected.what.severity) condition(message.severity == *expected.what.severity);
  for (const auto& [name, wanted] : expected.what.fields) {
    condition(field_fits(*message.type, message.fields, name, wanted));
  }
  return result;
}

void ExpectationChecker::meet(std::size_t index, std::uint32_t device, const LoggedMessage& message,
                              std::size_t step) {
  const Expectation& expected = plan_.expectations[index];
  State& state = states_[index];
  const Fit found = fit(expected, device, message, step);
  if (!found.whole) {
    note_near(state, device, message, step, found.score);
    return;
  }
  if (expected.has_after()) {
    PerDevice& own = state.devices[device];
    const bool waits = own.waiting_since != kNever;
    const bool in_time =
        waits && (!expected.within || message.at - own.waiting_since <= *expected.within);
    if (expected.is_forbidden && in_time) {
      violate(state, message.at,
              fmt::format("it came {} after, {}", to_string(message.at - own.waiting_since),
                          describe(device, message, step)));
    } else if (!expected.is_forbidden && waits && !in_time) {
      violate(state, own.waiting_since,
              fmt::format("nothing followed what happened at {} in time; it came {} after, {}",
                          when(own.waiting_since), to_string(message.at - own.waiting_since),
                          describe(device, message, step)));
    }
    if (!expected.is_forbidden) own.waiting_since = kNever;
    ++state.count;
    return;
  }
  ++state.count;
  if (expected.at_most && !expected.per && state.count == *expected.at_most + 1) {
    violate(state, message.at,
            fmt::format("number {} came {}", state.count, describe(device, message, step)));
  }
  PerDevice& own = state.devices[device];
  if (expected.per) {
    const auto most = static_cast<std::size_t>(*expected.at_most);
    if (own.recent.size() < most) {
      own.recent.push_back(message.at);
    } else {
      SimTime& oldest = own.recent[own.next_recent];
      if (message.at - oldest < *expected.per) {
        violate(state, message.at,
                fmt::format("number {} within {} came {}", most + 1, to_string(message.at - oldest),
                            describe(device, message, step)));
      }
      oldest = message.at;
      own.next_recent = (own.next_recent + 1) % most;
    }
  }
  if (own.last != kNever && (expected.gap_at_least || expected.gap_at_most)) {
    const SimDuration gap = message.at - own.last;
    if ((expected.gap_at_least && gap < *expected.gap_at_least) ||
        (expected.gap_at_most && gap > *expected.gap_at_most)) {
      violate(state, message.at,
              fmt::format("one came {} after the one before it, {}", to_string(gap),
                          describe(device, message, step)));
    }
  }
  own.last = message.at;
}

void ExpectationChecker::take_order(std::size_t index, std::uint32_t device,
                                    const LoggedMessage& message, std::size_t step,
                                    std::uint32_t place) {
  const Expectation& expected = plan_.expectations[index];
  State& state = states_[index];
  const auto at = message.at.time_since_epoch();
  if (!covers(expected, device) || at < expected.from || at >= expected.until) return;
  PerDevice& own = state.devices[device];
  ++state.count;
  if (place == own.next_in_order) {
    ++own.next_in_order;
  } else if (place > own.next_in_order) {
    violate(state, message.at,
            fmt::format("number {} of the order came when number {} was due, {}", place + 1,
                        own.next_in_order + 1, describe(device, message, step)));
  }
}

void ExpectationChecker::wait_from(std::size_t index, std::uint32_t device, SimTime at) {
  const Expectation& expected = plan_.expectations[index];
  const auto since_start = at.time_since_epoch();
  if (!covers(expected, device) || since_start < expected.from || since_start >= expected.until) {
    return;
  }
  State& state = states_[index];
  PerDevice& own = state.devices[device];
  if (expected.is_forbidden || own.waiting_since == kNever) {
    own.waiting_since = at;
  } else if (expected.within && at - own.waiting_since > *expected.within) {
    violate(state, own.waiting_since,
            fmt::format("nothing followed what happened at {} on {} in time",
                        when(own.waiting_since), plan_.devices[device].name));
    own.waiting_since = at;
  }
}

/// What was waited for in vain.
void ExpectationChecker::end_waits(SimTime end, bool whole) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Expectation& expected = plan_.expectations[i];
    for (std::size_t device = 0; device < states_[i].devices.size(); ++device) {
      const PerDevice& own = states_[i].devices[device];
      const bool in_order = own.next_in_order == 0 || own.next_in_order == expected.order.size();
      if (whole && !in_order) {
        violate(states_[i], end,
                fmt::format("number {} of the order never came on {}", own.next_in_order + 1,
                            plan_.devices[device].name));
      }
      if (own.waiting_since == kNever || expected.is_forbidden) continue;
      if (expected.within ? end - own.waiting_since < *expected.within : !whole) continue;
      violate(states_[i], own.waiting_since,
              fmt::format("nothing followed what happened at {} on {}{}", when(own.waiting_since),
                          plan_.devices[device].name, expected.within ? " in time" : ""));
    }
  }
}

void ExpectationChecker::note_near(State& state, std::uint32_t device, const LoggedMessage& message,
                                   std::size_t step, std::uint32_t score) {
  if (score <= state.nearest.score) return;
  state.nearest = {score, message.at, describe(device, message, step)};
}

void ExpectationChecker::violate(State& state, SimTime at, std::string what) {
  ++state.violations;
  if (at >= state.violated_at) return;
  state.violated_at = at;
  state.violation = std::move(what);
}

/// `at 31s on fw-edge by step scan (line 31): %ASA-4-401004: Shunned packet: …`
std::string ExpectationChecker::describe(std::uint32_t device, const LoggedMessage& message,
                                         std::size_t step) const {
  std::string cause;
  if (step != kNoStep) {
    const Step& one = plan_.steps[step];
    cause = one.label.empty() ? fmt::format(" by the step of line {}", one.position.line)
                              : fmt::format(" by step {} (line {})", one.label, one.position.line);
  }
  std::string text(kTextMax + kRenderSlack, '\0');
  const char* const end = render_text(*message.wording, *message.type, message.fields, text.data());
  text.resize(static_cast<std::size_t>(end - text.data()));
  return fmt::format("at {} on {}{}: %ASA-{}-{:06}: {}", when(message.at),
                     plan_.devices[device].name, cause, message.severity, message.type->id(), text);
}

std::vector<UnmetExpectation> ExpectationChecker::judge(
    const Plan& plan, std::span<ExpectationChecker* const> checkers, SimTime end, bool whole) {
  for (ExpectationChecker* checker : checkers) checker->end_waits(end, whole);
  std::vector<UnmetExpectation> unmet;
  for (std::size_t i = 0; i < plan.expectations.size(); ++i) {
    const Expectation& expected = plan.expectations[i];
    State all;
    for (const ExpectationChecker* checker : checkers) {
      const State& own = checker->states_[i];
      all.count += own.count;
      all.violations += own.violations;
      if (own.violated_at < all.violated_at) {
        all.violated_at = own.violated_at;
        all.violation = own.violation;
      }
      const bool is_nearer =
          own.nearest.score > all.nearest.score ||
          (own.nearest.score == all.nearest.score && own.nearest.at < all.nearest.at);
      if (is_nearer) all.nearest = own.nearest;
    }
    const bool too_many = expected.at_most && !expected.per && all.count > *expected.at_most;
    const bool too_few = whole && expected.at_least && all.count < *expected.at_least;
    const bool nothing = whole && !expected.order.empty() && all.count == 0;
    if (all.violations == 0 && !too_many && !too_few && !nothing) continue;
    std::string what = fmt::format("expected {}; ", expected.text);
    if (too_few || too_many || nothing) what += times(all.count);
    if (!all.violation.empty()) {
      what += (too_few || too_many || nothing ? "; " : "") + all.violation;
      if (all.violations > 1) what += fmt::format(" (and {} more)", all.violations - 1);
    }
    unmet.push_back({expected.position, std::move(what), all.nearest.text});
  }
  return unmet;
}

}  // namespace asaemu
