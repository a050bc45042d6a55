// System: what is the device's own and no other subsystem's: name, modes, clock display, reload.
//
// Scope: hostname, domain-name, enable, configure terminal, exit, end, show clock [detail], write
//   memory, show running-config, reload; the device's clock (`clock set`, `clock timezone`, `clock
//   summer-time`, the world event `clock`) and power (`power`).
// Limitations: a reload is silent (the boot messages 199xxx are not modelled) and takes the option
//   `boot-time`; no passwords and no privilege levels: every session may do everything; `reload` never
//   asks back. Of what shows the clock, `show clock`, the stamps of messages and the names of saved
//   logs go by the zone; other commands show UTC. `show running-config` prints lines as they were typed,
//   keywords in full, in the order in which they first were, defaults left out; of a section that a subsystem shows
//   itself, that one is printed. The word `all` is not taken.
// State: the identity (two strings); the clock's offset, which a reload keeps; the zone.
// Validation: prompts, `write memory` and `show clock` against captured consoles (asa-behaviour G).
//   The days of summer time without dates are those of the command reference.
// References: asa-behaviour G.1, G.2; ASA command reference (clock).
#include "model/base/calendar_text.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/running_config.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace asaemu {

namespace {

constexpr std::string_view kDefaultHostname = "ciscoasa";

class System final : public Subsystem {
 public:
  explicit System(Claims& claims)
      : identity_(claims.own(&DeviceState::identity)),
        clock_(claims.own(&DeviceState::clock)),
        zone_(claims.own(&DeviceState::time_zone)) {}

  static void declare(Declarations<System>& declare) {
    declare.option(FieldDef{.name = "boot-time", .kind = FieldKind::kDuration}, "0:03:00",
                   "time a reload takes until the device forwards packets again (inferred)");
    declare.command<&System::enable>(kExecMode, "enable", "Turn on privileged commands");
    declare.exec<&System::configure>("configure terminal", "Enter configuration mode");
    declare.exec<&System::exit_session>("{exit|logout|quit}", "Leave the session");
    declare.exec<&System::show_clock>("show clock [detail]", "Show the device's clock");
    declare.exec<&System::set_clock>(
        "clock set <word:time> <word:first> <word:second> <number:year:1993-2200>",
        "Set the clock, in its zone: HH:MM:SS, then day and month in either order");
    static constexpr std::array<std::string_view, 2> kDirections{"ahead", "back"};
    declare.world<&System::on_clock>(
        "clock", "the device's clock is set ahead or back, by a person or a time server",
        {{FieldDef{.name = "clock", .kind = FieldKind::kOneOf, .choices = kDirections},
          "which way"},
         {FieldDef{.name = "by", .kind = FieldKind::kDuration}, "how far"}});
    static constexpr std::array<std::string_view, 2> kPower{"off", "on"};
    declare.world_always<&System::on_power>(
        "power", "the device loses power or gets it back; it then boots as after a reload",
        {{FieldDef{.name = "power", .kind = FieldKind::kOneOf, .choices = kPower},
          "its power supply"}});
    declare.exec<&System::write_memory>("{write memory|copy running-config startup-config}",
                                        "Keep the configuration over a reload");
    declare.exec<&System::show_config>("show running-config [<line:section>]",
                                       "Show the configuration, or the commands that begin with "
                                       "some words");
    declare.exec<&System::reload>("reload [noconfirm|quick]",
                                  "Restart the device with its startup configuration");
    declare.exec<&System::nothing>("terminal pager <number:lines:0-2147483647>",
                                   "Lines a page; output is never paged here");
    declare.config<&System::set_hostname>("hostname <word:name>", "Name the device");
    declare.config<&System::clear_hostname>("no hostname [<word:name>]",
                                            "Back to the name the device came with");
    declare.config<&System::set_domain>("{domain-name <word:name>|no domain-name [<word:was>]}",
                                        "Set the domain name");
    declare.config<&System::set_zone>(
        "clock timezone <word:zone> <word:hours> [<number:minutes:0-59>]",
        "Name the clock's zone and set how far it is ahead of UTC: -12 to 14 hours");
    declare.config<&System::clear_zone>("no clock timezone [<line:zone>]", "Return to UTC");
    declare.config<&System::set_yearly_summer>(
        "clock summer-time <word:zone> recurring [<word:week> <word:weekday> <word:month> "
        "<word:time> <word:last-week> <word:last-weekday> <word:last-month> <word:last-time>] "
        "[<number:offset:1-1440>]",
        "Put the clock ahead between two days of every year; weeks are 1 to 4, first or last");
    declare.config<&System::set_dated_summer>(
        "clock summer-time <word:zone> date <word:first> <word:second> <number:year:1993-2035> "
        "<word:time> <word:last-first> <word:last-second> <number:last-year:1993-2035> "
        "<word:last-time> [<number:offset:1-1440>]",
        "Put the clock ahead between two dates");
    declare.config<&System::clear_summer>("no clock summer-time [<line:zone>]",
                                          "Leave the clock alone in summer");
    declare.config<&System::leave_config>("{exit|quit}", "Leave configuration mode");
    declare.config<&System::end>("end", "Return to privileged mode");
  }

