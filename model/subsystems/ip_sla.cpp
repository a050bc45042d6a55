// IP SLA monitor: echo probes to a target, scheduled on the device's clock.
//
// Scope: sla monitor N with its type and numbers, sla monitor schedule, their `no` forms; targets as the
//   world event `sla-target` has them; messages 422004 to 422006; show sla monitor configuration and
//   operational-state.
// Limitations: only echo probes exist; no track objects and no tracked routes. A clock that shows a date
//   before the year 2000 counts as not set: that is what a device without battery or time server shows.
//   The words after the probe's number in 422006 and the event number in 422004 are inferred. A
//   schedule's ageout and recurrence are accepted.
// State: operations, at most kOperationBound. Probes are not simulated one by one: what they found is
//   worked out when somebody asks; the only timer ends the destruction of an operation whose probe is
//   under way. Targets are the world's and outlive a reload.
// Validation: defaults and show layouts against the command reference; none for the messages.
// References: asa-behaviour F (IP SLA); syslog guide 422004 to 422006.
#include "messages/ip_sla.hpp"

#include "model/base/bounded_table.hpp"
#include "model/base/calendar_text.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/sla_operations.hpp"

#include <fmt/format.h>

namespace asaemu {

namespace {

using namespace std::chrono_literals;
using Start = SlaSchedule::Start;

constexpr std::size_t kOperationBound = 500;
constexpr std::size_t kTargetBound = 500;
constexpr Mode kMonitorMode{"config-sla-monitor"};
constexpr Mode kEchoMode{"config-sla-monitor-echo"};
/// The event that destroys an operation (inferred).
constexpr std::uint64_t kDestroyEvent = 3;
/// A device that shows an earlier time was never told the right one.
constexpr CalendarTime kClockSet = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

struct SlaTarget {
  bool answers = true;
  SimDuration round_trip = 20ms;
};

struct FarEnds {
  BoundedTable<IpAddress, SlaTarget> targets{kTargetBound};
};

class IpSla final : public Subsystem {
 public:
  explicit IpSla(Claims& claims) : far_ends_(claims.kept<FarEnds>()) {}

  static void declare(Declarations<IpSla>& declare);

 private:
  void enter(Context& context, const Arguments& arguments);
  void destroy(Context& context, const Arguments& arguments);
  void set_type(Context& context, const Arguments& arguments);
  void set_number(Context& context, const Arguments& arguments);
  void set_schedule(Context& context, const Arguments& arguments);
  void clear_schedule(Context& context, const Arguments& arguments);
  void on_target(Context& context, const Arguments& arguments);
  void on_booted(Context& context, const Booted&) { schedule_all(context); }
  void on_clock(Context& context, const ClockChanged&) { schedule_all(context); }
  void on_timer(Context& context, std::uint16_t tag, std::uint64_t data) override;
  void show_configuration(Context& context, const Arguments& arguments);
  void show_state(Context& context, const Arguments& arguments);

  SlaOperation* configured(Context& context, const Arguments& arguments);
  void schedule_all(Context& context);
  static void schedule(Context& context, SlaOperation& operation);
  static void refuse(Context& context, SlaOperation& operation, std::string_view error);
  [[nodiscard]] SlaTarget target_of(const SlaOperation& operation) const;
  [[nodiscard]] SimTime end_of_probe(const SlaOperation& operation, SimTime now) const;

  static bool is_clock_set(Context& context) { return context.calendar() >= kClockSet; }

