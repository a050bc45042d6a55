// System: what is the device's own and no other subsystem's: name, modes, clock display, reload.
//
// Scope: hostname, domain-name, enable, configure terminal, exit, end, show clock, write memory,
//   show running-config, reload; the device's clock (`clock set`, the world event `clock`) and power (`power`).
// Limitations: a reload is silent (the boot messages 199xxx are not modelled) and takes the option
//   `boot-time`; no passwords and no privilege levels: every session may do everything; `reload` never
//   asks back.
//   The clock shows UTC. `show running-config` prints lines as they were typed and in the order in
//   which they first were, defaults left out; of a section that a subsystem shows itself, that one is
//   printed. The word `all` is not taken.
// State: the identity (two strings); the clock's offset, which a reload keeps.
// Validation: prompts, `write memory` and `show clock` against captured consoles (asa-behaviour G).
// References: asa-behaviour G.1, G.2.
#include "model/contract/declarations.hpp"
#include "model/state/device_state.hpp"
#include "model/state/running_config.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace asaemu {

namespace {

class System final : public Subsystem {
 public:
  explicit System(Claims& claims)
      : identity_(claims.own(&DeviceState::identity)), clock_(claims.own(&DeviceState::clock)) {}

  static void declare(Declarations<System>& declare) {
    declare.option(FieldDef{.name = "boot-time", .kind = FieldKind::kDuration}, "0:03:00",
                   "time a reload takes until the device forwards packets again (inferred)");
    declare.command<&System::enable>(kExecMode, "enable", "Turn on privileged commands");
    declare.exec<&System::configure>("configure terminal", "Enter configuration mode");
    declare.exec<&System::exit_session>("{exit|logout|quit}", "Leave the session");
    declare.exec<&System::show_clock>("show clock [detail]", "Show the device's clock");
    declare.exec<&System::set_clock>(
        "clock set <word:time> <word:first> <word:second> <number:year:1993-2200>",
        "Set the clock, in UTC: HH:MM:SS, then day and month in either order");
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
    declare.config<&System::set_domain>("domain-name <word:name>", "Set the domain name");
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

  void set_domain(Context&, const Arguments& arguments) {
    identity_.domain_name = arguments.get<std::string>("name");
  }

  void show_clock(Context& context, const Arguments& arguments) {
    const auto now = context.calendar();
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::milliseconds>(now - day));
    static constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                           "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    context.print(
        fmt::format("{:02}:{:02}:{:02}.{:03} UTC {} {} {} {}\n", time.hours().count(),
                    time.minutes().count(), time.seconds().count(), time.subseconds().count(),
                    kDays[std::chrono::weekday(day).c_encoding()],
                    kMonths[unsigned{date.month()} - 1], unsigned{date.day()}, int{date.year()}));
    if (arguments.has("detail")) context.print("No time source\n");
  }

  void set_clock(Context& context, const Arguments& arguments);
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
};

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};

/// A month by its name or at least its first three letters, 1 to 12; 0 if it is none.
unsigned month_of(std::string_view text) {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    const std::string_view name = kMonths.at(i);
    const bool fits = text.size() >= 3 && text.size() <= name.size();
    const auto same = [](char given, char own) { return (given | 0x20) == own; };
    if (fits && std::equal(text.begin(), text.end(), name.begin(), same)) return i + 1;
  }
  return 0;
}

void System::set_clock(Context& context, const Arguments& arguments) {
  const auto& first = arguments.get<std::string>("first");
  const auto& second = arguments.get<std::string>("second");
  const bool is_month_first = month_of(first) != 0;
  const unsigned month = month_of(is_month_first ? first : second);
  const std::string& day = is_month_first ? second : first;
  const auto text = fmt::format("{}-{:02}-{:0>2}T{:0>8}Z", arguments.get<std::uint64_t>("year"),
                                month, day, arguments.get<std::string>("time"));
  const auto wanted = parse_calendar(text);
  if (!wanted) {
    context.print("ERROR: Invalid time or date\n");
    return;
  }
  move_clock(context, *wanted - context.calendar());
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