 private:
  void enable(Context& context, const Arguments&) { context.enter_mode(kPrivilegedMode, 0); }
  void configure(Context& context, const Arguments&) { context.enter_mode(kConfigMode, 0); }
  void leave_config(Context& context, const Arguments&) { context.leave_mode(); }
  void end(Context& context, const Arguments&) { context.enter_mode(kPrivilegedMode, 0); }
  void nothing(Context&, const Arguments&) {}

  void exit_session(Context& context, const Arguments&) {
    context.print("\nLogoff\n\n");
    context.enter_mode(kExecMode, 0);
  }

  void set_hostname(Context& context, const Arguments& arguments) {
    const auto& name = arguments.get<std::string>("name");
    const bool valid =
        name.size() <= 63 && name.find_first_not_of(
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789-_.") == std::string::npos;
    if (!valid) {
      context.print("Command not allowed\nERROR: % Invalid Hostname\n");
      return;
    }
    identity_.hostname = name;
    context.publish(HostnameChanged{});
  }

  void clear_hostname(Context& context, const Arguments&) {
    identity_.hostname = kDefaultHostname;
    context.publish(HostnameChanged{});
  }

  void set_domain(Context&, const Arguments& arguments) {
    identity_.domain_name = arguments.get_or<std::string>("name", {});
  }

  void show_clock(Context& context, const Arguments& arguments) {
    const TimeZone::Local local = zone_.local(context.calendar());
    const auto now = local.time;
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::milliseconds>(now - day));
    static constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                           "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    context.print(
        fmt::format("{:02}:{:02}:{:02}.{:03} {} {} {} {} {}\n", time.hours().count(),
                    time.minutes().count(), time.seconds().count(), time.subseconds().count(),
                    local.name, kDays[std::chrono::weekday(day).c_encoding()],
                    kMonths[unsigned{date.month()} - 1], unsigned{date.day()}, int{date.year()}));
    if (arguments.has("detail")) context.print("No time source\n");
  }

  void set_clock(Context& context, const Arguments& arguments);
  void set_zone(Context& context, const Arguments& arguments);
  void clear_zone(Context& context, const Arguments& arguments);
  void set_yearly_summer(Context& context, const Arguments& arguments);
  void set_dated_summer(Context& context, const Arguments& arguments);
  void clear_summer(Context& context, const Arguments& arguments);
  void on_clock(Context& context, const Arguments& arguments);
  void on_power(Context& context, const Arguments& arguments);

  void move_clock(Context& context, SimDuration by) {
    clock_.offset += by;
    context.publish(ClockChanged{by});
  }