  BoundedTable<std::uint64_t, SlaOperation> operations_{kOperationBound};
  FarEnds& far_ends_;
};

void IpSla::declare(Declarations<IpSla>& declare) {
  static constexpr std::array<std::string_view, 2> kStates{"answering", "silent"};
  declare.config<&IpSla::enter>("sla monitor <number:operation:1-2147483647>",
                                "Configure an SLA operation");
  declare.config<&IpSla::destroy>("no sla monitor <number:operation:1-2147483647>",
                                  "Destroy an SLA operation");
  declare.command<&IpSla::set_type>(
      kMonitorMode, "type echo protocol ipIcmpEcho <ip:target> interface <nameif:interface>",
      "Choose what is probed");
  declare.command<&IpSla::set_number>(
      kEchoMode,
      "{frequency <number:frequency:1-604800>|timeout <number:timeout:0-604800000>"
      "|threshold <number:threshold:0-2147483647>|num-packets <number:packets:1-100>"
      "|request-data-size <number:size:0-16384>|tos <number:tos:0-255>}",
      "Set how it is probed");
  declare.config<&IpSla::set_schedule>(
      "sla monitor schedule <number:operation:1-2147483647> "
      "[life {forever|<number:life:0-2147483647>}] "
      "start-time {now|pending|after <word:after>|<word:time> [<word:first> <word:second>]} "
      "[ageout <number:ageout:0-2073600>] [recurring]",
      "Say when an operation runs");
  declare.config<&IpSla::clear_schedule>("no sla monitor schedule <number:operation:1-2147483647>",
                                         "Stop an operation");
  declare.exec<&IpSla::show_configuration>(
      "show sla monitor configuration [<number:operation:1-2147483647>]",
      "Show how operations are configured");
  declare.exec<&IpSla::show_state>(
      "show sla monitor operational-state [<number:operation:1-2147483647>]",
      "Show what operations found");
  declare.world<&IpSla::on_target>(
      "sla-target", "a host that probes are sent to answers or falls silent",
      {{FieldDef{.name = "sla-target", .kind = FieldKind::kIp}, "its address"},
       {FieldDef{.name = "state", .kind = FieldKind::kOneOf, .choices = kStates},
        "whether it answers"}});
  declare.on<&IpSla::on_booted>();
  declare.on<&IpSla::on_clock>();
}

void IpSla::enter(Context& context, const Arguments& arguments) {
  const auto number = arguments.get<std::uint64_t>("operation");
  SlaOperation* operation = operations_.find(number);
  if (operation != nullptr && (operation->schedule || operation->is_being_destroyed)) {
    context.print(
        "ERROR: Entry already running and cannot be modified\n"
        "       Only can delete (no) and start over\n");
    return;
  }
  if (operation == nullptr) {
    operation = operations_.insert(number, SlaOperation{});
    if (operation == nullptr) {
      context.print("ERROR: Maximum number of SLA operations reached\n");
      return;
    }
    operation->number = number;
  }
  context.enter_mode(kMonitorMode, number);
}

/// The operation goes at once, or when the probe that is under way has ended; a second request before
/// that is a duplicate.
void IpSla::destroy(Context& context, const Arguments& arguments) {
  SlaOperation* operation = configured(context, arguments);
  if (operation == nullptr) return;
  const std::uint64_t number = operation->number;
  if (operation->is_being_destroyed) {
    context.emit(msg::SlaDuplicateEvent{.operation = number, .event = kDestroyEvent});
    return;
  }
  const bool is_active = operation->is_active(context.now());
  const SimTime end = is_active ? end_of_probe(*operation, context.now()) : context.now();
  if (end <= context.now()) {
    operations_.erase(number);
    return;
  }
  operation->is_being_destroyed = true;
  operation->destruction = context.after(end - context.now(), 0, number);
}

/// The operation that a line is about; nullptr, and said so, if there is none.
SlaOperation* IpSla::configured(Context& context, const Arguments& arguments) {
  const auto number = arguments.get<std::uint64_t>("operation");
  SlaOperation* operation = operations_.find(number);
  if (operation == nullptr) {
    context.print(fmt::format("ERROR: Entry {} is not configured\n", number));
  }
  return operation;
}

void IpSla::set_type(Context& context, const Arguments& arguments) {
  SlaOperation* operation = operations_.find(context.mode_object());
  if (operation == nullptr) return;
  operation->target = arguments.get<IpAddress>("target");
  operation->interface = arguments.get<std::string>("interface");
  context.enter_mode(kEchoMode, operation->number);
}

void IpSla::set_number(Context& context, const Arguments& arguments) {
  SlaOperation* operation = operations_.find(context.mode_object());
  if (operation == nullptr) return;
  const auto number = [&](std::string_view name, std::uint64_t otherwise) {
    return arguments.get_or<std::uint64_t>(name, otherwise);
  };
  if (arguments.has("frequency"))
    operation->frequency = std::chrono::seconds(number("frequency", 1));
  if (arguments.has("timeout"))
    operation->timeout = std::chrono::milliseconds(number("timeout", 0));
  if (arguments.has("threshold")) {
    operation->threshold = std::chrono::milliseconds(number("threshold", 0));
  }
  operation->packets = number("packets", operation->packets);
  operation->size = number("size", operation->size);
  operation->tos = number("tos", operation->tos);
}

void IpSla::set_schedule(Context& context, const Arguments& arguments) {
  SlaOperation* operation = configured(context, arguments);
  if (operation == nullptr) return;
  SlaSchedule schedule;
  if (const auto* life = arguments.find<std::uint64_t>("life")) {
    schedule.life = std::chrono::seconds(*life);
  } else if (!arguments.has("forever")) {
    schedule.life = 1h;
  }
  if (arguments.has("now")) {
    schedule.start = Start::kNow;
  } else if (const auto* after = arguments.find<std::string>("after")) {
    const auto wait = parse_field(FieldDef{.name = "after", .kind = FieldKind::kDuration}, *after);
    if (!wait) {
      context.print("ERROR: Invalid time\n");
      return;
    }
    schedule.start = Start::kAfter;
    schedule.after = std::get<SimDuration>(*wait);
  } else if (const auto* time = arguments.find<std::string>("time")) {
    schedule.start = Start::kAt;
    schedule.time = *time;
    schedule.first = arguments.get_or<std::string>("first", {});
    schedule.second = arguments.get_or<std::string>("second", {});
  }
  operation->schedule = std::move(schedule);
  operation->begin.reset();
  if (context.is_booting()) return;
  if (is_clock_set(context)) {
    IpSla::schedule(context, *operation);
  } else {
    context.emit(msg::SlaClockNotSet{});
  }
}

void IpSla::clear_schedule(Context& context, const Arguments& arguments) {
  SlaOperation* operation = configured(context, arguments);
  if (operation == nullptr) return;
  operation->schedule.reset();
  operation->begin.reset();
}

/// Schedules what is not scheduled yet, or whose beginning the clock's change has moved.
void IpSla::schedule_all(Context& context) {
  bool is_waiting = false;
  for (SlaOperation& operation : operations_) {
    if (!operation.schedule || operation.is_active(context.now())) continue;
    const bool has_run = operation.begin && *operation.begin <= context.now();
    if (has_run || operation.schedule->start == Start::kPending) continue;
    if (!is_clock_set(context)) {
      is_waiting = true;
      operation.begin.reset();
      continue;
    }
    if (operation.begin && operation.schedule->start == Start::kAfter) continue;
    schedule(context, operation);
  }
  if (is_waiting) context.emit(msg::SlaClockNotSet{});
}

/// Works out when the operation begins, or says why it does not.
void IpSla::schedule(Context& context, SlaOperation& operation) {
  const SlaSchedule& plan = *operation.schedule;
  operation.begin.reset();
  if (plan.start == Start::kPending) return;
  if (plan.start != Start::kAt) {
    operation.begin = context.now() + plan.after;
    return;
  }
  const auto day = std::chrono::floor<std::chrono::days>(context.calendar());
  const std::chrono::year_month_day today(day);
  const int year = int{today.year()};
  std::optional<CalendarTime> at;
  if (plan.first.empty()) {
    static constexpr std::array<std::string_view, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    at = parse_clock(plan.time, kMonths.at(unsigned{today.month()} - 1),
                     fmt::to_string(unsigned{today.day()}), year);
  } else {
    at = parse_clock(plan.time, plan.first, plan.second, year);
  }
  if (!at) {
    refuse(context, operation, "start time is invalid");
  } else if (*at < context.calendar()) {
    refuse(context, operation, "start time has already passed");
  } else {
    operation.begin = context.now() + (*at - context.calendar());
  }
}

/// The probe is not scheduled; it is not tried again until somebody schedules it anew.
void IpSla::refuse(Context& context, SlaOperation& operation, std::string_view error) {
  operation.schedule.reset();
  context.emit(msg::SlaProbeNotScheduled{.operation = operation.number, .error = error});
}

void IpSla::on_target(Context&, const Arguments& arguments) {
  const auto& address = arguments.get<IpAddress>("sla-target");
  SlaTarget* target = far_ends_.targets.find(address);
  if (target == nullptr) target = far_ends_.targets.insert(address, SlaTarget{});
  if (target != nullptr) target->answers = arguments.get<std::string>("state") == "answering";
}

SlaTarget IpSla::target_of(const SlaOperation& operation) const {
  const SlaTarget* known = far_ends_.targets.find(operation.target);
  return known != nullptr ? *known : SlaTarget{};
}

/// When the last probe has its answer, or is given up.
SimTime IpSla::end_of_probe(const SlaOperation& operation, SimTime now) const {
  const SlaTarget target = target_of(operation);
  return operation.last_probe(now) + (target.answers ? target.round_trip : operation.timeout);
}

void IpSla::on_timer(Context&, std::uint16_t, std::uint64_t data) {
  operations_.erase(data);
}

void IpSla::show_configuration(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<std::uint64_t>("operation");
  for (const SlaOperation& operation : operations_) {
    if (only != nullptr && operation.number != *only) continue;
    context.print(describe_sla_configuration(operation, context.now()));
  }
}

void IpSla::show_state(Context& context, const Arguments& arguments) {
  const auto* only = arguments.find<std::uint64_t>("operation");
  for (const SlaOperation& operation : operations_) {
    if (only != nullptr && operation.number != *only) continue;
    CalendarTime last{};
    std::optional<SimDuration> round_trip;
    if (operation.is_active(context.now())) {
      last = context.calendar() - (context.now() - operation.last_probe(context.now()));
      const SlaTarget target = target_of(operation);
      if (target.answers) round_trip = target.round_trip;
    }
    context.print(describe_sla_state(operation, context.now(), last, round_trip));
  }
}

}  // namespace

void register_ip_sla(Registry& registry);
void register_ip_sla(Registry& registry) {
  registry.add<IpSla>("ip_sla");
}

}  // namespace asaemu