  void write_memory(Context& context, const Arguments&) {
    context.request(DeviceRequest::kSaveConfiguration);
  }

  void show_config(Context& context, const Arguments& arguments) {
    const auto* section = arguments.find<std::string>("section");
    const auto blocks = arrange_config(context.configuration());
    if (section != nullptr) {
      context.print(print_config(blocks, *section));
      return;
    }
    const Release& release = context.release();
    context.print(fmt::format(": Saved\n\n: \n: Hardware:   {}\n:\nASA Version {}.{}",
                              context.platform().hardware, release.major, release.minor));
    if (release.maintenance > 0) context.print(fmt::format("({})", release.maintenance));
    if (release.interim > 0) context.print(fmt::format("{}", release.interim));
    context.print(" \n" + print_config(blocks, {}));
    const std::uint64_t checksum = stable_hash(context.configuration());
    context.print(fmt::format("Cryptochecksum:{:016x}{:016x}\n: end\n", checksum,
                              stable_hash(context.configuration(), 1)));
  }

  void reload(Context& context, const Arguments&) { context.request(DeviceRequest::kReload); }

  Identity& identity_;
  Clock& clock_;
  TimeZone& zone_;
};

/// A number in digits, within bounds.
std::optional<std::uint64_t> number_of(std::string_view text, std::uint64_t low,
                                       std::uint64_t high) {
  const auto number = parse_field(FieldDef{.name = "number", .kind = FieldKind::kNumber}, text);
  if (!number) return std::nullopt;
  const auto value = std::get<std::uint64_t>(*number);
  return value >= low && value <= high ? std::optional(value) : std::nullopt;
}

/// The place of the name that `text` is or abbreviates with at least three letters.
template <std::size_t kCount>
std::optional<unsigned> place_of(std::string_view text,
                                 const std::array<std::string_view, kCount>& names) {
  const auto same = [](char given, char own) { return (given | 0x20) == own; };
  for (unsigned i = 0; i < kCount; ++i) {
    const std::string_view name = names.at(i);
    const bool fits = text.size() >= 3 && text.size() <= name.size();
    if (fits && std::equal(text.begin(), text.end(), name.begin(), same)) return i;
  }
  return std::nullopt;
}

/// `2 Sunday March 2:00`.
std::optional<TimeZone::YearlyDay> yearly_day(std::string_view week, std::string_view weekday,
                                              std::string_view month, std::string_view time) {
  static constexpr std::array<std::string_view, 7> kDays{
      "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  static constexpr std::array<std::string_view, 12> kMonths{
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  const auto number = week == "first"  ? std::optional<std::uint64_t>(1)
                      : week == "last" ? std::optional<std::uint64_t>(TimeZone::kLastWeek)
                                       : number_of(week, 1, TimeZone::kLastWeek - 1);
  const auto day = place_of(weekday, kDays);
  const auto place = place_of(month, kMonths);
  const auto clock = parse_clock(time, "jan", "1", 2000);
  if (!number || !day || !place || !clock) return std::nullopt;
  const auto since_midnight = *clock - std::chrono::floor<std::chrono::days>(*clock);
  return TimeZone::YearlyDay{
      .week = static_cast<unsigned>(*number),
      .weekday = *day,
      .month = *place + 1,
      .time = std::chrono::duration_cast<std::chrono::minutes>(since_midnight)};
}

void System::set_clock(Context& context, const Arguments& arguments) {
  const auto wanted = parse_clock(
      arguments.get<std::string>("time"), arguments.get<std::string>("first"),
      arguments.get<std::string>("second"), static_cast<int>(arguments.get<std::uint64_t>("year")));
  if (!wanted) {
    context.print("ERROR: Invalid time or date\n");
    return;
  }
  move_clock(context, zone_.to_utc(*wanted) - context.calendar());
}

/// Longer names of zones are cut: they stand in every EMBLEM line.
constexpr std::size_t kZoneMax = 32;

void System::set_zone(Context& context, const Arguments& arguments) {
  std::string_view text = arguments.get<std::string>("hours");
  const bool is_behind = text.starts_with('-');
  if (is_behind) text.remove_prefix(1);
  constexpr std::uint64_t kHoursMax = 14;
  const auto hours = number_of(text, 0, kHoursMax);
  if (!hours) {
    context.print("ERROR: Invalid offset from UTC\n");
    return;
  }
  const std::chrono::minutes ahead =
      std::chrono::hours(*hours) +
      std::chrono::minutes(arguments.get_or<std::uint64_t>("minutes", 0));
  zone_.set_standard(arguments.get<std::string>("zone").substr(0, kZoneMax),
                     is_behind ? -ahead : ahead);
  context.publish(TimeZoneChanged{});
}

void System::clear_zone(Context& context, const Arguments&) {
  zone_.set_standard("UTC", {});
  context.publish(TimeZoneChanged{});
}

void System::set_yearly_summer(Context& context, const Arguments& arguments) {
  TimeZone::SummerTime summer;
  summer.name = arguments.get<std::string>("zone").substr(0, kZoneMax);
  summer.ahead = std::chrono::minutes(arguments.get_or<std::uint64_t>("offset", 60));
  summer.first = {.week = 2, .weekday = 0, .month = 3, .time = std::chrono::hours(2)};
  summer.last = {.week = 1, .weekday = 0, .month = 11, .time = std::chrono::hours(2)};
  if (const auto* week = arguments.find<std::string>("week")) {
    const auto word = [&](std::string_view name) -> const std::string& {
      return arguments.get<std::string>(name);
    };
    const auto first = yearly_day(*week, word("weekday"), word("month"), word("time"));
    const auto last =
        yearly_day(word("last-week"), word("last-weekday"), word("last-month"), word("last-time"));
    if (!first || !last) {
      context.print("ERROR: Invalid week, weekday, month or time\n");
      return;
    }
    summer.first = *first;
    summer.last = *last;
  }
  zone_.set_summer(std::move(summer));
  context.publish(TimeZoneChanged{});
}

void System::set_dated_summer(Context& context, const Arguments& arguments) {
  const auto word = [&](std::string_view name) -> const std::string& {
    return arguments.get<std::string>(name);
  };
  const auto year = [&](std::string_view name) {
    return static_cast<int>(arguments.get<std::uint64_t>(name));
  };
  const auto begin = parse_clock(word("time"), word("first"), word("second"), year("year"));
  const auto end =
      parse_clock(word("last-time"), word("last-first"), word("last-second"), year("last-year"));
  if (!begin || !end || *end <= *begin) {
    context.print("ERROR: Invalid time or date\n");
    return;
  }
  TimeZone::SummerTime summer;
  summer.name = word("zone").substr(0, kZoneMax);
  summer.ahead = std::chrono::minutes(arguments.get_or<std::uint64_t>("offset", 60));
  summer.is_recurring = false;
  summer.begin = *begin;
  summer.end = *end;
  zone_.set_summer(std::move(summer));
  context.publish(TimeZoneChanged{});
}

void System::clear_summer(Context& context, const Arguments&) {
  zone_.set_summer(std::nullopt);
  context.publish(TimeZoneChanged{});
}

void System::on_clock(Context& context, const Arguments& arguments) {
  const auto by = arguments.get<SimDuration>("by");
  move_clock(context, arguments.get<std::string>("clock") == "back" ? -by : by);
}

void System::on_power(Context& context, const Arguments& arguments) {
  context.request(arguments.get<std::string>("power") == "on" ? DeviceRequest::kPowerOn
                                                              : DeviceRequest::kPowerOff);
}

}  // namespace

void register_system(Registry& registry);
void register_system(Registry& registry) {
  registry.add<System>("system");
}

}  // namespace asaemu
